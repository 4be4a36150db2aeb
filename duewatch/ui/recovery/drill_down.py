"""What the tiles of this page open."""

from __future__ import annotations

from typing import Any

import polars as pl

from duewatch.metrics.segments import Days
from duewatch.reads import recovery
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.metric_units import of_metric
from duewatch.ui.recovery.summary import Step, newest_at
from duewatch.ui.shell.frame import PageContext

DrillDowns = dict[str, DrillDown]


def recovered(ctx: PageContext, step: Step, found: pl.DataFrame, expected: pl.DataFrame, entry: str) -> DrillDowns:
    """`found`: liquidation_curve; `expected`: collections_expected, both of the bucket of entry."""
    days, now = Days(step.end, step.start, step.end), step.now or {}
    counted = expected.filter(pl.col("expected").is_not_null())
    share = of_metric(ctx, "recovery_share", days, now.get("share_collected"))
    opens = {
        "collected": DrillDown(share.rows, now.get("collected"), "numerator"),
        "recovery_share": share,
        "expected_collections": DrillDown(lambda: counted, counted["expected"].sum(), "expected"),
    }
    newest = newest_at(found)
    if newest is None:
        return opens
    asked: dict[str, Any] = {
        "cohort": newest["cohort"],
        "days_since_entry": newest["days_since_entry"],
        "as_of": ctx.as_of,
    }
    opens["liquidation"] = DrillDown(
        lambda: recovery.liquidation_accounts(ctx.ask, entry_bucket=entry, **asked),
        newest["share_collected"],
        "collected",
        "entered_balance",
    )
    return opens
