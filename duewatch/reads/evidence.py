"""Typed doors to `queries/evidence/`: one function a query, same name and parameters, a Polars frame back.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.engines import Ask


def contacts_counted(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    undated: bool = True,
    verdict: str = "breach",
    rule_ids: str = "all",
    account_ids: str = "all",
    finding_keys: str = "all",
) -> pl.DataFrame:
    """Which contacts were counted for each finding of a choice?"""
    return ask(
        "evidence/contacts_counted",
        {
            "from_date": from_date,
            "to_date": to_date,
            "undated": undated,
            "verdict": verdict,
            "rule_ids": rule_ids,
            "account_ids": account_ids,
            "finding_keys": finding_keys,
        },
    )


def findings_chosen(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    undated: bool = True,
    verdict: str = "breach",
    rule_ids: str = "all",
    account_ids: str = "all",
    finding_keys: str = "all",
) -> pl.DataFrame:
    """Which findings does a choice of rules, accounts, findings and days hold, and what does each rest on?"""
    return ask(
        "evidence/findings_chosen",
        {
            "from_date": from_date,
            "to_date": to_date,
            "undated": undated,
            "verdict": verdict,
            "rule_ids": rule_ids,
            "account_ids": account_ids,
            "finding_keys": finding_keys,
        },
    )


def rules_applied(
    ask: Ask,
    *,
    from_date: date,
    to_date: date,
    undated: bool = True,
    verdict: str = "breach",
    rule_ids: str = "all",
    account_ids: str = "all",
    finding_keys: str = "all",
) -> pl.DataFrame:
    """Which dated versions of which rules do the findings of a choice rest on, and where were they read?"""
    return ask(
        "evidence/rules_applied",
        {
            "from_date": from_date,
            "to_date": to_date,
            "undated": undated,
            "verdict": verdict,
            "rule_ids": rule_ids,
            "account_ids": account_ids,
            "finding_keys": finding_keys,
        },
    )
