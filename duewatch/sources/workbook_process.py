"""Reads one sheet of a workbook, in a process of its own with a limit on memory: python -m <this module>.

Standard input: what is asked, as JSON. The file `out`: the cells as text. Standard output: what was found, as JSON,
with the key of a sentence where the sheet cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fastexcel

from duewatch.sources.long_numbers import has_long_numbers, with_damaged_numbers
from duewatch.sources.sheet_extent import without_stray_cells

ZIPPED_XML = (".xlsx", ".xlsm")


def main() -> None:
    asked = json.loads(sys.stdin.read())
    _set_limits(asked["memory"], asked["seconds"])
    try:
        found = _read(Path(asked["path"]), asked["sheet"], asked["named_like"], Path(asked["out"]))
    except MemoryError:
        found = {"key": "workbook_too_big"}
    except (fastexcel.FastExcelError, ElementTree.ParseError, KeyError, ValueError, OSError) as error:
        reason = (str(error).splitlines() or [""])[0][:120]
        found = {"key": "bad_workbook", "values": {"reason": reason}}
        if "Cell limit exceeded" in reason:  # the reader's own limit for .ods
            found = {"key": "workbook_too_big"}
    json.dump(found, sys.stdout)


def _set_limits(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the size of a sheet is looked at all the same
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(path: Path, sheet: str, named_like: list[str], out: Path) -> dict[str, Any]:
    book = fastexcel.read_excel(path)
    name = _sheet_name(book, sheet, named_like)
    if not name:
        values = {"sheet": sheet or (named_like or [""])[0], "known": book.sheet_names}
        return {"key": "no_sheet" if values["sheet"] else "which_sheet", "values": values}
    stray = without_stray_cells(path, name, out.parent) if path.suffix.lower() in ZIPPED_XML else None
    if stray:
        book = fastexcel.read_excel(stray.path)
    cells = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    if has_long_numbers(cells):
        # A cell of text has no truth value; a number has.
        numbers = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean").to_polars()
        cells = with_damaged_numbers(cells, numbers)
    cells.write_ipc(out)
    return {"sheet": name, "n_stray": stray.n_cells if stray else 0, "stray": stray.cells if stray else ()}


def _sheet_name(book: Any, sheet: str, named_like: list[str]) -> str:
    """The sheet that is named, else the one named like the table, else the only one that holds something."""
    names: list[str] = book.sheet_names
    if sheet:
        return sheet if sheet in names else ""
    if known := next((name for name in named_like if name in names), ""):
        return known
    if len(names) == 1:
        return names[0]
    filled = [name for name in names if book.load_sheet(name, header_row=None, n_rows=1, dtypes="string").height]
    return filled[0] if len(filled) == 1 else ""


if __name__ == "__main__":
    main()
