"""Excel workbooks: the sheet named like the table, or the only one; every cell as text, header in row 1.

A workbook is a zip: its declared sizes are checked before anything is unpacked. A long number in a cell has
already lost digits in Excel itself (15 are kept), so such cells are marked for refusal in id columns.
"""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

import fastexcel
import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.sources.batch import LINE, Batch, inner_name
from duewatch.sources.long_numbers import first_row, with_damaged_numbers
from duewatch.sources.source_folder import SourceFile

MAX_UNPACKED = 400 << 20
MAX_RATIO = 200
SMALL = 10 << 20
"""Below this unpacked size any ratio is allowed: small sheets of repeated values compress well."""


def sheet_frame(source: SourceFile, sheet: str) -> pl.DataFrame:
    """The sheet as text columns under its header, with `line`. Raises SourceError."""
    _check_zip(source)
    try:
        book = fastexcel.read_excel(source.path)
        name = _sheet_name(source, book.sheet_names, sheet)
        cells = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
        top = first_row(source.path, name)
        cells = with_damaged_numbers(cells, source.path, name)
    except (fastexcel.FastExcelError, ElementTree.ParseError, KeyError, ValueError) as error:
        raise SourceError(
            f"the workbook cannot be read ({(str(error).splitlines() or [''])[0][:120]})",
            where=source.name,
            next_step="save it again as .xlsx, or export CSV",
        ) from None
    if top > 1:
        raise SourceError(
            f"the first {top - 1} rows of the sheet are empty",
            where=f"{source.name}, line 1",
            next_step="put the column names in row 1",
        )
    return _with_header(source, cells)


def sheet_block(frame: pl.DataFrame) -> Batch:
    """Rows with every cell empty are blank lines, not rows."""
    cells = pl.exclude(LINE)
    return Batch(frame.filter(~pl.all_horizontal(cells.is_null() | (cells == ""))))


def _check_zip(source: SourceFile) -> None:
    try:
        with zipfile.ZipFile(source.path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        raise SourceError(
            "this is not an .xlsx workbook", where=source.name, next_step="save it from Excel as .xlsx, or export CSV"
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked / packed > MAX_RATIO):
        raise SourceError(
            f"the workbook would unpack to {unpacked >> 20} MiB ({unpacked // packed} times its size)",
            where=source.name,
            next_step="export CSV or Parquet for tables of this size",
        )


def _sheet_name(source: SourceFile, names: list[str], named: str) -> str:
    for candidate in (named, source.table) if named else (source.table,):
        if candidate in names:
            return candidate
    if len(names) == 1 and not named:
        return names[0]
    raise SourceError(
        f"there is no sheet '{named or source.table}' among {', '.join(names)}",
        where=source.name,
        next_step="name the sheet like the table, or give its name under 'sheet' in a mapping file",
    )


def _with_header(source: SourceFile, cells: pl.DataFrame) -> pl.DataFrame:
    if cells.height == 0:
        raise SourceError("the sheet is empty", where=source.name, next_step="put the column names in row 1")
    header = [str(name or "").strip() for name in cells.row(0)]
    for number, name in enumerate(header, start=1):
        if not name or name in header[: number - 1]:
            what = f"the column '{name}' stands there twice" if name else f"column {number} has no name in row 1"
            raise SourceError(what, where=f"{source.name}, line 1", next_step="give every column one name, in row 1")
    body = cells.slice(1).rename({old: inner_name(new) for old, new in zip(cells.columns, header, strict=True)})
    return body.insert_column(0, pl.Series(LINE, range(2, body.height + 2), pl.Int64))
