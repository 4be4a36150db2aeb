"""Data health: what was loaded, what was rejected, what can therefore not be said?"""

import streamlit as st

from duewatch.charts.completeness import completeness_bars
from duewatch.reads import data
from duewatch.ui.data_health import drill_down
from duewatch.ui.data_health import summary as health
from duewatch.ui.data_health.restatement import draw_restatement
from duewatch.ui.data_health.sections import how_read, in_scope, rejects
from duewatch.ui.parts.figures import draw
from duewatch.ui.parts.table import draw_facts, draw_table
from duewatch.ui.parts.tiles import Tile, draw_tiles
from duewatch.ui.shell.frame import PageContext, open_page

ctx = open_page("data_health", needs_snapshots=False)


def headline_and_tiles(ctx: PageContext) -> None:
    words, numbers = ctx.words, ctx.numbers
    sums = health.loaded(data.loads(ctx.ask))
    st.subheader(health.headline(words, numbers, sums), anchor=False)
    repeats = words("health.repeats", n=numbers.count(sums.repeated))
    n_given, n_full, n_columns = health.column_counts(data.column_presence(ctx.ask))
    built = ctx.book.manifest.built_at[:16].replace("T", " ")
    tiles = [
        Tile(
            "rows_accepted",
            numbers.count(sums.accepted),
            note=words("health.of_read", n=numbers.count(sums.read)),
            counted=words("tile.counted", part=numbers.count(sums.accepted), whole=numbers.count(sums.read)),
        ),
        Tile("rows_rejected", numbers.count(sums.rejected), note=repeats),
        Tile(
            "columns_given",
            f"{n_given}",
            note=f"{words('health.of_contract', n=n_columns)} · {words('health.full_columns', n=n_full)}",
        ),
        Tile("last_day", ctx.days[-1].isoformat() if ctx.days else "—", note=words("health.built", at=built)),
    ]
    draw_tiles(ctx, tiles, drill_down.tile_rows(ctx, sums, n_given), columns=4)


def cannot(ctx: PageContext) -> None:
    st.subheader(ctx.words("health.cannot"), anchor=False)
    lacking = health.cannot_be_said(data.column_presence(ctx.ask), ctx.words)
    if lacking.is_empty():
        st.caption(ctx.words("health.cannot_none"))
        return
    draw_table(ctx, lacking, alt=ctx.words("health.cannot"))
    st.caption(ctx.words("health.cannot_hint"))


def columns(ctx: PageContext) -> None:
    words = ctx.words
    presence = data.column_presence(ctx.ask)
    st.subheader(words("health.columns"), anchor=False)
    tables = presence["table_name"].unique(maintain_order=True).to_list()
    table_name = st.selectbox(
        words("health.pick_table"), tables, index=tables.index("accounts") if "accounts" in tables else 0
    )
    figure = completeness_bars(
        health.of_table(presence, table_name),
        ctx.labels(health.columns_finding(presence, words), x=words("health.columns_axis")),
        percent=lambda share: ctx.numbers.percent(share, digits=0),
        absent=words("column.not_given"),
    )
    draw(ctx, figure, "completeness")


headline_and_tiles(ctx)
cannot(ctx)
rejects(ctx)
how_read(ctx)
st.subheader(ctx.words("health.loads"), anchor=False)
draw_table(ctx, data.loads(ctx.ask).drop("sha256"), alt=ctx.words("health.table_loads"))
columns(ctx)
in_scope(ctx)
draw_restatement(ctx)
draw_facts(ctx)
