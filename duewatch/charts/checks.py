"""Rules of the process, one bar each: kept, broken, not assessable."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.notes import write_notes
from duewatch.charts.theme import Labels, TextOf, framed, hatched, rows_from_top


def check_bars(
    frame: pl.DataFrame,
    labels: Labels,
    *,
    titles: Sequence[str],
    names: dict[str, str],
    notes: Sequence[str],
    percent: TextOf,
) -> go.Figure:
    """A bar of 100 % a rule, in the order of the template. What cannot be judged is a hatched part of the bar, so that
    a rule without data never looks kept. `frame`: process/checks; `notes`: the figures beside each bar."""
    colours = labels.colours
    whole = (frame["n_judged"] + frame["n_not_assessable"]).cast(pl.Float64)
    figure = go.Figure()
    for column, marker in (
        ("n_kept", {"color": colours.ramp[3]}),
        ("n_breach", {"color": colours.breach}),
        ("n_not_assessable", hatched(colours.grey)),
    ):
        shares = [n / all_of if all_of else 0.0 for n, all_of in zip(frame[column], whole, strict=True)]
        texts = [f"{n:,} ({percent(share)})" for n, share in zip(frame[column], shares, strict=True)]
        figure.add_bar(
            x=shares,
            y=list(titles),
            orientation="h",
            marker=marker,
            name=names[column],
            customdata=frame["rule_id"].to_list(),
            text=texts,
            textposition="none",
            hovertemplate=f"%{{y}}<br>{names[column]}: %{{text}}<extra></extra>",
        )
    write_notes(
        figure,
        (
            {"x": 1.0, "y": title, "text": note, "xanchor": "left", "xshift": 6, "align": "left"}
            for title, note in zip(titles, notes, strict=True)
        ),
    )
    framed(figure, labels, height=130 + sum(14 * title.count("<br>") + 30 for title in titles))
    figure.update_layout(
        barmode="stack", legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}, bargap=0.35
    )
    figure.update_xaxes(
        range=[0, 1.7], showgrid=False, tickvals=[0, 0.5, 1], ticktext=[percent(v) for v in (0, 0.5, 1)]
    )
    return rows_from_top(figure)
