"""The line above findings: how many contacts were judged by law, and why the others were not."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import streamlit as st

from duewatch.compliance.law_asked import EACH_ONCE, coverage_sentence, once
from duewatch.reads import compliance
from duewatch.ui.parts.table import draw_table_with_files
from duewatch.ui.shell.frame import PageContext

MONTH = timedelta(days=30)
"""Days back for which a page about one day tells it."""


def draw_law_asked(ctx: PageContext, first: date, last: date, *, with_table: bool = True) -> None:
    """The sentence and, if wanted, a table by jurisdiction behind it."""
    rows = compliance.coverage_summary(ctx.ask, from_date=first, to_date=last)
    if rows.is_empty():
        return
    st.markdown(coverage_sentence(once(rows), ctx.words, ctx.numbers.count))
    if not with_table:
        return
    with st.expander(ctx.words("law_asked.table")):
        placed = rows.filter(pl.col("jurisdiction") != EACH_ONCE)
        draw_table_with_files(ctx, placed, metric="verdicts", title=ctx.words("law_asked.title"))
        st.caption(ctx.words("law_asked.note"))
