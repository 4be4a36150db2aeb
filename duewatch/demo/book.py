"""One chunk of the book, lived day by day; what is left is its logs and its month-end states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duewatch.contract.schema import STATUSES
from duewatch.demo.call_cap import CallCap
from duewatch.demo.cases import Cases
from duewatch.demo.ledger import Ledger
from duewatch.demo.parameters import Parameters
from duewatch.demo.planting import Planting, Reservation, prefer_text_messages, wanted_currency
from duewatch.demo.portfolio import CARD, Portfolio, draw_portfolio
from duewatch.demo.repayment import Repayment
from duewatch.demo.staff import Staff
from duewatch.demo.streams import stream
from duewatch.demo.timeline import Bools, Ints, Timeline
from duewatch.demo.treatment import Treatment

STATUS = {name: number for number, name in enumerate(STATUSES)}
NO_STATUS = -1


@dataclass(frozen=True)
class MonthEnd:
    """State of the accounts on the books at one month-end. Money in cents; `acc` in ascending order."""

    day: int
    acc: Ints
    days_past_due: Ints
    principal: Ints
    interest: Ints
    penalty: Ints
    fees: Ints
    overdue: Ints
    minimum_due: Ints
    oldest: Ints
    status: Ints
    cause: Ints

    @property
    def balance(self) -> Ints:
        return self.principal + self.interest + self.penalty + self.fees


@dataclass(frozen=True)
class Chunk:
    book: Portfolio
    ledger: Ledger
    repayment: Repayment
    cases: Cases
    planting: Planting
    month_ends: list[MonthEnd]


@dataclass(frozen=True)
class Lender:
    """What all chunks of one demo share."""

    seed: int
    terms: Parameters
    days: Timeline
    staff: Staff
    reservation: Reservation
    """Accounts that carry planted faults."""


def live_chunk(lender: Lender, *, first: int, n: int, cap: CallCap | None = None) -> Chunk:
    """Accounts `first` .. `first + n - 1`, from a random stream of their own. Under a cap the days before it are the
    same as without; from then on other calls draw other numbers, so that one pair of lives differs by chance too."""
    terms, days, staff = lender.terms, lender.days, lender.staff
    rng = stream(lender.seed, 1, first)
    kinds = lender.reservation.kinds(first, n)
    book = draw_portfolio(rng, terms, days, first=first, reserved=kinds >= 0, want_usd=wanted_currency(kinds))
    prefer_text_messages(book, kinds)
    ledger = Ledger(book, terms, days, rng)
    repayment = Repayment(ledger, book, terms, days, rng)
    cases = Cases(repayment, staff, rng)
    planting = Planting(cases, staff, kinds, rng)
    return Chunk(book, ledger, repayment, cases, planting, _live(cases, days, cap))


def _live(cases: Cases, days: Timeline, cap: CallCap | None) -> list[MonthEnd]:
    treatment, month_ends, month_begins = Treatment(cases, cap), [], 0
    for day in range(days.n_days):
        cases.repayment.run_day(day)
        treatment.run_day(day)
        if day in days.month_ends:
            month_ends.append(_month_end(cases, day, month_begins))
            month_begins = day + 1
    treatment.close()
    return month_ends


def _month_end(cases: Cases, day: int, month_begins: int) -> MonthEnd:
    ledger, book, terms = cases.ledger, cases.book, cases.terms
    acc = np.flatnonzero((book.opened_on <= day) & (ledger.closed_on >= month_begins))
    dpd = ledger.days_past_due(day)[acc]
    closed = ledger.closed_on[acc] <= day
    overdue, is_card = ledger.arrears(acc), book.product[acc] == CARD
    owed = np.where(is_card, overdue + book.revolving[acc], ledger.owed(acc))
    interest = np.round(owed * book.interest_share[acc] / (1 + book.interest_share[acc])).astype(np.int64)
    interest = np.where(is_card, np.round(book.revolving[acc] * 0.015).astype(np.int64), interest)
    late_instalments = np.maximum(ledger.n_due[acc] - ledger.n_paid[acc], 0)
    return MonthEnd(
        day=day,
        acc=acc,
        days_past_due=dpd,
        principal=np.where(is_card, owed, owed - interest),
        interest=interest,
        penalty=np.round(overdue * terms.penalty_daily * dpd).astype(np.int64),
        fees=np.where(dpd > 0, late_instalments * terms.late_fee_cents, 0),
        overdue=overdue,
        minimum_due=np.where(overdue > 0, overdue, np.where(closed, 0, ledger.next_amount(acc))),
        oldest=ledger.oldest[acc],
        status=_status(cases, acc, day, closed, dpd),
        cause=np.where(dpd > 0, cases.cause[acc], -1),
    )


def _status(cases: Cases, acc: Ints, day: int, closed: Bools, dpd: Ints) -> Ints:
    restructured = (cases.restructure_on[acc] <= day) & (dpd == 0)
    choices = [
        (closed, "paid_off"),
        (cases.written_off[acc], "written_off"),
        (cases.legal[acc], "legal"),
        (restructured, "restructured"),
    ]
    return np.select([mask for mask, _ in choices], [STATUS[name] for _, name in choices], STATUS["active"])
