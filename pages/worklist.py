"""Worklist: what must be done today, and who may be called about it?"""

import streamlit as st

from duewatch.ui.parts.tiles import draw_tiles_but_one
from duewatch.ui.shell.frame import open_page
from duewatch.ui.worklist import drill_down, sections
from duewatch.ui.worklist import summary as worklist

ctx = open_page("worklist")
words, numbers = ctx.words, ctx.numbers
day = worklist.day_of_work(ctx.as_of)
headline_slot = st.empty()
limits = sections.pick_limits(ctx.words)
sections.show_missing_columns(ctx)
blocks = sections.blocks_to_do(ctx, limits)
items = worklist.things(blocks)
rows = worklist.accounts(items)
headline_slot.subheader(worklist.headline(words, numbers, day, items, rows, is_asked=False), anchor=False)
draw_closed = draw_tiles_but_one(ctx, worklist.tiles(words, numbers, blocks), drill_down.tile_rows(blocks))
call_times = sections.next_call_times(ctx, rows, day)
holds = sections.holds_on_file(ctx)
rows = worklist.in_order(worklist.cleared(rows, call_times, holds))
blocks = {block: worklist.cleared(frame, call_times, holds) for block, frame in blocks.items()}
headline_slot.subheader(worklist.headline(words, numbers, day, items, rows, is_asked=True), anchor=False)
draw_closed(worklist.closed_tile(words, numbers, rows), drill_down.closed_rows(ctx, rows))
if items.is_empty():
    st.stop()
sections.may_be_called(ctx, blocks)
sections.lists(ctx, blocks, rows)
sections.clear_a_plan(ctx, rows)
