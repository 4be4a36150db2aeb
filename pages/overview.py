"""Overview: what changed since the snapshot before, and who needs help today?"""

from datetime import date
from typing import Any

import streamlit as st

from duewatch.charts.waterfall import waterfall
from duewatch.reads import portfolio
from duewatch.ui.crossing import who_needs_help
from duewatch.ui.figures import draw, empty
from duewatch.ui.findings import amount_of, overdue_tile, overview_headline, rate_tile
from duewatch.ui.frame import Ctx, open_page
from duewatch.ui.overview import rate_history
from duewatch.ui.rows import draw_account_rows
from duewatch.ui.steps import step_tiles
from duewatch.ui.tiles import draw_tiles

ctx = open_page("overview")


def headline_and_tiles(ctx: Ctx, since: date | None) -> None:
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
    counted = [
        words("tile.counted", part=numbers.exact_money(row[part]), whole=numbers.exact_money(row["balance"]))
        for part in ("overdue_balance", "balance_90_plus")
    ]
    tiles = [
        overdue_tile(words, numbers, totals, bridge, history.overdue, since),
        rate_tile(
            words,
            numbers,
            rates,
            "overdue_balance",
            "overdue_rate",
            since=since,
            trend=history.overdue_share,
            counted=counted[0],
        ),
    ]
    tiles.append(
        rate_tile(
            words, numbers, rates, "ninety_plus_balance", "ninety_plus_share", since=since, trend=history.ninety_plus,
            remark=words("tile.proxy"), counted=counted[1],
        )
    )  # fmt: skip
    if since is not None:
        st.subheader(overview_headline(words, numbers, bridge, since), anchor=False)
        tiles += step_tiles(ctx, since)
    else:
        overdue_now = numbers.money(totals["overdue_balance"][0])
        st.subheader(words("headline.overview.single", closing=overdue_now, day=numbers.day(ctx.as_of)), anchor=False)
    draw_tiles(ctx, tiles)


def why_it_moved(ctx: Ctx, since: date) -> None:
    words, numbers = ctx.words, ctx.numbers
    bridge = portfolio.overdue_bridge(ctx.ask, from_date=since, to_date=ctx.as_of)
    st.subheader(words("overview.bridge"), anchor=False)
    if amount_of(bridge, "opening") == amount_of(bridge, "closing") == 0:
        empty(words("guard.no_overdue", day=ctx.as_of))
        return
    components = bridge["component"].to_list()
    finding = words(
        "overview.bridge_title",
        closing=numbers.money(amount_of(bridge, "closing")),
        day=numbers.day(ctx.as_of),
        net=numbers.money(amount_of(bridge, "closing") - amount_of(bridge, "opening"), signed=True),
        residual=numbers.money(amount_of(bridge, "residual"), signed=True),
    )
    figure = waterfall(
        bridge,
        finding=finding,
        axis=words("overview.bridge_axis", currency=ctx.currency),
        say=lambda amount: numbers.money(amount, signed=True),
        names={name: words(f"component.{name}") for name in components},
        is_dark=ctx.is_dark,
    )
    st.session_state.setdefault("component", "new_entry")
    draw(ctx, figure, "bridge", on_click=lambda point: st.session_state.update(component=_clicked(point)))
    if not amount_of(bridge, "paid_down"):
        st.caption(words("guard.no_payments"))
    st.caption(words("overview.bridge_hint"))
    picked = st.segmented_control(
        words("overview.component"), components, key="component", required=True,
        format_func=lambda name: words(f"component.{name}"),
    )  # fmt: skip
    rows = portfolio.bridge_accounts(ctx.ask, component=picked, from_date=since, to_date=ctx.as_of)
    title = f"{words('metric.overdue_bridge.name')}: {words(f'component.{picked}')}"
    draw_account_rows(
        ctx, rows, metric="overdue_bridge", title=title, amount="amount", expected=amount_of(bridge, picked)
    )


def _clicked(point: dict[str, Any]) -> str:
    value = point["customdata"]
    return value[0] if isinstance(value, list) else value


headline_and_tiles(ctx, ctx.previous)
if ctx.previous is None:
    empty(ctx.words("guard.single_day", day=ctx.as_of))
else:
    why_it_moved(ctx, ctx.previous)
who_needs_help(ctx)
