"""One account on one time axis: days past due above, and below it a lane for each kind of thing that happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import LEGEND_ABOVE, Labels, Palette, framed

LANE_HEIGHT, UPPER = 34, 190
"""Pixels of a lane and of the part with the days past due."""
LOOKS = {
    "talk": ("circle", 11),
    "attempt": ("circle-open", 6),
    "breach": ("diamond", 12),
    "unknown": ("diamond-open", 8),
    "kept": ("circle", 10),
    "partial": ("circle", 10),
    "broken": ("x", 10),
    "pending": ("circle-open", 10),
    "withdrawn": ("line-ew-open", 10),
    "not_judged": ("asterisk-open", 10),
    "paid": ("triangle-up", 10),
    "reversal": ("triangle-down-open", 10),
    "span": ("line-ns-open", 10),
}
"""Shape and size: what a mark is can be told without its colour."""


@dataclass(frozen=True)
class Mark:
    """Something that happened."""

    lane: str
    look: str
    """A key of LOOKS."""
    start: str
    end: str
    """ISO times of the debtor; the same two for a moment."""
    text: str
    """What a pointer reads."""
    label: str
    """Written beside the mark; empty for none."""


@dataclass(frozen=True)
class Axes:
    """What the figure reaches over."""

    lanes: Mapping[str, str]
    """Lanes that are drawn and their words, the top one first."""
    since: date | None
    """None: from the first thing that happened."""
    until: date
    """The day of the data; a promise due later is still drawn."""
    bucket_starts: Sequence[int]
    """First days past due of the buckets: the gridlines."""


def account_timeline(
    days: pl.DataFrame, marks: Sequence[Mark], labels: Labels, axes: Axes, *, names: Mapping[str, str]
) -> go.Figure:
    """`days`: accounts/account_days. `names`: words of LOOKS, of `daily` and of `snapshot`."""
    lanes, until = axes.lanes, axes.until
    colours = labels.colours
    lower = LANE_HEIGHT * max(len(lanes), 1)
    split = lower / (lower + UPPER)
    figure = go.Figure()
    _add_days(figure, days, names, colours, until)
    for look in LOOKS:
        _add_marks(figure, [mark for mark in marks if mark.look == look], lanes, names[look], colours)
    framed(figure, labels, height=lower + UPPER + 90)
    first = axes.since or _first(days, marks, until)
    figure.update_layout(
        xaxis={
            "type": "date",
            "range": [str(first), str(_last(marks, until))],
            "anchor": "y2",
            "showgrid": True,
            "tickformat": "%Y-%m-%d",
            "nticks": 5,
        },
        yaxis={"domain": [split + 0.03, 1.0], "title": labels.y, **_ticks(days, first, axes.bucket_starts)},
        yaxis2={
            "domain": [0.0, split - 0.01],
            "type": "category",
            "showgrid": True,
            "fixedrange": True,
            "categoryorder": "array",
            "categoryarray": list(lanes.values())[::-1],
            "range": [-0.6, len(lanes) - 0.4],
            "automargin": True,
        },
        showlegend=True,
        legend={**LEGEND_ABOVE, "itemsizing": "trace"},
    )
    figure.add_vline(x=str(until), line={"color": colours.accent, "width": 1, "dash": "dot"})
    return figure


def _add_days(figure: go.Figure, days: pl.DataFrame, names: Mapping[str, str], colours: Palette, until: date) -> None:
    """Stretches as a line that falls back to 0 between them; what the source recorded as points."""
    outline = _outline(days.filter(pl.col("basis") == "daily").sort("from_on"), until)
    if outline:
        figure.add_scatter(
            x=[str(day) for day, _ in outline],
            y=[number for _, number in outline],
            mode="lines",
            name=names["daily"],
            line={"color": colours.accent, "width": 2},
            fill="tozeroy",
            fillcolor=_faint(colours.accent),
            hovertemplate="%{x|%Y-%m-%d}: %{y}<extra></extra>",
        )
    recorded = days.filter(pl.col("basis") == "snapshot")
    if recorded.height:
        figure.add_scatter(
            x=[str(day) for day in recorded["from_on"].to_list()],
            y=recorded["days_from"].to_list(),
            mode="markers",
            name=names["snapshot"],
            customdata=recorded["state"].to_list(),
            marker={"color": colours.total, "symbol": "square", "size": 7},
            hovertemplate="%{x|%Y-%m-%d}: %{y} (%{customdata})<extra></extra>",
        )


def _outline(daily: pl.DataFrame, until: date) -> list[tuple[date, int]]:
    """The line's corners: each stretch, and 0 wherever no stretch is."""
    day = timedelta(days=1)
    starts, ends = set(daily["from_on"].to_list()), set(daily["to_on"].to_list())
    corners: list[tuple[date, int]] = []
    for row in daily.iter_rows(named=True):
        if row["from_on"] - day not in ends:
            corners.append((row["from_on"] - day, 0))
        corners += [(row["from_on"], row["days_from"]), (row["to_on"], row["days_to"])]
        if row["to_on"] + day not in starts and row["to_on"] < until:
            corners.append((row["to_on"] + day, 0))
    return [*corners, (until, 0)] if corners and corners[-1][0] < until else corners


