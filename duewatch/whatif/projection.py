"""The book run off: where the balances of one day go month by month, from the moves of the months before.

A Markov chain of aging buckets, first order, balance-weighted, one chain a segment. New lending is left out: it is the
accounts of one day that are followed. The band comes from drawing the months to come from those of history and,
within each, the accounts' moves (Dirichlet-multinomial): it holds sampling and the change between months, not a change
of regime.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from duewatch.metrics import migration
from duewatch.metrics.migration import GONE, Floats

LEAST_MONTHS = 3
"""Pairs of snapshots below which nothing is projected."""
DRAWS = 400
BANDS = {"low_95": 0.025, "low_80": 0.1, "middle": 0.5, "high_80": 0.9, "high_95": 0.975}


@dataclass(frozen=True)
class Moves:
    """One month's moves of one segment, from bucket by to state (the buckets, then GONE)."""

    counts: Floats  # accounts
    weights: Floats  # their balance before
    carried: Floats  # balance after by balance before, 0 where there is none


@dataclass(frozen=True)
class Change:
    """Multipliers of the chances to move."""

    cure: float = 1.0  # to a better bucket, or paid off
    roll: float = 1.0  # to a worse bucket, or written off
    by_bucket: tuple[tuple[int, float, float], ...] = ()
    """Number of a bucket, cure and roll, where it has multipliers of its own."""

    def of(self, bucket: int) -> tuple[float, float]:
        """Cure and roll of the bucket of that number."""
        return next(((cure, roll) for number, cure, roll in self.by_bucket if number == bucket), (self.cure, self.roll))


@dataclass(frozen=True)
class Path:
    balances: Floats  # months (0: the start) by bucket
    collected: Floats  # by month, from month 1
    written_off: Floats  # by month, from month 1
    exited: Floats  # by month, from month 1: left the book without a trace


def moves_of(frame: pl.DataFrame, buckets: Sequence[str]) -> Moves:
    """One month of `balance_moves`, of one segment, as arrays."""
    states = [*buckets, *GONE]
    shape = (len(buckets), len(states))
    counts, before, after = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row in frame.iter_rows(named=True):
        cell = buckets.index(row["from_bucket"]), states.index(row["to_state"])
        counts[cell] += row["n_accounts"]
        before[cell] += float(row["balance_from"])
        after[cell] += float(row["balance_to"])
    return Moves(counts, before, ratio(after, before))


def pool_moves(months: Sequence[Moves]) -> tuple[Floats, Floats]:
    """Chance of each move by balance, and what share of the balance is carried along, over several months. A bucket
    that no month had stays where it is."""
    weights = sum((month.weights for month in months), np.zeros_like(months[0].weights))
    after = sum((month.weights * month.carried for month in months), np.zeros_like(weights))
    return _rows_to_one(weights), ratio(after, weights)


def ratio(part: Floats, whole: Floats) -> Floats:
    """0 where the whole is 0."""
    ratios = np.zeros(part.shape, dtype=np.float64)
    np.divide(part, whole, out=ratios, where=whole > 0)
    return ratios


def _rows_to_one(weights: Floats) -> Floats:
    shares = migration.chances(weights)
    for bucket in np.flatnonzero(weights.sum(axis=1) == 0):
        shares[bucket, bucket] = 1.0
    return shares


def with_change(chances: Floats, change: Change) -> Floats:
    """The chances with cure and roll multiplied; what is gained or lost comes from the moves in between. Where both
    would take more than everything they share it in proportion. Any number of tables at once: bucket by state last."""
    if change == Change():
        return chances  # exactly: an unchanged scenario equals today
    n = chances.shape[-2]
    result = chances.copy()
    for bucket in range(1, n):
        better = np.array([*range(bucket), n + GONE.index("paid_off")])
        worse = np.array([*range(bucket + 1, n), n + GONE.index("written_off")])
        cure, roll = change.of(bucket)
        if (cure, roll) == (1.0, 1.0):
            continue  # exactly: an unchanged bucket moves as today
        result[..., bucket, better] *= cure
        result[..., bucket, worse] *= roll
        away = np.concatenate([better, worse])
        rest = np.setdiff1d(np.arange(chances.shape[-1]), away)
        moved_share, before = result[..., bucket, away].sum(axis=-1), chances[..., bucket, rest].sum(axis=-1)
        result[..., bucket, away] /= np.maximum(moved_share, 1.0)[..., None]
        staying = np.maximum(1.0 - moved_share, 0.0)
        result[..., bucket, rest] *= ratio(staying, before)[..., None]
        result[..., bucket, bucket] += np.where(before > 0, 0.0, staying)
    return result


