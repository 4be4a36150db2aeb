"""Two sections of the Aging & migration page: cohorts, and the accounts behind a number."""

from __future__ import annotations

from datetime import date

import polars as pl
import streamlit as st

from duewatch.charts.migration import LEAVING
from duewatch.charts.vintage import vintage_curves
from duewatch.reads import portfolio
from duewatch.ui.aging.summary import bucket_total, cell_total, targets, vintage_finding
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.table import draw_account_rows
from duewatch.ui.shell.frame import PageContext


def vintage(ctx: PageContext, buckets: list[str]) -> None:
    """Cohorts at the same age. Where nothing may be drawn, the page says why."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("aging.vintage"), anchor=False)
    with st.container(horizontal=True):
        mode = one_of(
            ctx.words, "aging.vintage_mode", {"ever": "aging.vintage_ever", "now": "aging.vintage_current"}, "mode"
        )
        bad_from = st.segmented_control(
            words("aging.vintage_bucket"), buckets[1:5], default=buckets[2], required=True, key="bad_from"
        )
    rows = portfolio.vintage(ctx.ask, as_of=ctx.as_of, min_bucket=bad_from, ever=mode == "ever")
    finding = vintage_finding(words, numbers, rows)
    if rows.is_empty():
        empty(words("guard.no_closes"))
        return
    if finding is None:
        empty(words("guard.no_vintage", day=ctx.days[0]))
        return
    labels = ctx.labels(finding, x=words("aging.vintage_axis_x"), y=words("aging.vintage_axis_y"))
    figure = vintage_curves(rows, labels, percent=numbers.percent)
    draw(ctx, figure, "vintage")


def rows_behind(ctx: PageContext, standing: pl.DataFrame, since: date | None, step: str) -> None:
    """The accounts of one bucket, or of one cell of the matrix; they add up to it exactly."""
    words = ctx.words
    st.subheader(words("aging.rows"), anchor=False)
    kinds = {"bucket": "aging.rows_bucket"} | ({"move": "aging.rows_move"} if since else {})
    kind = one_of(ctx.words, "aging.rows_what", kinds, "rows_of")
    if kind == "bucket" or since is None:
        buckets = standing["bucket"].to_list()
        bucket = st.selectbox(words("aging.rows_pick_bucket"), buckets, index=min(1, len(buckets) - 1), key="bucket")
        rows = portfolio.accounts_in_bucket(ctx.ask, bucket=bucket, as_of=ctx.as_of)
        title = f"{words('metric.aging.name')}: {bucket}"
        draw_account_rows(
            ctx, rows, metric="aging", title=title, amount="balance", expected=bucket_total(standing, bucket)
        )
        return
    if step == "30":
        moves = portfolio.transitions_30_day(ctx.ask, to_date=ctx.as_of)
    else:
        moves = portfolio.transitions(ctx.ask, from_date=since, to_date=ctx.as_of)
    left, right = st.columns(2)
    starts = moves["from_bucket"].unique(maintain_order=True).to_list()
    start = left.selectbox(words("aging.rows_pick_from"), starts, index=min(1, len(starts) - 1), key="start")
    names = {end: words(f"code.{end}") if end in LEAVING else end for end in targets(moves, start)}
    end = right.selectbox(words("aging.rows_pick_to"), list(names), format_func=names.__getitem__, key="end")
    if step == "30":
        rows = portfolio.thirty_day_accounts(ctx.ask, from_bucket=start, to_bucket=end, to_date=ctx.as_of)
        metric, from_day = "migration_30_day", date.fromordinal(ctx.as_of.toordinal() - 30)
    else:
        rows = portfolio.transition_accounts(
            ctx.ask, from_bucket=start, to_bucket=end, from_date=since, to_date=ctx.as_of
        )
        metric, from_day = "migration", since
    title, expected = f"{start} → {names[end]} ({from_day} – {ctx.as_of})", cell_total(moves, start, end)
    draw_account_rows(ctx, rows, metric=metric, title=title, amount="balance_from", expected=expected)
