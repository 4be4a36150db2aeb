"""Typed doors to `queries/teams/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask, Params


def cases(ask: Ask, *, from_date: date, to_date: date, within_days: int = 30) -> pl.DataFrame:
    """In what state was each account when a collector was given it?"""
    return ask("teams/cases", {"from_date": from_date, "to_date": to_date, "within_days": within_days})


def case_outcomes(
    ask: Ask,
    *,
    as_of: date,
    from_date: date,
    to_date: date,
    within_days: int = 30,
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """What came of each account within so many days of its assignment?"""
    period: Params = {"as_of": as_of, "from_date": from_date, "to_date": to_date, "within_days": within_days}
    return ask("teams/case_outcomes", {**period, "grace_days": grace_days, "tolerance": tolerance})


def case_expectations(
    ask: Ask,
    *,
    as_of: date,
    from_date: date,
    to_date: date,
    within_days: int = 30,
    outcome: str = "kept",
    grouping_by: str = "collector",
    min_others: int = 20,
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """What was to be expected of each assigned account, going by like accounts of others?"""
    period: Params = {"as_of": as_of, "from_date": from_date, "to_date": to_date, "within_days": within_days}
    chosen: Params = {"outcome": outcome, "grouping_by": grouping_by, "min_others": min_others}
    return ask("teams/case_expectations", {**period, **chosen, "grace_days": grace_days, "tolerance": tolerance})


def observed_expected(
    ask: Ask,
    *,
    as_of: date,
    from_date: date,
    to_date: date,
    within_days: int = 30,
    outcome: str = "kept",
    grouping_by: str = "collector",
    min_others: int = 20,
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """How many accounts did each collector or team bring to an outcome, and how many were to be expected?"""
    period: Params = {"as_of": as_of, "from_date": from_date, "to_date": to_date, "within_days": within_days}
    chosen: Params = {"outcome": outcome, "grouping_by": grouping_by, "min_others": min_others}
    return ask("teams/observed_expected", {**period, **chosen, "grace_days": grace_days, "tolerance": tolerance})


def cases_of_group(
    ask: Ask,
    *,
    group_name: str,
    as_of: date,
    from_date: date,
    to_date: date,
    within_days: int = 30,
    outcome: str = "kept",
    grouping_by: str = "collector",
    min_others: int = 20,
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """Which accounts stand behind one collector's or team's observed and expected?"""
    period: Params = {"as_of": as_of, "from_date": from_date, "to_date": to_date, "within_days": within_days}
    chosen: Params = {
        "outcome": outcome,
        "grouping_by": grouping_by,
        "min_others": min_others,
        "group_name": group_name,
    }
    return ask("teams/cases_of_group", {**period, **chosen, "grace_days": grace_days, "tolerance": tolerance})


def conduct_contacts(ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "collector") -> pl.DataFrame:
    """Which outbound contacts did each collector or team make, and which of them broke a rule?"""
    return ask("teams/conduct_contacts", {"from_date": from_date, "to_date": to_date, "grouping_by": grouping_by})


def conduct(ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "collector") -> pl.DataFrame:
    """How often did the contacts of each collector or team break a rule?"""
    return ask("teams/conduct", {"from_date": from_date, "to_date": to_date, "grouping_by": grouping_by})
