"""The daily hazard of paying: a logit with ridge on rows counted together, and what a talk changes in it.

Attempts stand beside talks: of accounts that were dialled alike, some answered. What unanswered dials seem to do is
taken for the mark of who gets dialled, and no scenario counts it as an effect. Own Newton steps rather than a library's,
because the base is fitted a second time with the effect of talks held fixed (an offset)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.riskset import EFFECT, EXPOSURES, Floats, Ints, Panel

STEPS = 12
Z = 1.959964


@dataclass(frozen=True)
class Cells:
    """Rows alike: `row_of` the cell of each row; `design` one line a cell (first column 1)."""

    row_of: Ints
    design: Floats
    n_base: int

    @property
    def seen(self) -> slice:
        return slice(self.n_base, self.n_base + len(EXPOSURES))


@dataclass(frozen=True)
class Hazard:
    """`base`: log-odds by covariate (first the level), `effect`: by term of EXPOSURES; `attempts`: of ATTEMPTS."""

    base: Floats
    effect: Floats
    attempts: Floats
    beta: Floats

    @property
    def log_odds(self) -> float:
        """What one talk adds to the log-odds of paying on each of the three days after it."""
        return float(EFFECT @ self.effect)


def cells_of(panel: Panel, *, past_terms: bool = True) -> Cells:
    """`past_terms`: with attempts."""
    extra = [panel.seen, panel.tried] if past_terms else [panel.seen]
    table = np.concatenate([panel.codes, *extra])
    sizes = [*panel.levels, *[2] * (len(table) - len(panel.levels))]
    key = np.zeros(panel.size, dtype=np.int64)
    for row, size in zip(table, sizes, strict=True):
        key = key * size + row
    _, first, row_of = np.unique(key, return_index=True, return_inverse=True)
    base = dummies(panel.codes[:, first], panel.levels)
    design = np.concatenate([base, *(part[:, first].T for part in extra)], axis=1).astype(np.float64)
    return Cells(row_of.astype(np.int64), design, base.shape[1])


def dummies(codes: Ints, levels: tuple[int, ...]) -> Floats:
    """A column of ones, then each covariate's levels but the first."""
    parts = [np.ones((codes.shape[1], 1))]
    parts += [(row[:, None] == np.arange(1, size)[None, :]).astype(float) for row, size in zip(codes, levels, strict=True)]
    return np.concatenate(parts, axis=1)


def logit(design: Floats, n: Floats, k: Floats, *, ridge: float, offset: Floats | None = None,
          start: Floats | None = None) -> Floats:  # fmt: skip
    """Coefficients of k events in n trials a line; the level (column 0) is not shrunk."""
    shift = np.zeros(len(n)) if offset is None else offset
    beta = np.zeros(design.shape[1]) if start is None else start.copy()
    if start is None:
        beta[0] = np.log((k.sum() + 0.5) / (n.sum() - k.sum() + 0.5))
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-9
    for _ in range(STEPS):
        p = chance(design @ beta + shift)
        gradient = design.T @ (k - n * p) - penalty * beta
        hessian = (design.T * (n * p * (1 - p))) @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta += np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-5:
            break
    return beta


def chance(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -35, 35))))


def fit_hazard(panel: Panel, cells: Cells, *, ridge: float, weight: Floats | None = None, use: NDArray[np.bool_] | None = None,
               start: Hazard | None = None, multiplier: float = 1.0) -> Hazard:  # fmt: skip
    """`weight`: by row (a bootstrap draw); `multiplier`: of the effect that the base is fitted beside."""
    w = np.ones(panel.size) if weight is None else weight
    if use is not None:
        w = w * use
    n = np.bincount(cells.row_of, weights=w, minlength=len(cells.design))
    k = np.bincount(cells.row_of, weights=w * panel.paid, minlength=len(cells.design))
    live = n > 0
    beta = logit(cells.design[live], n[live], k[live], ridge=ridge, start=None if start is None else start.beta)
    effect = beta[cells.seen] * multiplier
    base = cells.design[:, : cells.n_base]
    offset = cells.design[:, cells.seen] @ effect
    level = logit(base[live], n[live], k[live], ridge=ridge, offset=offset[live],
                  start=None if start is None else start.base)  # fmt: skip
    return Hazard(level, effect, beta[cells.n_base + len(EXPOSURES):], beta)


def debtor_weights(panel: Panel, rng: np.random.Generator) -> Floats:
    """A bootstrap draw: how often each row's debtor was drawn."""
    names, row_of = np.unique(panel.debtor, return_inverse=True)
    drawn = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
    return drawn[row_of].astype(np.float64)


def limits(middle: float, draws: Floats) -> tuple[float, float]:
    """95 % limits from the spread of the draws."""
    half = Z * float(np.std(draws, ddof=1))
    return middle - half, middle + half
