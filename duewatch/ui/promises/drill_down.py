"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.engines import Ask
from duewatch.metrics.segments import Days
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.parts.metric_rows import declared_rows, of_metric
from duewatch.ui.promises.summary import state_row
from duewatch.ui.shell.frame import PageContext


def tile_rows(
    ctx: PageContext,
    kept_ratio: pl.DataFrame,
    due: tuple[pl.DataFrame, Mapping[str, Any]],
    ahead: tuple[pl.DataFrame, Mapping[str, Any]],
) -> DrillDowns:
    """`kept_ratio`: of the decided days. `due`, `ahead`: promise_states of the decided days and of those to come, with
    the parameters they were asked with."""
    days = Days(ctx.as_of, due[1]["from_date"], due[1]["to_date"])
    row = {} if kept_ratio.is_empty() else kept_ratio.row(0, named=True)
    return {
        "kept_ratio": of_metric(ctx, "kept_ratio", days, row.get("share_kept")),
        "kept_amount": of_metric(ctx, "kept_amount", days, row.get("share_amount")),
        "promises_broken": _in_state(ctx.ask, "promises_broken", *due, "broken"),
        "promises_pending": _in_state(ctx.ask, "promises_pending", *ahead, "pending"),
    }


def _in_state(ask: Ask, metric: str, states: pl.DataFrame, params: Mapping[str, Any], state: str) -> DrillDown:
    return declared_rows(ask, metric, state_row(states, state)["promised"], state=state, **params)
