"""What is chosen on the Explore page, its sentences and its table of groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from duewatch.contract.i18n import Words
from duewatch.contract.settings import Settings
from duewatch.metrics.metric import Metric
from duewatch.metrics.registry import EXPLORABLE
from duewatch.metrics.segments import ALL, NO_DIMENSION, Days, View, usual_days
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.metric_groups import CODE, Row, ValueWriter, against_whole, group_name, unit_name
from duewatch.ui.parts.period import pick_period
from duewatch.ui.shell.frame import PageContext

ROWS_DRAWN, PANELS_DRAWN = 12, 6
CHANCE = 0.05


def pick_view(ctx: PageContext) -> View:
    """Metric, rows and panels, all in the address; what is no option there is left out with one sentence."""
    words, pickers = ctx.words, st.container(horizontal=True)
    metrics = {name: words(f"metric.{name}.name") for name in EXPLORABLE}
    metric = EXPLORABLE[choose(pickers, words, "metric", words("explore.metric"), metrics)]
    dims = {name: words(f"dimension.{name}") for name in metric.units.dims}
    dim_1 = choose(pickers, words, "rows", words("explore.rows"), dims)
    panels = {
        NO_DIMENSION: words("explore.none"),
        **{name: dim_name for name, dim_name in dims.items() if name != dim_1},
    }
    dim_2 = choose(pickers, words, "panels", words("explore.panels"), panels)
    return View(metric, dim_1, dim_2)


def choose(pickers: DeltaGenerator, words: Words, name: str, label: str, options: Mapping[str, str]) -> str:
    """One of the options (value to words), picked in `pickers` and kept in the address under `name`; the first is the
    default. A value left over from another choice gives way in silence, one that a link brings in is named."""
    key, in_address = f"explore_{name}", st.query_params.get(name)
    if in_address is not None and in_address not in options:
        if st.session_state.get(key) != in_address:
            st.warning(words("explore.bad", label=label, value=in_address[:40]), icon=":material/link_off:")
        del st.query_params[name]
        in_address = None
    st.session_state[key] = in_address or next(iter(options))

    def write() -> None:
        st.query_params[name] = st.session_state[key]

    value: str = pickers.selectbox(label, list(options), key=key, format_func=options.__getitem__, on_change=write)
    return value


def pick_days(ctx: PageContext, what: Metric, settings: Settings) -> Days:
    """The days that the metric's own page has by default. Stops the page with a sentence where there are none."""
    if what.units.period == "period":
        with st.container(horizontal=True):
            period = pick_period(ctx)
        return Days(max(ctx.as_of, period.end), period.start, period.end)
    days = usual_days(what, ctx.as_of, ctx.days, settings)
    if days is None:
        empty(ctx.words("explore.needs_step", day=ctx.as_of))
        st.stop()
    return days


def period_words(ctx: PageContext, what: Metric, days: Days) -> str:
    if what.units.period == "day":
        return ctx.words("explore.for_day", day=ctx.numbers.day(days.as_of))
    start = days.start + timedelta(days=1) if what.units.period == "step" else days.start
    return ctx.words("explore.for_period", start=ctx.numbers.day(start), end=ctx.numbers.day(days.end))


def headline(ctx: PageContext, view: View, days: Days, whole: Row | None, frame: pl.DataFrame) -> str:
    """The value of the whole, and how many groups stand apart from it."""
    words = ctx.words
    write = ValueWriter(view.what, ctx.numbers)
    values = {"metric": words(f"metric.{view.what.id}.name"), "period": period_words(ctx, view.what, days)}
    if whole is None or whole["value"] is None:
        values |= {"n": ctx.numbers.count(whole["n_units"] if whole else 0), "unit": unit_name(words, view.what)}
        return words("headline.explore.few" if whole and whole["is_few"] else "headline.explore.nothing", **values)
    values["value"] = write(whole["value"])
    with_value = [row for row in frame.iter_rows(named=True) if row["value"] is not None]
    groups_apart = [row for row in with_value if against_whole(row, whole["value"]) in ("more", "less")]
    if not groups_apart:
        return words("headline.explore.none" if with_value else "headline.explore.alone", n=len(with_value), **values)
    furthest = max(groups_apart, key=lambda row: abs(row["value"] - whole["value"]))
    return words(
        "headline.explore.some",
        apart=len(groups_apart),
        n=len(with_value),
        name=both_groups(ctx, view, furthest),
        there=write(furthest["value"]),
        **values,
    )


