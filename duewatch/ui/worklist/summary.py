"""What must be done on the day after the data, who may be called about it, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from duewatch.compliance.process_rules import Process
from duewatch.contract.i18n import Words
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

BLOCKS = {
    "due": ("promise_due", "promise_unreminded"),
    "broken": ("promise_broken",),
    "disputes": ("dispute_late", "dispute_unacknowledged"),
    "crossing": ("crossing",),
    "untouched": ("untouched",),
}
"""Block of the page to the things (column `todo`) that stand in it."""
METRIC_OF = {block: f"todo_{block}" for block in BLOCKS}
COMMON = ("todo", "account_id", "product", "branch", "item_id", "days_past_due", "balance")
STOPS = ("cease_contact", "attorney", "deceased", "incapacitated")
"""Holds that keep an account closed even where no pack in use forbids the call; a dispute is its pack's affair."""
CLEARANCES = ("today", "later", "never", "held", "unknown", "not_asked")
CLOSED = ("later", "never", "held", "unknown")
"""Clearances of an account that may not be called on the day."""
TOLD = ("clearance", "next_at", "rule_title", "cite", "holds")
"""What is told of every row about contacting the account."""


@dataclass(frozen=True)
class Limits:
    """What a person sets on the page, in days."""

    crossing: int = 3
    untouched: int = 14
    broken: int = 1


def day_of_work(as_of: date) -> date:
    """Data is as at the end of a day; the list is worked on the next."""
    return as_of + timedelta(days=1)


def dispute_days(process: Process, on_day: date) -> dict[str, int]:
    """ack_days and answer_days as the process has them on a day; what it does not set keeps the query's own."""
    names = ("ack_days", "answer_days")
    in_force = [
        rule for rule in process.rules if rule.effective_from <= on_day and on_day <= (rule.effective_to or date.max)
    ]
    return {name: int(str(rule.values[name])) for rule in in_force for name in names if name in rule.values}


