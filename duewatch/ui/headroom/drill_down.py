"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.compliance.headroom import strictest
from duewatch.ui.headroom import sections as headroom
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns


def tile_rows(rows: pl.DataFrame) -> DrillDowns:
    """`rows`: headroom.rows_of. A quiet period is told once a debtor, that which ends last."""
    strictest_rows = strictest(rows)
    quiet = rows.filter(pl.col("kind") == "quiet_after").sort("frees_on", "rule_id", descending=[True, False])
    by_debtor = quiet.unique("debtor_key", keep="first", maintain_order=True)
    return {
        "headroom_none": DrillDown(
            lambda: _listed(strictest_rows.filter(pl.col("n_left") == 0)), _n(strictest_rows, 0)
        ),
        "headroom_last": DrillDown(
            lambda: _listed(strictest_rows.filter(pl.col("n_left") == 1)), _n(strictest_rows, 1)
        ),
        "quiet_running": DrillDown(lambda: _listed(by_debtor), quiet["debtor_key"].n_unique()),
    }


def _n(least: pl.DataFrame, left: int) -> int:
    return least.filter(pl.col("n_left") == left).height


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("frees_on", "debtor_id", nulls_last=True).select(headroom.SHOWN)
