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
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GONE = ("paid_off", "written_off", "exit")
LEAST_MONTHS = 3
"""Pairs of snapshots below which nothing is projected."""
DRAWS = 400
BANDS = {"low_95": 0.025, "low_80": 0.1, "middle": 0.5, "high_80": 0.9, "high_95": 0.975}


@dataclass(frozen=True)
class Moves:
    """One month's moves of one segment, from bucket by to state (the buckets, then GONE). `counts`: accounts;
    `weights`: their balance before; `carried`: balance after by balance before, 0 where there is none."""

    counts: Floats
    weights: Floats
    carried: Floats


@dataclass(frozen=True)
class Change:
    """Levers: by how much the chance to reach a better bucket or be paid off (`cure`), or to reach a worse one or
    be written off (`roll`), is multiplied.
    `by_bucket`: number of a bucket, cure and roll, where it has multipliers of its own."""

    cure: float = 1.0
    roll: float = 1.0
    by_bucket: tuple[tuple[int, float, float], ...] = ()

    def of(self, bucket: int) -> tuple[float, float]:
        """Cure and roll of the bucket of that number."""
        return next(((cure, roll) for number, cure, roll in self.by_bucket if number == bucket), (self.cure, self.roll))


@dataclass(frozen=True)
class Path:
    """`balances`: months (0: the start) by bucket; `collected` and `written_off`: by month, from month 1."""

    balances: Floats
    collected: Floats
    written_off: Floats


def moves_of(frame: pl.DataFrame, buckets: Sequence[str]) -> Moves:
    """One month of `balance_moves`, of one segment, as arrays."""
    states = [*buckets, *GONE]
    shape = (len(buckets), len(states))
    counts, before, after = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row in frame.iter_rows(named=True):
        at = buckets.index(row["from_bucket"]), states.index(row["to_state"])
        counts[at] += row["n_accounts"]
        before[at] += float(row["balance_from"])
        after[at] += float(row["balance_to"])
    return Moves(counts, before, divided(after, before))


def pooled(months: Sequence[Moves]) -> tuple[Floats, Floats]:
    """Chance of each move by balance, and what share of the balance is carried along, over several months. A bucket
    that no month had stays where it is."""
    weights = sum((month.weights for month in months), np.zeros_like(months[0].weights))
    after = sum((month.weights * month.carried for month in months), np.zeros_like(weights))
    return _rows_to_one(weights), divided(after, weights)


def divided(part: Floats, whole: Floats) -> Floats:
    """0 where the whole is 0."""
    found = np.zeros(part.shape, dtype=np.float64)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def _rows_to_one(weights: Floats) -> Floats:
    totals = weights.sum(axis=1, keepdims=True)
    chances = divided(weights, np.broadcast_to(totals, weights.shape))
    for bucket in np.flatnonzero(totals[:, 0] == 0):
        chances[bucket, bucket] = 1.0
    return chances


def changed(chances: Floats, change: Change) -> Floats:
    """The chances with cure and roll multiplied; what is gained or lost comes from the moves in between. Where both
    would take more than everything they share it in proportion. Any number of tables at once: bucket by state last."""
    if change == Change():
        return chances  # exactly: an unchanged scenario equals today
    n = chances.shape[-2]
    found = chances.copy()
    for bucket in range(1, n):
        better = np.array([*range(bucket), n + GONE.index("paid_off")])
        worse = np.array([*range(bucket + 1, n), n + GONE.index("written_off")])
        cure, roll = change.of(bucket)
        if (cure, roll) == (1.0, 1.0):
            continue  # exactly: an unchanged bucket moves as today
        found[..., bucket, better] *= cure
        found[..., bucket, worse] *= roll
        moved = np.concatenate([better, worse])
        rest = np.setdiff1d(np.arange(chances.shape[-1]), moved)
        taken, before = found[..., bucket, moved].sum(axis=-1), chances[..., bucket, rest].sum(axis=-1)
        found[..., bucket, moved] /= np.maximum(taken, 1.0)[..., None]
        left = np.maximum(1.0 - taken, 0.0)
        found[..., bucket, rest] *= divided(left, before)[..., None]
        found[..., bucket, bucket] += np.where(before > 0, 0.0, left)
    return found


def path(start: Floats, chances: Floats, carried: Floats, months: int) -> Path:
    """`start`: balance by bucket. Collected is what is no longer carried of moves other than a write-off: payments less
    interest and fees that were added."""
    n = len(start)
    lost = n + GONE.index("written_off")
    balances, collected, written_off = [start], [], []
    for _ in range(months):
        sent = balances[-1][:, None] * chances
        kept = sent * carried
        balances.append(kept[:, :n].sum(axis=0))
        written_off.append(sent[:, lost].sum())
        collected.append(sent.sum() - sent[:, lost].sum() - kept[:, :n].sum())
    return Path(np.array(balances), np.array(collected), np.array(written_off))


