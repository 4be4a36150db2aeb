"""Numbers of more than 15 digits in a workbook: Excel has already replaced their last digits by zeros.

Two people's identity numbers stored as numbers can read as one. Read as text such a cell looks like a good id,
so it is shown here as Excel shows it, 1.10101199001010E+17, which no column of the contract accepts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import polars as pl

LONG = r"^-?\d{16,}$"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def with_damaged_numbers(cells: pl.DataFrame, path: Path, sheet: str) -> pl.DataFrame:
    """`cells`: the whole sheet as text, header included. The sheet's XML is read only if a long number is there."""
    suspects = cells.select(pl.all().str.contains(LONG).any())
    if not cells.height or not any(suspects.row(0)):
        return cells
    numbers, top, left = _numeric_cells(path, sheet)
    columns = [
        pl.Series(
            name,
            [_as_excel_shows(value, (top + row, left + number) in numbers) for row, value in enumerate(cells[name])],
            pl.String,
        )
        for number, name in enumerate(cells.columns)
    ]
    return pl.DataFrame(columns)


def _as_excel_shows(value: str | None, is_number: bool) -> str | None:
    if value is None or not is_number or not re.match(LONG, value):
        return value
    return f"{int(value):.14E}"


def first_row(path: Path, sheet: str) -> int:
    """The row of the first cell that holds something, from 1; 1 where none does. Reads no further."""
    return next((row + 1 for row, _, _ in _filled_cells(path, sheet)), 1)


def _numeric_cells(path: Path, sheet: str) -> tuple[set[tuple[int, int]], int, int]:
    """(row, column), from 0, of the cells that hold a number of 16 digits or more; and the first row and column
    that hold anything, for a reader's frame begins there."""
    long_numbers: set[tuple[int, int]] = set()
    top = left = 1 << 30
    for row, column, cell in _filled_cells(path, sheet):
        top, left = min(top, row), min(left, column)
        value = cell.findtext(f"{MAIN}v") or ""
        if cell.get("t", "n") == "n" and value and abs(float(value)) >= 1e15:
            long_numbers.add((row, column))
    return long_numbers, top, left


def _filled_cells(path: Path, sheet: str) -> Iterator[tuple[int, int, ElementTree.Element]]:
    with zipfile.ZipFile(path) as archive, archive.open(_sheet_path(archive, sheet)) as stream:
        for _, cell in ElementTree.iterparse(stream):
            if cell.tag == f"{MAIN}c" and (cell.findtext(f"{MAIN}v") or cell.find(f"{MAIN}is") is not None):
                yield (*_place(cell.get("r", "A1")), cell)
            if cell.tag == f"{MAIN}row":
                cell.clear()


def _sheet_path(archive: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    link = next(part.get(LINK) for part in book.iter(f"{MAIN}sheet") if part.get("name") == sheet)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(part.get("Target", "") for part in links if part.get("Id") == link)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, column - 1
