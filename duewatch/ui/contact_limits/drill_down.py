"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.engines import Ask
from duewatch.reads import compliance, explore
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.parts.metric_rows import declared_rows
from duewatch.ui.parts.period import Period

Row = Mapping[str, Any]
CONTACT = ("account_id", "unit_id", "unit_on", "product", "branch", "channel", "team", "collector_id")


def tile_rows(ask: Ask, period: Period, rule: Mapping[str, str], rates: Row, breaches: pl.DataFrame) -> DrillDowns:
    """`rates`: breach_rates; `rule`: pack_id and rule_id; `breaches`: finding_rows of the same."""
    params: dict[str, Any] = {"from_date": period.start, "to_date": period.end, **rule}

    def contacts() -> pl.DataFrame:
        rows = explore.breach_units(ask, **params).sort("numerator", "unit_on", descending=True)
        return rows.select(*CONTACT, pl.col("numerator", "denominator").cast(pl.Int64))

    def not_assessable() -> pl.DataFrame:
        findings = compliance.finding_rows(ask, verdict="unknown", **params)
        without_breach = findings.join(breaches.select("contact_id"), on="contact_id", how="anti")
        return _counted_by(without_breach, "contact_id", "account_id", "channel", "team")

    return {
        "breach_contacts": DrillDown(lambda: contacts().filter(pl.col("numerator") > 0), rates["n_breaching"]),
        "breach_rate": DrillDown(contacts, rates["rate"], "numerator", "denominator"),
        "breach_debtors": DrillDown(
            lambda: _counted_by(breaches, "debtor_id", "account_id"), rates["n_debtors_breached"]
        ),
        "not_assessable": DrillDown(not_assessable, rates["n_unknown"]),
    }


def _counted_by(findings: pl.DataFrame, key: str, *columns: str) -> pl.DataFrame:
    """One row a contact or debtor with how many findings there are, the most first."""
    firsts = [pl.col(name).first() for name in columns]
    counts = findings.group_by(key).agg(*firsts, pl.len().cast(pl.Int64).alias("n_findings"))
    return counts.sort("n_findings", key, descending=[True, False])


def log_rows(ask: Ask, period: Period, share: float | None) -> DrillDown:
    """Outbound contacts, those with a gap first."""
    return declared_rows(ask, "log_complete", share, from_date=period.start, to_date=period.end)
