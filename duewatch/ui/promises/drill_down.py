"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.metrics.segments import Days
from duewatch.reads import promises
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.metric_units import of_metric
from duewatch.ui.promises.summary import state_row
from duewatch.ui.shell.frame import PageContext

DrillDowns = dict[str, DrillDown]


def promised(
    ctx: PageContext,
    now: pl.DataFrame,
    due: tuple[pl.DataFrame, Mapping[str, Any]],
    ahead: tuple[pl.DataFrame, Mapping[str, Any]],
) -> DrillDowns:
    """`now`: kept_ratio of the decided days. `due`, `ahead`: promise_states with the parameters they were asked with,
    of the decided days and of those to come."""
    given = due[1]
    days = Days(ctx.as_of, given["from_date"], given["to_date"])
    row = {} if now.is_empty() else now.row(0, named=True)
    return {
        "kept_ratio": of_metric(ctx, "kept_ratio", days, row.get("share_kept")),
        "kept_amount": of_metric(ctx, "kept_amount", days, row.get("share_amount")),
        "promises_broken": _in_state(ctx, *due, "broken"),
        "promises_pending": _in_state(ctx, *ahead, "pending"),
    }


def _in_state(ctx: PageContext, states: pl.DataFrame, given: Mapping[str, Any], state: str) -> DrillDown:
    number = state_row(states, state)["promised"]
    return DrillDown(lambda: promises.promises_in_state(ctx.ask, state=state, **given), number, "promised")
