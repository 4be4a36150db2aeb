"""Where a debtor is: the countries of the time zones, the region's code, the country whose numbers are dialled bare.

How the law of a place finds the debtors it protects. What a source does not say is not made up: a currency tells the
country only where neither zones nor region do, and then each rule says so."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from duewatch.compliance.debtor_countries import countries_of_money, dialled_in
from duewatch.compliance.pack_types import Pack, region_names
from duewatch.contract.countries import country_of, known_name
from duewatch.contract.regions import region_code
from duewatch.ingest.build_connection import BuildConnection


def add_debtor_places(build_db: BuildConnection, default_zone: str, packs: Collection[Pack]) -> None:
    """`debtor_zone_list`: debtor_id, zone, zone_no (1: the zone that dates are told in); and `debtor_places`:
    debtor_id, countries and zones as |US|CA|, region_code, dialled_in."""
    build_db.run(
        """create table debtor_zone_list as
           with named as (select debtor_id, string_split(coalesce(nullif(trim(time_zone), ''), {default}), '|') as zones
                          from known_debtors)
           select debtor_id, trim(unnest(zones)) as zone, unnest(range(1, len(zones) + 1)) as zone_no
           from named where zones is not null""",
        default=f"'{default_zone}'" if default_zone else "cast(null as varchar)",
    )
    zones = build_db.rows("select distinct zone from debtor_zone_list order by zone")["zone"].to_list()
    rows = [(zone, known_name(zone), country_of(zone)) for zone in zones]
    build_db.keep_frame(
        "zone_places", pl.DataFrame(rows, dict.fromkeys(("zone", "name", "country"), pl.String), orient="row")
    )
    build_db.run(_TOLD)
    told = build_db.rows("select distinct region, countries, first_country, currencies from debtors_told").rows()
    placed = [
        (region, countries, first, money, *_place(region, countries, first, money, packs))
        for region, countries, first, money in told
    ]
    names = ("region", "countries", "first_country", "currencies", "region_code", "all_countries", "dialled_in")
    build_db.keep_frame("told_places", pl.DataFrame(placed, dict.fromkeys(names, pl.String), orient="row"))
    build_db.run(_PLACES)


def _place(
    region: str | None, countries: str | None, first: str | None, currencies: str | None, packs: Collection[Pack]
) -> tuple[str | None, str | None, str | None]:
    """Region code, countries and the country of bare numbers."""
    money = (currencies or "").split("|")
    plausible = countries.strip("|").split("|") if countries else countries_of_money(money, packs)
    code = region_code(region, plausible, region_names(packs))
    if code is None and not countries:  # money says little of a place: a region of another country says more
        code = region_code(region, {pack.jurisdiction for pack in packs} - {""}, region_names(packs))
    held = countries or (f"|{code.split('-')[0]}|" if code else None)
    return code, held, dialled_in(first, code, money, packs)


_TOLD = """
create table debtors_told as
select d.debtor_id, d.region, z.countries, z.zones, z.first_country, m.currencies
from known_debtors d
left join (
    select debtor_id, '|' || string_agg(distinct p.country, '|' order by p.country) || '|' as countries,
           '|' || string_agg(p.name, '|' order by l.zone_no) || '|' as zones,
           arg_min(p.country, l.zone_no) as first_country
    from debtor_zone_list l join zone_places p using (zone) group by debtor_id
) z using (debtor_id)
left join (
    select debtor_id, string_agg(distinct currency, '|' order by currency) as currencies
    from staged_accounts group by debtor_id
) m using (debtor_id)
"""
_PLACES = """
create table debtor_places as
select t.debtor_id, p.all_countries as countries, t.zones, p.region_code, p.dialled_in
from debtors_told t
join told_places p
    on t.region is not distinct from p.region and t.countries is not distinct from p.countries
    and t.first_country is not distinct from p.first_country and t.currencies is not distinct from p.currencies
"""
