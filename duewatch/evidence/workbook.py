"""The pack as a workbook: one sheet each for what it is, findings, contacts, rules, parameters, SQL and decisions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import xlsxwriter

from duewatch.contract.errors import EvidenceError
from duewatch.contract.i18n import Words
from duewatch.contract.spreadsheet_safety import TEXT_ONLY, harmless
from duewatch.evidence.contents import Evidence
from duewatch.evidence.wording import heading, in_words

CELL = 32_767
"""Characters that a cell holds."""
WIDTH = {
    "says": 70,
    "sql": 110,
    "rule_text": 80,
    "cite": 50,
    "source": 60,
    "value": 60,
    "finding_key": 46,
    "reason": 40,
}
FACT_WIDTHS = (36, 110)
PLAIN_WIDTH = 18


def as_workbook(pack: Evidence, words: Words) -> bytes:
    """XLSX, the same bytes for the same pack: the document is dated with the book."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**TEXT_ONLY, "in_memory": True}) as book:
        book.set_properties(
            {"title": words("evidence.title"), "created": _instant(pack.built_at), "author": "Duewatch"}
        )
        look = _look(book)
        _facts(book, look, pack, words)
        for name, frame in _frames(pack):
            _sheet(book, look, words(f"evidence.sheet.{name}"), harmless(in_words(words, frame)), words)
    return stream.getvalue()


def _frames(pack: Evidence) -> Iterator[tuple[str, pl.DataFrame]]:
    first = ["says", "finding_key"]
    yield "findings", pack.findings.select(*first, pl.exclude(first))
    yield "contacts", pack.contacts
    yield "rules", _split(pack.rules, "rule_text")
    yield "parameters", _split(pack.parameters, "value")
    yield "sql", pack.sql
    yield "decisions", pack.decisions


def _split(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """A text longer than a cell goes on in further columns: nothing is cut."""
    longest = int(frame[column].str.len_chars().max() or 0)  # type: ignore[arg-type]
    size = CELL - 1  # leaves room for an apostrophe
    further = range(size, longest, size)
    parts = [pl.col(column).str.slice(start, size).alias(f"{column} {n}") for n, start in enumerate(further, start=2)]
    return frame.with_columns(*parts, pl.col(column).str.slice(0, size)) if parts else frame


def _look(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "valign": "top", "text_wrap": True}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
        "number": book.add_format({"num_format": "0", "valign": "top"}),
    }


def _facts(book: xlsxwriter.Workbook, look: dict[str, Any], pack: Evidence, words: Words) -> None:
    sheet = book.add_worksheet(words("evidence.sheet.about"))
    sheet.set_column(0, 0, FACT_WIDTHS[0])
    sheet.set_column(1, 1, FACT_WIDTHS[1])
    facts = [
        (words("evidence.title"), ""),
        (words("evidence.what"), words("evidence.statement")),
        *pack.facts,
        (words("evidence.digest"), pack.sha256),
        (words("evidence.apostrophe"), words("evidence.apostrophe_why")),
    ]
    frame = harmless(pl.DataFrame(facts, schema=["about", "text"], orient="row"))
    for n, (about, text) in enumerate(frame.iter_rows()):
        sheet.write_string(n, 0, about, look["head"])
        sheet.write_string(n, 1, text, look["text"])


def _sheet(book: xlsxwriter.Workbook, look: dict[str, Any], name: str, frame: pl.DataFrame, words: Words) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(frame.columns):
        sheet.set_column(column, column, WIDTH.get(title, PLAIN_WIDTH))
        sheet.write_string(0, column, heading(words, title), look["head"])
    for line, row in enumerate(frame.iter_rows(), start=1):
        for column, value in enumerate(row):
            _cell(sheet, look, line, column, value, words)
    if frame.height:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)


def _cell(sheet: Any, look: dict[str, Any], line: int, column: int, value: object, words: Words) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(line, column, words("evidence.yes" if value else "evidence.no"))
    elif isinstance(value, datetime):
        sheet.write_datetime(line, column, value, look["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), look["day"])  # noqa: DTZ001
    elif isinstance(value, int):
        sheet.write_number(line, column, value, look["number"])
    elif sheet.write_string(line, column, str(value), look["text"]):
        raise EvidenceError(f"a text of {len(str(value)):,} characters does not fit a cell", next_step="write .pdf")


def _instant(text: str) -> datetime:
    """The book's hour in UTC, without the offset that a workbook cannot keep."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC).replace(tzinfo=None)
