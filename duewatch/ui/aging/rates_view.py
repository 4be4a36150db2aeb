"""Delinquency rates by bucket over time, coincidental and lagged."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import streamlit as st

from duewatch.charts.aging_views import rate_lines
from duewatch.contract.i18n import Words
from duewatch.reads import portfolio
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.definition import definition_buttons
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.shell.frame import PageContext


def draw_rates(ctx: PageContext, buckets: list[str]) -> None:
    words, numbers = ctx.words, ctx.numbers
    kinds = {"coincidental": "further.coincidental", "lagged": "further.lagged"}
    rate = one_of(words, "further.rate", kinds, "delinquency")
    frame = portfolio.delinquency_rates(ctx.ask, from_date=ctx.days[0], to_date=ctx.as_of)
    finding = rates_finding(words, numbers, frame, rate)
    if finding is None:
        empty(words("further.no_lag", day=ctx.days[0]))
        return
    labels = ctx.labels(finding, y=words(f"further.{rate}_axis"))
    figure = rate_lines(frame, labels, rate=rate, percent=lambda share: numbers.percent(share, digits=2))
    draw(ctx, figure, "rates")
    st.caption(words(f"further.{rate}_note"))
    definition_buttons(ctx, "delinquency_coincidental", "delinquency_lagged")
    with st.expander(words("further.rates_rows")):
        last_day = frame.filter(pl.col("as_of") == ctx.as_of)
        draw_table(ctx, last_day.drop("as_of", "currency", "bucket_no"), alt=words("further.view_rates"))
        bucket = st.selectbox(words("aging.rows_pick_bucket"), buckets[1:], key="rates_bucket")
        rows = portfolio.accounts_in_bucket(ctx.ask, bucket=bucket, as_of=ctx.as_of)
        expected = Decimal(last_day.filter(pl.col("bucket") == bucket)["balance"][0])
        draw_account_rows(ctx, rows, metric=f"delinquency_{rate}", title=bucket, amount="balance", expected=expected)


def rates_finding(words: Words, numbers: Numbers, rates: pl.DataFrame, rate: str) -> str | None:
    """The first bucket's rate now and a year or so ago; None where nothing is known."""
    first = rates.filter(pl.col("bucket_no") == 1).drop_nulls(rate).sort("as_of")
    if first.is_empty():
        return None
    latest, earliest = first.row(-1, named=True), first.row(0, named=True)
    return words(
        f"further.{rate}_title",
        bucket=latest["bucket"],
        now=numbers.percent(latest[rate], digits=2),
        then=numbers.percent(earliest[rate], digits=2),
        day=numbers.day(earliest["as_of"]),
        as_of=numbers.day(latest["as_of"]),
    )
