"""Arithmetic of migration between buckets that is not SQL: ways to loss, shrinkage of segments, the test of order.

Matrices are buckets by states: the buckets in order, then paid_off, written_off and exit. Nothing here knows a clock, a
page or a book; whatever is drawn is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import chdtrc, gammaln

Floats = NDArray[np.float64]
GONE = ("paid_off", "written_off", "exit")
SEEN_LEAST = 30
"""Accounts in a row below which the row is not used in the test of order."""


def rates_to_loss(rates: Sequence[float | None]) -> list[float | None]:
    """From each bucket, the product of its net flow and all later ones: what share of its balance is written off if
    each flow stays as it is. None from where a flow is not known."""
    products: list[float | None] = []
    product: float | None = 1.0
    for rate in reversed(rates):
        product = None if product is None or rate is None else product * rate
        products.append(product)
    return products[::-1]


def chances(weights: Floats) -> Floats:
    """Rows that add up to 1; a bucket nobody was in is a row of zeros."""
    totals = weights.sum(axis=1, keepdims=True)
    shares = np.zeros_like(weights, dtype=np.float64)
    np.divide(weights, totals, out=shares, where=totals > 0)
    return shares


def loss_chances(moves: Floats) -> list[float | None]:
    """From each bucket, the chance that the chain ends in written_off rather than paid_off or exit, however long it
    takes. `moves`: `chances`. None for a bucket that nobody was in, or from which one can be reached."""
    n = moves.shape[0]
    unseen = moves.sum(axis=1) == 0
    unknown = _reaches(moves, unseen)
    lost = moves[:, n + GONE.index("written_off")]
    losing = _reaches(moves, lost > 0) & ~unknown
    result: list[float | None] = [None if unknown[bucket] else 0.0 for bucket in range(n)]
    inside = np.flatnonzero(losing)
    if len(inside):
        within = moves[np.ix_(inside, inside)]
        solved = np.linalg.solve(np.eye(len(inside)) - within, lost[inside])
        for place, bucket in enumerate(inside):
            result[bucket] = float(min(max(solved[place], 0.0), 1.0))
    return result


def _reaches(moves: Floats, targets: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Buckets that are targets or can come to one."""
    n = moves.shape[0]
    reached = targets.copy()
    for _ in range(n):
        reached = reached | ((moves[:, :n] > 0) & reached[None, :]).any(axis=1)
    return reached


def loss_chance_limits(
    counts: Floats, weights: Floats, *, seed: int = 1, draws: int = 400
) -> list[tuple[float, float] | None]:
    """95 % limits of `loss_chances`: the accounts' moves of each bucket drawn anew (Dirichlet with their counts), each
    move with its mean balance. It holds sampling alone, not that months ahead may be unlike the months before."""
    return list(_loss_chance_limits(_rows_of(counts), _rows_of(weights), seed, draws))


def _rows_of(matrix: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(cell) for cell in row) for row in matrix)


@lru_cache(maxsize=64)
def _loss_chance_limits(
    count_rows: tuple[tuple[float, ...], ...], weight_rows: tuple[tuple[float, ...], ...], seed: int, draws: int
) -> tuple[tuple[float, float] | None, ...]:
    """The same matrices give the same draws, so they are drawn once."""
    counts, weights = np.array(count_rows), np.array(weight_rows)
    generator = np.random.default_rng(seed)
    centre = loss_chances(chances(weights))
    means = np.divide(weights, counts, out=np.zeros_like(weights), where=counts > 0)
    values: list[list[float]] = [[] for _ in centre]
    for _ in range(draws):
        redrawn = np.zeros_like(weights)
        for bucket, row in enumerate(counts):
            states = np.flatnonzero(row)
            if len(states):
                redrawn[bucket, states] = generator.dirichlet(row[states]) * means[bucket, states]
        for bucket, chance in enumerate(loss_chances(chances(redrawn))):
            if chance is not None:
                values[bucket].append(chance)
    return tuple(
        None if centre[bucket_no] is None or not values[bucket_no] else _limits(values[bucket_no])
        for bucket_no in range(len(centre))
    )


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


