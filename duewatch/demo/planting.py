"""Carries the scripts of `plants.py` out on the accounts that are reserved for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duewatch.demo.cases import Cases
from duewatch.demo.conduct import (
    CALLERS,
    CHANNEL,
    DIRECTIONS,
    FLAG,
    HOUR,
    OUTCOME,
    PLACE,
    PURPOSE,
    RESPONSE,
    ROLE,
    STYLE,
    SYSTEM,
    TEMPLATE,
)
from duewatch.demo.ledger import ALL_ARREARS, ALL_OWED, absolute
from duewatch.demo.plants import PLANTS, DisputeStep, FlagStep, Plant, PromiseStep, Step
from duewatch.demo.portfolio import TWO_ZONES, ZONE_NEW_YORK, Portfolio
from duewatch.demo.staff import Staff
from duewatch.demo.timeline import DAY_SECONDS, Bools, Ints, Timeline

ACCOUNTS_PER_PLANT = 4_000
"""One account of each kind for so many accounts, and at least one."""
LARGEST_SHARE = 5
"""At most one account in so many is reserved."""
WANTED_FROM = 0.35
"""Plants lie in the later part of the window, where every rule is in force."""
WHOLE_DEBTOR = ("cease_contact", "attorney", "unreachable", "contact_refused", "agreed_hours", "call_frequency_consent")
DETAILS = ("08:00-23:00",)


@dataclass(frozen=True)
class Reservation:
    """Which accounts of the whole book carry which plant: `kind[j]` for the account `step x j`."""

    n: int
    step: int

    def kinds(self, first: int, n: int) -> Ints:
        """By account of a chunk: the number of its plant, or -1."""
        account = np.arange(first, first + n)
        place = account // self.step
        carries = (account % self.step == self.step // 2) & (place < self.n)
        return np.where(carries, place % len(PLANTS), -1)


def reserve(accounts: int) -> Reservation:
    per_plant = max(1, accounts // ACCOUNTS_PER_PLANT)
    n = min(per_plant * len(PLANTS), accounts // LARGEST_SHARE)
    return Reservation(n=n, step=accounts // n if n else accounts + 1)


def wanted_currency(kinds: Ints) -> Ints:
    currencies = np.array([plant.currency for plant in PLANTS] + [-1])
    by_kind: Ints = currencies[kinds]
    return by_kind


def prefer_text_messages(book: Portfolio, kinds: Ints) -> None:
    """Planted debtors prefer text messages; those of a two-zone plant live in two plausible zones."""
    book.channel[kinds >= 0] = 0
    two = np.isin(kinds, [number for number, plant in enumerate(PLANTS) if plant.two_zones])
    book.zone_kind[two], book.zone[two] = TWO_ZONES, ZONE_NEW_YORK


class Planting:
    """`listed`: by plant number the rows (contacts, promises, disputes) or accounts that truth.json names."""

    def __init__(self, cases: Cases, staff: Staff, kinds: Ints, rng: np.random.Generator) -> None:
        self.cases, self.staff, self.rng = cases, staff, rng
        self.book, self.days, self.kinds = cases.book, cases.days, kinds
        self.listed: dict[int, list[Ints]] = {number: [] for number in range(len(PLANTS))}
        self.accounts: dict[int, Ints] = {}
        self.incomplete = np.zeros(self.book.size, dtype=np.bool_)
        for number, plant in enumerate(PLANTS):
            self._play(number, plant)

    def _play(self, number: int, plant: Plant) -> None:
        acc = np.flatnonzero(self.kinds == number)
        k, fits = _instalment_to_miss(self.rng, self.book, self.days, acc, plant.length)
        acc, k = acc[fits], k[fits]
        if len(acc) == 0:
            return
        self.accounts[number] = acc
        self.incomplete[acc] = plant.incomplete
        start = self.book.due_on[acc, k] + 1
        collector = self._script_payments(acc, k, start, plant)
        rows = [self._contact(acc, start, step, collector) for step in plant.steps]
        for row, step in zip(rows, plant.steps, strict=True):
            if step.fault and plant.what == "contacts":
                self.listed[number].append(row)
        for flag in plant.flags:
            self._flag(acc, start, flag)
        if plant.promise:
            self._promise(number, plant, plant.promise, acc, k, start, rows)
        if plant.dispute:
            self._dispute(number, plant, plant.dispute, acc, start)
        if plant.what == "accounts":
            self.listed[number].append(acc)

    def _script_payments(self, acc: Ints, k: Ints, start: Ints, plant: Plant) -> Ints:
        """Miss one instalment, pay by script; the account is assigned meanwhile. Returns its collector."""
        repay = self.cases.repayment
        repay.miss_from[acc], repay.miss_to[acc] = start - 1, start + plant.length
        part = self.book.amount[acc, k] * 2 // 5
        for account, begun, cents in zip(acc, start.tolist(), part.tolist(), strict=True):
            single = np.array([account])
            if plant.part_paid_day is not None:
                repay.schedule(begun + plant.part_paid_day, single, cents)
            if plant.all_paid_day is not None:
                repay.schedule(begun + plant.all_paid_day, single, ALL_OWED)
            repay.schedule(begun + plant.length, single, ALL_ARREARS)
        collector = self.staff.of_desk(3 * self.book.usd[acc], self.rng.random(len(acc)))
        self.cases.assignments.add(
            len(acc), acc=acc, collector=collector, since=start, until=start + plant.length, arm=0
        )
        return collector

    def _contact(self, acc: Ints, start: Ints, step: Step, collector: Ints) -> Ints:
        talk = 150 if step.outcome == "conversation" else 20
        spoken = step.channel == "call"
        end = talk if spoken else -1
        quiet = step.direction == "in" or not spoken
        return self.cases.contacts.add(
            len(acc),
            acc=acc,
            day=start + step.day,
            second=step.second,
            end=end,
            recorded=max(end, 0) + 300 + step.late_days * DAY_SECONDS,
            channel=CHANNEL[step.channel],
            direction=DIRECTIONS.index(step.direction),
            role=ROLE[step.role],
            place=PLACE[step.place],
            style=STYLE[step.style],
            outcome=OUTCOME[step.outcome],
            right_party=_right_party(step),
            purpose=PURPOSE[step.purpose],
            response=RESPONSE[step.response] if step.response else -1,
            collector=SYSTEM if quiet else collector,
            template=TEMPLATE[step.template] if step.template else -1,
            person=step.person,
            caller=CALLERS.index(step.caller) if step.caller else -1,
            plain=0,
            phone=8 if step.person else 0,
        )

    def _flag(self, acc: Ints, start: Ints, flag: FlagStep) -> None:
        hours, minutes = flag.time.split(":")
        since = absolute(start + flag.day, int(hours) * HOUR + int(minutes) * 60)
        until = -1 if flag.until_day is None else absolute(start + flag.until_day, 23 * HOUR + 59 * 60)
        self.cases.flags.add(
            len(acc),
            acc=acc,
            kind=FLAG[flag.kind],
            since=since,
            until=until,
            known=since,
            person=flag.person,
            whole_debtor=flag.kind in WHOLE_DEBTOR,
            detail=DETAILS.index(flag.detail) if flag.detail else -1,
        )

    def _promise(
        self, number: int, plant: Plant, promise: PromiseStep, acc: Ints, k: Ints, start: Ints, rows: list[Ints]
    ) -> None:
        step = plant.steps[promise.at]
        all_owed = self.book.owed_to[acc, -1] - self.book.owed_to[acc, k] + self.book.amount[acc, k]
        base = all_owed if promise.over_balance else self.book.amount[acc, k]
        made = absolute(start + step.day, step.second + 150)
        withdrawn = -1 if promise.withdrawn_day is None else start + promise.withdrawn_day
        promised = self.cases.promises.add(
            len(acc),
            acc=acc,
            contact=rows[promise.at],
            made=made,
            due=start + step.day + promise.ahead,
            amount=np.round(base * promise.share),
            withdrawn=withdrawn,
        )
        if plant.what == "promises":
            self.listed[number].append(promised)

    def _dispute(self, number: int, plant: Plant, dispute: DisputeStep, acc: Ints, start: Ints) -> None:
        opened = absolute(start + dispute.day, 11 * HOUR + 600)
        acknowledged = -1 if dispute.acknowledged_day is None else start + dispute.acknowledged_day
        resolved = -1 if dispute.resolved_day is None else absolute(start + dispute.resolved_day, 23 * HOUR + 3540)
        opened_rows = self.cases.disputes.add(
            len(acc),
            acc=acc,
            opened=opened,
            reason=self.rng.integers(0, 4, len(acc)),
            resolved=resolved,
            acknowledged=-1 if dispute.acknowledged_day is None else absolute(acknowledged, 16 * HOUR),
            upheld=-1 if dispute.resolved_day is None else 0,
        )
        if plant.what == "disputes":
            self.listed[number].append(opened_rows)


def _right_party(step: Step) -> int:
    if step.outcome == "wrong_number" or step.person:
        return 0
    return 1 if step.outcome == "conversation" else -1


def _instalment_to_miss(
    rng: np.random.Generator, book: Portfolio, days: Timeline, acc: Ints, length: int
) -> tuple[Ints, Bools]:
    """An instalment whose whole script lies inside the window, in its later part where that is possible; and
    whether there is one."""
    due = book.due_on[acc]
    fits = (due >= 4) & (due + 1 + length + 2 < days.n_days)
    late = fits & (due >= int(WANTED_FROM * days.n_days))
    chosen = np.where(late.any(axis=1, keepdims=True), late, fits)
    score = np.where(chosen, rng.random(due.shape), -1.0)
    return score.argmax(axis=1), fits.any(axis=1) & (due.shape[1] > 0)
