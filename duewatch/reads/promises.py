"""Typed doors to `queries/promises/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def kept_ratio(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """What share of the promises due in a period was kept?"""
    return ask(
        "promises/kept_ratio",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance},
    )


def promise_ledger(ask: Ask, *, as_of: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
    """How much of each promise has been paid by one day, and is it kept?"""
    return ask("promises/promise_ledger", {"as_of": as_of, "grace_days": grace_days, "tolerance": tolerance})


def promise_states(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """How do the promises due in a period stand on one day?"""
    return ask(
        "promises/promise_states",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance},
    )


def promises_due(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """Which promises fell due in a period, and how did each of them stand on one day?"""
    return ask(
        "promises/promises_due",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance},
    )


def promises_in_state(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    as_of: date,
    state: str = "all",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """Which promises make up one state among those due in a period?"""
    period = {"from_date": from_date, "to_date": to_date, "as_of": as_of}
    return ask(
        "promises/promises_in_state", {**period, "state": state, "grace_days": grace_days, "tolerance": tolerance}
    )


def kept_by_week(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """What share of the promises due in each week was kept?"""
    return ask(
        "promises/kept_by_week",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance},
    )


def due_calendar(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """How much was promised for each day, and how does it stand?"""
    return ask(
        "promises/due_calendar",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance},
    )


def kept_by_reminder(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """Of the promises still unpaid when their due date began, were those with a reminder kept more often?"""
    return ask(
        "promises/kept_by_reminder",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "grace_days": grace_days, "tolerance": tolerance},
    )


def kept_by_segment(
    ask: Ask,
    *,
    segment_by: str = "product",
    from_date: date,
    to_date: date,
    as_of: date,
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """How many of the promises due in a period were kept, by product or branch?"""
    return ask(
        "promises/kept_by_segment",
        {
            "segment_by": segment_by,
            "from_date": from_date,
            "to_date": to_date,
            "as_of": as_of,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )
