"""A grid of cells, each with a share as its colour and a text in it: willingness by ability, fields by product."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import framed, ink_on, mixed, palette


def cell_grid(
    shares: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    finding: str,
    rows_axis: str,
    columns_axis: str,
    is_dark: bool,
    cell_height: int = 64,
) -> go.Figure:
    """`shares` (0-1) colours the cells, None leaves one blank; `texts` stands in them. Rows are drawn from the top."""
    low, high = palette(is_dark).heat
    figure = go.Figure(
        go.Heatmap(
            z=[list(row) for row in shares],
            x=list(columns),
            y=list(rows),
            zmin=0,
            zmax=1,
            colorscale=[[0, low], [1, high]],
            showscale=False,
            xgap=3,
            ygap=3,
            hoverongaps=False,
            customdata=[list(row) for row in texts],
            hovertemplate="%{y} / %{x}<br>%{customdata}<extra></extra>",
        )
    )
    write_notes(
        figure,
        (
            {"x": column, "y": row, "text": text, "font": {"color": ink_on(mixed(low, high, value or 0.0)), "size": 12}}
            for row, line, told in zip(rows, shares, texts, strict=True)
            for column, value, text in zip(columns, line, told, strict=True)
        ),
    )
    framed(figure, finding, height=90 + cell_height * len(rows), x=columns_axis, y=rows_axis)
    figure.update_xaxes(side="top", type="category", showgrid=False)
    return figure.update_yaxes(autorange="reversed", type="category", showgrid=False)
