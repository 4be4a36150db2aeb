"""Which source tables a number needs and the book does not have."""

from __future__ import annotations

import polars as pl

from duewatch.engines import Ask
from duewatch.reads import data


def lacks_instalments(ask: Ask) -> list[str]:
    """The tables missing of those that due dates and what was paid for them are read from."""
    presence = data.column_presence(ask)
    filled = set(presence.filter(pl.col("n_filled") > 0)["table_name"].to_list())
    return [table for table in ("instalments", "payments") if table not in filled]
