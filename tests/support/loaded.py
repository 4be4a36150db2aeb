"""A folder of source files and the book made of it, for tests that ask what landed."""

from __future__ import annotations

from pathlib import Path

import duckdb

from duewatch.books.published import current_book
from duewatch.contract.i18n import words_in
from duewatch.contract.settings import Settings
from duewatch.ingest import IngestReport, ingest

FEW_RULES = Settings(packs=("us.nyc",))
Rows = list[tuple[object, ...]]


class Loaded:
    """A load and the book made of it."""

    def __init__(self, books: Path, report: IngestReport) -> None:
        self.books, self.report = books, report
        self.notes = report.note_sentences(words_in("en"))

    def ask(self, statement: str, private: bool = False) -> Rows:
        book = current_book(self.books)
        with duckdb.connect(str(book.private_path if private else book.path), read_only=True) as con:
            return con.execute(statement).fetchall()

    @property
    def counts(self) -> dict[str, tuple[int, int, int, int]]:
        """Table to rows read, accepted, rejected, left out."""
        return {
            load.table: (load.rows_read, load.rows_accepted, load.rows_rejected, load.rows_left_out)
            for load in self.report.loads
        }

    @property
    def public_bytes(self) -> bytes:
        return current_book(self.books).path.read_bytes()


def loaded(source: Path, books: Path, mapping: Path | None = None, settings: Settings = FEW_RULES) -> Loaded:
    return Loaded(books, ingest(source, books=books, mapping=mapping, settings=settings))
