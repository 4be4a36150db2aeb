"""Typed doors to `queries/explore/`: one function a query, same name and parameters, a Polars frame back.

`units` of the last three names the query that gives a metric's units (`explore/promise_units`), and `given` the
parameters that one needs; the default is what stands in the header of the file.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask, Params
from duewatch.engines.query_files import over_units, taken

STANDING = "explore/standing_units"


def account_states(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """How did each account stand between its snapshots, as far as was known on one day?"""
    return ask("explore/account_states", {"as_of": as_of})


def breach_units(
    ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """Which contacts of a period broke a rule?"""
    return ask(
        "explore/breach_units", {"from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id}
    )


def contact_units(ask: Ask, *, from_date: date, to_date: date, reach: str = "connected") -> pl.DataFrame:
    """Which outbound contacts of a period got through?"""
    return ask("explore/contact_units", {"from_date": from_date, "to_date": to_date, "reach": reach})


def intensity_units(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, early_days: int = 30, middle_days: int = 90
) -> pl.DataFrame:
    """How often was each overdue account contacted in each stage?"""
    return ask(
        "explore/intensity_units",
        {
            "from_date": from_date,
            "to_date": to_date,
            "as_of": as_of,
            "early_days": early_days,
            "middle_days": middle_days,
        },
    )


def move_units(ask: Ask, *, from_date: date, to_date: date, from_bucket: str, move: str = "worse") -> pl.DataFrame:
    """Which accounts of one bucket got worse or cured by a later snapshot day?"""
    return ask(
        "explore/move_units", {"from_date": from_date, "to_date": to_date, "from_bucket": from_bucket, "move": move}
    )


def process_units(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How many things did the process judge, and how many were kept?"""
    return ask("explore/process_units", {"from_date": from_date, "to_date": to_date})


def promise_units(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    as_of: date,
    grace_days: int = 1,
    tolerance: float = 1.0,
    weight: str = "count",
) -> pl.DataFrame:
    """Which decided promises of a period were kept?"""
    return ask(
        "explore/promise_units",
        {
            "from_date": from_date,
            "to_date": to_date,
            "as_of": as_of,
            "grace_days": grace_days,
            "tolerance": tolerance,
            "weight": weight,
        },
    )


def recovery_units(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Which accounts were or became overdue in a period, and what was collected from each?"""
    return ask("explore/recovery_units", {"from_date": from_date, "to_date": to_date})


def standing_units(ask: Ask, *, as_of: date, measure: str = "overdue_balance") -> pl.DataFrame:
    """Which accounts on the book on one day make up a rate of the book?"""
    return ask("explore/standing_units", {"as_of": as_of, "measure": measure})


def placed_units(
    ask: Ask,
    units: str = STANDING,
    given: Params | None = None,
    *,
    as_of: date,
    measure: str = "overdue_balance",
    dim_1: str = "none",
    dim_2: str = "none",
) -> pl.DataFrame:
    """To which group does each unit of a metric belong, by up to two dimensions?"""
    name = over_units("explore/placed_units", units)
    asked: Params = {"as_of": as_of, "measure": measure, "dim_1": dim_1, "dim_2": dim_2}
    return ask(name, taken(name, {**asked, **(given or {})}))


def segment_units(
    ask: Ask,
    units: str = STANDING,
    given: Params | None = None,
    *,
    as_of: date,
    measure: str = "overdue_balance",
    dim_1: str = "none",
    dim_2: str = "none",
    group_1: str = "all",
    group_2: str = "all",
) -> pl.DataFrame:
    """Which units of a metric make up one group?"""
    name = over_units("explore/segment_units", units)
    asked: Params = {
        "as_of": as_of,
        "measure": measure,
        "dim_1": dim_1,
        "dim_2": dim_2,
        "group_1": group_1,
        "group_2": group_2,
    }
    return ask(name, taken(name, {**asked, **(given or {})}))


def segments(
    ask: Ask,
    units: str = STANDING,
    given: Params | None = None,
    *,
    as_of: date,
    measure: str = "overdue_balance",
    dim_1: str = "none",
    dim_2: str = "none",
    least: int = 10,
    limits: str = "share",
) -> pl.DataFrame:
    """How does a metric differ between groups, by up to two dimensions?"""
    name = over_units("explore/segments", units)
    asked: Params = {
        "as_of": as_of,
        "measure": measure,
        "dim_1": dim_1,
        "dim_2": dim_2,
        "least": least,
        "limits": limits,
    }
    return ask(name, taken(name, {**asked, **(given or {})}))
