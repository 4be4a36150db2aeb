"""From a choice to the bytes of a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from duewatch.books.published import Book
from duewatch.contract.errors import EvidenceError
from duewatch.contract.i18n import Words
from duewatch.contract.settings import Settings
from duewatch.desk import Desk, Export
from duewatch.engines import Ask
from duewatch.evidence.contents import Evidence, gathered
from duewatch.evidence.document import as_document, chinese_font
from duewatch.evidence.selection import Choice
from duewatch.evidence.workbook import as_workbook

FORMATS = ("xlsx", "pdf")
MOST = {"xlsx": (100_000, 1_000_000), "pdf": (1_000, 20_000)}
"""Findings and counted contacts that a file may hold; a larger choice is refused, never cut."""


CHOICE_TOLD = 2_000
"""Characters of a choice that the desk keeps; the pack itself, of which it keeps the hash, tells it whole."""


@dataclass(frozen=True)
class Written:
    """A pack as a file. `sha256`: of the file; `content_sha256`: of what it says, the same in either form."""

    content: bytes
    name: str
    n_findings: int
    content_sha256: str
    book_version: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def export(
        self, choice: Choice, made_by: str, made_at: datetime, *, file_name: str = "", scope: str = ""
    ) -> Export:
        """What the desk keeps of it. `made_at`: UTC without offset."""
        told = choice.in_short() + (f"; {scope}" if scope else "")
        return Export(
            made_by,
            made_at,
            "evidence",
            told[:CHOICE_TOLD],
            file_name or self.name,
            self.sha256,
            self.book_version,
            self.n_findings,
        )


def evidence_pack(
    ask: Ask,
    book: Book,
    choice: Choice,
    *,
    file_format: str,
    words: Words,
    settings: Settings,
    desk: Desk | None,
    scope: str = "",
) -> bytes:
    """The pack as one file of FORMATS. `desk`: whose decisions are told, None for none; `scope`: what `ask` is
    limited to, in words. Raises EvidenceError."""
    return written_pack(
        ask, book, choice, file_format=file_format, words=words, settings=settings, desk=desk, scope=scope
    ).content


def written_pack(
    ask: Ask,
    book: Book,
    choice: Choice,
    *,
    file_format: str,
    words: Words,
    settings: Settings,
    desk: Desk | None,
    scope: str = "",
) -> Written:
    """As evidence_pack, with its name and hashes."""
    if file_format not in FORMATS:
        raise EvidenceError(f"there is no evidence pack as .{file_format}", next_step=f"use .{' or .'.join(FORMATS)}")
    if file_format == "pdf":
        chinese_font(words)  # told before the book is asked
    most_findings, most_contacts = MOST[file_format]
    pack = gathered(
        ask,
        book,
        choice,
        words=words,
        settings=settings,
        desk=desk,
        scope=scope,
        most_findings=most_findings,
        most_contacts=most_contacts,
    )
    content = _written(pack, file_format, words)
    return Written(content, file_name(pack, book, file_format), pack.n_findings, pack.sha256, book.version)


def _written(pack: Evidence, file_format: str, words: Words) -> bytes:
    return as_document(pack, words) if file_format == "pdf" else as_workbook(pack, words)


def file_name(pack: Evidence, book: Book, file_format: str) -> str:
    """evidence-<book>-<content>.<format>: other content, other name."""
    return f"evidence-{book.version}-{pack.sha256[:10]}.{file_format}"
