"""Account: one account with all that happened to it, on one time axis."""

import streamlit as st

from duewatch.ui import account, behind_floor
from duewatch.ui import account_sections as sections
from duewatch.ui.frame import open_page
from duewatch.ui.tiles import draw_tiles

ctx = open_page("account")
ctx, history = sections.pick_account(ctx)
number = history.facts["account_id"]
st.subheader(account.headline(ctx.words, ctx.numbers, history, ctx.as_of), anchor=False)
sections.say_holds(ctx, number)
draw_tiles(ctx, account.tiles(ctx.words, ctx.numbers, history, ctx.as_of), behind_floor.of_account(history))
sections.time_axis(ctx, history)
next_steps = st.container()
sections.list_of_events(ctx, history)
sections.facts_and_others(ctx, history)
with next_steps:
    sections.next_steps(ctx, number)
