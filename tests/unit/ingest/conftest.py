"""A tiny valid source that tests spoil in one place, and a door to the book made of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from duewatch.books.published import current_book
from duewatch.contract.i18n import words_in
from duewatch.contract.settings import Settings
from duewatch.ingest import IngestReport, ingest

ACCOUNTS = "account_id,debtor_id,product,currency,opened_on,original_amount\n"
ACCOUNT = "A1,D1,card,CNY,2025-01-10,1000.00\n"
FEW_RULES = Settings(packs=("us.nyc",))
"""What is tested here is how rows come in; judging them by every pack would only take longer."""
Rows = list[tuple[object, ...]]


class Source:
    """A folder of source files under test and the books made from it."""

    def __init__(self, root: Path) -> None:
        self.folder, self.books = root / "source", root / "books"
        if not self.folder.exists():
            self.folder.mkdir()
            self.write("accounts.csv", ACCOUNTS + ACCOUNT)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, mapping: str = "") -> IngestReport:
        path = self.books.parent / "mapping.toml"
        path.write_text(mapping, encoding="utf-8")
        return ingest(self.folder, books=self.books, mapping=path if mapping else None, settings=FEW_RULES)

    def notes(self, mapping: str = "") -> tuple[str, ...]:
        """Loads, and returns the notes in English."""
        return self.load(mapping).note_sentences(words_in("en"))

    def ask(self, statement: str, private: bool = False) -> Rows:
        book = current_book(self.books)
        with duckdb.connect(str(book.private_path if private else book.path), read_only=True) as con:
            return con.execute(statement).fetchall()

    def reasons(self) -> Rows:
        """(line, column, reason) of every reject, in file order."""
        return self.ask("select line, column_name, reason from rejects order by table_name, file, line")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


@pytest.fixture(scope="session")
def _loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("loaded")
    Source(root).load()
    return root


@pytest.fixture
def loaded(tmp_path: Path, _loaded_once: Path) -> Source:
    """A source of which a book is in service already."""
    shutil.copytree(_loaded_once, tmp_path, dirs_exist_ok=True)
    return Source(tmp_path)


@pytest.fixture
def accounts(source: Source) -> Callable[[str], Source]:
    """Loads the good account and the given further lines."""

    def load(lines: str) -> Source:
        source.write("accounts.csv", ACCOUNTS + ACCOUNT + lines)
        source.load()
        return source

    return load
