"""Verdicts rule by rule: breaches beside what cannot be judged."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from duewatch.charts.theme import Labels, TextOf, framed, hatched, rows_from_top


def verdict_bars(
    frame: pl.DataFrame, labels: Labels, *, titles: Sequence[str], names: dict[str, str], count: TextOf
) -> go.Figure:
    """One row a rule: breaches on the left; on the right, hatched, the contacts that it cannot judge. `frame`:
    verdicts_by_rule."""
    colours = labels.colours
    figure = make_subplots(cols=2, rows=1, shared_yaxes=True, horizontal_spacing=0.04)
    bars = (("n_breach", {"color": colours.breach}, 1), ("n_unknown", hatched(colours.grey), 2))
    for column, marker, column_no in bars:
        values = frame[column].to_list()
        figure.add_bar(
            x=values,
            y=list(titles),
            orientation="h",
            marker=marker,
            text=[count(value) for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=frame["rule_id"].to_list(),
            row=1,
            col=column_no,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
        top = max([*values, 1]) * 1.5
        figure.update_xaxes(title=names[column], range=[0, top], showticklabels=False, row=1, col=column_no)
    framed(figure, labels, height=80 + 16 * sum(title.count("<br>") + 2 for title in titles))
    for column_no, (column, _, _) in enumerate(bars, start=1):
        figure.update_xaxes(title=names[column], side="top", row=1, col=column_no)
    return rows_from_top(figure)
