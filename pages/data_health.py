"""Data health: what was loaded, what was rejected, what can therefore not be said?"""

import streamlit as st

from duewatch.charts.completeness import completeness_bars
from duewatch.reads import data
from duewatch.ui import health
from duewatch.ui.figures import draw
from duewatch.ui.frame import Ctx, open_page
from duewatch.ui.health_sections import in_scope, rejects
from duewatch.ui.restatement import draw_restatement
from duewatch.ui.rows import draw_facts, draw_table

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
        ("day", ctx.days[-1].isoformat() if ctx.days else "—", words("health.built", at=built)),
    )
    grid = st.grid(4, min_column_width=200, gap="small")
    for name, value, note in told:
        with grid.cell(), st.container(border=True, height=150, gap="xsmall"):
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


def columns(ctx: Ctx) -> None:
    words = ctx.words
    presence = data.column_presence(ctx.ask)
    st.subheader(words("health.columns"), anchor=False)
    tables = presence["table_name"].unique(maintain_order=True).to_list()
    chosen = st.selectbox(
        words("health.pick_table"), tables, index=tables.index("accounts") if "accounts" in tables else 0
    )
    figure = completeness_bars(
        health.of_table(presence, chosen),
        finding=health.columns_finding(presence, words),
        axis=words("health.columns_axis"),
        percent=lambda share: ctx.numbers.percent(share, digits=0),
        absent=words("column.not_given"),
        is_dark=ctx.is_dark,
    )
    draw(ctx, figure, "completeness")


headline_and_tiles(ctx)
cannot(ctx)
rejects(ctx)
st.subheader(ctx.words("health.loads"), anchor=False)
draw_table(ctx, data.loads(ctx.ask).drop("sha256"), alt=ctx.words("health.table_loads"))
columns(ctx)
in_scope(ctx)
draw_restatement(ctx)
draw_facts(ctx)
