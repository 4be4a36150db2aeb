"""The balance by three stages of days past due."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import streamlit as st

from duewatch.charts.aging_views import stage_bars
from duewatch.contract.i18n import Words
from duewatch.reads import portfolio
from duewatch.ui.parts.definition import definition_buttons
from duewatch.ui.parts.figures import draw
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_account_rows
from duewatch.ui.shell.frame import PageContext


def draw_stages(ctx: PageContext) -> None:
    words, numbers = ctx.words, ctx.numbers
    frame = portfolio.stages(ctx.ask, as_of=ctx.as_of).sort("stage_no")
    names = [words(f"further.stage_{n}") for n in frame["stage_no"].to_list()]
    shares = frame["share_balance"].to_list()
    finding = words("further.stages_title", two=numbers.percent(shares[1]), three=numbers.percent(shares[2]))
    labels = ctx.labels(finding, x=words("further.stages_axis"))
    figure = stage_bars(frame, labels, names=names, texts=stage_texts(numbers, words, frame), percent=numbers.percent)
    draw(ctx, figure, "stages")
    st.caption(words("further.stages_note"))
    definition_buttons(ctx, "stages_proxy")
    with st.expander(words("further.stages_rows")):
        stage = st.segmented_control(
            words("further.stage"),
            [3, 2, 1],
            default=3,
            required=True,
            key="stage",
            format_func=lambda n: words(f"further.stage_{n}"),
        )
        rows = in_stage(portfolio.accounts_in_bucket(ctx.ask, bucket="all", as_of=ctx.as_of), stage)
        expected = Decimal(frame.filter(pl.col("stage_no") == stage)["balance"][0])
        draw_account_rows(
            ctx, rows, metric="stages_proxy", title=words(f"further.stage_{stage}"), amount="balance", expected=expected
        )


def stage_texts(numbers: Numbers, words: Words, stages: pl.DataFrame) -> list[str]:
    return [
        f"{numbers.money(row['balance'])} · {numbers.percent(row['share_balance'])} · "
        f"{words('tile.accounts', n=numbers.count(row['n_accounts']))}"
        for row in stages.sort("stage_no").iter_rows(named=True)
    ]


def in_stage(rows: pl.DataFrame, stage_no: int) -> pl.DataFrame:
    """accounts_in_bucket rows of one stage by days past due alone."""
    days = pl.col("days_past_due")
    return rows.filter({1: days <= 30, 2: (days > 30) & (days <= 90), 3: days > 90}[stage_no])
