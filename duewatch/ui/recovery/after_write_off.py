"""What comes back after a write-off: by month of it and age, in the three usual definitions."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import streamlit as st

from duewatch.charts.vintage import vintage_curves
from duewatch.contract.i18n import Words
from duewatch.contract.settings import load_settings
from duewatch.reads import recovery as reads
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

USUAL_AGE = 180
"""Days since the write-off at which the sentence tells the recovery, where a cohort is so old."""


def after_write_off(ctx: PageContext) -> None:
    words, numbers, fee_share = ctx.words, ctx.numbers, load_settings().recovery_fee_share
    st.subheader(words("recovery.write_off"), anchor=False)
    frame = reads.write_off_recovery(ctx.ask, as_of=ctx.as_of, fee_share=fee_share)
    finding = write_off_finding(words, numbers, frame)
    if finding is None:
        empty(words("recovery.write_off_none"))
        return
    labels = ctx.labels(finding, x=words("recovery.write_off_axis_x"), y=words("recovery.write_off_axis_y"))
    figure = vintage_curves(frame, labels, percent=numbers.percent, age="days_since", share="recovery_gross")
    draw(ctx, figure, "after_write_off")
    st.caption(words("recovery.write_off_note", fee=numbers.percent(fee_share)))
    definition_button(ctx, "write_off_recovery")
    with st.expander(words("recovery.write_off_rows")):
        _rows(ctx, latest(frame))


def latest(frame: pl.DataFrame) -> pl.DataFrame:
    """Of write_off_recovery, each cohort at the oldest age that all of its accounts have."""
    complete = frame.filter("is_complete")
    return complete.filter(pl.col("days_since") == pl.col("days_since").max().over("cohort")).drop("is_complete")


def write_off_finding(words: Words, numbers: Numbers, frame: pl.DataFrame) -> str | None:
    """The cohorts old enough for USUAL_AGE, or for the oldest age there is; None where there is none but 0."""
    complete = frame.filter(pl.col("is_complete") & (pl.col("days_since").is_between(1, USUAL_AGE)))
    if complete.is_empty():
        return None
    days = complete["days_since"].max()
    cohorts = complete.filter(pl.col("days_since") == days)
    balance, n = Decimal(cohorts["written_off_balance"].sum()), int(cohorts["n_accounts"].sum())
    collected, fees = Decimal(cohorts["collected"].sum()), Decimal(cohorts["fees"].sum())
    if not balance:
        return None
    means = (cohorts["recovery_mean"] * cohorts["n_accounts"]).sum()
    return words(
        "recovery.write_off_title",
        days=days,
        balance=numbers.money(balance),
        gross=numbers.percent(float(collected / balance)),
        net=numbers.percent(float((collected - fees) / balance)),
        mean=numbers.percent(float(means) / n),
        n=numbers.count(n),
    )


def _rows(ctx: PageContext, cohorts: pl.DataFrame) -> None:
    words = ctx.words
    draw_table(ctx, cohorts.drop("currency"), alt=words("recovery.write_off"))
    offer(ctx, Export(cohorts, metric="write_off_recovery", title=words("recovery.write_off")))
    cohort = st.selectbox(
        words("column.cohort"),
        cohorts["cohort"].unique().sort(descending=True).to_list(),
        key="written_off_in",
        format_func=lambda day: day.isoformat()[:7],
    )
    row = cohorts.filter(pl.col("cohort") == cohort).row(0, named=True)
    rows = reads.write_off_accounts(ctx.ask, cohort=cohort, as_of=ctx.as_of, days_since=row["days_since"])
    title = f"{words('metric.write_off_recovery.name')}: {str(cohort)[:7]}, {row['days_since']}"
    expected = Decimal(row["collected"])
    draw_account_rows(ctx, rows, metric="write_off_recovery", title=title, amount="collected", expected=expected)
