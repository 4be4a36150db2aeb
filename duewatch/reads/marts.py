"""Typed doors to `queries/marts/`: what ingest keeps in book tables of the same names, worked out from the facts anew.

Columns, units and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

from __future__ import annotations

import polars as pl

from duewatch.engines import Ask


def outbound_contacts(ask: Ask) -> pl.DataFrame:
    """Whom did each outbound contact reach, and how late was the account by then?"""
    return ask("marts/outbound_contacts", {})


def promise_payments(ask: Ask, *, grace_days: int = 1) -> pl.DataFrame:
    """Which payment of a settled account went to which promise, and how much of it?"""
    return ask("marts/promise_payments", {"grace_days": grace_days})


def promise_settled(ask: Ask, *, grace_days: int = 1) -> pl.DataFrame:
    """Of which accounts with promises can payments be allocated once, whatever the day of judgement?"""
    return ask("marts/promise_settled", {"grace_days": grace_days})
