"""The parts of the Worklist page: what is set on it, its lists, and what to do with a dialler's plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import polars as pl
import streamlit as st

from duewatch.charts.worklist import todo_bars
from duewatch.compliance.process_rules import load_process
from duewatch.contract.capabilities import given_columns
from duewatch.contract.file_formats import as_bytes
from duewatch.contract.i18n import Words
from duewatch.metrics.decided_days import promise_rules
from duewatch.reads import data
from duewatch.reads import worklist as reads
from duewatch.ui.parts.figures import draw
from duewatch.ui.parts.next_allowed import next_times
from duewatch.ui.parts.table import draw_table, total_of
from duewatch.ui.shell.downloads import Export, file_name, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.worklist import summary as worklist
from duewatch.ui.worklist.summary import METRIC_OF, TOLD, Limits

MOST_ASKED = 1000
"""Accounts that the rules are asked about, in the order of the list; the page says how many were not."""
BLOCK_COLUMNS = {
    "due": ("due_on", "last_day", "promised", "allocated", "is_reminded"),
    "broken": ("due_on", "last_day", "state", "promised", "allocated"),
    "disputes": ("opened_on", "due_on", "days_late"),
    "crossing": ("days_left", "crosses_at"),
    "untouched": ("last_on", "days_quiet"),
}
"""Columns that only the rows of a block have."""
AMOUNT = {"due": "promised", "broken": "promised", "crossing": "balance", "untouched": "balance"}
"""What the rows of a block add up; a dispute is counted alone."""
NEEDS = {
    "due": ("promises.due_on", "contacts.purpose"),
    "disputes": ("disputes.resolved_at", "disputes.acknowledged_at"),
    "untouched": ("contacts.started_at",),
}
"""Source columns without which a block lists less than there is."""


def pick_limits(words: Words) -> Limits:
    """Days that a person sets; each writes itself to the address."""
    words, defaults = words, Limits()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        crossing, untouched, broken = (
            st.number_input(words(f"worklist.{name}"), 1, most, value, key=name, bind="query-params", width=230)
            for name, most, value in (
                ("cross_within", 30, defaults.crossing),
                ("untouched_for", 365, defaults.untouched),
                ("broken_within", 60, defaults.broken),
            )
        )
    return Limits(int(crossing), int(untouched), int(broken))


def blocks_to_do(ctx: PageContext, limits: Limits) -> dict[str, pl.DataFrame]:
    """Everything to do, as of the day of the data."""
    return worklist.blocks_of(
        reads.promises_to_watch(ctx.ask, as_of=ctx.as_of, broken_days=limits.broken, **promise_rules()),
        reads.disputes_to_answer(ctx.ask, as_of=ctx.as_of, **worklist.dispute_days(load_process(), ctx.as_of)),
        reads.stages_to_cross(ctx.ask, as_of=ctx.as_of, within_days=limits.crossing),
        reads.accounts_untouched(ctx.ask, as_of=ctx.as_of, quiet_days=limits.untouched),
    )


def next_call_times(ctx: PageContext, rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """When each account may be called next; those past MOST_ASKED are left out."""
    return next_times(ctx, [(account, "call") for account in rows["account_id"].head(MOST_ASKED)], on_day=day)


def holds_on_file(ctx: PageContext) -> pl.DataFrame:
    return reads.standing_holds(ctx.ask, as_of=ctx.as_of)


def show_missing_columns(ctx: PageContext) -> None:
    """A day that is past, and the columns without which a block is short."""
    if ctx.as_of != ctx.days[-1]:
        st.caption(ctx.words("worklist.past_day", day=ctx.as_of))
    columns = given_columns(data.column_presence(ctx.ask))
    for block, needs in NEEDS.items():
        missing = [name for name in needs if name not in columns]
        if missing:
            block_name = ctx.words(f"worklist.block_{block}")
            st.warning(
                ctx.words("worklist.missing", block=block_name, missing=", ".join(missing)), icon=":material/info:"
            )


def may_be_called(ctx: PageContext, blocks: Mapping[str, pl.DataFrame]) -> None:
    """A bar a block, cut by whether its accounts may be called."""
    words = ctx.words
    st.subheader(words("worklist.chart"), anchor=False)
    blocks_shown = {block: frame for block, frame in blocks.items() if frame.height}
    figure = todo_bars(
        worklist.by_clearance(blocks_shown),
        ctx.labels(worklist.chart_finding(words, ctx.numbers, blocks_shown), x=words("worklist.axis")),
        titles=[words(f"worklist.block_{block}") for block in blocks_shown],
        text_of=ctx.numbers.count,
        names={part: words(f"worklist.part_{part}") for part in ("today", "later", "closed", "unknown")},
    )
    draw(ctx, figure, "todo")
    st.caption(words("worklist.chart_note"))


def lists(ctx: PageContext, blocks: Mapping[str, pl.DataFrame], rows: pl.DataFrame) -> None:
    """Each account once, or one block; the number above opens the rows that it counts."""
    words = ctx.words
    st.subheader(words("worklist.rows"), anchor=False)
    sizes = {"all": rows.height, **{block: frame.height for block, frame in blocks.items()}}
    block = st.segmented_control(
        words("worklist.pick"),
        list(sizes),
        default="all",
        required=True,
        key="block",
        format_func=lambda name: f"{words(f'worklist.block_{name}')} ({ctx.numbers.count(sizes[name])})",
    )
    rows_shown, title = (
        (rows, words("worklist.block_all")) if block == "all" else (blocks[block], _title(ctx.words, block))
    )
    if rows_shown.is_empty():
        st.caption(words("worklist.no_rows"))
        return
    st.markdown(_total(ctx, block, rows_shown))
    columns = ("todos", "n_things") if block == "all" else ("todo",)
    block_columns = () if block == "all" else BLOCK_COLUMNS[block]
    columns_shown = ["account_id", *columns, "days_past_due", "balance", *block_columns, *TOLD, "product", "branch"]
    columns_shown += [] if block in ("all", "crossing") else ["item_id"]
    draw_table(ctx, worklist.worded(words, rows_shown).select(columns_shown), alt=title)
    metric = "todo_things" if block == "all" else METRIC_OF[block]
    offer(
        ctx,
        Export(_for_file(rows_shown.select(columns_shown)), metric=metric, title=title, total=_sum(block, rows_shown)),
    )
    st.caption(words("worklist.rows_note"))


def _title(words: Words, block: str) -> str:
    return words(f"worklist.block_{block}")


def _sum(block: str, rows: pl.DataFrame) -> Decimal | None:
    return total_of(rows, AMOUNT[block]) if block in AMOUNT else None


def _total(ctx: PageContext, block: str, rows: pl.DataFrame) -> str:
    """How many rows; of the accounts, how many things they make up; of a block with an amount, its exact sum."""
    n = ctx.numbers.count(rows.height)
    if block == "all":
        return ctx.words("worklist.total_accounts", n=n, things=ctx.numbers.count(int(rows["n_things"].sum())))
    if block not in AMOUNT:
        return ctx.words("worklist.total", n=n)
    column = AMOUNT[block]
    money = ctx.numbers.exact_money(total_of(rows, column))
    return ctx.words("worklist.total_sum", n=n, column=ctx.words(f"column.{column}"), total=money)


def _for_file(rows: pl.DataFrame) -> pl.DataFrame:
    """For a file: lists of codes separated by |."""
    lists = [name for name in ("todos", "holds") if name in rows.columns]
    return rows.with_columns(pl.col(name).list.join("|") for name in lists)


def clear_a_plan(ctx: PageContext, rows: pl.DataFrame) -> None:
    """How to ask the rules about a dialler's list, and this list as such a file."""
    words = ctx.words
    with st.container(horizontal=True):
        with st.popover(words("worklist.clear"), icon=":material/rule:"):
            st.markdown(words("worklist.clear_told"))
            st.code("python -m duewatch clear tomorrow.csv --out cleared.csv", language="bash")
            st.caption(words("worklist.clear_note"))
        calls = worklist.plan(rows)
        export = Export(calls, metric="todo_things", title=words("worklist.plan"))
        st.download_button(
            words("worklist.plan_button", n=ctx.numbers.count(calls.height)),
            data=lambda: as_bytes(calls, "csv"),
            file_name=file_name(ctx, export, "csv").replace("todo_things", "plan"),
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="plan",
            disabled=calls.is_empty(),
        )
