"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.reads import process as process_reads
from duewatch.ui.parts.drill_down import EACH, DrillDown, DrillDowns
from duewatch.ui.parts.period import Period
from duewatch.ui.shell.frame import PageContext


def tile_rows(ctx: PageContext, period: Period, checks: pl.DataFrame) -> DrillDowns:
    """`checks`: rules of the process with their counts."""
    title = pl.col(f"title_{ctx.words.language}").alias("rule_title")
    is_clean = (pl.col("n_breach") == 0) & (pl.col("n_judged") > 0)
    rules = checks.select("requirements", title, "n_kept", "n_breach", "n_not_assessable", is_clean.alias("is_clean"))

    def findings(verdict: str) -> pl.DataFrame:
        rows = process_reads.check_findings(ctx.ask, from_date=period.start, to_date=period.end, verdict=verdict)
        return rows.join(checks.select("rule_id", title), on="rule_id", how="left", maintain_order="left").select(
            "happened_on", "rule_title", "account_id", "item_kind", "item_id", "stage", "team", "missing", "detail"
        )

    return {
        "process_breaches": DrillDown(lambda: findings("breach"), int(checks["n_breach"].sum())),
        "process_rules_kept": DrillDown(lambda: rules, int(rules["is_clean"].sum()) / rules.height, "is_clean", EACH),
        "process_not_assessable": DrillDown(lambda: findings("not_assessable"), int(checks["n_not_assessable"].sum())),
    }
