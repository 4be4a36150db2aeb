"""Teams: who differs from what their book would lead us to expect?"""

import streamlit as st

from duewatch.reads import teams as reads
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page
from duewatch.ui.teams import drill_down, sections
from duewatch.ui.teams import summary as teams

ctx = open_page("teams")
asked = sections.ask_what(ctx)
found = reads.observed_expected(ctx.ask, **asked.params)
comparison = teams.compared(found)
if not comparison.judged:
    st.subheader(ctx.words("headline.teams.nobody"), anchor=False)
    sections.nobody(ctx, found, comparison)
    st.stop()
conduct = reads.conduct(ctx.ask, **asked.conduct)
headline = teams.headline(ctx.words, ctx.numbers, comparison, asked.outcome, asked.unit)
st.subheader(headline, anchor=False)
opens = drill_down.compared(ctx, comparison, found, conduct, asked)
draw_tiles(ctx, teams.tiles(ctx.words, ctx.numbers, comparison, found, conduct), opens, columns=4)
sections.plot(ctx, asked, comparison)
sections.by_name(ctx, asked, comparison, found, conduct)
sections.rows_behind(ctx, asked, comparison, found)
