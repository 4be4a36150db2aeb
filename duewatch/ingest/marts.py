"""Marts: tables made from the facts when a book is built, so that pages need not make them on every question.

A mart is a query of queries/marts/ and a book table of the same name and columns. It holds rows that do not depend on
the day of judgement, with the account they belong to, so that a scope cuts it like any other table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.settings import Settings
from duewatch.engines.query_files import query_file

MARTS = ("overdue_runs", "outbound_contacts", "promise_settled", "promise_payments")
"""In the order in which they are made: promise_payments reads promise_settled."""


def fill_marts(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    progress: Callable[[str], None] = lambda _: None,
    marts: Sequence[str] = MARTS,
) -> None:
    """Empties and fills the marts. The book's tables must be what bare names mean on this connection."""
    settings_values = {"grace_days": settings.promise_grace_days, "due_date_is_day_one": settings.due_date_is_day_one}
    for mart in marts:
        progress(f"making {mart}")
        query = query_file(f"marts/{mart}")
        params = {param.name: settings_values[param.name] for param in query.params}
        columns = ", ".join(BOOK_TABLES[mart].column_names)
        con.execute(f"delete from {mart}")  # noqa: S608
        con.execute(f"insert into {mart} ({columns}) {query.sql}", params)
