"""Contacts in their order, with what a rule asks of them: persons, numbers, local time, agency, the debt's own words.

They are placed some accounts at a time: in one piece 22 million contacts would be sorted through dozens of gigabytes
on disk, since a row is wide."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from duewatch.contract.contact_points import one_form
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.build_connection import BuildConnection
from duewatch.ingest.instants import timed_rows

FULL = "'[+][1-9][0-9]{6,14}'"
"""A number in the international form (E.164)."""
PORTION = 5_000_000
"""Contacts placed together, as far as whole accounts allow. Each portion reads all staged contacts once more, so there
should be few; each is sorted through some 1.5 GB on disk for a million contacts, so it must not be all."""
TELLING = (
    "conversation",
    "third_party_answered",
    "wrong_number",
    "answered_dropped",
    "voicemail_left",
    "voicemail_no_message",
    "no_answer",
    "not_connected",
)
"""Outcomes of a call, the one first that tells most of it."""
OWN = ("account_id", "debtor_id", "contact_point", "started_at", "ended_at", "recorded_at")
"""Columns of the source that the book has under another name or as a key."""


def place_contacts(build_db: BuildConnection, duplicate_seconds: int) -> None:
    """Fills contacts, contact_zones and the contact points, from rows whose late checks are done."""
    _write_points_alike(build_db)
    _number_people(build_db)
    build_db.run(
        """create table midnight_files as
           select file_no from valid_contacts where not started_at__is_date
           group by file_no having count(*) > 1 and max(started_at::time) = time '00:00:00'"""
    )
    _agency_spells(build_db)
    public = [column for column in SOURCE_TABLES["contacts"].column_names if column not in OWN]
    for first, last, before in _portions(build_db):
        build_db.run(
            _PLACED,
            first=first,
            last=last,
            before=before,
            public=", ".join(f"t.{name}" for name in public),
            time_known="(not t.started_at__is_date and t.file_no not in (from midnight_files))",
            rows=timed_rows("contacts", local=("started_at",), where=f"k.account_key between {first} and {last}"),
        )
        build_db.run(_FURTHER_ZONES, before=before)
    if duplicate_seconds:
        build_db.run(_LOGGED_TWICE, seconds=duplicate_seconds, rank=_rank())
        build_db.run(_MARKED_TWICE)


def _rank() -> str:
    """SQL: how little a row's outcome tells."""
    steps = " ".join(f"when '{outcome}' then {number}" for number, outcome in enumerate(TELLING))
    return f"case outcome {steps} else {len(TELLING)} end"


def _portions(build_db: BuildConnection) -> Iterator[tuple[int, int, int]]:
    """First and last account_key of each portion, and how many contacts come before it."""
    portions = build_db.rows(
        """with counts as (
               select k.account_key, count(*) as n
               from valid_contacts v join account_keys k using (account_id) group by k.account_key),
           placed as (select account_key, n, sum(n) over (order by account_key) - n as before from counts)
           select min(account_key), max(account_key), min(before)::bigint
           from placed group by before // {portion} order by 1""",
        portion=PORTION,
    )
    yield from portions.iter_rows()


def midnight_rows(build_db: BuildConnection) -> int:
    """Contacts of files whose every time is 00:00:00: a day written as a time."""
    return build_db.count("select count(*) from valid_contacts where file_no in (from midnight_files)")


def _write_points_alike(build_db: BuildConnection) -> None:
    """`point_forms`: every number or address as written, by the country it is dialled in, and its one form. A number
    in the international form is that already."""
    build_db.run(
        """create table points_written as
           select distinct v.contact_point, k.dialled_in
           from valid_contacts v join account_keys k using (account_id) where v.contact_point is not null"""
    )
    other = build_db.rows("select * from points_written where not regexp_full_match(contact_point, {full})", full=FULL)
    forms = [(text, country, one_form(text, country or None)) for text, country in other.rows()]
    schema = dict.fromkeys(("contact_point", "dialled_in", "form"), pl.String)
    build_db.keep_frame("forms_found", pl.DataFrame(forms, schema, orient="row"))
    build_db.run(
        """create table point_forms as
           select w.*, coalesce(f.form, w.contact_point) as form
           from points_written w left join forms_found f using (contact_point, dialled_in)"""
    )


def _number_people(build_db: BuildConnection) -> None:
    """Persons: every debtor under the debtor's own key, then whoever else the log names."""
    build_db.run(
        """insert into personal.contact_points
           select (row_number() over (order by contact_point))::integer, contact_point
           from (select distinct form as contact_point from point_forms)"""
    )
    build_db.run(
        """create table person_keys as
           with named as (select distinct person_id from valid_contacts where person_id is not null),
           others as (from named where person_id not in (select debtor_id from debtor_keys))
           select person_id, ((select count(*) from debtor_keys)
                  + row_number() over (order by person_id))::integer as person_key from others
           union all
           select debtor_id, debtor_key from debtor_keys where debtor_id in (select person_id from named)"""
    )