def drawn(
    months: Sequence[Moves], horizon: int, draws: int, draw: np.random.Generator, own: np.random.Generator | None = None
) -> tuple[Floats, Floats]:
    """Futures that could be: chances and what is carried, by draw, month to come, bucket and state. Each draw has a
    history of its own (the months with replacement), each month to come is one month of it, and in that the accounts'
    moves are drawn anew, by `own` where it is given: parts of a book share their months and not their accounts. A
    bucket that a month had nobody in moves as it did over all months."""
    counts, weights, carried = (np.array([getattr(month, name) for month in months]) for name in _PARTS)
    history = draw.integers(0, len(months), (draws, len(months)))
    picked = np.take_along_axis(history, draw.integers(0, len(months), (draws, horizon)), axis=1)
    shares = (own or draw).standard_gamma(counts[picked] + 1e-9)
    again = shares * divided(weights, counts)[picked]
    totals = again.sum(axis=-1, keepdims=True)
    usual, usually_carried = pooled(months)
    is_empty = counts[picked].sum(axis=-1, keepdims=True) * totals <= 0
    chances = np.where(is_empty, usual, divided(again, np.broadcast_to(totals, again.shape)))
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
    """The path of the pooled chances, and bands by month of the overdue balance (M1 and later), what is collected and
    what is written off by then. Same seed, same bands; a change draws the same futures as no change does."""
    pooled_chances, pooled_carried = pooled(months)
    centre = path(start, changed(pooled_chances, change), pooled_carried, horizon)
    chances, carried = drawn(months, horizon, draws, np.random.default_rng(seed))
    return centre, banded(paths(start, changed(chances, change), carried))


def banded(told: Mapping[str, Floats]) -> dict[str, dict[str, Floats]]:
    """Measure to band to month, of draws by month."""
    return {name: {band: np.quantile(values, q, axis=0) for band, q in BANDS.items()} for name, values in told.items()}


def paths(start: Floats, chances: Floats, carried: Floats) -> dict[str, Floats]:
    """`path` for every draw at once: measure to draw by month."""
    n = len(start)
    lost = n + GONE.index("written_off")
    balance = np.broadcast_to(start, (len(chances), n))
    found: dict[str, list[Floats]] = {"overdue": [], "collected": [], "written_off": []}
    for month in range(chances.shape[1]):
        sent = balance[:, :, None] * chances[:, month]
        kept = sent * carried[:, month]
        balance = kept[:, :, :n].sum(axis=1)
        found["overdue"].append(balance[:, 1:].sum(axis=1))
        found["written_off"].append(sent[:, :, lost].sum(axis=1))
        found["collected"].append(sent.sum(axis=(1, 2)) - found["written_off"][-1] - balance.sum(axis=1))
    told = {name: np.array(values).T for name, values in found.items()}
    return {name: each if name == "overdue" else np.cumsum(each, axis=1) for name, each in told.items()}


@dataclass(frozen=True)
class Score:
    """How a way of forecasting the overdue balance did over past origins. `wape`: sum of absolute errors by sum of what
    came; `bias`: forecast less what came, by what came; `coverage`: share of months within the 80 % band, None where
    the way has no band; `n`: origins times months."""

    way: str
    wape: float
    bias: float
    coverage: float | None
    n: int


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
        return overdue(centre), bands["overdue"]["low_80"], bands["overdue"]["high_80"]

    def last_month(origin: int, steps: int) -> tuple[Floats, None, None]:
        return overdue(path(starts[origin], *pooled(months[origin - 1 : origin]), steps)), None, None

    ways = {"chain": chain, "last_month": last_month, "no_change": unchanged(starts)}
    return scored(ways, len(starts), came, horizon)


def unchanged(starts: Sequence[Floats]) -> Forecast:
    return lambda origin, steps: (np.full(steps, starts[origin][1:].sum()), None, None)


def overdue(found: Path) -> Floats:
    """Balance of M1 and later at the end of each month."""
    told: Floats = found.balances[1:, 1:].sum(axis=1)
    return told


def scored(
    ways: Mapping[str, Forecast], n_starts: int, came: Mapping[tuple[int, int], float], horizon: int
) -> list[Score]:
    """Every way at every origin that has LEAST_MONTHS behind it and a month to be told."""
    found: dict[str, list[tuple[float, float, bool | None]]] = {way: [] for way in ways}
    for origin in range(LEAST_MONTHS, n_starts):
        steps = [h for h in range(1, horizon + 1) if (origin, h) in came]
        for way, forecast in ways.items() if steps else ():
            told, low, high = forecast(origin, max(steps))
            for h in steps:
                truth = came[origin, h]
                inside = None if low is None or high is None else bool(low[h - 1] <= truth <= high[h - 1])
                found[way].append((float(told[h - 1]), truth, inside))
    return [_score(way, rows) for way, rows in found.items() if rows]


def _score(way: str, rows: Sequence[tuple[float, float, bool | None]]) -> Score:
    total = sum(truth for _, truth, _ in rows) or float("nan")
    inside = [hit for _, _, hit in rows if hit is not None]
    return Score(
        way,
        sum(abs(told - truth) for told, truth, _ in rows) / total,
        sum(told - truth for told, truth, _ in rows) / total,
        sum(inside) / len(inside) if inside else None,
        len(rows),
    )
