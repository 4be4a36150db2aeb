"""How debtors pay: on time or not, by a daily hazard once late, by promise, by arrangement."""

from __future__ import annotations

import numpy as np

from duewatch.demo.ledger import ALL_ARREARS, ALL_OWED, APP, AUTO_DEBIT, TRANSFER, Ledger
from duewatch.demo.parameters import Parameters
from duewatch.demo.portfolio import CARD, Portfolio
from duewatch.demo.timeline import NEVER, NEVER_BEFORE, Bools, Floats, Ints, Timeline

LEAD_DAYS = 3
CONTACT_LEVELS = ("none", "ordinary", "better_collector", "worse_collector")
EXPOSURE_SHAPE = (9, 3, 2, 2, 4, 3)
"""dpd band, risk grade, weekend, payday, contact level, third of the judgement."""


class Repayment:
    """`plan_on` / `plan_amount`: a payment already decided (`is_promised`: of arrears, so void once they are gone).
    `effect_until`, `effect`: last day on which a talk
    raises the log-hazard, and by how much. `exposure`: trials and payments of the hazard, for truth.json."""

    def __init__(self, ledger: Ledger, book: Portfolio, terms: Parameters, days: Timeline, rng: np.random.Generator):
        self.ledger, self.book, self.terms, self.days, self.rng = ledger, book, terms, days, rng
        n = book.size
        self.plan_on, self.plan_amount = np.full(n, NEVER), np.zeros(n, dtype=np.int64)
        self.is_promised = np.zeros(n, dtype=np.bool_)
        self.decided_due = np.full(n, NEVER_BEFORE)
        self.effect_until, self.effect = np.full(n, NEVER_BEFORE), np.zeros(n)
        self.effect_level = np.zeros(n, dtype=np.int64)
        self.may_pay_in_part = np.zeros(n, dtype=np.bool_)
        self.miss_from, self.miss_to = np.full(n, NEVER), np.full(n, NEVER)
        self.scheduled: dict[int, list[tuple[Ints, int]]] = {}
        self.third = np.searchsorted((-0.4307, 0.4307), book.judgement)
        self.exposure = np.zeros((2, *EXPOSURE_SHAPE), dtype=np.int64)
        odds = np.log(np.array(terms.miss_share) / (1 - np.array(terms.miss_share)))[book.grade]
        self.miss = 1 / (1 + np.exp(-(odds + terms.miss_judgement_log_odds * book.judgement)))

    def schedule(self, day: int, acc: Ints, amount: int) -> None:
        """A planted payment: cents, ALL_ARREARS or ALL_OWED."""
        self.scheduled.setdefault(day, []).append((acc, amount))

    def run_day(self, day: int) -> None:
        due = self.ledger.begin_day(day)
        self.plan_on[self.is_promised & (self.ledger.oldest >= day)] = NEVER
        self.is_promised &= self.plan_on != NEVER
        self._decide(np.flatnonzero(self.ledger.next_due() == day + LEAD_DAYS), day, LEAD_DAYS)
        self._decide(due[self.decided_due[due] != day], day, 0)
        self._pay_plans(day)
        for acc, amount in self.scheduled.pop(day, []):
            self.ledger.pay(self.rng, day, acc, np.full(len(acc), amount), TRANSFER)
        self._pay_by_hazard(day)
        self.ledger.reverse_due(day)

    def promise(self, acc: Ints, day: Ints, amount: int | Ints) -> None:
        """A payment of arrears on `day`, if by then there are any."""
        self.plan_on[acc], self.plan_amount[acc], self.is_promised[acc] = day, amount, True

    def _decide(self, acc: Ints, day: int, lead: int) -> None:
        """Whether the coming instalment is paid on time, and on which of the days that are left."""
        due = day + lead
        acc = acc[(self.ledger.oldest[acc] == due) & (self.plan_on[acc] == NEVER)]
        self.decided_due[acc] = due
        missed = self.rng.random(len(acc)) < self.miss[acc]
        days_early = self.rng.integers(0, lead + 1, len(acc))
        prepaid = (self.rng.random(len(acc)) < self.terms.prepay_share) & (self.book.product[acc] != CARD)
        scripted = self.book.reserved[acc]
        missed = np.where(scripted, (due >= self.miss_from[acc]) & (due <= self.miss_to[acc]), missed)
        pays = acc[~missed]
        self.plan_on[pays] = due - days_early[~missed]
        whole = (prepaid & ~scripted)[~missed]
        self.plan_amount[pays] = np.where(whole, ALL_OWED, self.ledger.next_amount(pays))

    def _pay_plans(self, day: int) -> None:
        acc = np.flatnonzero(self.plan_on <= day)
        promised, amount = self.is_promised[acc], self.plan_amount[acc]
        self.plan_on[acc], self.is_promised[acc] = NEVER, False
        late, arrears = acc[promised], self.ledger.arrears(acc[promised])
        part = np.where(amount[promised] == ALL_ARREARS, arrears, np.minimum(amount[promised], arrears))
        self.ledger.pay(self.rng, day, late, part, TRANSFER)
        paid = self.ledger.pay(self.rng, day, acc[~promised], amount[~promised], AUTO_DEBIT)
        self._plan_reversals(day, paid)

    def _plan_reversals(self, day: int, paid: Ints) -> None:
        """A few direct debits bounce. Only rows of this day's last batch, so their numbers are known."""
        newest = np.arange(self.ledger.log.n_rows - len(paid), self.ledger.log.n_rows)
        bounced = self.rng.random(len(paid)) < self.terms.reversal_share
        bounced &= ~self.book.reserved[paid] & (self.ledger.closed_on[paid] == NEVER)
        if not bounced.any():
            return
        amount = self.ledger.log.column("amount")[newest[bounced]]
        acc, rows = paid[bounced], newest[bounced]
        self.ledger.reversals.setdefault(day + int(self.rng.integers(2, 6)), []).append((acc, amount, rows))

    def log_hazard(self, acc: Ints, band: Ints, day: int) -> Floats:
        """Log of the daily hazard of accounts that are late."""
        terms = self.terms
        log_rate = np.log(np.array(terms.hazard))[band] + np.array(terms.grade_log_hazard)[self.book.grade[acc]]
        log_rate = log_rate + terms.judgement_log_hazard * self.book.judgement[acc]
        log_rate = log_rate + terms.weekend_log_hazard * self.days.is_weekend(day)
        log_rate = log_rate + terms.payday_log_hazard * self.days.is_payday(day)
        return np.asarray(log_rate + np.where(self.effect_until[acc] >= day, self.effect[acc], 0.0))

    def _pay_by_hazard(self, day: int) -> None:
        late = self.ledger.delinquent(day)
        late = late[~self.book.reserved[late] & (self.ledger.paid_today[late] != day)]
        band = np.searchsorted(self.terms.hazard_from_day, day - self.ledger.oldest[late], side="right") - 1
        pays = self.rng.random(len(late)) < 1 - np.exp(-np.exp(self.log_hazard(late, band, day)))
        self._count(late, band, pays, day)
        acc = late[pays]
        self.ledger.pay(self.rng, day, acc, self._how_much(acc, band[pays]), APP)

    def _count(self, acc: Ints, band: Ints, pays: Bools, day: int) -> None:
        level = np.where(self.effect_until[acc] >= day, self.effect_level[acc], 0)
        weekend = np.full(len(acc), self.days.is_weekend(day), dtype=np.int64)
        payday = np.full(len(acc), self.days.is_payday(day), dtype=np.int64)
        place = (band, self.book.grade[acc], weekend, payday, level, self.third[acc])
        cell = np.ravel_multi_index(place, EXPOSURE_SHAPE)
        size = int(np.prod(EXPOSURE_SHAPE))
        self.exposure[0] += np.bincount(cell, minlength=size).reshape(EXPOSURE_SHAPE)
        self.exposure[1] += np.bincount(cell[pays], minlength=size).reshape(EXPOSURE_SHAPE)

    def _how_much(self, acc: Ints, band: Ints) -> Ints:
        """Everything late, or one instalment, or a part of one (only where a collector has called in this spell)."""
        arrears = self.ledger.arrears(acc)
        full = np.array(self.terms.full_cure_share)[np.clip(band - 3, 0, 3)]
        draw, part = self.rng.random(len(acc)), self.rng.uniform(0.3, 0.9, len(acc))
        in_part = self.may_pay_in_part[acc] & (draw > full)
        instalment = self.ledger.next_amount(acc)
        some = np.where(draw > full + (1 - full) / 2, np.floor(instalment * part / 100) * 100 + 100, instalment)
        return np.where(in_part, np.minimum(some, arrears), arrears).astype(np.int64)
