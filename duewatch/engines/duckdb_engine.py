"""The DuckDB engine: one hardened instance a book, one cursor a call, views that carry the scope.

The instance is in memory; the book is attached read-only and never named by a query. For each scope a
schema of views shadows the book's tables (`accounts` is `book.main.accounts` where the scope allows), and a
call's cursor sees that schema alone. A cursor with no schema finds no table at all, and the empty scope's
views return no rows, so a forgotten scope can show nothing. Read-only alone is not a sandbox: file access,
extensions and Python variables are shut too, then the configuration is locked.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from duewatch.books.published import Book
from duewatch.contract.errors import BookError, QueryError, QueryTooSlowError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.scope import Scope
from duewatch.contract.settings import Settings
from duewatch.engines import Params
from duewatch.engines.parameters import BOOK_WORDS, BookCodes
from duewatch.engines.query_files import QueryFile, query_file

SCOPES_KEPT = 64
"""Schemas of views kept per book; the one unused for longest goes first."""

_BY_DEBTOR = "select * from book.main.{table} where debtor_key in (select debtor_key from in_scope)"
_BY_ACCOUNT = "select * from book.main.{table} where account_key in (select account_key from in_scope)"

_BOOK_CODES = {
    "buckets": "select bucket from book.main.buckets order by bucket_no",
    "overdue_buckets": "select bucket from book.main.buckets where bucket_no > 0 order by bucket_no",
    "packs": "select distinct pack_id from book.main.rules_run order by 1",
    "rules": "select distinct rule_id from book.main.rules_run order by 1",
    "process_rules": "select distinct rule_id from book.main.process_rules order by 1",
    "source_tables": "select distinct table_name from book.main.column_presence order by 1",
}


class DuckDBEngine:
    """Runs query files over one published book. Safe to share between threads."""

    def __init__(self, book: Book, settings: Settings) -> None:
        self.book = book
        self._settings = settings
        self._lock = threading.Lock()
        self._schemas: OrderedDict[str, str] = OrderedDict()
        self._con = _locked_connection(book.path, settings)

    def run(self, name: str, params: Params, scope: Scope, seconds: float | None = None) -> pl.DataFrame:
        """The answer of one named query. `seconds`: time limit in place of that of the settings.
        Raises QueryError, QueryTooSlowError."""
        query = query_file(name)
        return self._timed(query, query.bound(params, self._book_codes), scope, seconds)

    def run_query(self, query: QueryFile, params: Params, scope: Scope) -> pl.DataFrame:
        """The answer of a query that was put together of several (query_over). Raises as `run`."""
        return self._timed(query, query.bound(params, self._book_codes), scope)

    def run_over(
        self, base: QueryFile, alias: str, params: Params, uses: Sequence[tuple[str, Params]], scope: Scope
    ) -> list[pl.DataFrame]:
        """The answers of several queries over one (`base`, read as `alias`), which is run once. `uses`: names of
        queries and their own parameters. Raises as `run`."""
        queries = [(query_file(name), params_of_query) for name, params_of_query in uses]
        with self._stopped_in_time(base.name, scope) as cursor:
            cursor.execute(f"create temp table {alias} as {base.sql}", base.bound(params, self._book_codes))
            return [
                fetch_frame(
                    cursor, query.own_sql, {param.name: params_of_query[param.name] for param in query.own_params}
                )
                for query, params_of_query in queries
            ]

    def described(self, name: str, scope: Scope) -> list[tuple[str, str]]:
        """Column names and DuckDB types of a query's answer, without running it: all parameters are null."""
        query = query_file(name)
        cursor = self._cursor(scope)
        frame = fetch_frame(cursor, f"describe {query.sql}", dict.fromkeys(p.name for p in query.params))
        return list(zip(frame["column_name"].to_list(), frame["column_type"].to_list(), strict=True))

    def close(self) -> None:
        self._con.close()

    @cached_property
    def _book_codes(self) -> BookCodes:
        """The codes that this book has of its own: what it was built with, of no account and so of no scope."""
        cursor = self._con.cursor()
        return {word: tuple(code for (code,) in cursor.execute(_BOOK_CODES[word]).fetchall()) for word in BOOK_WORDS}

    def _timed(self, query: QueryFile, values: Params, scope: Scope, seconds: float | None = None) -> pl.DataFrame:
        with self._stopped_in_time(query.name, scope, seconds) as cursor:
            return fetch_frame(cursor, query.sql, values)

    @contextmanager
    def _stopped_in_time(
        self, name: str, scope: Scope, seconds: float | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor, limit = self._cursor(scope), self._settings.query_seconds if seconds is None else seconds
        stopper = threading.Timer(limit, cursor.interrupt)
        stopper.start()
        try:
            yield cursor
        except duckdb.InterruptException:
            raise localised_error(QueryTooSlowError, "too_slow", where=name, seconds=f"{limit:g}") from None
        except duckdb.Error as error:
            raise QueryError(str(error).strip(), where=name) from error
        finally:
            stopper.cancel()
            cursor.close()

    def _cursor(self, scope: Scope) -> duckdb.DuckDBPyConnection:
        schema = self._schema(scope)
        cursor = self._con.cursor()
        cursor.execute(f"use memory.{schema}")
        return cursor

    def _schema(self, scope: Scope) -> str:
        key = "empty" if scope.is_empty else scope.key
        with self._lock:
            if key not in self._schemas:
                self._schemas[key] = self._create_schema(
                    f"scope_{hashlib.sha256(key.encode()).hexdigest()[:16]}", scope
                )
                self._forget_oldest()
            self._schemas.move_to_end(key)
            return self._schemas[key]

    def _forget_oldest(self) -> None:
        if len(self._schemas) > SCOPES_KEPT:
            _, schema = self._schemas.popitem(last=False)
            self._con.cursor().execute(f"drop schema memory.{schema} cascade")

    def _create_schema(self, schema: str, scope: Scope) -> str:
        cursor = self._con.cursor()
        cursor.execute(f"create schema if not exists memory.{schema}")
        cursor.execute(f"use memory.{schema}")
        cursor.execute(_IN_SCOPE, _scope_values(scope))
        cursor.execute(_VALUES_IN_SCOPE)
        for table in BOOK_TABLES:
            cursor.execute(f"create or replace view {table} as {_view(table, scope)}")
        cursor.close()
        return schema


def fetch_frame(cursor: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, object]) -> pl.DataFrame:
    """The rows of a statement. DuckDB 1.x turns every value of a relation with parameters into a Python object before
    it is a frame (0.7 s for 150,000 rows of three columns, beside 0.01 s by execute); 2.0 does not, and its execute
    has no frame to give."""
    if not params:
        return cursor.sql(sql).pl()
    if duckdb.__version__.startswith("1."):
        return cursor.execute(sql, dict(params)).pl()
    return cursor.sql(sql, params=dict(params)).pl()


