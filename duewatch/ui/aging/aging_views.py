"""Further views of the Aging page, one at a time: a view that is not picked asks nothing of the book."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from duewatch.ui.aging.cures_view import draw_cures
from duewatch.ui.aging.entry_view import draw_entry
from duewatch.ui.aging.loss_view import draw_loss
from duewatch.ui.aging.rates_view import draw_rates
from duewatch.ui.aging.stages_view import draw_stages
from duewatch.ui.parts.choices import one_of
from duewatch.ui.shell.frame import PageContext

VIEWS: dict[str, Callable[[PageContext, list[str]], None]] = {
    "loss": draw_loss,
    "rates": draw_rates,
    "entry": lambda ctx, _: draw_entry(ctx),
    "cures": lambda ctx, _: draw_cures(ctx),
    "stages": lambda ctx, _: draw_stages(ctx),
}


def further_views(ctx: PageContext, buckets: list[str]) -> None:
    st.subheader(ctx.words("further.heading"), anchor=False)
    view = one_of(ctx.words, "further.view", {name: f"further.view_{name}" for name in VIEWS}, "view")
    VIEWS[view](ctx, buckets)
