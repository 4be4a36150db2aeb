"""Contacts behind a step of the funnel or a cell of the week, and accounts behind the coverage."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from duewatch.engines import Ask
from duewatch.metrics.decided_days import promise_rules
from duewatch.reads import contacts as reads
from duewatch.reads import portfolio
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.code_labels import WEEKDAYS
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

WEEKDAY_NAMES = ("", *WEEKDAYS)
STEPS = ("attempts", "connected", "right_party", "promises", "kept")


def days_of(period: Period) -> dict[str, Any]:
    return {"from_date": period.start, "to_date": period.end}


def rows_behind(ctx: PageContext, period: Period, channel: str) -> None:
    """Contacts behind a step of the funnel or a cell of the week, or accounts behind the coverage."""
    st.subheader(ctx.words("contacts.rows"), anchor=False)
    kinds = {"attempts": "contacts.rows_attempts", "accounts": "contacts.rows_accounts"}
    kind = one_of(ctx.words, "contacts.rows_of", kinds, "contact_rows")
    if kind == "accounts":
        _accounts(ctx, period, channel)
    else:
        _attempts(ctx, period, channel)


def _attempts(ctx: PageContext, period: Period, channel: str) -> None:
    words = ctx.words
    by_bucket = reads.reach_by(ctx.ask, grouping_by="bucket", channel=channel, **days_of(period))
    with st.container(horizontal=True):
        step = st.selectbox(
            words("contacts.step"), STEPS, key="contact_step", format_func=lambda name: words(f"contacts.step_{name}")
        )
        bucket = st.selectbox(
            words("column.bucket"),
            ["all", *by_bucket.sort("group_name")["group_name"].to_list()],
            key="rows_bucket",
            format_func=lambda name: contacts.name_of_bucket(words, name),
        )
        isodow = st.selectbox(
            words("contacts.weekday"),
            range(8),
            key="rows_weekday",
            format_func=lambda day: words(f"weekday.{WEEKDAY_NAMES[day]}") if day else words("contacts.all_days"),
        )
        hour = st.selectbox(
            words("column.hour"),
            [-1, *range(24)],
            key="rows_hour",
            format_func=lambda hour: words("contacts.all_hours") if hour < 0 else f"{hour}:00",
        )
    rows = reads.attempts_in_cell(
        ctx.ask,
        bucket=bucket,
        channel=channel,
        isodow=isodow,
        hour=hour,
        step=step,
        **days_of(period),
        **promise_rules(),
    )
    expected = _expected(ctx.ask, period, channel, (step, bucket, isodow, hour))
    n_counted = int(rows[f"n_{step}"].sum()) if step in ("promises", "kept") else rows.height
    metric = {"connected": "connect_rate", "right_party": "right_party_rate", "attempts": "contact_attempts"}
    draw_rows_of_count(
        ctx,
        rows,
        n_counted,
        expected,
        metric=metric.get(step, "contact_funnel"),
        key="contacts.rows_attempts_n" if step == "attempts" else f"contacts.rows_{step}",
    )


def _expected(ask: Ask, period: Period, channel: str, cell: tuple[str, str, int, int]) -> int | None:
    """The number the rows stand behind; None where the page shows none (promises of one hour, or one weekday)."""
    step, bucket, isodow, hour = cell
    if not isodow and hour < 0:
        steps = reads.funnel_steps(ask, bucket=bucket, channel=channel, **days_of(period), **promise_rules())
        n = steps.filter(pl.col("step") == step)["n"][0]
        return int(n) if n is not None else None
    if step not in ("attempts", "connected", "right_party") or (isodow and hour < 0):
        return None
    grouping = "hour_of_week" if isodow else "hour"
    cells = reads.reach_by(ask, grouping_by=grouping, bucket=bucket, channel=channel, **days_of(period))
    matching = cells.filter((pl.col("hour") == hour) & ((pl.col("isodow") == isodow) if isodow else pl.lit(value=True)))
    return int(matching[f"n_{step}"].sum())


def _accounts(ctx: PageContext, period: Period, channel: str) -> None:
    words = ctx.words
    names = portfolio.bucket_bounds(ctx.ask).filter(pl.col("bucket_no") > 0)["bucket"].to_list()
    with st.container(horizontal=True):
        bucket = st.selectbox(
            words("column.bucket"),
            ["all", *names],
            key="accounts_bucket",
            format_func=lambda name: words("contacts.all_buckets") if name == "all" else name,
        )
        touched = st.selectbox(
            words("contacts.touched"),
            ["untouched", "touched", "all"],
            key="accounts_which",
            format_func=lambda name: words(f"contacts.which_{name}"),
        )
    rows = reads.coverage_accounts(ctx.ask, bucket=bucket, channel=channel, **days_of(period))
    whole = contacts.first_row(reads.coverage(ctx.ask, bucket=bucket, channel=channel, **days_of(period)))
    listed = rows if touched == "all" else rows.filter(pl.col("is_touched") == (touched == "touched"))
    expected = 0
    if whole:
        n = {"all": whole["n_overdue"], "touched": whole["n_touched"]}
        expected = n.get(touched, whole["n_overdue"] - whole["n_touched"])
    draw_rows_of_count(ctx, listed, listed.height, expected, metric="coverage", key="contacts.rows_covered")


def draw_rows_of_count(
    ctx: PageContext, rows: pl.DataFrame, n_counted: int, expected: int | None, *, metric: str, key: str
) -> None:
    """Rows and what they count. Where they are not the number they stand behind, the page says so."""
    words, numbers = ctx.words, ctx.numbers
    if expected is not None and n_counted != expected:
        st.error(words("guard.not_equal", rows=numbers.count(n_counted), number=numbers.count(expected)))
    if rows.is_empty():
        st.caption(words("guard.no_rows"))
        return
    title = words(key, n=numbers.count(n_counted), rows=numbers.count(rows.height))
    st.markdown(words("floor.rows_total" if expected is not None else "floor.rows_sum", what=title))
    named = pl.Series("bucket", [contacts.name_of_bucket(words, name) for name in rows["bucket"].to_list()], pl.String)
    draw_table(ctx, rows.drop("currency", strict=False).with_columns(named), alt=title)
    offer(ctx, Export(rows, metric=metric, title=title))
