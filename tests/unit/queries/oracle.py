"""The portfolio's figures once more, in plain Python loops, written from the definitions and not from the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from tests.support.small_books import bucket_of

BUCKETS = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7+")
OUT = ("paid_off", "written_off")


@dataclass(frozen=True)
class Standing:
    """One account on one day."""

    account: int
    currency: str
    day: date
    days_past_due: int
    balance: Decimal
    status: str | None

    @property
    def state(self) -> str:
        return self.status if self.status in OUT else bucket_of(self.days_past_due)  # type: ignore[return-value]

    @property
    def is_overdue(self) -> bool:
        return self.state in BUCKETS[1:]


class Move(NamedTuple):
    n_accounts: int
    balance_from: Decimal
    share_accounts: float | None
    share_balance: float | None


def ratio(part: Decimal | int, whole: Decimal | int) -> float | None:
    return None if whole == 0 else float(part) / float(whole)


def on(book: Iterable[Standing], day: date) -> list[Standing]:
    return [standing for standing in book if standing.day == day]


def aging(
    book: Sequence[Standing], day: date
) -> dict[tuple[str, str], tuple[int, Decimal, float | None, float | None]]:
    """(currency, bucket) -> accounts, balance, share of accounts, share of balance."""
    rows = [standing for standing in on(book, day) if standing.state in BUCKETS]
    answer = {}
    for currency in {row.currency for row in rows}:
        mine = [row for row in rows if row.currency == currency]
        total = sum((row.balance for row in mine), Decimal(0))
        for bucket in {row.state for row in mine}:
            held = [row.balance for row in mine if row.state == bucket]
            amount = sum(held, Decimal(0))
            answer[currency, bucket] = (len(held), amount, ratio(len(held), len(mine)), ratio(amount, total))
    return answer


def transitions(book: Sequence[Standing], first: date, last: date) -> dict[tuple[str, str, str], Move]:
    """(currency, from_bucket, to_bucket) -> the move; nothing where the book has no row at all on the last day."""
    later = {row.account: row.state for row in on(book, last)}
    if not later:
        return {}
    starts: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for row in on(book, first):
        if row.state in BUCKETS:
            starts[row.currency, row.state].append(row)
    answer = {}
    for (currency, bucket), rows in starts.items():
        whole = sum((row.balance for row in rows), Decimal(0))
        for target in {later.get(row.account, "exit") for row in rows}:
            moved = [row for row in rows if later.get(row.account, "exit") == target]
            amount = sum((row.balance for row in moved), Decimal(0))
            answer[currency, bucket, target] = Move(
                len(moved), amount, ratio(len(moved), len(rows)), ratio(amount, whole)
            )
    return answer


def net_flow(book: Sequence[Standing], first: date, last: date) -> dict[tuple[str, str], float | None]:
    """(currency, to_bucket) -> balance there on the last day over balance one bucket earlier on the first."""

    def stock(day: date, currency: str, bucket: str) -> Decimal:
        return sum((r.balance for r in on(book, day) if r.currency == currency and r.state == bucket), Decimal(0))

    in_buckets = [row for row in book if row.state in BUCKETS and row.day in (first, last)]
    if {row.day for row in in_buckets} != {first, last}:
        return {}
    return {
        (currency, after): ratio(stock(last, currency, after), stock(first, currency, before))
        for currency in {row.currency for row in in_buckets}
        for before, after in pairwise(BUCKETS)
    }


def bridge(
    book: Sequence[Standing], paid: Mapping[int, Decimal], first: date, last: date
) -> dict[tuple[str, str], Decimal]:
    """(currency, component) -> amount, each overdue account put in words one at a time."""
    before = {row.account: row for row in on(book, first)}
    after = {row.account: row for row in on(book, last)}
    answer: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        currency = (old or new).currency  # type: ignore[union-attr]
        was = old is not None and old.is_overdue
        now = new is not None and new.is_overdue
        if was:
            answer[currency, "opening"] += old.balance
        if now:
            answer[currency, "closing"] += new.balance
        if now and not was:
            answer[currency, "new_entry"] += new.balance
        elif was and now:
            answer[currency, "paid_down"] -= paid.get(key, Decimal(0))
            answer[currency, "residual"] += new.balance - old.balance + paid.get(key, Decimal(0))
        elif was and new is None:
            answer[currency, "residual"] -= old.balance
        elif was:
            word = {"M0": "cured", "paid_off": "paid_down", "written_off": "written_off"}[new.state]
            answer[currency, word] -= old.balance
    return answer
