"""Groups of a metric as points with their limits, against the value of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, TextOf, framed, ticks, whiskers


@dataclass(frozen=True)
class Group:
    """One row of the figure."""

    name: str
    value: float | None
    """None where there are too few."""
    low: float | None
    high: float | None
    text: str
    """Written at the end of the row."""
    stands_apart: bool
    """Its limits leave out the value of the whole."""
    code: str
    """For whoever clicks it."""


def group_rows(
    groups: list[Group], labels: Labels, *, whole: float, top: float, whole_name: str, text_of: TextOf
) -> go.Figure:
    """One row a group on an axis from 0 to `top`, the same in all panels; the whole is a grey line. Grey is "no
    evidence of a difference", the accent a group that stands apart; a group of too few is its words alone."""
    colours = labels.colours
    figure = go.Figure()
    drawn = [group for group in groups if group.value is not None]
    figure.add_scatter(
        x=[group.value for group in drawn],
        y=[group.name for group in drawn],
        mode="markers",
        marker={
            "size": 10,
            "color": [colours.accent if group.stands_apart else colours.grey for group in drawn],
            "symbol": ["diamond" if group.stands_apart else "circle" for group in drawn],
        },
        error_x=whiskers([(group.value or 0.0, group.low, group.high) for group in drawn], colours.grey),
        customdata=[group.code for group in drawn],
        text=[group.text for group in drawn],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    write_notes(
        figure,
        (
            {
                "x": top * 1.04 if group.value is not None else 0,
                "y": group.name,
                "text": group.text,
                "xanchor": "left",
                "xshift": 8,
            }
            for group in groups
        ),
    )
    figure.add_vline(x=whole, line={"color": colours.total, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=whole,
        y=1,
        yref="paper",
        text=f"{whole_name} {text_of(whole)}",
        showarrow=False,
        yanchor="bottom",
        font={"color": colours.total},
    )
    framed(figure, labels, height=96 + 34 * max(len(groups), 2))
    figure.update_yaxes(
        type="category",
        showgrid=False,
        categoryorder="array",
        categoryarray=[group.name for group in groups][::-1],
        range=[-0.6, len(groups) - 0.4],
    )
    figure.update_layout(margin={"t": 28})
    ticks(figure.update_xaxes, top, text_of)
    return figure.update_xaxes(range=[0, top * 1.7 or 1])
