"""What the tiles of this page open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from duewatch.ui.parts.drill_down import Behind

Opens = dict[str, Behind]
Row = Mapping[str, Any]
CONTACT = ("account_id", "unit_id", "unit_on", "product", "branch", "channel", "team", "collector_id")


def counted(events: pl.DataFrame, listed: tuple[str, ...]) -> Opens:
    """`events`: the contacts that a limit counts, marked."""
    shown = events.select(listed)
    return {
        "recount_counted": Behind(lambda: shown, events.height),
        "recount_over": Behind(lambda: shown.filter("is_over"), int(events["is_over"].sum())),
        "recount_stopped": Behind(lambda: shown.filter("is_stopped"), int(events["is_stopped"].sum())),
    }
