"""Cures of a step, and how many of them were still current some time later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.aging_views import cure_bars
from duewatch.contract.i18n import Words
from duewatch.contract.months import step_start
from duewatch.metrics.intervals import wilson
from duewatch.reads import portfolio
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.definition import definition_buttons
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_counted_rows, draw_table
from duewatch.ui.shell.frame import PageContext

HOLD_DAYS = 30
"""Days that an account must stay current for its cure to have held."""


def draw_cures(ctx: PageContext) -> None:
    words, numbers = ctx.words, ctx.numbers
    step = watched_step(ctx.days, ctx.as_of)
    if step is None:
        empty(words("further.too_early", days=HOLD_DAYS))
        return
    params: dict[str, Any] = {"from_date": step[0], "to_date": step[1], "as_of": ctx.as_of, "hold_days": HOLD_DAYS}
    frame = portfolio.cures_held(ctx.ask, **params)
    finding = cures_finding(words, numbers, frame, step[1])
    if finding is None:
        empty(words("further.no_cures", start=step[0], end=step[1]))
        return
    left, right = st.columns(2, gap="large")
    with left:
        names = (words("further.cured"), words("further.lasting", days=HOLD_DAYS))
        figure = cure_bars(
            frame, ctx.labels(finding, y=words("further.cures_axis")), names=names, percent=numbers.percent
        )
        draw(ctx, figure, "cures")
    with right:
        table = frame.select("bucket", "n_accounts", "n_cured", "n_held", "share_held", "held_low", "held_high")
        draw_table(ctx, table, alt=words("further.view_cures"))
        st.caption(words("further.cures_note", start=step[0], end=step[1], days=HOLD_DAYS))
        definition_buttons(ctx, "cures_held")
    with st.expander(words("further.cures_rows")):
        outcome = one_of(words, "further.cures_which", {"relapsed": "further.relapsed", "held": "further.held"}, "held")
        bucket = st.selectbox(words("aging.rows_pick_bucket"), frame["bucket"].to_list(), key="cures_bucket")
        row = frame.filter(pl.col("bucket") == bucket).row(0, named=True)
        rows = portfolio.cured_accounts(ctx.ask, **params).filter(pl.col("from_bucket") == bucket)
        rows = rows.filter(pl.col("is_held") if outcome == "held" else ~pl.col("is_held")).drop("is_held")
        n_expected = row["n_held"] if outcome == "held" else row["n_cured"] - row["n_held"]
        title = f"{bucket}: {words(f'further.{outcome}')}"
        draw_counted_rows(ctx, rows, metric="cures_held", title=title, amount="balance_from", expected=n_expected)


def watched_step(days: Sequence[date], as_of: date) -> tuple[date, date] | None:
    """The last step that ended at least HOLD_DAYS before as_of; None without one."""
    end = max((day for day in days if day + timedelta(days=HOLD_DAYS) <= as_of), default=None)
    start = step_start(days, end) if end else None
    return (start, end) if start and end else None


def cures_finding(words: Words, numbers: Numbers, cures: pl.DataFrame, end: date) -> str | None:
    """Over all buckets, with Wilson limits; None where nothing cured."""
    n_cured, n_held = int(cures["n_cured"].sum()), int(cures["n_held"].sum())
    if not n_cured:
        return None
    return words(
        "further.cures_title",
        n=numbers.count(n_cured),
        day=numbers.day(end),
        held=numbers.count(n_held),
        share=numbers.percent(n_held / n_cured),
        interval=numbers.interval(*wilson(n_held, n_cured)),
        days=HOLD_DAYS,
    )
