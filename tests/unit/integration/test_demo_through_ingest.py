"""The demo's truth comes back out of the book: rejects line by line, aging and migration count by count."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from duewatch.books.published import Book, current_book
from duewatch.contract.schema import BOOK_TABLES, PRIVATE_TABLES, Table
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest

RECOMPUTES = {"migration_30_day": "portfolio/transitions_30_day", "dpd_agreement": "data/days_past_due_agreement"}
"""Metric to what is called here for the number that is computed a second time."""


LAST = date(2026, 10, 31)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder / "source", accounts=2_000, months=5, seed=11, as_of=LAST)
    ingest(folder / "source", books=folder / "books")
    return folder


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "source" / "truth.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def book(folder: Path) -> Book:
    return current_book(folder / "books")


@pytest.fixture(scope="module")
def engine(book: Book) -> DuckDBEngine:
    return DuckDBEngine(book, Settings())


def test_every_planted_data_fault_is_rejected_for_its_reason_and_nothing_else_is(
    engine: DuckDBEngine, truth: dict[str, Any]
) -> None:
    rows = engine.run("data/rejected_rows", {}, WHOLE_BOOK).to_dicts()
    found = Counter((row["table_name"], row["reason"], row["line"]) for row in rows)
    planted = Counter(
        (fault["table"], fault["reason"], line) for fault in truth["data_faults"] for line in fault["lines"]
    )
    assert found == planted
    assert len({fault["reason"] for fault in truth["data_faults"]}) >= 12


def test_aging_is_what_the_generator_says_it_made(engine: DuckDBEngine, truth: dict[str, Any]) -> None:
    days = sorted({row["as_of"] for row in truth["realised"]["aging"]})
    assert len(days) == 5
    for day in days:
        made = {
            (row["currency"], row["state"]): (row["n_accounts"], Decimal(row["balance"]))
            for row in truth["realised"]["aging"]
            if row["as_of"] == day and row["state"].startswith("M")
        }
        rows = engine.run("portfolio/aging_buckets", {"as_of": day}, WHOLE_BOOK).to_dicts()
        assert {(row["currency"], row["bucket"]): (row["n_accounts"], row["balance"]) for row in rows} == made


def test_migration_is_what_the_generator_says_it_made(engine: DuckDBEngine, truth: dict[str, Any]) -> None:
    made: dict[tuple[str, str], dict[tuple[str, str, str], int]] = {}
    for row in truth["realised"]["transitions"]:
        if row["from"].startswith("M"):
            made.setdefault((row["from_date"], row["to_date"]), {})[row["currency"], row["from"], row["to"]] = row[
                "n_accounts"
            ]
    assert len(made) == 4
    for (first, last), moves in made.items():
        asked = {"from_date": first, "to_date": last}
        rows = engine.run("portfolio/transitions", asked, WHOLE_BOOK).to_dicts()
        assert {(r["currency"], r["from_bucket"], r["to_bucket"]): r["n_accounts"] for r in rows} == moves


def test_recorded_days_past_due_agree_with_those_recomputed_from_instalments(engine: DuckDBEngine) -> None:
    row = engine.run("data/days_past_due_agreement", {}, WHOLE_BOOK).to_dicts()[0]
    assert row["n_compared"] > 1_000
    assert (row["n_equal"], row["largest_gap"]) == (row["n_compared"], 0)


def test_thirty_day_steps_of_all_accounts_add_up_to_one(engine: DuckDBEngine) -> None:
    rows = engine.run("portfolio/transitions_30_day", {"to_date": LAST}, WHOLE_BOOK).to_dicts()
    starts = {(row["currency"], row["from_bucket"]) for row in rows}
    assert ("CNY", "M1") in starts
    for start in starts:
        shares = [row["share_accounts"] for row in rows if (row["currency"], row["from_bucket"]) == start]
        assert sum(shares) == pytest.approx(1)
    # in a step of 30 days an account that pays nothing moves by exactly one bucket, so M1 never jumps to M3
    assert not [row for row in rows if (row["from_bucket"], row["to_bucket"]) == ("M1", "M3")]


@pytest.mark.parametrize("is_private", [False, True])
def test_a_book_has_exactly_the_tables_columns_and_types_of_the_schema(book: Book, is_private: bool) -> None:
    tables: dict[str, Table] = PRIVATE_TABLES if is_private else BOOK_TABLES
    with duckdb.connect(str(book.private_path if is_private else book.path), read_only=True) as con:
        listed = (
            con.cursor()
            .execute(
                "select table_name, column_name, data_type from duckdb_columns() "
                "where not internal order by table_name, column_index"
            )
            .fetchall()
        )
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in listed:
        found.setdefault(table, []).append((column, kind))
    assert found == {name: [(c.name, c.sql_type) for c in table.columns] for name, table in tables.items()}


def test_nothing_personal_is_in_the_bytes_of_the_public_book(folder: Path, book: Book) -> None:
    """Names, numbers and addresses of the private file, looked for in the public file as it lies on disk."""
    with duckdb.connect(str(book.private_path), read_only=True) as con:
        people = con.cursor().execute("select name, id_number, phone, email, address from debtors").fetchall()
        points = con.cursor().execute("select contact_point from contact_points").fetchall()
        names = con.cursor().execute("select name from collectors").fetchall()
    public = book.path.read_bytes()
    secrets = {str(value) for row in [*people, *points, *names] for value in row if value and len(str(value)) >= 8}
    assert len(secrets) > 1_000
    found = told(secrets, public)
    # texts lie end to end in the file, so that the digits of neighbours may now and then look like one of thousands of
    # numbers: a number that no cell holds, seen once or twice, is that; one in a cell, or a column of them, is not
    by_chance = {secret for secret in found if secret.isdigit()} - in_cells(book.path, found)
    assert found - by_chance == set()
    assert len(by_chance) <= 2
    planted = min(secrets)
    assert told(secrets, public[:1001] + planted.encode() + public[1001:]) == {planted}, "the search itself works"


def in_cells(path: Path, wanted: set[str]) -> set[str]:
    """Those that a text cell of the book holds, by itself or within."""
    with duckdb.connect(str(path), read_only=True) as con:
        columns = con.cursor().execute(
            "select table_name, column_name from duckdb_columns() where not internal and data_type = 'VARCHAR'"
        )
        return {
            text
            for table, column in columns.fetchall()
            for text in wanted
            if con.cursor().execute(f'select 1 from "{table}" where contains("{column}", ?) limit 1', [text]).fetchone()
        }


def told(secrets: set[str], public: bytes) -> set[str]:
    """Those that stand in the bytes: their last eight bytes looked for at every place, and there the whole."""
    alike: dict[int, list[bytes]] = {}
    for secret in map(str.encode, secrets):
        alike.setdefault(int.from_bytes(secret[-8:], "little"), []).append(secret)
    wanted = np.array(sorted(alike), dtype="<u8")
    found: set[bytes] = set()
    for offset in range(8):
        windows = np.frombuffer(public, dtype="<u8", offset=offset, count=(len(public) - offset) // 8)
        nearest = wanted[np.minimum(np.searchsorted(wanted, windows), len(wanted) - 1)]
        for place in np.flatnonzero(nearest == windows).tolist():
            end = offset + 8 * place + 8
            found.update(each for each in alike[int(windows[place])] if public.endswith(each, 0, end))
    return {secret.decode() for secret in found}


def test_the_contact_log_is_stored_in_account_and_time_order_with_dense_keys(book: Book) -> None:
    with duckdb.connect(str(book.path), read_only=True) as con:
        keys = con.cursor().execute("select contact_key, account_key, started_at, contact_id from contacts").fetchall()
        accounts = con.cursor().execute("select debtor_key, account_id from accounts order by account_key").fetchall()
    assert [row[0] for row in keys] in (list(range(len(keys))), list(range(1, len(keys) + 1)))
    assert [row[1:] for row in keys] == sorted(row[1:] for row in keys)
    assert [row[0] for row in accounts] == sorted(row[0] for row in accounts)


def test_local_time_is_the_debtors_wall_time(book: Book) -> None:
    """Python's own zoneinfo, contact by contact, on every contact whose instant and single zone are known."""
    from datetime import UTC
    from zoneinfo import ZoneInfo

    with duckdb.connect(str(book.path), read_only=True) as con:
        rows = (
            con.cursor()
            .execute(
                "select c.started_at, d.time_zone, c.local_date, c.local_time, c.local_isodow from contacts c "
                "join debtors d using (debtor_key) "
                "where c.zone_basis in ('zone', 'wall') and d.time_zone not like '%|%'"
            )
            .fetchall()
        )
    assert len({zone for _, zone, *_ in rows}) >= 4
    for started, zone, day, clock, weekday in rows:
        wall = started.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        assert (day, clock, weekday) == (wall.date(), wall.time().replace(tzinfo=None), wall.isoweekday())
