"""One file of a source, whatever its form, as a header and blocks of text cells: nothing has a meaning yet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.sources.batch import Batch
from duewatch.sources.delimited import text_blocks
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.folder_files import PACKED, PARQUET, TEXT, form_of
from duewatch.sources.layout import Layout
from duewatch.sources.parquet_file import parquet_blocks, parquet_header
from duewatch.sources.text_file import open_text
from duewatch.sources.workbook_file import open_sheet, sheet_blocks

DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}


@dataclass
class RawFile:
    """`header`: one name a column, as they stand in the blocks. `encoding`: for a workbook or Parquet its form.
    `delimiter`: its name, empty where the form has none; `mark`: the character."""

    path: Path
    name: str
    sha256: str
    n_bytes: int
    encoding: str
    delimiter: str
    mark: str
    header: tuple[str, ...]
    blocks: Callable[[], Iterator[Batch]]
    """The rows from the top; may be called again."""
    notes: list[LocalisedText] = field(default_factory=list)
    """What was assumed."""


def open_raw(
    path: Path,
    name: str,
    layout: Layout,
    wanted: frozenset[str],
    scratch: Path,
    encodings: FolderEncodings,
    named_like: tuple[str, ...] = (),
) -> RawFile:
    """Check what can be checked without reading the rows. `wanted`: the column names in use, by which the header is
    found; `named_like`: names by which a sheet is found that the layout does not name. Raises SourceError."""
    _refuse_unreadable(path, name)
    form = form_of(path)
    if form == TEXT:
        text = open_text(path, name, layout, wanted, scratch, encodings)
        sha256, n_bytes = text.sha256, text.n_bytes
        if path.name.lower().endswith(PACKED):
            sha256, n_bytes = _sha256(path), path.stat().st_size
        mark, notes = text.delimiter, list(text.notes)
        return RawFile(
            path,
            name,
            sha256,
            n_bytes,
            text.encoding,
            DELIMITERS.get(mark, mark),
            mark,
            text.header,
            lambda: text_blocks(text),
            notes,
        )
    sha256, n_bytes, ending = _sha256(path), path.stat().st_size, path.suffix.lower().removeprefix(".")
    if form == PARQUET:
        header = parquet_header(path, name)
        return RawFile(path, name, sha256, n_bytes, ending, "", ",", header, lambda: parquet_blocks(path, name))
    sheet = open_sheet(path, name, layout, wanted, scratch, named_like)
    notes = list(sheet.notes)
    return RawFile(path, name, sha256, n_bytes, ending, "", ",", sheet.header, lambda: sheet_blocks(sheet), notes)


def _refuse_unreadable(path: Path, name: str) -> None:
    try:
        with path.open("rb") as stream:
            is_empty = not stream.read(1)
    except OSError as error:
        raise localised_error(SourceError, "reading.file_closed", where=name, reason=error.strerror or "") from None
    if is_empty:
        raise localised_error(SourceError, "reading.empty_file", where=name)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
