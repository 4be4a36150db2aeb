"""Contacts: is effort going where people can be reached?"""

from datetime import timedelta

import streamlit as st

from duewatch.ui.contacts import drill_down, sections
from duewatch.ui.contacts import rows as contacts_rows
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.parts.figures import empty
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
span = contacts.decided_weeks(weeks)
back = timedelta(days=7 * contacts.WEEKS_COMPARED)
now = sections.answers(ctx, period, channel, span)
before = contacts.Reach(None, None, None)
parts = sections.parts_of(ctx, period, channel).clear()
if not sections.log_begins_within(ctx, period.before):
    before = sections.answers(ctx, period.before, channel, (span[0] - back, span[1] - back) if span else None)
    parts = sections.parts_of(ctx, period, channel)
if now.reach is None:
    empty(words("guard.no_contacts_in_period", first=period.start.isoformat(), last=period.end.isoformat()))
    st.stop()
what = sections.what_of(ctx, channel)
st.subheader(contacts.headline(words, numbers, now.reach, before.reach, parts, period, what), anchor=False)
trend = [point.share for point in contacts.yield_points(weeks)]
draw_tiles(ctx, contacts.tiles(words, numbers, now, before, trend), drill_down.reached(ctx, period, channel, now, span))
sections.funnel(ctx, period, channel)
sections.buckets(ctx, period, channel)
sections.hours(ctx, period, channel)
left, right = st.columns(2, gap="large")
with left:
    sections.change_apart(ctx, parts, period)
with right:
    sections.promises_kept(ctx, weeks, now.kept)
contacts_rows.rows_behind(ctx, period, channel)
