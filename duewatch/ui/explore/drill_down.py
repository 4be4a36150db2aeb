"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from duewatch.metrics.explorable import Days, View
from duewatch.ui.parts.drill_down import Behind
from duewatch.ui.parts.metric_units import of_metric
from duewatch.ui.shell.frame import Ctx

Opens = dict[str, Behind]


def whole(ctx: Ctx, view: View, days: Days, row: Mapping[str, Any]) -> Opens:
    """The one tile of Explore."""
    return {view.what.metric: of_metric(ctx, view.what.metric, days, row["value"])}
