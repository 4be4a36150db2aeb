"""Shares with their intervals: over weeks, and side by side."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, TextOf, framed, rows_from_top, ticks, whiskers


@dataclass(frozen=True)
class Share:
    """One point with its 95 % limits, 0-1."""

    name: str
    """On the axis."""
    share: float
    low: float
    high: float
    n: int
    """Denominator."""
    code: str = ""
    """For whoever clicks it."""


def share_line(points: list[Share], labels: Labels, *, percent: TextOf) -> go.Figure:
    """Points over time with their limits as whiskers; the last one in the accent."""
    colours, last = labels.colours, len(points) - 1
    figure = go.Figure(
        go.Scatter(
            x=[point.name for point in points],
            y=[point.share for point in points],
            mode="lines+markers",
            line={"color": colours.edge, "width": 1},
            marker={"size": 8, "color": [colours.accent if n == last else colours.total for n in range(len(points))]},
            error_y=whiskers(
                [(point.share, point.low, point.high) for point in points], colours.grey, thickness=1.2, width=3
            ),
            customdata=[point.code or point.name for point in points],
            text=_texts(points, percent),
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
    framed(figure, labels, height=320)
    ticks(figure.update_yaxes, max((point.high for point in points), default=0.0), percent)
    return figure.update_xaxes(type="category", nticks=5)


def _texts(points: list[Share], percent: TextOf) -> list[str]:
    return [f"{percent(point.share)} · n = {point.n:,}" for point in points]


def share_rows(points: list[Share], labels: Labels, *, percent: TextOf) -> go.Figure:
    """One row a name, the point with its limits, share and n written over it: at its end they would not fit a phone."""
    colours = labels.colours
    texts = _texts(points, percent)
    figure = go.Figure()
    figure.add_scatter(
        x=[point.share for point in points],
        y=[point.name for point in points],
        mode="markers",
        marker={"size": 9, "color": colours.accent},
        customdata=[point.code or point.name for point in points],
        error_x=whiskers([(point.share, point.low, point.high) for point in points], colours.grey),
        text=texts,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    top = max((point.high for point in points), default=0.0)
    write_notes(
        figure, ({"x": p.share, "y": p.name, "text": text, "yshift": 14} for p, text in zip(points, texts, strict=True))
    )
    framed(figure, labels, height=80 + 40 * max(len(points), 2))
    rows_from_top(figure)
    ticks(figure.update_xaxes, top, percent)
    return figure.update_xaxes(range=[0, top * 1.3 or 1])
