"""What was, and what may come: a path with its 80 % and 95 % bands, and a second path beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from duewatch.charts.theme import Labels, TextOf, framed, ticks


@dataclass(frozen=True)
class Paths:
    """What was counted, and what may come."""

    past: Sequence[tuple[date, float]]
    """Days and what was counted on them."""
    months: Sequence[date]
    """Month-ends to come."""
    today: Sequence[float]
    """The path as things are."""
    bands: Mapping[str, Sequence[float]]
    """low_95, low_80, high_80 and high_95: of the scenario where there is one."""
    scenario: Sequence[float] | None
    """The path with the levers moved; None where none was."""


def fan(
    paths: Paths, labels: Labels, *, names: Mapping[str, str], text_of: TextOf, top: float | None = None
) -> go.Figure:
    """`names`: past, today, scenario. `top`: the largest value of the axis, where several figures share one."""
    past, months, bands = paths.past, paths.months, paths.bands
    colours = labels.colours
    figure = go.Figure()
    for low, high, opacity in (("low_95", "high_95", 0.14), ("low_80", "high_80", 0.24)):
        figure.add_scatter(
            x=[*months, *reversed(months)],
            y=[*bands[high], *reversed(list(bands[low]))],
            fill="toself",
            fillcolor=colours.accent,
            opacity=opacity,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )
    last = past[-1:]
    lines = [
        ("past", list(past), colours.total, "solid"),
        ("today", [*last, *zip(months, paths.today, strict=True)], colours.grey, "dash"),
    ]
    if paths.scenario is not None:
        lines.append(("scenario", [*last, *zip(months, paths.scenario, strict=True)], colours.accent, "solid"))
    for name, points, colour, dash in lines:
        figure.add_scatter(
            x=[day for day, _ in points],
            y=[value for _, value in points],
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            name=names[name],
            text=[f"{names[name]}: {text_of(value)}" for _, value in points],
            hovertemplate="%{x|%Y-%m-%d} %{text}<extra></extra>",
        )
    traces = [trace for trace in figure.data if trace.name]
    highest = max(trace.y[-1] for trace in traces if trace.name != names["past"])
    for trace in traces:
        end = 0 if trace.name == names["past"] else -1
        figure.add_annotation(
            x=trace.x[end],
            y=trace.y[end],
            text=trace.name,
            showarrow=False,
            xanchor="left" if end == 0 else "right",
            yshift=18 if end == 0 or trace.y[end] == highest else -18,
            font={"color": trace.line.color, "size": 12},
            bgcolor=colours.paper,
            opacity=0.85,
        )
    framed(figure, labels, height=360)
    largest = max([*bands["high_95"], *(value for _, value in past)], default=0.0) if top is None else top
    ticks(figure.update_yaxes, largest, text_of)
    if top is not None:
        figure.update_yaxes(range=[0, top * 1.05])
    return figure.update_xaxes(tickformat="%Y-%m", nticks=5)
