"""What each segment did to a ratio: by its own rate and by its share of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from duewatch.charts.theme import LEGEND_ABOVE, Labels, TextOf, framed, rows_from_top


@dataclass(frozen=True)
class Effect:
    """By how much one segment moved a ratio, as shares (0.01 is a point)."""

    name: str
    rate: float
    """By its own rate."""
    mix: float
    """By its share of the whole."""


def effect_bars(rows: list[Effect], labels: Labels, *, names: tuple[str, str], points: TextOf) -> go.Figure:
    """Two bars a row from a zero line, rate above mix, each with its points written at its end. `names`: of rate and
    mix. The first row is the whole and stands apart."""
    colours = labels.colours
    figure = go.Figure()
    row_names = [f"<b>{row.name}</b>" if no == 0 else row.name for no, row in enumerate(rows)]
    for no, (name, colour) in enumerate(zip(names, (colours.accent, colours.total), strict=True)):
        values = [(row.rate, row.mix)[no] for row in rows]
        figure.add_bar(
            orientation="h",
            y=row_names,
            x=values,
            name=name,
            marker={"color": colour},
            cliponaxis=False,
            text=[points(value) for value in values],
            textposition="outside",
            textfont={"size": 11},
            textangle=0,
            constraintext="none",
            hovertemplate=f"%{{y}} · {name}: %{{text}}<extra></extra>",
        )
    framed(figure, labels, height=96 + 44 * len(rows))
    most = max((abs(value) for row in rows for value in (row.rate, row.mix)), default=0.0) or 0.001
    figure.update_xaxes(range=[-most * 1.4, most * 1.4], showticklabels=False, zeroline=True, zerolinewidth=1)
    rows_from_top(figure)
    return figure.update_layout(
        barmode="group", bargap=0.3, showlegend=True, legend={**LEGEND_ABOVE, "traceorder": "normal"}
    )
