"""Headroom: whose contact limits are used up, and from when is there room again?"""

import streamlit as st

from duewatch.ui.headroom import drill_down
from duewatch.ui.headroom import sections as headroom
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.law_asked import MONTH, draw_law_asked
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page

ctx = open_page("headroom", needs_snapshots=False)
day = headroom.pick_day(ctx)
rows = headroom.rows_of(ctx, day)
if rows.is_empty():
    empty(ctx.words("guard.no_headroom", day=day))
    st.stop()
draw_law_asked(ctx, day - MONTH, day, with_table=False)
st.subheader(headroom.headline(ctx.words, ctx.numbers, day, rows), anchor=False)
draw_tiles(ctx, headroom.headroom_tiles(ctx.words, ctx.numbers, rows), drill_down.tile_rows(rows))
headroom.use_of_limit(ctx, rows)
headroom.lists(ctx, rows)
