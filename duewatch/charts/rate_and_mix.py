"""A change of a rate taken apart: in each group, what the rate did and what the mix did."""

from __future__ import annotations

import plotly.graph_objects as go

from duewatch.charts.theme import Labels, TextOf, framed, rows_from_top


def rate_and_mix(
    groups: list[tuple[str, float, float]], labels: Labels, *, names: tuple[str, str], points: TextOf
) -> go.Figure:
    """`groups`: name, rate part and mix part as shares. `names`: the words for rate and mix."""
    colours = labels.colours
    group_names = [name for name, _, _ in groups]
    figure = go.Figure()
    for no, (colour, word) in enumerate(zip((colours.accent, colours.total), names, strict=True)):
        values = [mix if no else rate for _, rate, mix in groups]
        figure.add_bar(
            x=values,
            y=group_names,
            orientation="h",
            name=word,
            marker={"color": colour},
            text=[points(v) for v in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"%{{y}}, {word}: %{{text}}<extra></extra>",
        )
    most = max((abs(value) for _, rate, mix in groups for value in (rate, mix)), default=0.0) or 0.01
    framed(figure, labels, height=90 + 44 * max(len(group_names), 2))
    figure.update_layout(
        barmode="group",
        showlegend=True,
        margin={"t": 36},
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
    )
    rows_from_top(figure)
    figure.update_xaxes(range=[-most * 1.6, most * 1.6], zeroline=True, tickvals=[-most, 0, most])
    return figure.update_xaxes(ticktext=[points(-most), "0", points(most)])