def _add_marks(figure: go.Figure, marks: Sequence[Mark], lanes: Mapping[str, str], name: str, colours: Palette) -> None:
    """Moments as points, what has a length as a line with its point at the end."""
    if not marks:
        return
    look = marks[0].look
    shape, size = LOOKS[look]
    colour = _colour(look, colours)
    for mark in marks:
        if mark.start != mark.end:
            figure.add_scatter(
                x=[mark.start, mark.end],
                y=[lanes[mark.lane]] * 2,
                yaxis="y2",
                mode="lines",
                showlegend=False,
                line={"color": colour, "width": 7 if look == "span" else 2},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=[mark.start if look == "span" else mark.end for mark in marks],
        y=[lanes[mark.lane] for mark in marks],
        yaxis="y2",
        mode="markers+text" if look == "span" else "markers",
        text=[mark.label for mark in marks] if look == "span" else None,
        textposition="top right",
        textfont={"size": 10},
        name=name,
        showlegend=look != "span",
        customdata=[mark.text for mark in marks],
        marker={"color": colour, "symbol": shape, "size": size, "line": {"color": colour, "width": 1.5}},
        hovertemplate="%{customdata}<extra></extra>",
    )


def _colour(look: str, colours: Palette) -> str:
    return {
        "talk": colours.accent,
        "attempt": colours.total,
        "breach": colours.breach,
        "unknown": colours.grey,
        "kept": colours.less,
        "partial": colours.near,
        "broken": colours.breach,
        "pending": colours.total,
        "withdrawn": colours.grey,
        "not_judged": colours.grey,
        "paid": colours.less,
        "reversal": colours.breach,
        "span": colours.total,
    }[look]


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.12)"


def _first(days: pl.DataFrame, marks: Sequence[Mark], until: date) -> date:
    days_seen = [date.fromisoformat(mark.start[:10]) for mark in marks] + days["from_on"].to_list()
    return min(days_seen, default=until - timedelta(days=30)) - timedelta(days=2)


def _last(marks: Sequence[Mark], until: date) -> date:
    """Two days after the day of the data, or after the last promise due."""
    return max([until, *(date.fromisoformat(mark.end[:10]) for mark in marks)]) + timedelta(days=2)


def _ticks(days: pl.DataFrame, first: date, starts: Sequence[int]) -> dict[str, Any]:
    """Lines at the buckets' first days, up to the worst day shown."""
    days_shown = days.filter(pl.col("to_on") >= first)
    worst = max([*days_shown["days_from"].to_list(), *days_shown["days_to"].to_list(), 1])
    top = max(worst * 1.12, 10)
    return {
        "range": [0, top],
        "tickvals": [start for start in starts if start != 1 and start <= top],
        "fixedrange": True,
    }
