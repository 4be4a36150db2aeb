"""A plan: contacts that have not happened yet, one a line (a dialler's list). Each line is kept, whatever is in it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from duewatch.compliance.rule_kinds import CODES
from duewatch.contract.errors import SourceError
from duewatch.contract.schema import CHANNELS, PARTY_ROLES

REQUIRED = ("account_id", "planned_at", "channel")
OPTIONAL = (
    "contact_id",
    "direction",
    "debtor_id",
    "person_id",
    "party_role",
    "contact_point",
    "style",
    "purpose",
    "collector_id",
    "agency_id",
    "place",
    "caller_type",
    "thread_id",
)
CODED = {
    "channel": CHANNELS,
    "direction": CODES["direction"],
    "party_role": PARTY_ROLES,
    "style": CODES["style"],
    "purpose": CODES["purpose"],
    "place": CODES["place"],
    "caller_type": CODES["caller"],
}


@dataclass(frozen=True)
class PlannedContact:
    """One line of a plan."""

    row: int
    """1 for the first line after the header."""
    cells: dict[str, str]
    """Column to text, without empty cells."""
    at: datetime | None
    """The planned time, without offset where the plan gives wall time."""
    problem: str = ""
    """Why the line cannot be judged."""

    def __getitem__(self, column: str) -> str | None:
        return self.cells.get(column)


def read_plan(path: Path) -> list[PlannedContact]:
    """The lines of a CSV (UTF-8 or GB18030, comma or tab). Raises SourceError where it cannot be read, has no lines or
    lacks a column."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=str(path), next_step="name a CSV file") from None
    lines = list(csv.reader(io.StringIO(_text(content, path), newline=""), delimiter=_delimiter(content)))
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise SourceError("there is no planned contact in it", where=str(path), next_step="give a header and a line")
    header = ["planned_at" if name == "started_at" else name for name in map(_clean, lines[0])]
    _check_header(header, path)
    return [_planned_contact(row, header, line) for row, line in enumerate(lines[1:], start=1)]


def planned_contacts(rows: Iterable[dict[str, str]]) -> list[PlannedContact]:
    """The same from rows that are already cells by column name."""
    return [_planned_contact(number, list(row), list(row.values())) for number, row in enumerate(rows, start=1)]


def _text(content: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError("this is neither UTF-8 nor GB18030", where=str(path), next_step="save the file as UTF-8")


def _delimiter(content: bytes) -> str:
    head = content.partition(b"\n")[0]
    return "\t" if head.count(b"\t") > head.count(b",") else ","


def _check_header(header: list[str], path: Path) -> None:
    for name in REQUIRED:
        if name not in header:
            raise SourceError(
                f"there is no column '{name}'", where=str(path), next_step=f"give {', '.join(REQUIRED)} at least"
            )
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise SourceError(f"column '{twice[0]}' is there twice", where=str(path), next_step="keep one of them")


def _clean(cell: str) -> str:
    """Full-width letters and digits as plain ones, no space around."""
    return unicodedata.normalize("NFKC", cell).strip()


def _planned_contact(row: int, header: list[str], line: list[str]) -> PlannedContact:
    columns = {*REQUIRED, *OPTIONAL}
    cells = {name: _clean(cell) for name, cell in zip(header, line, strict=False) if name in columns and cell.strip()}
    if len(line) != len(header):
        return PlannedContact(row, cells, None, f"The line has {len(line)} cells where the header has {len(header)}")
    missing = [name for name in REQUIRED if name not in cells]
    if missing:
        return PlannedContact(row, cells, None, f"{missing[0]} is empty")
    for name, codes in CODED.items():
        if name in cells and cells[name] not in codes:
            return PlannedContact(row, cells, None, f"{name} '{cells[name]}' is none of {', '.join(codes)}")
    at = _instant(cells["planned_at"])
    problem = "" if at else f"planned_at '{cells['planned_at']}' is not a day and time such as 2026-11-25T09:30-05:00"
    return PlannedContact(row, cells, at, problem)


def _instant(text: str) -> datetime | None:
    """ISO 8601 with a time of day; a bare date says nothing about hours."""
    if len(text) <= len("2026-11-25"):
        return None
    try:
        at = datetime.fromisoformat(text)
        return at if at.year > 1 and at.year < 9990 else None
    except ValueError:
        return None
