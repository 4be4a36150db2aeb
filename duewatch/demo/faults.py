"""Data faults: extra rows that ingest must refuse, each with the reason it must give. No good row is spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from duewatch.contract.schema import SOURCE_TABLES, Column, Kind, Table
from duewatch.demo.broken_text import broken_rows
from duewatch.demo.fault_rows import cells_of, changed_row, conflicting_rows
from duewatch.demo.skipped_hours import COLUMN, TABLE, skipped_hour_cells
from duewatch.demo.write import Sink

EACH = 2
"""Rows of each fault in each table (a conflicting key takes two rows; ragged are one short and one long)."""
NUMBERS = (Kind.MONEY, Kind.RATE, Kind.INTEGER)
NO_VALUE = (
    ("not_a_number", NUMBERS, "twelve"),
    ("too_many_digits", (Kind.MONEY,), "12345678901234567890.00"),
    ("not_a_date", (Kind.DATE,), "2025-02-30"),
    ("not_an_instant", (Kind.INSTANT, Kind.MOMENT), "2026-13-01T25:61:00+08:00"),
    ("unknown_code", (Kind.CODE,), "telepathy"),
    ("not_a_boolean", (Kind.BOOLEAN,), "maybe"),
)
"""Reason, kinds of column, and a text that is no value of theirs."""
NOT_YET_DUE = "days_past_due"
"""Below 0 it says that nothing is due yet."""
NO_CONFLICT = ("contact_debts",)
"""Its key is two references, so a fresh key would have to be a good row."""


@dataclass(frozen=True)
class Fault:
    """`lines`: physical lines of the file (the header is line 1)."""

    table: str
    reason: str
    column: str
    lines: tuple[int, ...]


def plant_faults(sink: Sink, as_of: date) -> list[Fault]:
    """Append the faults to every CSV table that has rows."""
    tables = [table for table in SOURCE_TABLES.values() if sink.is_csv(table.name) and sink.rows[table.name]]
    return [fault for table in tables for fault in _plant(sink, table, as_of)]


def _plant(sink: Sink, table: Table, as_of: date) -> Iterator[Fault]:
    header, *good = sink.first_lines(table.name, 1 + EACH)
    names = cells_of(header)
    for reason, column, changes in (*_kinds(table), *_skipped(sink, table, as_of)):
        if not column or column in names:
            lines = [changed_row(table, names, line, changes, f"{reason}-{n}") for n, line in enumerate(good)]
            yield _append(sink, table, reason, column, lines)
    yield _append(sink, table, "repeated_row", "", good)
    if table.name not in NO_CONFLICT:
        yield _append(sink, table, "conflicting_key", table.key[0], conflicting_rows(table, names, good[0]))
    for reason, column, lines in broken_rows(table, names, good):
        yield _append(sink, table, reason, column, lines)


def _skipped(sink: Sink, table: Table, as_of: date) -> Iterator[tuple[str, str, dict[str, str]]]:
    cells = skipped_hour_cells(sink, as_of) if table.name == TABLE else None
    if cells:
        yield "no_such_local_time", COLUMN, cells


def _append(sink: Sink, table: Table, reason: str, column: str, lines: list[str]) -> Fault:
    first = 2 + sink.rows[table.name]
    sink.append_lines(table.name, lines)
    return Fault(table.name, reason, column, tuple(range(first, first + len(lines))))


def _kinds(table: Table) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(reason, column, cells to change) for each fault that the table's columns allow."""
    key = table.key[0]
    required = table.required_names[-1]
    yield "missing_value", required, {required: ""}
    if table.column(key).kind is Kind.ID:
        yield "scientific_id", *_cell(key, "1.23E+17")
    yield "total_row", key, {name: "合计" if name == key else "" for name in table.column_names}
    for reason, kinds, text in NO_VALUE:
        column = _first(table, kinds)
        if column and table.name != "debtors":
            yield reason, *_cell(column.name, text)
    if table.name == "debtors":
        yield "perhaps_shifted", *_cell("time_zone", "Asia/Beijing")
    floored = next(
        (c for c in table.columns if c.minimum is not None and c.name != NOT_YET_DUE and _costs_row(c)), None
    )
    if floored:
        yield "below_minimum", *_cell(floored.name, "-5000.00" if floored.kind is Kind.MONEY else "-3")
    reference = next((column for column in table.columns if column.references), None)
    if reference:
        yield "dangling_key", *_cell(reference.name, "X99999999")


def _costs_row(column: Column) -> bool:
    """Whether a value that cannot be read costs the row, and not only the value."""
    return column.required or bool(column.empty_means)


def _cell(column: str, text: str) -> tuple[str, dict[str, str]]:
    return column, {column: text}


def _first(table: Table, kinds: tuple[Kind, ...]) -> Column | None:
    """The first column of these kinds, rather not one of the key."""
    fitting = [column for column in table.columns if column.kind in kinds and _costs_row(column)]
    return next((column for column in fitting if column.name not in table.key), fitting[0] if fitting else None)
