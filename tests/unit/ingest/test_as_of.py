"""A past day's answer stays right in the six ways in which a peer's report went wrong: loans closed since, payments
since, demands paid since, the status of today, demands paid before, and drafts.

The books go through ingest, once with snapshots of the lender and once with those that ingest derives.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from duewatch.books import current_book
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.scope import WHOLE_BOOK
from duewatch.settings import Settings
from tests.unit.ingest.conftest import ACCOUNTS, Source

DAY = date(2025, 8, 31)
Row = dict[str, Any]
INSTALMENTS = "account_id,due_on,amount,seq\n"
PAYMENTS = "payment_id,account_id,paid_on,amount\n"
SNAPSHOTS = "account_id,as_of,days_past_due,balance,status\n"
PLAN = "A1,2025-07-31,100.00,1\nA1,2025-08-15,100.00,2\nA1,2025-10-15,100.00,3\n"


@pytest.fixture
def derived(source: Source) -> Source:
    """One account of three instalments; the source ends on 31 October."""
    source.write("accounts.csv", ACCOUNTS + "A1,D1,card,CNY,2025-01-10,300.00\n")
    source.write("instalments.csv", INSTALMENTS + PLAN)
    return source


def paid(source: Source, lines: str) -> list[Row]:
    """The accounts on the book on DAY, with these payments known by the end of October."""
    source.write("payments.csv", PAYMENTS + lines)
    source.load("[source]\nobserved_until = 2025-10-31\n")
    return on_day(source)


def on_day(source: Source, day: date = DAY, query: str = "portfolio/accounts_on_day", **given: object) -> list[Row]:
    with closing(DuckDBEngine(current_book(source.books), Settings())) as engine:
        return engine.run(query, {"as_of": day, **given}, WHOLE_BOOK).to_dicts()  # type: ignore[dict-item]


def test_an_account_closed_since_still_stands_on_the_book_of_that_day(derived: Source) -> None:
    rows = paid(derived, "P1,A1,2025-09-10,300.00\n")
    assert [(row["account_id"], row["balance"]) for row in rows] == [("A1", Decimal("300.00"))]
    assert on_day(derived, date(2025, 9, 30)) == [], "and is gone once it is closed"


def test_a_payment_made_since_does_not_lower_that_days_balance(derived: Source) -> None:
    rows = paid(derived, "P1,A1,2025-08-31,50.00\nP2,A1,2025-09-01,50.00\n")
    assert rows[0]["balance"] == Decimal("250.00")


def test_a_demand_paid_since_is_still_overdue_on_that_day(derived: Source) -> None:
    rows = paid(derived, "P1,A1,2025-09-01,200.00\n")
    assert (rows[0]["days_past_due"], rows[0]["bucket"]) == (31, "M2")
    (totals,) = on_day(derived, query="portfolio/book_totals")
    assert totals["overdue_balance"] == Decimal("300.00")


def test_a_demand_paid_before_is_not_overdue_on_that_day(derived: Source) -> None:
    assert paid(derived, "P1,A1,2025-08-20,100.00\n")[0]["days_past_due"] == 16, "the second is the oldest open one"
    assert paid(derived, "P1,A1,2025-08-20,200.00\n")[0]["days_past_due"] == 0


def test_a_reversal_since_does_not_raise_that_days_balance(derived: Source) -> None:
    header = "payment_id,account_id,paid_on,amount,reverses_payment_id\n"
    derived.write("payments.csv", header + "P1,A1,2025-08-20,200.00,\nR1,A1,2025-09-05,200.00,P1\n")
    derived.load("[source]\nobserved_until = 2025-10-31\n")
    assert on_day(derived)[0]["days_past_due"] == 0
    assert on_day(derived, date(2025, 9, 30))[0]["days_past_due"] == 61


@pytest.mark.parametrize("later", ["paid_off", "written_off", "legal"])
def test_the_status_of_today_does_not_pick_how_that_day_is_counted(source: Source, later: str) -> None:
    source.write(
        "snapshots.csv", SNAPSHOTS + f"A1,2025-08-31,40,500.00,active\nA1,2025-09-30,70,480.00,{later}\n"
    )
    source.load()
    rows = on_day(source)
    assert [(row["bucket"], row["status"], row["balance"]) for row in rows] == [("M2", "active", Decimal("500.00"))]
    (totals,) = on_day(source, query="portfolio/book_totals")
    assert totals["n_overdue"] == 1


def test_drafts_of_the_future_do_not_leak_into_that_day(source: Source) -> None:
    """An account, a promise and a payment that are only there later, and an instalment that falls due later."""
    source.write("accounts.csv", ACCOUNTS + "A1,D1,card,CNY,2025-01-10,300.00\nA2,D2,card,CNY,2025-09-05,900.00\n")
    source.write("instalments.csv", INSTALMENTS + "A1,2025-09-15,300.00,1\nA2,2025-10-05,900.00,1\n")
    source.write("payments.csv", PAYMENTS + "P1,A1,2025-10-20,300.00\n")
    source.write(
        "promises.csv",
        "promise_id,account_id,made_at,due_on,amount\nZ1,A1,2025-08-20,2025-09-10,50.00\n"
        "Z2,A1,2025-09-02,2025-09-10,50.00\n",
    )
    source.load("[source]\nobserved_until = 2025-10-31\n")
    assert [(row["account_id"], row["days_past_due"], row["balance"]) for row in on_day(source)] == [
        ("A1", 0, Decimal("300.00"))
    ]
    ledger = on_day(source, query="promises/promise_ledger")
    assert [(row["promise_id"], row["state"]) for row in ledger] == [("Z1", "pending")]
