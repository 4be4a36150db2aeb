"""Sentences, tiles, grid and lists of the Policy re-count page."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from duewatch.books.published import Book
from duewatch.charts.cap_grid import CapGrid, recount_grid
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import CountCap, Window
from duewatch.compliance.rule_verdicts import rules_in_use
from duewatch.contract.i18n import Words
from duewatch.contract.settings import load_settings
from duewatch.reads import compliance
from duewatch.ui.parts.figures import draw
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.table import draw_table_with_files
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

OWN_WINDOW = 0
"""Picked where the rule's own window stays."""
LISTED = (
    "contact_id",
    "account_id",
    "local_date",
    "team",
    "collector_id",
    "agency_id",
    "channel",
    "is_over",
    "is_stopped",
)


@dataclass(frozen=True)
class Tried:
    """What the page tries."""

    compiled_rule: Compiled
    everywhere: bool
    """Whether the rule is taken to bind everybody."""
    limit: recount.Limit
    """In place of the rule's own."""

    @property
    def own(self) -> CountCap:
        spec = self.compiled_rule.rule.spec
        assert isinstance(spec, CountCap)
        return spec

    @property
    def cell(self) -> tuple[int, int] | None:
        return cell_of(self.limit.max_count, self.limit.window)


def cell_of(max_count: int, window: Window) -> tuple[int, int] | None:
    """Where on the grid a limit stands: only limits of dates in a row, or of one day, do."""
    if window.unit not in ("local_date", "day"):
        return None
    return max_count, window.length if window.unit == "local_date" else 1


