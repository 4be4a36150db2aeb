"""Metrics that a page shows by their declaration alone: `page` and `by` in queries/metrics.toml."""

from __future__ import annotations

import streamlit as st

from duewatch.charts.segments import group_rows
from duewatch.contract.settings import load_settings
from duewatch.metrics.metric import Metric
from duewatch.metrics.registry import METRICS
from duewatch.metrics.segments import ALL, Days, View, segments_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.metric_groups import (
    ValueWriter,
    axis_top,
    group_points,
    groups_in_order,
    panel_finding,
    unit_name,
    whole_tile,
)
from duewatch.ui.parts.metric_rows import of_metric
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import PageContext


def declared_metrics(ctx: PageContext, days: Days) -> None:
    """Each metric that names this page: a tile of the whole, and its groups with their limits."""
    for metric in METRICS.values():
        if metric.page == ctx.page:
            _draw_metric(ctx, metric, days)


def _draw_metric(ctx: PageContext, metric: Metric, days: Days) -> None:
    words, settings = ctx.words, load_settings()
    name, view = words(f"metric.{metric.id}.name"), View(metric, metric.by)
    st.subheader(name, anchor=False)
    whole = segments_of(ctx.ask, View(metric), days, settings).to_dicts()
    if not whole or whole[0]["value"] is None:
        n = ctx.numbers.count(whole[0]["n_units"] if whole else 0)
        empty(words("explore.too_few_units", n=n, unit=unit_name(words, metric), least=settings.smallest_group))
        return
    value = whole[0]["value"]
    groups = segments_of(ctx.ask, view, days, settings)
    order = groups_in_order(groups, metric.by, "group_1")
    points = group_points(ctx, view, groups, ALL, order, value)
    figure = group_rows(
        points,
        ctx.labels(panel_finding(ctx, name, points), x=name),
        whole=value,
        top=axis_top(groups, order, [ALL], value),
        whole_name=words("explore.whole"),
        text_of=ValueWriter(metric, ctx.numbers),
    )
    left, right = st.columns([1, 3], gap="large")
    with left:
        draw_tiles(ctx, [whole_tile(ctx, metric, whole[0])], {metric.id: of_metric(ctx, metric.id, days, value)})
    with right:
        draw(ctx, figure, f"metric_{metric.id}")
