"""From a choice to the bytes of a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from duewatch.books.published import Book
from duewatch.contract.errors import EvidenceError
from duewatch.desk import Export
from duewatch.evidence.contents import Evidence, PackSource, gather_evidence
from duewatch.evidence.document import as_document, chinese_font
from duewatch.evidence.selection import Choice
from duewatch.evidence.workbook import as_workbook

FORMATS = ("xlsx", "pdf")
MOST = {"xlsx": (100_000, 1_000_000), "pdf": (1_000, 20_000)}
"""Findings and counted contacts that a file may hold; a larger choice is refused, never cut."""
CHOICE_KEPT = 2_000
"""Characters of a choice that the desk keeps; the pack itself, of which it keeps the hash, tells it whole."""


@dataclass(frozen=True)
class Written:
    """A pack as a file."""

    content: bytes
    name: str
    n_findings: int
    content_sha256: str  # of what it says, the same in either format
    book_version: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def export(
        self, choice: Choice, made_by: str, made_at: datetime, *, file_name: str = "", scope: str = ""
    ) -> Export:
        """What the desk keeps of it. `made_at`: UTC without offset."""
        text = choice.in_short() + (f"; {scope}" if scope else "")
        return Export(
            made_by,
            made_at,
            "evidence",
            text[:CHOICE_KEPT],
            file_name or self.name,
            self.sha256,
            self.book_version,
            self.n_findings,
        )


def written_pack(source: PackSource, choice: Choice, file_format: str) -> Written:
    """The pack as one file of FORMATS. Raises EvidenceError."""
    if file_format not in FORMATS:
        raise EvidenceError(f"there is no evidence pack as .{file_format}", next_step=f"use .{' or .'.join(FORMATS)}")
    if file_format == "pdf":
        chinese_font(source.words)  # before the book is asked
    most_findings, most_contacts = MOST[file_format]
    pack = gather_evidence(source, choice, most_findings=most_findings, most_contacts=most_contacts)
    content = as_document(pack, source.words) if file_format == "pdf" else as_workbook(pack, source.words)
    name = file_name(pack, source.book, file_format)
    return Written(content, name, pack.n_findings, pack.sha256, source.book.version)


def file_name(pack: Evidence, book: Book, file_format: str) -> str:
    """evidence-<book>-<content>.<format>: other content, other name."""
    return f"evidence-{book.version}-{pack.sha256[:10]}.{file_format}"
