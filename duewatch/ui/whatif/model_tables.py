"""The tables of the model's answer in the reader's words: what each check asks for, and how it came out."""

from __future__ import annotations

from typing import Any

import polars as pl

from duewatch.ui.parts.numbers import DASH
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.whatif.result import Line

SHARES = ("wape", "bias", "coverage", "share_cured")
MONEY_OR_COUNT = ("actual", "forecast", "difference")
"""In the unit of the row's measure."""
UNITS = {"cash": "money", "cured": "accounts", "talks": "contacts", "breaches": "contacts"}
TIMES = ("multiplier", "e_value")
NUMBERS_OF_CHECKS = ("value", "low", "high")
SHARE_CHECKS = ("backtest", "overlap", "coverage", "arm")
"""Checks whose value is a share; the others' are log-odds."""


def in_words(ctx: PageContext, frame: pl.DataFrame) -> pl.DataFrame:
    """Every cell as text in the reader's words and units."""
    rows = [{name: _cell_text(ctx, name, row) for name in frame.columns} for row in frame.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=dict.fromkeys(frame.columns, pl.String))


def _cell_text(ctx: PageContext, name: str, row: dict[str, Any]) -> str:
    value = row[name]
    if value is None:
        return DASH
    if name == "wanted":
        return _code_text(ctx, f"wanted_{_check(row)}", str(value))
    if name == "check":
        of = value.partition(" ")[2]
        return _code_text(ctx, _check(row), value) + (f": {_code_text(ctx, of, of)}" if of else "")
    if isinstance(value, str):
        return _code_text(ctx, value, value)
    if name in SHARES or (name in NUMBERS_OF_CHECKS and _check(row) in SHARE_CHECKS):
        return ctx.numbers.percent(value, signed=name == "bias")
    if name in MONEY_OR_COUNT:
        line = Line("", "", UNITS.get(str(row.get("measure")), "accounts"), "L2")
        return whatif.value_text(ctx, line, value, signed=name == "difference")
    if name in TIMES:
        return f"×{value:g}" if name == "multiplier" else f"{value:.2f}"
    return ctx.numbers.count(value) if isinstance(value, int) else f"{value:.3f}"


def _check(row: dict[str, Any]) -> str:
    """The check's id: what stands after a blank says where it was made."""
    return str(row.get("check", "")).split(" ")[0]


def _code_text(ctx: PageContext, code: str, default: str) -> str:
    key = f"whatif.code.{code}"
    return ctx.words(key) if ctx.words.has(key) else default
