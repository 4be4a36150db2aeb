"""How far a sheet of an .xlsx workbook reaches, before it is read: one stray cell at XFD1048576 makes a sheet of
17,000 million cells, and readers make room for each.

A sheet that reaches far and is nearly empty is cut to its table: the rows and columns up to a wide gap. Cells beyond
are told by their place, never passed over in silence.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

MANY_CELLS = 4_000_000
"""A sheet below this size is read as it is."""
ROW_GAP, COLUMN_GAP = 10_000, 200
"""So many empty rows or columns are the end of a table."""
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
"""Excel has no cell beyond; a damaged file may name one."""
MAX_TOLD = 5
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*?(?:/>|>(.*?)</(?:\w+:)?c>)', re.S)
FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*>(?=<(?:\w+:)?(?:v|is|f)\b)')
"""The opening tag of a cell that holds something; one that is only coloured does not."""
PIECE = 1 << 20
LONGEST_TAG = 4_096
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Stray:
    """What was cut off a sheet: `path` is the copy to read instead; `cells`: the places of the first cells."""

    path: Path
    n_cells: int
    cells: tuple[str, ...]


def without_stray_cells(path: Path, sheet: str, scratch: Path) -> Stray | None:
    """None where the sheet can be read as it is. Raises KeyError or ValueError where the workbook is damaged."""
    with zipfile.ZipFile(path) as archive:
        part = _sheet_path(archive, sheet)
        rows, columns = _reach(archive, part)
        if not rows or (max(rows) * max(columns) <= MANY_CELLS and max(columns) <= LAST_COLUMN):
            return None
        last_row, last_column = _end(rows, ROW_GAP, LAST_ROW), _end(columns, COLUMN_GAP, LAST_COLUMN)
        if last_row == max(rows) and last_column == max(columns):
            return None
        stray: list[str] = []

        def kept(match: re.Match[bytes]) -> bytes:
            if int(match[2]) <= last_row and column_number(match[1]) <= last_column:
                return match[0]
            if match[3]:
                stray.append((match[1] + match[2]).decode())
            return b""

        sheet_xml = CELL.sub(kept, archive.read(part))
        sheet_xml = re.sub(rb"<(?:\w+:)?dimension\b[^>]*/>", b"", sheet_xml)
        copy = scratch / "cut.xlsx"
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as out:
            for item in archive.infolist():
                if item.filename == part:
                    out.writestr(part, sheet_xml)
                    continue
                with archive.open(item) as source, out.open(item.filename, "w") as target:
                    shutil.copyfileobj(source, target)
    return Stray(copy, len(stray), tuple(stray[:MAX_TOLD]))


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _reach(archive: zipfile.ZipFile, part: str) -> tuple[set[int], set[int]]:
    """The rows and the columns that hold a value, from 1."""
    rows: set[bytes] = set()
    letters: set[bytes] = set()
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(PIECE):
            buffer, end = rest + piece, 0
            for match in FILLED.finditer(buffer):
                letters.add(match[1])
                rows.add(match[2])
                end = match.end()
            rest = buffer[max(end, len(buffer) - LONGEST_TAG) :]
    return set(map(int, rows)), set(map(column_number, letters))


def _end(filled: set[int], gap: int, most: int) -> int:
    """The last row or column before a gap."""
    last = min(filled, default=1)
    for number in sorted(filled):
        if number > most or number - last > gap:
            break
        last = number
    return last


def _sheet_path(archive: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    link = next((part.get(LINK) for part in book.iter(f"{MAIN}sheet") if part.get("name") == sheet), None)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((part.get("Target", "") for part in links if part.get("Id") == link), "")
    if not target:
        raise ValueError(f"it names a sheet '{sheet}' that is not in it")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
