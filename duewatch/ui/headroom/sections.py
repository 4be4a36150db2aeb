"""Sentences, tiles and tables of the Headroom page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import streamlit as st

from duewatch.books.published import Book
from duewatch.charts.utilisation import utilisation_bars
from duewatch.compliance.headroom import headroom, strictest, utilisation, within
from duewatch.compliance.packs import load_packs
from duewatch.contract.i18n import Words
from duewatch.contract.settings import load_settings
from duewatch.reads import compliance
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.period import follow_default
from duewatch.ui.parts.table import draw_table_with_files
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

SHOWN = (
    "debtor_id",
    "frees_on",
    "rule_title",
    "modality",
    "n_left",
    "used",
    "limit_count",
    "unsure",
    "last_on",
    "account_id",
    "trigger_id",
)


def pick_day(ctx: PageContext) -> date:
    """The day that the page speaks of, at most the day after the log ends. Stops the page where the log has no day."""
    log_days = compliance.judged_days(ctx.ask).row(0, named=True)
    if log_days["last_day"] is None:
        empty(ctx.words("guard.no_contacts"))
        st.stop()
    proposed = default_day(ctx.picks.as_of, ctx.days, log_days["first_day"], log_days["last_day"])
    follow_default("on", proposed)
    day = st.date_input(
        ctx.words("headroom.day"),
        proposed,
        min_value=log_days["first_day"],
        max_value=log_days["last_day"] + timedelta(days=1),
        key="on",
        bind="query-params",
        format="YYYY-MM-DD",
    )
    return day if isinstance(day, date) else log_days["last_day"]


def default_day(as_of: date | None, days: Sequence[date], first: date, last: date) -> date:
    """The last day of the log; where an earlier snapshot is picked, its day, within the log. `days`: snapshot days,
    oldest first."""
    if as_of is None or as_of == days[-1]:
        return last
    return min(max(as_of, first), last)


def rows_of(ctx: PageContext, day: date) -> pl.DataFrame:
    """Limits and quiet periods of the scope's debtors, counted over the whole log."""
    whole = _whole(str(ctx.book.path), ctx.book.version, day, _book=ctx.book)
    title = pl.col(f"title_{ctx.words.language}").alias("rule_title")
    return within(whole, compliance.places_in_scope(ctx.ask)).with_columns(title)


@st.cache_data(max_entries=8, show_spinner=False)
def _whole(path: str, version: str, day: date, *, _book: Book) -> pl.DataFrame:
    """Of everybody: no page may show it before it is cut to a scope (`rows_of`), so its key has none."""
    del path, version
    return headroom(_book, load_packs(), on_day=day, settings=load_settings())


def headline(words: Words, numbers: Numbers, day: date, rows: pl.DataFrame) -> str:
    """For how many debtors a limit is used up, and whose ends first."""
    used_up = strictest(rows).filter(pl.col("n_left") == 0)
    n_debtors = rows["debtor_key"].n_unique()
    values = {"n": numbers.count(used_up.height), "all": numbers.count(n_debtors), "day": numbers.day(day)}
    if used_up.is_empty():
        return words("headline.headroom.none", **values)
    ending = used_up.filter(pl.col("frees_on").is_not_null()).sort("frees_on", "debtor_id")
    if ending.is_empty():
        return words("headline.headroom.no_end", **values)
    first = ending.row(0, named=True)
    n_same_day = ending.filter(pl.col("frees_on") == first["frees_on"]).height
    key = "headline.headroom.some" if n_same_day == 1 else "headline.headroom.some_together"
    return words(
        key, **values, debtor=first["debtor_id"], frees=numbers.day(first["frees_on"]), same=numbers.count(n_same_day)
    )


def headroom_tiles(words: Words, numbers: Numbers, rows: pl.DataFrame) -> list[Tile]:
    least = strictest(rows)
    note = words("headroom.of", n=numbers.count(least.height))
    quiet = rows.filter(pl.col("kind") == "quiet_after")["debtor_key"].n_unique()
    unsure = rows.filter(pl.col("unsure") > 0)["debtor_key"].n_unique()
    return [
        Tile("headroom_none", numbers.count(least.filter(pl.col("n_left") == 0).height), note=note),
        Tile("headroom_last", numbers.count(least.filter(pl.col("n_left") == 1).height), note=note),
        Tile("quiet_running", numbers.count(quiet), note=words("headroom.unsure", n=numbers.count(unsure))),
    ]


def use_of_limit(ctx: PageContext, rows: pl.DataFrame) -> None:
    """How far one limit is used; the one with the fullest debtor comes first."""
    words, caps = ctx.words, rows.filter((pl.col("kind") == "count_cap") & (pl.col("used") > 0))
    if caps.is_empty():
        return
    st.subheader(words("headroom.use"), anchor=False)
    fullest = caps.group_by("rule_id", "rule_title").agg(pl.col("n_left").min(), pl.len())
    fullest = fullest.sort("n_left", "len", "rule_id", descending=[False, True, False])
    titles = dict(zip(fullest["rule_id"], fullest["rule_title"], strict=True))
    rule_id = st.selectbox(
        words("period.rule"), list(titles), format_func=lambda rule: titles[rule], key="rule", bind="query-params"
    )
    counts = utilisation(caps, rule_id)
    limit = counts.item(0, "limit_count")
    n_full = int(counts.filter(pl.col("used") >= limit)["n"].sum())
    n_debtors = int(counts["n"].sum())
    finding = words("headroom.finding", n=ctx.numbers.count(n_full), all=ctx.numbers.count(n_debtors), limit=limit)
    labels = ctx.labels(finding, x=words("headroom.axis", limit=limit), y=words("headroom.counted_by"))
    figure = utilisation_bars(counts, labels, limit=limit, text_of=ctx.numbers.count)
    draw(ctx, figure, "utilisation")
    st.caption(words("headroom.use_note"))


def lists(ctx: PageContext, rows: pl.DataFrame) -> None:
    """Whoever has nothing left, soonest free first; then, if wanted, everybody."""
    words = ctx.words
    st.subheader(words("headroom.rows"), anchor=False)
    has_everybody = st.toggle(words("headroom.everybody"), key="everybody")
    if not has_everybody:
        rows = rows.filter(pl.col("n_left") == 0)
    table = rows.sort("frees_on", "n_left", "debtor_id", "rule_id", nulls_last=True).select(SHOWN)
    st.markdown(words("headroom.total", n=ctx.numbers.count(table.height)))
    if not table.is_empty():
        draw_table_with_files(ctx, table, metric="headroom_none", title=words("headroom.rows"))
    elif not has_everybody:
        st.caption(words("headroom.nobody", switch=words("headroom.everybody")))
    st.caption(words("headroom.note"))
