"""Account: one account with all that happened to it, on one time axis."""

import streamlit as st

from duewatch.ui.account import drill_down, sections
from duewatch.ui.account import summary as account
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page

ctx = open_page("account")
ctx, history = sections.pick_account(ctx)
number = history.facts["account_id"]
st.subheader(account.headline(ctx.words, ctx.numbers, history, ctx.as_of), anchor=False)
sections.show_holds(ctx, number)
draw_tiles(ctx, account.tiles(ctx.words, ctx.numbers, history, ctx.as_of), drill_down.tile_rows(history))
sections.time_axis(ctx, history)
next_steps = st.container()
sections.list_of_events(ctx, history)
sections.facts_and_debtor_accounts(ctx, history)
with next_steps:
    sections.next_steps(ctx, number)
