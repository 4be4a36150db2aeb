"""Contacts to people other than the debtor: sentences, tiles and tables."""

from __future__ import annotations

import polars as pl
import streamlit as st

from duewatch.contract.i18n import Words
from duewatch.engines import Ask
from duewatch.reads import compliance
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.table import draw_table_with_files
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

STANDINGS = ("breach", "unknown_relation", "not_assessable", "authorised", "representative", "no_objection")
"""Worst first; the last one is not a permission."""


def by_standing(rows: pl.DataFrame) -> dict[str, int]:
    """Contacts of each standing, 0 where there are none."""
    return {name: rows.filter(pl.col("standing") == name).height for name in STANDINGS}


def headline(words: Words, numbers: Numbers, period: Period, rows: pl.DataFrame) -> str:
    counts = by_standing(rows)
    values = {
        "n": numbers.count(rows.height),
        "from_day": numbers.day(period.start),
        "day": numbers.day(period.end),
        "breach": numbers.count(counts["breach"]),
        "unknown": numbers.count(counts["unknown_relation"]),
        "refused": numbers.count(rows.filter("refused_before").height),
    }
    return words("headline.third.some" if counts["breach"] else "headline.third.none", **values)


def third_party_tiles(words: Words, numbers: Numbers, rows: pl.DataFrame) -> list[Tile]:
    counts = by_standing(rows)
    refused = rows.filter("refused_before").height
    unsure, n = numbers.count(counts["not_assessable"]), numbers.count(rows.height)
    return [
        Tile("third_party_breaches", numbers.count(counts["breach"]), note=words("third.of", n=n)),
        Tile("third_party_unknown", numbers.count(counts["unknown_relation"]), note=words("third.unsure", n=unsure)),
        Tile("third_party_refused", numbers.count(refused), note=words("third.refused_note")),
    ]


def by_role(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a role, one column a standing, roles with the most breaches first."""
    counts = [
        pl.col("standing").filter(pl.col("standing") == name).len().cast(pl.Int64).alias(f"third_{name}")
        for name in STANDINGS
    ]
    return (
        rows.group_by("role")
        .agg(*counts, pl.len().cast(pl.Int64).alias("n_contacts"))
        .sort(["third_breach", "n_contacts", "role"], descending=[True, True, False])
    )


def roles_and_rows(ctx: PageContext, rows: pl.DataFrame) -> None:
    """The table by role, then the contacts behind one of its numbers."""
    words = ctx.words
    st.subheader(words("third.roles"), anchor=False)
    table = by_role(rows)
    draw_table_with_files(ctx, table, metric="third_party_contacts", title=words("third.roles"))
    st.caption(words("third.note"))
    st.subheader(words("third.rows"), anchor=False)
    picked_rows = _pick_rows(ctx.words, rows, table)
    st.markdown(words("third.rows_total", n=ctx.numbers.count(picked_rows.height)))
    draw_table_with_files(ctx, picked_rows, metric="third_party_contacts", title=words("third.rows"))


def _pick_rows(words: Words, rows: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    standing = left.selectbox(
        words("column.standing"),
        ["all", *STANDINGS],
        key="standing",
        bind="query-params",
        format_func=lambda name: words("pick.all") if name == "all" else words(f"standing.{name}"),
    )
    role = middle.selectbox(
        words("column.role"),
        ["all", *table["role"].to_list()],
        key="role",
        bind="query-params",
        format_func=lambda name: words("pick.all") if name == "all" else words(f"role.{name}"),
    )
    refused = right.toggle(words("third.only_refused"), key="refused")
    for column, value in (("standing", standing), ("role", role)):
        rows = rows if value == "all" else rows.filter(pl.col(column) == value)
    return rows.filter("refused_before") if refused else rows


def contacts_of(ask: Ask, period: Period) -> pl.DataFrame:
    return compliance.third_party_contacts(ask, from_date=period.start, to_date=period.end)
