"""Derived snapshots and 30-day states against a naive bookkeeper in plain Python."""

from __future__ import annotations

import calendar
import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.draws import draws
from tests.unit.ingest.conftest import ACCOUNT, ACCOUNTS, Source

OPENED = dt.date(2024, 1, 31)
UNTIL = dt.date(2024, 6, 30)
Due = tuple[dt.date, Decimal]
Paid = tuple[dt.date, Decimal]


def naive_state(dues: list[Due], paid: list[Paid], as_of: dt.date) -> tuple[int, Decimal]:
    """Days past due and balance: every payment up to the day goes to the oldest instalment still open."""
    purse = max(Decimal(0), sum((amount for day, amount in paid if day <= as_of), Decimal(0)))
    balance, oldest = Decimal(0), None
    for due_on, amount in sorted(dues):
        used = min(purse, amount)
        purse -= used
        balance += amount - used
        if used < amount and oldest is None:
            oldest = due_on
    return (max(0, (as_of - oldest).days) if oldest else 0), balance


def naive_rows(dues: list[Due], paid: list[Paid], days: list[dt.date]) -> dict[dt.date, tuple[int, Decimal]]:
    """A row a day; after full payment only the first."""
    rows: dict[dt.date, tuple[int, Decimal]] = {}
    was_paid = False
    for day in sorted(days):
        state = naive_state(dues, paid, day)
        if not (was_paid and state[1] == 0):
            rows[day] = state
        was_paid = state[1] == 0
    return rows


def month_ends() -> list[dt.date]:
    return [dt.date(2024, month, calendar.monthrange(2024, month)[1]) for month in range(1, 7)]


cents = st.integers(1, 30_000).map(lambda n: Decimal(n) / 100)
due_days = st.dates(OPENED, dt.date(2024, 8, 31))
dues_of_account = st.lists(st.tuples(due_days, cents), min_size=1, max_size=6)
paid_of_account = st.lists(st.tuples(st.dates(OPENED, UNTIL), cents, st.booleans(), st.integers(0, 40)), max_size=6)


@draws(25)
@given(st.lists(st.tuples(dues_of_account, paid_of_account), min_size=1, max_size=8))
def test_derived_states_agree_with_the_naive_bookkeeper(
    accounts: list[tuple[list[Due], list[tuple[dt.date, Decimal, bool, int]]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Source(Path(folder))
        expected = write(source, accounts)
        source.load("[source]\nobserved_until = 2024-06-30\n")
        asked = (
            "select account_id, as_of, days_past_due, balance from {} s join accounts using (account_key) order by 1, 2"
        )
        first, last = snapshot_span(source)
        steps = [last - dt.timedelta(days=30 * n) for n in range(6)]
        for table, days in (("snapshots", month_ends()), ("thirty_day_states", steps)):
            found = {(a, day): (dpd, balance) for a, day, dpd, balance in source.ask(asked.format(table))}
            wanted = {
                (account, day): state
                for account, (dues, paid) in expected.items()
                for day, state in naive_rows(dues, paid, [d for d in days if d >= first]).items()
            }
            assert found == wanted


def snapshot_span(source: Source) -> tuple[dt.date, dt.date]:
    """First and last snapshot day of the book: the 30-day steps go back from the last as far as the first."""
    ((first, last),) = source.ask("select min(as_of), max(as_of) from snapshots")
    assert isinstance(first, dt.date)
    assert isinstance(last, dt.date)
    return first, last


def write(
    source: Source, accounts: list[tuple[list[Due], list[tuple[dt.date, Decimal, bool, int]]]]
) -> dict[str, tuple[list[Due], list[Paid]]]:
    """Writes the source and returns, by account, what is due and what was paid, reversals negative."""
    rows = {
        "accounts": "account_id,debtor_id,product,currency,opened_on,original_amount\n",
        "instalments": "account_id,due_on,amount,seq\n",
        "payments": "payment_id,account_id,paid_on,amount,reverses_payment_id\n",
    }
    expected: dict[str, tuple[list[Due], list[Paid]]] = {}
    for n, (dues, payments) in enumerate(accounts):
        rows["accounts"] += f"A{n},D1,loan,CNY,{OPENED},1\n"
        rows["instalments"] += "".join(f"A{n},{day},{amount},{k}\n" for k, (day, amount) in enumerate(dues))
        paid: list[Paid] = []
        for k, (day, amount, is_reversed, later) in enumerate(payments):
            rows["payments"] += f"P{n}-{k},A{n},{day},{amount},\n"
            paid.append((day, amount))
            if is_reversed:
                back = day + dt.timedelta(days=later)
                rows["payments"] += f"R{n}-{k},A{n},{back},{amount},P{n}-{k}\n"
                paid.append((back, -amount))
        expected[f"A{n}"] = (dues, paid)
    for name, text in rows.items():
        source.write(f"{name}.csv", text)
    return expected


def test_the_day_after_the_due_date_is_day_one_and_the_last_row_is_paid_off(source: Source) -> None:
    source.write("instalments.csv", "account_id,due_on,amount,seq\nA1,2025-01-30,10,1\nA1,2025-02-28,10,2\n")
    source.write("payments.csv", "payment_id,account_id,paid_on,amount\nP1,A1,2025-03-15,20\n")
    source.load("[source]\nobserved_until = 2025-05-31\n")
    assert source.ask(
        "select as_of::varchar, days_past_due, balance::varchar, state, is_derived from snapshots order by as_of"
    ) == [
        ("2025-01-31", 1, "20.00", "M1", True),
        ("2025-02-28", 29, "20.00", "M1", True),
        ("2025-03-31", 0, "0.00", "paid_off", True),
    ]


def test_accounts_without_instalments_are_told_for_they_have_no_snapshots(source: Source) -> None:
    source.write("accounts.csv", ACCOUNTS + ACCOUNT + "A2,D1,card,CNY,2025-01-31,100\n")
    source.write("instalments.csv", "account_id,due_on,amount\nA1,2025-02-10,100\n")
    source.write("payments.csv", "payment_id,account_id,paid_on,amount\nP1,A1,2025-03-31,40\n")
    assert "accounts without instalments, which therefore have no snapshots: 1" in source.notes()
    assert source.ask("select distinct account_id from snapshots join accounts using (account_key)") == [("A1",)]