def pick(ctx: PageContext, period: Period) -> Tried:
    """Rule, number and window; all three are in the address. First comes the rule that judged most of the period."""
    verdicts = compliance.verdicts_by_rule(ctx.ask, from_date=period.start, to_date=period.end)
    n_judged = dict(zip(verdicts["rule_id"], verdicts["n_judged"], strict=True))
    caps = dict(sorted(_caps(ctx.words.language).items(), key=lambda cap: -n_judged.get(cap[0], 0)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rule_id = st.selectbox(
            ctx.words("period.rule"),
            list(caps),
            format_func=lambda compiled_rule: caps[compiled_rule],
            key="rule",
            bind="query-params",
        )
        everywhere = st.toggle(ctx.words("recount.everywhere"), key="everywhere", bind="query-params")
    compiled_rule = recount.cap_of(load_packs(), rule_id, load_settings(), everywhere=everywhere)
    own_limit = recount.limit_of(compiled_rule)
    with st.container(horizontal=True):
        max_count = st.number_input(
            ctx.words("recount.max"),
            0,
            recount.LARGEST_MAX,
            min(own_limit.max_count, recount.LARGEST_MAX),
            key="max",
            bind="query-params",
        )
        days = st.number_input(
            ctx.words("recount.days", own=window_words(ctx.words, own_limit.window)),
            OWN_WINDOW,
            recount.LONGEST_DAYS,
            OWN_WINDOW,
            key="days",
            bind="query-params",
        )
    return Tried(compiled_rule, everywhere, recount.limit_of(compiled_rule, int(max_count), int(days) or None))


def window_words(words: Words, window: Window) -> str:
    return words(f"recount.window.{window.unit}", n=window.length)


def _caps(language: str) -> dict[str, str]:
    """Counting rules of the packs in use, by id."""
    rules = [
        compiled_rule.rule
        for compiled_rule in rules_in_use(load_packs(), (), load_settings())
        if isinstance(compiled_rule.rule.spec, CountCap)
    ]
    return {rule.id: f"{rule.title_zh if language == 'zh' else rule.title_en} ({rule.pack_id})" for rule in rules}


def events_of(ctx: PageContext, tried: Tried, period: Period) -> pl.DataFrame:
    """The scope's counted contacts, marked; counted over the whole log."""
    key = ctx.book_key(tried.compiled_rule.rule.id, tried.everywhere, tried.limit, period)
    return recount.in_scope(_replayed(key, _book=ctx.book, _tried=tried, _period=period), ctx.scope)


@st.cache_data(max_entries=16, show_spinner=False)
def _replayed(key: str, *, _book: Book, _tried: Tried, _period: Period) -> pl.DataFrame:
    """Of everybody: it must be cut to a scope before a page shows it (`events_of`)."""
    del key
    days = {"from_date": _period.start, "to_date": _period.end}
    return recount.replay_limit(_book, _tried.compiled_rule, _tried.limit, **days, settings=load_settings())


@st.cache_data(max_entries=16, show_spinner=False)
def _gaps(key: str, *, _book: Book, _tried: Tried, _period: Period) -> pl.DataFrame:
    del key
    days = {"from_date": _period.start, "to_date": _period.end}
    return recount.grid(_book, _tried.compiled_rule, **days, settings=load_settings())


def headline(ctx: PageContext, tried: Tried, events: pl.DataFrame) -> str:
    n_over, n_stopped = int(events["is_over"].sum()), int(events["is_stopped"].sum())
    return ctx.words(
        "headline.recount" if n_over else "headline.recount_none",
        limit=limit_words(ctx.words, tried.limit),
        n=ctx.numbers.count(events.height),
        over=ctx.numbers.count(n_over),
        stopped=ctx.numbers.count(n_stopped),
    )


def limit_words(words: Words, limit: recount.Limit) -> str:
    return words("recount.limit", n=limit.max_count, window=window_words(words, limit.window))


def recount_tiles(ctx: PageContext, events: pl.DataFrame) -> list[Tile]:
    n = events.height
    tiles = [Tile("recount_counted", ctx.numbers.count(n), note=ctx.words("recount.counted_note"))]
    for name in ("over", "stopped"):
        marked = int(events[f"is_{name}"].sum())
        share = ctx.words("recount.of", share=ctx.numbers.percent(marked / n), n=ctx.numbers.count(n))
        tiles.append(Tile(f"recount_{name}", ctx.numbers.count(marked), note=share))
    return tiles


def draw_grid(ctx: PageContext, tried: Tried, period: Period) -> None:
    """All 300 limits; the rule's own framed, the tried one too."""
    key = ctx.book_key(tried.compiled_rule.rule.id, tried.everywhere, period)
    gaps = _gaps(key, _book=ctx.book, _tried=tried, _period=period)
    cells = recount.over_limits(recount.in_scope(gaps, ctx.scope))
    if cells.is_empty():
        return
    words = ctx.words
    st.subheader(words("recount.grid"), anchor=False)
    grid = CapGrid(
        cells, cell_of(tried.own.max, tried.own.window), tried.cell, words("recount.today"), words("recount.told")
    )
    labels = ctx.labels(_grid_finding(ctx.words, cells, tried), x=words("recount.grid_x"), y=words("recount.grid_y"))
    figure = recount_grid(grid, labels, count=ctx.numbers.count)
    draw(ctx, figure, "recount_grid")
    st.caption(words("recount.grid_note"))
    offer(ctx, Export(cells, metric="recount_over", title=words("recount.grid")))


def _grid_finding(words: Words, cells: pl.DataFrame, tried: Tried) -> str:
    """The tightest limit of as many dates that today's contacts already keep."""
    days = (tried.cell or (0, 7))[1]
    unbroken = cells.filter((pl.col("window_days") == days) & (pl.col("n_over") == 0))
    span = words("recount.one_date") if days == 1 else words("recount.dates", n=days)
    if unbroken.is_empty():
        return words("recount.finding_none", span=span, most=recount.LARGEST_MAX)
    return words("recount.finding", span=span, n=unbroken["max_count"].min())


def by_team(ctx: PageContext, events: pl.DataFrame) -> None:
    words = ctx.words
    st.subheader(words("recount.by_team"), anchor=False)
    table = recount.by_group(events, "team").with_columns(
        (pl.col("n_over") / pl.col("n_counted")).alias("share_over"),
        (pl.col("n_stopped") / pl.col("n_counted")).alias("share_stopped"),
        pl.col("team").fill_null(words("recount.no_team")),
    )
    table = table.select("team", "n_counted", "n_over", "share_over", "n_stopped", "share_stopped")
    draw_table_with_files(ctx, table, metric="recount_stopped", title=words("recount.by_team"))


def contacts(ctx: PageContext, events: pl.DataFrame) -> None:
    """The contacts behind both numbers."""
    words = ctx.words
    st.subheader(words("recount.contacts"), anchor=False)
    rows = events.filter(pl.col("is_over") | pl.col("is_stopped")).select(LISTED)
    counts = {
        "over": ctx.numbers.count(int(rows["is_over"].sum())),
        "stopped": ctx.numbers.count(int(rows["is_stopped"].sum())),
    }
    st.markdown(words("recount.rows", **counts))
    if not rows.is_empty():
        draw_table_with_files(ctx, rows, metric="recount_stopped", title=words("recount.contacts"))
