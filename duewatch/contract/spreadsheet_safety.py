"""Tables for people's spreadsheets: CSV and Excel in which no text can run as a formula.

Text that a spreadsheet would run gets an apostrophe in front; numbers, negative ones too, stay numbers. The pages'
downloads, the command line's CSV and the evidence pack all write through here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import polars as pl
import xlsxwriter

RISKY = r"^\s*[=+\-@\t\r\n\x00\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}\x{FE66}\x{FE62}\x{FE63}\x{FE6B}\x{2212}]|^[\t\r\n]"
"""First characters that start a formula in a spreadsheet, full-width variants and leading blanks included."""
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
XLSX_ROWS = 1_048_000
"""What a sheet holds, less some for the header."""
FORMATS: dict[Any, str] = {pl.Float64: "0.00####", pl.Decimal: "#,##0.00"}
"""How Excel writes shares, which three decimals would show as 0, and amounts."""
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Options for xlsxwriter: a text is written as a text."""

About = Sequence[tuple[str, str]]


def as_csv(frame: pl.DataFrame, about: About) -> bytes:
    """UTF-8 with BOM (Excel reads Chinese), what must be known in front as lines that begin with #, then the rows."""
    head = "".join(f"# {heading}: {' '.join(text.split())}\n" for heading, text in about)
    return b"\xef\xbb\xbf" + head.encode() + harmless(frame).write_csv().encode()


def as_xlsx(frame: pl.DataFrame, about: About) -> bytes:
    """Two sheets: the rows, and what must be known of them."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {**TEXT_ONLY, "in_memory": True}) as workbook:
        harmless(frame).write_excel(workbook, worksheet="rows", autofit=frame.height <= 5_000, dtype_formats=FORMATS)
        facts = pl.DataFrame(list(about), schema=["about", "value"], orient="row")
        harmless(facts).write_excel(workbook, worksheet="about", autofit=True)
    return stream.getvalue()


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before each text that a spreadsheet would run; numbers are left alone."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(RISKY)).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.String
    )
