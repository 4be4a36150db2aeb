"""The migration matrix: of each bucket, what share stands where one step later."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import lay_shapes, write_notes
from duewatch.charts.theme import Say, framed, ink_on, mixed, palette

LEAVING = ("paid_off", "written_off", "exit")
"""Columns that are no bucket, in order, after the buckets."""


def migration_matrix(
    frame: pl.DataFrame,
    *,
    share: str,
    finding: str,
    percent: Say,
    buckets: list[str],
    names: dict[str, str],
    rows_axis: str,
    columns_axis: str,
    is_dark: bool,
) -> go.Figure:
    """A cell a move with its share written in it; a move that no account made is left blank, staying is outlined.
    `frame`: transitions of one currency. `share`: share_balance or share_accounts. `names` are the words of LEAVING."""
    columns = [*buckets, *LEAVING]
    starts = [bucket for bucket in buckets if bucket in set(frame["from_bucket"].to_list())]
    moves = {(row["from_bucket"], row["to_bucket"]): row[share] for row in frame.iter_rows(named=True)}
    values = [[moves.get((start, end)) for end in columns] for start in starts]
    low, high = palette(is_dark).heat
    labels = [names.get(column, column) for column in columns]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=labels,
            y=starts,
            zmin=0,
            zmax=1,
            colorscale=[[0, low], [1, high]],
            showscale=False,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            customdata=_told(values, percent),
            hovertemplate="%{y} → %{x}: %{customdata}<extra></extra>",
        )
    )
    _write_cells(figure, values, labels, starts, percent, (low, high))
    framed(figure, finding, height=90 + 38 * len(starts), x=columns_axis, y=rows_axis)
    _outline_staying(figure, starts, buckets, palette(is_dark).grey)
    figure.update_xaxes(side="top", type="category")
    return figure.update_yaxes(autorange="reversed", type="category", showgrid=False)


def _told(values: list[list[float | None]], percent: Say) -> list[list[str]]:
    return [["" if value is None else percent(value) for value in row] for row in values]


def _write_cells(
    figure: go.Figure,
    values: list[list[float | None]],
    labels: list[str],
    starts: list[str],
    percent: Say,
    ramp: tuple[str, str],
) -> None:
    """Each number in the ink that reads on its cell."""
    write_notes(
        figure,
        (
            {
                "x": label,
                "y": start,
                "text": cell_text(percent(value)),
                "font": {"color": ink_on(mixed(*ramp, value)), "size": 12},
            }
            for start, row in zip(starts, values, strict=True)
            for label, value in zip(labels, row, strict=True)
            if value is not None
        ),
    )


def cell_text(told: str) -> str:
    """Short enough for a cell on a phone: the axis says that cells are per cent."""
    bare = told.rstrip("%")
    return bare if len(bare) <= 3 else f"{float(bare):.0f}"


def _outline_staying(figure: go.Figure, starts: list[str], buckets: list[str], colour: str) -> None:
    columns = [buckets.index(start) for start in starts]
    lay_shapes(
        figure,
        (
            {
                "type": "rect",
                "line": {"color": colour, "width": 1.5},
                "x0": column - 0.47,
                "x1": column + 0.47,
                "y0": place - 0.46,
                "y1": place + 0.46,
            }
            for place, column in enumerate(columns)
        ),
    )
