"""Who needs help today: the accounts about to enter a later bucket."""

from __future__ import annotations

import polars as pl
import streamlit as st

from duewatch.reads import portfolio
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.table import draw_account_rows, draw_table, total_of
from duewatch.ui.shell.frame import PageContext

DAYS_AHEAD = 7


def who_needs_help(ctx: PageContext) -> None:
    rows = portfolio.about_to_cross(ctx.ask, as_of=ctx.as_of, within_days=DAYS_AHEAD)
    st.subheader(ctx.words("overview.help"), anchor=False)
    if rows.is_empty():
        empty(ctx.words("guard.no_crossing", days=DAYS_AHEAD))
        return
    total = total_of(rows, "balance")
    n, balance = ctx.numbers.count(rows.height), ctx.numbers.money(total)
    st.markdown(f"**{ctx.words('overview.help_title', n=n, balance=balance, days=DAYS_AHEAD)}**")
    draw_table(ctx, crossing_summary(rows), alt=ctx.words("overview.help"))
    st.caption(ctx.words("overview.help_note", day=ctx.as_of))
    title = ctx.words("overview.help_all")
    st.markdown(f"**{title}**")
    draw_account_rows(ctx, rows, metric="about_to_cross", title=title, amount="balance", expected=None)


def crossing_summary(rows: pl.DataFrame) -> pl.DataFrame:
    """about_to_cross by bucket: accounts, how many of them cross tomorrow, balance; worst bucket first."""
    return (
        rows.group_by("bucket", "next_bucket")
        .agg(
            pl.len().alias("n_accounts"), (pl.col("days_left") <= 1).sum().alias("n_tomorrow"), pl.col("balance").sum()
        )
        .sort("bucket")
    )
