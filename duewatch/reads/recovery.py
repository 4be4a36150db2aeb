"""Typed doors to `queries/recovery/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def bucket_entries(ask: Ask, *, as_of: date, entry_bucket: str = "M1") -> pl.DataFrame:
    """Which accounts entered a bucket, when, and with what balance?"""
    return ask("recovery/bucket_entries", {"as_of": as_of, "entry_bucket": entry_bucket})


def entry_payments(ask: Ask, *, as_of: date, entry_bucket: str = "M1") -> pl.DataFrame:
    """What was paid after each entry into a bucket, and how much of it counts as collected?"""
    return ask("recovery/entry_payments", {"as_of": as_of, "entry_bucket": entry_bucket})


def liquidation_accounts(
    ask: Ask, *, cohort: date, days_since_entry: int, as_of: date, entry_bucket: str = "M1"
) -> pl.DataFrame:
    """Which accounts make up one point of a liquidation curve?"""
    return ask(
        "recovery/liquidation_accounts",
        {"cohort": cohort, "days_since_entry": days_since_entry, "as_of": as_of, "entry_bucket": entry_bucket},
    )


def liquidation_curve(ask: Ask, *, as_of: date, horizon_days: int = 180, entry_bucket: str = "M1") -> pl.DataFrame:
    """Of the balance that entered a bucket in one month, what share was collected by each day since?"""
    return ask(
        "recovery/liquidation_curve", {"as_of": as_of, "horizon_days": horizon_days, "entry_bucket": entry_bucket}
    )


def overdue_in_period(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Which accounts were overdue at the start of a period or became so in it, and what did each pay?"""
    return ask("recovery/overdue_in_period", {"from_date": from_date, "to_date": to_date})


def recovery_accounts(ask: Ask, *, bucket: str, from_date: date, to_date: date) -> pl.DataFrame:
    """Which accounts make up one bucket of the period's recovery?"""
    return ask("recovery/recovery_accounts", {"bucket": bucket, "from_date": from_date, "to_date": to_date})


def recovery_by_period(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """What share of the overdue balance was collected in a period, by bucket?"""
    return ask("recovery/recovery_by_period", {"from_date": from_date, "to_date": to_date})


def recovery_share(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """What share of all that was or became overdue in a period was collected, and how sure is that?"""
    return ask("recovery/recovery_share", {"from_date": from_date, "to_date": to_date})


def collections_expected(ask: Ask, *, as_of: date, entry_bucket: str = "M1", n_cohorts: int = 6) -> pl.DataFrame:
    """How much did each entry cohort pay by as_of, against what the cohorts before it had paid at the same age?"""
    return ask("recovery/collections_expected", {"as_of": as_of, "entry_bucket": entry_bucket, "n_cohorts": n_cohorts})


def cohort_accounts(ask: Ask, *, cohort: date, as_of: date, entry_bucket: str = "M1") -> pl.DataFrame:
    """Which accounts make up one entry cohort, and what has each paid by as_of?"""
    return ask("recovery/cohort_accounts", {"cohort": cohort, "as_of": as_of, "entry_bucket": entry_bucket})


def recovery_by_segment(ask: Ask, *, segment_by: str = "bucket", from_date: date, to_date: date) -> pl.DataFrame:
    """What was collected of the overdue balance of each product, branch or bucket in a period?"""
    return ask("recovery/recovery_by_segment", {"segment_by": segment_by, "from_date": from_date, "to_date": to_date})


def payment_split(ask: Ask, *, from_date: date, to_date: date, current_days: int = 30) -> pl.DataFrame:
    """Did the money that came in pay instalments overdue, instalments of the time, or later ones?"""
    return ask("recovery/payment_split", {"from_date": from_date, "to_date": to_date, "current_days": current_days})


def split_by_state(ask: Ask, *, from_date: date, to_date: date, current_days: int = 30) -> pl.DataFrame:
    """Of the money that came in, how much paid overdue, current and later instalments, by state?"""
    return ask("recovery/split_by_state", {"from_date": from_date, "to_date": to_date, "current_days": current_days})


def collection_effectiveness(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Of what was open or fell due in a period, less what is not past due yet, what share was collected?"""
    return ask("recovery/collection_effectiveness", {"from_date": from_date, "to_date": to_date})


def receivables_moved(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """What was owed at the start of a period, what fell due in it, and what of both was still open at its end?"""
    return ask("recovery/receivables_moved", {"from_date": from_date, "to_date": to_date})
