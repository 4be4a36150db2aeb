"""Worklist: what must be done today, and who may be called about it?"""

import streamlit as st

from duewatch.ui.parts.tiles import draw_tiles_but_one
from duewatch.ui.shell.frame import open_page
from duewatch.ui.worklist import drill_down, sections
from duewatch.ui.worklist import summary as worklist

ctx = open_page("worklist")
words, numbers = ctx.words, ctx.numbers
day = worklist.day_of_work(ctx.as_of)
answer = st.empty()
limits = sections.pick_limits(ctx)
sections.say_what_is_not_known(ctx)
blocks = sections.ask_blocks(ctx, limits)
items = worklist.things(blocks)
rows = worklist.accounts(items)
answer.subheader(worklist.headline(words, numbers, day, items, rows, is_asked=False), anchor=False)
draw_closed = draw_tiles_but_one(ctx, worklist.tiles(words, numbers, blocks), drill_down.to_do(blocks))
asked = sections.ask_rules(ctx, rows, day)
holds = sections.holds_on_file(ctx)
rows = worklist.in_order(worklist.cleared(rows, asked, holds))
blocks = {block: worklist.cleared(frame, asked, holds) for block, frame in blocks.items()}
answer.subheader(worklist.headline(words, numbers, day, items, rows, is_asked=True), anchor=False)
draw_closed(worklist.closed_tile(words, numbers, rows), drill_down.closed(ctx, rows))
if items.is_empty():
    st.stop()
sections.may_be_called(ctx, blocks)
sections.lists(ctx, blocks, rows)
sections.clear_a_plan(ctx, rows)
