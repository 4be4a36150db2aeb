"""Data health: what was loaded, what was rejected, what can therefore not be said?"""

import streamlit as st

from duewatch.charts.completeness import completeness_bars
from duewatch.reads import data
from duewatch.ui import health
from duewatch.ui.downloads import Export, offer
from duewatch.ui.figures import draw, empty
from duewatch.ui.frame import Ctx, open_page
from duewatch.ui.rows import draw_facts, draw_table
from duewatch.ui.tiles import draw_definition

ctx = open_page("data_health", needs_snapshots=False)


def headline_and_tiles(ctx: Ctx) -> None:
    words, numbers = ctx.words, ctx.numbers
    sums = health.loaded(data.loads(ctx.ask))
    st.subheader(health.headline(words, numbers, sums), anchor=False)
    given, full, known = health.given_and_full(data.column_presence(ctx.ask))
    built = ctx.book.manifest.built_at[:16].replace("T", " ")
    told = (
        ("accepted", numbers.count(sums.accepted), words("health.of_read", n=numbers.count(sums.read))),
        ("rejected", numbers.count(sums.rejected), words("health.repeats", n=numbers.count(sums.repeated))),
        ("columns", f"{given}", f"{words('health.of_contract', n=known)} · {words('health.full_columns', n=full)}"),
        ("day", health.latest_day(data.date_ranges(ctx.ask)), words("health.built", at=built)),
    )
    grid = st.grid(4, min_column_width=200, gap="small")
    for name, value, note in told:
        with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(words(f"health.tile_{name}"), value)
            st.caption(note)


def cannot(ctx: Ctx) -> None:
    st.subheader(ctx.words("health.cannot"), anchor=False)
    lacking = health.cannot_be_said(data.column_presence(ctx.ask), ctx.words)
    if lacking.is_empty():
        st.caption(ctx.words("health.cannot_none"))
        return
    draw_table(ctx, lacking, alt=ctx.words("health.cannot"))
    st.caption(ctx.words("health.cannot_hint"))


def rejects(ctx: Ctx) -> None:
    words = ctx.words
    st.subheader(words("health.rejects"), anchor=False)
    if not ctx.may_see_rejects:
        empty(words("health.rejects_hidden"))
        return
    by_reason = data.rejects_by_reason(ctx.ask)
    if by_reason.is_empty():
        st.caption(words("health.rejects_none"))
        return
    draw_table(ctx, health.with_sentences(by_reason, words), alt=words("health.table_rejects"))
    with st.popover(words("tile.definition"), type="tertiary", icon=":material/info:"):
        draw_definition(ctx, "rows_rejected")
    st.markdown(f"**{words('health.rejected_rows')}**")
    left, right = st.columns(2)
    tables = ["all", *by_reason["table_name"].unique().sort().to_list()]
    table = left.selectbox(words("health.pick_table"), tables, format_func=lambda name: _or_all(ctx, name, ""))
    reasons = ["all", *by_reason["reason"].unique().sort().to_list()]
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


def columns(ctx: Ctx) -> None:
    words = ctx.words
    presence = data.column_presence(ctx.ask)
    st.subheader(words("health.columns"), anchor=False)
    tables = presence["table_name"].unique(maintain_order=True).to_list()
    chosen = st.selectbox(
        words("health.pick_table"), tables, index=tables.index("accounts") if "accounts" in tables else 0
    )
    figure = completeness_bars(
        health.of_table(presence, chosen), finding=health.columns_finding(presence, words), axis=words("health.columns_axis"),
        percent=lambda share: ctx.numbers.percent(share, digits=0), absent=words("column.not_given"), is_dark=ctx.is_dark,
    )  # fmt: skip
    draw(ctx, figure, "completeness")


def days(ctx: Ctx) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("health.ranges"), anchor=False)
    ranges = data.date_ranges(ctx.ask)
    draw_table(ctx, ranges, alt=words("health.ranges"))
    st.caption(words("health.ranges_note", day=health.latest_day(ranges)))
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
    st.subheader(ctx.words("health.gaps"), anchor=False)
    gaps = data.contact_log_gaps(ctx.ask)
    if not gaps["n_all"].sum():
        empty(ctx.words("health.gaps_none"))
        return
    draw_table(ctx, gaps, alt=ctx.words("health.gaps"))


headline_and_tiles(ctx)
cannot(ctx)
rejects(ctx)
st.subheader(ctx.words("health.loads"), anchor=False)
draw_table(ctx, data.loads(ctx.ask).drop("sha256"), alt=ctx.words("health.table_loads"))
columns(ctx)
days(ctx)
contact_log(ctx)
draw_facts(ctx)
