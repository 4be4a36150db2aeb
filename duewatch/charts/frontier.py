"""Every cap of a grid at once, with today's and the limits of law as walls."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Say, framed, palette


@dataclass(frozen=True)
class Wall:
    """A limit of law: for each window of dates the largest number of contacts that can never break it."""

    name: str
    steps: list[tuple[int, int]]


def frontier(
    cells: pl.DataFrame,
    *,
    measure: str,
    marked: tuple[int, int] | None,
    tried: tuple[int, int] | None,
    walls: list[Wall],
    finding: str,
    x: str,
    y: str,
    mark: str,
    told: str,
    count: Say,
    is_dark: bool,
) -> go.Figure:
    """`cells`: max_count, window_days, n_over, n_stopped for every limit; `measure`: which of the two is coloured.
    `marked` and `tried`: (contacts, dates) of today's cap and of the scenario's, left out where not on the grid.
    `told`: {n}, {days}, {over}, {stopped} for a pointer. A clicked cell is x (dates) and y (contacts)."""
    colours = palette(is_dark)
    rows = {(row["max_count"], row["window_days"]): row for row in cells.iter_rows(named=True)}
    most = max(cells[measure].to_list(), default=0) or 1
    days, numbers = sorted({day for _, day in rows}), sorted({n for n, _ in rows})
    texts = {
        key: told.format(n=key[0], days=key[1], over=count(row["n_over"]), stopped=count(row["n_stopped"]))
        for key, row in rows.items()
    }
    figure = go.Figure(
        go.Heatmap(
            x=days,
            y=numbers,
            z=[[(rows[n, day][measure] / most) ** 0.5 for day in days] for n in numbers],
            zmin=0,
            zmax=1,
            colorscale=[[0, colours.heat[0]], [1, colours.heat[1]]],
            showscale=False,
            xgap=1,
            ygap=1,
            hoverinfo="skip",
        )
    )
    # a heat map takes no clicks: unseen points over its cells do, and tell their figures
    figure.add_scatter(
        x=[day for _, day in rows],
        y=[n for n, _ in rows],
        mode="markers",
        customdata=list(texts.values()),
        marker={"symbol": "square", "size": 15, "opacity": 0},
        hovertemplate="%{customdata}<extra></extra>",
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )
    ends: list[int] = []
    for wall in walls:
        _wall(figure, wall, colours.breach, colours.paper, ends)
    _framed_cell(figure, marked, colours.breach, mark, colours.paper)
    _framed_cell(figure, tried if tried != marked else None, colours.near, "", colours.paper)
    framed(figure, finding, height=400, x=x, y=y)
    figure.update_yaxes(tickvals=sorted({n for n, _ in rows}), showgrid=False, range=[0.4, 10.6])
    return figure.update_xaxes(tickvals=[1, 7, 14, 21, 30], range=[0.3, 30.7])


def _wall(figure: go.Figure, wall: Wall, colour: str, paper: str, ends: list[int]) -> None:
    """`ends`: heights at which earlier walls ended: where two end together one is named above, the next below."""
    inside = [(days, most) for days, most in wall.steps if most >= 1]
    if not inside:
        return
    figure.add_scatter(
        x=[days for days, _ in inside],
        y=[min(most, 10) + 0.5 for _, most in inside],
        mode="lines",
        line={"color": colour, "width": 2, "shape": "hvh", "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    days, most = inside[-1]
    side = "top" if ends.count(most) % 2 else "bottom"
    ends.append(most)
    figure.add_annotation(
        x=days,
        y=min(most, 10) + 0.5,
        text=wall.name,
        showarrow=False,
        xanchor="right",
        yanchor=side,
        font={"color": colour, "size": 12},
        bgcolor=paper,
        opacity=0.92,
    )


def _framed_cell(figure: go.Figure, cell: tuple[int, int] | None, colour: str, label: str, paper: str) -> None:
    if cell is None or not (1 <= cell[0] <= 10 and 1 <= cell[1] <= 30):
        return
    n, days = cell
    box = {"x0": days - 0.5, "x1": days + 0.5, "y0": n - 0.5, "y1": n + 0.5}
    figure.add_shape(type="rect", line={"color": colour, "width": 3}, **box)
    if label:
        figure.add_annotation(
            x=days + 0.6,
            y=n,
            text=label,
            showarrow=False,
            xanchor="left",
            font={"color": colour, "size": 12},
            bgcolor=paper,
            opacity=0.92,
        )
