"""Explore: how do segments differ, on any registered metric?"""

from dataclasses import replace

import streamlit as st

from duewatch.contract.settings import load_settings
from duewatch.metrics.segments import NO_DIMENSION, segments_of
from duewatch.ui.explore import drill_down, sections, summary
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.metric_groups import whole_tile
from duewatch.ui.parts.tiles import draw_tiles
from duewatch.ui.shell.frame import open_page

ctx = open_page("explore")
settings = load_settings()
view = summary.pick_view(ctx)
days = summary.pick_days(ctx, view.what, settings)
alone = segments_of(ctx.ask, replace(view, dim_1=NO_DIMENSION, dim_2=NO_DIMENSION), days, settings)
whole = None if alone.is_empty() else alone.row(0, named=True)
frame = segments_of(ctx.ask, view, days, settings)
st.subheader(summary.headline(ctx, view, days, whole, frame), anchor=False)
if whole is None or whole["value"] is None:
    empty(summary.why_nothing(ctx.words, whole, settings))
    sections.show_sql(ctx.words, view, days, settings)
    st.stop()
draw_tiles(ctx, [whole_tile(ctx, view.what, whole)], drill_down.tile_rows(ctx, view, days, whole))
sections.panels(ctx, view, frame, whole["value"], settings)
sections.all_groups(ctx, view, frame, whole["value"])
sections.behind(ctx, view, frame, days, settings)
sections.show_sql(ctx.words, view, days, settings)
