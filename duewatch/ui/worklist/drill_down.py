"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.worklist import summary as worklist


def tile_rows(blocks: Mapping[str, pl.DataFrame]) -> DrillDowns:
    """A block of the worklist."""
    return {
        worklist.METRIC_OF[block]: DrillDown(lambda frame=frame: frame, frame.height)  # type: ignore[misc]
        for block, frame in blocks.items()
    }


def closed_rows(ctx: PageContext, rows: pl.DataFrame) -> DrillDown:
    """Accounts of the list that may not be called on the day."""
    shut = rows.filter(pl.col("clearance").is_in(worklist.CLOSED))
    return DrillDown(lambda: worklist.worded(ctx.words, shut), worklist.n_closed(rows))
