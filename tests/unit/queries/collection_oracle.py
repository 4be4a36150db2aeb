"""Promises, recovery and the funnel in plain Python loops over rows, from the definitions and not from the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt

from tests.support.small_books import bucket_of

ZERO = Decimal(0)
RANK = {"M0": 0, "paid_off": 0, **{f"M{n}": n for n in range(1, 7)}, "M7+": 7, "written_off": 8}
ANSWERED = {"conversation", "answered_dropped", "third_party_answered", "wrong_number", "delivered"}


@dataclass(frozen=True)
class Paid:
    """One payment, or one row that takes back the payment `reverses`; `amount` is positive in both."""

    payment_id: str
    account: int
    on: date
    amount: Decimal
    reverses: str | None = None

    @property
    def signed(self) -> Decimal:
        return -self.amount if self.reverses else self.amount


@dataclass(frozen=True)
class Promise:
    promise_id: str
    account: int
    made: date
    due: date
    amount: Decimal
    withdrawn: date | None = None
    contact_id: str | None = None


@dataclass(frozen=True)
class Seen:
    """One account at one snapshot."""

    account: int
    day: date
    days_past_due: int
    balance: Decimal
    status: str | None = None

    @property
    def state(self) -> str:
        return self.status if self.status in ("paid_off", "written_off") else bucket_of(self.days_past_due)  # type: ignore[return-value]

    @property
    def is_overdue(self) -> bool:
        return self.state not in ("M0", "paid_off", "written_off")


@dataclass(frozen=True)
class Contact:
    contact_id: str
    account: int
    on: date
    channel: str
    direction: str
    outcome: str
    right_party: bool | None
    party_role: str | None


def judged(
    promises: Iterable[Promise], paid: Sequence[Paid], as_of: date, grace: int, tolerance: Decimal
) -> dict[str, tuple[str, Decimal]]:
    """promise_id -> state and allocated amount. Money walks payment by payment, the query walks promise by promise."""
    open_ones = sorted((p for p in promises if p.made <= as_of), key=lambda p: (p.account, p.made, p.promise_id))
    allocated = {p.promise_id: ZERO for p in open_ones}
    for payment in sorted(
        (p for p in paid if p.reverses is None and p.on <= as_of), key=lambda p: (p.on, p.payment_id)
    ):
        left = payment.amount - sum(
            (r.amount for r in paid if r.reverses == payment.payment_id and r.on <= as_of), ZERO
        )
        for promise in open_ones:
            counts = promise.made <= payment.on <= promise.due + timedelta(days=grace)
            is_open = _can_be_kept(promise) and not _withdrawn(promise, as_of)
            if left > 0 and promise.account == payment.account and counts and is_open:
                part = min(left, promise.amount - allocated[promise.promise_id])
                allocated[promise.promise_id] += part
                left -= part
    return {
        p.promise_id: (_state(p, allocated[p.promise_id], as_of, grace, tolerance), allocated[p.promise_id])
        for p in open_ones
    }


def _withdrawn(promise: Promise, as_of: date) -> bool:
    return promise.withdrawn is not None and promise.withdrawn <= as_of


def _can_be_kept(promise: Promise) -> bool:
    return promise.amount > 0 and promise.due >= promise.made


def _state(promise: Promise, allocated: Decimal, as_of: date, grace: int, tolerance: Decimal) -> str:
    if _withdrawn(promise, as_of):
        return "withdrawn"
    if not _can_be_kept(promise):
        return "not_judged"
    if allocated >= tolerance * promise.amount:
        return "kept"
    if as_of <= promise.due + timedelta(days=grace):
        return "pending"
    return "partial" if allocated > 0 else "broken"


def wilson(k: int, n: int) -> tuple[float, float]:
    """Roots of (p - k/n)^2 = z^2 p (1 - p) / n: the definition, not the closed form of the query."""
    return wilson_at(k / n, n)


def wilson_at(share: float, n: float) -> tuple[float, float]:
    z2 = 1.959964**2
    a, b, c = 1 + z2 / n, -(2 * share + z2 / n), share * share
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def clustered(hits: Sequence[tuple[int, bool]]) -> tuple[float, float]:
    """Wilson's limits at the number of hits that would be as sure as the ratio of sums over debtors is, never more than
    there are; `hits`: debtor, and whether it counts."""
    n, k = len(hits), sum(hit for _, hit in hits)
    per: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for debtor, hit in hits:
        per[debtor][0] += 1
        per[debtor][1] += hit
    if len(per) < 2 or k in (0, n):
        return wilson(k, n)
    spread = sum((got - k / n * size) ** 2 for size, got in per.values()) * len(per) / (len(per) - 1)
    return wilson_at(k / n, min(n, k / n * (1 - k / n) * n * n / spread) if spread > 1e-12 else n)


def as_sure(parts: Sequence[float], wholes: Sequence[float]) -> tuple[float | None, float | None]:
    """Limits of sum(parts) / sum(wholes): Wilson's at the number of equal units that would be as sure. Units that count
    in whole or not at all are no more than Kish's number; for others Student's quantile stands in for the normal one
    (Abramowitz and Stegun 26.7.5, two terms)."""
    k, whole = len(wholes), sum(wholes)
    if k < 2:
        return None, None
    share, kish = sum(parts) / whole, whole**2 / sum(w * w for w in wholes)
    error = sqrt(sum((x - share * w) ** 2 for x, w in zip(parts, wholes, strict=True)) * k / (k - 1)) / whole
    if not 0 <= share <= 1:
        return max(share - 1.959964 * error, 0.0), min(share + 1.959964 * error, 1.0)
    is_simple = all(x in (0, w) for x, w in zip(parts, wholes, strict=True))
    if error < 1e-12:
        return wilson_at(share, kish) if is_simple else (None, None)
    if is_simple:
        return wilson_at(share, min(kish, share * (1 - share) / error**2))
    z, nu = 1.959964, max(kish - 1, 1.5)
    student = z + (z**3 + z) / (4 * nu) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * nu * nu)
    return wilson_at(share, share * (1 - share) / (error * student / z) ** 2)


def entries(seen: Iterable[Seen], as_of: date, bucket: str) -> list[Seen]:
    """The snapshots at which an account entered the bucket, the first of each spell."""
    found = []
    rows = [row for row in seen if row.day <= as_of]
    for account in sorted({row.account for row in rows}):
        before: Seen | None = None
        has_entered = False
        for row in sorted((r for r in rows if r.account == account), key=lambda r: r.day):
            if RANK[row.state] == 0:
                has_entered = False
            is_there = row.state == bucket
            fresh = row.days_past_due - (RANK[bucket] * 30 - 29) <= 30
            came = fresh if before is None else RANK[before.state] < RANK[bucket]
            if is_there and came and not has_entered:
                found.append(row)
                has_entered = True
            before = row
    return found


def liquidated(entry: Seen, paid: Iterable[Paid], as_of: date, days: int) -> Decimal:
    last = min(entry.day + timedelta(days=days), as_of)
    money = sum((p.signed for p in paid if p.account == entry.account and entry.day < p.on <= last), ZERO)
    return min(money, entry.balance)


def period_recovery(
    seen: Sequence[Seen], paid: Sequence[Paid], first: date, last: date
) -> dict[int, tuple[str, bool, Decimal, Decimal]]:
    """account -> bucket, is new, overdue balance, collected."""
    opening = max((row.day for row in seen if row.day <= first), default=None)
    if opening is None:
        return {}
    answer = {}
    for row in sorted((r for r in seen if opening <= r.day <= last and r.is_overdue), key=lambda r: r.day):
        if row.account in answer:
            continue
        is_new = row.day > opening
        start = max(first, opening + timedelta(days=1))
        if is_new:
            start = max(start, row.day - timedelta(days=row.days_past_due - 1))
        money = sum((p.signed for p in paid if p.account == row.account and start <= p.on <= last), ZERO)
        answer[row.account] = (row.state, is_new, row.balance, min(money, row.balance))
    return answer


def bucket_at(seen: Iterable[Seen], account: int, day: date) -> str:
    rows = [row for row in seen if row.account == account and row.day <= day]
    return max(rows, key=lambda row: row.day).state if rows else "unknown"


def is_right_party(contact: Contact) -> bool | None:
    if contact.outcome not in ANSWERED:
        return False
    if contact.right_party is not None:
        return contact.right_party
    if contact.outcome != "conversation":
        return False
    return None if contact.party_role in (None, "unknown") else contact.party_role == "debtor"