def path(start: Floats, chances: Floats, carried: Floats, months: int) -> Path:
    """`start`: balance by bucket. Collected is what is no longer carried of moves other than a write-off or an exit
    without a trace: payments less interest and fees that were added. What exits is a measure of its own: nobody
    knows what became of it."""
    n = len(start)
    lost, untold = n + GONE.index("written_off"), n + GONE.index("exit")
    balances, collected, written_off, exited = [start], [], [], []
    for _ in range(months):
        sent = balances[-1][:, None] * chances
        carried_on = sent * carried
        balances.append(carried_on[:, :n].sum(axis=0))
        written_off.append(sent[:, lost].sum())
        exited.append(sent[:, untold].sum())
        collected.append(sent.sum() - sent[:, [lost, untold]].sum() - carried_on[:, :n].sum())
    return Path(np.array(balances), np.array(collected), np.array(written_off), np.array(exited))


def draw_futures(
    months: Sequence[Moves],
    horizon: int,
    draws: int,
    generator: np.random.Generator,
    own_generator: np.random.Generator | None = None,
) -> tuple[Floats, Floats]:
    """Futures that could be: chances and what is carried, by draw, month to come, bucket and state. Each draw has a
    history of its own (the months with replacement). Each month to come is one month of it, and in that the accounts'
    moves are drawn anew, by `own_generator` where it is given: parts of a book share their months and not their
    accounts. A bucket that a month had nobody in moves as it did over all months."""
    counts, weights, carried = (np.array([getattr(month, name) for month in months]) for name in _PARTS)
    history = generator.integers(0, len(months), (draws, len(months)))
    picked = np.take_along_axis(history, generator.integers(0, len(months), (draws, horizon)), axis=1)
    shares = (own_generator or generator).standard_gamma(counts[picked] + 1e-9)
    redrawn = shares * ratio(weights, counts)[picked]
    totals = redrawn.sum(axis=-1, keepdims=True)
    usual, usually_carried = pool_moves(months)
    is_empty = counts[picked].sum(axis=-1, keepdims=True) * totals <= 0
    chances = np.where(is_empty, usual, ratio(redrawn, np.broadcast_to(totals, redrawn.shape)))
    return chances, np.where(is_empty, usually_carried, carried[picked])


_PARTS = ("counts", "weights", "carried")


def fan(
    start: Floats,
    months: Sequence[Moves],
    horizon: int,
    *,
    change: Change = Change(),
    seed: int = 1,
    draws: int = DRAWS,
) -> tuple[Path, dict[str, dict[str, Floats]]]:
    """The path of the pooled chances, and bands by month of the overdue balance (M1 and later), and of what is
    collected, written off and gone without a trace by then. Same seed, same bands; a change draws the same futures as
    no change does."""
    pooled_chances, pooled_carried = pool_moves(months)
    centre = path(start, with_change(pooled_chances, change), pooled_carried, horizon)
    chances, carried = draw_futures(months, horizon, draws, np.random.default_rng(seed))
    return centre, bands_of(path_draws(start, with_change(chances, change), carried))


def bands_of(draws: Mapping[str, Floats]) -> dict[str, dict[str, Floats]]:
    """Measure to band to month, of draws by month."""
    return {name: {band: np.quantile(values, q, axis=0) for band, q in BANDS.items()} for name, values in draws.items()}


