"""Sections of the Data health page: rejects, days, the contact log."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import streamlit as st

from duewatch.charts.cell_grid import cell_grid
from duewatch.reads import data, portfolio, process
from duewatch.ui.data_health.summary import assumption_sentences, field_matrix, latest_day, with_sentences
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.table import draw_account_rows, draw_table, total_of
from duewatch.ui.shell.downloads import Export, offer, scope_in_words
from duewatch.ui.shell.frame import PageContext

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def rejects(ctx: PageContext) -> None:
    """Why rows were rejected, what to do, and the rows themselves."""
    words = ctx.words
    st.subheader(words("health.rejects"), anchor=False)
    if not ctx.may_see_rejects:
        empty(words("health.rejects_hidden"))
        return
    by_reason = data.rejects_by_reason(ctx.ask)
    if by_reason.is_empty():
        st.caption(words("health.rejects_none"))
        return
    draw_table(ctx, with_sentences(by_reason, words), alt=words("health.table_rejects"))
    definition_button(ctx, "rows_rejected", key="reject_reasons")
    st.markdown(f"**{words('health.rejected_rows')}**")
    left, right = st.columns(2)
    tables = ["all", *by_reason["table_name"].unique().sort().to_list()]
    table = left.selectbox(
        words("health.pick_table"), tables, format_func=lambda name: words("health.all") if name == "all" else name
    )
    reasons = ["all", *by_reason["reason"].drop_nulls().unique().sort().to_list()]
    reason = right.selectbox(
        words("health.pick_reason"),
        reasons,
        format_func=lambda name: words("health.all") if name == "all" else code_text(words, name, "reason"),
    )
    rows = data.rejected_rows(ctx.ask, table_name=table, reason=reason)
    st.caption(words("rows.total_rows", n=ctx.numbers.count(rows.height)))
    draw_table(ctx, rows, alt=words("health.rejected_rows"))
    offer(ctx, Export(rows, metric="rows_rejected", title=f"{words('health.rejected_rows')}: {table}, {reason}"))


def how_read(ctx: PageContext) -> None:
    """What was read otherwise than it is written, one sentence a kind; whoever may see rejects may see the cells."""
    words = ctx.words
    st.subheader(words("health.how_read"), anchor=False)
    found = data.assumptions(ctx.ask)
    if not ctx.may_see_rejects:
        found = found.with_columns(pl.lit("•••").alias("example"))
    if found.is_empty():
        st.caption(words("health.how_read_none"))
        return
    draw_table(ctx, assumption_sentences(found, words), alt=words("health.table_how_read"))
    st.caption(words("health.how_read_note"))


def in_scope(ctx: PageContext) -> None:
    """What is counted for the picked accounts alone; a choice without accounts says so and nothing else."""
    if portfolio.scope_choices(ctx.ask).is_empty():
        empty(ctx.words("guard.empty_scope", day=ctx.picks.as_of or "—"))
        return
    fields(ctx)
    days(ctx)
    balances(ctx)
    promises(ctx)
    contact_log(ctx)


def days(ctx: PageContext) -> None:
    """From when to when each table reaches, and whether the days past due can be believed."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("health.ranges"), anchor=False)
    ranges = data.date_ranges(ctx.ask)
    st.caption(words("health.scope_only", scope=scope_in_words(ctx)))
    draw_table(ctx, ranges, alt=words("health.ranges"))
    st.caption(words("health.ranges_note", day=latest_day(ranges)))
    st.subheader(words("health.agreement"), anchor=False)
    for row in data.days_past_due_agreement(ctx.ask).iter_rows(named=True):
        st.markdown(
            words(
                "health.agreement_told",
                day=row["as_of"],
                equal=numbers.count(row["n_equal"]),
                compared=numbers.count(row["n_compared"]),
                share=numbers.percent(row["n_equal"] / row["n_compared"]),
                other=numbers.count(row["n_other_bucket"]),
                gap=numbers.count(row["largest_gap"]),
            )
        )
        return
    empty(words("health.agreement_none"))


