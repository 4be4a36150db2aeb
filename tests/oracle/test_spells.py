"""Spells and stretches of a book beside a bookkeeper who looks at every account on every day."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from duewatch.books.published import current_book
from duewatch.contract.settings import Settings
from duewatch.ingest import ingest
from tests.support.process_books import DAY, Account, Paid, days_from, spells_of, stretches_of

START, UNTIL = date(2023, 11, 1), date(2024, 6, 30)
"""Over the turn of the year and 29 February."""
Rows = list[tuple[Any, ...]]


def an_account(luck: Random, key: int) -> Account:
    """One to six instalments, some due on one day; money early, late, in part, too much or never; some bounces."""
    first = START + luck.randrange(0, 150) * DAY
    dues = [
        (first + n * luck.choice((28, 30, 31)) * DAY, Decimal(luck.choice((1, 50, 100))))
        for n in range(luck.randint(1, 6))
    ]
    if luck.random() < 0.2:
        dues.append((dues[0][0], Decimal(20)))
    paid: list[Paid] = []
    for n, (due_on, amount) in enumerate(dues):
        for part in range(luck.choice((0, 1, 1, 1, 2))):
            day = due_on + luck.choice((-40, -1, 0, 1, 2, 3, 7, 8, 25, 31, 60)) * DAY
            share = luck.choice((amount, amount, amount / 2, amount + 30, Decimal("0.01")))
            name = f"P{key}-{n}-{part}"
            paid.append(Paid(name, day, share))
            if luck.random() < 0.3:
                paid.append(Paid(f"R{name}", day + luck.choice((0, 1, 2, 9, 40)) * DAY, share, name))
    inside = [each for each in paid if each.on <= UNTIL]
    names = {each.id for each in inside}
    return Account(
        key, key, None, None, tuple(dues), tuple(p for p in inside if p.reverses is None or p.reverses in names)
    )


def seen_now_and_then(luck: Random, account: Account) -> Account:
    """The same account where only snapshots are given: its state on some days, never that of the days between."""
    days = sorted(luck.sample(range((UNTIL - START).days), luck.randint(1, 10)))
    seen = tuple((START + n * DAY, account.days_past_due(START + n * DAY), Decimal(100)) for n in days)
    return replace(account, seen=seen, is_daily=False)


def write(folder: Path, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        made = csv.writer(file)
        made.writerow(columns.split(","))
        made.writerows(rows)


def told(tmp_path: Path, accounts: Sequence[Account], reopen: int) -> tuple[Rows, Rows]:
    """Spells and stretches of the book that ingest makes of these accounts."""
    source = tmp_path / f"source{reopen}"
    source.mkdir()
    write(
        source,
        "accounts",
        "account_id,debtor_id,product,currency,opened_on,original_amount",
        [(f"{each.key:04}", f"D{each.key}", "loan", "CNY", START - 400 * DAY, 1) for each in accounts],
    )
    daily = [each for each in accounts if each.is_daily]
    if daily:
        dues = [(f"{a.key:04}", day, amount, n) for a in daily for n, (day, amount) in enumerate(a.dues)]
        write(source, "instalments", "account_id,due_on,amount,seq", dues)
        paid = [(p.id, f"{a.key:04}", p.on, p.amount, p.reverses) for a in daily for p in a.paid]
        write(source, "payments", "payment_id,account_id,paid_on,amount,reverses_payment_id", paid)
    seen = [(f"{a.key:04}", day, days, balance) for a in accounts if not a.is_daily for day, days, balance in a.seen]
    if seen:
        write(source, "snapshots", "account_id,as_of,days_past_due,balance", seen)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(f"[source]\nobserved_until = {UNTIL}\n", encoding="utf-8")
    books = tmp_path / f"books{reopen}"
    ingest(source, books=books, mapping=mapping, settings=Settings(spell_reopen_days=reopen, packs=("house",)))
    with duckdb.connect(str(current_book(books).path), read_only=True) as con:
        spells = con.execute(
            "select account_id, spell_no, started_on, ended_on, basis from spells join accounts using (account_key) "
            "order by account_id, spell_no"
        ).fetchall()
        stretches = con.execute(
            "select account_id, spell_no, from_on, to_on, oldest_due_on from overdue_stretches "
            "join accounts using (account_key) order by account_id, from_on"
        ).fetchall()
    return spells, stretches


def spells_by_day(accounts: Sequence[Account], reopen: int) -> Rows:
    return [
        (f"{each.key:04}", spell.number, spell.first, spell.last, "daily" if each.is_daily else "snapshots")
        for each in accounts
        for spell in spells_of(each, START, UNTIL, reopen)
    ]


def days_of(stretches: Rows) -> Iterator[tuple[str, int, date, date]]:
    """Each overdue day of a book with its account, spell and oldest due date."""
    for account, spell, first, last, oldest in stretches:
        for day in days_from(first, last or UNTIL):
            yield account, spell, day, oldest


def days_by_day(accounts: Sequence[Account], reopen: int) -> Iterator[tuple[str, int, date, date]]:
    for each in accounts:
        spells = spells_of(each, START, UNTIL, reopen)
        for first, last, oldest in stretches_of(each, START, UNTIL):
            for day in days_from(first, last or UNTIL):
                (number,) = (s.number for s in spells if s.first <= day <= (s.last or UNTIL))
                yield f"{each.key:04}", number, day, oldest


def check(tmp_path: Path, accounts: Sequence[Account], reopen_days: Sequence[int]) -> None:
    """Every spell, every overdue day of every stretch, and which are open. The draws hold open and ended spells,
    several of one account, and some that only the days to reopen make one."""
    sizes = []
    for reopen in reopen_days:
        spells, stretches = told(tmp_path, accounts, reopen)
        assert spells == spells_by_day(accounts, reopen), f"spells with {reopen} days to reopen"
        assert sorted(days_of(stretches)) == sorted(days_by_day(accounts, reopen)), f"{reopen} days to reopen"
        still_overdue = [row[:2] for row in spells if row[3] is None]
        assert [row[:2] for row in stretches if row[3] is None] == still_overdue
        sizes.append(len(spells))
        assert len(still_overdue) > 20
        assert len(spells) - len(still_overdue) > 20
        assert sum(row[1] > 1 for row in spells) > 20
    assert all(more > fewer for more, fewer in pairwise(sizes)), sizes


def drawn(seed: int, size: int) -> list[Account]:
    """Four of ten accounts are told by snapshots alone, the others by instalments and payments."""
    luck = Random(seed)
    made = [an_account(luck, key) for key in range(1, size + 1)]
    return [seen_now_and_then(luck, each) if each.key % 10 < 4 else each for each in made]


def test_spells_and_stretches_agree_with_a_walk_through_every_day(tmp_path: Path) -> None:
    check(tmp_path, drawn(7, 400), (0, 6))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_spells_agree_on_many_more_accounts(tmp_path: Path, seed: int) -> None:
    check(tmp_path, drawn(100 + seed, 1500), (0, 1, 6, 30))


WINTER = Account(1, 1, None, None, ((date(2024, 1, 31), Decimal(100)), (date(2024, 2, 29), Decimal(100))), ())
"""The second instalment falls due on leap day."""


def paying(*paid: tuple[date, int]) -> Account:
    return replace(WINTER, paid=tuple(Paid(f"P{n}", day, Decimal(amount)) for n, (day, amount) in enumerate(paid)))


CASES: list[tuple[str, Account, list[tuple[date, date | None]]]] = [
    ("never paid", paying(), [(date(2024, 2, 1), None)]),
    ("paid on the due date", paying((date(2024, 1, 31), 100)), [(date(2024, 3, 1), None)]),
    ("paid the day after: by its end nothing was overdue", paying((date(2024, 2, 1), 100)), [(date(2024, 3, 1), None)]),
    (
        "paid two days after",
        paying((date(2024, 2, 2), 100)),
        [(date(2024, 2, 1), date(2024, 2, 1)), (date(2024, 3, 1), None)],
    ),
    ("one unit short", paying((date(2024, 2, 2), 99)), [(date(2024, 2, 1), None)]),
    ("paid one instalment late each month", paying((date(2024, 3, 5), 100)), [(date(2024, 2, 1), None)]),
    ("paid all", paying((date(2024, 3, 5), 200)), [(date(2024, 2, 1), date(2024, 3, 4))]),
]


def test_a_spell_lasts_from_the_day_after_the_due_date_to_the_day_before_all_was_paid(tmp_path: Path) -> None:
    accounts = [replace(account, key=n, paid=_named(account, n)) for n, (_, account, _) in enumerate(CASES, 1)]
    spells, _ = told(tmp_path, accounts, 0)
    for n, (case, _, wanted) in enumerate(CASES, 1):
        assert [row[2:4] for row in spells if row[0] == f"{n:04}"] == wanted, case


def _named(account: Account, key: int) -> tuple[Paid, ...]:
    return tuple(replace(each, id=f"{each.id}-{key}") for each in account.paid)


def test_a_return_within_the_reopen_days_is_the_same_spell(tmp_path: Path) -> None:
    """Current for 5, 6 and 7 days to leap day, overdue again from 1 March; spells reopen within 6 days."""
    gaps = {1: 5, 2: 6, 3: 7}
    accounts = [
        replace(WINTER, key=key, paid=(Paid(f"P{key}", date(2024, 3, 1) - gap * DAY, Decimal(100)),))
        for key, gap in gaps.items()
    ]
    spells, stretches = told(tmp_path, accounts, 6)
    assert [row[:2] for row in spells] == [("0001", 1), ("0002", 1), ("0003", 1), ("0003", 2)]
    for key, gap in gaps.items():
        assert [row[2:] for row in stretches if row[0] == f"{key:04}"] == [
            (date(2024, 2, 1), date(2024, 2, 29) - gap * DAY, date(2024, 1, 31)),
            (date(2024, 3, 1), None, date(2024, 2, 29)),
        ]


def test_a_bounced_payment_does_not_make_a_spell_of_days_that_a_snapshot_calls_current(tmp_path: Path) -> None:
    """Ten days past due on the 10th, none on the 20th, fifty on 20 March: the second spell begins on 21 February."""
    days = ((date(2024, 2, 10), 10), (date(2024, 2, 20), 0), (date(2024, 3, 20), 50))
    account = replace(WINTER, seen=tuple((day, n, Decimal(100)) for day, n in days), is_daily=False)
    spells, stretches = told(tmp_path, [account], 0)
    assert [row[2:4] for row in spells] == [(date(2024, 2, 1), date(2024, 2, 10)), (date(2024, 2, 21), None)]
    assert [row[2:] for row in stretches] == [
        (date(2024, 2, 1), date(2024, 2, 10), date(2024, 1, 31)),
        (date(2024, 2, 21), None, date(2024, 1, 30)),
    ]
