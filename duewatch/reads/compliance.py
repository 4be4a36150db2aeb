"""Typed doors to `queries/compliance/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def accounts_without_region(ask: Ask) -> pl.DataFrame:
    """For which accounts can a rule of one state or province not be placed?"""
    return ask("compliance/accounts_without_region", {})


def breach_rates(
    ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """How many contacts broke a rule in a period, of how many, and within what limits?"""
    return ask(
        "compliance/breach_rates", {"from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id}
    )


def breaches_by_day(
    ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """How many contacts of each day broke a rule?"""
    return ask(
        "compliance/breaches_by_day",
        {"from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id},
    )


def breaches_by_group(
    ask: Ask, *, from_date: date, to_date: date, grouping_by: str = "team", pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """Which teams, channels or agencies did the breaching contacts come from?"""
    return ask(
        "compliance/breaches_by_group",
        {
            "from_date": from_date,
            "to_date": to_date,
            "grouping_by": grouping_by,
            "pack_id": pack_id,
            "rule_id": rule_id,
        },
    )


def breaching_contacts(
    ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """Which contacts of the period broke a rule, or cannot be judged by one?"""
    return ask(
        "compliance/breaching_contacts",
        {"from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id},
    )


def contact_hours(ask: Ask, *, from_date: date, to_date: date, channel: str = "all") -> pl.DataFrame:
    """At what hour of the debtor's day, and on which weekday, was contact made?"""
    return ask("compliance/contact_hours", {"from_date": from_date, "to_date": to_date, "channel": channel})


def contacts_per_debtor(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How often was each debtor contacted, and on how many days in a row?"""
    return ask("compliance/contacts_per_debtor", {"from_date": from_date, "to_date": to_date})


def finding_contacts(ask: Ask, *, finding_key: str, around_days: int = 7) -> pl.DataFrame:
    """Which contacts prove one finding, and what else happened to that debtor around it?"""
    return ask("compliance/finding_contacts", {"finding_key": finding_key, "around_days": around_days})


def finding_rows(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    verdict: str = "breach",
    pack_id: str = "all",
    rule_id: str = "all",
    grouping_by: str = "team",
    group_name: str = "all",
) -> pl.DataFrame:
    """Which findings stand behind a number of breaches or of contacts that cannot be judged?"""
    return ask(
        "compliance/finding_rows",
        {
            "from_date": from_date,
            "to_date": to_date,
            "verdict": verdict,
            "pack_id": pack_id,
            "rule_id": rule_id,
            "grouping_by": grouping_by,
            "group_name": group_name,
        },
    )


def judged_days(ask: Ask) -> pl.DataFrame:
    """From when to when can contacts be judged?"""
    return ask("compliance/judged_days", {})


def log_completeness(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """How complete is the contact log of a period, and what is wrong with it?"""
    return ask("compliance/log_completeness", {"from_date": from_date, "to_date": to_date})


def log_faults(ask: Ask, *, from_date: date, to_date: date, gap: str) -> pl.DataFrame:
    """Which contacts of the log have a fault?"""
    return ask("compliance/log_faults", {"from_date": from_date, "to_date": to_date, "gap": gap})


def logged_contacts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Which outbound contacts are in the log of a period, and is each logged in full?"""
    return ask("compliance/logged_contacts", {"from_date": from_date, "to_date": to_date})


def places_in_scope(ask: Ask) -> pl.DataFrame:
    """Which accounts and debtors does a scope hold?"""
    return ask("compliance/places_in_scope", {})


def rules_on_day(ask: Ask, *, on_day: date) -> pl.DataFrame:
    """Which dated versions of which rules was the book judged by, and what was the state of each on a day?"""
    return ask("compliance/rules_on_day", {"on_day": on_day})


def third_party_contacts(ask: Ask, *, from_date: date, to_date: date) -> pl.DataFrame:
    """Who other than the debtor was contacted, and does a rule allow it?"""
    return ask("compliance/third_party_contacts", {"from_date": from_date, "to_date": to_date})


def verdict_reasons(
    ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """Why is a contact exempt, in breach or not assessable?"""
    return ask(
        "compliance/verdict_reasons",
        {"from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id},
    )


def verdicts_by_rule(
    ask: Ask, *, from_date: date, to_date: date, pack_id: str = "all", rule_id: str = "all"
) -> pl.DataFrame:
    """How many contacts did each rule find in breach, in order, exempt or not assessable?"""
    return ask(
        "compliance/verdicts_by_rule",
        {"from_date": from_date, "to_date": to_date, "pack_id": pack_id, "rule_id": rule_id},
    )
