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
    isodow: int = 0,
    hour: int = -1,
    step: str = "attempts",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """Which outbound contacts make up one row of the funnel?"""
    return ask(
        "contacts/attempts_in_cell",
        {
            "bucket": bucket,
            "channel": channel,
            "isodow": isodow,
            "hour": hour,
            "step": step,
            "from_date": from_date,
            "to_date": to_date,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def contact_promises(ask: Ask, *, to_date: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
    """Which promises were made in a contact, and was each kept by the end of the period?"""
    return ask("contacts/contact_promises", {"to_date": to_date, "grace_days": grace_days, "tolerance": tolerance})


def funnel(ask: Ask, *, from_date: date, to_date: date, grace_days: int = 1, tolerance: float = 1.0) -> pl.DataFrame:
    """How far do outbound contacts get: connected, right party, promise, kept?"""
    period = {"from_date": from_date, "to_date": to_date}
    return ask("contacts/funnel", {**period, "grace_days": grace_days, "tolerance": tolerance})


def coverage(ask: Ask, *, from_date: date, to_date: date, bucket: str = "all", channel: str = "all") -> pl.DataFrame:
    """What share of the overdue accounts was tried at all, and how often were those tried?"""
    period = {"from_date": from_date, "to_date": to_date}
    return ask("contacts/coverage", {**period, "bucket": bucket, "channel": channel})


def coverage_accounts(
    ask: Ask, *, from_date: date, to_date: date, bucket: str = "all", channel: str = "all"
) -> pl.DataFrame:
    """How often was each overdue account tried while it was overdue, in each bucket it stood in?"""
    period = {"from_date": from_date, "to_date": to_date}
    return ask("contacts/coverage_accounts", {**period, "bucket": bucket, "channel": channel})


def funnel_steps(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    bucket: str = "all",
    channel: str = "all",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """How many outbound contacts of one bucket and channel got how far?"""
    return ask(
        "contacts/funnel_steps",
        {
            "from_date": from_date,
            "to_date": to_date,
            "bucket": bucket,
            "channel": channel,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def promise_yield(
    ask: Ask,
    *,
    as_of: date,
    from_date: date,
    to_date: date,
    bucket: str = "all",
    channel: str = "all",
    by_week: bool = True,
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """Of the right-party contacts of each week, how many ended in a promise, and how many in one that was kept?"""
    return ask(
        "contacts/promise_yield",
        {
            "as_of": as_of,
            "from_date": from_date,
            "to_date": to_date,
            "bucket": bucket,
            "channel": channel,
            "by_week": by_week,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def yield_contacts(
    ask: Ask,
    *,
    as_of: date,
    from_date: date,
    to_date: date,
    bucket: str = "all",
    channel: str = "all",
    grace_days: int = 1,
    tolerance: float = 1.0,
) -> pl.DataFrame:
    """Which outbound contacts reached the debtor, and did each end in a promise, and in one that was kept?"""
    return ask(
        "contacts/yield_contacts",
        {
            "as_of": as_of,
            "from_date": from_date,
            "to_date": to_date,
            "bucket": bucket,
            "channel": channel,
            "grace_days": grace_days,
            "tolerance": tolerance,
        },
    )


def reach_by(
    ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "all", bucket: str = "all", channel: str = "all"
) -> pl.DataFrame:
    """How often does an attempt reach the debtor, in each group?"""
    period = {"from_date": from_date, "to_date": to_date}
    return ask("contacts/reach_by", {**period, "grouping_by": grouping_by, "bucket": bucket, "channel": channel})


def reach_change(ask: Ask, *, from_date: date, to_date: date, split_on: date, channel: str = "all") -> pl.DataFrame:
    """How much of a change in the right-party rate is the rate within bucket and channel, and how much the mix?"""
    period = {"from_date": from_date, "to_date": to_date}
    return ask("contacts/reach_change", {**period, "split_on": split_on, "channel": channel})


def reached(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Whom did each outbound contact reach?"""
    return ask("contacts/reached", {"from_date": from_date, "to_date": to_date})
