"""Faults of the text itself: ragged rows, stray quotes, control characters, cells too long.

They stand in few tables. A ragged row makes Polars, pandas and DuckDB refuse a whole file, so only the collectors have
some. The stray quotes are even in number and inside a cell: those readers take them for text and read one row.
"""

from __future__ import annotations

from collections.abc import Iterator

from duewatch.contract.schema import Table
from duewatch.demo.fault_rows import cells_of, changed_row, line_of

FREE_TEXT = {"debtors": "address", "collectors": "name"}
"""Table and column of the faults in a cell's text."""
RAGGED = "collectors"
LONGEST_CELL = 10_000
"""Characters; ingest refuses a cell with more."""
BELL = "\a"
STAND_IN = "QUOTED"


def broken_rows(table: Table, names: list[str], good: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """(reason, column or "" where the whole row is broken, lines) for each fault that this table is to carry."""
    if table.name in FREE_TEXT:
        column = FREE_TEXT[table.name]

        def lines(reason: str, text: str) -> list[str]:
            return [changed_row(table, names, line, {column: text}, f"{reason}-{n}") for n, line in enumerate(good)]

        yield "bad_text", column, lines("bad_text", f"ring{BELL}ring")
        yield "too_long", column, lines("too_long", "x" * (LONGEST_CELL + 1))
        yield (
            "bad_quoting",
            "",
            [line.replace(STAND_IN, 'known as "Fox" here') for line in lines("bad_quoting", STAND_IN)],
        )
    if table.name == RAGGED:
        yield "wrong_field_count", "", _ragged(table, names, good[0])


def _ragged(table: Table, names: list[str], line: str) -> list[str]:
    """One cell too few, and one too many."""
    short, long = (cells_of(changed_row(table, names, line, {}, f"wrong_field_count-{n}")) for n in range(2))
    return [line_of(short[:-1]), line_of([*long, "stray"])]
