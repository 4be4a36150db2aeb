"""Sentences and tiles of the Promises page, computed from frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from duewatch.charts.shares import Share
from duewatch.contract.i18n import Words
from duewatch.metrics.decided_days import Window
from duewatch.metrics.intervals import Proportion, change_between
from duewatch.ui.parts.changes import with_change
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

STATES = ("pending", "kept", "partial", "broken", "withdrawn", "not_judged")


def proportion(ratio: pl.DataFrame) -> Proportion | None:
    """kept_ratio of one currency; None where nothing has matured."""
    if ratio.is_empty() or ratio["share_kept"][0] is None:
        return None
    row = ratio.row(0, named=True)
    return Proportion(row["share_kept"], row["share_kept_low"], row["share_kept_high"], row["n_matured"])


def headline(words: Words, numbers: Numbers, current: pl.DataFrame, before: pl.DataFrame, window: Window) -> str:
    """What was kept of what fell due, against the weeks before."""
    later, earlier = proportion(current), proportion(before)
    values = {"start": numbers.day(window.start), "end": numbers.day(window.end)}
    if later is None:
        return words("headline.promises.none", **values)
    values |= {
        "kept": numbers.count(current["n_kept"][0]),
        "n": numbers.count(later.n),
        "share": numbers.percent(later.share),
        "before": numbers.percent(earlier.share) if earlier else "",
    }
    change = change_between(earlier, later) if earlier else None
    direction = (
        "alone" if change is None else "same" if not change.is_evident else "more" if change.value > 0 else "less"
    )
    return words(f"headline.promises.{direction}", **values)


@dataclass(frozen=True)
class DueAnswers:
    """What the tiles rest on."""

    current: pl.DataFrame
    """kept_ratio of the due dates that are decided."""
    before: pl.DataFrame
    """kept_ratio of as many days before."""
    states: pl.DataFrame
    """promise_states of the due dates that are decided."""
    ahead: pl.DataFrame
    """promise_states of the due dates to come."""


def tiles(words: Words, numbers: Numbers, answers: DueAnswers, window: Window, trend: list[float]) -> list[Tile]:
    """Kept by count and by amount, broken money, and what is still to come."""
    current, before = answers.current, answers.before
    due_in = words("promises.due_in", start=window.start.isoformat(), end=window.end.isoformat())
    return [
        _kept_tile(words, numbers, current, before, trend),
        _amount_tile(words, numbers, current, before),
        _state_tile(words, numbers, "promises_broken", answers.states, "broken", due_in),
        _state_tile(words, numbers, "promises_pending", answers.ahead, "pending", words("promises.not_decided")),
    ]


def _kept_tile(words: Words, numbers: Numbers, current: pl.DataFrame, before: pl.DataFrame, trend: list[float]) -> Tile:
    later, earlier = proportion(current), proportion(before)
    if later is None:
        return Tile("kept_ratio", numbers.percent(None), note=words("promises.nothing_matured"))
    change = change_between(earlier, later) if earlier else None
    note = [
        words("tile.interval", interval=numbers.interval(later.low, later.high)),
        words("tile.n", n=numbers.count(later.n)),
    ]
    tile = Tile(
        "kept_ratio",
        numbers.percent(later.share),
        is_good_up=True,
        note=" · ".join(note),
        counted=words("tile.counted", part=numbers.count(current["n_kept"][0]), whole=numbers.count(later.n)),
        trend=trend,
        against=words("promises.against_before"),
    )
    return with_change(tile, numbers, change)


def _amount_tile(words: Words, numbers: Numbers, current: pl.DataFrame, before: pl.DataFrame) -> Tile:
    """By amount there is no interval, so its change is never coloured."""
    share = None if current.is_empty() else current["share_amount"][0]
    if share is None:
        return Tile("kept_amount", numbers.percent(None), note=words("promises.nothing_matured"))
    earlier = None if before.is_empty() else before["share_amount"][0]
    honoured = Decimal(str(share)) * Decimal(current["promised"][0])
    return Tile(
        "kept_amount",
        numbers.percent(share),
        numbers.points(share - earlier) if earlier is not None else "",
        None if earlier is None else share > earlier,
        is_good_up=True,
        against=words("promises.against_before"),
        note=f"{words('tile.n', n=numbers.count(current['n_matured'][0]))} · {words('tile.no_interval')}",
        counted=words("tile.counted", part=numbers.money(honoured), whole=numbers.exact_money(current["promised"][0])),
    )


def _state_tile(words: Words, numbers: Numbers, metric: str, states: pl.DataFrame, state: str, note: str) -> Tile:
    row = state_row(states, state)
    return Tile(
        metric,
        numbers.money(row["promised"]),
        note=f"{words('promises.n_promises', n=numbers.count(row['n_promises']))} · {note}",
        counted=words(
            "promises.counted_state",
            money=numbers.exact_money(row["promised"]),
            paid=numbers.exact_money(row["allocated"]),
        ),
    )


def state_row(states: pl.DataFrame, state: str) -> dict[str, Any]:
    """One state of promise_states; nothing promised where it has none."""
    rows = states.filter(pl.col("state") == state).to_dicts()
    return rows[0] if rows else {"n_promises": 0, "promised": Decimal(0), "allocated": Decimal(0)}


def week_points(weeks: pl.DataFrame) -> list[Share]:
    """The weeks that may be drawn: decided, and with promises."""
    rows = weeks.filter(pl.col("is_complete") & pl.col("share_kept").is_not_null()).sort("week")
    return [
        Share(
            row["week"].isoformat(), row["share_kept"], row["share_kept_low"], row["share_kept_high"], row["n_matured"]
        )
        for row in rows.iter_rows(named=True)
    ]


def reminder_points(words: Words, by_reminder: pl.DataFrame) -> list[Share]:
    return [
        Share(
            words("promises.reminded" if row["is_reminded"] else "promises.not_reminded"),
            row["share_kept"],
            row["share_kept_low"],
            row["share_kept_high"],
            row["n_matured"],
        )
        for row in by_reminder.iter_rows(named=True)
    ]


def reminder_finding(words: Words, numbers: Numbers, points: list[Share]) -> str:
    if len(points) < 2:
        return words("promises.reminder_title_one")
    without, reminded = (Proportion(point.share, point.low, point.high, point.n) for point in points)
    change = change_between(without, reminded)
    direction = "same" if not change.is_evident else "more" if change.value > 0 else "less"
    values = {"reminded": numbers.percent(reminded.share), "without": numbers.percent(without.share)}
    return words(f"promises.reminder_title_{direction}", **values)


def calendar_finding(words: Words, numbers: Numbers, calendar: pl.DataFrame, as_of: date) -> str:
    """What falls due from tomorrow on, and on which day most of it."""
    coming = calendar.filter((pl.col("state") == "pending") & (pl.col("due_on") > as_of))
    if coming.is_empty():
        return words("promises.calendar_title_none")
    by_day = coming.sort("promised", descending=True).row(0, named=True)
    return words(
        "promises.calendar_title",
        money=numbers.money(coming["promised"].sum()),
        day=numbers.day(by_day["due_on"]),
        most=numbers.money(by_day["promised"]),
        until=numbers.day(max(coming["due_on"].to_list())),
    )
