"""`restate`: which accounts another book shows otherwise for the same day, and why."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
import polars as pl

from duewatch.books.published import Book
from duewatch.cli.open_book import queries_of
from duewatch.cli.options import BOOKS, DAY, FORMAT, OUT
from duewatch.contract.errors import BookError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines import Ask
from duewatch.metrics.restatement import by_reason, restated_accounts, two_books
from duewatch.reads import portfolio


@click.command("restate")
@click.option("--as-of", type=DAY, required=True, help="The snapshot day.")
@click.option("--against", help="Version of the book to compare with (default: the one before the book in service).")
@click.option("--by-reason", "summed", is_flag=True, help="One row a reason instead of one an account.")
@BOOKS
@FORMAT
@OUT
def restate_command(
    as_of: datetime, against: str | None, summed: bool, books: Path | None, file_format: str, out: Path | None
) -> None:
    """Say what the book in service tells otherwise of a past day than the book before it, account by account.

    The changes of the overdue balance add up to the difference of the two books' totals.

    Example: python -m duewatch restate --as-of 2026-09-30 --format json
    """
    now, before = two_books(books_dir(books), against)
    settings = load_settings()
    with queries_of(now, settings) as ask_now, queries_of(before, settings) as ask_before:
        _say_no_snapshot(now, ask_now, as_of.date())
        _say_no_snapshot(before, ask_before, as_of.date())
        rows = restated_accounts(ask_now, ask_before, as_of=as_of.date())
    reasons = by_reason(rows)
    print(_tally(reasons, now, before, as_of.date()), file=sys.stderr)
    write_output(as_bytes(reasons if summed else rows, file_format), out)


def _say_no_snapshot(book: Book, ask: Ask, day: date) -> None:
    """A book without that day would show every account as added or removed."""
    days: list[date] = portfolio.snapshot_days(ask)["as_of"].to_list()
    if day not in days:
        last_days = ", ".join(str(snapshot_day) for snapshot_day in days[-3:]) or "none"
        raise BookError(f"book {book.version} has no snapshot on {day}", next_step=f"its last days are {last_days}")


def _tally(reasons: pl.DataFrame, now: Book, before: Book, day: date) -> str:
    lines = [f"{day}: book {now.version} against book {before.version}"]
    if reasons.is_empty():
        return f"{lines[0]}: no account stands otherwise"
    lines.append(f"{'':<6}{'reason':<16}{'accounts':>10}{'overdue before':>20}{'overdue after':>20}{'change':>20}")
    for row in reasons.iter_rows(named=True):
        money = "".join(f"{row[name] or 0:>20,}" for name in ("overdue_before", "overdue_after", "change"))
        lines.append(f"{row['currency']:<6}{row['restated_by']:<16}{row['n_accounts']:>10,}{money}")
    return "\n".join(lines)
