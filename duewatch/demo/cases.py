"""What the lender knows about each late account, and the logs of what it has done."""

from __future__ import annotations

import numpy as np

from duewatch.demo.conduct import (
    EARLIEST,
    EARLIEST_TWO_ZONES,
    assignment_log,
    contact_log,
    dispute_log,
    flag_log,
    promise_log,
)
from duewatch.demo.parameters import CAUSE_SHARES
from duewatch.demo.portfolio import TWO_ZONES, pick
from duewatch.demo.repayment import Repayment
from duewatch.demo.staff import Staff
from duewatch.demo.timeline import NEVER, NEVER_BEFORE, Bools, Ints

UNKNOWN_CAUSE = 4
NONE_YET = -1


class Cases:
    """State by account, and the logs. Days are day numbers; NEVER_BEFORE / NEVER where nothing happened. A spell is
    a run of days on which an account is late; `ended`: days on which spells ended, and their accounts."""

    def __init__(self, repayment: Repayment, staff: Staff, rng: np.random.Generator) -> None:
        self.repayment, self.ledger, self.book = repayment, repayment.ledger, repayment.book
        self.terms, self.days, self.staff, self.rng = repayment.terms, repayment.days, staff, rng
        self.contacts, self.promises, self.flags = contact_log(), promise_log(), flag_log()
        self.disputes, self.assignments = dispute_log(), assignment_log()
        self.responses: list[tuple[Ints, Ints]] = []
        self.spells = dict.fromkeys(("begun", "ended", "ended_without_a_talk", "ended_within_30_days"), 0)
        self.ended: list[tuple[int, Ints]] = []
        self._know_nothing(self.book.size)
        self.earliest = np.where(self.book.zone_kind == TWO_ZONES, EARLIEST_TWO_ZONES, EARLIEST)
        self.natural_cause = pick(rng, CAUSE_SHARES, self.book.size)

    def _know_nothing(self, n: int) -> None:
        self.in_spell, self.talked, self.called, self.letter_sent = (_none(n) for _ in range(4))
        self.written_off, self.legal, self.promise_reminder = (_none(n) for _ in range(3))
        self.began_on, self.remind_from, self.assigned_on = (np.zeros(n, dtype=np.int64) for _ in range(3))
        self.promise_left, self.phone = (np.zeros(n, dtype=np.int64) for _ in range(2))
        self.reminded_on, self.promise_due, self.tried_on = (np.full(n, NEVER_BEFORE) for _ in range(3))
        self.quiet_until, self.hold_until, self.noticed_on = (np.full(n, NEVER_BEFORE) for _ in range(3))
        self.letter_on = np.full(n, NEVER_BEFORE)
        self.restructure_on, self.cause = np.full(n, NEVER), np.full(n, UNKNOWN_CAUSE)
        self.stage, self.collector = np.full(n, NONE_YET), np.full(n, NONE_YET)


def _none(n: int) -> Bools:
    return np.zeros(n, dtype=np.bool_)
