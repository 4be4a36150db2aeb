"""What was collected: by bucket against the period before, and by cohort against what earlier ones gave."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import Say, bucket_colours, framed, hatched, palette, ticks


@dataclass(frozen=True)
class Labels:
    now: str
    before: str
    axis: str


def recovery_bars(
    now: pl.DataFrame,
    before: pl.DataFrame | None,
    *,
    buckets: list[str],
    finding: str,
    labels: Labels,
    percent: Say,
    is_dark: bool,
) -> go.Figure:
    """One bar a bucket with the share collected, the period before as a thin mark. Frames: recovery_by_period of one
    currency. A bucket without a balance has no bar."""
    colours = palette(is_dark)
    shares = dict(zip(now["bucket"].to_list(), now["share_collected"].to_list(), strict=True))
    rows = [bucket for bucket in buckets if shares.get(bucket) is not None]
    values = [shares[bucket] for bucket in rows]
    ramp = dict(zip(buckets, bucket_colours(len(buckets), is_dark), strict=True))
    figure = go.Figure(
        go.Bar(
            x=rows,
            y=values,
            name=labels.now,
            customdata=rows,
            text=[percent(value) for value in values],
            textposition="outside",
            cliponaxis=False,
            width=0.62,
            marker={"color": [ramp[bucket] for bucket in rows], "line": {"color": colours.edge, "width": 1}},
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
    earlier = {} if before is None else dict(zip(before["bucket"], before["share_collected"], strict=True))
    known = [bucket for bucket in rows if earlier.get(bucket) is not None]
    if known:
        figure.add_scatter(
            x=known,
            y=[earlier[bucket] for bucket in known],
            mode="markers",
            name=labels.before,
            customdata=known,
            marker={
                "symbol": "line-ew-open",
                "size": 30,
                "color": colours.ink if not is_dark else "#FFFFFF",
                "line": {"width": 2},
            },
            text=[percent(earlier[bucket]) for bucket in known],
            hovertemplate=f"{labels.before} · %{{x}}: %{{text}}<extra></extra>",
        )
    framed(figure, finding, height=340, y=labels.axis)
    top = max([*values, *(earlier[bucket] for bucket in known)], default=0.0)
    ticks(figure.update_yaxes, top, percent)
    figure.update_yaxes(range=[min(0.0, *values, 0.0), top * 1.15 or 1])
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure.update_xaxes(type="category")


def expected_bars(frame: pl.DataFrame, *, finding: str, labels: Labels, say: Say, is_dark: bool) -> go.Figure:
    """What each cohort paid beside what the cohorts before it had paid at the same age. `frame`: collections_expected
    of one currency; cohorts without an expectation have one bar."""
    colours = palette(is_dark)
    rows = frame.sort("cohort")
    names = [day.isoformat()[:7] for day in rows["cohort"].to_list()]
    figure = go.Figure()
    for column, label, marker in (
        ("expected", labels.before, hatched(colours.total)),
        ("collected", labels.now, {"color": colours.accent}),
    ):
        values = [None if value is None else float(value) for value in rows[column].to_list()]
        figure.add_bar(
            x=names,
            y=values,
            name=label,
            marker=marker,
            customdata=[
                [say(value or 0.0), str(day)] for value, day in zip(values, rows["cohort"].to_list(), strict=True)
            ],
            hovertemplate=f"%{{x}} · {label}: %{{customdata[0]}}<extra></extra>",
        )
    framed(figure, finding, height=340, y=labels.axis)
    tops = [value or 0.0 for trace in figure.data for value in trace.y]
    ticks(figure.update_yaxes, max(tops, default=0.0), say)
    figure.update_layout(
        barmode="group", showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    return figure.update_xaxes(type="category")


def split_bars(
    frame: pl.DataFrame, *, states: list[str], parts: dict[str, str], finding: str, axis: str, say: Say, is_dark: bool
) -> go.Figure:
    """One bar a state, cut into what paid overdue, current and later instalments, and what cannot be told (hatched).
    `frame`: split_by_state of one currency in the order of `states`, the names on the axis; `parts`: column to name."""
    colours = palette(is_dark)
    markers = {
        "to_overdue": {"color": colours.accent},
        "to_current": {"color": colours.total},
        "to_advance": {"color": colours.less},
        "unassigned": hatched(colours.grey),
    }
    figure = go.Figure()
    for column, name in parts.items():
        values = [float(value) for value in frame[column].to_list()]
        figure.add_bar(
            orientation="h",
            x=values,
            y=states,
            name=name,
            marker=markers[column],
            customdata=[say(value) for value in values],
            hovertemplate=f"%{{y}} · {name}: %{{customdata}}<extra></extra>",
        )
    framed(figure, finding, height=110 + 34 * max(len(states), 2), x=axis)
    totals = [sum(float(row[column]) for column in parts) for row in frame.iter_rows(named=True)]
    ticks(figure.update_xaxes, max(totals, default=0.0), say)
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