def _agency_spells(build_db: BuildConnection) -> None:
    """Which agency an account was with: a call that comes in, or a message that a system sends, names no collector."""
    build_db.run(
        """create table agency_spells as
           select k.account_key, v.assigned_on, max(v.ended_on) as ended_on, max(w.agency_id) as agency_id
           from staged_assignments v join account_keys k using (account_id)
           left join book.collectors w using (collector_id)
           where v.assigned_on is not null
           group by k.account_key, v.assigned_on"""
    )


_PLACED = """
insert into book.contacts by name
select ({before} + row_number() over ())::integer as contact_key, * from (
    select t.account_key, t.debtor_key, coalesce(p.person_key, t.debtor_key) as person_key, {public},
           t.started_at_utc as started_at,
           coalesce(t.ended_at_utc, case when {time_known} then t.started_at_utc + to_seconds(t.duration_seconds) end)
               as ended_at,
           t.recorded_at_utc as recorded_at, {time_known} as time_known,
           c.contact_point_key, started_at_local::date as local_date, started_at_local::time as local_time,
           isodow(started_at_local) as local_isodow,
           case when t.started_at__offset is null
                then case when t.zone is null then 'wall_only' else 'wall' end
                else case when t.zone is null then 'missing' else 'zone' end end as zone_basis,
           case when t.party_role is null and coalesce(p.person_key, t.debtor_key) = t.debtor_key
                then 'debtor' else nullif(t.party_role, 'unknown') end as role,
           w.team,
           coalesce(
               t.agency_id, w.agency_id,
               case when t.collector_id is null and coalesce(t.started_at_local, t.started_at)::date
                   <= coalesce(g.ended_on, date '9999-12-31') then g.agency_id end
           ) as firm,
           a.creditor, a.currency, a.product, a.debt_type, a.region, a.region_code, a.countries, a.zones
    from {rows} t
    join account_keys a on a.account_key = t.account_key
    left join book.collectors w on w.collector_id = t.collector_id
    asof left join (from agency_spells where account_key between {first} and {last}) g
        on g.account_key = t.account_key and coalesce(t.started_at_local, t.started_at)::date >= g.assigned_on
    left join person_keys p on p.person_id = t.person_id
    left join point_forms f on f.contact_point = t.contact_point and f.dialled_in = a.dialled_in
    left join personal.contact_points c on c.contact_point = f.form
    order by t.account_key, t.started_at_utc, t.contact_id)
"""

_LOGGED_TWICE = """
create table logged_twice as
with nearby as (
    select contact_key, contact_id, account_key, debtor_key, person_key, direction, started_at, contact_point_key,
           collector_id, outcome,
           lag(started_at) over by_account as started_before, lag(contact_point_key) over by_account as point_before,
           lag(collector_id) over by_account as collector_before,
           lead(started_at) over by_account as started_after
    from book.contacts
    where channel = 'call' and time_known
    window by_account as (partition by account_key, debtor_key, person_key, direction order by started_at, contact_id)
),
close as (
    select *,
           started_at <= started_before + to_seconds({seconds})
           and coalesce(contact_point_key = point_before, point_before is not null or contact_point_key is not null)
           and coalesce(collector_id = collector_before, true) as is_again
    from nearby
    where started_at <= started_before + to_seconds({seconds}) or started_after <= started_at + to_seconds({seconds})
),
calls as (
    select *, count(*) filter (where not coalesce(is_again, false)) over (
        partition by account_key, debtor_key, person_key, direction
        order by started_at, contact_id rows unbounded preceding) as call_no
    from close
),
told as (
    select *, first_value(contact_id) over (
        partition by account_key, debtor_key, person_key, direction, call_no
        order by {rank}, started_at, contact_id) as told_by
    from calls
)
select contact_key, told_by from told where told_by <> contact_id
"""
"""Calls of one account, person and direction that began within the seconds of each other, by the same number as far as
it is known: one call. The row that knows most of its outcome tells of it; the others point there."""

_MARKED_TWICE = """
update book.contacts set duplicate_of = logged_twice.told_by
from logged_twice where book.contacts.contact_key = logged_twice.contact_key
"""

_FURTHER_ZONES = """
insert into book.contact_zones by name
select contact_key, account_key, time_zone, local::date as local_date, local::time as local_time,
       isodow(local) as local_isodow
from (select c.contact_key, c.account_key, z.zone as time_zone,
             c.started_at + to_seconds(u.offset_seconds) as local
      from book.contacts c join book.debtors d using (debtor_key)
      join debtor_zone_list z on z.debtor_id = d.debtor_id and z.zone_no > 1
      join zone_utc u on u.zone = z.zone and c.started_at >= u.from_at and c.started_at < u.to_at
      where c.zone_basis = 'zone' and c.contact_key > {before})
order by contact_key, time_zone
"""
"""Wall times in every further zone that a debtor may be in; a contact of unknown zone or of wall time only has none
(its wall time is the debtor's own, wherever that is)."""
