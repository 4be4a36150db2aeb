"""Text files: which encoding, which delimiter, which header. Strict: no byte is replaced, no row goes unseen."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.sources.folder_encoding import UTF8, FolderEncodings, encoding_note, line_place, shown, unread
from duewatch.sources.folder_files import PACKED
from duewatch.sources.header_row import ROWS_LOOKED_AT, HeaderRow, Row, clean_name, distinct, find_header, header_notes
from duewatch.sources.layout import Layout
from duewatch.sources.packed_file import pieces

MARKS = (",", "\t", ";", "|")
"""Marks between cells, the likeliest first."""
MAX_HEADER = 1 << 20
MAX_NAME_LINES = 20
"""A quoted column name over more lines than this is an unclosed quote."""


@dataclass(frozen=True)
class TextFile:
    """A text file ready to be split: `path` is UTF-8 (a converted copy where the source is not); rows begin at
    byte `start`, on line `first_line`."""

    name: str
    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    start: int
    first_line: int
    sha256: str
    n_bytes: int
    notes: tuple[LocalisedText, ...] = ()
    last_cell_takes_rest: bool = False


@dataclass(frozen=True)
class _Record:
    """A line near the top, or several where a quoted cell goes on."""

    line: int
    n_lines: int
    text: str
    end: int


def open_text(
    path: Path, name: str, layout: Layout, wanted: frozenset[str], scratch: Path, encodings: FolderEncodings
) -> TextFile:
    """Find out how the file is written; a copy in UTF-8 is made in `scratch` where needed. Raises SourceError."""
    scan = encodings.scan(path, name)
    if scan.n_bytes <= len(scan.mark):
        raise localised_error(SourceError, "reading.empty_file", where=name)
    encoding = layout.encoding or encodings.encoding(path, name)
    if encoding == UTF8 and scan.bad_at is not None:
        raise unread(path, name, scan.bad_at, "reading.not_utf8_throughout")
    utf8, skip = path, len(scan.mark)
    if encoding != UTF8 or path.name.lower().endswith(PACKED):
        utf8, skip = _as_utf8(path, name, encoding, scratch / f"utf8-{scan.sha256[:16]}-{encoding}.csv"), 0
    records = _top(utf8, skip, name)
    notes = [encoding_note(name, encoding)] if encoding != UTF8 else []
    if layout.header:
        delimiter = _mark_of_rows(records, layout, len(layout.header))
        given = _as_wide(tuple(map(clean_name, layout.header)), records, delimiter)
        if len(given) != len(layout.header):
            numbers = {"name": name, "names": len(layout.header), "columns": len(given)}
            notes.append(LocalisedText("reading.other_width", numbers))
        names, start, first_line = distinct(given), skip, 1
    else:
        delimiter, header = _header(records, layout, wanted, name)
        last = records[header.at]
        names, start, first_line = distinct(header.names), last.end, last.line + last.n_lines
        notes += header_notes(name, _row(last, delimiter), header)
    return TextFile(
        name,
        utf8,
        shown(encoding),
        delimiter,
        names,
        start,
        first_line,
        scan.sha256,
        scan.n_bytes,
        tuple(notes),
        layout.last_cell_takes_rest,
    )


def _mark_of_rows(records: list[_Record], layout: Layout, n_names: int) -> str:
    """The mark that splits most of the first rows into as many cells as there are names, else into most cells."""
    marks = _marks(records, layout)
    widths = {mark: [len(_row(record, mark).cells) for record in records] for mark in marks}
    return max(marks, key=lambda mark: (widths[mark].count(n_names), sum(widths[mark])))


def _as_wide(names: tuple[str, ...], records: list[_Record], mark: str) -> tuple[str, ...]:
    """Declared names for as many columns as most of the first rows have: a newer release of a system may have more
    at the end, an older one fewer."""
    widths = [len(_row(record, mark).cells) for record in records]
    width = len(names) if len(names) in widths else max(widths, key=widths.count)
    return names[:width] + ("",) * (width - len(names))


def _as_utf8(path: Path, name: str, encoding: str, copy: Path) -> Path:
    if copy.exists():
        return copy
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    half = copy.with_suffix(".half")
    done, is_start = 0, True
    with half.open("wb") as out:
        try:
            for piece in pieces(path, name):
                waiting = len(decoder.getstate()[0])
                text = decoder.decode(piece)
                out.write((text.removeprefix("\ufeff") if is_start else text).encode(UTF8))
                done, is_start = done + len(piece), False
            waiting = len(decoder.getstate()[0])
            out.write(decoder.decode(b"", True).encode(UTF8))
        except UnicodeError as error:
            at = done - waiting + getattr(error, "start", 0)
            raise unread(path, name, at, "reading.not_throughout", encoding=shown(encoding)) from None
    return half.replace(copy)


def _top(path: Path, skip: int, name: str) -> list[_Record]:
    """The first lines of the file that hold something, quoted cells kept whole. Raises SourceError."""
    with path.open("rb") as stream:
        stream.seek(skip)
        lines = [line + b"\n" for line in stream.read(MAX_HEADER).split(b"\n")]
    lines[-1] = lines[-1][:-1]  # the last line may have no end
    records: list[_Record] = []
    at, end = 0, skip
    while at < len(lines) and len(records) < ROWS_LOOKED_AT:
        n = _n_lines(lines, at)
        whole = b"".join(lines[at : at + n])
        end += len(whole)
        text = whole.decode(UTF8, "replace").rstrip("\r\n")
        if text.strip():
            records.append(_Record(at + 1, n, text, end))
        at += n
    if not records:
        raise localised_error(SourceError, "reading.empty_top", where=name)
    return records


def _n_lines(lines: Sequence[bytes], at: int) -> int:
    """Lines until the quotes are even; 1 where they never are."""
    quotes = 0
    for n, line in enumerate(lines[at : at + MAX_NAME_LINES], start=1):
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            return n
    return 1


def _header(records: list[_Record], layout: Layout, wanted: frozenset[str], name: str) -> tuple[str, HeaderRow]:
    """The delimiter and the header where it stands in the file. Raises SourceError."""
    found: dict[str, HeaderRow] = {}
    for mark in _marks(records, layout):
        if header := find_header([_row(record, mark) for record in records], layout, wanted):
            found[mark] = header
    if not found:
        raise localised_error(SourceError, "reading.no_header_row", where=name, line=layout.header_row or 1)
    mark = max(found, key=lambda mark: (found[mark].n_wanted, len(found[mark].names)))
    _check_header(records[found[mark].at], mark, name)
    return mark, found[mark]


def _marks(records: list[_Record], layout: Layout) -> tuple[str, ...]:
    """The marks that may stand between cells. A first line `sep=;`, which Excel writes, names it and is left out."""
    named = re.fullmatch(r'sep=([^\w\s"]|\t)', records[0].text)
    if named and len(records) > 1:
        records.pop(0)
    if layout.delimiter:
        return (layout.delimiter,)
    return (named[1],) if named else MARKS


def _row(record: _Record, mark: str) -> Row:
    try:
        cells = next(csv.reader([record.text], delimiter=mark))
    except csv.Error:
        cells = record.text.split(mark)
    return Row(record.line, tuple(clean_name(cell) for cell in cells))


def _check_header(record: _Record, mark: str, name: str) -> None:
    if "\x00" in record.text or "\r" in record.text:
        raise localised_error(SourceError, "reading.no_text", where=line_place(name, record.line))
    try:
        list(csv.reader([record.text], delimiter=mark, strict=True))
    except csv.Error:
        raise localised_error(SourceError, "reading.bad_header_quotes", where=line_place(name, record.line)) from None
