"""Contacts are placed some accounts at a time; how many at a time changes nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from duewatch.books.published import current_book
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.ingest import contact_log as placed_contacts
from duewatch.ingest import ingest

TABLES = ("contacts", "contact_zones", "contact_debts", "findings", "verdict_counts")


def test_portions_of_a_few_accounts_give_the_book_that_one_piece_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    write_demo(source, accounts=220, months=3, seed=11)
    pieces: list[int] = []
    real = placed_contacts._portions

    def counted(*given: object) -> object:
        found = list(real(*given))  # type: ignore[arg-type]
        pieces.append(len(found))
        return iter(found)

    monkeypatch.setattr(placed_contacts, "_portions", counted)
    rows = []
    for portion in (placed_contacts.PORTION, 71):
        monkeypatch.setattr(placed_contacts, "PORTION", portion)
        books = tmp_path / f"books_{portion}"
        ingest(source, books=books, settings=Settings(packs=("house",)))
        with duckdb.connect(str(current_book(books).path), read_only=True) as con:
            rows.append({table: con.execute(f"from {table} order by all").fetchall() for table in TABLES})
    assert pieces[0] == 1
    assert pieces[1] > 20
    assert rows[0] == rows[1]
    assert all(rows[0][table] for table in TABLES), "each table has rows to compare"
