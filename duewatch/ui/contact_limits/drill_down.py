"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.reads import compliance
from duewatch.reads import explore as units
from duewatch.ui.parts.drill_down import EACH, DrillDown
from duewatch.ui.parts.period import Period
from duewatch.ui.shell.frame import PageContext

DrillDowns = dict[str, DrillDown]
Row = Mapping[str, Any]
CONTACT = ("account_id", "unit_id", "unit_on", "product", "branch", "channel", "team", "collector_id")


def limits(ctx: PageContext, period: Period, given: Mapping[str, str], now: Row, breaches: pl.DataFrame) -> DrillDowns:
    """`now`: breach_rates; `given`: pack_id and rule_id; `breaches`: finding_rows of the same."""
    days: dict[str, Any] = {"from_date": period.start, "to_date": period.end, **given}

    def judged() -> pl.DataFrame:
        found = units.breach_units(ctx.ask, **days).sort("numerator", "unit_on", descending=True)
        return found.select(*CONTACT, pl.col("numerator", "denominator").cast(pl.Int64))

    def unsure() -> pl.DataFrame:
        found = compliance.finding_rows(ctx.ask, verdict="unknown", **days)
        blind = found.join(breaches.select("contact_id"), on="contact_id", how="anti")
        return _each(blind, "contact_id", "account_id", "channel", "team")

    return {
        "breach_contacts": DrillDown(lambda: judged().filter(pl.col("numerator") > 0), now["n_breaching"]),
        "breach_rate": DrillDown(judged, now["rate"], "numerator", "denominator"),
        "breach_debtors": DrillDown(lambda: _each(breaches, "debtor_id", "account_id"), now["n_debtors_breached"]),
        "not_assessable": DrillDown(unsure, now["n_unknown"]),
    }


def _each(findings: pl.DataFrame, key: str, *told: str) -> pl.DataFrame:
    """One row a contact or debtor with how many findings there are, the most first."""
    columns = [pl.col(name).first() for name in told]
    found = findings.group_by(key).agg(*columns, pl.len().cast(pl.Int64).alias("n_findings"))
    return found.sort("n_findings", key, descending=[True, False])


def log(ctx: PageContext, period: Period, share: float | None) -> DrillDown:
    """Outbound contacts, those with a gap first."""

    def rows() -> pl.DataFrame:
        return compliance.logged_contacts(ctx.ask, from_date=period.start, to_date=period.end)

    return DrillDown(rows, share, "is_complete", EACH)
