"""Data faults: extra rows that ingest must refuse, each with the reason it must give. No good row is spoilt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from duewatch.demo.write import Sink
from duewatch.schema import SOURCE_TABLES, Column, Kind, Table

EACH = 2
"""Rows of each fault in each table (a conflicting key takes two rows)."""
NUMBERS = (Kind.MONEY, Kind.RATE, Kind.INTEGER)
NO_CONFLICT = ("contact_debts",)
"""Its key is two references, so a fresh key would have to be a good row."""
OLD_DAY = "1999-12-31"


@dataclass(frozen=True)
class Fault:
    """`lines`: physical lines of the file (the header is line 1)."""

    table: str
    reason: str
    column: str
    lines: tuple[int, ...]


def plant_faults(sink: Sink) -> list[Fault]:
    """Append the faults to every CSV table that has rows."""
    return [fault for table in SOURCE_TABLES.values() if sink.is_csv(table.name) for fault in _plant(sink, table)]


def _plant(sink: Sink, table: Table) -> Iterator[Fault]:
    if not sink.rows[table.name]:
        return
    header, *good = sink.first_lines(table.name, 1 + EACH)
    names = next(csv.reader([header]))
    for reason, column, changes in _kinds(table):
        if column and column not in names:
            continue
        lines = [_changed(table, names, line, changes, f"{reason}-{n}") for n, line in enumerate(good)]
        yield _append(sink, table, reason, column, lines)
    yield _append(sink, table, "repeated_row", "", good)
    if table.name not in NO_CONFLICT:
        yield _append(sink, table, "conflicting_key", table.key[0], _conflict(table, names, good[0]))


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
    for reason, kinds, text in (
        ("not_a_number", NUMBERS, "twelve"),
        ("too_many_digits", (Kind.MONEY,), "12345678901234567890.00"),
        ("not_a_date", (Kind.DATE,), "2025-02-30"),
        ("not_an_instant", (Kind.INSTANT, Kind.MOMENT), "2026-13-01T25:61:00+08:00"),
        ("unknown_code", (Kind.CODE,), "telepathy"),
        ("not_a_boolean", (Kind.BOOLEAN,), "maybe"),
    ):
        column = _first(table, kinds)
        if column:
            yield reason, *_cell(column.name, text)
    if table.name == "debtors":
        yield "unknown_time_zone", *_cell("time_zone", "Asia/Beijing")
    for column in table.columns:
        if column.minimum is not None:
            yield "below_minimum", *_cell(column.name, "-5000.00" if column.kind is Kind.MONEY else "-3")
            break
    reference = next((column for column in table.columns if column.references), None)
    if reference:
        yield "dangling_key", *_cell(reference.name, "X99999999")


def _cell(column: str, text: str) -> tuple[str, dict[str, str]]:
    return column, {column: text}


def _first(table: Table, kinds: tuple[Kind, ...]) -> Column | None:
    """The first column of these kinds, rather not one of the key."""
    fitting = [column for column in table.columns if column.kind in kinds]
    return next((column for column in fitting if column.name not in table.key), fitting[0] if fitting else None)


def _changed(table: Table, names: list[str], line: str, changes: dict[str, str], mark: str) -> str:
    """A good row with a key of its own and these cells."""
    cells = dict(zip(names, next(csv.reader([line])), strict=True))
    if table.column(table.key[0]).kind is Kind.ID and not table.column(table.key[0]).references:
        cells[table.key[0]] = f"X-{mark}"
    return _line(cells | {name: text for name, text in changes.items() if name in cells})


def _conflict(table: Table, names: list[str], line: str) -> list[str]:
    """One new key twice, with different content."""
    other = next(
        column for column in reversed(table.columns)
        if column.name in names and column.name not in table.key and not column.references
        and column.kind in (*NUMBERS, Kind.TEXT, Kind.ID, Kind.DATE)
    )  # fmt: skip
    texts = {Kind.DATE: ("2026-01-01", "2026-01-02"), Kind.TEXT: ("this", "that")}.get(other.kind, ("1", "2"))
    fresh = {
        name: OLD_DAY for name in table.key if table.column(name).kind is Kind.DATE
    } | ({"calendar": "X-conflict"} if table.name == "holidays" else {})  # fmt: skip
    return [_changed(table, names, line, fresh | {other.name: text}, "conflict") for text in texts]


def _line(cells: dict[str, str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells.values())
    return out.getvalue()
