"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.ui.parts.drill_down import DrillDown

DrillDowns = dict[str, DrillDown]
Row = Mapping[str, Any]
CONTACT = ("account_id", "unit_id", "unit_on", "product", "branch", "channel", "team", "collector_id")


def third_parties(rows: pl.DataFrame) -> DrillDowns:
    """`rows`: third_party_contacts."""
    chosen = {
        "third_party_breaches": pl.col("standing") == "breach",
        "third_party_unknown": pl.col("standing") == "unknown_relation",
        "third_party_refused": pl.col("refused_before"),
    }
    return {metric: _those(rows, chosen[metric]) for metric in chosen}


def _those(rows: pl.DataFrame, chosen: pl.Expr) -> DrillDown:
    found = rows.filter(chosen)
    return DrillDown(lambda: found, found.height)
