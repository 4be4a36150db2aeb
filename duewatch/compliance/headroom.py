"""Headroom: how much of each limit is used on a day, by whom, who must not be contacted, and from when there is room.

Judged over the whole log, so that a scope changes who is listed but never a count; then cut to the scope's accounts.
Each rule keeps its own rows. The strictest is a view over them (`strictest`): limits of two instruments count different
contacts and are never merged into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.clearance_answer import BINDING
from duewatch.compliance.compiled_rules import FOREVER, Compiled
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.rule_kinds import CountCap, ForbidWhen, QuietAfter, Spec
from duewatch.compliance.rule_verdicts import rules_in_use
from duewatch.contract.settings import Settings
from duewatch.engines.planned_contacts import PlannedContactTables
from duewatch.engines.query_files import query_file

LONGEST = {"day": 1, "week": 7, "month": 31}
LISTED_PERIODS = ("local_date", "day", "week", "month")
"""Periods of a quiet rule that have an end a list can name."""
COLUMNS: dict[str, Any] = {
    "rule_id": pl.String,
    "kind": pl.String,
    "modality": pl.String,
    "title_en": pl.String,
    "title_zh": pl.String,
    "debtor_key": pl.Int64,
    "account_key": pl.Int64,
    "used": pl.Int64,
    "unsure": pl.Int64,
    "limit_count": pl.Int64,
    "n_left": pl.Int64,
    "last_on": pl.Date,
    "frees_on": pl.Date,
    "trigger_id": pl.String,
}
"""One row per rule and debtor or debt. A quiet period that is running, or an order that stands, has no limit and
nothing left."""
QUERIES: dict[type[Spec], str] = {CountCap: "headroom", QuietAfter: "quiet_now", ForbidWhen: "standing_now"}


def headroom(
    book: Book,
    packs: Mapping[str, Pack],
    *,
    on_day: date,
    pack_ids: Sequence[str] = (),
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """COLUMNS for every limit, running quiet period and standing order of the rules in force on that day; whole log,
    whole book."""
    chosen = [
        compiled_rule
        for compiled_rule in rules_in_use(packs, pack_ids, settings)
        if _has_headroom(compiled_rule, on_day)
    ]
    with PlannedContactTables(book, settings) as tables:
        places = tables.contact_places()
        chosen = [compiled_rule for compiled_rule in chosen if compiled_rule.may_concern(places)]
        spans = [_days_back(compiled_rule) for compiled_rule in chosen]
        since = None if None in spans else on_day - timedelta(days=max((s for s in spans if s), default=1))
        tables.copy_recent(since, frozenset[str]().union(*(compiled_rule.needs_earlier for compiled_rule in chosen)))
        frames = [_rows(tables, compiled_rule, on_day) for compiled_rule in chosen]
    return pl.concat([pl.DataFrame(schema=COLUMNS), *frames], how="diagonal_relaxed").select(list(COLUMNS))


def within(rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The rows of the accounts in scope, with their ids. `places`: places_in_scope. A limit per debtor is listed where
    any of the debtor's accounts is in scope."""
    places = places.with_columns(pl.col("account_key", "debtor_key").cast(pl.Int64))
    debts, people = places.select("account_key", "account_id"), places.select("debtor_key", "debtor_id").unique()
    rows_in_scope = rows.join(people, on="debtor_key", how="inner").join(debts, on="account_key", how="left")
    return rows_in_scope.filter(pl.col("account_key").is_null() | pl.col("account_id").is_not_null())


def strictest(rows: pl.DataFrame) -> pl.DataFrame:
    """For each debtor the binding row with the least left, the one that holds longest where several are used up."""
    never = date(9999, 12, 31)
    return (
        rows.filter(pl.col("modality").is_in(BINDING))
        .sort("n_left", pl.col("frees_on").fill_null(never), "rule_id", descending=[False, True, False])
        .unique("debtor_key", keep="first", maintain_order=True)
    )


def utilisation(rows: pl.DataFrame, rule_id: str) -> pl.DataFrame:
    """How many debtors (or debts) have used 1, 2 ... contacts of one limit: used, n, limit_count."""
    counts = rows.filter(pl.col("rule_id") == rule_id).group_by("used", "limit_count").agg(pl.len().alias("n"))
    return counts.sort("used", "limit_count").with_columns(pl.col("n").cast(pl.Int64))


def _has_headroom(compiled_rule: Compiled, on_day: date) -> bool:
    rule = compiled_rule.rule
    if not rule.effective_from <= on_day <= (rule.effective_to or FOREVER):
        return False
    return isinstance(rule.spec, CountCap | ForbidWhen) or (
        isinstance(rule.spec, QuietAfter) and rule.spec.period.unit in LISTED_PERIODS
    )


def _days_back(compiled_rule: Compiled) -> int | None:
    """Days back that its contacts may matter; None: all."""
    spec = compiled_rule.rule.spec
    if isinstance(spec, ForbidWhen):
        return 1
    assert isinstance(spec, CountCap | QuietAfter)
    window = spec.window if isinstance(spec, CountCap) else spec.period
    return window.length if window.unit == "local_date" else LONGEST.get(window.unit)


def _rows(tables: PlannedContactTables, compiled_rule: Compiled, on_day: date) -> pl.DataFrame:
    is_cap = isinstance(compiled_rule.rule.spec, CountCap)
    query = query_file(f"compliance/{QUERIES[type(compiled_rule.rule.spec)]}")
    names = {param.name for param in query.params}
    values = {**compiled_rule.params, "on_day": on_day, "on_isodow": on_day.isoweekday()}
    frame = tables.rows(query.sql, query.bound({name: value for name, value in values.items() if name in names}))
    rule = compiled_rule.rule
    return frame.with_columns(
        pl.lit(rule.id).alias("rule_id"),
        pl.lit(rule.kind).alias("kind"),
        pl.lit(rule.modality).alias("modality"),
        pl.lit(rule.title_en).alias("title_en"),
        pl.lit(rule.title_zh).alias("title_zh"),
        *([] if is_cap else [pl.lit(0, pl.Int64).alias("n_left")]),
    )
