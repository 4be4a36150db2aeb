"""Typed doors to `queries/whatif/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask, Scalar


def call_time(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How many calls were made in a period, on how many days, and how long did they take?"""
    return ask("whatif/call_time", {"from_date": from_date, "to_date": to_date})


def contacts_outside_hours(ask: Ask, *, from_date: date, to_date: date, hours_from: int, hours_to: int) -> pl.DataFrame:
    """How many outbound contacts of a period began outside given hours of the debtor's day?"""
    given: dict[str, Scalar] = {
        "from_date": from_date,
        "to_date": to_date,
        "hours_from": hours_from,
        "hours_to": hours_to,
    }
    return ask("whatif/contacts_outside_hours", given)


def late_balance(ask: Ask, *, as_of: date, late_from_days: int) -> pl.DataFrame:
    """How much of the book is past due by at least a number of days?"""
    return ask("whatif/late_balance", {"as_of": as_of, "late_from_days": late_from_days})


def payment_chance(ask: Ask, *, as_of: date, to_date: date) -> pl.DataFrame:
    """What share of the accounts past due on one snapshot day paid anything by a later day?"""
    return ask("whatif/payment_chance", {"as_of": as_of, "to_date": to_date})


def balance_moves(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Where had the accounts of one snapshot day moved by another, and what balance did they carry then?"""
    return ask("whatif/balance_moves", {"from_date": from_date, "to_date": to_date})


def arms(ask: Ask, *, from_date: date, to_date: date, within_days: int, as_of: date) -> pl.DataFrame:
    """How many accounts were assigned to each recorded arm in a period, and how many of them paid within some days?"""
    given: dict[str, Scalar] = {"from_date": from_date, "to_date": to_date, "within_days": within_days, "as_of": as_of}
    return ask("whatif/arms", given)


def spell_waits(ask: Ask, *, as_of: date, early_days: int = 30, middle_days: int = 90) -> pl.DataFrame:
    """How long after its first reminder was each spell called, and had it ended by then?"""
    return ask("whatif/spell_waits", {"as_of": as_of, "early_days": early_days, "middle_days": middle_days})


def held_contacts(
    ask: Ask, *, from_date: date, to_date: date, hold_dispute_days: int, hold_promise_days: int
) -> pl.DataFrame:
    """Which contacts would a hold after a dispute or a promise have held back?"""
    given: dict[str, Scalar] = {
        "from_date": from_date,
        "to_date": to_date,
        "hold_dispute_days": hold_dispute_days,
        "hold_promise_days": hold_promise_days,
    }
    return ask("whatif/held_contacts", given)


def overdue_spells(ask: Ask, *, from_date: date, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """Which spells of days past due does the model follow, and what was on file when each began?"""
    return ask("whatif/overdue_spells", {"from_date": from_date, "to_date": to_date, "permille": permille})


def person_days(ask: Ask, *, from_date: date, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """On which days was an account called, reached or paid?"""
    return ask("whatif/person_days", {"from_date": from_date, "to_date": to_date, "permille": permille})


def hard_holds(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """From when to when may an account not be called?"""
    return ask("whatif/hard_holds", {"from_date": from_date, "to_date": to_date})


def days_past_due(ask: Ask, *, as_of: date) -> pl.DataFrame:
    """How many accounts, with what balance, stand at each number of days past due?"""
    return ask("whatif/days_past_due", {"as_of": as_of})


def reminded_promises(
    ask: Ask, *, from_date: date, to_date: date, as_of: date, grace_days: int = 1, tolerance: float = 1.0
) -> pl.DataFrame:
    """Which promises fell due in a period, and was the debtor reminded before the day?"""
    given: dict[str, Scalar] = {
        "from_date": from_date,
        "to_date": to_date,
        "as_of": as_of,
        "grace_days": grace_days,
        "tolerance": tolerance,
    }
    return ask("whatif/reminded_promises", given)


def arrears_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """How much was past due on an account, from which day on?"""
    return ask("whatif/arrears_days", {"to_date": to_date, "permille": permille})


def promise_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """What was promised, when, and for when?"""
    return ask("whatif/promise_days", {"to_date": to_date, "permille": permille})


def team_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """Which team was an account given to, from which day on?"""
    return ask("whatif/team_days", {"to_date": to_date, "permille": permille})


def status_days(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """Which state was an account in, from which day on, and had it gone to court before?"""
    return ask("whatif/status_days", {"to_date": to_date, "permille": permille})


def first_reminders(ask: Ask, *, to_date: date, permille: int = 1000) -> pl.DataFrame:
    """When was the debtor first reminded in a spell of days past due?"""
    return ask("whatif/first_reminders", {"to_date": to_date, "permille": permille})


def dispute_days(ask: Ask, *, to_date: date) -> pl.DataFrame:
    """From when to when was a debt disputed?"""
    return ask("whatif/dispute_days", {"to_date": to_date})
