"""The risk set: one row per overdue account and day, with what was known before that day and whether it paid.

An account is at risk on a day when it was overdue at the end of the day before: from the second day of a spell to the
day after its last, on which it was paid up (cure), or to the end of the period. Covariates are whole
numbers (bands), so that rows alike can be counted together."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.features_as_of import Floats, Ints

NAMES = (
    "age",
    "grade",
    "product",
    "past",
    "since",
    "weekday",
    "month",
    "team",
    "balance",
    "depth",
    "late_balance",
    "behind",
)


WHOLE = ("levels", "stand_levels", "accounts", "reminded", "cuts", "products")
"""Fields of PersonDays that have no row."""


@dataclass(frozen=True)
class PersonDays:
    """Rows ordered by spell and day."""

    spell: Ints
    debtor: Ints
    day: Ints
    age: Ints
    codes: Ints  # covariates (NAMES) by row
    dials: Ints  # of that day
    reached: Ints  # of that day
    hour: Ints  # of its first dial, -1 unknown
    seen: Ints  # EXPOSURES before that day, 0 or 1
    marks: Ints  # MARKS before that day, 0 or 1
    promise: Ints  # place in PROMISES plus one, 0 none
    touched: Ints  # place in TOUCHED plus one, 0 none
    standing: Ints  # state, arm, band of the reminder and of the last talk (call_eligibility)
    made: Ints  # day of the newest promise before
    due: Ints  # day on which that promise is due
    owed: Floats  # at the end of the day before, 0 unknown
    instalment: Floats  # at the end of the day before, 0 unknown
    planned_to: Ints  # day on which the last instalment is due
    paid: Ints
    amount: Floats  # paid
    is_last: NDArray[np.bool_]
    levels: tuple[int, ...]  # how many each covariate has
    stand_levels: tuple[int, ...]  # how many the promise and each row of `standing` has
    accounts: Ints  # by spell
    reminded: Ints  # by spell: day of the first reminder
    cuts: Floats  # between bands of `owed`
    products: tuple[str, ...]  # names of the codes

    @property
    def size(self) -> int:
        return len(self.spell)

    @property
    def stands(self) -> Ints:
        """What keeps from a call: promise, then `standing`."""
        return np.concatenate([self.promise[None, :], self.standing])

    def until(self, day: int) -> NDArray[np.bool_]:
        return self.day <= day

    def only(self, rows: NDArray[np.bool_]) -> PersonDays:
        """Cut to some rows; spells keep their numbers."""
        by_row = [each.name for each in fields(self) if each.name not in WHOLE]
        return replace(self, **{name: getattr(self, name)[..., rows] for name in by_row})
