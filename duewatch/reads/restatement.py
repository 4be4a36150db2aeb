"""Typed doors to `queries/restatement/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def account_standing(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """How does this book say that each account stood on one day, and what had been paid and was due by then?"""
    return ask("restatement/account_standing", {"as_of": as_of})
