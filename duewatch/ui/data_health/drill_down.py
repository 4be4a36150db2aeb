"""What the tiles of this page open."""

from __future__ import annotations

from duewatch.reads import data
from duewatch.ui.data_health.summary import Loaded
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.shell.frame import PageContext


def tile_rows(ctx: PageContext, sums: Loaded, n_given: int) -> DrillDowns:
    """What was read: a row a file, a rejected row, a column of the contract."""
    files = data.loads(ctx.ask).drop("sha256")
    presence = data.column_presence(ctx.ask)
    rejected = DrillDown(lambda: data.rejected_rows(ctx.ask), sums.rejected)
    return {
        "rows_accepted": DrillDown(lambda: files, sums.accepted, "rows_accepted"),
        "rows_rejected": rejected if ctx.may_see_rejects else DrillDown(lambda: files, sums.rejected, "rows_rejected"),
        "columns_given": DrillDown(lambda: presence.filter("is_provided"), n_given),
    }
