"""What a talk with the debtor leads to: a few days of effect, a promise, a dispute, hardship, an end of contact."""

from __future__ import annotations

import numpy as np

from duewatch.demo.cases import Cases
from duewatch.demo.conduct import FLAG, HOUR, RESPONSE
from duewatch.demo.ledger import ALL_ARREARS, absolute
from duewatch.demo.portfolio import pick
from duewatch.demo.timeline import DAY_SECONDS, NEVER, Bools, Ints

TYPICAL_USD, TYPICAL_CNY = 22_000, 100_000
"""Cents; a promise of this amount counts as neither small nor large."""
QUIET_DAYS = 6
"""Days after the talk on which Regulation F allows no call."""


class Talks:
    def __init__(self, cases: Cases) -> None:
        self.cases, self.repayment, self.ledger, self.book = cases, cases.repayment, cases.ledger, cases.book
        self.terms, self.staff, self.rng = cases.terms, cases.staff, cases.rng

    def take_effect(self, acc: Ints, day: int) -> None:
        """A talk raises the hazard of the next days; where Regulation F holds, it also begins a quiet week."""
        self.cases.talked[acc] = True
        extra = self.staff.log_hazard[self.cases.collector[acc]]
        self.repayment.effect_until[acc] = day + self.terms.contact_effect_days
        self.repayment.effect[acc] = self.terms.contact_log_hazard + extra
        self.repayment.effect_level[acc] = np.where(extra == 0, 1, np.where(extra > 0, 2, 3))
        american = acc[self.book.usd[acc]]
        partners = self.book.partner[american]
        self.cases.quiet_until[american] = day + QUIET_DAYS
        self.cases.quiet_until[partners[partners >= 0]] = day + QUIET_DAYS

    def hold(self, acc: Ints, day: int, end: Ints, rows: Ints, robot: Bools) -> None:
        """`end`: second of the day; `rows`: of the contact log. What a robot is told leads to nothing further."""
        self.take_effect(acc, day)
        self.cases.cause[acc] = self.cases.natural_cause[acc]
        acc, end, rows = acc[~robot], end[~robot], rows[~robot]
        response = self._responses(acc)
        self.cases.responses.append((rows, response))
        by_response = {name: response == RESPONSE[name] for name in ("promise", "dispute", "hardship", "refusal")}
        self._promise(acc[by_response["promise"]], day, end[by_response["promise"]], rows[by_response["promise"]])
        self._dispute(acc[by_response["dispute"]], day, end[by_response["dispute"]])
        self._hardship(acc[by_response["hardship"]], day, end[by_response["hardship"]])
        self._cease(acc[by_response["refusal"]], day)

    def _responses(self, acc: Ints) -> Ints:
        terms, n = self.terms, len(acc)
        odds = terms.promise_log_odds + self.staff.promise_log_odds[self.cases.collector[acc]]
        promise = self.rng.random(n) < 1 / (1 + np.exp(-odds))
        rest = pick(self.rng, (terms.share_dispute, terms.share_hardship, terms.share_refusal, 1.0), n)
        codes = np.array([RESPONSE[name] for name in ("dispute", "hardship", "refusal", "none")])
        return np.where(promise, RESPONSE["promise"], codes[rest])

    def _promise(self, acc: Ints, day: int, end: Ints, rows: Ints) -> None:
        """Kept more often when small and near. The payment that keeps it falls after the days of the talk's effect."""
        n, terms = len(acc), self.terms
        amount = self._promised_amount(acc)
        ahead = self.rng.integers(terms.promise_days[0], terms.promise_days[1] + 1, n)
        size = np.log(amount / np.where(self.book.usd[acc], TYPICAL_USD, TYPICAL_CNY))
        odds = terms.keep_log_odds + terms.keep_per_day * ahead + terms.keep_per_log_amount * size
        keeps = self.rng.random(n) < 1 / (1 + np.exp(-odds))
        omitted = self.rng.random(n) < terms.reminder_omitted_share
        self.cases.promises.add(
            n,
            acc=acc,
            contact=rows,
            made=absolute(day, end),
            due=day + ahead,
            amount=amount,
            kept_drawn=keeps,
            reminder_omitted=omitted,
        )
        self.cases.promise_due[acc], self.cases.promise_left[acc] = day + ahead, amount
        self.cases.promise_reminder[acc] = ~omitted
        when = self.rng.integers(day + terms.contact_effect_days + 1, day + ahead[keeps] + 1)
        self.repayment.promise(acc[keeps], when, amount[keeps])

    def _promised_amount(self, acc: Ints) -> Ints:
        """Cents: all arrears, or a part of them in whole tens of the currency."""
        n, arrears = len(acc), self.ledger.arrears(acc)
        part = np.floor(arrears * self.rng.uniform(0.3, 0.8, n) / 1000) * 1000
        return np.where((self.rng.random(n) < 0.6) | (part < 1000), arrears, part).astype(np.int64)

    def _dispute(self, acc: Ints, day: int, end: Ints) -> None:
        """Acknowledged within a day, answered within weeks, and no contact until then."""
        n = len(acc)
        opened = absolute(day, end)
        resolved = absolute(day + self.rng.integers(4, 18, n), 15 * HOUR + self.rng.integers(0, 2 * HOUR, n))
        self.cases.disputes.add(
            n,
            acc=acc,
            opened=opened,
            reason=self.rng.integers(0, 4, n),
            resolved=resolved,
            acknowledged=opened + self.rng.integers(HOUR, 20 * HOUR, n),
            upheld=self.rng.random(n) < 0.25,
        )
        self.cases.flags.add(n, acc=acc, kind=FLAG["dispute"], since=opened, until=resolved, known=opened)
        self.cases.hold_until[acc] = resolved // DAY_SECONDS

    def _hardship(self, acc: Ints, day: int, end: Ints) -> None:
        """Noted for a month; some reach an arrangement, pay what is late and are restructured."""
        opened = absolute(day, end)
        self.cases.flags.add(
            len(acc), acc=acc, kind=FLAG["hardship"], since=opened, until=opened + 30 * DAY_SECONDS, known=opened
        )
        agreed = acc[(self.rng.random(len(acc)) < 0.15) & ~self.cases.written_off[acc]]
        when = day + self.rng.integers(8, 20, len(agreed))
        self.cases.restructure_on[agreed] = when
        self.repayment.promise(agreed, when, ALL_ARREARS)

    def _cease(self, acc: Ints, day: int) -> None:
        """Some American debtors ask in writing to be left alone; all contact ends with both of their debts."""
        acc = acc[self.book.usd[acc] & (self.rng.random(len(acc)) < self.terms.share_cease)]
        since = absolute(day + 1, 8 * HOUR)
        self.cases.flags.add(len(acc), acc=acc, kind=FLAG["cease_contact"], since=since, known=since, whole_debtor=1)
        self.cases.hold_until[acc] = NEVER
        partners = self.book.partner[acc]
        self.cases.hold_until[partners[partners >= 0]] = NEVER
