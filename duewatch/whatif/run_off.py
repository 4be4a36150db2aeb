"""The book run off from its snapshots: the months of history as moves, the fan, its backtest, and the lines of a
scenario. The chain itself is `projection.py`."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import numpy as np
import polars as pl

from duewatch.contract.months import month_days
from duewatch.engines import Ask
from duewatch.metrics.migration import Floats
from duewatch.reads import portfolio, whatif
from duewatch.whatif.projection import LEAST_MONTHS, Change, Moves, Path, Score, backtest, fan, moves_of
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

HORIZON, BACK = 12, 3
LEAST_COVERAGE, LARGEST_BIAS = 0.65, 0.05
"""The projection passes its backtest where its 80 % band covered at least that share of months and its bias was no
larger."""
AS_CLOSE = 1.02
"""A segment drawn to the whole book may be this much further off than the whole book's moves in its place: a thin
segment is nearly those."""
MEASURES = ("overdue", "collected", "written_off", "exited")
DAYS_KEPT = 13
"""Snapshots looked back on: a year of months."""


@dataclass(frozen=True)
class History:
    """Monthly snapshots of one currency, oldest first."""

    days: tuple[date, ...]
    starts: tuple[Floats, ...]  # balance by bucket on each day
    months: tuple[Moves, ...]  # the moves from each day to the next
    came: dict[tuple[int, int], float]  # (t, h): overdue balance, h snapshots later, of the accounts of snapshot t

    @property
    def is_long_enough(self) -> bool:
        return len(self.months) >= LEAST_MONTHS

    @property
    def why_too_short(self) -> str:
        n = len(self.days)
        return f"it takes {LEAST_MONTHS + 1} monthly snapshots and the book has {n}; load earlier ones"


@dataclass(frozen=True)
class Run:
    """A path with its bands (measure to band to month) under one change."""

    path: Path
    bands: dict[str, dict[str, Floats]]


@dataclass(frozen=True)
class Pairs:
    days: tuple[date, ...]
    buckets: tuple[str, ...]
    frames: dict[tuple[int, int], pl.DataFrame]
    """(t, h): `balance_moves` of one currency from snapshot t to snapshot t + h; the newest day with itself too."""


def pairs_of(ask: Ask, as_of: date | None, currency: str) -> Pairs:
    """The months that end at `as_of`; fewer where the snapshots stop being monthly."""
    known = [day for day in portfolio.snapshot_days(ask)["as_of"].to_list() if as_of and day <= as_of]
    days = _monthly(known, known[-1]) if known else []
    frames = {
        (t, h): _moves(ask, days[t], days[t + h], currency)
        for t in range(len(days))
        for h in range(BACK + 1)
        if t + h < len(days) and (h == 1 or (h > 1 and t >= LEAST_MONTHS) or (h == 0 and t == len(days) - 1))
    }
    return Pairs(tuple(days), tuple(portfolio.bucket_bounds(ask)["bucket"].to_list()), frames)


def history_from(pairs: Pairs, by: str = "", segment: str = "") -> History:
    """The history of one segment (`by`: product or branch), or of all."""
    frames = {pair: frame.filter(pl.col(by) == segment) if by else frame for pair, frame in pairs.frames.items()}
    buckets, last = list(pairs.buckets), len(pairs.days) - 1
    months = tuple(moves_of(frames[t, 1], buckets) for t in range(last))
    came = {pair: float(_overdue_after(frame, buckets)) for pair, frame in frames.items() if pair[1]}
    starts = [_balances(frames[t, 1 if t < last else 0], buckets) for t in range(last + 1)]
    return History(pairs.days, tuple(starts), months, came)


def history_of(ask: Ask, as_of: date | None, currency: str) -> History:
    """The whole book's months that end at `as_of`."""
    return history_from(pairs_of(ask, as_of, currency))


def _monthly(days: list[date], as_of: date) -> list[date]:
    """The newest days that lie a month apart, oldest first; none from before a month without a day."""
    standing = month_days(days, as_of)
    in_a_row = takewhile(lambda pair: pair[0] == pair[1], enumerate(standing))
    return [standing[back] for _, back in in_a_row][:DAYS_KEPT][::-1]


