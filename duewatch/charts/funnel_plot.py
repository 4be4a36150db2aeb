"""A funnel plot: observed over expected against how much was expected, each point with its own limits."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, TextOf, framed, ticks
from duewatch.metrics.funnel_plot import FunnelPoint


def funnel_plot(
    groups: Sequence[FunnelPoint], labels: Labels, *, ratio: TextOf, count: TextOf, names: tuple[str, str, str]
) -> go.Figure:
    """`names`: the words for the 95 % limits, the 99.8 % limits and "as expected". Points outside their 95 % limits are
    diamonds in the accent with their name; everybody else is grey."""
    colours = labels.colours
    figure = go.Figure()
    expected = [group.counts.expected for group in groups]
    for word, width, low, high in (
        (names[1], 2, [group.low_998 for group in groups], [group.high_998 for group in groups]),
        (names[0], 5, [group.low_95 for group in groups], [group.high_95 for group in groups]),
    ):
        figure.add_scatter(
            x=_gapped(expected, expected),
            y=_gapped(low, high),
            mode="lines",
            name=word,
            hoverinfo="skip",
            line={"color": colours.edge, "width": width},
            opacity=0.55,
        )
    outside = [group.verdict != "same" for group in groups]
    figure.add_scatter(
        x=expected,
        y=[group.ratio for group in groups],
        mode="markers",
        showlegend=False,
        customdata=[group.counts.name for group in groups],
        marker={
            "color": [colours.accent if outliers else colours.total for outliers in outside],
            "symbol": ["diamond" if outliers else "circle" for outliers in outside],
            "size": [12 if outliers else 7 for outliers in outside],
        },
        text=[
            f"{group.counts.name}: {count(group.counts.observed)} / {count(group.counts.expected)}"
            f" = {ratio(group.ratio)} ({ratio(group.low_95)}\u2013{ratio(group.high_95)})"
            for group in groups
        ],
        hovertemplate="%{text}<extra></extra>",
    )
    outliers = sorted((group for group in groups if group.verdict != "same"), key=lambda group: group.counts.expected)
    write_notes(figure, (_name_note(group, k) for k, group in enumerate(outliers)))
    framed(figure, labels, height=420)
    figure.add_hline(y=1, line={"color": colours.grey, "width": 1})
    figure.add_annotation(x=0, y=1, text=names[2], showarrow=False, xanchor="left", yanchor="bottom", xshift=4)
    figure.update_layout(
        showlegend=True, margin={"t": 36}, legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"}
    )
    ticks(figure.update_yaxes, max([group.high_998 for group in groups] + [group.ratio for group in groups]), ratio)
    ticks(figure.update_xaxes, max(expected), count, n=6)
    return figure.update_xaxes(range=[0, max(expected) * 1.12])


def _name_note(group: FunnelPoint, k: int) -> dict[str, object]:
    """The name of a point outside its limits, below and above the points in turn, so that names do not cover each
    other."""
    side, shift = ("top", -9) if k % 2 == 0 else ("bottom", 9)
    return {"x": group.counts.expected, "y": group.ratio, "text": group.counts.name, "yanchor": side, "yshift": shift}


def _gapped(low: Sequence[float], high: Sequence[float]) -> list[float | None]:
    """Start and end of each upright line, with a gap between them."""
    return [value for pair in zip(low, high, strict=True) for value in (*pair, None)]
