"""Policy re-count: what another limit would have meant for the contacts that were made. Exact, on the log as it is.

Two numbers, never one: *breaches counted* are the contacts past the limit as history went; *contacts stopped* are those
that enforcing it would have held back, where a stopped contact does not count towards the next. Neither says what
would have been recovered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.books.published import Book
from duewatch.compliance.compiled_rules import FOREVER, Compiled, Values, compile_pack, unit_of
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.rule_kinds import CountCap, Window
from duewatch.compliance.rule_verdicts import NEVER, SECONDS, VERDICTS
from duewatch.contract.errors import RuleError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file, query_over

LARGEST_MAX, LONGEST_DAYS = 10, 30
"""The grid: 1 to 10 contacts in 1 to 30 dates."""
LONGEST_PERIOD = {"week": 6, "month": 30}
"""Days of a calendar period that can lie before its last one."""
MOST = 1_000
"""No limit above this is tried."""
_LONG_AGO = np.int64(-(2**40))
Days = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """At most `max_count` contacts within the window."""

    max_count: int
    window: Window


def cap_of(packs: Mapping[str, Pack], rule_id: str, settings: Settings, *, everywhere: bool = False) -> Compiled:
    """The newest version of a counting rule. `everywhere`: taken to bind every contact of the log, whatever the
    country, the day, and the lender. Raises RuleError naming the counting rules."""
    caps = [
        compiled_rule
        for pack in packs.values()
        for compiled_rule in compile_pack(pack, settings)
        if isinstance(compiled_rule.rule.spec, CountCap)
    ]
    versions = [compiled_rule for compiled_rule in caps if compiled_rule.rule.id == rule_id]
    if not versions:
        raise localised_error(
            RuleError,
            "no_counting_rule",
            name=rule_id,
            known=tuple(sorted({compiled_rule.rule.id for compiled_rule in caps})),
        )
    newest = max(versions, key=lambda compiled_rule: compiled_rule.rule.effective_from)
    return for_everybody(newest) if everywhere else newest


def for_everybody(compiled_rule: Compiled) -> Compiled:
    """The rule as if it bound every contact of the log."""
    anybody: Values = {
        "country": "",
        "currencies": "",
        "regions": "",
        "agencies_only": False,
        "products": "",
        "debt_types": "",
        "valid_from": NEVER,
        "valid_to": FOREVER,
    }
    return replace(compiled_rule, params={**compiled_rule.params, **anybody})


def limit_of(compiled_rule: Compiled, max_count: int | None = None, days: int | None = None) -> Limit:
    """The rule's own limit, or another number or another count of dates in its place. Raises RuleError."""
    spec = compiled_rule.rule.spec
    assert isinstance(spec, CountCap)
    for name, value, least in (("max", max_count, 0), ("days", days, 1)):
        if value is not None and not least <= value <= MOST:
            raise RuleError(f"{name} is {value}", where=compiled_rule.rule.id, next_step=f"give {least} to {MOST}")
    window = spec.window if days is None else Window("local_date", days)
    return Limit(spec.max if max_count is None else max_count, window)


