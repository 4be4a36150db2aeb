"""A source column that a book table has too is filled there wherever the source fills it: none is left behind."""

from __future__ import annotations

from pathlib import Path

import duckdb

from duewatch.books.published import current_book
from duewatch.contract.schema import BOOK_TABLES, SOURCE_TABLES
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine


def test_no_column_that_the_source_fills_is_empty_in_the_book(demo_book: Path) -> None:
    engine = DuckDBEngine(current_book(demo_book), Settings())
    presence = engine.run("data/column_presence", {}, WHOLE_BOOK).filter("is_provided")
    filled = {
        (table, name): n for table, name, n in presence.select("table_name", "column_name", "n_filled").rows() if n
    }
    engine.close()
    shared = {
        (table, name)
        for table in SOURCE_TABLES.keys() & BOOK_TABLES.keys()
        for name in SOURCE_TABLES[table].column_names
        if name in BOOK_TABLES[table].column_names and (table, name) in filled
    }
    empty = [f"{table}.{name}" for table, name in sorted(shared) if counted(demo_book, table, name) == 0]
    assert empty == [], "name the column in duewatch/ingest/book_tables.py"
    assert len(shared) > 60


def counted(books: Path, table: str, column: str) -> int:
    """Rows of the book's table that have the column."""
    with duckdb.connect(str(current_book(books).path), read_only=True) as connection:
        (n,) = connection.sql(f'select count("{column}") from "{table}"').fetchall()[0]
    return int(n)
