"""The one place that says what a valid row is: the contract's columns as dataframely rules.

Each rule is named `column|reason`, in contract order, so that the first failing rule of a row is its reason. A value of
an optional column that cannot be read costs the value and not the row, unless an empty cell would say something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import dataframely as dy
import polars as pl

from duewatch.contract.schema import SOURCE_TABLES, Column, Kind, Table
from duewatch.sources.batch import CONTROL, LINE, MAX_CELL, Look
from duewatch.sources.cell_reading import Assumption, ColumnReading
from duewatch.sources.convert import IS_DATE, NUMBER, OFFSET, SCIENTIFIC, TEXT, ZONES, Cells, convert, day_ranges
from duewatch.sources.reject_reasons import Reason
from duewatch.sources.shape import PART
from duewatch.sources.written_numbers import currency_codes

TOTALS = ("合计", "总计", "小计", "total", "sum", "grand total", "subtotal")
HIDDEN = "\u200b\u200e\u200f\u2028\u2029\ufeff"
"""Characters that cannot be seen: two ids that differ only in them look the same."""
FAILURE = {
    LINE: pl.Int64,
    PART: pl.Int16,
    "column_name": pl.String,
    "reason": pl.String,
    "value": pl.String,
    "account_id": pl.String,
}
"""`account_id`: of the row, as far as it names one, for what a reject costs."""
Rules = dict[Reason, pl.Expr]
DAMAGE = (Reason.BAD_TEXT, Reason.TOO_LONG)
"""These cost the row in every column."""


@dataclass(frozen=True)
class CheckedRows:
    """Rows of a block after the checks."""

    accepted: pl.DataFrame
    """Typed rows with `line` and `part`."""
    failed: pl.DataFrame
    """The other rows, under FAILURE."""
    unread: pl.DataFrame
    """Values of accepted rows that could not be read, under FAILURE."""
    assumptions: tuple[Assumption, ...] = ()


def check_rows(
    table: Table, rows: pl.DataFrame, look: Look, readings: Mapping[str, ColumnReading], totals: frozenset[int]
) -> CheckedRows:
    """`rows`: line, part and columns of the contract, from `shape.shape_rows`. `totals`: lines that are sums."""
    assumptions: list[Assumption] = []
    rows, readings = _days_as_range(table, rows, readings, assumptions)
    total_rows = rows.filter(pl.col(LINE).is_in(totals)) if totals else rows.clear()
    rows = rows.filter(~pl.col(LINE).is_in(totals)) if totals else rows
    columns, unread = [rows[LINE], rows[PART]], []
    given = [column for column in table.columns if column.name in rows.columns]
    for column in given:
        cells = convert(column, rows[column.name], look, readings.get(column.name, ColumnReading()))
        assumptions += cells.assumptions
        if _is_soft(column):
            cells, found = _without_unread(table, column, cells, rows, look)
            unread.append(found)
        columns += [cells.text, *cells.typed]
    schema = _row_schema(table.name, tuple(column.name for column in given), look)
    accepted, failure = schema.filter(pl.DataFrame(columns))
    typed = [name for name in accepted.columns if not name.startswith(TEXT)]
    failed = _first_failures(failure.details(), _rule_names(schema))
    failed = pl.concat([_with_values(failed, rows, given), _totals(total_rows, table)])
    kept = pl.concat([pl.DataFrame(schema=FAILURE), *unread]).join(failed, on=[LINE, PART], how="anti")
    return CheckedRows(accepted.select(typed), failed, kept, tuple(assumptions))


def typed_names(column: Column) -> tuple[str, ...]:
    """Columns that a converted column takes in the staged rows."""
    if column.kind is Kind.MOMENT:
        return (column.name, column.name + OFFSET, column.name + IS_DATE)
    return (column.name, column.name + OFFSET) if column.kind is Kind.INSTANT else (column.name,)


def total_lines(frame: pl.DataFrame) -> frozenset[int]:
    """Lines whose first filled cell says total: a sum, not a row."""
    cells = [pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in frame.columns if name != LINE]
    if not cells:
        return frozenset()
    return frozenset(frame.filter(_bare(pl.coalesce(cells)).is_in(TOTALS))[LINE])


def _days_as_range(
    table: Table, rows: pl.DataFrame, readings: Mapping[str, ColumnReading], assumptions: list[Assumption]
) -> tuple[pl.DataFrame, Mapping[str, ColumnReading]]:
    """Days past due in words (31-60 DPD, -3) as a first and a last day."""
    name = "days_past_due"
    if table.name != "snapshots" or name not in rows.columns or f"{name}_to" in rows.columns:
        return rows, readings
    reading = readings.get(name, ColumnReading())
    if rows[name].dtype.is_integer() and not reading.codes:
        return rows, readings
    first, last, notes = day_ranges(rows[name], reading)
    assumptions += notes
    rows = rows.with_columns(first.alias(name), last.alias(f"{name}_to"))
    return rows, {**readings, name: ColumnReading(missing=reading.missing, default=reading.default)}


def _is_soft(column: Column) -> bool:
    return not column.required and not column.empty_means


def _without_unread(
    table: Table, column: Column, cells: Cells, rows: pl.DataFrame, look: Look
) -> tuple[Cells, pl.DataFrame]:
    """The column without the values that break a rule, and these values."""
    rules = {reason: rule for reason, rule in _rules(table, column, look).items() if reason not in DAMAGE}
    frame = pl.DataFrame([cells.text, *cells.typed])
    broken = [pl.when(~rule).then(pl.lit(str(reason))) for reason, rule in rules.items()]
    if not broken:
        return cells, pl.DataFrame(schema=FAILURE)
    reason = frame.select(pl.coalesce(broken).alias("reason"))["reason"]
    is_unread = reason.is_not_null()
    if not is_unread.any():
        return cells, pl.DataFrame(schema=FAILURE)
    unread = pl.DataFrame(
        [rows[LINE], rows[PART], reason, rows[column.name].cast(pl.String).alias("value"), _accounts(rows)]
    ).filter(is_unread)
    unread = unread.with_columns(pl.lit(column.name).alias("column_name")).select(*FAILURE)
    stand_in = "unknown" if "unknown" in column.codes else None
    value = cells.typed[0].zip_with(
        ~is_unread, pl.Series([stand_in], dtype=cells.typed[0].dtype).new_from_index(0, rows.height)
    )
    rest = [
        series.zip_with(~is_unread, series.clear().extend_constant(None, rows.height)) for series in cells.typed[1:]
    ]
    return Cells(cells.text.set(is_unread, None), (value, *rest), cells.assumptions), unread


def _with_values(failed: pl.DataFrame, rows: pl.DataFrame, given: list[Column]) -> pl.DataFrame:
    """What stood in the failing cell, as text."""
    if not failed.height:
        return pl.DataFrame(schema=FAILURE)
    cells = [pl.col(column.name).cast(pl.String) for column in given]
    found = failed.join(rows.select(LINE, PART, *cells), on=[LINE, PART], how="left", maintain_order="left")
    value = pl.lit(None, pl.String)
    for column in given:
        value = pl.when(pl.col("column_name") == column.name).then(pl.col(column.name)).otherwise(value)
    return found.with_columns(value.alias("value of reject"), _account(found)).select(
        LINE, PART, "column_name", "reason", pl.col("value of reject").alias("value"), "account_id"
    )


def _account(rows: pl.DataFrame) -> pl.Expr:
    return pl.col("account_id") if "account_id" in rows.columns else pl.lit(None, pl.String).alias("account_id")


def _accounts(rows: pl.DataFrame) -> pl.Series:
    return rows.select(LINE, _account(rows).cast(pl.String))["account_id"]


def _totals(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    key = next((name for name in (table.key[0], "account_id") if name in rows.columns), None)
    value = pl.col(key).cast(pl.String) if key else pl.lit(None, pl.String)
    return rows.select(
        LINE,
        PART,
        pl.lit(table.key[0]).alias("column_name"),
        pl.lit(str(Reason.TOTAL_ROW)).alias("reason"),
        value.alias("value"),
        pl.lit(None, pl.String).alias("account_id"),
    )


def _first_failures(details: pl.DataFrame, rules: list[str]) -> pl.DataFrame:
    first = pl.coalesce(pl.when(pl.col(name) == "invalid").then(pl.lit(name)) for name in rules)
    named = details.select(LINE, PART, first.str.split_exact("|", 1).alias("rule")).unnest("rule")
    return named.rename({"field_0": "column_name", "field_1": "reason"})


def _rule_names(schema: type[dy.Schema]) -> list[str]:
    names: tuple[str, ...] = schema.rule_order  # type: ignore[attr-defined]
    return list(names)


@lru_cache(maxsize=256)
def _row_schema(table: str, column_names: tuple[str, ...], look: Look) -> type[dy.Schema]:
    """A dataframely schema for the columns that a file has."""
    content: dict[str, Any] = {LINE: dy.Any(), PART: dy.Any()}
    order: list[str] = []
    for column in SOURCE_TABLES[table].columns:
        if column.name in column_names:
            content |= {name: dy.Any() for name in (TEXT + column.name, *typed_names(column))}
            for reason, expression in _rules(SOURCE_TABLES[table], column, look).items():
                if _is_soft(column) and reason not in DAMAGE:
                    continue
                name = f"{column.name}|{reason}"
                content[name] = dy.rule()(partial(_always, expression))
                order.append(name)
    return type(f"{table}_rows", (dy.Schema,), content | {"rule_order": tuple(order)})


def _always(expression: pl.Expr, _schema: object) -> pl.Expr:
    return expression


def _rules(table: Table, column: Column, look: Look) -> Rules:
    """What must hold of one column, most telling reason first. `look` spares what cannot fail in this block."""
    text, value = pl.col(TEXT + column.name), pl.col(column.name)
    rules: Rules = {}
    if column.name in (table.key[0], "account_id"):
        rules[Reason.TOTAL_ROW] = ~_bare(text).is_in(TOTALS)
    if column.required:
        rules[Reason.MISSING_VALUE] = text.is_not_null() | value.is_not_null()
    if look.control:
        rules[Reason.BAD_TEXT] = ~text.str.contains(CONTROL if column.kind is Kind.TEXT else r"[\x00-\x1f\x7f]")
    if look.wide and column.kind is Kind.ID:
        hidden = ~text.str.contains(f"[{HIDDEN}]")
        rules[Reason.BAD_TEXT] = rules.get(Reason.BAD_TEXT, pl.lit(True)) & hidden
    if look.long:
        rules[Reason.TOO_LONG] = text.str.len_chars() <= MAX_CELL
    rules |= _kind_rules(column, text, value)
    if column.minimum is not None:
        rules[Reason.BELOW_MINIMUM] = value >= column.minimum
    return {reason: rule.fill_null(True) for reason, rule in rules.items()}


def _kind_rules(column: Column, text: pl.Expr, value: pl.Expr) -> Rules:
    fits = text.is_null() | value.is_not_null()
    match column.kind:
        case Kind.ID:
            return {Reason.SCIENTIFIC_ID: ~text.str.contains(SCIENTIFIC)}
        case Kind.CODE:
            return {Reason.UNKNOWN_CODE: fits}
        case Kind.DATE:
            return {Reason.NOT_A_DATE: fits}
        case Kind.INSTANT | Kind.MOMENT:
            return {Reason.NOT_AN_INSTANT: fits}
        case Kind.BOOLEAN:
            return {Reason.NOT_A_BOOLEAN: fits}
        case Kind.INTEGER:
            return {Reason.NOT_A_NUMBER: fits}
        case Kind.MONEY | Kind.RATE:
            return {Reason.NOT_A_NUMBER: text.str.contains(NUMBER), Reason.TOO_MANY_DIGITS: fits}
        case _:
            return _named_rules(column, text)


def _named_rules(column: Column, text: pl.Expr) -> Rules:
    if column.name == "currency":
        return {Reason.UNKNOWN_CODE: text.is_in(sorted(currency_codes()))}
    if column.name == "time_zone":
        is_zone = text.str.split("|").list.eval(pl.element().str.strip_chars().is_in(ZONES)).list.all()
        return {Reason.UNKNOWN_TIME_ZONE: is_zone}
    return {}


def _bare(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars_end(":：").str.to_lowercase()
