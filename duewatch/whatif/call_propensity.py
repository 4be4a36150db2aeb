"""Who is called on a day: a logit on what the log holds, for the order of the list and for the overlap check."""

from __future__ import annotations

import numpy as np

from duewatch.whatif.features_as_of import Floats, Ints
from duewatch.whatif.hazard import dummies, logit
from duewatch.whatif.person_days import PersonDays

MOST_ROWS = 80_000


def propensity(panel: PersonDays, *, ridge: float, seed: int) -> Floats:
    """Log-odds coefficients of being called on a day: of covariates, then of what keeps from a call. Days with a
    payment are left out: who has paid in the morning is not called any more, however high on the list."""
    at = np.flatnonzero(panel.paid == 0)
    if len(at) > MOST_ROWS:
        at = at[np.random.default_rng([seed, 4]).random(len(at)) < MOST_ROWS / len(at)]
    rows = np.concatenate([panel.codes[:, at], panel.stands[:, at]])
    design = dummies(rows, (*panel.levels, *panel.stand_levels))
    return logit(design, np.ones(len(at)), (panel.dials[at] > 0).astype(float), ridge=ridge)


def logged_odds(panel: PersonDays, beta: Floats) -> Floats:
    """Log-odds of being called, of each row of the log."""
    return list_odds(panel, panel.codes, panel.stands, beta)


def list_odds(panel: PersonDays, codes: Ints, stands: Ints, beta: Floats) -> Floats:
    """Log-odds of being called, by looking up; the levels are the panel's."""
    return summed(np.concatenate([codes, stands]), (*panel.levels, *panel.stand_levels), beta)


def summed(codes: Ints, levels: tuple[int, ...], beta: Floats) -> Floats:
    """`dummies(codes, levels) @ beta`, by looking up."""
    total, at = np.full(codes.shape[1], beta[0]), 1
    for row, size in zip(codes, levels, strict=True):
        total += np.concatenate(([0.0], beta[at : at + size - 1]))[row]
        at += size - 1
    return total
