"""Further figures of migration: ways to loss, rates of a bucket over time, cures that held, stages by days past due."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.net_flow import DASHES, name_ends
from duewatch.charts.theme import LEGEND_ABOVE, Labels, TextOf, bucket_colours, framed, rows_from_top, ticks, whiskers


@dataclass(frozen=True)
class LossEstimate:
    """The chance that a balance in one bucket is written off."""

    bucket: str
    product: float | None
    """By the product of net flows; None where it is not known."""
    chain: float | None
    """By a chain of moves; None where it is not known."""
    low: float | None = None
    """95 % limits of the chain."""
    high: float | None = None


def loss_chart(estimates: list[LossEstimate], labels: Labels, *, names: tuple[str, str], percent: TextOf) -> go.Figure:
    """One row a bucket: the product as an open mark, the chain as a full one with its limits."""
    colours = labels.colours
    figure = go.Figure()
    with_product = [estimate for estimate in estimates if estimate.product is not None]
    figure.add_scatter(
        x=[estimate.product for estimate in with_product],
        y=[estimate.bucket for estimate in with_product],
        mode="markers",
        name=names[0],
        marker={"symbol": "diamond-open", "size": 11, "color": colours.total, "line": {"width": 2}},
        customdata=[percent(estimate.product or 0.0) for estimate in with_product],
        hovertemplate=f"%{{y}} · {names[0]}: %{{customdata}}<extra></extra>",
    )
    with_chain = [estimate for estimate in estimates if estimate.chain is not None]
    figure.add_scatter(
        x=[estimate.chain for estimate in with_chain],
        y=[estimate.bucket for estimate in with_chain],
        mode="markers",
        name=names[1],
        marker={"size": 9, "color": colours.accent},
        customdata=[percent(estimate.chain or 0.0) for estimate in with_chain],
        error_x=whiskers([(e.chain or 0.0, e.low or 0.0, e.high or 0.0) for e in with_chain], colours.grey),
        hovertemplate=f"%{{y}} · {names[1]}: %{{customdata}}<extra></extra>",
    )
    framed(figure, labels, height=110 + 34 * max(len(estimates), 2))
    values = [
        value
        for estimate in estimates
        for value in (estimate.product, estimate.chain, estimate.high)
        if value is not None
    ]
    ticks(figure.update_xaxes, max(values, default=0.0), percent, 5)
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[estimate.bucket for estimate in reversed(estimates)],
        showgrid=False,
    )
    return figure.update_layout(showlegend=True, legend=LEGEND_ABOVE)


def rate_lines(frame: pl.DataFrame, labels: Labels, *, rate: str, percent: TextOf) -> go.Figure:
    """One line a bucket, named at its end; a day without the rate leaves a gap. `frame`: delinquency_rates of one
    currency; `rate`: coincidental or lagged."""
    colours = labels.colours
    figure = go.Figure()
    buckets = frame.select("bucket", "bucket_no").unique().sort("bucket_no")["bucket"].to_list()
    for number, bucket in enumerate(buckets):
        rows = frame.filter(pl.col("bucket") == bucket).sort("as_of")
        values = rows[rate].to_list()
        figure.add_scatter(
            x=[day.isoformat()[:7] for day in rows["as_of"].to_list()],
            y=values,
            mode="lines",
            name=bucket,
            connectgaps=False,
            customdata=["" if value is None else percent(value) for value in values],
            line={
                "color": colours.accent if number == 0 else colours.grey,
                "width": 2.5 if number == 0 else 1.5,
                "dash": DASHES[number % len(DASHES)],
            },
            hovertemplate=f"{bucket} · %{{x}}: %{{customdata}}<extra></extra>",
        )
    framed(figure, labels, height=360)
    name_ends(figure, percent, labels.is_dark, accented="")
    ticks(
        figure.update_yaxes, max((value for value in frame[rate].to_list() if value is not None), default=0.0), percent
    )
    figure.update_xaxes(type="category", nticks=5)
    return figure.update_layout(margin={"r": 84})


def cure_bars(frame: pl.DataFrame, labels: Labels, *, names: tuple[str, str], percent: TextOf) -> go.Figure:
    """Two bars a bucket: cured, and cured and still current later. `frame`: cures_held of one currency."""
    colours = labels.colours
    figure = go.Figure()
    rows = frame["bucket"].to_list()
    for column, name, colour in (("share_cured", names[0], colours.total), ("share_lasting", names[1], colours.accent)):
        values = frame[column].to_list()
        figure.add_bar(
            x=rows,
            y=values,
            name=name,
            marker={"color": colour},
            textposition="outside",
            cliponaxis=False,
            text=["" if value is None else percent(value) for value in values],
            textfont={"size": 11},
            textangle=0,
            constraintext="none",
            hovertemplate=f"%{{x}} · {name}: %{{text}}<extra></extra>",
        )
    framed(figure, labels, height=340)
    top = max((value for value in frame["share_cured"].to_list() if value is not None), default=0.0)
    ticks(figure.update_yaxes, top, percent)
    figure.update_yaxes(range=[0, top * 1.15 or 1])
    figure.update_layout(barmode="group", showlegend=True, legend=LEGEND_ABOVE)
    return figure.update_xaxes(type="category")


def stage_bars(
    frame: pl.DataFrame, labels: Labels, *, names: list[str], texts: list[str], percent: TextOf
) -> go.Figure:
    """Three bars of the share of the balance. `frame`: stages of one currency."""
    ramp = bucket_colours(8, labels.is_dark)
    values = frame["share_balance"].to_list()
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=values,
            y=names,
            text=texts,
            textposition="auto",
            cliponaxis=False,
            width=0.6,
            marker={"color": [ramp[0], ramp[3], ramp[6]], "line": {"color": labels.colours.edge, "width": 1}},
            customdata=frame["stage_no"].to_list(),
            textangle=0,
            constraintext="none",
            insidetextanchor="start",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    framed(figure, labels, height=220)
    top = max((value for value in values if value is not None), default=0.0)
    ticks(figure.update_xaxes, top, percent)
    figure.update_xaxes(range=[0, top * 1.05 or 1])
    return rows_from_top(figure)
