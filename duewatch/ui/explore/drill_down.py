"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from duewatch.metrics.segments import Days, View
from duewatch.ui.parts.drill_down import DrillDowns
from duewatch.ui.parts.metric_rows import of_metric
from duewatch.ui.shell.frame import PageContext


def tile_rows(ctx: PageContext, view: View, days: Days, row: Mapping[str, Any]) -> DrillDowns:
    """The one tile of Explore."""
    return {view.what.id: of_metric(ctx, view.what.id, days, row["value"])}
