"""Why the overdue balance moved: the waterfall of the whole choice or of one product or branch, and its accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.waterfall import waterfall
from duewatch.reads import portfolio
from duewatch.ui.overview.summary import amount_of
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.rate_mix import segment_name
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.shell.frame import PageContext

CUTS = {"whole": "overview.cut_whole", "product": "moved.by_product", "branch": "moved.by_branch"}


def why_it_moved(ctx: PageContext, since: date) -> None:
    """Picks the cut and the segment, draws its waterfall and the accounts of one component of it."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("overview.bridge"), anchor=False)
    with st.container(horizontal=True):
        cut = one_of(words, "overview.cut", CUTS, "cut")
        segment, bridge = _bridge(ctx, since, cut)
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
    if segment is not None:
        finding = f"{segment_name(words, segment)}: {finding}"
    figure = waterfall(
        bridge,
        ctx.labels(finding, y=words("overview.bridge_axis", currency=ctx.currency)),
        text_of=lambda amount: numbers.money(amount, signed=True),
        names={name: words(f"component.{name}") for name in components},
    )
    st.session_state.setdefault("component", "new_entry")
    draw(ctx, figure, "bridge", on_click=lambda point: st.session_state.update(component=_clicked(point)))
    if not amount_of(bridge, "paid_down"):
        st.caption(words("guard.no_payments"))
    st.caption(words("overview.bridge_hint"))
    _rows(ctx, since, bridge, cut, segment)


def _bridge(ctx: PageContext, since: date, cut: str) -> tuple[str | None, pl.DataFrame]:
    """The segment picked (None: all) and its waterfall; beside them a table of all segments."""
    words = ctx.words
    days = {"from_date": since, "to_date": ctx.as_of}
    if cut == "whole":
        return None, portfolio.overdue_bridge(ctx.ask, **days)
    by_segment = portfolio.overdue_bridge_by(ctx.ask, segment_by=cut, **days).with_columns(
        pl.col("segment").fill_null("")
    )
    names = by_segment["segment"].unique(maintain_order=True).to_list()
    if not names:
        return None, by_segment
    segment = st.selectbox(
        words(f"moved.by_{cut}"),
        names,
        key=f"bridge_{cut}",
        width=260,
        format_func=lambda name: segment_name(words, name),
    )
    with st.popover(words("overview.cut_all"), type="tertiary", icon=":material/table:"):
        draw_table(ctx, side_by_side(by_segment), alt=words("overview.bridge"))
    return segment, by_segment.filter(pl.col("segment") == segment)


def side_by_side(by_segment: pl.DataFrame) -> pl.DataFrame:
    """One row a segment, one column a component, the largest closing balance first."""
    wide = by_segment.pivot(on="component", index="segment", values="amount", maintain_order=True)
    return wide.sort("closing", descending=True)


def _rows(ctx: PageContext, since: date, bridge: pl.DataFrame, cut: str, segment: str | None) -> None:
    words = ctx.words
    component = st.segmented_control(
        words("overview.component"),
        bridge["component"].to_list(),
        key="component",
        required=True,
        format_func=lambda name: words(f"component.{name}"),
    )
    component = str(component)
    rows = portfolio.bridge_accounts(ctx.ask, component=component, from_date=since, to_date=ctx.as_of)
    if segment is not None:
        rows = rows.filter(pl.col(cut).fill_null("") == segment)
    title = f"{words('metric.overdue_bridge.name')}: {words(f'component.{component}')}"
    draw_account_rows(
        ctx, rows, metric="overdue_bridge", title=title, amount="amount", expected=amount_of(bridge, component)
    )


def _clicked(point: dict[str, Any]) -> str:
    value = point["customdata"]
    return str(value[0] if isinstance(value, list) else value)
