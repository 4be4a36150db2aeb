"""Every limit of a grid at once: how many contacts would have been past it."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Say, framed, palette


def recount_grid(
    cells: pl.DataFrame,
    *,
    marked: tuple[int, int] | None,
    tried: tuple[int, int] | None,
    finding: str,
    x: str,
    y: str,
    mark: str,
    told: str,
    count: Say,
    is_dark: bool,
) -> go.Figure:
    """`cells`: max_count, window_days, n_over; `marked`: the rule's own limit, `tried`: the one that is looked at, both
    as (contacts, dates) and left out where they are not on the grid. `told`: {n}, {days}, {over} for a pointer."""
    low, high = palette(is_dark).heat
    most = max(cells["n_over"].to_list(), default=0) or 1
    counts = {(row["max_count"], row["window_days"]): row["n_over"] for row in cells.iter_rows(named=True)}
    limits, days = sorted({n for n, _ in counts}), sorted({d for _, d in counts})
    figure = go.Figure(
        go.Heatmap(
            x=days,
            y=limits,
            z=[[(counts[n, d] / most) ** 0.5 for d in days] for n in limits],
            zmin=0,
            zmax=1,
            colorscale=[[0, low], [1, high]],
            showscale=False,
            xgap=1,
            ygap=1,
            customdata=[[told.format(n=n, days=d, over=count(counts[n, d])) for d in days] for n in limits],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    framed(figure, finding, height=340, x=x, y=y)
    _frame_cell(figure, marked, palette(is_dark).breach, mark, palette(is_dark).paper)
    _frame_cell(figure, tried if tried != marked else None, palette(is_dark).near, "", "")
    figure.update_yaxes(tickvals=limits, showgrid=False)
    return figure.update_xaxes(tickvals=[1, 7, 14, 21, 30])


def _frame_cell(figure: go.Figure, cell: tuple[int, int] | None, colour: str, label: str, paper: str) -> None:
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
