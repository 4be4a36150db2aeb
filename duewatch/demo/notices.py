"""Messages that go out by themselves: before the due date, of promises, first touches of a spell, formal letters."""

from __future__ import annotations

import numpy as np

from duewatch.demo.cases import Cases
from duewatch.demo.conduct import (
    CHANNEL,
    FIRST_CALL_FROM,
    MORNING,
    OUTCOME,
    PLACE,
    PURPOSE,
    REMINDER_CHANNELS,
    REMINDER_TEMPLATES,
    TEMPLATE,
    morning,
)
from duewatch.demo.timeline import NEVER_BEFORE, Ints

DAYS_BEFORE_DUE = (7, 3, 1)
DAYS_AFTER_FIRST = (7, 14, 21)
LETTER_FROM, LETTER_BY = 31, 39
DAYS_AFTER_LETTER = (17, 23, 28)
"""Its deadline is 15 days after the letter; who is still late then is written to again."""


class Notices:
    def __init__(self, cases: Cases) -> None:
        self.cases, self.ledger, self.book, self.rng = cases, cases.ledger, cases.book, cases.rng

    def run_day(self, free: Ints, day: int) -> None:
        """`free`: late accounts that may be contacted today."""
        self._remind_before_due(day)
        self._remind_of_promises(day)
        self._remind(free, day)
        self._send_letters(free, day)
        self._follow_letters_up(free, day)

    def _notice(self, acc: Ints, day: int, **columns: object) -> None:
        """A message in the morning slot, unless `columns` say otherwise."""
        self.cases.noticed_on[self.book.debtor[acc]] = day
        self.cases.contacts.add(
            len(acc),
            acc=acc,
            day=day,
            recorded=self.rng.integers(5, 90, len(acc)),
            **{"second": morning(self.rng, len(acc)), "phone": self.cases.phone[self.book.debtor[acc]], **columns},
        )

    def _remind_before_due(self, day: int) -> None:
        """A week, three days and one day before the due date, while it is unpaid."""
        soon = np.isin(self.ledger.oldest - day, DAYS_BEFORE_DUE)
        acc = np.flatnonzero(soon & self.book.reminded_before_due)
        current = self.ledger.paid_today[acc] != day
        acc = acc[current & (self.cases.hold_until[acc] < day) & ~self.book.reserved[acc]]
        channel = np.where(self.rng.random(len(acc)) < 0.5, CHANNEL["sms"], CHANNEL["app"])
        self._notice(
            acc,
            day,
            channel=channel,
            outcome=OUTCOME["delivered"],
            purpose=PURPOSE["reminder"],
            template=TEMPLATE["T-PRE-DUE"],
        )

    def _remind_of_promises(self, day: int) -> None:
        """On the day before a promise is due, unless it was left out."""
        acc = np.flatnonzero((self.cases.promise_due == day + 1) & self.cases.promise_reminder)
        acc = acc[(self.cases.hold_until[acc] < day) & (self.ledger.oldest[acc] < day)]
        self._notice(
            acc,
            day,
            channel=CHANNEL["sms"],
            outcome=OUTCOME["delivered"],
            purpose=PURPOSE["promise_reminder"],
            template=TEMPLATE["T-PROMISE"],
        )

    def _remind(self, free: Ints, day: int) -> None:
        """First touch of a spell by the preferred quiet channel until one is delivered; then again after a week."""
        cases = self.cases
        since = day - cases.reminded_on[free]
        first = (cases.reminded_on[free] == NEVER_BEFORE) & (cases.remind_from[free] <= day)
        again = np.isin(since, DAYS_AFTER_FIRST) & (cases.promise_due[free] < day)
        again &= self.rng.random(len(free)) < 0.6
        acc, is_first = free[first | again], first[first | again]
        kind = self.book.channel[acc]
        delivered = self.rng.random(len(acc)) < 0.97
        self._notice(
            acc,
            day,
            channel=REMINDER_CHANNELS[kind],
            template=REMINDER_TEMPLATES[kind],
            purpose=PURPOSE["reminder"],
            outcome=np.where(delivered, OUTCOME["delivered"], OUTCOME["undelivered"]),
        )
        cases.reminded_on[acc[is_first & delivered]] = day

    def _send_letters(self, free: Ints, day: int) -> None:
        """A formal demand once the account is in its second month."""
        cases, dpd = self.cases, day - self.ledger.oldest[free]
        ready = (dpd >= LETTER_FROM) & ~cases.letter_sent[free] & (cases.reminded_on[free] >= 0)
        chosen = (self.rng.random(len(free)) < 0.3) | (dpd >= LETTER_BY)
        acc = free[ready & chosen & (cases.promise_due[free] < day)]
        cases.letter_sent[acc], cases.letter_on[acc] = True, day
        self._notice(
            acc,
            day,
            second=self.rng.integers(MORNING[1], FIRST_CALL_FROM, len(acc)),
            channel=CHANNEL["letter"],
            outcome=np.where(self.rng.random(len(acc)) < 0.96, OUTCOME["delivered"], OUTCOME["undelivered"]),
            template=TEMPLATE["T-LETTER-DEMAND"],
            place=PLACE["home"],
            collector=cases.collector[acc],
        )

    def _follow_letters_up(self, free: Ints, day: int) -> None:
        """A message after the deadline of the letter has passed."""
        acc = free[np.isin(day - self.cases.letter_on[free], DAYS_AFTER_LETTER)]
        kind = self.book.channel[acc]
        self._notice(
            acc,
            day,
            channel=REMINDER_CHANNELS[kind],
            template=REMINDER_TEMPLATES[kind],
            purpose=PURPOSE["reminder"],
            outcome=OUTCOME["delivered"],
        )
