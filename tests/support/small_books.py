"""Books made row by row, without ingest, so that a query can be asked about accounts a reader can count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from duewatch.books.published import Book, Manifest, book_name, file_sha256, private_name
from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest.marts import fill_marts

Row = Mapping[str, object]
STAMP = "20261101T000000000000Z"
AT_ONCE = 100


def made_book(folder: Path, **tables: Sequence[Row]) -> Book:
    """A book with the given rows; a column not given is null, a table not given empty, buckets are the default. Marts
    are made from the facts, as ingest makes them."""
    path = folder / book_name(STAMP)
    rows_of = {"buckets": default_buckets(), **tables}
    with duckdb.connect(str(path)) as con:
        for name, table in BOOK_TABLES.items():
            con.execute(f"create table {name} ({', '.join(_column(c.name, c.sql_type) for c in table.columns)})")
            _insert(con, name, table.column_names, rows_of.get(name, ()))
        fill_marts(con, Settings())
        con.execute("checkpoint")
    manifest = Manifest(STAMP, "2026-11-01T00:00:00Z", "test", {path.name: file_sha256(path)}, {}, {})
    return Book(STAMP, path, folder / private_name(STAMP), manifest)


def _insert(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    for row in rows:
        unknown = set(row) - set(columns)
        assert not unknown, f"{table} has no {unknown}"
    marks = f"({', '.join('?' for _ in columns)})"
    for some in (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)):
        values = [row.get(name) for row in some for name in columns]
        con.execute(f"insert into {table} values {', '.join(marks for _ in some)}", values)


def engine_over(folder: Path, **tables: Sequence[Row]) -> DuckDBEngine:
    return DuckDBEngine(made_book(folder, **tables), Settings())


def default_buckets() -> list[Row]:
    settings = Settings()
    starts = settings.bucket_starts
    return [
        {"bucket": name, "bucket_no": no, "from_days": start, "to_days": starts[no + 1] - 1 if no < 7 else None}
        for no, (name, start) in enumerate(zip(settings.bucket_names, starts, strict=True))
    ]


def bucket_of(days: int) -> str:
    """The default bucket by the definition's own words, not by the settings."""
    return "M0" if days == 0 else "M7+" if days > 180 else f"M{(days - 1) // 30 + 1}"


def account(key: int, **given: object) -> Row:
    made: dict[str, object] = {
        "account_key": key,
        "debtor_key": key,
        "account_id": f"A{key}",
        "debtor_id": f"D{key}",
        "product": "loan",
        "branch": "north",
        "currency": "CNY",
        "opened_on": date(2026, 1, 15),
        "original_amount": "1000.00",
    }
    return {**made, **given}


def snapshot(key: int, as_of: date, days: int, balance: object, status: str | None = None) -> Row:
    state = status if status in ("paid_off", "written_off") else bucket_of(days)
    return {
        "account_key": key,
        "as_of": as_of,
        "days_past_due": days,
        "balance": balance,
        "status": status,
        "state": state,
        "is_derived": False,
    }


def _column(name: str, sql_type: str) -> str:
    return f'"{name}" {sql_type}'