_IN_SCOPE = """
create or replace table in_scope as
select account_key, debtor_key
from book.main.accounts
where ($all_branches or list_contains($branches, branch))
  and ($all_products or list_contains($products, product))
  and ($all_currencies or list_contains($currencies, currency))
"""


_VALUES_IN_SCOPE = """
create or replace table scope_values as
select distinct branch, product, currency from book.main.accounts
where account_key in (select account_key from in_scope)
"""
_IN_VALUES = """exists (
    select 1 from scope_values v where v.branch is not distinct from {table}.branch
    and v.product = {table}.product and v.currency = {table}.currency)"""
"""For counts by branch, product and currency: scopes are made of these three, so the counts fall apart along them."""


def _scope_values(scope: Scope) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in ("branches", "products", "currencies"):
        allowed = () if scope.is_empty else getattr(scope, name)
        values[f"all_{name}"] = allowed is None
        values[name] = list(allowed or ())
    return values


_CONTACT_KNOWN = """coalesce(
    cast(recorded_at + (local_date + local_time - started_at) as date), cast(recorded_at as date),
    local_date, cast(started_at as date)) <= date '{day}'"""
"""The debtor's local day of the recording, where the zone is known."""
_OF_KNOWN_CONTACT = f"contact_key in (select contact_key from book.main.contacts where {_CONTACT_KNOWN})"  # noqa: S608
_KNOWN = {
    "payments": "coalesce(cast(posted_at as date), paid_on) <= date '{day}'",
    "contacts": _CONTACT_KNOWN,
    "contact_zones": _OF_KNOWN_CONTACT,
    "contact_debts": _OF_KNOWN_CONTACT,
    "outbound_contacts": _OF_KNOWN_CONTACT,
    "flags": "coalesce(cast(coalesce(known_from, valid_from) as date) <= date '{day}', true)",
    "promises": "made_on <= date '{day}'",
    "disputes": "opened_on <= date '{day}'",
    "snapshots": "as_of <= date '{day}'",
    "assignments": "assigned_on <= date '{day}'",
    "promise_settled": "false",
    "promise_payments": "false",
}
"""Table to which of its rows were known by the end of a day (of a payment the day in UTC). What payments went to which
promise is then worked out from those known, not read from the mart. Other tables stay: days past due that were made of
instalments and payments, and verdicts, are those of the whole book."""


def _view(table: str, scope: Scope) -> str:
    """What a scope may read of one table, as SQL. Names come from schema.py, never from a person."""
    rows = _rows_of(table, scope)
    if scope.known_on is None or table not in _KNOWN:
        return rows
    return f"select * from ({rows}) as allowed where {_KNOWN[table].format(day=scope.known_on.isoformat())}"  # noqa: S608


def _rows_of(table: str, scope: Scope) -> str:
    columns = BOOK_TABLES[table].column_names
    if scope.is_empty or (table == "rejects" and not scope.may_see_rejects):
        return f"select * from book.main.{table} where false"  # noqa: S608
    if (scope.branches, scope.products, scope.currencies) == (None, None, None):
        return f"select * from book.main.{table}"  # noqa: S608
    if table == "flags":
        in_account = "(account_key is null or account_key in (select account_key from in_scope))"
        return f"{_BY_DEBTOR.format(table=table)} and {in_account}"
    if {"branch", "product", "currency"} <= set(columns) and "account_key" not in columns:
        return f"select * from book.main.{table} where {_IN_VALUES.format(table=table)}"  # noqa: S608
    if "account_key" in columns:
        return _BY_ACCOUNT.format(table=table)
    if "debtor_key" in columns:
        return _BY_DEBTOR.format(table=table)
    return f"select * from book.main.{table}"  # noqa: S608


def _locked_connection(path: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(":memory:")
        con.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as book (read_only)")
    except duckdb.Error as error:
        raise BookError(f"cannot be opened: {error}", where=str(path), next_step="run ingest again") from error
    spill = Path(tempfile.gettempdir()) / f"duewatch-spill-{os.getpid()}"
    for name, value in (
        ("TimeZone", "UTC"),
        ("memory_limit", settings.memory_limit),
        ("temp_directory", str(spill)),
        ("python_enable_replacements", False),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("allow_community_extensions", False),
        ("enable_external_access", False),
        ("lock_configuration", True),
    ):
        text = str(value).lower() if isinstance(value, bool) else f"'{str(value).replace(chr(39), chr(39) * 2)}'"
        con.execute(f"set {name} = {text}")
    return con
