"""A past day's answer stays right in the six ways in which a peer's report went wrong: loans closed since, payments
since, demands paid since, the status of today, demands paid before, and drafts.

The books go through ingest, once with snapshots that ingest derives and once with those of the lender. One account
for each case, so that two loads are enough.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.unit.ingest.conftest import ACCOUNTS, Source

DAY, LATER = date(2025, 8, 31), date(2025, 9, 30)
Row = dict[str, Any]
PAID = """payment_id,account_id,paid_on,amount,reverses_payment_id
P1,CLOSED_SINCE,2025-09-10,300.00,
P2,PAID_SINCE,2025-08-31,50.00,
P3,PAID_SINCE,2025-09-01,50.00,
P4,DEMAND_PAID_SINCE,2025-09-01,200.00,
P5,ONE_PAID_BEFORE,2025-08-20,100.00,
P6,BOTH_PAID_BEFORE,2025-08-20,200.00,
P7,REVERSED_SINCE,2025-08-20,200.00,
R7,REVERSED_SINCE,2025-09-05,200.00,P7
P8,DUE_LATER,2025-10-20,300.00,
"""
NAMES = ("CLOSED_SINCE", "PAID_SINCE", "DEMAND_PAID_SINCE", "ONE_PAID_BEFORE", "BOTH_PAID_BEFORE", "REVERSED_SINCE")
"""Each has 100 due on 31 July, 15 August and 15 October."""


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Snapshots from instalments and payments; the source ends on 31 October."""
    source = Source(tmp_path_factory.mktemp("derived"))
    opened = [(name, "2025-01-10") for name in (*NAMES, "DUE_LATER")] + [("OPENED_LATER", "2025-09-05")]
    source.write("accounts.csv", ACCOUNTS + "".join(f"{name},D_{name},card,CNY,{on},300.00\n" for name, on in opened))
    plan = "".join(
        f"{name},2025-07-31,100.00,1\n{name},2025-08-15,100.00,2\n{name},2025-10-15,100.00,3\n" for name in NAMES
    )
    later = "DUE_LATER,2025-09-15,300.00,1\nOPENED_LATER,2025-10-05,300.00,1\n"
    source.write("instalments.csv", "account_id,due_on,amount,seq\n" + plan + later)
    source.write("payments.csv", PAID)
    source.write(
        "promises.csv",
        "promise_id,account_id,made_at,due_on,amount\nZ1,DUE_LATER,2025-08-20,2025-09-10,50.00\n"
        "Z2,DUE_LATER,2025-09-02,2025-09-10,50.00\n",
    )
    source.load("[source]\nobserved_until = 2025-10-31\n")
    return source


def asked(source: Source, day: date, query: str) -> list[Row]:
    with closing(DuckDBEngine(current_book(source.books), Settings())) as engine:
        return engine.run(query, {"as_of": day}, WHOLE_BOOK).to_dicts()


def on_day(source: Source, day: date = DAY) -> dict[str, Row]:
    return {row["account_id"]: row for row in asked(source, day, "portfolio/accounts_on_day")}


def test_an_account_closed_since_still_stands_on_the_book_of_that_day(derived: Source) -> None:
    assert on_day(derived)["CLOSED_SINCE"]["balance"] == Decimal("300.00")
    assert "CLOSED_SINCE" not in on_day(derived, LATER), "and is gone once it is closed"


def test_a_payment_made_since_does_not_lower_that_days_balance(derived: Source) -> None:
    assert on_day(derived)["PAID_SINCE"]["balance"] == Decimal("250.00")
    assert on_day(derived, LATER)["PAID_SINCE"]["balance"] == Decimal("200.00")


def test_a_demand_paid_since_is_still_overdue_on_that_day(derived: Source) -> None:
    row = on_day(derived)["DEMAND_PAID_SINCE"]
    assert (row["days_past_due"], row["bucket"], row["balance"]) == (31, "M2", Decimal("300.00"))
    assert on_day(derived, LATER)["DEMAND_PAID_SINCE"]["days_past_due"] == 0


def test_a_demand_paid_before_is_not_overdue_on_that_day(derived: Source) -> None:
    rows = on_day(derived)
    assert rows["ONE_PAID_BEFORE"]["days_past_due"] == 16, "the second is the oldest open one"
    assert rows["BOTH_PAID_BEFORE"]["days_past_due"] == 0


def test_a_reversal_since_does_not_raise_that_days_balance(derived: Source) -> None:
    assert on_day(derived)["REVERSED_SINCE"]["days_past_due"] == 0
    assert on_day(derived, LATER)["REVERSED_SINCE"]["days_past_due"] == 61


def test_drafts_of_the_future_do_not_leak_into_that_day(derived: Source) -> None:
    """An account, a promise and a payment that are only there later, and an instalment that falls due later."""
    rows = on_day(derived)
    assert "OPENED_LATER" not in rows
    assert (rows["DUE_LATER"]["days_past_due"], rows["DUE_LATER"]["balance"]) == (0, Decimal("300.00"))
    ledger = asked(derived, DAY, "promises/promise_ledger")
    assert [(row["promise_id"], row["state"]) for row in ledger] == [("Z1", "pending")]


def test_the_days_totals_are_those_of_its_accounts(derived: Source) -> None:
    (totals,) = asked(derived, DAY, "portfolio/book_totals")
    overdue = [row for row in on_day(derived).values() if row["days_past_due"] > 0]
    assert (totals["n_overdue"], totals["overdue_balance"]) == (4, sum(row["balance"] for row in overdue))


def test_the_status_of_today_does_not_pick_how_that_day_is_counted(source: Source) -> None:
    statuses = ("paid_off", "written_off", "legal")
    source.write("accounts.csv", ACCOUNTS + "".join(f"{s},D_{s},card,CNY,2025-01-10,900.00\n" for s in statuses))
    header = "account_id,as_of,days_past_due,balance,status\n"
    lines = [f"{s},2025-08-31,40,500.00,active\n{s},2025-09-30,70,480.00,{s}\n" for s in statuses]
    source.write("snapshots.csv", header + "".join(lines))
    source.load()
    rows = on_day(source)
    assert {(row["bucket"], row["status"], row["balance"]) for row in rows.values()} == {
        ("M2", "active", Decimal("500.00"))
    }
    assert set(rows) == set(statuses)
    (totals,) = asked(source, DAY, "portfolio/book_totals")
    assert totals["n_overdue"] == len(statuses)
    assert set(on_day(source, LATER)) == {"legal"}
