"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.rulebook import sections as rulebook
from duewatch.ui.shell.frame import PageContext


def tile_rows(ctx: PageContext, versions: pl.DataFrame) -> DrillDowns:
    """`versions`: rules_on_day."""
    in_force_rules = rulebook.in_force(versions)
    listed = rulebook.as_listed(ctx.words.language, in_force_rules)
    advisory = pl.col("modality").is_in(rulebook.ADVISORY)
    primary = pl.col("evidence_grade") == "primary"
    return {
        "rules_in_force": DrillDown(lambda: listed, in_force_rules.height),
        "rules_primary": DrillDown(lambda: listed.filter(primary), in_force_rules.filter(primary).height),
        "rules_advisory": DrillDown(lambda: listed.filter(advisory), in_force_rules.filter(advisory).height),
    }
