"""From a choice to the bytes of a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

from duewatch.books import Book
from duewatch.engines import Ask
from duewatch.errors import EvidenceError
from duewatch.evidence.choice import Choice
from duewatch.evidence.document import as_document, chinese_font
from duewatch.evidence.gather import Evidence, gathered
from duewatch.evidence.workbook import as_workbook
from duewatch.settings import Settings
from duewatch.words import Words

FORMATS = ("xlsx", "pdf")
MOST = {"xlsx": (100_000, 1_000_000), "pdf": (1_000, 20_000)}
"""Findings and counted contacts that a file may hold; a larger choice is refused, never cut."""


@dataclass(frozen=True)
class Written:
    """A pack as a file. `sha256`: of the file; `content_sha256`: of what it says, the same in either form."""

    content: bytes
    name: str
    n_findings: int
    content_sha256: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def evidence_pack(
    ask: Ask, book: Book, choice: Choice, *, file_format: str, words: Words, settings: Settings,
    decisions: pl.DataFrame, scope: str = "",
) -> bytes:  # fmt: skip
    """The pack as one file of FORMATS. `decisions`: reviews of the desk; `scope`: in words, what `ask` is limited to.
    Raises EvidenceError."""
    return written_pack(
        ask, book, choice, file_format=file_format, words=words, settings=settings, decisions=decisions, scope=scope
    ).content


def written_pack(
    ask: Ask, book: Book, choice: Choice, *, file_format: str, words: Words, settings: Settings,
    decisions: pl.DataFrame, scope: str = "",
) -> Written:  # fmt: skip
    """As evidence_pack, with its name and hashes."""
    if file_format not in FORMATS:
        raise EvidenceError(f"there is no evidence pack as .{file_format}", next_step=f"use .{' or .'.join(FORMATS)}")
    if file_format == "pdf":
        chinese_font(words)  # told before the book is asked
    most_findings, most_contacts = MOST[file_format]
    pack = gathered(
        ask, book, choice, words=words, settings=settings, decisions=decisions, scope=scope,
        most_findings=most_findings, most_contacts=most_contacts,
    )  # fmt: skip
    content = _written(pack, file_format, words)
    return Written(content, file_name(pack, book, file_format), pack.n_findings, pack.sha256)


def _written(pack: Evidence, file_format: str, words: Words) -> bytes:
    return as_document(pack, words) if file_format == "pdf" else as_workbook(pack, words)


def file_name(pack: Evidence, book: Book, file_format: str) -> str:
    """evidence-<book>-<content>.<format>: other content, other name."""
    return f"evidence-{book.version}-{pack.sha256[:10]}.{file_format}"
