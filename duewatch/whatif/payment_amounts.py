"""What a payment brings: whether it cures, and which share of the arrears it takes where it does not.

Two logits on what was known before the day, with what the spell has seen of calls and promises. That of the share is
weighed by the arrears, so that the cash of every band is met in the days it is learned from, not the mean of the shares
alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.call_propensity import summed
from duewatch.whatif.contact_features import LATE, TOUCHED
from duewatch.whatif.features_as_of import PROMISES, Floats, Ints
from duewatch.whatif.hazard import chance, dummies, logit
from duewatch.whatif.person_days import NAMES, PersonDays

AGE = NAMES.index("age")
KNOWN = tuple(NAMES.index(name) for name in ("age", "product", "since", "balance", "depth"))
RIDGE = 1.0
MOST = 0.99
"""Share of the arrears that a payment takes which does not cure: more would be a cure."""


@dataclass(frozen=True)
class Amounts:
    """Log-odds by covariate (first the level, last calls and promise) of a cure and of the share, each for the first
    month of a spell and for what comes after it: who pays early pays all, who pays late or as promised pays in part."""

    cure: tuple[Floats, Floats]
    part: tuple[Floats, Floats]
    levels: tuple[int, ...]

    def of(self, codes: Ints, promise: Ints, touched: Ints) -> tuple[Floats, Floats]:
        """Chance that a payment cures, and the share of the arrears that it takes otherwise. `promise`, `touched`:
        place in PROMISES and in TOUCHED plus one, 0 none."""
        rows, late = np.concatenate([codes[list(KNOWN)], touched[None], promise[None]]), codes[AGE] >= LATE
        early, after = (
            [chance(summed(rows, self.levels, each[place])) for each in (self.cure, self.part)] for place in (0, 1)
        )
        return np.where(late, after[0], early[0]), np.where(late, after[1], early[1])


def amounts_of(panel: PersonDays, paid: NDArray[np.bool_], *, multiplier: float = 1.0) -> Amounts:
    """From the payments of `paid`. `multiplier`: of what calls and promises do: the rest is fitted beside it, so that
    history is met whatever they are said to do."""
    levels = (*(panel.levels[at] for at in KNOWN), 1 + len(TOUCHED), 1 + len(PROMISES))
    late = panel.codes[AGE] >= LATE
    early, after = (
        _fitted(panel, np.flatnonzero(paid & (late == is_late)), levels, multiplier) for is_late in (False, True)
    )
    return Amounts((early[0], after[0]), (early[1], after[1]), levels)


def _fitted(panel: PersonDays, at: Ints, levels: tuple[int, ...], multiplier: float) -> tuple[Floats, Floats]:
    told = (panel.touched[None, at], panel.promise[None, at])
    design = dummies(np.concatenate([panel.codes[:, at][list(KNOWN)], *told]), levels)
    cure = _beside(design, np.ones(len(at)), panel.is_last[at].astype(np.float64), multiplier)
    some = ~panel.is_last[at] & (panel.owed[at] > 0)
    owed, amount = panel.owed[at[some]], panel.amount[at[some]]
    weight = owed / max(float(owed.mean()), 1e-9) if len(owed) else owed
    share = np.minimum(amount / np.maximum(owed, 1e-9), MOST)
    return cure, _beside(design[some], weight, weight * share, multiplier)


def _beside(design: Floats, n: Floats, k: Floats, multiplier: float) -> Floats:
    found = logit(design, n, k, ridge=RIDGE)
    if multiplier == 1:
        return found
    told = len(TOUCHED) + len(PROMISES)
    known, asked = design[:, :-told], multiplier * found[-told:]
    return np.concatenate([logit(known, n, k, ridge=RIDGE, offset=design[:, -told:] @ asked), asked])
