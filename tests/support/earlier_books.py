"""A book as it would be had nothing happened after one day: later rows are gone, later endings are open again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from duewatch.books.published import Book
from duewatch.contract.settings import Settings
from duewatch.ingest.marts import fill_marts

HAPPENED = {
    "accounts": "opened_on",
    "snapshots": "as_of",
    "thirty_day_states": "as_of",
    "spells": "started_on",
    "overdue_stretches": "from_on",
    "payments": "paid_on",
    "contacts": "coalesce(local_date, cast(started_at as date))",
    "promises": "made_on",
    "flags": "valid_from_on",
    "disputes": "cast(opened_at as date)",
    "assignments": "assigned_on",
    "findings": "coalesce(local_date, cast(started_at as date))",
    "verdict_counts": "local_date",
    "coverage_counts": "counted_on",
    "process_findings": "happened_on",
    "process_counts": "happened_on",
    "outbound_contacts": "contacted_on",
    "promise_payments": "paid_on",
}
"""Table to the day on which its row came about. Instalments are a plan: those due later are known beforehand."""
ENDED = (
    ("spells", "ended_on", "ended_on"),
    ("overdue_stretches", "to_on", "to_on"),
    ("promises", "withdrawn_on", "withdrawn_on"),
    ("flags", "valid_to", "valid_to_on"),
    ("flags", "valid_to_on", "valid_to_on"),
    ("disputes", "acknowledged_at", "cast(acknowledged_at as date)"),
    ("disputes", "upheld", "cast(resolved_at as date)"),
    ("disputes", "resolved_at", "cast(resolved_at as date)"),
    ("assignments", "ended_on", "ended_on"),
)
"""Table, column, and the day on which the column was filled in; a column that another's day hangs on comes last."""
OF_CONTACT = ("contact_zones", "contact_debts", "contact_coverage")


def until(book: Book, day: date, folder: Path) -> Book:
    """A copy of the book without anything that came about after the day. Keys and stored order stay,
    marts are made anew from what is left."""
    path = folder / book.path.name
    shutil.copyfile(book.path, path)
    with duckdb.connect(str(path)) as con:
        for table, column in HAPPENED.items():
            con.execute(f"delete from {table} where {column} > ?", [day])
        for table in OF_CONTACT:
            con.execute(f"delete from {table} where contact_key not in (select contact_key from contacts)")
        for table, column, ended_on in ENDED:
            con.execute(f"update {table} set {column} = null where {ended_on} > ?", [day])
        fill_marts(con, Settings())
        con.execute("checkpoint")
    return replace(book, path=path)
