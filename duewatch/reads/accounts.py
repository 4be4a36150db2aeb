"""Typed doors to `queries/accounts/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def account_contacts(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """By what means, when and with what outcome was there contact about one account?"""
    return ask("accounts/account_contacts", {"account_id": account_id, "as_of": as_of})


def account_days(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """How many days past due was one account, day by day?"""
    return ask("accounts/account_days", {"account_id": account_id, "as_of": as_of})


def account_facts(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """How does one account stand on one day?"""
    return ask("accounts/account_facts", {"account_id": account_id, "as_of": as_of})


def account_findings(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """Which contacts about one account broke a rule, or cannot be judged by it?"""
    return ask("accounts/account_findings", {"account_id": account_id, "as_of": as_of})


def account_payments(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """What was paid on one account, and what was taken back?"""
    return ask("accounts/account_payments", {"account_id": account_id, "as_of": as_of})


def account_terms(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """Which standing instructions, disputes and assignments held for one account, and from when to when?"""
    return ask("accounts/account_terms", {"account_id": account_id, "as_of": as_of})


def debtor_accounts(ask: Ask, *, account_id: str, as_of: date) -> pl.DataFrame:
    """Which other accounts has the debtor of one account, and how late is each?"""
    return ask("accounts/debtor_accounts", {"account_id": account_id, "as_of": as_of})
