"""SQL that turns staged instants (as written, with or without offset) into UTC and the debtor's local time."""

from __future__ import annotations

from duewatch.contract.schema import SOURCE_TABLES, Column, Kind
from duewatch.ingest.build_connection import fill
from duewatch.ingest.cross_row_checks import zone_join


def timed_rows(name: str, *, local: tuple[str, ...] = (), upper: tuple[str, ...] = (), where: str = "true") -> str:
    """The valid rows of a table as a FROM item: every staged column, the keys of account, debtor and zone, and for
    each instant X `X_utc`; for those in `local` also `X_local` (null where the zone is unknown and an offset was
    given). `upper` instants are ends: a bare date means the following midnight. `where`: which rows."""
    table = SOURCE_TABLES[name]
    instants = [column for column in table.columns if column.kind in (Kind.INSTANT, Kind.MOMENT)]
    joins = [_wall_join(column, column.name in upper) for column in instants]
    joins += [_utc_join(column) for column in instants if column.name in local]
    values = [_utc_value(column, column.name in upper) for column in instants]
    values += [_local_value(column) for column in instants if column.name in local]
    source = fill(
        "(select v.*, {keys}, z.zone from valid_{t} v {zone} where {where})",
        t=name,
        zone=zone_join(table),
        keys=_keys(name),
        where=where,
    )
    return fill(
        "(select r.*, {values} from {source} r {joins})", values=", ".join(values), source=source, joins=" ".join(joins)
    )


def _keys(name: str) -> str:
    if name == "flags":
        return "z.debtor_key"
    return "k.account_key, z.debtor_key" if name == "contacts" else "z.account_key, z.debtor_key"


def _wall(column: Column, upper: bool) -> str:
    """Wall time as written; for the end of an interval, midnight after a bare date."""
    name = f'r."{column.name}"'
    if upper and column.kind is Kind.MOMENT:
        return f'({name} + case when r."{column.name}__is_date" then interval 1 day else interval 0 day end)'
    return name


def _instant(column: Column) -> str:
    return f'(r."{column.name}" - to_minutes(r."{column.name}__offset"))'


def _wall_join(column: Column, upper: bool) -> str:
    return fill(
        'left join zone_wall w_{c} on w_{c}.zone = r.zone and r."{c}__offset" is null '
        "and {wall} >= w_{c}.from_at and {wall} < w_{c}.to_at",
        c=column.name,
        wall=_wall(column, upper),
    )


def _utc_join(column: Column) -> str:
    return fill(
        'left join zone_utc u_{c} on u_{c}.zone = r.zone and r."{c}__offset" is not null '
        "and {utc} >= u_{c}.from_at and {utc} < u_{c}.to_at",
        c=column.name,
        utc=_instant(column),
    )


def _utc_value(column: Column, upper: bool) -> str:
    """With offset: exact. Wall time: by the zone (a bare date in a gap begins when the gap ends); without a zone
    the wall time itself stands."""
    return fill(
        'case when r."{c}__offset" is not null then {utc} when w_{c}.is_gap then w_{c}.gap_ends_utc '
        "else {wall} - to_seconds(coalesce(w_{c}.offset_seconds, 0)) end as {c}_utc",
        c=column.name,
        utc=_instant(column),
        wall=_wall(column, upper),
    )


def _local_value(column: Column) -> str:
    return fill(
        'case when r."{c}__offset" is null then r."{c}" else {utc} + to_seconds(u_{c}.offset_seconds) end as {c}_local',
        c=column.name,
        utc=_instant(column),
    )
