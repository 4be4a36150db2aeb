"""Rate and mix on a page: pick a ratio and what to cut it by, see both effects, open the accounts of a segment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import streamlit as st

from duewatch.charts.effects import effect_bars
from duewatch.metrics.metric import Metric
from duewatch.metrics.rate_mix import Parts, decompose
from duewatch.metrics.registry import RATIOS
from duewatch.ui.parts import rate_mix
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.table import draw_account_rows, draw_counted_rows, draw_table
from duewatch.ui.parts.tiles import draw_definition
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext


def rate_and_mix(ctx: PageContext, metrics: tuple[str, ...]) -> None:
    """The first of `metrics` is the default. Keys carry the page's name, so that one session can hold several."""
    words = ctx.words
    st.subheader(words("moved.heading"), anchor=False)
    with st.container(horizontal=True):
        name = metrics[0]
        if len(metrics) > 1:
            name = st.selectbox(
                words("moved.ratio"),
                metrics,
                key=f"moved_{ctx.page}",
                width=320,
                format_func=lambda metric: words(f"metric.{metric}.name"),
            )
        ratio = RATIOS[name]
        by = st.segmented_control(
            words("moved.by"),
            ratio.segments.by,
            default=ratio.segments.by[0],
            required=True,
            key=f"by_{ctx.page}_{name}",
            format_func=lambda cut: words(f"moved.by_{cut}"),
        )
    span = rate_mix.span_of(ctx, ratio)
    if span is None:
        empty(words("moved.no_step_before", day=ctx.days[0]))
        return
    frames = [rate_mix.segments_of(ctx, ratio, by, days) for days in (span.before, span.now)]
    before, now = (rate_mix.parts_of(frame, ratio) for frame in frames)
    decomposition = decompose(before, now)
    if decomposition is None:
        empty(words("moved.no_ratio", name=words(f"metric.{name}.name")))
        return
    sizes = (int(frames[0][ratio.segments.whole].sum()), int(frames[1][ratio.segments.whole].sum()))
    change = rate_mix.change_of_ratio(ctx, ratio, span, decomposition, sizes)
    figure = effect_bars(
        rate_mix.effects(words, decomposition),
        ctx.labels(rate_mix.finding(words, ctx.numbers, ratio, by, decomposition, change), x=words("moved.axis")),
        names=(words("moved.rate"), words("moved.mix")),
        points=lambda change: rate_mix.bare_points(ctx.numbers, change),
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        draw(ctx, figure, f"moved_{name}")
    with right:
        table = rate_mix.table(words, decomposition)
        draw_table(ctx, table.drop("rate_effect", "mix_effect"), alt=words("moved.heading"))
        st.caption(words("moved.note", before=rate_mix.days_of(span.before), now=rate_mix.days_of(span.now)))
        title = f"{words(f'metric.{name}.name')}: {words(f'moved.by_{by}')}"
        offer(ctx, Export(table, metric="rate_and_mix", title=title))
        with st.popover(
            words("tile.definition"), type="tertiary", icon=":material/info:", key=f"define_moved_{ctx.page}"
        ):
            draw_definition(ctx, "rate_and_mix")
    with st.expander(words("moved.rows")):
        _rows(ctx, ratio, by, {"now": (span.now, now), "before": (span.before, before)})


def _rows(ctx: PageContext, ratio: Metric, by: str, ends: dict[str, tuple[tuple[date, date], Parts]]) -> None:
    """The rows of one segment's numerator or denominator in either period; they add up to it."""
    words = ctx.words
    end, side = _pick_side(ctx, ratio, list(ends))
    days, sums = ends[end]
    place = rate_mix.SIDES.index(side)
    segment = st.selectbox(
        words(f"moved.by_{by}"),
        list(sums),
        key=f"segment_{ctx.page}_{ratio.id}_{by}_{end}",
        format_func=lambda name: rate_mix.segment_name(words, name),
    )
    rows = rate_mix.in_segment(rate_mix.accounts_of(ctx, ratio, days, side), by, segment)
    title = f"{words(f'metric.{ratio.id}.name')}: {rate_mix.segment_name(words, segment)}"
    of = "promises" if ratio.segments.kind == "kept" else "accounts"
    expected, amount = sums[segment][place], rate_mix.AMOUNTS[ratio.segments.kind][place]
    if ratio.segments.is_money:
        draw_account_rows(ctx, rows, metric=ratio.id, title=title, amount=amount, expected=Decimal(expected), of=of)
    else:
        draw_counted_rows(ctx, rows, metric=ratio.id, title=title, amount=amount, expected=int(expected), of=of)


def _pick_side(ctx: PageContext, ratio: Metric, ends: list[str]) -> tuple[str, str]:
    """Which period, and which side of the ratio."""
    words = ctx.words
    with st.container(horizontal=True):
        end = st.segmented_control(
            words("moved_rows.period"),
            ends,
            default="now",
            required=True,
            key=f"end_{ctx.page}_{ratio.id}",
            format_func=lambda name: words(f"moved_rows.{name}"),
        )
        side = st.segmented_control(
            words("moved_rows.side"),
            rate_mix.SIDES,
            default="part",
            required=True,
            key=f"side_{ctx.page}_{ratio.id}",
            format_func=lambda name: words(f"moved_rows.{name}"),
        )
    return end, side
