"""Caps as points: what is left of contacts (or their cost) across, breaches left or recovery up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from duewatch.charts.theme import Labels, TextOf, framed, ticks, whiskers


@dataclass(frozen=True)
class Mark:
    """One cap."""

    x: float
    y: float
    hover: str
    """What a pointer reads."""
    is_clean: bool
    """It leaves no breach: drawn filled."""
    kind: str = ""
    """today, tried, best or empty: drawn over the others."""
    label: str = ""
    """Name of a mark with a kind."""
    low: float | None = None
    """Limits of y, where it has some."""
    high: float | None = None


def tradeoff(marks: Sequence[Mark], labels: Labels, *, x_text: TextOf, y_text: TextOf) -> go.Figure:
    """A clicked point is its place in `marks`."""
    colours = labels.colours
    by_kind = {"today": colours.breach, "tried": colours.near, "best": colours.less}
    ink = [by_kind.get(mark.kind, colours.accent) for mark in marks]
    has_limits = any(mark.low is not None for mark in marks)
    figure = go.Figure(
        go.Scatter(
            x=[mark.x for mark in marks],
            y=[mark.y for mark in marks],
            mode="markers",
            cliponaxis=False,
            customdata=[mark.hover for mark in marks],
            hovertemplate="%{customdata}<extra></extra>",
            marker={
                "size": [14 if mark.kind else 9 for mark in marks],
                "color": ink,
                "symbol": ["circle" if mark.is_clean else "circle-open" for mark in marks],
                "line": {"width": 2, "color": ink},
            },
            error_y=whiskers(
                [(mark.y, mark.low or None, mark.high or None) for mark in marks], colours.grey, thickness=1, width=0
            )
            if has_limits
            else None,
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    widest = max((mark.x for mark in marks), default=0.0)
    for mark in (mark for mark in marks if mark.label):
        figure.add_annotation(
            x=mark.x,
            y=mark.y,
            text=mark.label,
            showarrow=False,
            yshift=38 if mark.kind == "tried" else 18,
            xanchor="right" if mark.x > 0.7 * widest else "left",
            bgcolor=colours.paper,
            opacity=0.9,
            font={"size": 12, "color": by_kind.get(mark.kind, colours.total)},
        )
    framed(figure, labels, height=400)
    ticks(figure.update_xaxes, widest, x_text)
    ticks(figure.update_yaxes, max((mark.high or mark.y for mark in marks), default=0.0), y_text)
    return figure
