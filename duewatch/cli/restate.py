"""`restate`: which accounts another book shows otherwise for the same day, and why."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import click
import polars as pl

from duewatch.books.published import Book
from duewatch.cli.days import DAY
from duewatch.contract.errors import BookError
from duewatch.contract.file_formats import FORMATS, as_bytes, written
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.restatement import by_reason, restated, two_books
from duewatch.reads import portfolio

FILE = click.Path(path_type=Path)


@click.command("restate", short_help="Compare two books about one day: one row an account that stands otherwise.")
@click.option("--as-of", type=DAY, required=True, help="The snapshot day.")
@click.option("--against", help="Version of the book to compare with (default: the one before the book in service).")
@click.option("--by-reason", "summed", is_flag=True, help="One row a reason instead of one an account.")
@click.option("--books", type=FILE, help="Folder of published books (default: $DUEWATCH_BOOKS, else data/books).")
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--out", type=FILE, help="File to write (default: stdout).")
def restate_command(
    as_of: datetime, against: str | None, summed: bool, books: Path | None, file_format: str, out: Path | None
) -> None:
    """Say what the book in service tells otherwise of a past day than the book before it, account by account.

    The changes of the overdue balance add up to the difference of the two books' totals.

    Example: python -m duewatch restate --as-of 2026-09-30 --format json
    """
    now, before = two_books(books_dir(books), against)
    with closing(_engine(now)) as ours, closing(_engine(before)) as theirs:
        asks = [_asking(engine) for engine in (ours, theirs)]
        for book, ask in zip((now, before), asks, strict=True):
            _say_no_snapshot(book, ask, as_of.date())
        rows = restated(asks[0], asks[1], as_of=as_of.date())
    found = by_reason(rows)
    print(_tally(found, now, before, as_of.date()), file=sys.stderr)
    written(as_bytes(found if summed else rows, file_format), out)


def _engine(book: Book) -> DuckDBEngine:
    return DuckDBEngine(book, load_settings())


def _asking(engine: DuckDBEngine) -> Ask:
    def ask(name: str, params: Params) -> pl.DataFrame:
        return engine.run(name, params, WHOLE_BOOK)

    return ask


def _say_no_snapshot(book: Book, ask: Ask, day: date) -> None:
    """A book without that day would show every account as added or removed."""
    days: list[date] = portfolio.snapshot_days(ask)["as_of"].to_list()
    if day not in days:
        near = ", ".join(str(known) for known in days[-3:]) or "none"
        raise BookError(f"book {book.version} has no snapshot on {day}", next_step=f"its last days are {near}")


def _tally(found: pl.DataFrame, now: Book, before: Book, day: date) -> str:
    lines = [f"{day}: book {now.version} against book {before.version}"]
    if found.is_empty():
        return f"{lines[0]}: no account stands otherwise"
    lines.append(f"{'':<6}{'reason':<16}{'accounts':>10}{'overdue before':>20}{'overdue after':>20}{'change':>20}")
    for row in found.iter_rows(named=True):
        money = "".join(f"{row[name] or 0:>20,}" for name in ("overdue_before", "overdue_after", "change"))
        lines.append(f"{row['currency']:<6}{row['restated_by']:<16}{row['n_accounts']:>10,}{money}")
    return "\n".join(lines)
