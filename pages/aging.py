"""Aging & migration: where does the book stand, and which bucket leaks?"""

from datetime import date
from typing import Any

import streamlit as st

from duewatch.charts.aging import aging_bars, aging_stack
from duewatch.charts.migration import LEAVING, migration_matrix
from duewatch.charts.net_flow import net_flow_lines
from duewatch.reads import portfolio
from duewatch.ui.aging import summary as aging
from duewatch.ui.aging.aging_views import further_views
from duewatch.ui.aging.sections import rows_behind, vintage
from duewatch.ui.aging.segment_migration import for_analysts
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.rate_mix_section import rate_and_mix
from duewatch.ui.shell.frame import PageContext, open_page

ctx = open_page("aging")
words, numbers = ctx.words, ctx.numbers
buckets = portfolio.bucket_bounds(ctx.ask)["bucket"].to_list()
buckets_now = portfolio.aging_buckets(ctx.ask, as_of=ctx.as_of)


def where_it_stands(ctx: PageContext) -> None:
    measure = one_of(ctx.words, "aging.measure", {"balance": "aging.balance", "n_accounts": "aging.count"}, "measure")
    axis = words("aging.axis_balance", currency=ctx.currency) if measure == "balance" else words("aging.axis_count")
    text_of = numbers.money if measure == "balance" else numbers.short
    left, right = st.columns(2, gap="large")
    with left:
        finding = aging.standing_finding(words, numbers, buckets_now, measure, ctx.as_of)
        labels = ctx.labels(finding, x=axis)
        draw(
            ctx,
            aging_bars(buckets_now, labels, buckets, measure=measure, text_of=text_of, percent=numbers.percent),
            "bars",
        )
    with right:
        if ctx.previous is None:
            empty(words("guard.no_history"))
            return
        by_day = portfolio.aging_by_day(ctx.ask, from_date=ctx.days[0], to_date=ctx.as_of)
        labels = ctx.labels(aging.history_finding(words, numbers, by_day, measure), y=axis)
        draw(ctx, aging_stack(by_day, labels, buckets, measure=measure, text_of=text_of), "stack")


def migration(ctx: PageContext, since: date) -> str:
    """Draws the matrix; returns the step it shows, so that the rows below are those of the same step."""
    st.subheader(words("aging.matrix"), anchor=False)
    with st.container(horizontal=True):
        weights = {"share_balance": "aging.balance", "share_accounts": "aging.count"}
        share = one_of(ctx.words, "aging.measure", weights, "weight")
        step = one_of(ctx.words, "aging.step", {"month": "aging.step_month", "30": "aging.step_30"}, "step")
    moves = portfolio.transitions(ctx.ask, from_date=since, to_date=ctx.as_of)
    days = (since, ctx.as_of)
    if step == "30":
        moves = portfolio.transitions_30_day(ctx.ask, to_date=ctx.as_of)
        days = (date.fromordinal(ctx.as_of.toordinal() - 30), ctx.as_of)
    if moves.is_empty():
        is_last = ctx.as_of == ctx.days[-1]
        missing_tables = "guard.no_30_day_tables" if is_last else "guard.no_30_day_here"
        empty(
            words(
                "guard.no_30_day", missing=words(missing_tables) if is_last else words(missing_tables, day=ctx.days[-1])
            )
        )
        return "month"
    figure = migration_matrix(
        moves,
        ctx.labels(
            aging.matrix_finding(words, numbers, moves, share, buckets, days),
            x=words("aging.matrix_columns"),
            y=words("aging.matrix_rows"),
        ),
        share=share,
        buckets=buckets,
        percent=numbers.percent,
        names={code: words(f"code.{code}") for code in LEAVING},
    )
    draw(ctx, figure, "matrix")
    st.caption(words("aging.matrix_note"))
    return step


def net_flow(ctx: PageContext, net_flows: list[aging.Flow], by_day: Any) -> None:
    st.subheader(words("aging.flow"), anchor=False)
    worst = aging.worst_flow(net_flows)
    if worst is None:
        empty(words("guard.no_history"))
        return
    figure = net_flow_lines(
        by_day,
        ctx.labels(aging.flow_finding(words, numbers, worst), y=words("aging.flow_axis")),
        percent=lambda rate: numbers.percent(rate, digits=0),
        accented=worst.to_bucket if worst.is_leak else "",
    )
    draw(ctx, figure, "flow")
    st.caption(words("aging.flow_note"))


if buckets_now.is_empty():
    empty(words("guard.empty_scope", day=ctx.as_of))
    st.stop()
step = "month"
if ctx.previous is None:
    where_it_stands(ctx)
    empty(words("guard.single_day", day=ctx.as_of))
else:
    flow_by_day = portfolio.net_flow_by_day(ctx.ask, from_date=ctx.days[0], to_date=ctx.as_of)
    net_flows = aging.flows(flow_by_day, ctx.as_of)
    rolls = portfolio.roll_and_cure(ctx.ask, from_date=ctx.previous, to_date=ctx.as_of)
    if not rolls.is_empty():
        st.subheader(aging.headline(words, numbers, net_flows, rolls, ctx.as_of), anchor=False)
    where_it_stands(ctx)
    step = migration(ctx, ctx.previous)
    left, right = st.columns(2, gap="large")
    with left:
        net_flow(ctx, net_flows, flow_by_day)
    with right:
        vintage(ctx, buckets)
    further_views(ctx, buckets)
    rate_and_mix(ctx, ("roll_overdue", "cure_overdue"))
    for_analysts(ctx, buckets)
rows_behind(ctx, buckets_now, ctx.previous, step)
