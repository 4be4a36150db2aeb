"""Shares with their intervals: over weeks, and side by side."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Say, framed, palette, ticks


@dataclass(frozen=True)
class Share:
    """One point: its name on the axis, share with 95 % limits (0-1), denominator, and a code for whoever clicks it."""

    name: str
    share: float
    low: float
    high: float
    n: int
    code: str = ""


def share_line(points: list[Share], *, finding: str, axis: str, percent: Say, is_dark: bool) -> go.Figure:
    """Points over time with their limits as whiskers; the last one in the accent."""
    figure = _dots(points, percent, is_dark, is_line=True)
    framed(figure, finding, height=320, y=axis)
    ticks(figure.update_yaxes, max((point.high for point in points), default=0.0), percent)
    return figure.update_xaxes(type="category", nticks=5)


def share_rows(points: list[Share], *, finding: str, axis: str, percent: Say, is_dark: bool) -> go.Figure:
    """One row a name, the point with its limits, share and n written over it: at its end they would not fit a phone."""
    colours = palette(is_dark)
    figure = go.Figure()
    figure.add_scatter(
        x=[point.share for point in points],
        y=[point.name for point in points],
        mode="markers",
        marker={"size": 9, "color": colours.accent},
        customdata=[point.code or point.name for point in points],
        error_x={
            "type": "data",
            "symmetric": False,
            "color": colours.grey,
            "thickness": 1.5,
            "width": 4,
            "array": [point.high - point.share for point in points],
            "arrayminus": [point.share - point.low for point in points],
        },
        text=[f"{percent(point.share)} · n = {point.n:,}" for point in points],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    top = max((point.high for point in points), default=0.0)
    write_notes(
        figure, ({"x": p.share, "y": p.name, "text": f"{percent(p.share)} · n = {p.n:,}", "yshift": 14} for p in points)
    )
    framed(figure, finding, height=80 + 40 * max(len(points), 2), x=axis)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    ticks(figure.update_xaxes, top, percent)
    return figure.update_xaxes(range=[0, top * 1.3 or 1])


def _dots(points: list[Share], percent: Say, is_dark: bool, *, is_line: bool) -> go.Figure:
    colours = palette(is_dark)
    last = len(points) - 1
    return go.Figure(
        go.Scatter(
            x=[point.name for point in points],
            y=[point.share for point in points],
            mode="lines+markers" if is_line else "markers",
            line={"color": colours.edge, "width": 1},
            marker={"size": 8, "color": [colours.accent if n == last else colours.total for n in range(len(points))]},
            error_y={
                "type": "data",
                "symmetric": False,
                "color": colours.grey,
                "thickness": 1.2,
                "width": 3,
                "array": [point.high - point.share for point in points],
                "arrayminus": [point.share - point.low for point in points],
            },
            customdata=[point.code or point.name for point in points],
            text=[f"{percent(point.share)} · n = {point.n:,}" for point in points],
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
