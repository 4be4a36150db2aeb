"""The books that tests make by hand: valid by the schema, or an error when they are made."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from duewatch.contract.schema import BOOK_TABLES
from tests.support import fact_books, floor_books
from tests.support.small_books import account, checked, completed, made_book, snapshot

DAY = date(2026, 10, 31)
CALL = {
    "contact_key": 1,
    "account_key": 1,
    "channel": "call",
    "direction": "out",
    "outcome": "no_answer",
    "started_at": datetime(2026, 10, 1, 9),  # noqa: DTZ001 - UTC without offset
}


def test_a_made_book_has_every_table_with_all_its_columns_and_types(tmp_path: Path) -> None:
    book = made_book(tmp_path, accounts=[account(1)], snapshots=[snapshot(1, DAY, 3, "9.00")], contacts=[CALL])
    with duckdb.connect(str(book.path), read_only=True) as con:
        found = {
            name: [(column, kind) for _, column, kind, *_ in con.sql(f"pragma table_info({name})").fetchall()]
            for (name,) in con.sql("select table_name from duckdb_tables()").fetchall()
        }
        assert con.sql("select debtor_id from debtors").fetchall() == [("D1",)]
        told = con.sql("select contact_id, debtor_key, currency, zone_basis from contacts").fetchall()
    assert found == {name: [(c.name, c.sql_type) for c in table.columns] for name, table in BOOK_TABLES.items()}
    assert told == [("C1", 1, "CNY", "missing")]


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        ({"spells": [{"account_key": 1, "spell_no": 1}]}, "spells.started_on is required, and empty in row 0"),
        ({"snapshots": [{**snapshot(1, DAY, 3, "9.00"), "dpd": 3}]}, "snapshots has no dpd"),
        ({"snapshots": [snapshot(1, DAY, 3, "9.00")] * 2}, "snapshots has two rows of one account_key, as_of"),
        ({"snapshots": [snapshot(1, DAY, 3, "9.00", "lost")]}, "snapshots.status: no such code as lost"),
        ({"snapshots": [snapshot(2, DAY, 3, "9.00")]}, "snapshots.account_key names none of accounts: 2"),
        ({"snapshots": [snapshot(1, "31 October", 3, "9.00")]}, "snapshots.as_of is no date"),  # type: ignore[arg-type]
        ({"snapshots": [snapshot(1, DAY, 1.5, "9.00")]}, "snapshots.days_past_due is binary"),  # type: ignore[arg-type]
        ({"snapshots": [snapshot(1, DAY, 3, "9.005")]}, "snapshots.balance is no money"),
        (
            {"contacts": [{**CALL, "account_key": 7, "debtor_key": 1, "currency": "CNY", "product": "loan"}]},
            "contacts.account_key names none of accounts: 7",
        ),
    ],
)
def test_an_invalid_book_is_an_error_when_it_is_made(tables: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError) as told:
        checked(completed({"accounts": [account(1)], **tables}))
    assert fault in str(told.value)


def test_all_faults_are_told_at_once() -> None:
    rows = {"accounts": [account(1, product=None)], "spells": [{"account_key": 3, "spell_no": 1}]}
    with pytest.raises(AssertionError) as told:
        checked(completed(rows))
    for part in ("accounts.product is required", "spells.started_on is required", "names none of accounts: 3"):
        assert part in str(told.value)


@pytest.mark.parametrize("seed", range(3))
def test_drawn_books_have_rows_in_the_tables_that_queries_rest_on(seed: int) -> None:
    """A spell without its first day, as the floor's books once had, is a row that no query sees."""
    tables = completed(floor_books.tables_of(floor_books.drawn(seed)))
    rows = checked(tables)
    assert {"accounts", "debtors", "snapshots", "spells", "overdue_stretches", "contacts", "promises"} <= set(rows)
    assert rows["spells"].num_rows > 5
    assert checked(completed(fact_books.facts_drawn(seed)))["spells"].num_rows > 5
