"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from duewatch.ui.parts.drill_down import Behind
from duewatch.ui.shell.frame import Ctx
from duewatch.ui.worklist import summary as worklist

Opens = dict[str, Behind]


def to_do(blocks: Mapping[str, pl.DataFrame]) -> Opens:
    """A block of the worklist."""
    return {
        worklist.METRIC_OF[block]: Behind(lambda frame=frame: frame, frame.height)  # type: ignore[misc]
        for block, frame in blocks.items()
    }


def closed(ctx: Ctx, rows: pl.DataFrame) -> Behind:
    """Accounts of the list that may not be called on the day."""
    shut = rows.filter(pl.col("clearance").is_in(worklist.CLOSED))
    return Behind(lambda: worklist.worded(ctx.words, shut), worklist.n_closed(rows))
