"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.ui.parts.drill_down import DrillDown, DrillDowns


def tile_rows(events: pl.DataFrame, listed: tuple[str, ...]) -> DrillDowns:
    """`events`: the contacts that a limit counts, marked."""
    contacts = events.select(listed)
    return {
        "recount_counted": DrillDown(lambda: contacts, events.height),
        "recount_over": DrillDown(lambda: contacts.filter("is_over"), int(events["is_over"].sum())),
        "recount_stopped": DrillDown(lambda: contacts.filter("is_stopped"), int(events["is_stopped"].sum())),
    }
