"""Process: is the collection template followed, step by step?"""

import streamlit as st

from duewatch.reads import process as reads
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.period import pick_period
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.process import drill_down, sections
from duewatch.ui.process import summary as process
from duewatch.ui.shell.frame import open_page

ctx = open_page("process")
with st.container(horizontal=True):
    period = pick_period(ctx)
checks = reads.checks(ctx.ask, from_date=period.start, to_date=period.end)
before = reads.checks(ctx.ask, from_date=period.before.start, to_date=period.before.end)
if checks.is_empty():
    empty(ctx.words("process.no_rules"))
    st.stop()
st.subheader(process.headline(ctx.words, ctx.numbers, checks, period), anchor=False)
draw_tiles(ctx, process.tiles(ctx.words, ctx.numbers, checks, before), drill_down.tile_rows(ctx, period, checks))
sections.stage_cards(ctx, period)
sections.all_rules(ctx, checks)
sections.one_rule(ctx, checks, period)
sections.treatment(ctx, period)
sections.try_another(ctx, period)
sections.coverage(ctx)
sections.legal_preparation(ctx)