@dataclass(frozen=True)
class ShrunkRow:
    """One segment's row of moves."""

    n: int  # accounts
    weight: float  # how much of `shrunk` is the segment's own: n / (n + strength)
    own: Floats  # as counted
    shrunk: Floats  # drawn toward the row of the whole book


def shrinkage(counts: Mapping[str, Floats]) -> tuple[float | None, dict[str, ShrunkRow]]:
    """Empirical Bayes for one bucket: the segments' rows come from a Dirichlet around the row of all, with a strength
    (in accounts) that makes what was counted most likely. A strength of None is endless: the segments differ by no more
    than chance, and each row is that of all. `counts`: segment to accounts by state."""
    used = {name: row for name, row in counts.items() if row.sum() > 0}
    if not used:
        return None, {}
    total = np.sum(list(used.values()), axis=0)
    whole = total / total.sum()
    strength = _strength(np.array(list(used.values())), whole)
    rows = {}
    for name, row in used.items():
        n = int(row.sum())
        weight = 0.0 if strength is None else n / (n + strength)
        own = row / n
        rows[name] = ShrunkRow(n, weight, own, weight * own + (1 - weight) * whole)
    return strength, rows


MOST_STRENGTH = 1e6
"""Accounts; a likelihood that still rises here says that there is no difference to find."""


def _strength(rows: Floats, whole: Floats) -> float | None:
    """The strength at which the Dirichlet-multinomial likelihood is highest, searched over its logarithm."""
    if len(rows) < 2:
        return None
    is_used = whole > 0

    def fit(log_strength: float) -> float:
        return _log_likelihood(rows[:, is_used], whole[is_used] * exp(log_strength), exp(log_strength))

    grid = np.linspace(log(0.1), log(MOST_STRENGTH), 60)
    best = int(np.argmax([fit(float(at)) for at in grid]))
    if best == len(grid) - 1:
        return None
    around = (float(grid[max(best - 1, 0)]), float(grid[best + 1]))
    return exp(minimize_scalar(lambda at: -fit(at), bounds=around, method="bounded", options={"xatol": 1e-9}).x)


def _log_likelihood(rows: Floats, prior: Floats, strength: float) -> float:
    totals = gammaln(strength) - gammaln(strength + rows.sum(axis=1))
    return float(totals.sum() + (gammaln(prior + rows) - gammaln(prior)).sum())


@dataclass(frozen=True)
class OrderTest:
    """Likelihood ratio of second against first order."""

    statistic: float  # 2 log
    df: int  # degrees of freedom
    p: float  # chance of as much or more were the chain of first order and paths independent
    n: int  # paths used


def order_test(paths: Mapping[tuple[int, int], Mapping[str, int]]) -> OrderTest | None:
    """Anderson & Goodman (Annals of Mathematical Statistics 28 (1957) 89-110): is (before, from) -> to the same for
    every bucket before? `paths`: (before, from) to accounts by state. Rows of fewer than SEEN_LEAST are left out, as
    the approximation does not hold there. None where nothing is left to compare."""
    by_from: dict[int, list[Mapping[str, int]]] = {}
    for (_, bucket), row in paths.items():
        if sum(row.values()) >= SEEN_LEAST:
            by_from.setdefault(bucket, []).append(row)
    statistic, df, n = 0.0, 0, 0
    for rows in by_from.values():
        if len(rows) < 2:
            continue
        ratio, freedom, n_paths = _ratio(rows)
        statistic, df, n = statistic + ratio, df + freedom, n + n_paths
    return OrderTest(statistic, df, float(chdtrc(df, statistic)), n) if df else None


def _ratio(rows: Sequence[Mapping[str, int]]) -> tuple[float, int, int]:
    pooled: dict[str, int] = {}
    for row in rows:
        for state, count in row.items():
            pooled[state] = pooled.get(state, 0) + count
    whole, states = sum(pooled.values()), [state for state, count in pooled.items() if count]
    statistic = 0.0
    for row in rows:
        n = sum(row.values())
        statistic += 2 * sum(k * log(k * whole / (n * pooled[state])) for state, k in row.items() if k)
    return statistic, (len(rows) - 1) * (len(states) - 1), whole