def both_groups(ctx: PageContext, view: View, row: Row) -> str:
    parts = [group_name(ctx.words, ctx.numbers, view.dim_1, row["group_1"])]
    if view.dim_2 != NO_DIMENSION:
        parts.append(group_name(ctx.words, ctx.numbers, view.dim_2, row["group_2"]))
    return " · ".join(parts)


def chance_note(ctx: PageContext, view: View, frame: pl.DataFrame, settings: Settings) -> str:
    n_known = frame.filter(pl.col("value").is_not_null()).height
    return ctx.words(
        "explore.note",
        n=n_known,
        chance=ctx.numbers.short(round(n_known * CHANCE, 1)),
        least=settings.smallest_group,
        unit=unit_name(ctx.words, view.what),
    )


def groups_table(ctx: PageContext, view: View, frame: pl.DataFrame, whole: float) -> pl.DataFrame:
    """All groups in words, with their sums; a group of too few has n alone."""
    rows = []
    for row in frame.iter_rows(named=True):
        cells: dict[str, Any] = {view.dim_1: group_name(ctx.words, ctx.numbers, view.dim_1, row["group_1"])}
        if view.dim_2 != NO_DIMENSION:
            cells[view.dim_2] = group_name(ctx.words, ctx.numbers, view.dim_2, row["group_2"])
        cells |= {"n_units": row["n_units"], "n_debtors": row["n_debtors"]}
        for position, name in enumerate(("numerator", "denominator")):
            cells[name] = None if row["is_few"] else _sum_value(view.what, position, row[name])
        cells |= {name: _value(view.what, row[name]) for name in ("value", "low", "high")}
        cells["against_whole"] = ctx.words(f"explore.apart_{against_whole(row, whole)}")
        rows.append(cells)
    return pl.DataFrame(rows, schema_overrides=_schema(view.what), infer_schema_length=None)


def _schema(what: Metric) -> dict[str, Any]:
    """Types that hold also where every group is too few."""
    money, value = pl.Decimal(38, 2), pl.Float64 if what.units.form == "share" else pl.Decimal(38, 2)
    sums = {
        name: money if what.units.sums[place] == "money" else pl.Int64
        for place, name in enumerate(("numerator", "denominator"))
    }
    return {**sums, **dict.fromkeys(("value", "low", "high"), value), "n_debtors": pl.Int64}


def _sum_value(what: Metric, place: int, amount: Decimal) -> Decimal | int:
    return amount if what.units.sums[place] == "money" else int(amount)


def _value(what: Metric, value: float | None) -> float | Decimal | None:
    if value is None or what.units.form == "share":
        return value
    return Decimal(str(value * (1000 if what.units.form == "per_thousand" else 1))).quantize(Decimal("0.01"))


def why_nothing(words: Words, whole: Row | None, settings: Settings) -> str:
    """Why the whole choice has no value."""
    if whole is not None and whole["is_few"]:
        return words("explore.few_in_all", least=settings.smallest_group)
    return words("guard.no_rows" if whole is None else "explore.no_denominator")


def pick_group(point: Mapping[str, Any]) -> None:
    """A point that was clicked becomes the picked group."""
    code = point["customdata"]
    group, _, panel = (code[0] if isinstance(code, list) else code).partition(CODE)
    st.query_params["group"], st.query_params["panel"] = group, panel


def group_options(ctx: PageContext, dim: str, groups: list[str]) -> dict[str, str]:
    options = {code: group_name(ctx.words, ctx.numbers, dim, code) for code in groups}
    return {ALL: ctx.words("explore.every"), **options}
