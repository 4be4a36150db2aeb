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
"""Fields of Panel that have no row."""


@dataclass(frozen=True)
class PersonDays:
    """Rows ordered by spell and day. `codes`: covariates by row (NAMES); `levels`: how many each has; `dials`,
    `reached`: calls of that day, `hour` of its first (-1 unknown); `seen`, `marks`: EXPOSURES and MARKS before that
    day, 0 or 1; `promise`: place in PROMISES plus one, 0 none; `touched`: the same in TOUCHED; `standing`: state, arm,
    band of the reminder and of the last talk (standing.py), `stand_levels`: how many the promise and each of these has;
    `made`, `due`: days of the newest promise before it; `owed`, `instalment`: at the end of the day before, 0 unknown;
    `planned_to`: when the last instalment is due; `amount`: paid. By spell: `accounts`, `reminded` (day). `cuts`: of
    `owed`; `products`: names of the codes."""

    spell: Ints
    debtor: Ints
    day: Ints
    age: Ints
    codes: Ints
    dials: Ints
    reached: Ints
    hour: Ints
    seen: Ints
    marks: Ints
    promise: Ints
    touched: Ints
    standing: Ints
    made: Ints
    due: Ints
    owed: Floats
    instalment: Floats
    planned_to: Ints
    paid: Ints
    amount: Floats
    is_last: NDArray[np.bool_]
    levels: tuple[int, ...]
    stand_levels: tuple[int, ...]
    accounts: Ints
    reminded: Ints
    cuts: Floats
    products: tuple[str, ...]

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
