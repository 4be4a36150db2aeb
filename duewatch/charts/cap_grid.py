"""Every limit of a grid at once: contacts allowed down, dates across; the limits in force and of law are marked."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Labels, Palette, TextOf, framed, heat_map

Cap = tuple[int, int]
"""Contacts allowed, and in how many dates."""


@dataclass(frozen=True)
class Wall:
    """A limit of law: for each window of dates the largest number of contacts that can never break it."""

    name: str
    steps: list[tuple[int, int]]
    """Dates, contacts."""


@dataclass(frozen=True)
class CapGrid:
    """All limits of a grid, and the two that are framed on it."""

    cells: pl.DataFrame
    """max_count, window_days, n_over and, for the frontier, n_stopped of every limit."""
    in_force: Cap | None
    """Today's limit; None where it is not on the grid."""
    tried: Cap | None
    """The limit that is looked at; None where it is not on the grid."""
    in_force_name: str
    hover: str
    """What a pointer reads: a text with {n}, {days}, {over} and, for the frontier, {stopped}."""

    @property
    def rows(self) -> dict[Cap, dict[str, int]]:
        return {(row["max_count"], row["window_days"]): row for row in self.cells.iter_rows(named=True)}

    def hover_texts(self, count: TextOf) -> dict[Cap, str]:
        return {
            cap: self.hover.format(
                n=cap[0], days=cap[1], over=count(row["n_over"]), stopped=count(row.get("n_stopped", 0))
            )
            for cap, row in self.rows.items()
        }


def recount_grid(grid: CapGrid, labels: Labels, *, count: TextOf) -> go.Figure:
    """A cell a limit, the darker the more contacts are past it."""
    figure, texts = _heat(grid, labels, "n_over"), grid.hover_texts(count)
    limits, days = _axes(grid)
    figure.update_traces(
        customdata=[[texts[n, day] for day in days] for n in limits], hovertemplate="%{customdata}<extra></extra>"
    )
    framed(figure, labels, height=340)
    _frame_caps(figure, grid, labels.colours)
    figure.update_yaxes(tickvals=limits, showgrid=False)
    return figure.update_xaxes(tickvals=[1, 7, 14, 21, 30])


def frontier(grid: CapGrid, labels: Labels, *, measure: str, walls: list[Wall], count: TextOf) -> go.Figure:
    """`measure`: n_over or n_stopped, whichever is coloured. A clicked cell is x (dates) and y (contacts)."""
    colours = labels.colours
    figure, texts = _heat(grid, labels, measure), grid.hover_texts(count)
    figure.update_traces(hoverinfo="skip")
    # a heat map takes no clicks: unseen points over its cells do, and tell their figures
    figure.add_scatter(
        x=[day for _, day in texts],
        y=[n for n, _ in texts],
        mode="markers",
        customdata=list(texts.values()),
        marker={"symbol": "square", "size": 15, "opacity": 0},
        hovertemplate="%{customdata}<extra></extra>",
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )
    ends: list[int] = []
    for wall in walls:
        _draw_wall(figure, wall, colours, ends)
    _frame_caps(figure, grid, colours)
    framed(figure, labels, height=400)
    figure.update_yaxes(tickvals=_axes(grid)[0], showgrid=False, range=[0.4, 10.6])
    return figure.update_xaxes(tickvals=[1, 7, 14, 21, 30], range=[0.3, 30.7])


def _axes(grid: CapGrid) -> tuple[list[int], list[int]]:
    """The numbers of contacts and of dates."""
    return sorted(grid.cells["max_count"].unique().to_list()), sorted(grid.cells["window_days"].unique().to_list())


def _heat(grid: CapGrid, labels: Labels, measure: str) -> go.Figure:
    """Coloured by the square root, so that small numbers differ from 0."""
    limits, days = _axes(grid)
    most = max(grid.cells[measure].to_list(), default=0) or 1
    shares = [[(grid.rows[n, day][measure] / most) ** 0.5 for day in days] for n in limits]
    return go.Figure(heat_map(days, limits, shares, labels.colours.heat))


def _draw_wall(figure: go.Figure, wall: Wall, colours: Palette, ends: list[int]) -> None:
    """`ends`: heights at which earlier walls ended: where two end together one is named above, the next below."""
    inside = [(days, most) for days, most in wall.steps if most >= 1]
    if not inside:
        return
    figure.add_scatter(
        x=[days for days, _ in inside],
        y=[min(most, 10) + 0.5 for _, most in inside],
        mode="lines",
        line={"color": colours.breach, "width": 2, "shape": "hvh", "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    days, most = inside[-1]
    side = "top" if ends.count(most) % 2 else "bottom"
    ends.append(most)
    _write(figure, days, min(most, 10) + 0.5, wall.name, colours, xanchor="right", yanchor=side)


def _frame_caps(figure: go.Figure, grid: CapGrid, colours: Palette) -> None:
    """The limit in force, with its name, and the one that is tried."""
    for cap, colour in ((grid.in_force, colours.breach), (grid.tried, colours.near)):
        if cap is None or (cap == grid.in_force and colour == colours.near):
            continue
        n, days = cap
        if not (1 <= n <= 10 and 1 <= days <= 30):
            continue
        box = {"x0": days - 0.5, "x1": days + 0.5, "y0": n - 0.5, "y1": n + 0.5}
        figure.add_shape(type="rect", line={"color": colour, "width": 3}, **box)
        if cap == grid.in_force and grid.in_force_name:
            _write(figure, days + 0.6, n, grid.in_force_name, colours, xanchor="left")


def _write(figure: go.Figure, x: float, y: float, text: str, colours: Palette, **anchors: str) -> None:
    font = {"color": colours.breach, "size": 12}
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, font=font, bgcolor=colours.paper, opacity=0.92, **anchors
    )
