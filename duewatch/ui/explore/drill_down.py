"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from duewatch.metrics.segments import Days, View
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.metric_units import of_metric
from duewatch.ui.shell.frame import PageContext

DrillDowns = dict[str, DrillDown]


def whole(ctx: PageContext, view: View, days: Days, row: Mapping[str, Any]) -> DrillDowns:
    """The one tile of Explore."""
    return {view.what.id: of_metric(ctx, view.what.id, days, row["value"])}
