"""Spells of lateness: when they begin and end, what becomes of the account meanwhile, and who works it."""

from __future__ import annotations

import numpy as np

from duewatch.demo.cases import NONE_YET, Cases
from duewatch.demo.parameters import STAGE_FROM
from duewatch.demo.portfolio import pick
from duewatch.demo.timeline import NEVER_BEFORE, Ints

REMIND_AFTER_SHARES = (0.6, 0.25, 0.15)
"""A spell's first reminder goes out on its first, second or third day."""
STANDARD, HOLDOUT = 0, 1
ARMS = ("standard", "holdout")


class Spells:
    def __init__(self, cases: Cases) -> None:
        self.cases, self.ledger, self.book = cases, cases.ledger, cases.book
        self.terms, self.staff, self.rng = cases.terms, cases.staff, cases.rng

    def run_day(self, late: Ints, day: int) -> None:
        """Begin and end spells, so that exactly the accounts `late` are in one."""
        cases, is_late = self.cases, np.zeros(self.book.size, dtype=np.bool_)
        is_late[late] = True
        self._end(np.flatnonzero(cases.in_spell & ~is_late), day)
        self._begin(late[~cases.in_spell[late]], day)
        self._move_status(late, day)
        self._assign(late, day)

    def close(self) -> None:
        """At the end of the window: assignments that are still open."""
        acc = np.flatnonzero(self.cases.stage != NONE_YET)
        self._log_assignments(acc, np.full(len(acc), -1))

    def _begin(self, acc: Ints, day: int) -> None:
        cases = self.cases
        cases.in_spell[acc], cases.began_on[acc], cases.talked[acc] = True, day, False
        cases.spells["begun"] += len(acc)
        cases.reminded_on[acc] = NEVER_BEFORE
        cases.called[acc] = cases.letter_sent[acc] = False
        cases.letter_on[acc] = NEVER_BEFORE
        cases.repayment.may_pay_in_part[acc] = False
        cases.remind_from[acc] = day + pick(self.rng, REMIND_AFTER_SHARES, len(acc))

    def _end(self, acc: Ints, day: int) -> None:
        cases = self.cases
        cases.spells["ended"] += len(acc)
        cases.ended.append((day, acc))
        cases.spells["ended_without_a_talk"] += int((~cases.talked[acc]).sum())
        cases.spells["ended_within_30_days"] += int((day - cases.began_on[acc] <= 30).sum())
        cases.in_spell[acc] = cases.written_off[acc] = cases.legal[acc] = False
        cases.repayment.may_pay_in_part[acc] = False
        self._close_assignments(acc, day)

    def _move_status(self, late: Ints, day: int) -> None:
        dpd = day - self.ledger.oldest[late]
        draw = self.rng.random(len(late))
        self.cases.written_off[late[(dpd > 180) & (draw < self.terms.write_off_daily)]] = True
        self.cases.legal[late[(dpd > 90) & (dpd <= 180) & (draw < self.terms.legal_daily)]] = True

    def _assign(self, late: Ints, day: int) -> None:
        cases = self.cases
        stage = np.searchsorted(STAGE_FROM, day - self.ledger.oldest[late], side="right") - 1
        moved = stage != cases.stage[late]
        acc, stage = late[moved], stage[moved]
        self._close_assignments(acc, day - 1)
        cases.stage[acc], cases.assigned_on[acc] = stage, day
        cases.collector[acc] = self.staff.of_desk(stage + 3 * self.book.usd[acc], self.rng.random(len(acc)))

    def _close_assignments(self, acc: Ints, last_day: int) -> None:
        acc = acc[self.cases.stage[acc] != NONE_YET]
        self._log_assignments(acc, np.maximum(last_day, self.cases.assigned_on[acc]))
        self.cases.stage[acc] = NONE_YET

    def _log_assignments(self, acc: Ints, until: Ints) -> None:
        cases = self.cases
        arm = np.where(self.book.holdout[acc] & (cases.stage[acc] == 0), HOLDOUT, STANDARD)
        cases.assignments.add(
            len(acc), acc=acc, collector=cases.collector[acc], since=cases.assigned_on[acc], until=until, arm=arm
        )
