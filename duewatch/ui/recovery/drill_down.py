"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.metrics.segments import Days
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.parts.metric_rows import declared_rows, of_metric
from duewatch.ui.recovery.summary import Step, newest_at
from duewatch.ui.shell.frame import PageContext


def tile_rows(
    ctx: PageContext, step: Step, curve: pl.DataFrame, expectations: pl.DataFrame, entry_bucket: str
) -> DrillDowns:
    """`curve`: liquidation_curve; `expectations`: collections_expected, both of the bucket of entry."""
    days, row = Days(step.end, step.start, step.end), step.now or {}
    expected = expectations.filter(pl.col("expected").is_not_null())
    share = of_metric(ctx, "recovery_share", days, row.get("share_collected"))
    rows = {
        "collected": DrillDown(share.rows, row.get("collected"), "numerator"),
        "recovery_share": share,
        "expected_collections": DrillDown(lambda: expected, expected["expected"].sum(), "expected"),
    }
    newest = newest_at(curve)
    if newest is not None:
        rows["liquidation"] = declared_rows(
            ctx.ask,
            "liquidation",
            newest["share_collected"],
            entry_bucket=entry_bucket,
            cohort=newest["cohort"],
            days_since_entry=newest["days_since_entry"],
            as_of=ctx.as_of,
        )
    return rows
