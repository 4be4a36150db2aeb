"""Sections of the Data health page: rejects, days, the contact log."""

from __future__ import annotations

import streamlit as st

from duewatch.reads import data, portfolio
from duewatch.ui.downloads import Export, offer, scope_in_words
from duewatch.ui.figures import empty
from duewatch.ui.frame import Ctx
from duewatch.ui.health import latest_day, with_sentences
from duewatch.ui.rows import draw_table
from duewatch.ui.tiles import draw_definition


def rejects(ctx: Ctx) -> None:
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
    with st.popover(words("tile.definition"), type="tertiary", icon=":material/info:"):
        draw_definition(ctx, "rows_rejected")
    st.markdown(f"**{words('health.rejected_rows')}**")
    left, right = st.columns(2)
    tables = ["all", *by_reason["table_name"].unique().sort().to_list()]
    table = left.selectbox(words("health.pick_table"), tables, format_func=lambda name: _or_all(ctx, name, ""))
    reasons = ["all", *by_reason["reason"].drop_nulls().unique().sort().to_list()]
    reason = right.selectbox(
        words("health.pick_reason"), reasons, format_func=lambda name: _or_all(ctx, name, "reason.")
    )
    rows = data.rejected_rows(ctx.ask, table_name=table, reason=reason)
    st.caption(words("rows.total_rows", n=ctx.numbers.count(rows.height)))
    draw_table(ctx, rows, alt=words("health.rejected_rows"))
    offer(ctx, Export(rows, metric="rows_rejected", title=f"{words('health.rejected_rows')}: {table}, {reason}"))


def _or_all(ctx: Ctx, name: str, section: str) -> str:
    if name == "all":
        return ctx.words("health.all")
    key = f"{section}{name}"
    return ctx.words(key) if section and ctx.words.has(key) else name


def in_scope(ctx: Ctx) -> None:
    """What is counted for the picked accounts alone; a choice without accounts says so and nothing else."""
    if portfolio.scope_choices(ctx.ask).is_empty():
        empty(ctx.words("guard.empty_scope", day=ctx.picks.as_of or "—"))
        return
    days(ctx)
    contact_log(ctx)


def days(ctx: Ctx) -> None:
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
                "health.agreement_told", day=row["as_of"], equal=numbers.count(row["n_equal"]),
                compared=numbers.count(row["n_compared"]), share=numbers.percent(row["n_equal"] / row["n_compared"]),
                other=numbers.count(row["n_other_bucket"]), gap=numbers.count(row["largest_gap"]),
            )
        )  # fmt: skip
        return
    empty(words("health.agreement_none"))


def contact_log(ctx: Ctx) -> None:
    """What the contact log leaves out."""
    st.subheader(ctx.words("health.gaps"), anchor=False)
    gaps = data.contact_log_gaps(ctx.ask)
    if not gaps["n_all"].sum():
        empty(ctx.words("health.gaps_none"))
        return
    draw_table(ctx, gaps, alt=ctx.words("health.gaps"))
