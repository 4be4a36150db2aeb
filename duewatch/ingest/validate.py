"""The one place that says what a valid row is: the contract's columns as dataframely rules.

Each rule is named `column|reason`, in contract order, so that the first failing rule of a row is its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import dataframely as dy
import polars as pl

from duewatch.contract.schema import SOURCE_TABLES, Column, Kind, Table
from duewatch.sources.batch import CONTROL, LINE, MAX_CELL, Batch, Look, inner_name
from duewatch.sources.convert import CURRENCY, IS_DATE, NUMBER, OFFSET, SCIENTIFIC, TEXT, ZONES, convert
from duewatch.sources.mapping import TableMapping
from duewatch.sources.reject_reasons import Reason

TOTALS = ("合计", "总计", "小计", "total", "sum", "grand total", "subtotal")
HIDDEN = "\u200b\u200e\u200f\u2028\u2029\ufeff"
"""Characters that cannot be seen: two ids that differ only in them look the same."""
Rules = dict[str, pl.Expr]


@dataclass(frozen=True)
class CheckedRows:
    """Rows of a block after the checks."""

    accepted: pl.DataFrame
    """Typed rows with `line`."""
    failed: pl.DataFrame
    """`line`, `column_name` and `reason` of the other rows."""


def check_rows(table: Table, block: Batch, names: dict[str, str], mapping: TableMapping) -> CheckedRows:
    """Convert a block's columns and split its rows. `names`: source header -> contract column."""
    columns = [block.frame[LINE]]
    for column in table.columns:
        source = next((header for header, target in names.items() if target == column.name), None)
        if source is not None:
            cells = convert(column, block.frame[inner_name(source)], block.look, mapping)
            columns += [cells.text, *cells.typed]
    columns_given = tuple(column.name for column in table.columns if column.name in names.values())
    schema = _row_schema(table.name, columns_given, block.look)
    accepted, failure = schema.filter(pl.DataFrame(columns))
    typed = [name for name in accepted.columns if not name.startswith(TEXT)]
    return CheckedRows(accepted.select(typed), _first_failures(failure.details(), _rule_names(schema)))


def typed_names(column: Column) -> tuple[str, ...]:
    """Columns that a converted column takes in the staged rows."""
    if column.kind is Kind.MOMENT:
        return (column.name, column.name + OFFSET, column.name + IS_DATE)
    return (column.name, column.name + OFFSET) if column.kind is Kind.INSTANT else (column.name,)


def _first_failures(details: pl.DataFrame, rules: list[str]) -> pl.DataFrame:
    first = pl.coalesce(pl.when(pl.col(name) == "invalid").then(pl.lit(name)) for name in rules)
    named = details.select(LINE, first.str.split_exact("|", 1).alias("rule")).unnest("rule")
    return named.rename({"field_0": "column_name", "field_1": "reason"})


def _rule_names(schema: type[dy.Schema]) -> list[str]:
    names: tuple[str, ...] = schema.rule_order  # type: ignore[attr-defined]
    return list(names)


@lru_cache(maxsize=256)
def _row_schema(table: str, column_names: tuple[str, ...], look: Look) -> type[dy.Schema]:
    """A dataframely schema for the columns that a file has."""
    content: dict[str, Any] = {LINE: dy.Any()}
    order: list[str] = []
    for column in SOURCE_TABLES[table].columns:
        if column.name in column_names:
            content |= {name: dy.Any() for name in (TEXT + column.name, *typed_names(column))}
            for name, expression in _rules(SOURCE_TABLES[table], column, look).items():
                content[name] = dy.rule()(partial(_always, expression))
                order.append(name)
    return type(f"{table}_rows", (dy.Schema,), content | {"rule_order": tuple(order)})


def _always(expression: pl.Expr, _schema: object) -> pl.Expr:
    return expression


def _rules(table: Table, column: Column, look: Look) -> Rules:
    """What must hold of one column, most telling reason first. `look` spares what cannot fail in this block."""
    text, value = pl.col(TEXT + column.name), pl.col(column.name)
    rules: dict[Reason, pl.Expr] = {}
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
    return {f"{column.name}|{reason}": rule.fill_null(True) for reason, rule in rules.items()}


def _kind_rules(column: Column, text: pl.Expr, value: pl.Expr) -> dict[Reason, pl.Expr]:
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


def _named_rules(column: Column, text: pl.Expr) -> dict[Reason, pl.Expr]:
    if column.name == "currency":
        return {Reason.UNKNOWN_CODE: text.str.contains(CURRENCY)}
    if column.name == "time_zone":
        is_zone = text.str.split("|").list.eval(pl.element().str.strip_chars().is_in(ZONES)).list.all()
        return {Reason.UNKNOWN_TIME_ZONE: is_zone}
    return {}


def _bare(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars_end(":：").str.to_lowercase()
