"""Net flow rates from snapshot to snapshot, one line a pair of buckets."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, TextOf, framed, palette, ticks

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")


def net_flow_lines(frame: pl.DataFrame, labels: Labels, *, percent: TextOf, accented: str) -> go.Figure:
    """One line a pair (M0 → M1 and so on), named at its end; `accented` (a to_bucket) stands out, the rest are grey.
    `frame`: net_flow_by_day of one currency. A rate that is null leaves a gap."""
    figure = go.Figure()
    for number, to_bucket in enumerate(_pairs(frame)):
        rows = frame.filter(pl.col("to_bucket") == to_bucket).sort("as_of")
        _add_line(figure, rows, percent, DASHES[number % len(DASHES)], to_bucket == accented, labels.is_dark)
    framed(figure, labels, height=340)
    name_ends(figure, percent, labels.is_dark, accented)
    rates = [rate for rate in frame["rate"].to_list() if rate is not None]
    ticks(figure.update_yaxes, max(rates, default=0.0), percent)
    figure.update_xaxes(type="category", nticks=5)
    return figure.update_layout(margin={"r": 104})


def _pairs(frame: pl.DataFrame) -> list[str]:
    return list(frame.select("to_bucket", "to_no").unique().sort("to_no")["to_bucket"].to_list())


def _add_line(
    figure: go.Figure, rows: pl.DataFrame, percent: TextOf, dash: str, is_accented: bool, is_dark: bool
) -> None:
    colours = palette(is_dark)
    pair = f"{rows['from_bucket'][0]} → {rows['to_bucket'][0]}"
    figure.add_scatter(
        x=[day.isoformat()[:7] for day in rows["as_of"].to_list()],
        y=rows["rate"].to_list(),
        mode="lines",
        name=pair,
        connectgaps=False,
        customdata=[percent(rate) if rate is not None else "" for rate in rows["rate"].to_list()],
        line={
            "color": colours.accent if is_accented else colours.grey,
            "width": 3 if is_accented else 1.5,
            "dash": "solid" if is_accented else dash,
        },
        hovertemplate=f"{pair} · %{{x}}: %{{customdata}}<extra></extra>",
    )


def name_ends(figure: go.Figure, percent: TextOf, is_dark: bool, accented: str) -> None:
    """Names at the lines' ends, pushed apart where two ends are closer than a line of text. A line that stops before
    the last day has no rate today, so it gets no name there: an old rate must not read as the latest."""
    last_day = max((day for trace in figure.data for day in trace.x), default="")
    ends = sorted(
        (
            (trace.y[-1], trace.x[-1], trace.name)
            for trace in figure.data
            if len(trace.y) and trace.y[-1] is not None and trace.x[-1] == last_day
        ),
        key=lambda end: end[0],
    )
    top = max((value for trace in figure.data for value in trace.y if value is not None), default=1.0) or 1.0
    least, last = top * 0.075, -1.0
    notes: list[dict[str, object]] = []
    for value, day, name in ends:
        last = value if last < 0 else max(value, last + least)
        colours = palette(is_dark)
        is_accented = name.endswith(f" {accented}")
        font = {"color": colours.accent, "weight": 700} if is_accented else {}
        text = f"{name}  {percent(value)}"
        notes.append({"x": day, "y": last, "text": text, "xanchor": "left", "xshift": 6, "font": font})
    write_notes(figure, notes)
