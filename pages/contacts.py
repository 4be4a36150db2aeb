"""Contacts: is effort going where people can be reached?"""

from datetime import timedelta

import streamlit as st

from duewatch.metrics.segments import Days
from duewatch.ui.contacts import drill_down, sections
from duewatch.ui.contacts import rows as contacts_rows
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.metric_section import declared_metrics
from duewatch.ui.parts.period import pick_period
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page

ctx = open_page("contacts")
words, numbers = ctx.words, ctx.numbers
with st.container(horizontal=True):
    period = pick_period(ctx)
    channel = sections.pick_channel(ctx, period)
if channel is None:
    empty(words("guard.no_contacts_in_period", first=period.start.isoformat(), last=period.end.isoformat()))
    st.stop()
weeks = sections.weeks_of(ctx, channel)
weeks_decided = contacts.decided_weeks(weeks)
four_weeks = timedelta(days=7 * contacts.WEEKS_COMPARED)
current = sections.reach_of(ctx, period, channel, weeks_decided)
before = contacts.Reach(None, None, None)
parts = sections.rate_mix_parts(ctx.ask, period, channel).clear()
if not sections.log_begins_within(ctx.ask, period.before):
    before = sections.reach_of(
        ctx,
        period.before,
        channel,
        (weeks_decided[0] - four_weeks, weeks_decided[1] - four_weeks) if weeks_decided else None,
    )
    parts = sections.rate_mix_parts(ctx.ask, period, channel)
if current.reach is None:
    empty(words("guard.no_contacts_in_period", first=period.start.isoformat(), last=period.end.isoformat()))
    st.stop()
attempts = sections.attempts_text(ctx.words, channel)
st.subheader(contacts.headline(words, numbers, (current.reach, before.reach), parts, period, attempts), anchor=False)
trend = [point.share for point in contacts.yield_points(weeks)]
draw_tiles(
    ctx,
    contacts.tiles(words, numbers, current, before, trend),
    drill_down.tile_rows(ctx, period, channel, current, weeks_decided),
)
sections.funnel(ctx, period, channel)
sections.buckets(ctx, period, channel)
sections.hours(ctx, period, channel)
left, right = st.columns(2, gap="large")
with left:
    sections.rate_and_mix_of_change(ctx, parts, period)
with right:
    sections.promises_kept(ctx, weeks, current.kept)
declared_metrics(ctx, Days(ctx.as_of, period.start, period.end))
contacts_rows.rows_behind(ctx, period, channel)
