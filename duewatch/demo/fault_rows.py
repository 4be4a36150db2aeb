"""Lines of a CSV file made from good ones, with some cells changed."""

from __future__ import annotations

import csv
import io

from duewatch.contract.schema import Kind, Table

OLD_DAY = "1999-12-31"
TWO_TEXTS = {Kind.DATE: ("2026-01-01", "2026-01-02"), Kind.TEXT: ("this", "that")}
TWO_NUMBERS = ("1", "2")
TELLING = (Kind.MONEY, Kind.RATE, Kind.INTEGER, Kind.TEXT, Kind.ID, Kind.DATE)
"""Kinds in which two contents can differ and both be valid."""


def cells_of(line: str) -> list[str]:
    return next(csv.reader([line]))


def line_of(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def changed_row(table: Table, names: list[str], line: str, changes: dict[str, str], mark: str) -> str:
    """A good row with a key of its own and these cells. `names`: the header."""
    cells = dict(zip(names, cells_of(line), strict=True))
    key = table.column(table.key[0])
    if key.kind is Kind.ID and not key.references:
        cells[key.name] = f"X-{mark}"
    cells |= {name: text for name, text in changes.items() if name in cells}
    return line_of(list(cells.values()))


def conflicting_rows(table: Table, names: list[str], line: str) -> list[str]:
    """One new key twice, with different content."""
    other = next(
        column
        for column in reversed(table.columns)
        if column.name in names and column.name not in table.key and not column.references and column.kind in TELLING
    )
    fresh = {name: OLD_DAY for name in table.key if table.column(name).kind is Kind.DATE}
    if table.name == "holidays":
        fresh["calendar"] = "X-conflict"
    texts = TWO_TEXTS.get(other.kind, TWO_NUMBERS)
    return [changed_row(table, names, line, fresh | {other.name: text}, "conflict") for text in texts]