def blocks_of(
    promises: pl.DataFrame, disputes: pl.DataFrame, crossing: pl.DataFrame, untouched: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The queries' answers cut into the blocks of the page, each with its own columns."""
    frames = {"due": promises, "broken": promises, "disputes": disputes, "crossing": crossing, "untouched": untouched}
    return {block: frames[block].filter(pl.col("todo").is_in(todos)) for block, todos in BLOCKS.items()}


def things(blocks: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every thing to do: COMMON and `block`."""
    return pl.concat(
        [frame.select(COMMON).with_columns(pl.lit(block).alias("block")) for block, frame in blocks.items()]
    )


def accounts(items: pl.DataFrame) -> pl.DataFrame:
    """Each account once, with all that is to be done about it: the most things first, then the largest balance."""
    return (
        items.group_by("account_id", maintain_order=True)
        .agg(
            pl.col("todo").unique(maintain_order=True).alias("todos"),
            pl.len().cast(pl.Int64).alias("n_things"),
            pl.col("days_past_due").max(),
            pl.col("balance").max(),
            pl.col("product", "branch").first(),
        )
        .sort("n_things", "balance", "account_id", descending=[True, True, False], nulls_last=True)
    )


def cleared(rows: pl.DataFrame, call_times: pl.DataFrame, holds: pl.DataFrame) -> pl.DataFrame:
    """Rows by account with TOLD. `call_times`: next_times by call; `holds`: standing_holds. An account with a hold on
    file is `held` even where the packs allow a call; one that the rules were not asked about is `not_asked`."""
    kinds = holds.group_by("account_id", maintain_order=True).agg(
        pl.col("kind").unique(maintain_order=True).alias("holds")
    )
    clearances = call_times.select("account_id", "clearance", "next_at", "rule_title", "cite")
    joined = rows.join(clearances, on="account_id", how="left", maintain_order="left")
    joined = joined.join(kinds, on="account_id", how="left", maintain_order="left")
    is_stopped = pl.col("holds").list.set_intersection(list(STOPS)).list.len().fill_null(0) > 0
    is_open, clearance = pl.col("clearance") == "today", pl.col("clearance").fill_null("not_asked")
    is_held = is_stopped & is_open.fill_null(False)
    return joined.with_columns(
        pl.when(is_held).then(pl.lit("held")).otherwise(clearance).alias("clearance"),
        *(pl.when(~is_held).then(pl.col(name)).alias(name) for name in ("next_at", "rule_title", "cite")),
    )


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Accounts that may be called on the day before those that may not, otherwise as they stood."""
    order = pl.col("clearance").replace_strict({name: n for n, name in enumerate(CLEARANCES)}, return_dtype=pl.Int64)
    return rows.sort(order, maintain_order=True)


def clearance_counts(rows: pl.DataFrame) -> dict[str, int]:
    """Rows by clearance; every one of CLEARANCES has a number."""
    counts = dict(rows.group_by("clearance").len().iter_rows())
    return {name: int(counts.get(name, 0)) for name in CLEARANCES}


def n_closed(rows: pl.DataFrame) -> int:
    """Rows whose account may not be called on the day."""
    counts = clearance_counts(rows)
    return sum(counts[name] for name in CLOSED)


def headline(
    words: Words, numbers: Numbers, day: date, items: pl.DataFrame, rows: pl.DataFrame, *, is_asked: bool
) -> str:
    """How many things to do, for how many accounts, and how many of those may not be called."""
    values = {"day": numbers.day(day), "n": numbers.count(items.height), "accounts": numbers.count(rows.height)}
    if items.is_empty():
        return words("headline.worklist.none", **values)
    if not is_asked:
        return words("headline.worklist.asking", **values)
    n_closed_rows, n_not_asked = n_closed(rows), clearance_counts(rows)["not_asked"]
    values |= {"closed": numbers.count(n_closed_rows), "asked": numbers.count(rows.height - n_not_asked)}
    key = "part" if n_not_asked else "some" if n_closed_rows else "open"
    return words(f"headline.worklist.{key}", **values)


def tiles(words: Words, numbers: Numbers, blocks: Mapping[str, pl.DataFrame]) -> list[Tile]:
    """A tile a block."""
    notes = {
        "due": _due_note(words, numbers, blocks["due"]),
        "broken": words("worklist.note_broken", money=numbers.money(_sum(blocks["broken"], "promised"))),
        "disputes": words("worklist.note_disputes", **_counts(numbers, blocks["disputes"], BLOCKS["disputes"])),
        "crossing": _crossing_note(words, numbers, blocks["crossing"]),
        "untouched": _untouched_note(words, numbers, blocks["untouched"]),
    }
    return [Tile(METRIC_OF[block], numbers.count(blocks[block].height), note=note) for block, note in notes.items()]


def closed_tile(words: Words, numbers: Numbers, rows: pl.DataFrame) -> Tile:
    """Accounts of the list that may not be called on the day, by why not."""
    counts = clearance_counts(rows)
    parts = [
        words(f"worklist.closed_{name}", n=numbers.count(counts[name]))
        for name in (*CLOSED, "not_asked")
        if counts[name]
    ]
    counted_as = words("tile.counted", part=numbers.count(n_closed(rows)), whole=numbers.count(rows.height))
    note = " · ".join(parts) or words("worklist.closed_none")
    return Tile("todo_closed", numbers.count(n_closed(rows)), note=note, counted=counted_as)


def _due_note(words: Words, numbers: Numbers, frame: pl.DataFrame) -> str:
    money = numbers.money(_sum(frame, "promised"))
    if frame.height and frame["is_reminded"].null_count() == frame.height:
        return words("worklist.note_due_unknown", money=money)
    return words("worklist.note_due", money=money, n=numbers.count(frame.filter(~pl.col("is_reminded")).height))


def _crossing_note(words: Words, numbers: Numbers, frame: pl.DataFrame) -> str:
    first = numbers.count(frame.filter(pl.col("days_left") == 1).height)
    return words("worklist.note_crossing", money=numbers.money(_sum(frame, "balance")), n=first)


def _untouched_note(words: Words, numbers: Numbers, frame: pl.DataFrame) -> str:
    never = numbers.count(frame["last_on"].null_count())
    return words("worklist.note_untouched", money=numbers.money(_sum(frame, "balance")), n=never)


def _counts(numbers: Numbers, frame: pl.DataFrame, todos: tuple[str, ...]) -> dict[str, str]:
    return {todo: numbers.count(frame.filter(pl.col("todo") == todo).height) for todo in todos}


def _sum(frame: pl.DataFrame, column: str) -> Decimal:
    return sum((value for value in frame[column].to_list() if value is not None), Decimal(0))


def worded(words: Words, rows: pl.DataFrame) -> pl.DataFrame:
    """For the screen: lists of codes as text, times as the debtor's clock shows them."""
    lists = {"todos": "todo", "holds": "hold"}
    return rows.with_columns(
        *(_joined(words, rows, name, section) for name, section in lists.items() if name in rows.columns),
        pl.col("next_at").str.slice(0, 16).str.replace("T", " "),
    )


def _joined(words: Words, rows: pl.DataFrame, name: str, section: str) -> pl.Series:
    between = words("worklist.between")
    texts = [
        None if codes is None else between.join(words(f"{section}.{code}") for code in codes) for codes in rows[name]
    ]
    return pl.Series(name, texts, pl.String)


def by_clearance(blocks: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Of each block, things by clearance of their account: block and a number for each of CLEARANCES."""
    return [{"block": block, **clearance_counts(frame)} for block, frame in blocks.items()]


def chart_finding(words: Words, numbers: Numbers, blocks: Mapping[str, pl.DataFrame]) -> str:
    """Names the block with the most accounts that may not be called."""
    closed = {block: n_closed(frame) for block, frame in blocks.items()}
    worst = max(closed, key=lambda block: closed[block])
    if not closed[worst]:
        return words("worklist.chart_open")
    values = {"n": numbers.count(closed[worst]), "all": numbers.count(blocks[worst].height)}
    return words("worklist.chart_closed", block=words(f"worklist.block_{worst}"), **values)


def plan(rows: pl.DataFrame) -> pl.DataFrame:
    """Calls at the first allowed time of the day as a plan that `clear` reads: account_id, planned_at, channel."""
    calls = rows.filter(pl.col("clearance") == "today")
    return calls.select("account_id", pl.col("next_at").alias("planned_at"), pl.lit("call").alias("channel"))
