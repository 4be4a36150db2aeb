"""What is to be done, a bar a kind, cut by whether the account may be called on the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from duewatch.charts.theme import LEGEND_ABOVE, Labels, TextOf, framed, hatched, ink_on, rows_from_top

PARTS = ("today", "later", "closed", "unknown")


def todo_bars(
    rows: Sequence[Mapping[str, Any]],
    labels: Labels,
    *,
    titles: Sequence[str],
    names: Mapping[str, str],
    text_of: TextOf,
) -> go.Figure:
    """`rows`: of each kind, things by clearance (today, later, never, held, unknown, not_asked); `titles`: the kinds'
    names, top first; `names`: words of PARTS. What cannot be told is hatched."""
    colours = labels.colours
    shades = {"today": colours.accent, "later": colours.near, "closed": colours.total}
    figure = go.Figure()
    for part in PARTS:
        values = [_value(row, part) for row in rows]
        if part != "today" and not any(values):
            continue
        ink = ink_on(shades[part]) if part in shades else None
        figure.add_bar(
            x=values,
            y=list(titles),
            orientation="h",
            name=names[part],
            marker={"color": shades[part]} if part in shades else hatched(colours.grey),
            text=[text_of(value) if value else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": ink} if ink else None,
            hovertemplate=f"%{{y}}<br>{names[part]}: %{{x}}<extra></extra>",
        )
    framed(figure, labels, height=110 + 34 * max(len(rows), 1))
    legend = {**LEGEND_ABOVE, "traceorder": "normal"}
    figure.update_layout(barmode="stack", showlegend=True, legend=legend)
    figure.update_xaxes(rangemode="tozero", showgrid=False)
    return rows_from_top(figure)


def _value(row: Mapping[str, Any], part: str) -> int:
    if part == "closed":
        return int(row["never"]) + int(row["held"])
    if part == "unknown":
        return int(row["unknown"]) + int(row["not_asked"])
    return int(row[part])
