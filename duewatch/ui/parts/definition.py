"""A button that opens what a number is."""

from __future__ import annotations

import streamlit as st

from duewatch.ui.parts.tiles import draw_definition
from duewatch.ui.shell.frame import PageContext


def definition_button(ctx: PageContext, metric: str, *, label: str = "", key: str = "") -> None:
    """`label`: in place of the word "Definition". `key`: where a tile of the page has a button for the metric too."""
    text = label or ctx.words("tile.definition")
    with st.popover(text, type="tertiary", icon=":material/info:", key=f"define_{key or metric}"):
        draw_definition(ctx, metric)


def definition_buttons(ctx: PageContext, *metrics: str) -> None:
    """One button a metric, with its name on it."""
    with st.container(horizontal=True):
        for metric in metrics:
            definition_button(ctx, metric, label=ctx.words(f"metric.{metric}.name"))
