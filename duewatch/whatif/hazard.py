"""The daily hazard of paying: a logit with ridge on payments and a draw of other rows, and what a talk changes in it.

Attempts stand beside talks: of accounts that were dialled alike, some answered. What unanswered dials seem to do is
taken for the mark of who gets dialled, and no scenario counts it as an effect. Own Newton steps, no library's, because
the base is fitted a second time with the effect of talks held fixed (an offset)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.contact_features import EFFECT, EXPOSURES
from duewatch.whatif.features_as_of import Floats, Ints
from duewatch.whatif.person_days import PersonDays

STEPS = 12
MOST_QUIET = 40_000
"""Rows without a payment that the fit is made on, of those with a talk or promise before them and of those without:
above it an even draw of each, weighed up. Few have one, and the effect hangs on them."""
AT_ONCE = 10
"""Bootstrap draws made by one product."""
Z = 1.959964


@dataclass(frozen=True)
class Sample:
    """All rows with a payment and a known part of the others, each weighed up. `at`: rows of the panel."""

    at: Ints
    weight: Floats
    design: Floats
    paid: Floats
    debtor: Ints
    n_base: int

    @property
    def seen(self) -> slice:
        return slice(self.n_base, self.n_base + len(EXPOSURES))


@dataclass(frozen=True)
class Hazard:
    """`base`: log-odds by covariate (first the level); `effect`: by term of EXPOSURES; `marks`: of MARKS."""

    base: Floats
    effect: Floats
    marks: Floats
    beta: Floats

    @property
    def log_odds(self) -> float:
        """What one talk adds to the log-odds of paying on each of the three days after it."""
        return float(EFFECT @ self.effect)


def sample_of(panel: PersonDays, seed: int, *, most: int = MOST_QUIET, use: NDArray[np.bool_] | None = None) -> Sample:
    """At most twice `most` rows without a payment."""
    free = np.ones(panel.size, dtype=np.bool_) if use is None else use
    events, quiet = np.flatnonzero(free & (panel.paid > 0)), np.flatnonzero(free & (panel.paid == 0))
    talked: NDArray[np.bool_] = np.asarray((panel.seen > 0).any(axis=0))[quiet]
    shares = np.array([min(1.0, most / max(int(each.sum()), 1)) for each in (~talked, talked)])
    share = shares[talked.astype(np.int64)]
    is_kept = np.random.default_rng([seed, 1]).random(len(quiet)) < share
    at = np.concatenate([events, quiet[is_kept]])
    weight = np.concatenate([np.ones(len(events)), 1 / share[is_kept]])
    order = np.argsort(at)
    at, weight = at[order], weight[order]
    base = dummies(panel.codes[:, at], panel.levels)
    design = np.concatenate([base, panel.seen[:, at].T, panel.marks[:, at].T], axis=1).astype(np.float64)
    paid = panel.paid[at].astype(np.float64)
    return Sample(at, weight, design, paid, panel.debtor[at], base.shape[1])


def dummies(codes: Ints, levels: tuple[int, ...]) -> Floats:
    """A column of ones, then each covariate's levels but the first."""
    parts = [np.ones((codes.shape[1], 1))]
    parts += [
        (row[:, None] == np.arange(1, size)[None, :]).astype(float) for row, size in zip(codes, levels, strict=True)
    ]
    return np.concatenate(parts, axis=1)


def logit(
    design: Floats, n: Floats, k: Floats, *, ridge: float, offset: Floats | None = None, start: Floats | None = None
) -> Floats:
    """Coefficients of k events in n trials a line; the level (column 0) is not shrunk. 0 of a column that is 0."""
    told = (design != 0).any(axis=0)
    told[0] = True
    some = np.flatnonzero(told)
    if len(some) < design.shape[1]:
        found = np.zeros(design.shape[1])
        begun = None if start is None else start[some]
        found[some] = logit(design[:, some], n, k, ridge=ridge, offset=offset, start=begun)
        return found
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


def fit_hazard(sample: Sample, *, ridge: float, multiplier: float = 1.0) -> Hazard:
    """`multiplier`: of the effect that the base is fitted beside, for the confounding band."""
    beta = logit(sample.design, sample.weight, sample.weight * sample.paid, ridge=ridge)
    return _beside(sample, beta, beta[sample.seen] * multiplier, ridge)


def _beside(sample: Sample, beta: Floats, effect: Floats, ridge: float) -> Hazard:
    """The base fitted anew with the effect held, so that history is met whatever the effect is said to be."""
    base, offset = sample.design[:, : sample.n_base], sample.design[:, sample.seen] @ effect
    level = logit(base, sample.weight, sample.weight * sample.paid, ridge=ridge, offset=offset)
    return Hazard(level, effect, beta[sample.n_base + len(EXPOSURES) :], beta)


def redrawn(sample: Sample, fitted: Hazard, *, ridge: float, draws: int, seed: int) -> list[Hazard]:
    """Bootstrap by debtor: each draw's parameters by one Newton step from the fit (score bootstrap)."""
    n, k = sample.weight, sample.weight * sample.paid
    names, row_of = np.unique(sample.debtor, return_inverse=True)
    p = chance(sample.design @ fitted.beta)
    inverse = np.linalg.inv(_bend(sample.design, n * p * (1 - p), ridge))
    base = sample.design[:, : sample.n_base]
    q = chance(base @ fitted.base + sample.design[:, sample.seen] @ fitted.effect)
    base_inverse = np.linalg.inv(_bend(base, n * q * (1 - q), ridge))
    shrink, found = _penalty(sample.design.shape[1], ridge), []
    for start in range(0, draws, AT_ONCE):
        rngs = [np.random.default_rng([seed, 2, draw]) for draw in range(start, min(start + AT_ONCE, draws))]
        drawn = [np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names)) for rng in rngs]
        times = np.stack(drawn, axis=1)[row_of]
        score = sample.design.T @ (times * (k - n * p)[:, None])
        betas = fitted.beta[:, None] + inverse @ (score - (shrink * fitted.beta)[:, None])
        now = chance((base @ fitted.base)[:, None] + sample.design[:, sample.seen] @ betas[sample.seen])
        step = base.T @ (times * (k[:, None] - n[:, None] * now)) - (shrink[: sample.n_base] * fitted.base)[:, None]
        bases = fitted.base[:, None] + base_inverse @ step
        found += [
            Hazard(level, beta[sample.seen], beta[sample.n_base + len(EXPOSURES) :], beta)
            for level, beta in zip(bases.T, betas.T, strict=True)
        ]
    return found


def _penalty(size: int, ridge: float) -> Floats:
    return np.concatenate(([1e-9], np.full(size - 1, ridge)))


def _bend(design: Floats, weight: Floats, ridge: float) -> Floats:
    return np.asarray((design.T * weight) @ design + np.diag(_penalty(design.shape[1], ridge)))


def limits(middle: float, draws: Floats) -> tuple[float, float]:
    """95 % limits from the spread of the draws."""
    half = Z * float(np.std(draws, ddof=1))
    return middle - half, middle + half
