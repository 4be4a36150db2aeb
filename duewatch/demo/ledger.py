"""What each account owes and has paid, day by day: the one place where payments change days past due."""

from __future__ import annotations

import numpy as np

from duewatch.demo.log import Log
from duewatch.demo.parameters import Parameters
from duewatch.demo.portfolio import CARD, Portfolio, pick
from duewatch.demo.timeline import DAY_SECONDS, NEVER, NEVER_BEFORE, Bools, Ints, Timeline

AUTO_DEBIT, TRANSFER, APP, COUNTER = range(4)
METHODS = ("auto_debit", "bank_transfer", "app", "counter")
ALL_ARREARS, ALL_OWED = -1, -2


class Ledger:
    """`paid`: cents received net of reversals. `n_due`: instalments due on or before today. `n_paid`: instalments
    fully paid, oldest first. `oldest`: due day of the oldest instalment not fully paid (NEVER: none)."""

    def __init__(self, book: Portfolio, terms: Parameters, days: Timeline, rng: np.random.Generator) -> None:
        self.book, self.terms, self.days = book, terms, days
        self.rows = np.arange(book.size)
        self.due_on = np.concatenate([book.due_on, np.full((book.size, 1), NEVER)], axis=1)
        self.owed_to = np.concatenate([np.zeros((book.size, 1), dtype=np.int64), book.owed_to], axis=1)
        self.n_due = (book.due_on < 0).sum(axis=1)
        missed = np.minimum(pick(rng, terms.missed_at_start, book.size), np.maximum(self.n_due, 0))
        self.n_paid = np.where(book.reserved, self.n_due, self.n_due - missed)
        self.paid: Ints = self.owed_to[self.rows, self.n_paid].copy()
        self.oldest: Ints = self.due_on[self.rows, self.n_paid].copy()
        self.paid_today = np.full(book.size, NEVER_BEFORE)
        self.amount_today = np.zeros(book.size, dtype=np.int64)
        self.closed_on = np.full(book.size, NEVER)
        self.reversals: dict[int, list[tuple[Ints, Ints, Ints]]] = {}
        self.log = Log(acc=0, day=0, second=0, amount=0, reverses=-1, method=TRANSFER)
        self._log_history(rng)

    def _log_history(self, rng: np.random.Generator) -> None:
        """One payment on or shortly before each due date that was met before the window."""
        acc, k = np.nonzero(np.arange(self.book.due_on.shape[1])[None, :] < self.n_paid[:, None])
        day = np.maximum(self.book.due_on[acc, k] - rng.integers(0, 4, len(acc)), self.book.opened_on[acc])
        second = rng.integers(7 * 3600, 23 * 3600, len(acc))
        self.log.add(len(acc), acc=acc, day=day, second=second, amount=self.book.amount[acc, k], method=AUTO_DEBIT)

    def next_due(self) -> Ints:
        due_days: Ints = self.due_on[self.rows, self.n_due]
        return due_days

    def begin_day(self, day: int) -> Ints:
        """Count the instalments that fall due today; returns their accounts."""
        due = np.flatnonzero(self.next_due() == day)
        self.n_due[due] += 1
        return due

    def delinquent(self, day: int) -> Ints:
        return np.flatnonzero(self.oldest < day)

    def days_past_due(self, day: int) -> Ints:
        """0 on the due date itself, 1 on the day after."""
        return np.maximum(day - self.oldest, 0)

    def arrears(self, acc: Ints) -> Ints:
        """Cents due on or before today and not paid."""
        return np.asarray(np.maximum(self.owed_to[acc, self.n_due[acc]] - self.paid[acc], 0), dtype=np.int64)

    def owed(self, acc: Ints) -> Ints:
        """Cents of instalments not paid, due or not."""
        left: Ints = self.owed_to[acc, self.book.n_instalments[acc]] - self.paid[acc]
        return left

    def next_amount(self, acc: Ints) -> Ints:
        """Cents that are still missing from the oldest instalment not fully paid."""
        place = np.minimum(self.n_paid[acc] + 1, self.book.n_instalments[acc])
        left: Ints = self.owed_to[acc, place] - self.paid[acc]
        return left

    def pay(self, rng: np.random.Generator, day: int, acc: Ints, amount: Ints, method: int) -> Ints:
        """Book payments (never more than is owed); returns the accounts that paid something."""
        amount = np.minimum(np.where(amount == ALL_ARREARS, self.arrears(acc), amount), self.owed(acc))
        amount = np.where(amount == ALL_OWED, self.owed(acc), amount)
        real = amount > 0
        acc, amount = acc[real], amount[real]
        second = rng.integers(7 * 3600, 23 * 3600, len(acc))
        self.log.add(len(acc), acc=acc, day=day, second=second, amount=amount, method=method)
        self.paid[acc] += amount
        self.amount_today[acc] = amount + np.where(self.paid_today[acc] == day, self.amount_today[acc], 0)
        self.paid_today[acc] = day
        self._settle(acc, day)
        return acc

    def reverse_due(self, day: int) -> None:
        for acc, amount, rows in self.reversals.pop(day, []):
            self.log.add(len(acc), acc=acc, day=day, second=6 * 3600, amount=-amount, reverses=rows, method=AUTO_DEBIT)
            self.paid[acc] -= amount
            self._settle(acc, day)

    def _settle(self, acc: Ints, day: int) -> None:
        """Allocate oldest first: recount the instalments fully paid."""
        self.n_paid[acc] = (self.owed_to[acc, 1:] <= self.paid[acc][:, None]).sum(axis=1)
        self.n_paid[acc] = np.minimum(self.n_paid[acc], self.book.n_instalments[acc])
        self.oldest[acc] = self.due_on[acc, self.n_paid[acc]]
        done = acc[(self.n_paid[acc] == self.book.n_instalments[acc]) & (self.book.product[acc] != CARD)]
        self.closed_on[done] = np.minimum(self.closed_on[done], day)

    def open_at(self, day: int) -> Bools:
        """Accounts opened and not yet closed before this day."""
        return (self.book.opened_on <= day) & (self.closed_on >= day)


def absolute(day: int | Ints, second: int | Ints) -> Ints:
    """Seconds of wall time since midnight of day 0."""
    return np.asarray(day, dtype=np.int64) * DAY_SECONDS + np.asarray(second, dtype=np.int64)
