"""Typed doors to `queries/portfolio/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def about_to_cross(ask: Ask, *, as_of: date, within_days: int = 7) -> pl.DataFrame:
    """Which accounts will cross into the next bucket within some days if nothing is paid?"""
    return ask("portfolio/about_to_cross", {"as_of": as_of, "within_days": within_days})


def account_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Where did each account of one snapshot day stand on a later one?"""
    return ask("portfolio/account_moves", {"from_date": from_date, "to_date": to_date})


def accounts_in_bucket(ask: Ask, *, bucket: str, as_of: date) -> pl.DataFrame:
    """Which accounts make up one bucket on one day?"""
    return ask("portfolio/accounts_in_bucket", {"bucket": bucket, "as_of": as_of})


def accounts_on_day(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """Which accounts are on the book on one day, and how late is each?"""
    return ask("portfolio/accounts_on_day", {"as_of": as_of})


def aging_buckets(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """How does the book spread over aging buckets on one day?"""
    return ask("portfolio/aging_buckets", {"as_of": as_of})


def aging_by_day(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How did the spread over aging buckets move from snapshot day to snapshot day?"""
    return ask("portfolio/aging_by_day", {"from_date": from_date, "to_date": to_date})


def book_totals(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """How large is the book on one day, and how much of it is overdue?"""
    return ask("portfolio/book_totals", {"as_of": as_of})


def bridge_accounts(ask: Ask, *, component: str, from_date: date, to_date: date) -> pl.DataFrame:
    """Which accounts make up one component of the overdue waterfall?"""
    return ask("portfolio/bridge_accounts", {"component": component, "from_date": from_date, "to_date": to_date})


def bucket_bounds(ask: Ask) -> pl.DataFrame:
    """Where does each aging bucket of this book begin and end?"""
    return ask("portfolio/bucket_bounds", {})


def net_flow(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How large is each bucket against the bucket before it one step earlier (net flow rate)?"""
    return ask("portfolio/net_flow", {"from_date": from_date, "to_date": to_date})


def net_flow_by_day(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How did each net flow rate move from snapshot day to snapshot day?"""
    return ask("portfolio/net_flow_by_day", {"from_date": from_date, "to_date": to_date})


def overdue_bridge(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Why did the overdue balance move between two snapshot days?"""
    return ask("portfolio/overdue_bridge", {"from_date": from_date, "to_date": to_date})


def overdue_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Which account moved the overdue balance between two snapshot days, by how much, and why?"""
    return ask("portfolio/overdue_moves", {"from_date": from_date, "to_date": to_date})


def rate_changes(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Did the overdue rate and the 90+ share really move between two snapshot days?"""
    return ask("portfolio/rate_changes", {"from_date": from_date, "to_date": to_date})


def roll_and_cure(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Of each bucket's accounts on one day, how many got worse and how many cured by a later day?"""
    return ask("portfolio/roll_and_cure", {"from_date": from_date, "to_date": to_date})


def scope_choices(ask: Ask) -> pl.DataFrame:
    """Which branches, products and currencies does the book have?"""
    return ask("portfolio/scope_choices", {})


def snapshot_days(ask: Ask) -> pl.DataFrame:
    """On which days was the book recorded?"""
    return ask("portfolio/snapshot_days", {})


def thirty_day_accounts(ask: Ask, *, from_bucket: str, to_bucket: str, to_date: date) -> pl.DataFrame:
    """Which accounts made one move in the 30-day step?"""
    return ask(
        "portfolio/thirty_day_accounts", {"from_bucket": from_bucket, "to_bucket": to_bucket, "to_date": to_date}
    )


def thirty_day_moves(ask: Ask, *, to_date: date) -> pl.DataFrame:
    """Where does each account of 30 days ago stand now?"""
    return ask("portfolio/thirty_day_moves", {"to_date": to_date})


def transition_accounts(ask: Ask, *, from_bucket: str, to_bucket: str, from_date: date, to_date: date) -> pl.DataFrame:
    """Which accounts made one move between two snapshot days?"""
    return ask(
        "portfolio/transition_accounts",
        {"from_bucket": from_bucket, "to_bucket": to_bucket, "from_date": from_date, "to_date": to_date},
    )


def transitions(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Of the accounts in each bucket on one day, what share stands where on a later day?"""
    return ask("portfolio/transitions", {"from_date": from_date, "to_date": to_date})


def transitions_30_day(ask: Ask, *, to_date: date) -> pl.DataFrame:
    """Of the accounts in each bucket 30 days ago, what share stands where now?"""
    return ask("portfolio/transitions_30_day", {"to_date": to_date})


def vintage(ask: Ask, *, as_of: date, min_bucket: str = "M2", ever: bool = True) -> pl.DataFrame:
    """Of the accounts opened in one month, how much is bad at each age in months?"""
    return ask("portfolio/vintage", {"as_of": as_of, "min_bucket": min_bucket, "ever": ever})


def moves_by_segment(
    ask: Ask, *, segment_by: str = "product", from_bucket: str, from_date: date, to_date: date
) -> pl.DataFrame:
    """Of each segment's accounts on one day, how many got worse and how many cured by a later day?"""
    return ask(
        "portfolio/moves_by_segment",
        {"segment_by": segment_by, "from_bucket": from_bucket, "from_date": from_date, "to_date": to_date},
    )


def overdue_bridge_by(ask: Ask, *, segment_by: str = "product", from_date: date, to_date: date) -> pl.DataFrame:
    """Why did the overdue balance of each product or branch move between two snapshot days?"""
    return ask("portfolio/overdue_bridge_by", {"segment_by": segment_by, "from_date": from_date, "to_date": to_date})


def overdue_by_segment(ask: Ask, *, segment_by: str = "product", as_of: date) -> pl.DataFrame:
    """How much of each product, branch or grade is overdue on one day?"""
    return ask("portfolio/overdue_by_segment", {"segment_by": segment_by, "as_of": as_of})


def segment_moves(ask: Ask, *, from_bucket: str, from_date: date, to_date: date) -> pl.DataFrame:
    """Which accounts of a bucket, or of all overdue ones, got worse and which cured by a later day?"""
    return ask("portfolio/segment_moves", {"from_bucket": from_bucket, "from_date": from_date, "to_date": to_date})


def accounts_falling_due(ask: Ask, *, from_date: date, to_date: date, as_of: date) -> pl.DataFrame:
    """Which accounts had an instalment fall due while they were current, and which were past due the next day?"""
    return ask("portfolio/accounts_falling_due", {"from_date": from_date, "to_date": to_date, "as_of": as_of})


def cured_accounts(ask: Ask, *, from_date: date, to_date: date, as_of: date, hold_days: int = 30) -> pl.DataFrame:
    """Which overdue accounts had cured by a later day, and did they stay current for some days after it?"""
    return ask(
        "portfolio/cured_accounts", {"from_date": from_date, "to_date": to_date, "as_of": as_of, "hold_days": hold_days}
    )


def cures_held(ask: Ask, *, from_date: date, to_date: date, as_of: date, hold_days: int = 30) -> pl.DataFrame:
    """Of each bucket's accounts, how many cured by a later day, and how many of those were still current 30 days on?"""
    return ask(
        "portfolio/cures_held", {"from_date": from_date, "to_date": to_date, "as_of": as_of, "hold_days": hold_days}
    )


def delinquency_rates(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How large is each bucket against what is owed today, and what was owed when its accounts were current?"""
    return ask("portfolio/delinquency_rates", {"from_date": from_date, "to_date": to_date})


def entry_by_due_month(ask: Ask, *, from_date: date, to_date: date, as_of: date) -> pl.DataFrame:
    """Of the current accounts with an instalment due, what share was past due the next day, by month?"""
    return ask("portfolio/entry_by_due_month", {"from_date": from_date, "to_date": to_date, "as_of": as_of})


def first_instalments(ask: Ask, *, from_date: date, to_date: date, as_of: date, unpaid_days: int = 30) -> pl.DataFrame:
    """Which loans' first instalment was still open so many days after it was due?"""
    return ask(
        "portfolio/first_instalments",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "unpaid_days": unpaid_days},
    )


def first_payment_default(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, unpaid_days: int = 30
) -> pl.DataFrame:
    """Of the loans whose first instalment fell due in a month, what share was still unpaid so many days later?"""
    return ask(
        "portfolio/first_payment_default",
        {"from_date": from_date, "to_date": to_date, "as_of": as_of, "unpaid_days": unpaid_days},
    )


def flow_to_loss(ask: Ask, *, from_date: date, to_date: date, segment_by: str = "all") -> pl.DataFrame:
    """How large is each bucket against the one before it a step earlier, from M0 through to what was written off?"""
    return ask("portfolio/flow_to_loss", {"from_date": from_date, "to_date": to_date, "segment_by": segment_by})


def stages(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """How would days past due alone stage the book under IFRS 9 (proxy)?"""
    return ask("portfolio/stages", {"as_of": as_of})


def step_moves(ask: Ask, *, from_date: date, to_date: date, segment_by: str = "all") -> pl.DataFrame:
    """Where did the accounts of each bucket go in every step from snapshot day to snapshot day?"""
    return ask("portfolio/step_moves", {"from_date": from_date, "to_date": to_date, "segment_by": segment_by})


def triple_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Does where an account goes next depend on where it came from?"""
    return ask("portfolio/triple_moves", {"from_date": from_date, "to_date": to_date})
