"""What the tiles of this page open."""

from __future__ import annotations

from typing import Any

import polars as pl

from duewatch.metrics.funnel_plot import Comparison
from duewatch.reads import teams as team_reads
from duewatch.ui.parts.drill_down import EACH, DrillDown
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.teams import summary as teams

DrillDowns = dict[str, DrillDown]


def compared(
    ctx: PageContext, comparison: Comparison, found: pl.DataFrame, conduct: pl.DataFrame, asked: Any
) -> DrillDowns:
    """`found`: observed_expected; `conduct`: by the same groups; `asked`: teams_sections.Asked."""
    table = teams.table(ctx.words, comparison, found, conduct).drop("collected")
    far = [each.counts.name for each in teams.outside(comparison)]
    n, broken = teams.named_conduct(conduct)

    def made() -> pl.DataFrame:
        rows = team_reads.conduct_contacts(ctx.ask, **asked.conduct)
        named = rows.filter(pl.col("group_name").is_not_null()).drop("debtor_key")
        return named.sort("is_breaching", "local_date", "contact_id", descending=[True, True, False])

    return {
        "teams_compared": DrillDown(lambda: table, len(comparison.points)),
        "teams_outside": DrillDown(lambda: table.filter(pl.col("group_name").is_in(far)), len(far)),
        "teams_conduct": DrillDown(made, broken / n if n else None, "is_breaching", EACH),
    }
