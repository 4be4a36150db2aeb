"""The migration matrix: of each bucket, what share stands where one step later."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import lay_shapes, write_notes
from duewatch.charts.theme import Labels, TextOf, framed, heat_map, ink_on, mixed, rows_from_top

LEAVING = ("paid_off", "written_off", "exit")
"""Columns that are no bucket, in order, after the buckets."""


def migration_matrix(
    frame: pl.DataFrame, labels: Labels, *, share: str, percent: TextOf, buckets: list[str], names: dict[str, str]
) -> go.Figure:
    """A cell a move with its share written in it; a move that no account made is left blank, staying is outlined.
    `frame`: transitions of one currency. `share`: share_balance or share_accounts. `names` are the words of LEAVING."""
    columns = [*buckets, *LEAVING]
    starts = [bucket for bucket in buckets if bucket in set(frame["from_bucket"].to_list())]
    moves = {(row["from_bucket"], row["to_bucket"]): row[share] for row in frame.iter_rows(named=True)}
    values = [[moves.get((start, end)) for end in columns] for start in starts]
    low, high = labels.colours.heat
    column_names = [names.get(column, column) for column in columns]
    figure = go.Figure(
        heat_map(
            column_names,
            starts,
            values,
            (low, high),
            xgap=2,
            ygap=2,
            hoverongaps=False,
            customdata=[["" if value is None else percent(value) for value in row] for row in values],
            hovertemplate="%{y} → %{x}: %{customdata}<extra></extra>",
        )
    )
    write_notes(
        figure,
        (
            {
                "x": name,
                "y": start,
                "text": cell_text(percent(value)),
                "font": {"color": ink_on(mixed(low, high, value)), "size": 12},
            }
            for start, row in zip(starts, values, strict=True)
            for name, value in zip(column_names, row, strict=True)
            if value is not None
        ),
    )
    framed(figure, labels, height=90 + 38 * len(starts))
    _outline_staying(figure, starts, buckets, labels.colours.grey)
    figure.update_xaxes(side="top", type="category")
    return rows_from_top(figure)


def cell_text(text: str) -> str:
    """Short enough for a cell on a phone: the axis says that cells are per cent."""
    bare = text.rstrip("%")
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
                "y0": row - 0.46,
                "y1": row + 0.46,
            }
            for row, column in enumerate(columns)
        ),
    )
