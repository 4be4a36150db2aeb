"""Time zones as tables of intervals, so that wall time and UTC are joined, not computed row by row.

Made from the IANA data of Python's zoneinfo. In the autumn hour that happens twice the earlier instant is
taken; a wall time in the spring hour that never happens is marked as a gap.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl

from duewatch.contract.schema import SOURCE_TABLES, Kind
from duewatch.ingest.build_connection import BuildConnection, fill

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.datetime.min, dt.datetime.max.replace(microsecond=0)  # noqa: DTZ901 - wall and UTC columns are bare
SCANNED = (1900, 2100)
"""Years in which changes of offset are looked for; before and after, the nearest known offset counts."""
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "zone": pl.String,
    "from_at": pl.Datetime("us"),
    "to_at": pl.Datetime("us"),
    "offset_seconds": pl.Int32,
    "is_gap": pl.Boolean,
    "gap_ends_utc": pl.Datetime("us"),
}
Interval = tuple[str, dt.datetime, dt.datetime, int, bool, dt.datetime | None]


def add_zone_tables(build_db: BuildConnection, default_zone: str) -> None:
    """`zone_utc` and `zone_wall`: half-open intervals that cover all time, for every zone the debtors name."""
    build_db.run(
        "create table debtor_zones as select debtor_id, coalesce(trim(split_part(time_zone, '|', 1)), {default}) "
        "as zone from valid_debtors",
        default=f"'{default_zone}'" if default_zone else "null",
    )
    names = build_db.rows(
        "select distinct trim(unnest(string_split(time_zone, '|'))) as zone from valid_debtors "
        "where time_zone is not null"
    )["zone"].to_list()
    zones = sorted({*names, default_zone} - {""})
    first, last = _years(build_db)
    changes = {zone: offset_changes(zone, first, last) for zone in zones}
    utc = [row for zone in zones for row in utc_intervals(zone, changes[zone])]
    wall = [row for zone in zones for row in wall_intervals(zone, changes[zone])]
    build_db.keep_frame("zone_utc", pl.DataFrame(utc, SCHEMA, orient="row"))
    build_db.keep_frame("zone_wall", pl.DataFrame(wall, SCHEMA, orient="row"))
    for name in ("zone_utc", "zone_wall"):
        build_db.run("update {name} set to_at = 'infinity' where to_at = '{last}'", name=name, last=LAST)


def _years(build_db: BuildConnection) -> tuple[int, int]:
    """The span of years that the staged instants touch, within SCANNED."""
    spans = [
        fill('select min("{c}") as a, max("{c}") as b from staged_{t}', c=column.name, t=table.name)
        for table in SOURCE_TABLES.values()
        for column in table.columns
        if column.kind in (Kind.INSTANT, Kind.MOMENT)
    ]
    span = build_db.rows("select year(min(a)) as a, year(max(b)) as b from ({asked})", asked=" union all ".join(spans))
    first, last = span.row(0)
    return max(SCANNED[0], (first or 2000) - 1), min(SCANNED[1], (last or 2000) + 1)


@lru_cache(maxsize=1024)
def offset_changes(zone: str, first_year: int, last_year: int) -> tuple[tuple[dt.datetime, int], ...]:
    """(UTC instant from which it holds, offset in seconds), the first from the beginning of time."""
    info = ZoneInfo(zone)
    at, end = FIRST.replace(year=first_year), FIRST.replace(year=last_year + 1)
    changes = [(FIRST, _offset(info, at))]
    while at < end:
        if _offset(info, at + DAY) != changes[-1][1]:
            changes.append(_change(info, at, at + DAY))
        at += DAY
    return tuple(changes)


def _change(info: ZoneInfo, before: dt.datetime, after: dt.datetime) -> tuple[dt.datetime, int]:
    """The second at which the offset changes between two instants a day apart, by halving."""
    old, low, high = _offset(info, before), 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(info, before + dt.timedelta(seconds=middle)) == old else (low, middle)
    at = before + dt.timedelta(seconds=high)
    return at, _offset(info, at)


def _offset(info: ZoneInfo, utc: dt.datetime) -> int:
    offset = utc.replace(tzinfo=dt.UTC).astimezone(info).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def utc_intervals(zone: str, changes: tuple[tuple[dt.datetime, int], ...]) -> list[Interval]:
    ends = [*(at for at, _ in changes[1:]), LAST]
    return [(zone, at, end, offset, False, None) for (at, offset), end in zip(changes, ends, strict=True)]


def wall_intervals(zone: str, changes: tuple[tuple[dt.datetime, int], ...]) -> list[Interval]:
    """Wall time cut into intervals of one offset each; a gap row where the clocks went forward."""
    rows: list[Interval] = []
    start = FIRST
    for (_, offset), (at, new) in pairwise(changes):
        end = at + dt.timedelta(seconds=offset)
        rows.append((zone, start, end, offset, False, None))
        start = end
        if new > offset:
            start = at + dt.timedelta(seconds=new)
            rows.append((zone, end, start, offset, True, at))
    return [*rows, (zone, start, LAST, changes[-1][1], False, None)]
