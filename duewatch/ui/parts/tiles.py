"""Tiles: label, value, change against the step before, interval and n, and how the number is counted.

Grey is "no evidence of a change": a change is coloured only where its interval leaves out 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from duewatch.metrics.definitions import definition
from duewatch.metrics.registry import METRICS
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns, open_button
from duewatch.ui.shell.frame import PageContext


@dataclass(frozen=True)
class Tile:
    """One number."""

    metric: str
    value: str
    change: str = ""
    """Written with its sign."""
    rises: bool | None = None
    """The direction of the change; None: there is none to tell."""
    is_evident: bool = False
    """Whether the interval of the change leaves out 0."""
    is_good_up: bool = False
    """Whether a rise is good news."""
    note: str = ""
    """Interval and n."""
    counted: str = ""
    """Numerator and denominator in figures."""
    trend: Sequence[float] = ()
    """The last steps, oldest first."""
    since: date | None = None
    """The day that the change is measured against."""
    against: str = ""
    """In its place, for a number of a whole period: what the change is measured against, in words."""

    @property
    def colour(self) -> str:
        if not self.is_evident or self.rises is None:
            return "off"
        return "green" if self.rises == self.is_good_up else "red"


def draw_tiles(ctx: PageContext, tiles: Sequence[Tile], opens: DrillDowns, *, columns: int = 3) -> None:
    """At most six, side by side as far as the width goes, as tall as the tallest of their row; on a phone
    they stack, each as tall as what it says. `opens`: what stands behind each."""
    grid = st.grid(columns, min_column_width=230, gap="small", border=True)
    for tile in tiles:
        with grid.cell(), st.container(height="stretch", gap="xsmall"):
            _draw(ctx, tile, opens.get(tile.metric))


def draw_tiles_but_one(
    ctx: PageContext, tiles: Sequence[Tile], opens: DrillDowns, *, columns: int = 3
) -> Callable[[Tile, DrillDown], None]:
    """Tiles without trends and, behind them, a place for one more whose number takes longer: what draws it there."""
    grid = st.grid(columns, min_column_width=230, gap="small", border=True)
    for tile in tiles:
        with grid.cell(), st.container(height="stretch", gap="xsmall"):
            _draw(ctx, tile, opens.get(tile.metric))
    with grid.cell():
        place = st.container(height="stretch", gap="xsmall")

    def draw_there(tile: Tile, behind: DrillDown) -> None:
        with place:
            _draw(ctx, tile, behind)

    return draw_there


def _draw(ctx: PageContext, tile: Tile, behind: DrillDown | None) -> None:
    arrow = "off" if tile.rises is None else "up" if tile.rises else "down"
    against = tile.against or (ctx.words("tile.against", day=tile.since.isoformat()) if tile.since else "")
    st.metric(
        ctx.words(f"metric.{tile.metric}.name"),
        tile.value,
        delta=tile.change or None,
        delta_color=tile.colour,  # type: ignore[arg-type]
        delta_arrow=arrow,  # type: ignore[arg-type]
        delta_description=(against or None) if tile.change else None,
        chart_data=list(tile.trend) if len(tile.trend) > 2 else None,
    )
    if tile.note:
        st.caption(tile.note)
    st.space("stretch")
    with st.container(horizontal=True, gap="small"):
        with st.popover(
            ctx.words("tile.definition"),
            type="tertiary",
            icon=":material/info:",
            help=None,
            key=f"define_{tile.metric}",
        ):
            draw_definition(ctx, tile.metric, tile.counted)
        open_button(ctx, tile.metric, tile.value, behind)


def draw_definition(ctx: PageContext, metric_id: str, counted: str = "") -> None:
    """What a number is: its definition, the figures it was made from, its SQL."""
    metric = METRICS[metric_id]
    lines = [f"**{heading}** — {text}" for heading, text in definition(metric, ctx.words)]
    if counted:
        lines.insert(1, f"**{counted}**")
    st.markdown("\n\n".join(lines))
    st.caption(f"{ctx.words('definition.query')}: queries/{metric.query}.sql · {metric.column}")
    st.code(metric.sql, language="sql", height=240)
