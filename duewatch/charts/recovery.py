"""What was collected: by bucket against the period before, and by cohort against what earlier ones gave."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from duewatch.charts.theme import LEGEND_ABOVE, Labels, TextOf, bucket_colours, framed, hatched, rows_from_top, ticks


def recovery_bars(
    current: pl.DataFrame,
    before: pl.DataFrame | None,
    labels: Labels,
    *,
    buckets: list[str],
    names: tuple[str, str],
    percent: TextOf,
) -> go.Figure:
    """One bar a bucket with the share collected, the period before as a thin mark. Frames: recovery_by_period of one
    currency. A bucket without a balance has no bar."""
    colours = labels.colours
    shares = dict(zip(current["bucket"].to_list(), current["share_collected"].to_list(), strict=True))
    rows = [bucket for bucket in buckets if shares.get(bucket) is not None]
    values = [shares[bucket] for bucket in rows]
    ramp = dict(zip(buckets, bucket_colours(len(buckets), labels.is_dark), strict=True))
    figure = go.Figure(
        go.Bar(
            x=rows,
            y=values,
            name=names[0],
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
    in_both = [bucket for bucket in rows if earlier.get(bucket) is not None]
    if in_both:
        figure.add_scatter(
            x=in_both,
            y=[earlier[bucket] for bucket in in_both],
            mode="markers",
            name=names[1],
            customdata=in_both,
            marker={
                "symbol": "line-ew-open",
                "size": 30,
                "color": colours.ink if not labels.is_dark else "#FFFFFF",
                "line": {"width": 2},
            },
            text=[percent(earlier[bucket]) for bucket in in_both],
            hovertemplate=f"{names[1]} · %{{x}}: %{{text}}<extra></extra>",
        )
    framed(figure, labels, height=340)
    top = max([*values, *(earlier[bucket] for bucket in in_both)], default=0.0)
    ticks(figure.update_yaxes, top, percent)
    figure.update_yaxes(range=[min(0.0, *values, 0.0), top * 1.15 or 1])
    figure.update_layout(showlegend=True, legend=LEGEND_ABOVE)
    return figure.update_xaxes(type="category")


def expected_bars(frame: pl.DataFrame, labels: Labels, *, names: tuple[str, str], text_of: TextOf) -> go.Figure:
    """What each cohort paid beside what the cohorts before it had paid at the same age. `frame`: collections_expected
    of one currency; cohorts without an expectation have one bar."""
    colours = labels.colours
    rows = frame.sort("cohort")
    cohorts = [day.isoformat()[:7] for day in rows["cohort"].to_list()]
    figure = go.Figure()
    for column, label, marker in (
        ("expected", names[1], hatched(colours.total)),
        ("collected", names[0], {"color": colours.accent}),
    ):
        values = [None if value is None else float(value) for value in rows[column].to_list()]
        figure.add_bar(
            x=cohorts,
            y=values,
            name=label,
            marker=marker,
            customdata=[
                [text_of(value or 0.0), str(day)] for value, day in zip(values, rows["cohort"].to_list(), strict=True)
            ],
            hovertemplate=f"%{{x}} · {label}: %{{customdata[0]}}<extra></extra>",
        )
    framed(figure, labels, height=340)
    tops = [value or 0.0 for trace in figure.data for value in trace.y]
    ticks(figure.update_yaxes, max(tops, default=0.0), text_of)
    figure.update_layout(barmode="group", showlegend=True, legend=LEGEND_ABOVE)
    return figure.update_xaxes(type="category")


def split_bars(
    frame: pl.DataFrame, labels: Labels, *, states: list[str], parts: dict[str, str], text_of: TextOf
) -> go.Figure:
    """One bar a state, cut into what paid overdue, current and later instalments, and what cannot be told (hatched).
    `frame`: split_by_state of one currency in the order of `states`, the names on the axis; `parts`: column to name."""
    colours = labels.colours
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
            customdata=[text_of(value) for value in values],
            hovertemplate=f"%{{y}} · {name}: %{{customdata}}<extra></extra>",
        )
    framed(figure, labels, height=110 + 34 * max(len(states), 2))
    totals = [sum(float(row[column]) for column in parts) for row in frame.iter_rows(named=True)]
    ticks(figure.update_xaxes, max(totals, default=0.0), text_of)
    figure.update_layout(barmode="stack", showlegend=True, legend={**LEGEND_ABOVE, "traceorder": "normal"})
    return rows_from_top(figure)
