"""A figure on a page: its finding as text above it, and a text alternative for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from duewatch.charts.theme import finding_of
from duewatch.ui.shell.frame import PageContext

_QUIET = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


def draw(
    ctx: PageContext, figure: go.Figure, key: str, *, on_click: Callable[[dict[str, Any]], None] | None = None
) -> None:
    """The finding, then the figure. `on_click` gets the clicked point; the same choice must be open to the keyboard."""
    finding = finding_of(figure)
    st.markdown(f"**{finding}**")
    alt = ctx.words("chart.alt", title=finding)
    if on_click is None:
        st.plotly_chart(figure, key=key, config=_QUIET, alt=alt)
        return

    def clicked() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points:
            on_click(points[0])

    st.plotly_chart(figure, key=key, config=_QUIET, alt=alt, on_select=clicked, selection_mode="points")


def empty(sentence: str) -> None:
    """In place of a figure that cannot be drawn: the reason."""
    st.info(sentence, icon=":material/info:")