def fields(ctx: PageContext) -> None:
    """Fields that must be known before a first contact, by product or team, of the accounts overdue now."""
    if ctx.picks.as_of is None:
        return
    words = ctx.words
    st.subheader(words("health.fields"), anchor=False)
    kind = one_of(words, "limits.by", {"product": "process.by_product", "team": "process.by_team"}, "fields_by")
    completeness = data.field_completeness(ctx.ask, as_of=ctx.as_of, grouping_by=kind)
    if completeness.is_empty():
        empty(words("guard.no_overdue", day=ctx.as_of))
        return
    matrix = field_matrix(words, ctx.numbers, completeness)
    figure = cell_grid(
        matrix.shares,
        [[text.rstrip("%") for text in line] for line in matrix.texts],
        ctx.labels(matrix.finding, x=words(f"process.by_{kind}"), y=words("column.field")),
        rows=[name.replace(" (", "<br>(") for name in matrix.rows],
        columns=matrix.columns,
        cell_height=34,
    )
    draw(ctx, figure, "field_matrix")
    offer(ctx, Export(completeness, metric="field_completeness", title=words("health.fields")))
    st.caption(words("health.fields_note"))


def balances(ctx: PageContext) -> None:
    """Whether balances add up, and the accounts where they do not."""
    if ctx.picks.as_of is None:
        return
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("health.identity"), anchor=False)
    identity = data.balance_identity(ctx.ask, as_of=ctx.as_of)
    if identity.is_empty():
        empty(words("health.identity_none"))
        return
    draw_table(ctx, identity.drop("currency"), alt=words("health.identity"))
    st.caption(words("health.identity_note"))
    gaps = data.balance_gaps(ctx.ask, as_of=ctx.as_of)
    with st.expander(words("health.identity_rows", n=numbers.count(gaps.height))):
        if gaps.is_empty():
            st.caption(words("guard.no_rows"))
            return
        title = words("health.identity")
        expected = total_of(identity, "residual")
        draw_account_rows(ctx, gaps, metric="balance_identity", title=title, amount="residual", expected=expected)


def promises(ctx: PageContext) -> None:
    """Promises that nobody can keep or break: of 0.00, without a day, or due before they were made."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("health.promises"), anchor=False)
    faulty = data.promises_not_judged(ctx.ask, as_of=ctx.picks.as_of or LAST_DAY)
    if faulty.is_empty():
        st.caption(words("health.promises_none"))
        return
    for gap, n in faulty.group_by("gap").len().sort("gap").iter_rows():
        st.markdown(words(f"health.promises_{gap}", n=numbers.count(n)))
    with st.expander(words("health.promises_rows", n=numbers.count(faulty.height))):
        draw_table(ctx, faulty.drop("currency"), alt=words("health.promises"))
        offer(ctx, Export(faulty, metric="promise_states", title=words("health.promises")))


def contact_log(ctx: PageContext) -> None:
    """What the contact log leaves out."""
    st.subheader(ctx.words("health.gaps"), anchor=False)
    gaps = data.contact_log_gaps(ctx.ask)
    if not gaps["n_all"].sum():
        empty(ctx.words("health.gaps_none"))
        return
    draw_table(ctx, gaps, alt=ctx.words("health.gaps"))
    latency(ctx)
    wrong_numbers(ctx)


def latency(ctx: PageContext) -> None:
    """How late contacts are recorded, in the month up to the as-of day."""
    if ctx.picks.as_of is None:
        return
    start = (ctx.previous or ctx.as_of - timedelta(days=30)) + timedelta(days=1)
    delays = data.log_latency(ctx.ask, from_date=start, to_date=ctx.as_of)
    st.subheader(ctx.words("health.latency"), anchor=False)
    if not delays["n_recorded"].sum():
        empty(ctx.words("health.latency_none"))
        return
    hours = [pl.col(name).round(2).cast(pl.String) for name in ("median_hours", "p95_hours")]
    draw_table(ctx, delays.with_columns(hours), alt=ctx.words("health.latency"))
    st.caption(ctx.words("health.latency_note", start=start, end=ctx.as_of))


def wrong_numbers(ctx: PageContext) -> None:
    """Contacts to a number that was known to be wrong, as the rule of the process finds them."""
    checks = process.checks(ctx.ask, from_date=FIRST_DAY, to_date=ctx.picks.as_of or LAST_DAY)
    for row in checks.filter(pl.col("rule_id") == "house.wrong_number").iter_rows(named=True):
        counts = {name: ctx.numbers.count(row[name]) for name in ("n_breach", "n_judged", "n_not_assessable")}
        st.markdown(ctx.words("health.wrong_numbers", **counts))
