"""Rulebook: which rules were in force on a day, from which source, how well confirmed?"""

import streamlit as st

from duewatch.reads import compliance
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.rulebook import drill_down
from duewatch.ui.rulebook import sections as rulebook
from duewatch.ui.shell.frame import open_page

ctx = open_page("rulebook", needs_snapshots=False)
words = ctx.words
last_day = compliance.judged_days(ctx.ask)["last_day"][0]
day = ctx.picks.as_of or last_day
if day is None:
    empty(words("guard.no_contacts"))
    st.stop()
day = st.date_input(words("rulebook.day"), day, key="day", bind="query-params", format="YYYY-MM-DD")
versions = compliance.rules_on_day(ctx.ask, on_day=day)
if versions.is_empty():
    empty(words("guard.no_rules"))
    st.stop()
st.subheader(rulebook.headline(ctx, versions, day), anchor=False)
draw_tiles(ctx, rulebook.rulebook_tiles(ctx.words, versions, day), drill_down.tile_rows(ctx, versions))
rulebook.rules_table(ctx, versions)
rulebook.one_rule(ctx.words, versions)
rulebook.unplaced(ctx)
