"""Recovery: how much of what was overdue was collected, and is that more than earlier cohorts gave?"""

from datetime import date, timedelta

import streamlit as st

from duewatch.charts.recovery import recovery_bars
from duewatch.reads import portfolio
from duewatch.reads import recovery as reads
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.rate_mix_section import rate_and_mix
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.recovery import drill_down
from duewatch.ui.recovery import summary as recovery
from duewatch.ui.recovery.after_write_off import after_write_off
from duewatch.ui.recovery.sections import against_expectation, curves, effectiveness, rows_behind, what_it_paid
from duewatch.ui.shell.frame import PageContext, open_page

ctx = open_page("recovery")
words, numbers = ctx.words, ctx.numbers


def step_of(ctx: PageContext, since: date) -> recovery.Step:
    """The days after the snapshot before, up to the as-of day, and the step before that."""
    current = reads.recovery_share(ctx.ask, from_date=since + timedelta(days=1), to_date=ctx.as_of)
    earlier = ctx.day_before(since)
    before = (
        reads.recovery_share(ctx.ask, from_date=earlier + timedelta(days=1), to_date=since)
        if earlier
        else current.clear()
    )
    rows = [None if frame.is_empty() else frame.row(0, named=True) for frame in (current, before)]
    return recovery.Step(since, ctx.as_of, rows[0], rows[1])


def by_bucket(ctx: PageContext, since: date, buckets: list[str]) -> None:
    earlier = ctx.day_before(since)
    before = (
        reads.recovery_by_period(ctx.ask, from_date=earlier + timedelta(days=1), to_date=since) if earlier else None
    )
    figure = recovery_bars(
        collected,
        before,
        ctx.labels(recovery.bars_finding(words, numbers, collected), y=words("recovery.bars_axis")),
        buckets=buckets,
        names=(words("recovery.this_step"), words("recovery.step_before")),
        percent=numbers.percent,
    )
    draw(ctx, figure, "bars")
    st.caption(words("recovery.bars_note"))


if ctx.previous is None:
    empty(words("guard.single_day", day=ctx.as_of))
    st.subheader(words("recovery.none_yet"), anchor=False)
    st.stop()
step = step_of(ctx, ctx.previous)
collected = reads.recovery_by_period(ctx.ask, from_date=ctx.previous + timedelta(days=1), to_date=ctx.as_of)
st.subheader(recovery.headline(words, numbers, step), anchor=False)
if collected.is_empty():
    empty(words("guard.no_overdue", day=ctx.as_of))
    st.stop()
buckets = portfolio.bucket_bounds(ctx.ask)["bucket"].to_list()
entry = st.segmented_control(
    words("recovery.entry"), buckets[1:], default=buckets[1], required=True, key="entry", bind="query-params"
)
curve_rows = reads.liquidation_curve(ctx.ask, as_of=ctx.as_of, entry_bucket=entry)
expected = reads.collections_expected(ctx.ask, as_of=ctx.as_of, entry_bucket=entry)
draw_tiles(
    ctx,
    [
        recovery.collected_tile(words, numbers, step),
        recovery.share_tile(words, numbers, step),
        recovery.liquidation_tile(words, numbers, curve_rows),
        recovery.expected_tile(words, numbers, expected),
    ],
    drill_down.tile_rows(ctx, step, curve_rows, expected, entry),
    columns=4,
)
left, right = st.columns(2, gap="large")
with left:
    st.subheader(words("recovery.curves", bucket=entry), anchor=False)
    curves(ctx, curve_rows, entry)
with right:
    st.subheader(words("recovery.expected", bucket=entry), anchor=False)
    against_expectation(ctx, expected)
st.subheader(words("recovery.bars"), anchor=False)
by_bucket(ctx, ctx.previous, buckets)
what_it_paid(ctx, ctx.previous, buckets)
effectiveness(ctx, ctx.previous)
after_write_off(ctx)
rate_and_mix(ctx, ("recovery_share",))
rows_behind(ctx, ctx.previous, collected, curve_rows, expected, entry)
