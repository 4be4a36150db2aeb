"""A cap on calls that the invented lender begins to keep on a day: the same past, another policy from then on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duewatch.demo.timeline import Bools, Floats, Ints


@dataclass(frozen=True)
class CallCap:
    """At most `most` dates with a call to an account in any `dates` dates, from day number `from_day` on."""

    most: int
    dates: int
    from_day: int


class Capped:
    """Who is called on a day under the cap. What it spares goes to the next accounts, so that as many are called as
    without it, as far as there are accounts that may be."""

    def __init__(self, cap: CallCap, n_accounts: int) -> None:
        self.cap = cap
        self._called = np.zeros((n_accounts, cap.dates), dtype=np.bool_)

    def chosen(self, acc: Ints, share: Floats, drawn: Floats, day: int) -> Bools:
        """Of `acc` those called, where `share` is each one's chance and `drawn` < `share` those called without a cap.
        Larger log-odds of the chance over those of the draw come first."""
        drawn_now = drawn < share
        if day < self.cap.from_day:
            return drawn_now
        used = np.delete(self._called[acc], day % self.cap.dates, axis=1).sum(axis=1)
        may = np.flatnonzero(used < self.cap.most)
        first = (np.log(share) - np.log1p(-share) - np.log(drawn) + np.log1p(-drawn))[may]
        chosen = np.zeros(len(acc), dtype=np.bool_)
        chosen[may[np.argsort(-first, kind="stable")[: int(drawn_now.sum())]]] = True
        return chosen

    def note(self, acc: Ints, day: int) -> None:
        self._called[:, day % self.cap.dates] = False
        self._called[acc, day % self.cap.dates] = True
