"""The aging buckets on one day, and over the months."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import LEGEND_ABOVE, Labels, TextOf, bucket_colours, framed, ticks


def aging_bars(
    frame: pl.DataFrame, labels: Labels, buckets: list[str], *, measure: str, text_of: TextOf, percent: TextOf
) -> go.Figure:
    """One horizontal bar a bucket, youngest on top, with its value and share written at its end.
    `frame`: aging_buckets of one currency. `measure`: balance or n_accounts."""
    share = {"balance": "share_balance", "n_accounts": "share_accounts"}[measure]
    rows = {row["bucket"]: row for row in frame.iter_rows(named=True)}
    values = [float(rows[bucket][measure]) if bucket in rows else 0.0 for bucket in buckets]
    shares = [rows[bucket][share] or 0.0 if bucket in rows else 0.0 for bucket in buckets]
    bar_texts = [f"{text_of(value)} · {percent(part)}" for value, part in zip(values, shares, strict=True)]
    colours = bucket_colours(len(buckets), labels.is_dark)
    figure = go.Figure(
        go.Bar(
            x=values,
            y=buckets,
            orientation="h",
            text=bar_texts,
            textposition="outside",
            cliponaxis=False,
            marker={"color": colours, "line": {"color": labels.colours.edge, "width": 1}},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    framed(figure, labels, height=340)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    top = max(values, default=0.0)
    ticks(figure.update_xaxes, top, text_of)
    return figure.update_xaxes(range=[0, top * 1.45 or 1])


def aging_stack(frame: pl.DataFrame, labels: Labels, buckets: list[str], *, measure: str, text_of: TextOf) -> go.Figure:
    """Overdue buckets (M1 and later) stacked month by month, worst at the foot; M0 is left out so that they can be
    seen. `frame`: aging_by_day of one currency. `buckets`: all, M0 first."""
    days = frame["as_of"].unique().sort().to_list()
    day_labels = [day.isoformat()[:7] if day.day >= 28 else day.isoformat() for day in days]
    colours = dict(zip(buckets, bucket_colours(len(buckets), labels.is_dark), strict=True))
    figure = go.Figure()
    for bucket in reversed(buckets[1:]):
        of_bucket = {
            row["as_of"]: row[measure] for row in frame.filter(pl.col("bucket") == bucket).iter_rows(named=True)
        }
        values = [float(of_bucket.get(day, 0)) for day in days]
        figure.add_bar(
            x=day_labels,
            y=values,
            name=bucket,
            customdata=[text_of(value) for value in values],
            marker={"color": colours[bucket], "line": {"color": labels.colours.edge, "width": 0.5}},
            hovertemplate=f"{bucket} · %{{x}}: %{{customdata}}<extra></extra>",
        )
    totals = [sum(float(trace.y[n]) for trace in figure.data) for n in range(len(days))]
    framed(figure, labels, height=340)
    figure.update_layout(
        barmode="stack", showlegend=True, legend={**LEGEND_ABOVE, "traceorder": "reversed", "title": None}
    )
    figure.update_xaxes(type="category", nticks=5)
    ticks(figure.update_yaxes, max(totals, default=0.0), text_of)
    return figure