def grid(
    book: Book,
    compiled_rule: Compiled,
    *,
    from_date: date | None = None,
    to_date: date | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """The gaps between contacts (`gap_counts`), from which `over_limits` reads every limit of the grid."""
    with _engine(book, settings) as engine:
        return _run_rule_query(
            engine, "compliance/gap_counts", compiled_rule, from_date=from_date or NEVER, to_date=to_date or FOREVER
        )


def over_limits(gaps: pl.DataFrame, *by: str) -> pl.DataFrame:
    """max_count, window_days, n_over (contacts past that limit), for all 300 limits and each value of `by`."""
    windows = pl.DataFrame({"window_days": range(1, LONGEST_DAYS + 1)}, schema={"window_days": pl.Int64})
    past = pl.when(pl.col("gap_days") < pl.col("window_days")).then(pl.col("n_contacts")).otherwise(0)
    counts = gaps.join(windows, how="cross").group_by(*by, "max_count", "window_days").agg(past.sum().alias("n_over"))
    return counts.sort(*by, "max_count", "window_days")


def replay_limit(
    book: Book,
    compiled_rule: Compiled,
    limit: Limit,
    *,
    from_date: date | None = None,
    to_date: date | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """Every counted contact of the period, with `is_over` (past the limit as history went) and `is_stopped` (held back
    had the limit been enforced from `from_date` on), beside the columns of counted_contacts. Contacts before
    `from_date` count as they were; the log is read from one window before it."""
    with _engine(book, settings) as engine:
        events = _run_rule_query(
            engine,
            "compliance/counted_contacts",
            compiled_rule,
            window_unit=unit_of(limit.window, "trailing"),
            from_date=since((limit.window,), from_date or NEVER),
            to_date=to_date or FOREVER,
        )
    width = limit.window.length if limit.window.unit == "local_date" else 1_000_000
    days = events["local_date"].to_physical().cast(pl.Int64).to_numpy()
    position = events["place"].to_numpy()
    begins = int(np.datetime64(from_date or NEVER, "D").astype(np.int64))
    return events.with_columns(
        pl.Series("is_over", counted_over(days, position, limit.max_count, width)),
        pl.Series("is_stopped", stopped(days, position, limit.max_count, width, begins)),
    ).filter(pl.col("local_date").is_between(from_date or NEVER, to_date or FOREVER))


def since(windows: Collection[Window], first: date) -> date:
    """A day before which nothing can fill a window that a contact of `first` or later stands in, nor one of the grid.
    A window without an end reaches back to the beginning."""
    units = {window.unit for window in windows}
    if not units <= {"local_date", "day", *LONGEST_PERIOD}:
        return NEVER
    lengths = [window.length for window in windows if window.unit == "local_date"]
    longest = max(LONGEST_DAYS, *lengths, *(LONGEST_PERIOD.get(unit, 0) for unit in units))
    return first - timedelta(days=min(longest, (first - NEVER).days))


def in_scope(rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Rows of the scope's accounts; `rows` has branch, product and currency."""
    for name, values in (("branch", scope.branches), ("product", scope.products), ("currency", scope.currencies)):
        if values is not None:
            rows = rows.filter(pl.col(name).is_in(values))
    return rows


def by_group(events: pl.DataFrame, *by: str) -> pl.DataFrame:
    """`by`, n_counted, n_over, n_stopped of replayed contacts."""
    sums = [pl.col(f"is_{name}").sum().cast(pl.Int64).alias(f"n_{name}") for name in ("over", "stopped")]
    return events.group_by(*by).agg(pl.len().cast(pl.Int64).alias("n_counted"), *sums).sort(*by, nulls_last=True)


def under_pack(
    book: Book,
    pack: Pack,
    *,
    from_date: date | None = None,
    to_date: date | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """History under another pack, as if its newest rules had bound every contact: rule_id, team, n_breach, n_unknown,
    n_exempt, n_ok, n_stopped. Of a limit, n_stopped is replayed; of any other rule it is the breaches."""
    newest = {
        compiled_rule.rule.id: compiled_rule
        for compiled_rule in sorted(compile_pack(pack, settings), key=lambda e: e.rule.effective_from)
    }
    rules = [for_everybody(compiled_rule) for compiled_rule in newest.values()]
    with _engine(book, settings) as engine:
        verdicts = pl.concat([_verdicts(engine, compiled_rule, from_date, to_date) for compiled_rule in rules])
    stops_by_team = [pl.DataFrame(schema={"rule_id": pl.String, "team": pl.String, "n_stopped": pl.Int64})]
    for compiled_rule in rules:
        if isinstance(compiled_rule.rule.spec, CountCap):
            events = replay_limit(
                book, compiled_rule, limit_of(compiled_rule), from_date=from_date, to_date=to_date, settings=settings
            )
            by_team = by_group(events, "team").with_columns(pl.lit(compiled_rule.rule.id).alias("rule_id"))
            stops_by_team.append(by_team.select("rule_id", "team", "n_stopped"))
    is_cap = pl.col("rule_id").is_in(
        [compiled_rule.rule.id for compiled_rule in rules if isinstance(compiled_rule.rule.spec, CountCap)]
    )
    stops = pl.when(is_cap).then(pl.col("n_stopped").fill_null(0)).otherwise(pl.col("n_breach"))
    joined = verdicts.join(pl.concat(stops_by_team), on=["rule_id", "team"], how="left", nulls_equal=True)
    return joined.with_columns(stops.alias("n_stopped")).sort("rule_id", "team")


def _verdicts(
    engine: DuckDBEngine, compiled_rule: Compiled, from_date: date | None, to_date: date | None
) -> pl.DataFrame:
    query = query_over("compliance/as_counts", verdicts=compiled_rule.query)
    counts = engine.run_query(query, {**compiled_rule.params, "rule_id": compiled_rule.rule.id}, WHOLE_BOOK)
    inside = pl.col("local_date").is_between(from_date or NEVER, to_date or FOREVER).fill_null(True)
    sums = [
        pl.col("n_contacts").filter(pl.col("verdict") == verdict).sum().cast(pl.Int64).alias(f"n_{verdict}")
        for verdict in VERDICTS
    ]
    return counts.filter(inside).group_by("rule_id", "team").agg(sums)


def counted_over(days: Days, position: Days, max_count: int, width: int) -> Marks:
    """Which contacts are past the limit. `days`: day numbers, `position`: 1 for the first of a scope, both in order of
    scope and time. One subtraction: the row `max_count` places back is the last that may stand outside the window."""
    marks = np.zeros(len(days), dtype=bool)
    if max_count == 0:
        return ~marks
    later, earlier = days[max_count:], days[:-max_count]
    marks[max_count:] = (position[max_count:] > max_count) & (later - earlier < width)
    return marks


def stopped(days: Days, position: Days, max_count: int, width: int, begins: int) -> Marks:
    """Which contacts enforcing the limit from day `begins` would have stopped; a stopped one does not count.

    One round a place: the k-th contacts of all scopes at once, each beside the last `max_count` that were let through,
    kept in a ring. Memory: scopes times max_count.
    """
    marks = np.zeros(len(days), dtype=bool)
    if max_count == 0:
        return days >= begins
    starts = np.flatnonzero(position == 1)
    lengths = np.diff(np.append(starts, len(days)))
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    ring = np.full((len(starts), max_count), _LONG_AGO)
    head = np.zeros(len(starts), dtype=np.int64)
    for k in range(int(lengths[0]) if len(lengths) else 0):
        live = np.arange(np.searchsorted(-lengths, -k, side="left"))
        at = starts[live] + k
        day = days[at]
        stop = (day - ring[live, head[live]] < width) & (day >= begins)
        marks[at[stop]] = True
        allowed = live[~stop]
        ring[allowed, head[allowed]] = day[~stop]
        head[allowed] = (head[allowed] + 1) % max_count
    return marks


@contextmanager
def _engine(book: Book, settings: Settings) -> Iterator[DuckDBEngine]:
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:
        yield engine


def _run_rule_query(engine: DuckDBEngine, name: str, compiled_rule: Compiled, **extra_params: Any) -> pl.DataFrame:
    query = query_file(name)
    values = {**compiled_rule.params, **extra_params}
    params = {param.name: values[param.name] for param in query.params}
    return engine.run_query(query, params, WHOLE_BOOK)