def _moves(ask: Ask, start: date, end: date, currency: str) -> pl.DataFrame:
    return whatif.balance_moves(ask, from_date=start, to_date=end).filter(pl.col("currency") == currency)


def _overdue_after(frame: pl.DataFrame, buckets: list[str]) -> float:
    return float(frame.filter(pl.col("to_state").is_in(buckets[1:]))["balance_to"].sum() or 0)


def _balances(frame: pl.DataFrame, buckets: list[str]) -> Floats:
    """Balance by bucket on the earlier day."""
    balances = dict(frame.group_by("from_bucket").agg(pl.col("balance_from").sum()).iter_rows())
    return np.array([float(balances.get(bucket) or 0) for bucket in buckets])


MULTIPLIERS = ("cure_times", "roll_times")


def change_of(scenario: Scenario) -> Change:
    cure, roll = (float(scenario.value(name) or 1.0) for name in MULTIPLIERS)
    by_bucket = sorted(
        (int(bucket.strip("M+")), float(levers.get("cure_times", cure)), float(levers.get("roll_times", roll)))
        for bucket, levers in scenario.by_bucket.items()
        if not levers.keys().isdisjoint(MULTIPLIERS)
    )
    return Change(cure, roll, tuple(by_bucket))


def run_of(history: History, change: Change, seed: int) -> Run:
    """HORIZON months from the newest snapshot on."""
    return Run(*fan(history.starts[-1], history.months, HORIZON, change=change, seed=seed))


def scores_of(history: History, seed: int) -> list[Score]:
    return backtest(history.months, history.starts, history.came, horizon=BACK, seed=seed)


def failing(scores: list[Score]) -> str:
    """Why the backtest does not bear the projection: a locale key's last part, or empty where it does."""
    chain, *simpler = scores
    if any(chain.wape > score.wape * (AS_CLOSE if score.way == "whole_book" else 1) for score in simpler):
        return "wape"
    if abs(chain.bias) > LARGEST_BIAS:
        return "bias"
    return "coverage" if chain.coverage is not None and chain.coverage < LEAST_COVERAGE else ""


def verdict(scores: list[Score]) -> str:
    """passed, what fails it, or not_assessable."""
    return (failing(scores) or "passed") if scores else "not_assessable"


def lines(ask: Ask, scenario: Scenario, as_of: date | None, currency: str) -> Iterator[Line]:
    """The book in HORIZON months, wherever a lever of the projection was set. L1: arithmetic on the multiplier given;
    nothing here says how it would be reached."""
    if not any(name.rpartition(".")[2] in MULTIPLIERS for name, _ in scenario.levers):
        return
    history = history_of(ask, as_of, currency)
    if not history.is_long_enough:
        why = history.why_too_short
        yield Line.refused(currency, f"overdue_in_{HORIZON}_months", "money", why, "short_history")
        return
    today, changed = (run_of(history, change, scenario.seed) for change in (Change(), change_of(scenario)))
    n = int(sum(month.counts.sum() for month in history.months))
    for name in MEASURES:
        values = at_horizon(today, name), at_horizon(changed, name)
        low, high = (float(changed.bands[name][limit][-1]) for limit in ("low_95", "high_95"))
        measure = f"{name}_in_{HORIZON}_months"
        yield Line(currency, measure, "money", "L1", *values, low, high, n=n, n_of="account_months")


def at_horizon(run: Run, measure: str) -> float:
    """A measure in the last month, of the pooled chances."""
    if measure == "overdue":
        return float(run.path.balances[-1, 1:].sum())
    return float(_flow(run, measure).sum())


def by_month(run: Run, measure: str) -> list[float]:
    """The measure at the end of each month to come; what flows is added up."""
    if measure == "overdue":
        return [float(value) for value in run.path.balances[1:, 1:].sum(axis=1)]
    return [float(value) for value in _flow(run, measure).cumsum()]


def _flow(run: Run, measure: str) -> Floats:
    """What is collected, written off or gone without a trace, by month."""
    flows: dict[str, Floats] = {
        "collected": run.path.collected,
        "written_off": run.path.written_off,
        "exited": run.path.exited,
    }
    return flows[measure]


def month_end(day: date, n: int) -> date:
    """The month-end n months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])
