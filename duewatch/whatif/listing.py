"""Who is called on a day: a logit on what the log holds, for the order of the list and for the overlap check."""

from __future__ import annotations

import numpy as np

from duewatch.whatif.hazard import dummies, logit
from duewatch.whatif.known import PROMISES, Floats, Ints
from duewatch.whatif.riskset import Panel

RECENT = 3
"""Terms of TALKS that stand in it: where a talk begins a quiet week, the list shows it."""
MOST_ROWS = 80_000


def list_codes(codes: Ints, promise: Ints) -> Ints:
    return np.concatenate([codes, promise[None, :]])


def list_levels(levels: tuple[int, ...]) -> tuple[int, ...]:
    return (*levels, 1 + len(PROMISES))


def propensity(panel: Panel, *, ridge: float, seed: int) -> Floats:
    """Log-odds coefficients of being called on a day."""
    at = np.arange(panel.size)
    if panel.size > MOST_ROWS:
        at = np.flatnonzero(np.random.default_rng([seed, 4]).random(panel.size) < MOST_ROWS / panel.size)
    base = dummies(list_codes(panel.codes[:, at], panel.promise[at]), list_levels(panel.levels))
    design = np.concatenate([base, panel.seen[:RECENT, at].T.astype(np.float64)], axis=1)
    return logit(design, np.ones(len(at)), (panel.dials[at] > 0).astype(float), ridge=ridge)


def list_odds(codes: Ints, promise: Ints, seen: Ints, levels: tuple[int, ...], beta: Floats) -> Floats:
    """Log-odds of being called, by looking up."""
    base = summed(list_codes(codes, promise), list_levels(levels), beta)
    return np.asarray(base + beta[-RECENT:] @ seen[:RECENT])


def summed(codes: Ints, levels: tuple[int, ...], beta: Floats) -> Floats:
    """`dummies(codes, levels) @ beta`, by looking up."""
    total, at = np.full(codes.shape[1], beta[0]), 1
    for row, size in zip(codes, levels, strict=True):
        total += np.concatenate(([0.0], beta[at : at + size - 1]))[row]
        at += size - 1
    return total
