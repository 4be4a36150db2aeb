"""Sentences and tiles of the Recovery page, computed from frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean
from typing import Any

import polars as pl

from duewatch.charts.vintage import drawable, newest_cohort
from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Proportion, change_between
from duewatch.ui.parts.changes import with_change
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile


@dataclass(frozen=True)
class Step:
    """A period and the one before it."""

    start: date
    end: date
    now: dict[str, Any] | None
    """The row of recovery_share; None where nothing was overdue or known."""
    before: dict[str, Any] | None
    """The same of the period before."""


def collected_tile(words: Words, numbers: Numbers, step: Step) -> Tile:
    """The exact money collected, with its change in per cent of the period before."""
    if step.now is None:
        return Tile("collected", numbers.money(None))
    current, before = step.now["collected"], step.before["collected"] if step.before else None
    change = (current - before) / before if before else None
    return Tile(
        "collected",
        numbers.money(current),
        numbers.percent(change, signed=True) if change is not None else "",
        None if change is None or change == 0 else change > 0,
        is_good_up=True,
        against=words("recovery.against_before"),
        note=f"{words('tile.accounts', n=numbers.count(step.now['n_accounts']))} · {words('tile.no_interval')}",
        counted=words(
            "tile.counted", part=numbers.exact_money(current), whole=numbers.exact_money(step.now["overdue_balance"])
        ),
    )


def share_tile(words: Words, numbers: Numbers, step: Step) -> Tile:
    """Collected over overdue, with its limits and change."""
    current, before = _proportion(step.now), _proportion(step.before)
    if current is None or step.now is None:
        return Tile("recovery_share", numbers.percent(None))
    change = change_between(before, current) if before else None
    note = [
        words("tile.interval", interval=numbers.interval(current.low, current.high)),
        words("tile.n", n=numbers.count(current.n)),
    ]
    tile = Tile(
        "recovery_share",
        numbers.percent(current.share),
        is_good_up=True,
        note=" · ".join(note),
        against=words("recovery.against_before"),
        counted=words(
            "tile.counted",
            part=numbers.exact_money(step.now["collected"]),
            whole=numbers.exact_money(step.now["overdue_balance"]),
        ),
    )
    return with_change(tile, numbers, change)


def is_evident(step: Step) -> bool | None:
    """Whether the share moved beyond its limits; None where there is nothing to compare."""
    current, before = _proportion(step.now), _proportion(step.before)
    return change_between(before, current).is_evident if current and before else None


def _proportion(row: dict[str, Any] | None) -> Proportion | None:
    if row is None or row["share_collected"] is None or row["share_low"] is None:
        return None
    return Proportion(row["share_collected"], row["share_low"], row["share_high"], row["n_accounts"])


def headline(words: Words, numbers: Numbers, step: Step) -> str:
    """How much was collected of what, and whether that is another share than before."""
    if step.now is None:
        return words("guard.no_overdue", day=step.end)
    values = {
        "collected": numbers.money(step.now["collected"]),
        "overdue": numbers.money(step.now["overdue_balance"]),
        "share": numbers.percent(step.now["share_collected"]),
        "start": numbers.day(step.start + timedelta(days=1)),
        "end": numbers.day(step.end),
        "before": numbers.percent(step.before["share_collected"]) if step.before else "",
    }
    evident = is_evident(step)
    if evident is None or step.before is None:
        return words("headline.recovery.alone", **values)
    direction = (
        "same" if not evident else "more" if step.now["share_collected"] > step.before["share_collected"] else "less"
    )
    return words(f"headline.recovery.{direction}", **values)


COMPARED_AGE = 30
"""Days since entry at which cohorts are compared."""


def old_enough(curves: pl.DataFrame, age: int = COMPARED_AGE) -> pl.DataFrame:
    """The points of liquidation_curve at one age, oldest cohort first."""
    return drawable(curves, "share_collected").filter(pl.col("days_since_entry") == age).sort("cohort")


def newest_at(curves: pl.DataFrame, age: int = COMPARED_AGE) -> dict[str, Any] | None:
    """The point of the newest cohort that is old enough; None without one."""
    rows = old_enough(curves, age)
    return None if rows.is_empty() else rows.row(-1, named=True)


def liquidation_tile(words: Words, numbers: Numbers, curves: pl.DataFrame, age: int = COMPARED_AGE) -> Tile:
    """The newest cohort that is old enough, against the mean of those before it at the same age."""
    rows = old_enough(curves, age)
    if rows.is_empty():
        return Tile("liquidation", numbers.percent(None), note=words("recovery.no_cohort_yet", age=age))
    last = rows.row(-1, named=True)
    notes = [words("recovery.cohort_at", cohort=str(last["cohort"])[:7], age=age)]
    if rows.height > 1:
        notes.append(words("recovery.cohorts_before", usual=numbers.percent(mean(rows["share_collected"][:-1]))))
    return Tile(
        "liquidation",
        numbers.percent(last["share_collected"]),
        note=" · ".join(notes),
        counted=words(
            "tile.counted",
            part=numbers.exact_money(last["collected"]),
            whole=numbers.exact_money(last["entered_balance"]),
        ),
        trend=rows["share_collected"].to_list(),
    )


def expected_tile(words: Words, numbers: Numbers, expected: pl.DataFrame) -> Tile:
    """Collected less expected over the cohorts that have an expectation."""
    rows = expected.filter(pl.col("expected").is_not_null())
    if rows.is_empty():
        return Tile("expected_collections", numbers.money(None), note=words("recovery.no_expectation"))
    expected_sum, collected_sum = Decimal(rows["expected"].sum()), Decimal(rows["collected"].sum())
    gap = collected_sum - expected_sum
    return Tile(
        "expected_collections",
        numbers.money(expected_sum),
        note=words(
            "recovery.against", got=numbers.money(collected_sum), gap=numbers.money(gap, signed=True), n=rows.height
        ),
        counted=words(
            "recovery.counted_expected",
            got=numbers.exact_money(collected_sum),
            wanted=numbers.exact_money(expected_sum),
        ),
    )


def curve_finding(words: Words, numbers: Numbers, curves: pl.DataFrame, bucket: str) -> str | None:
    """The newest cohort against the older ones at the same age; None where nothing may be drawn."""
    rows = drawable(curves, "share_collected")
    newest = newest_cohort(rows)
    if newest is None or rows["days_since_entry"].max() == 0:
        return None
    last = rows.filter(pl.col("cohort") == newest).sort("days_since_entry").row(-1, named=True)
    age = last["days_since_entry"]
    older = rows.filter((pl.col("cohort") < newest) & (pl.col("days_since_entry") == age))
    values = {
        "newest": str(newest)[:7],
        "share": numbers.percent(last["share_collected"]),
        "age": age,
        "bucket": bucket,
    }
    if older.is_empty():
        return words("recovery.curve_title_short", **values)
    return words("recovery.curve_title", usual=numbers.percent(mean(older["share_collected"])), **values)


def bars_finding(words: Words, numbers: Numbers, by_bucket: pl.DataFrame) -> str:
    """The bucket that gave most money, and the share of it."""
    row = by_bucket.sort("collected", descending=True).row(0, named=True)
    return words(
        "recovery.bars_title",
        bucket=row["bucket"],
        collected=numbers.money(row["collected"]),
        share=numbers.percent(row["share_collected"]),
    )


def expected_finding(words: Words, numbers: Numbers, expected: pl.DataFrame) -> str:
    """The cohort furthest below what earlier ones gave, else that none is below."""
    rows = expected.filter(pl.col("shortfall") > 0).sort("shortfall", descending=True)
    if rows.is_empty():
        return words("recovery.expected_title_none")
    row = rows.row(0, named=True)
    return words(
        "recovery.expected_title",
        cohort=str(row["cohort"])[:7],
        shortfall=numbers.money(row["shortfall"]),
        expected=numbers.money(row["expected"]),
    )


PARTS = ("to_overdue", "to_current", "to_advance", "unassigned")


def split_finding(words: Words, numbers: Numbers, split: pl.DataFrame) -> str:
    """How much came in, and what it paid. `split`: split_by_state of one currency."""
    totals = {part: Decimal(split[part].sum()) for part in ("paid", *PARTS)}
    assigned = totals["paid"] - totals["unassigned"]
    shares = {part: numbers.percent(totals[part] / assigned if assigned else None) for part in PARTS[:3]}
    return words("recovery.split_title", paid=numbers.money(totals["paid"]), **shares)


def in_order(split: pl.DataFrame, buckets: list[str]) -> pl.DataFrame:
    """Buckets by age, then written off, paid off, and those that were not there yet."""
    order = {state: no for no, state in enumerate([*buckets, "written_off", "paid_off", "none"])}
    return split.with_columns(pl.col("state").replace_strict(order, default=99).alias("at")).sort("at").drop("at")
