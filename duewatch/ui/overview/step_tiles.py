"""Tiles of one step from snapshot to snapshot: entry, roll and cure."""

from __future__ import annotations

from datetime import date

from duewatch.reads import portfolio
from duewatch.ui.overview.summary import step_tile
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext


def step_tiles(ctx: PageContext, since: date) -> list[Tile]:
    """What one step did to M0 and M1, against the step before."""
    current = portfolio.roll_and_cure(ctx.ask, from_date=since, to_date=ctx.as_of)
    earlier = ctx.day_before(since)
    before = portfolio.roll_and_cure(ctx.ask, from_date=earlier, to_date=since) if earlier else None
    measures = (("M0", "worse", "entry_rate"), ("M1", "worse", "roll_rate"), ("M1", "cured", "cure_rate"))
    return [
        step_tile(ctx.words, ctx.numbers, current, before, bucket=bucket, kind=kind, metric=metric, since=since)
        for bucket, kind, metric in measures
    ]
