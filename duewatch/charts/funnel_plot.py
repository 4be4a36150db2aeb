"""A funnel plot: observed over expected against how much was expected, each point with its own limits."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, Say, framed, ticks
from duewatch.metrics.funnel_plot import Judged


def funnel_plot(
    judged: Sequence[Judged], labels: Labels, *, ratio: Say, count: Say, names: tuple[str, str, str]
) -> go.Figure:
    """`names`: the words for the 95 % limits, the 99.8 % limits and "as expected". Points outside their 95 % limits are
    diamonds in the accent with their name; everybody else is grey."""
    colours = labels.colours
    figure = go.Figure()
    at = [each.counts.expected for each in judged]
    for word, width, low, high in (
        (names[1], 2, [each.low_998 for each in judged], [each.high_998 for each in judged]),
        (names[0], 5, [each.low_95 for each in judged], [each.high_95 for each in judged]),
    ):
        figure.add_scatter(
            x=_gapped(at, at),
            y=_gapped(low, high),
            mode="lines",
            name=word,
            hoverinfo="skip",
            line={"color": colours.edge, "width": width},
            opacity=0.55,
        )
    outside = [each.verdict != "same" for each in judged]
    figure.add_scatter(
        x=at,
        y=[each.ratio for each in judged],
        mode="markers",
        showlegend=False,
        customdata=[each.counts.name for each in judged],
        marker={
            "color": [colours.accent if far else colours.total for far in outside],
            "symbol": ["diamond" if far else "circle" for far in outside],
            "size": [12 if far else 7 for far in outside],
        },
        text=[
            f"{each.counts.name}: {count(each.counts.observed)} / {count(each.counts.expected)}"
            f" = {ratio(each.ratio)} ({ratio(each.low_95)}\u2013{ratio(each.high_95)})"
            for each in judged
        ],
        hovertemplate="%{text}<extra></extra>",
    )
    far = sorted((each for each in judged if each.verdict != "same"), key=lambda each: each.counts.expected)
    write_notes(figure, (_named(each, k) for k, each in enumerate(far)))
    framed(figure, labels, height=420)
    figure.add_hline(y=1, line={"color": colours.grey, "width": 1})
    figure.add_annotation(x=0, y=1, text=names[2], showarrow=False, xanchor="left", yanchor="bottom", xshift=4)
    figure.update_layout(
        showlegend=True, margin={"t": 36}, legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"}
    )
    ticks(figure.update_yaxes, max([each.high_998 for each in judged] + [each.ratio for each in judged]), ratio)
    ticks(figure.update_xaxes, max(at), count, n=6)
    return figure.update_xaxes(range=[0, max(at) * 1.12])


def _named(each: Judged, k: int) -> dict[str, object]:
    """The name of a far point. Neighbours are named under and over their points in turn, so that no name covers the
    next one."""
    side, shift = ("top", -9) if k % 2 == 0 else ("bottom", 9)
    return {"x": each.counts.expected, "y": each.ratio, "text": each.counts.name, "yanchor": side, "yshift": shift}


def _gapped(low: Sequence[float], high: Sequence[float]) -> list[float | None]:
    """Start and end of each upright line, with a gap between them."""
    return [value for pair in zip(low, high, strict=True) for value in (*pair, None)]
