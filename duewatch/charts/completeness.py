"""How full each column of the source contract is, table by table."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Labels, TextOf, framed, hatched, rows_from_top, ticks


def completeness_bars(frame: pl.DataFrame, labels: Labels, *, percent: TextOf, absent: str) -> go.Figure:
    """One bar a column of one table, in the contract's order as given; a column that no file has is a hatched bar
    with the word `absent`. `frame`: column_presence of one table."""
    colours = labels.colours
    names = frame["column_name"].to_list()
    is_provided, shares = frame["is_provided"].to_list(), frame["share_filled"].to_list()
    has_share = [is_given and share is not None for is_given, share in zip(is_provided, shares, strict=True)]
    figure = go.Figure()
    figure.add_bar(
        x=[share if is_filled else 0.0 for is_filled, share in zip(has_share, shares, strict=True)],
        y=names,
        orientation="h",
        marker={"color": colours.accent},
        text=[percent(share) if is_filled else "" for is_filled, share in zip(has_share, shares, strict=True)],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    figure.add_bar(
        x=[0.0 if is_given else 1.0 for is_given in is_provided],
        y=names,
        orientation="h",
        marker=hatched(colours.grey),
        text=["" if is_given else absent for is_given in is_provided],
        textposition="none",
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    framed(figure, labels, height=70 + 24 * len(names))
    figure.update_layout(barmode="overlay", bargap=0.35)
    rows_from_top(figure)
    ticks(figure.update_xaxes, 1.0, percent)
    return figure.update_xaxes(range=[0, 1.2])
