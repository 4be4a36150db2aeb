"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.rulebook import sections as rulebook
from duewatch.ui.shell.frame import PageContext

DrillDowns = dict[str, DrillDown]
Row = Mapping[str, Any]
CONTACT = ("account_id", "unit_id", "unit_on", "product", "branch", "channel", "team", "collector_id")


def rules(ctx: PageContext, versions: pl.DataFrame) -> DrillDowns:
    """`versions`: rules_on_day."""
    holding = rulebook.in_force(versions)
    shown = rulebook.as_listed(ctx.words.language, holding)
    advisory = pl.col("modality").is_in(rulebook.ADVISORY)
    primary = pl.col("evidence_grade") == "primary"
    return {
        "rules_in_force": DrillDown(lambda: shown, holding.height),
        "rules_primary": DrillDown(lambda: shown.filter(primary), holding.filter(primary).height),
        "rules_advisory": DrillDown(lambda: shown.filter(advisory), holding.filter(advisory).height),
    }
