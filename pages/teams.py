"""Teams: who differs from what their book would lead us to expect?"""

import streamlit as st

from duewatch.reads import teams as reads
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page
from duewatch.ui.teams import drill_down, sections
from duewatch.ui.teams import summary as teams

ctx = open_page("teams")
question = sections.pick_question(ctx)
groups = reads.observed_expected(ctx.ask, **question.params)
comparison = teams.comparison_of(groups)
if not comparison.points:
    st.subheader(ctx.words("headline.teams.nobody"), anchor=False)
    sections.show_why_nobody(ctx, groups, comparison)
    st.stop()
conduct = reads.conduct(ctx.ask, **question.conduct)
headline = teams.headline(ctx.words, ctx.numbers, comparison, question.outcome, question.unit)
st.subheader(headline, anchor=False)
opens = drill_down.tile_rows(ctx, comparison, groups, conduct, question)
draw_tiles(ctx, teams.tiles(ctx.words, ctx.numbers, comparison, groups, conduct), opens, columns=4)
sections.plot(ctx, question, comparison)
sections.by_name(ctx, question, comparison, groups, conduct)
sections.rows_behind(ctx, question, comparison, groups)
