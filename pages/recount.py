"""Policy re-count: what would another limit have meant for the contacts that were made?"""

import streamlit as st

from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.period import pick_period
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.recount import drill_down
from duewatch.ui.recount import sections as recount
from duewatch.ui.shell.frame import open_page

ctx = open_page("recount", needs_snapshots=False)
with st.container(horizontal=True):
    period = pick_period(ctx)
tried = recount.pick(ctx, period)
events = recount.events_of(ctx, tried, period)
if events.is_empty():
    empty(ctx.words("guard.nothing_counted"))
    st.stop()
st.subheader(recount.headline(ctx, tried, events), anchor=False)
st.caption(ctx.words("recount.not_recovery"))
draw_tiles(ctx, recount.recount_tiles(ctx, events), drill_down.tile_rows(events, recount.LISTED))
recount.draw_grid(ctx, tried, period)
recount.by_team(ctx, events)
recount.contacts(ctx, events)
