"""How much of one limit is used: debtors (or debts) by contacts counted, the limit marked."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Labels, TextOf, framed, ticks


def utilisation_bars(frame: pl.DataFrame, labels: Labels, *, limit: int, text_of: TextOf) -> go.Figure:
    """A bar for each number of contacts from 1 to the limit or the most used: below the limit in the accent, at it in
    amber, past it in vermilion. `frame`: used, n of one rule."""
    colours = labels.colours
    counts = dict(frame.group_by("used").agg(pl.col("n").sum()).iter_rows())
    steps = list(range(1, max([limit, *counts]) + 1))
    values = [counts.get(step, 0) for step in steps]
    shades = [colours.accent if step < limit else colours.near if step == limit else colours.breach for step in steps]
    figure = go.Figure(
        go.Bar(
            x=[text_of(step) for step in steps],
            y=values,
            text=[text_of(value) for value in values],
            textposition="outside",
            cliponaxis=False,
            marker={"color": shades, "line": {"color": colours.edge, "width": 1}},
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
    framed(figure, labels, height=300)
    figure.update_xaxes(type="category", showgrid=False)
    top = max([*values, 1])
    ticks(figure.update_yaxes, float(top), text_of)
    return figure.update_yaxes(range=[0, top * 1.2])