def path_draws(start: Floats, chances: Floats, carried: Floats) -> dict[str, Floats]:
    """`path` for every draw at once: measure to draw by month."""
    n = len(start)
    lost, untold = n + GONE.index("written_off"), n + GONE.index("exit")
    balance = np.broadcast_to(start, (len(chances), n))
    by_measure: dict[str, list[Floats]] = {"overdue": [], "collected": [], "written_off": [], "exited": []}
    for month in range(chances.shape[1]):
        sent = balance[:, :, None] * chances[:, month]
        carried_on = sent * carried[:, month]
        balance = carried_on[:, :, :n].sum(axis=1)
        by_measure["overdue"].append(balance[:, 1:].sum(axis=1))
        by_measure["written_off"].append(sent[:, :, lost].sum(axis=1))
        by_measure["exited"].append(sent[:, :, untold].sum(axis=1))
        gone = by_measure["written_off"][-1] + by_measure["exited"][-1]
        by_measure["collected"].append(sent.sum(axis=(1, 2)) - gone - balance.sum(axis=1))
    arrays = {name: np.array(values).T for name, values in by_measure.items()}
    return {name: draws if name == "overdue" else np.cumsum(draws, axis=1) for name, draws in arrays.items()}


@dataclass(frozen=True)
class Score:
    """How a way of forecasting the overdue balance did over past origins."""

    way: str
    wape: float  # sum of absolute errors by sum of what came
    bias: float  # forecast less what came, by what came
    coverage: float | None  # share of months within the 80 % band; None where the way has no band
    n: int  # origins times months


Forecast = Callable[[int, int], tuple[Floats, Floats | None, Floats | None]]
"""Of the overdue balance at an origin (snapshot) for so many months: the path from month 1, and its 80 % band."""


def backtest(
    months: Sequence[Moves],
    starts: Sequence[Floats],
    came: Mapping[tuple[int, int], float],
    *,
    horizon: int = 3,
    seed: int = 1,
    draws: int = 200,
) -> list[Score]:
    """Rolling origins. `starts[t]`: balance by bucket on snapshot t; `months[t]`: moves from t to t + 1; `came[t, h]`:
    overdue balance, h snapshots later, of the accounts of snapshot t. At each origin only the months before it are
    known. Beside the chain: the last month's moves alone, and no change at all."""

    def chain(origin: int, steps: int) -> tuple[Floats, Floats, Floats]:
        centre, bands = fan(starts[origin], months[:origin], steps, seed=seed, draws=draws)
        return overdue_by_month(centre), bands["overdue"]["low_80"], bands["overdue"]["high_80"]

    def last_month(origin: int, steps: int) -> tuple[Floats, None, None]:
        return overdue_by_month(path(starts[origin], *pool_moves(months[origin - 1 : origin]), steps)), None, None

    ways = {"chain": chain, "last_month": last_month, "no_change": no_change(starts)}
    return score_forecasts(ways, len(starts), came, horizon)


def no_change(starts: Sequence[Floats]) -> Forecast:
    return lambda origin, steps: (np.full(steps, starts[origin][1:].sum()), None, None)


def overdue_by_month(run_path: Path) -> Floats:
    """Balance of M1 and later at the end of each month."""
    balances: Floats = run_path.balances[1:, 1:].sum(axis=1)
    return balances


def score_forecasts(
    ways: Mapping[str, Forecast], n_starts: int, came: Mapping[tuple[int, int], float], horizon: int
) -> list[Score]:
    """Every way at every origin that has LEAST_MONTHS behind it and a month to be told."""
    rows_by_way: dict[str, list[tuple[float, float, bool | None]]] = {method: [] for method in ways}
    for origin in range(LEAST_MONTHS, n_starts):
        steps = [h for h in range(1, horizon + 1) if (origin, h) in came]
        for method, forecast in ways.items() if steps else ():
            forecast_path, low, high = forecast(origin, max(steps))
            for h in steps:
                truth = came[origin, h]
                inside = None if low is None or high is None else bool(low[h - 1] <= truth <= high[h - 1])
                rows_by_way[method].append((float(forecast_path[h - 1]), truth, inside))
    return [_score(method, rows) for method, rows in rows_by_way.items() if rows]


def _score(method: str, rows: Sequence[tuple[float, float, bool | None]]) -> Score:
    total = sum(truth for _, truth, _ in rows) or float("nan")
    inside = [hit for _, _, hit in rows if hit is not None]
    return Score(
        method,
        sum(abs(value - truth) for value, truth, _ in rows) / total,
        sum(value - truth for value, truth, _ in rows) / total,
        sum(inside) / len(inside) if inside else None,
        len(rows),
    )
