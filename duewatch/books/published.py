"""Published books on disk: names, manifest and pointer, seen from the reader's side.

A books folder holds, for each published book, `book-<stamp>.duckdb`, `private-<stamp>.duckdb` and the
manifest `book-<stamp>.json`; the file `CURRENT` names the book in service. DuckDB hands a process the old
database again when a path is replaced under an open handle, so names carry the stamp and only the pointer
moves. `duewatch/ingest/` is the only writer; everything else comes in through `current_book`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from duewatch.contract.errors import BookError

POINTER = "CURRENT"
LOCK = "ingest.lock"
BOOK_FORMAT = 6
"""Raised when readers can no longer read what older versions wrote (2: verdicts of the rule packs; 5: marts)."""


@dataclass(frozen=True)
class Manifest:
    """What a book says of itself. `version` is the stamp; `files` maps file name to sha256; `rows` maps book
    table to row count; `control_totals` maps `table.column` to the exact sum as text, per currency
    (`snapshots.balance|CNY`); `built_at` is ISO 8601 UTC; `code_version` is duewatch.__version__."""

    version: str
    built_at: str
    code_version: str
    files: dict[str, str]
    rows: dict[str, int]
    control_totals: dict[str, str]
    book_format: int = BOOK_FORMAT
    packs: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        content: dict[str, Any] = json.loads(text)
        return cls(**content)


@dataclass(frozen=True)
class Book:
    """One published, checked book. `passed_over` says why newer books were refused, in plain sentences."""

    version: str
    path: Path
    private_path: Path
    manifest: Manifest
    passed_over: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        return self.manifest.files[self.path.name]


def book_name(stamp: str) -> str:
    return f"book-{stamp}.duckdb"


def private_name(stamp: str) -> str:
    return f"private-{stamp}.duckdb"


def manifest_name(stamp: str) -> str:
    return f"book-{stamp}.json"


def pointed_version(books: Path) -> str | None:
    """The stamp that CURRENT names; None where there is no pointer. One small read, no checks."""
    try:
        return (books / POINTER).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def current_book(books: Path) -> Book:
    """The book in service: the pointed one, or the newest good one before it where it does not match its
    manifest. Raises BookError where there is none."""
    pointed = pointed_version(books)
    if pointed is None:
        raise BookError(
            "there is no book here yet",
            where=str(books),
            next_step="load your files with 'python -m duewatch ingest FOLDER', or build the demo with 'make demo'",
        )
    problems: list[str] = []
    for stamp in _versions_down_from(books, pointed):
        problem = _damage(str(books), stamp, _fingerprint(books, stamp))
        if problem is None:
            return _open(books, stamp, tuple(problems))
        problems.append(problem)
    raise BookError(
        "; ".join(problems) or f"the pointer names {pointed}, which is not there",
        where=str(books),
        next_step="run ingest again",
    )


def published_versions(books: Path) -> list[str]:
    """Stamps of all published books, newest first (those that have a manifest)."""
    return sorted((path.stem.removeprefix("book-") for path in books.glob("book-*.json")), reverse=True)


def earlier_version(books: Path, version: str) -> str | None:
    """The stamp of the newest book published before that one; None where there is none."""
    return next((stamp for stamp in published_versions(books) if stamp < version), None)


def published_book(books: Path, version: str) -> Book:
    """One published book by its stamp, whether or not it is in service. Raises BookError where it is not there or
    does not match its manifest."""
    if version not in published_versions(books):
        versions = ", ".join(published_versions(books)) or "none"
        raise BookError(f"there is no book {version}", where=str(books), next_step=f"the published ones are {versions}")
    problem = _damage(str(books), version, _fingerprint(books, version))
    if problem is not None:
        raise BookError(problem, where=str(books), next_step="run ingest again, or name another book")
    return _open(books, version, ())


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _versions_down_from(books: Path, pointed: str) -> list[str]:
    """The pointed book, then older ones: a newer book that was never pointed at is not yet in service."""
    return [pointed, *(stamp for stamp in published_versions(books) if stamp < pointed)]


def _open(books: Path, stamp: str, problems: tuple[str, ...]) -> Book:
    manifest = Manifest.from_json((books / manifest_name(stamp)).read_text(encoding="utf-8"))
    return Book(stamp, books / book_name(stamp), books / private_name(stamp), manifest, problems)


def _fingerprint(books: Path, stamp: str) -> tuple[tuple[str, int, int], ...]:
    """Size and time of a book's files, so that a file is hashed again only when it was touched."""
    names = [manifest_name(stamp), *(name(stamp) + end for name in (book_name, private_name) for end in ("", ".wal"))]
    paths = (books / name for name in names)
    return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path.exists())


@lru_cache(maxsize=16)
def _damage(folder: str, stamp: str, _fingerprint: tuple[tuple[str, int, int], ...]) -> str | None:
    """Why a book must not be opened, as a sentence; None where it matches its manifest. The fingerprint is only
    there to be remembered with the answer."""
    books = Path(folder)
    try:
        manifest = Manifest.from_json((books / manifest_name(stamp)).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return f"the manifest of book {stamp} is missing or unreadable"
    if manifest.book_format > BOOK_FORMAT:
        return f"book {stamp} was written by a newer Duewatch (format {manifest.book_format})"
    if manifest.book_format < BOOK_FORMAT:
        return f"book {stamp} was built by an older Duewatch (format {manifest.book_format})"
    for name, expected in manifest.files.items():
        path = books / name
        if not path.exists():
            return f"{name} is missing"
        if path.with_name(f"{name}.wal").exists():
            return f"{name} has a write-ahead log beside it, so it was not closed properly"
        if file_sha256(path) != expected:
            return f"{name} does not match its manifest (sha256)"
    return None
