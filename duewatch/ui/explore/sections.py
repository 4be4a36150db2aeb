"""Sections of the Explore page: panels, the table of groups, the query, and the units behind a group."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from duewatch.charts.segments import group_rows
from duewatch.contract.i18n import Words
from duewatch.contract.settings import Settings
from duewatch.metrics.segments import ALL, NO_DIMENSION, Days, View, as_asked, units_of
from duewatch.ui.explore import summary
from duewatch.ui.parts import metric_groups
from duewatch.ui.parts.figures import draw
from duewatch.ui.parts.metric_rows import as_rows
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext


def panels(ctx: PageContext, view: View, frame: pl.DataFrame, whole: float, settings: Settings) -> None:
    """One panel a group of the second dimension, rows and axis shared."""
    words = ctx.words
    order = metric_groups.groups_in_order(frame, view.dim_1, "group_1")
    panel_order = metric_groups.groups_in_order(frame, view.dim_2, "group_2")
    groups_shown = in_view(frame, order)
    panels_shown = [
        panel for panel in panel_order if panel in in_view(frame, panel_order, "group_2", summary.PANELS_DRAWN)
    ]
    top = metric_groups.axis_top(frame, groups_shown, panels_shown, whole)
    grid = st.grid(
        1 if len(panels_shown) == 1 else 2 if len(panels_shown) in (2, 4) else 3, min_column_width=330, gap="medium"
    )
    for panel in panels_shown:
        groups = metric_groups.group_points(ctx, view, frame, panel, groups_shown, whole)
        name = (
            words(f"metric.{view.what.id}.name")
            if view.dim_2 == NO_DIMENSION
            else metric_groups.group_name(words, ctx.numbers, view.dim_2, panel)
        )
        value_text = metric_groups.ValueWriter(view.what, ctx.numbers)
        labels = ctx.labels(metric_groups.panel_finding(ctx, name, groups), x=words(f"metric.{view.what.id}.name"))
        figure = group_rows(groups, labels, whole=whole, top=top, whole_name=words("explore.whole"), text_of=value_text)
        with grid.cell():
            draw(ctx, figure, f"panel_{panel}", on_click=summary.pick_group)
    hidden = (
        frame.height
        - frame.filter(pl.col("group_1").is_in(groups_shown) & pl.col("group_2").is_in(panels_shown)).height
    )
    if hidden:
        st.caption(words("explore.more", n=hidden))
    st.caption(summary.chance_note(ctx, view, frame, settings))


def in_view(
    frame: pl.DataFrame, order: list[str], column: str = "group_1", most: int = summary.ROWS_DRAWN
) -> list[str]:
    """The groups with the most units, in the order given."""
    sizes = frame.group_by(column).agg(pl.col("n_units").sum()).sort(["n_units", column], descending=[True, False])
    largest = set(sizes[column].head(most).to_list())
    return [group for group in order if group in largest]


def all_groups(ctx: PageContext, view: View, frame: pl.DataFrame, whole: float) -> None:
    words = ctx.words
    st.subheader(words("explore.table"), anchor=False)
    table = summary.groups_table(ctx, view, frame, whole)
    draw_table(ctx, table, alt=words("explore.table"))
    title = words("explore.together", metric=words(f"metric.{view.what.id}.name"), rows=_dims(ctx.words, view))
    offer(ctx, Export(table, metric=view.what.id, title=title))


def _dims(words: Words, view: View) -> str:
    return " × ".join(words(f"dimension.{dim}") for dim in (view.dim_1, view.dim_2) if dim != NO_DIMENSION)


def show_sql(words: Words, view: View, days: Days, settings: Settings) -> None:
    """The text of the query and what it was asked with."""
    query, values = as_asked(view, days, settings)
    with st.expander(words("explore.sql"), icon=":material/code:"):
        st.caption(f"{words('explore.sql_note')} queries/{query.name}.sql · queries/{view.what.units.query}.sql")
        st.markdown(f"**{words('explore.sql_params')}**")
        st.code("\n".join(f"{name} = {value!s}" for name, value in values.items()), language="toml")
        st.code(query.sql, language="sql", height=420)


def behind(ctx: PageContext, view: View, frame: pl.DataFrame, days: Days, settings: Settings) -> None:
    """The units of one group, which add up to it."""
    words, unit = ctx.words, metric_groups.unit_name(ctx.words, view.what)
    st.subheader(words("explore.behind"), anchor=False)
    pickers = st.container(horizontal=True)
    group = _pick(
        pickers, ctx, "group", "explore.group", view.dim_1, metric_groups.groups_in_order(frame, view.dim_1, "group_1")
    )
    panel = ALL
    if view.dim_2 != NO_DIMENSION:
        panel_groups = metric_groups.groups_in_order(frame, view.dim_2, "group_2")
        panel = _pick(pickers, ctx, "panel", "explore.panel_pick", view.dim_2, panel_groups)
    cell = frame.filter(
        ((pl.col("group_1") == group) | (group == ALL)) & ((pl.col("group_2") == panel) | (panel == ALL))
    )
    rows = units_of(ctx.ask, view, days, settings, group, panel)
    value_text = metric_groups.ValueWriter(view.what, ctx.numbers)
    sums_of = [
        [value_text.sum(n, Decimal(frame_of[name].sum() or 0)) for n, name in enumerate(("numerator", "denominator"))]
        for frame_of in (rows, cell)
    ]
    if sums_of[0] != sums_of[1]:
        st.error(words("explore.not_equal", rows=" / ".join(sums_of[0]), group=" / ".join(sums_of[1])))
    else:
        n = ctx.numbers.count(int(rows["n_units"].sum() or 0))
        st.markdown(words("explore.behind_total", n=n, unit=unit, part=sums_of[0][0], whole=sums_of[0][1]))
    title = f"{words(f'metric.{view.what.id}.name')}: {_dims(ctx.words, view)}"
    draw_table(ctx, as_rows(view.what, rows), alt=title)
    offer(ctx, Export(rows, metric=view.what.id, title=f"{title}: {group}, {panel}"))


def _pick(pickers: DeltaGenerator, ctx: PageContext, name: str, label: str, dim: str, groups: list[str]) -> str:
    label_text = ctx.words(label, **{"rows" if name == "group" else "panels": ctx.words(f"dimension.{dim}")})
    return summary.choose(pickers, ctx.words, name, label_text, summary.group_options(ctx, dim, groups))
