"""A grid of cells, each with a share as its colour and a text in it: willingness by ability, fields by product."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, framed, heat_map, ink_on, mixed, rows_from_top


def cell_grid(
    shares: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    labels: Labels,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    cell_height: int = 64,
) -> go.Figure:
    """`shares` (0-1) colours the cells, None leaves one blank; `texts` stands in them. Rows are drawn from the top."""
    low, high = labels.colours.heat
    figure = go.Figure(
        heat_map(
            columns,
            rows,
            shares,
            (low, high),
            xgap=3,
            ygap=3,
            hoverongaps=False,
            customdata=texts,
            hovertemplate="%{y} / %{x}<br>%{customdata}<extra></extra>",
        )
    )
    write_notes(
        figure,
        (
            {"x": column, "y": row, "text": text, "font": {"color": ink_on(mixed(low, high, value or 0.0)), "size": 12}}
            for row, row_shares, row_texts in zip(rows, shares, texts, strict=True)
            for column, value, text in zip(columns, row_shares, row_texts, strict=True)
        ),
    )
    framed(figure, labels, height=90 + cell_height * len(rows))
    figure.update_xaxes(side="top", type="category", showgrid=False)
    return rows_from_top(figure)
