"""Typed doors to `queries/worklist/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def accounts_untouched(ask: Ask, *, as_of: date, quiet_days: int = 14) -> pl.DataFrame:
    """Which overdue accounts has nobody tried to reach for some days?"""
    return ask("worklist/accounts_untouched", {"as_of": as_of, "quiet_days": quiet_days})


def disputes_to_answer(ask: Ask, *, as_of: date, ack_days: int = 1, answer_days: int = 30) -> pl.DataFrame:
    """Which open disputes are past the day on which they were to be answered or acknowledged?"""
    return ask("worklist/disputes_to_answer", {"as_of": as_of, "ack_days": ack_days, "answer_days": answer_days})


def promises_to_watch(
    ask: Ask, *, as_of: date, within_days: int = 2, broken_days: int = 1, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """Which promises fall due today or tomorrow, and which have just been broken?"""
    return ask(
        "worklist/promises_to_watch",
        {
            "as_of": as_of,
            "within_days": within_days,
            "broken_days": broken_days,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def stages_to_cross(ask: Ask, *, as_of: date, within_days: int = 7, until_days: int = 91) -> pl.DataFrame:
    """Which accounts are about to be 31, 61 or 91 days past due?"""
    return ask("worklist/stages_to_cross", {"as_of": as_of, "within_days": within_days, "until_days": until_days})


def standing_holds(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """Which accounts have a standing instruction that says not to contact the debtor?"""
    return ask("worklist/standing_holds", {"as_of": as_of})
