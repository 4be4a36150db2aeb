"""Workbooks (.xlsx, .xlsm, .xls, .ods): every cell of one sheet as text, as the cell holds it.

They are unpacked and parsed in a process of their own that may take so much memory and no more, so that no file can
take the machine. A long number in a cell has already lost digits in Excel itself (15 are kept) and is shown so.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.sources.batch import LINE, Batch, inner_name
from duewatch.sources.header_row import ROWS_LOOKED_AT, Row, clean_name, distinct, find_header, header_notes
from duewatch.sources.layout import Layout
from duewatch.sources.packed_file import check_zip

MEMORY = 4 << 30
"""Address space of the reading process in bytes; a sheet of 400 MiB of XML needs about half."""
SECONDS = 1_800
BLOCK_ROWS = 200_000
MODULE = "duewatch.sources.workbook_process"
OUT = "cells.ipc"
LINE_NUMBERS = "line of the sheet"
CONTENTS = 1 << 20
"""Bytes of a workbook's table of contents that are looked at."""
ZIPPED = (".xlsx", ".xlsm", ".ods")


@dataclass(frozen=True)
class Sheet:
    """One sheet. `cells`: all rows below the header under its names, with `line`; blank rows are no rows."""

    header: tuple[str, ...]
    cells: pl.DataFrame
    notes: tuple[LocalisedText, ...]


def open_sheet(
    path: Path, name: str, layout: Layout, wanted: frozenset[str], scratch: Path, named_like: tuple[str, ...] = ()
) -> Sheet:
    """The sheet that the layout names, else one named like the table, else the only one that holds something. Raises
    SourceError."""
    if path.suffix.lower() in ZIPPED:
        check_zip(path, name)
    cells, notes = _cells(path, name, layout.sheet, named_like, scratch)
    if cells.height == 0:
        raise localised_error(SourceError, "reading.empty_sheet", where=name)
    if layout.header:
        names, at = list(map(clean_name, layout.header)), -1
        names += [""] * (cells.width - len(names))
        cells = cells.with_columns(pl.lit(None, pl.String).alias(f"none {n}") for n in range(cells.width, len(names)))
    else:
        rows = [_row(number, row) for number, row in enumerate(cells.head(ROWS_LOOKED_AT).rows(), start=1)]
        header = find_header(rows, layout, wanted)
        if header is None:
            raise localised_error(SourceError, "reading.no_header_row", where=name, line=layout.header_row or 1)
        names, at = list(header.names), header.at
        notes += header_notes(name, rows[at], header)
    return _below_header(cells, names, at, tuple(notes))


def sheet_blocks(sheet: Sheet) -> Iterator[Batch]:
    for start in range(0, sheet.cells.height, BLOCK_ROWS):
        yield Batch(sheet.cells.slice(start, BLOCK_ROWS))


def _cells(
    path: Path, name: str, sheet: str, named_like: tuple[str, ...], scratch: Path
) -> tuple[pl.DataFrame, list[LocalisedText]]:
    """The whole sheet as text, from row 1 on."""
    with tempfile.TemporaryDirectory(dir=scratch) as place:
        asked = {
            "path": str(path.resolve()),
            "sheet": sheet,
            "named_like": list(named_like),
            "scratch": str(Path(place).resolve()),
            "out": str(Path(place).resolve() / OUT),
            "memory": MEMORY,
            "seconds": SECONDS,
        }
        done = subprocess.run(
            [sys.executable, "-m", MODULE],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            cwd=PROJECT_ROOT,
            env={**os.environ, "POLARS_MAX_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
        )
        found = _found(done)
        if "key" in found:
            values = {key: tuple(v) if isinstance(v, list) else v for key, v in found.get("values", {}).items()}
            raise localised_error(SourceError, f"reading.{found['key']}", where=name, **values)
        cells = pl.read_ipc(Path(place) / OUT)
    notes = []
    if found["n_stray"]:
        values = {"name": name, "n": found["n_stray"], "cells": tuple(found["stray"])}
        notes.append(LocalisedText("reading.stray_cells", values))
    return cells, notes


def _found(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What the process says; one that was ended or found no more memory says nothing."""
    if done.returncode == 0:
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    if done.returncode < 0 or "memory" in done.stderr.lower():
        return {"key": "workbook_too_big"}
    raise AssertionError(f"the process that reads workbooks failed: {(done.stderr.splitlines() or [''])[-1]}")


def _row(line: int, cells: tuple[str | None, ...]) -> Row:
    return Row(line, tuple(clean_name(cell or "") for cell in cells))


def _below_header(cells: pl.DataFrame, names: list[str], at: int, notes: tuple[LocalisedText, ...]) -> Sheet:
    """A column without a name and without a cell is no column; one with cells stays."""
    body = cells.slice(at + 1).with_columns(pl.all().replace("", None))
    body = body.insert_column(0, pl.Series(LINE_NUMBERS, range(at + 2, at + 2 + body.height), pl.Int64))
    body = body.filter(~pl.all_horizontal(pl.exclude(LINE_NUMBERS).is_null()))
    kept = {
        old: new
        for old, new, name in zip(cells.columns, distinct(names), names, strict=True)
        if name or _holds(body[old])
    }
    frame = body.select(
        pl.col(LINE_NUMBERS).alias(LINE), *(pl.col(old).alias(inner_name(new)) for old, new in kept.items())
    )
    return Sheet(tuple(kept.values()), frame, notes)


def _holds(column: pl.Series) -> bool:
    return column.null_count() < len(column)


def sheet_names(path: Path) -> tuple[str, ...]:
    """Sheets of an .xlsx workbook, read from its table of contents alone; none where it has none to read."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as stream:
            names = re.findall(
                r"<(?:\w+:)?sheet\s[^>]*?name=\"([^\"]*)\"", stream.read(CONTENTS).decode("utf-8", "replace")
            )
    except (zipfile.BadZipFile, KeyError, OSError):
        return ()
    return tuple(html.unescape(name) for name in names)
