"""Which country a time zone lies in: how the law of a place finds the debtors it protects."""

from __future__ import annotations

import polars as pl

from duewatch.contract.countries import country_of
from duewatch.ingest.build_connection import BuildConnection


def add_debtor_zones(build_db: BuildConnection, default_zone: str) -> None:
    """`debtor_zone_list`: debtor_id, zone, zone_no (1: the zone that dates are told in); and `debtor_countries`:
    debtor_id, countries as |US|CA|, for debtors whose zones lie in a known country."""
    build_db.run(
        """create table debtor_zone_list as
           with named as (select debtor_id, string_split(coalesce(nullif(trim(time_zone), ''), {default}), '|') as zones
                          from known_debtors)
           select debtor_id, trim(unnest(zones)) as zone, unnest(range(1, len(zones) + 1)) as zone_no
           from named where zones is not null""",
        default=f"'{default_zone}'" if default_zone else "cast(null as varchar)",
    )
    zones = build_db.rows("select distinct zone from debtor_zone_list order by zone")["zone"].to_list()
    rows = [(zone, country) for zone in zones if (country := country_of(zone))]
    schema = {"zone": pl.String, "country": pl.String}
    build_db.keep_frame("zone_countries", pl.DataFrame(rows, schema, orient="row"))
    build_db.run(
        """create table debtor_countries as
           select debtor_id, '|' || string_agg(country, '|' order by country) || '|' as countries
           from (select distinct debtor_id, country from debtor_zone_list join zone_countries using (zone))
           group by debtor_id"""
    )
