"""Numbers of more than 15 digits in a workbook: Excel has already replaced their last digits by zeros.

Two people's identity numbers stored as numbers can read as one. Read as text such a cell looks like a good id,
so it is shown here as Excel shows it, 1.10101199001010E+17, which no column of the contract accepts.
"""

from __future__ import annotations

import re

import polars as pl

LONG = r"^-?\d{16,}$"


def with_damaged_numbers(cells: pl.DataFrame, is_number: pl.DataFrame) -> pl.DataFrame:
    """`cells`: a sheet as text; `is_number`: the same sheet, null where a cell holds text."""
    suspects = [column.name for column in cells if column.str.contains(LONG).any()]
    return cells.with_columns(
        pl.Series(name, [_shown(*cell) for cell in zip(cells[name], is_number[name], strict=True)], pl.String)
        for name in suspects
    )


def has_long_numbers(cells: pl.DataFrame) -> bool:
    return any(bool(column.str.contains(LONG).any()) for column in cells)


def _shown(text: str | None, is_number: object) -> str | None:
    if text is None or is_number is None or not re.match(LONG, text):
        return text
    return f"{int(text):.14E}"
