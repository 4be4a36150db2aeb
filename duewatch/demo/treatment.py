"""What the lender does about late accounts, within the law: reminders first, calls after a wait, letters, holds."""

from __future__ import annotations

import numpy as np

from duewatch.demo.call_cap import CallCap
from duewatch.demo.calls import Calls
from duewatch.demo.cases import Cases
from duewatch.demo.notices import Notices
from duewatch.demo.spells import Spells
from duewatch.demo.timeline import NEVER_BEFORE, Ints


class Treatment:
    """One day's work, in the order in which it is done."""

    def __init__(self, cases: Cases, cap: CallCap | None = None) -> None:
        self.cases, self.ledger = cases, cases.ledger
        self.spells, self.notices, self.calls = Spells(cases), Notices(cases), Calls(cases, cap)

    def run_day(self, day: int) -> None:
        late = self.ledger.delinquent(day)
        late = late[~self.cases.book.reserved[late]]
        self.spells.run_day(late, day)
        self._count_toward_promises(day)
        free = self._may_be_contacted(late, day)
        self.notices.run_day(free, day)
        self.calls.run_day(free, day)

    def close(self) -> None:
        self.spells.close()

    def _may_be_contacted(self, late: Ints, day: int) -> Ints:
        """Not on hold, not in court, and nothing paid today."""
        held = (self.cases.hold_until[late] >= day) | self.cases.legal[late]
        free: Ints = late[~held & (self.ledger.paid_today[late] != day)]
        return free

    def _count_toward_promises(self, day: int) -> None:
        """Payments of the day fulfil the open promise, which is then open no longer."""
        cases = self.cases
        acc = np.flatnonzero((cases.promise_due >= day) & (self.ledger.paid_today == day))
        cases.promise_left[acc] -= self.ledger.amount_today[acc]
        settled = acc[(self.ledger.oldest[acc] >= day) | (cases.promise_left[acc] <= 0)]
        cases.promise_due[settled] = NEVER_BEFORE
