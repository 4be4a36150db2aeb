"""How far contacts get: one bar a step, and what is not decided yet hatched behind it."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, TextOf, framed, hatched, rows_from_top, ticks


def funnel_bars(
    steps: pl.DataFrame, labels: Labels, *, names: dict[str, str], notes: list[str], count: TextOf
) -> go.Figure:
    """`steps`: funnel_steps. `names`: step to its words; `notes`: what stands beside each bar, in the order of steps.
    A step whose number is not known has no bar, only its note."""
    colours = labels.colours
    steps = steps.filter(pl.col("step").is_in(list(names)))
    step_names = [names[step] for step in steps["step"].to_list()]
    reached = [n or 0 for n in steps["n"].to_list()]
    open_ones = [
        n if step == "kept" else 0
        for step, n in zip(steps["step"].to_list(), steps["n_undecided"].to_list(), strict=True)
    ]
    figure = go.Figure()
    figure.add_bar(
        x=reached,
        y=step_names,
        orientation="h",
        marker={"color": colours.accent},
        customdata=steps["step"].to_list(),
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    figure.add_bar(
        x=open_ones,
        y=step_names,
        orientation="h",
        marker=hatched(colours.grey),
        hoverinfo="skip",
        customdata=steps["step"].to_list(),
    )
    write_notes(
        figure,
        (
            {"x": n + more, "y": label, "text": note, "xanchor": "left", "xshift": 6, "align": "left"}
            for label, n, more, note in zip(step_names, reached, open_ones, notes, strict=True)
        ),
    )
    top = max(reached, default=0)
    framed(figure, labels, height=70 + 44 * max(len(step_names), 2))
    figure.update_layout(barmode="stack")
    rows_from_top(figure)
    ticks(figure.update_xaxes, top, count)
    return figure.update_xaxes(range=[0, top * 1.45 or 1])
