"""Typed doors to `queries/contacts/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def attempts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """What came of each outbound contact, and how late was the account then?"""
    return ask("contacts/attempts", {"from_date": from_date, "to_date": to_date})


def attempts_in_cell(
    ask: Ask,
    *,
    bucket: str,
    from_date: date,
    to_date: date,
    channel: str = "all",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """Which outbound contacts make up one row of the funnel?"""
    return ask(
        "contacts/attempts_in_cell",
        {
            "bucket": bucket, "channel": channel, "from_date": from_date, "to_date": to_date,
            "grace_days": grace_days, "tolerance": tolerance,
        },
    )  # fmt: skip


def contact_promises(ask: Ask, *, to_date: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
    """Which promises were made in a contact, and was each kept by the end of the period?"""
    return ask("contacts/contact_promises", {"to_date": to_date, "grace_days": grace_days, "tolerance": tolerance})


def funnel(ask: Ask, *, from_date: date, to_date: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
    """How far do outbound contacts get: connected, right party, promise, kept?"""
    period = {"from_date": from_date, "to_date": to_date}
    return ask("contacts/funnel", {**period, "grace_days": grace_days, "tolerance": tolerance})
