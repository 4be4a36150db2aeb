"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.ui.parts.drill_down import DrillDown, DrillDowns


def tile_rows(rows: pl.DataFrame) -> DrillDowns:
    """`rows`: third_party_contacts."""
    conditions = {
        "third_party_breaches": pl.col("standing") == "breach",
        "third_party_unknown": pl.col("standing") == "unknown_relation",
        "third_party_refused": pl.col("refused_before"),
    }
    return {metric: _rows_where(rows, conditions[metric]) for metric in conditions}


def _rows_where(rows: pl.DataFrame, condition: pl.Expr) -> DrillDown:
    contacts = rows.filter(condition)
    return DrillDown(lambda: contacts, contacts.height)
