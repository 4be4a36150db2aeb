"""Overview: what changed since the snapshot before, and who needs help today?"""

from datetime import date

import streamlit as st

from duewatch.reads import portfolio
from duewatch.ui.overview import drill_down
from duewatch.ui.overview.about_to_cross import who_needs_help
from duewatch.ui.overview.overdue_bridge import why_it_moved
from duewatch.ui.overview.summary import overdue_tile, overview_headline, rate_history, rate_tile, step_tiles
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.rate_mix_section import rate_and_mix
from duewatch.ui.parts.tiles import Tile, draw_tiles
from duewatch.ui.shell.frame import PageContext, open_page

ctx = open_page("overview")


def headline_and_tiles(ctx: PageContext, since: date | None) -> None:
    totals = portfolio.book_totals(ctx.ask, as_of=ctx.as_of)
    if totals.is_empty():
        empty(ctx.words("guard.empty_scope", day=ctx.as_of))
        st.stop()
    by_day = portfolio.aging_by_day(ctx.ask, from_date=ctx.days[0], to_date=ctx.as_of)
    history = rate_history(by_day, tuple(portfolio.bucket_bounds(ctx.ask)["from_days"].to_list()))
    start, words, numbers = since or ctx.as_of, ctx.words, ctx.numbers
    bridge = portfolio.overdue_bridge(ctx.ask, from_date=start, to_date=ctx.as_of)
    rates = portfolio.rate_changes(ctx.ask, from_date=start, to_date=ctx.as_of)
    row = totals.row(0, named=True)
    whole = numbers.exact_money(row["balance"])
    overdue, late = (
        Tile(
            metric,
            "",
            note=note,
            counted=words("tile.counted", part=numbers.exact_money(row[part]), whole=whole),
            trend=trend,
            since=since,
        )
        for metric, part, trend, note in (
            ("overdue_rate", "overdue_balance", history.overdue_share, ""),
            ("ninety_plus_share", "balance_90_plus", history.ninety_plus, words("tile.proxy")),
        )
    )
    tiles = [
        overdue_tile(words, numbers, totals, bridge, history.overdue, since),
        rate_tile(words, numbers, rates, "overdue_balance", overdue),
        rate_tile(words, numbers, rates, "ninety_plus_balance", late),
    ]
    if since is not None:
        st.subheader(overview_headline(words, numbers, bridge, since), anchor=False)
        tiles += step_tiles(ctx, since)
    else:
        overdue_now = numbers.money(row["overdue_balance"])
        st.subheader(words("headline.overview.single", closing=overdue_now, day=numbers.day(ctx.as_of)), anchor=False)
    draw_tiles(ctx, tiles, drill_down.tile_rows(ctx, totals, rates, since))


headline_and_tiles(ctx, ctx.previous)
if ctx.previous is None:
    empty(ctx.words("guard.single_day", day=ctx.as_of))
else:
    why_it_moved(ctx, ctx.previous)
    rate_and_mix(
        ctx,
        ("overdue_rate", "ninety_plus_share", "entry_rate", "roll_rate", "cure_rate", "recovery_share", "kept_ratio"),
    )
who_needs_help(ctx)
