"""How many fall overdue: of all due dates of a month, and of first payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.shares import Share, share_line
from duewatch.contract.i18n import Words
from duewatch.reads import portfolio
from duewatch.ui.parts.changes import pooled_share
from duewatch.ui.parts.definition import definition_buttons
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.missing_tables import lacks_instalments
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_account_rows
from duewatch.ui.shell.frame import PageContext

MONTHS_BACK = 366
"""Days that the months reach back."""


def draw_entry(ctx: PageContext) -> None:
    words = ctx.words
    missing = lacks_instalments(ctx.ask)
    if missing:
        empty(words("further.not_assessable", tables=", ".join(missing)))
        return
    start = max(ctx.days[0] + timedelta(days=1), ctx.as_of - timedelta(days=MONTHS_BACK)).replace(day=1)
    left, right = st.columns(2, gap="large")
    with left:
        _entry_rate(ctx, start)
    with right:
        _first_payment(ctx, start)


def _entry_rate(ctx: PageContext, start: date) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.markdown(f"##### {words('metric.entry_due.name')}")
    frame = portfolio.entry_by_due_month(ctx.ask, from_date=start, to_date=ctx.as_of, as_of=ctx.as_of)
    if frame.is_empty():
        empty(words("further.none_due"))
        return
    points = month_points(frame, "share_entered", "entered_low", "entered_high", "n_due")
    finding = month_finding(words, numbers, "further.entry", points)
    figure = share_line(points, ctx.labels(finding, y=words("further.entry_axis")), percent=numbers.percent)
    draw(ctx, figure, "entry_due")
    st.caption(words("further.entry_note"))
    definition_buttons(ctx, "entry_due")
    with st.expander(words("further.entry_rows")):
        months = frame["due_month"].sort(descending=True).to_list()
        month = st.selectbox(words("column.due_month"), months, key="due_month", format_func=_month)
        row = frame.filter(pl.col("due_month") == month).row(0, named=True)
        rows = portfolio.accounts_falling_due(ctx.ask, from_date=month, to_date=_end(month), as_of=ctx.as_of)
        entered = rows.filter(pl.col("is_entered")).drop("is_entered")
        title = f"{words('metric.entry_due.name')} {_month(month)}"
        expected = Decimal(row["entered_amount"])
        draw_account_rows(
            ctx, entered, metric="entry_due", title=title, amount="due_amount", expected=expected, of="due_dates"
        )


def _first_payment(ctx: PageContext, start: date) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.markdown(f"##### {words('metric.first_payment_default.name')}")
    days = st.segmented_control(
        words("further.fpd_days"),
        [1, 7, 30],
        default=30,
        required=True,
        key="fpd_days",
        format_func=lambda n: f"FPD{n}",
    )
    params: dict[str, Any] = {"as_of": ctx.as_of, "unpaid_days": days}
    frame = portfolio.first_payment_default(ctx.ask, from_date=start, to_date=ctx.as_of, **params)
    complete = frame.filter(pl.col("is_complete"))
    if complete.is_empty():
        empty(words("further.no_first", days=days))
        return
    points = month_points(complete, "share_default", "default_low", "default_high", "n_loans")
    finding = month_finding(words, numbers, "further.fpd", points, days=days)
    figure = share_line(points, ctx.labels(finding, y=words("further.fpd_axis", days=days)), percent=numbers.percent)
    draw(ctx, figure, "fpd")
    st.caption(words("further.fpd_note", days=days))
    definition_buttons(ctx, "first_payment_default")
    with st.expander(words("further.fpd_rows")):
        months = complete["due_month"].sort(descending=True).to_list()
        month = st.selectbox(words("column.due_month"), months, key="fpd_month", format_func=_month)
        row = complete.filter(pl.col("due_month") == month).row(0, named=True)
        rows = portfolio.first_instalments(ctx.ask, from_date=month, to_date=_end(month), **params)
        late = rows.filter(pl.col("is_default")).drop("is_default")
        title = f"FPD{days} {_month(month)}"
        expected = Decimal(row["lent_default"])
        draw_account_rows(
            ctx, late, metric="first_payment_default", title=title, amount="original_amount", expected=expected
        )


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_points(frame: pl.DataFrame, share: str, low: str, high: str, n: str) -> list[Share]:
    """One point a month of entry_by_due_month or first_payment_default."""
    return [
        Share(str(row["due_month"])[:7], row[share], row[low], row[high], row[n], str(row["due_month"]))
        for row in frame.sort("due_month").iter_rows(named=True)
    ]


def month_finding(words: Words, numbers: Numbers, key: str, points: Sequence[Share], **values: object) -> str:
    """The newest month against the pooled share of those before it."""
    last, before = points[-1], points[:-1]
    in_text = {"month": last.name, "share": numbers.percent(last.share), "n": numbers.count(last.n)} | values
    in_text["interval"] = numbers.interval(last.low, last.high)
    if not before:
        return words(f"{key}_short", **in_text)
    pooled = pooled_share(before)
    inside = last.low <= pooled <= last.high
    return words(f"{key}_{'same' if inside else 'other'}", usual=numbers.percent(pooled), **in_text)
