"""What the tiles of this page open."""

from __future__ import annotations

from typing import Any

import polars as pl

from duewatch.metrics.funnel_plot import Comparison
from duewatch.reads import teams as team_reads
from duewatch.ui.parts.drill_down import EACH, DrillDown, DrillDowns
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.teams import summary as teams


def tile_rows(
    ctx: PageContext, comparison: Comparison, groups: pl.DataFrame, conduct: pl.DataFrame, question: Any
) -> DrillDowns:
    """`groups`: observed_expected; `conduct`: by the same groups; `question`: teams_sections.Asked."""
    table = teams.table(ctx.words, comparison, groups, conduct).drop("collected")
    outside = [group.counts.name for group in teams.outside(comparison)]
    n, broken = teams.named_conduct(conduct)

    def contacts() -> pl.DataFrame:
        rows = team_reads.conduct_contacts(ctx.ask, **question.conduct)
        named = rows.filter(pl.col("group_name").is_not_null()).drop("debtor_key")
        return named.sort("is_breaching", "local_date", "contact_id", descending=[True, True, False])

    return {
        "teams_compared": DrillDown(lambda: table, len(comparison.points)),
        "teams_outside": DrillDown(lambda: table.filter(pl.col("group_name").is_in(outside)), len(outside)),
        "teams_conduct": DrillDown(contacts, broken / n if n else None, "is_breaching", EACH),
    }
