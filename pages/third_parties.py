"""Third parties: who other than the debtor was contacted, and was it allowed?"""

import streamlit as st

from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.period import pick_period
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page
from duewatch.ui.third_parties import drill_down
from duewatch.ui.third_parties import sections as third

ctx = open_page("third_parties", needs_snapshots=False)
words = ctx.words
with st.container(horizontal=True):
    period = pick_period(ctx)
rows = third.contacts_of(ctx.ask, period)
if rows.is_empty():
    empty(words("guard.no_third_parties", first=period.start, last=period.end))
    st.stop()
st.subheader(third.headline(words, ctx.numbers, period, rows), anchor=False)
draw_tiles(ctx, third.third_party_tiles(words, ctx.numbers, rows), drill_down.tile_rows(rows))
third.roles_and_rows(ctx, rows)
