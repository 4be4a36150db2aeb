"""Sections of the Recovery page: curves, expectation, and the accounts behind a number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.recovery import expected_bars, split_bars
from duewatch.charts.vintage import drawable, vintage_curves
from duewatch.reads import recovery as reads
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.missing_tables import lacks_instalments
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.recovery import summary as recovery
from duewatch.ui.shell.frame import PageContext


def curves(ctx: PageContext, curve_rows: pl.DataFrame, bucket: str) -> None:
    """Share collected by days since entry; nothing younger than the age is drawn."""
    words, numbers = ctx.words, ctx.numbers
    finding = recovery.curve_finding(words, numbers, curve_rows, bucket)
    if finding is None:
        empty(words("guard.no_liquidation", bucket=bucket))
        return
    labels = ctx.labels(finding, x=words("recovery.curve_axis_x"), y=words("recovery.curve_axis_y"))
    figure = vintage_curves(
        curves_with_age(curve_rows), labels, percent=numbers.percent, age="days_since_entry", share="share_collected"
    )
    draw(ctx, figure, "curves")
    st.caption(words("recovery.curve_note"))


def curves_with_age(curve_rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of cohorts that have more than the day of entry to show."""
    rows = drawable(curve_rows, "share_collected")
    return rows.filter(pl.col("days_since_entry").max().over("cohort") > 0)


def against_expectation(ctx: PageContext, expected: pl.DataFrame) -> None:
    words, numbers = ctx.words, ctx.numbers
    if expected.filter(pl.col("expected").is_not_null()).is_empty():
        empty(words("recovery.no_expectation"))
        return
    figure = expected_bars(
        expected,
        ctx.labels(
            recovery.expected_finding(words, numbers, expected),
            y=words("recovery.expected_axis", currency=ctx.currency),
        ),
        names=(words("column.collected"), words("column.expected")),
        text_of=numbers.money,
    )
    draw(ctx, figure, "expected")
    st.caption(words("recovery.expected_note"))


