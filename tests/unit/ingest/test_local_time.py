"""Instants, wall times and bare dates in the debtor's zone, held against zoneinfo."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.ingest.local_time import offset_changes, utc_intervals, wall_intervals
from tests.unit.ingest.conftest import ACCOUNTS, Source

CONTACTS = "contact_id,account_id,started_at,channel,direction,outcome\n"
ZONES = ("America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Shanghai", "Africa/Casablanca")

SPAN = (dt.datetime.fromisoformat("2019-01-01"), dt.datetime.fromisoformat("2026-12-31"))
"""Bare: read as UTC in one half of the test and as wall time in the other."""


def load(source: Source, zone: str, *instants: str) -> None:
    source.write("debtors.csv", f"debtor_id,time_zone\nD1,{zone}\n")
    rows = "".join(f"C{n},A1,{text},call,out,no_answer\n" for n, text in enumerate(instants))
    source.write("contacts.csv", CONTACTS + rows)
    source.load()


INSTANTS = [
    ("Asia/Shanghai", "2025-03-01T23:30:00Z", "2025-03-01 23:30:00", "2025-03-02 07:30:00", 7, "zone"),
    ("Asia/Shanghai", "2025-03-01 07:30", "2025-02-28 23:30:00", "2025-03-01 07:30:00", 6, "wall"),
    ("America/New_York", "2025-07-01T12:00:00.5-0700", "2025-07-01 19:00:00.5", "2025-07-01 15:00:00.5", 2, "zone"),
    ("America/New_York", "2025-11-02 01:30:00", "2025-11-02 05:30:00", "2025-11-02 01:30:00", 7, "wall"),
    ("Asia/Tokyo|Asia/Shanghai", "2025-03-01T23:30:00Z", "2025-03-01 23:30:00", "2025-03-02 08:30:00", 7, "zone"),
    ("", "2025-03-01 07:30:00", "2025-03-01 07:30:00", "2025-03-01 07:30:00", 6, "wall_only"),
    ("", "2025-03-01T07:30:00+08:00", "2025-02-28 23:30:00", "None None", None, "missing"),
]
"""Zone, as written; then UTC, local day and time, weekday, basis."""


def test_an_instant_becomes_utc_and_the_debtors_local_time(source: Source) -> None:
    """Each is the one contact of a debtor of its own."""
    numbers = range(len(INSTANTS))
    source.write("accounts.csv", ACCOUNTS + "".join(f"A{n},D{n},card,CNY,2025-01-10,1.00\n" for n in numbers))
    source.write("debtors.csv", "debtor_id,time_zone\n" + "".join(f"D{n},{INSTANTS[n][0]}\n" for n in numbers))
    rows = "".join(f"C{n},A{n},{INSTANTS[n][1]},call,out,no_answer\n" for n in numbers)
    source.write("contacts.csv", CONTACTS + rows)
    source.load()
    found = source.ask(
        "select started_at::varchar, local_date, local_time::varchar, local_isodow, zone_basis from contacts "
        "order by contact_id"
    )
    told = [(at, f"{day} {time}", isodow, basis) for at, day, time, isodow, basis in found]
    assert told == [each[2:] for each in INSTANTS]


def test_a_wall_time_that_the_clocks_skipped_is_rejected(source: Source) -> None:
    load(source, "America/New_York", "2025-03-09 02:30:00", "2025-03-09 03:00:00")
    assert source.reasons() == [(2, "started_at", "no_such_local_time")]


def test_the_autumn_hour_is_noted(source: Source) -> None:
    source.write("debtors.csv", "debtor_id,time_zone\nD1,America/New_York\n")
    source.write("contacts.csv", CONTACTS + "C1,A1,2025-11-02 01:30:00,call,out,no_answer\n")
    assert source.notes() == ("wall times of contacts that came twice in autumn, the earlier taken: 1",)


def test_a_bare_last_day_of_a_flag_is_included(source: Source) -> None:
    source.write("debtors.csv", "debtor_id,time_zone\nD1,Asia/Shanghai\n")
    source.write(
        "flags.csv",
        "flag_id,debtor_id,kind,from,to\nF1,D1,attorney,2025-03-01,2025-03-31\n"
        "F2,D1,dispute,2025-03-01T09:00:00+08:00,2025-04-01T00:00:00+08:00\nF3,D1,hardship,2025-03-01,9999-12-31\n",
    )
    source.load()
    assert source.ask(
        "select valid_from::varchar, valid_to::varchar, valid_from_on::varchar, valid_to_on::varchar "
        "from flags where flag_id < 'F3' order by flag_id"
    ) == [
        ("2025-02-28 16:00:00", "2025-03-31 16:00:00", "2025-03-01", "2025-03-31"),
        ("2025-03-01 01:00:00", "2025-03-31 16:00:00", "2025-03-01", "2025-03-31"),
    ]
    assert source.ask("select valid_to_on::varchar from flags where flag_id = 'F3'") == [("9999-12-31",)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(*SPAN))
def test_the_interval_tables_agree_with_zoneinfo(zone: str, moment: dt.datetime) -> None:
    changes, info = offset_changes(zone, 2018, 2027), ZoneInfo(zone)
    (utc,) = [row for row in utc_intervals(zone, changes) if row[1] <= moment < row[2]]
    expected = moment.replace(tzinfo=dt.UTC).astimezone(info).utcoffset()
    assert dt.timedelta(seconds=utc[3]) == expected
    (wall,) = [row for row in wall_intervals(zone, changes) if row[1] <= moment < row[2]]
    as_utc = moment.replace(tzinfo=info).astimezone(dt.UTC)
    exists = as_utc.astimezone(info).replace(tzinfo=None) == moment
    assert wall[4] is not exists
    if exists:
        assert moment - dt.timedelta(seconds=wall[3]) == as_utc.replace(tzinfo=None)
