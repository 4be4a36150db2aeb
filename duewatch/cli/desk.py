"""`desk`: decisions about findings, without the app."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from duewatch.books.published import current_book
from duewatch.cli.open_book import queries_of
from duewatch.cli.options import BOOKS, DAY, FORMAT
from duewatch.contract.errors import DeskError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.settings import books_dir, load_settings
from duewatch.desk import Desk, Review, desk_url
from duewatch.desk.reviews import STATES
from duewatch.evidence.selection import has_finding


@click.group("desk")
def desk_command() -> None:
    """Decisions about findings. They stand in a database of their own and are only ever added; a finding keeps its key
    when a new book is built.

    Example: python -m duewatch desk mark us.reg_f.hours/C1/A1 exempt --reason "asked for evenings, recording 17"
    """


def open_desk(books: Path | None) -> Desk:
    """The desk that the settings name. Raises DeskError."""
    folder = books_dir(books)
    folder.mkdir(parents=True, exist_ok=True)
    return Desk(desk_url(load_settings(), folder))


@desk_command.command("list")
@BOOKS
@FORMAT
@click.option("--overdue-on", type=DAY, help="Only what is still open and was due before that day.")
def list_command(books: Path | None, file_format: str, overdue_on: datetime | None) -> None:
    """The last decision about each finding."""
    desk = open_desk(books)
    decisions = desk.overdue(overdue_on.date()) if overdue_on else desk.latest()
    write_output(as_bytes(decisions, file_format), None)


@desk_command.command("history")
@click.argument("finding_key")
@BOOKS
@FORMAT
def history_command(finding_key: str, books: Path | None, file_format: str) -> None:
    """Every decision about one finding, oldest first."""
    write_output(as_bytes(open_desk(books).history(finding_key), file_format), None)


@desk_command.command("exports")
@BOOKS
@FORMAT
def exports_command(books: Path | None, file_format: str) -> None:
    """Who took which evidence pack out of the book, oldest first."""
    write_output(as_bytes(open_desk(books).exports(), file_format), None)


@desk_command.command("mark")
@click.argument("finding_key")
@click.argument("state", type=click.Choice(STATES))
@click.option("--reason", required=True, help="Why, in a few words.")
@click.option("--owner", default="", help="Who sees to it.")
@click.option("--due", type=DAY, help="By when.")
@click.option("--by", "made_by", help="Who decides (default: this account's name).")
@click.option("--after", type=int, help="How many decisions you have seen (default: all there are now).")
@BOOKS
def mark_command(
    finding_key: str,
    state: str,
    reason: str,
    owner: str,
    due: datetime | None,
    made_by: str | None,
    after: int | None,
    books: Path | None,
) -> None:
    """Add a decision about a finding of the book in service."""
    _refuse_unknown(finding_key, books)
    desk = open_desk(books)
    n_seen = desk.history(finding_key).height if after is None else after
    number = desk.mark(
        Review(
            finding_key,
            state,
            reason,
            made_by or getpass.getuser(),
            datetime.now(UTC).replace(tzinfo=None),
            owner,
            due and due.date(),
            n_seen,
        )
    )
    click.echo(f"decision {number} about {finding_key}: {state}", err=True)


def _refuse_unknown(finding_key: str, books: Path | None) -> None:
    """A decision about nothing would stand on the desk for good."""
    with queries_of(current_book(books_dir(books)), load_settings()) as ask:
        if not has_finding(ask, finding_key):
            raise DeskError(
                f"the book has no finding '{finding_key}'",
                next_step="copy the key from 'query compliance/finding_rows' or from Contact limits",
            )