def what_it_paid(ctx: PageContext, since: date, buckets: list[str]) -> None:
    """The money of the step by what it paid: overdue, current, in advance; and the accounts of a state."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("recovery.split"), anchor=False)
    missing = lacks_instalments(ctx.ask)
    if missing:
        empty(words("further.not_assessable", tables=", ".join(missing)))
        return
    days: dict[str, Any] = {"from_date": since + timedelta(days=1), "to_date": ctx.as_of}
    whose = {"late": "recovery.split_late", "all": "recovery.split_all"}
    who = one_of(words, "recovery.split_whose", whose, "split_whose")
    split = recovery.in_order(reads.split_by_state(ctx.ask, **days), buckets)
    if who == "late":
        split = split.filter(pl.col("state").is_in([*buckets[1:], "written_off"]))
    if split.is_empty():
        empty(words("recovery.nothing_came_in", start=days["from_date"], end=ctx.as_of))
        return
    parts = {part: words(f"column.{part}") for part in recovery.PARTS if part != "unassigned" or split[part].sum()}
    names = {
        state: code_text(words, state, "state" if state == "none" else "code") for state in split["state"].to_list()
    }
    figure = split_bars(
        split,
        ctx.labels(
            recovery.split_finding(words, numbers, split), x=words("recovery.split_axis", currency=ctx.currency)
        ),
        states=list(names.values()),
        parts=parts,
        text_of=numbers.money,
    )
    draw(ctx, figure, "split")
    st.caption(words("recovery.split_note"))
    definition_button(ctx, "recovery_split")
    with st.expander(words("recovery.split_rows")):
        draw_table(ctx, split.drop("currency"), alt=words("recovery.split"))
        left, right = st.columns(2)
        state = left.selectbox(words("column.state"), list(names), key="split_state", format_func=names.__getitem__)
        part = right.selectbox(
            words("recovery.split_part"), list(parts), key="split_part", format_func=parts.__getitem__
        )
        rows = reads.payment_split(ctx.ask, **days).filter((pl.col("state") == state) & (pl.col(part) != 0))
        title = f"{names[state]}: {parts[part]}"
        expected = Decimal(split.filter(pl.col("state") == state)[part][0])
        draw_account_rows(ctx, rows, metric="recovery_split", title=title, amount=part, expected=expected)


def effectiveness(ctx: PageContext, since: date) -> None:
    """The collection effectiveness index of trade credit; closed at first."""
    words, numbers = ctx.words, ctx.numbers
    with st.expander(words("recovery.cei")):
        missing = lacks_instalments(ctx.ask)
        if missing:
            empty(words("further.not_assessable", tables=", ".join(missing)))
            return
        days: dict[str, Any] = {"from_date": since + timedelta(days=1), "to_date": ctx.as_of}
        index = reads.collection_effectiveness(ctx.ask, **days)
        if index.is_empty():
            empty(words("recovery.nothing_fell_due", start=days["from_date"], end=ctx.as_of))
            return
        row = index.row(0, named=True)
        whole = row["opening_open"] + row["fell_due"] - row["closing_current"]
        sentence = words(
            "recovery.cei_title",
            cei=numbers.percent(row["cei"]),
            collected=numbers.money(row["collected"]),
            whole=numbers.money(whole),
            n=numbers.count(row["n_accounts"]),
        )
        st.markdown(f"**{sentence}**")
        st.caption(words("recovery.cei_note"))
        definition_button(ctx, "cei")
        title = words("recovery.cei")
        expected = Decimal(row["collected"])
        draw_account_rows(
            ctx,
            reads.receivables_moved(ctx.ask, **days),
            metric="cei",
            title=title,
            amount="collected",
            expected=expected,
        )


def rows_behind(
    ctx: PageContext, since: date, by_bucket: pl.DataFrame, curve_rows: pl.DataFrame, expected: pl.DataFrame, entry: str
) -> None:
    """The accounts of one bucket, one point of a curve, or one cohort; they add up to it exactly."""
    words = ctx.words
    st.subheader(words("aging.rows"), anchor=False)
    kinds = {"bucket": "recovery.rows_bucket", "point": "recovery.rows_point", "cohort": "recovery.rows_cohort"}
    kind = one_of(words, "aging.rows_what", kinds, "rows_of")
    if kind == "bucket":
        _bucket_rows(ctx, since, by_bucket)
    elif kind == "point":
        _point_rows(ctx, curves_with_age(curve_rows), entry)
    else:
        _cohort_rows(ctx, expected, entry)


def _bucket_rows(ctx: PageContext, since: date, by_bucket: pl.DataFrame) -> None:
    words = ctx.words
    buckets = ["all", *by_bucket["bucket"].to_list()]
    bucket = st.selectbox(
        words("aging.rows_pick_bucket"),
        buckets,
        key="bucket",
        bind="query-params",
        format_func=lambda name: words("recovery.all_buckets") if name == "all" else name,
    )
    rows = reads.recovery_accounts(ctx.ask, bucket=bucket, from_date=since + timedelta(days=1), to_date=ctx.as_of)
    part = by_bucket if bucket == "all" else by_bucket.filter(pl.col("bucket") == bucket)
    title = f"{words('metric.collected.name')}: {bucket}"
    draw_account_rows(
        ctx, rows, metric="collected", title=title, amount="collected", expected=Decimal(part["collected"].sum())
    )


def _point_rows(ctx: PageContext, points: pl.DataFrame, entry: str) -> None:
    words = ctx.words
    if points.is_empty():
        empty(words("guard.no_liquidation", bucket=entry))
        return
    left, right = st.columns(2)
    cohorts = points["cohort"].unique().sort(descending=True).to_list()
    cohort = left.selectbox(words("column.cohort"), cohorts, key="cohort", format_func=lambda day: day.isoformat()[:7])
    of_cohort = points.filter(pl.col("cohort") == cohort).sort("days_since_entry")
    ages = of_cohort["days_since_entry"].to_list()
    age = right.selectbox(words("recovery.curve_axis_x"), ages, index=len(ages) - 1, key="age")
    rows = reads.liquidation_accounts(ctx.ask, cohort=cohort, days_since_entry=age, as_of=ctx.as_of, entry_bucket=entry)
    expected = Decimal(of_cohort.filter(pl.col("days_since_entry") == age)["collected"][0])
    title = f"{words('metric.liquidation.name')}: {entry} {str(cohort)[:7]}, {age}"
    draw_account_rows(ctx, rows, metric="liquidation", title=title, amount="collected", expected=expected, of="entries")


def _cohort_rows(ctx: PageContext, expected: pl.DataFrame, entry: str) -> None:
    words = ctx.words
    if expected.is_empty():
        empty(words("recovery.no_expectation"))
        return
    cohort = st.selectbox(
        words("column.cohort"), expected["cohort"].to_list(), key="paying", format_func=lambda day: day.isoformat()[:7]
    )
    rows = reads.cohort_accounts(ctx.ask, cohort=cohort, as_of=ctx.as_of, entry_bucket=entry)
    total = Decimal(expected.filter(pl.col("cohort") == cohort)["collected"][0])
    title = f"{words('metric.expected_collections.name')}: {entry} {str(cohort)[:7]}"
    draw_account_rows(
        ctx, rows, metric="expected_collections", title=title, amount="collected", expected=total, of="entries"
    )
