"""The book run off: where the balances of one day go month by month, from the moves of the months before.

A Markov chain of aging buckets, first order, balance-weighted, one chain a segment. New lending is left out: it is the
accounts of one day that are followed. The band comes from drawing the months of history anew and, within each, the
accounts' moves (Dirichlet-multinomial): it holds sampling and the change between months, not a change of regime.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """Levers: by how much the chance to reach a better bucket (`cure`) or a worse one (`roll`) is multiplied."""

    cure: float = 1.0
    roll: float = 1.0


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
    would take more than everything they share it in proportion."""
    if change == Change():
        return chances  # exactly: an unchanged scenario equals today
    n = chances.shape[0]
    found = chances.copy()
    for bucket in range(1, n):
        better, worse = np.arange(bucket), np.array([*range(bucket + 1, n), n + GONE.index("written_off")])
        found[bucket, better] *= change.cure
        found[bucket, worse] *= change.roll
        moved = np.concatenate([better, worse])
        rest = np.setdiff1d(np.arange(chances.shape[1]), moved)
        left = 1.0 - found[bucket, moved].sum()
        if left < 0:
            found[bucket, moved] /= found[bucket, moved].sum()
            found[bucket, rest] = 0.0
        elif chances[bucket, rest].sum() > 0:
            found[bucket, rest] = chances[bucket, rest] * left / chances[bucket, rest].sum()
        else:
            found[bucket, bucket] += left
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


def drawn(months: Sequence[Moves], draw: np.random.Generator) -> tuple[Floats, Floats]:
    """One history that could have been: months with replacement, and in each the accounts' moves drawn anew."""
    picked = [months[place] for place in draw.integers(0, len(months), len(months))]
    again = []
    for month in picked:
        weights = np.zeros_like(month.weights)
        for bucket, counts in enumerate(month.counts):
            if counts.sum():
                share = draw.dirichlet(counts + 1e-9)
                mean = divided(month.weights[bucket], counts)
                weights[bucket] = share * counts.sum() * mean
        again.append(Moves(month.counts, weights, month.carried))
    return pooled(again)


def fan(
    start: Floats, months: Sequence[Moves], horizon: int, *, change: Change = Change(), seed: int = 1,
    draws: int = DRAWS,
) -> tuple[Path, dict[str, dict[str, Floats]]]:  # fmt: skip
    """The path of the pooled chances, and bands by month of the overdue balance (M1 and later), what is collected and
    what is written off by then. Same seed, same bands; a change draws the same histories as no change does."""
    chances, carried = pooled(months)
    centre = path(start, changed(chances, change), carried, horizon)
    draw = np.random.default_rng(seed)
    paths = []
    for _ in range(draws):
        drawn_chances, drawn_carried = drawn(months, draw)
        paths.append(path(start, changed(drawn_chances, change), drawn_carried, horizon))
    told = {
        "overdue": np.array([each.balances[1:, 1:].sum(axis=1) for each in paths]),
        "collected": np.cumsum([each.collected for each in paths], axis=1),
        "written_off": np.cumsum([each.written_off for each in paths], axis=1),
    }
    return centre, {
        name: {band: np.quantile(values, q, axis=0) for band, q in BANDS.items()} for name, values in told.items()
    }


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


def backtest(
    months: Sequence[Moves], starts: Sequence[Floats], came: Mapping[tuple[int, int], float], *, horizon: int = 3,
    seed: int = 1, draws: int = 200,
) -> list[Score]:  # fmt: skip
    """Rolling origins. `starts[t]`: balance by bucket on snapshot t; `months[t]`: moves from t to t + 1; `came[t, h]`:
    overdue balance, h snapshots later, of the accounts of snapshot t. At each origin only the months before it are
    known. Beside the chain: the last month's moves alone, and no change at all."""
    found: dict[str, list[tuple[float, float, bool | None]]] = {"chain": [], "last_month": [], "no_change": []}
    for origin in range(LEAST_MONTHS, len(starts)):
        known = months[:origin]
        steps = [h for h in range(1, horizon + 1) if (origin, h) in came]
        if not steps:
            continue
        centre, bands = fan(starts[origin], known, max(steps), seed=seed, draws=draws)
        last = path(starts[origin], *pooled(known[-1:]), max(steps))
        for h in steps:
            truth, band = came[origin, h], bands["overdue"]
            inside = bool(band["low_80"][h - 1] <= truth <= band["high_80"][h - 1])
            found["chain"].append((float(centre.balances[h, 1:].sum()), truth, inside))
            found["last_month"].append((float(last.balances[h, 1:].sum()), truth, None))
            found["no_change"].append((float(starts[origin][1:].sum()), truth, None))
    return [_score(way, rows) for way, rows in found.items() if rows]


def _score(way: str, rows: Sequence[tuple[float, float, bool | None]]) -> Score:
    total = sum(truth for _, truth, _ in rows) or float("nan")
    inside = [hit for _, _, hit in rows if hit is not None]
    return Score(
        way, sum(abs(told - truth) for told, truth, _ in rows) / total,
        sum(told - truth for told, truth, _ in rows) / total, sum(inside) / len(inside) if inside else None, len(rows),
    )  # fmt: skip
