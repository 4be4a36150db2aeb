"""Choices, sentences and groups of the Explore page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from duewatch.charts.segments import Group
from duewatch.contract.i18n import Words
from duewatch.contract.settings import Settings
from duewatch.metrics.metric import Metric
from duewatch.metrics.registry import EXPLORABLE
from duewatch.metrics.segments import ALL, BANDS, NO_DIMENSION, UNKNOWN, Days, View
from duewatch.ui.parts.decided_days import decided
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.numbers import DASH, Number, Numbers
from duewatch.ui.parts.period import pick_period
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

Row = Mapping[str, Any]
ROWS_DRAWN, PANELS_DRAWN = 12, 6
CODE = "\x1f"
"""Between the two groups of a point's code."""
ORDERED: dict[str, tuple[str, ...]] = {
    "balance_band": BANDS,
    "risk_grade": ("low", "medium", "high"),
    "stage": ("current", "M1", "M2-M3", "later"),
}
CHANCE = 0.05


@dataclass(frozen=True)
class GroupWords:
    """Writes a metric's value and the sums it is made of."""

    what: Metric
    numbers: Numbers

    def __call__(self, value: float | None) -> str:
        if value is None:
            return DASH
        if self.what.units.form == "share":
            return self.numbers.percent(value)
        if self.what.units.form == "per_thousand":
            return self.numbers.short(value * 1000)
        return self.numbers.money(value) if self.what.units.form == "money" else self.numbers.short(value)

    def sum(self, place: int, amount: Number) -> str:
        """The numerator (0) or denominator (1) in full."""
        return (
            self.numbers.exact_money(amount) if self.what.units.sums[place] == "money" else self.numbers.count(amount)
        )

    def limits(self, row: Row) -> str:
        return DASH if row["low"] is None else f"{self(row['low'])}–{self(row['high'])}"


def pick_view(ctx: PageContext) -> View:
    """Metric, rows and panels, all in the address; what is no option there is left out with one sentence."""
    words, place = ctx.words, st.container(horizontal=True)
    named = {name: words(f"metric.{name}.name") for name in EXPLORABLE}
    what = EXPLORABLE[choose(place, words, "metric", words("explore.metric"), named)]
    dims = {name: words(f"dimension.{name}") for name in what.units.dims}
    dim_1 = choose(place, words, "rows", words("explore.rows"), dims)
    others = {NO_DIMENSION: words("explore.none"), **{name: told for name, told in dims.items() if name != dim_1}}
    dim_2 = choose(place, words, "panels", words("explore.panels"), others)
    return View(what, dim_1, dim_2)


def choose(place: DeltaGenerator, words: Words, name: str, label: str, options: Mapping[str, str]) -> str:
    """One of the options (value to words), picked in `place` and kept in the address under `name`; the first is the
    default. A value left over from another choice gives way in silence, one that a link brings in is named."""
    key, given = f"explore_{name}", st.query_params.get(name)
    if given is not None and given not in options:
        if st.session_state.get(key) != given:
            st.warning(words("explore.bad", label=label, value=given[:40]), icon=":material/link_off:")
        del st.query_params[name]
        given = None
    st.session_state[key] = given or next(iter(options))

    def write() -> None:
        st.query_params[name] = st.session_state[key]

    picked: str = place.selectbox(label, list(options), key=key, format_func=options.__getitem__, on_change=write)
    return picked


def pick_days(ctx: PageContext, what: Metric, settings: Settings) -> Days:
    """The days that the metric's own page has by default. Stops the page with a sentence where there are none."""
    if what.units.period == "step":
        if ctx.previous is None:
            empty(ctx.words("explore.needs_step", day=ctx.as_of))
            st.stop()
        return Days(ctx.as_of, ctx.previous, ctx.as_of)
    if what.units.period == "due":
        window = decided(ctx.as_of, settings)
        return Days(ctx.as_of, window.start, window.end)
    if what.units.period == "period":
        with st.container(horizontal=True):
            period = pick_period(ctx)
        return Days(max(ctx.as_of, period.end), period.start, period.end)
    return Days(ctx.as_of, ctx.as_of, ctx.as_of)


def period_words(ctx: PageContext, what: Metric, days: Days) -> str:
    if what.units.period == "day":
        return ctx.words("explore.for_day", day=ctx.numbers.day(days.as_of))
    start = days.start + timedelta(days=1) if what.units.period == "step" else days.start
    return ctx.words("explore.for_period", start=ctx.numbers.day(start), end=ctx.numbers.day(days.end))


def group_words(words: Words, numbers: Numbers, dim: str, code: str) -> str:
    """A group in the reader's words."""
    if code == UNKNOWN:
        return words("dimension.unknown")
    if dim == "balance_band":
        return _band_words(words, numbers, code)
    if dim == "risk_grade":
        return words(f"dimension.grade_{code}") if words.has(f"dimension.grade_{code}") else code
    for key in (f"{dim}.{code}", f"code.{code}"):
        if dim in ("channel", "stage", "bucket") and words.has(key):
            return words(key)
    return code


def _band_words(words: Words, numbers: Numbers, code: str) -> str:
    way, amount = code.split("_")
    place, bound = BANDS.index(code), numbers.money(int(amount))
    if way == "from" or place == 0:
        return words("dimension.from" if way == "from" else "dimension.below", amount=bound)
    return words("dimension.between", low=numbers.money(int(BANDS[place - 1].split("_")[1])), high=bound)


def in_order(frame: pl.DataFrame, dim: str, column: str) -> list[str]:
    """The groups of one dimension: in their own order where they have one, else with the most units first."""
    sizes = frame.group_by(column).agg(pl.col("n_units").sum()).sort(["n_units", column], descending=[True, False])
    groups: list[str] = sizes[column].to_list()
    if dim in ORDERED:
        order = ORDERED[dim]
        return sorted(groups, key=lambda group: order.index(group) if group in order else len(order))
    own = sorted(groups) if dim in ("opened_year", "bucket") else groups
    return sorted(own, key=lambda group: group == UNKNOWN)


def stands_apart(row: Row, whole: float) -> str:
    """more, less, same or few: whether the group's limits leave out the value of the whole."""
    if row["value"] is None:
        return "few"
    if row["low"] is None or row["low"] <= whole <= row["high"]:
        return "same"
    return "more" if row["value"] > whole else "less"


def headline(ctx: PageContext, view: View, days: Days, whole: Row | None, frame: pl.DataFrame) -> str:
    """The value of the whole, and how many groups stand apart from it."""
    words = ctx.words
    say = GroupWords(view.what, ctx.numbers)
    told = {"metric": words(f"metric.{view.what.id}.name"), "period": period_words(ctx, view.what, days)}
    if whole is None or whole["value"] is None:
        told |= {"n": ctx.numbers.count(whole["n_units"] if whole else 0), "unit": unit_words(words, view.what)}
        return words("headline.explore.few" if whole and whole["is_few"] else "headline.explore.nothing", **told)
    told["value"] = say(whole["value"])
    known = [row for row in frame.iter_rows(named=True) if row["value"] is not None]
    apart = [row for row in known if stands_apart(row, whole["value"]) in ("more", "less")]
    if not apart:
        return words("headline.explore.none" if known else "headline.explore.alone", n=len(known), **told)
    far = max(apart, key=lambda row: abs(row["value"] - whole["value"]))
    return words(
        "headline.explore.some",
        apart=len(apart),
        n=len(known),
        name=both_words(ctx, view, far),
        there=say(far["value"]),
        **told,
    )


def both_words(ctx: PageContext, view: View, row: Row) -> str:
    parts = [group_words(ctx.words, ctx.numbers, view.dim_1, row["group_1"])]
    if view.dim_2 != NO_DIMENSION:
        parts.append(group_words(ctx.words, ctx.numbers, view.dim_2, row["group_2"]))
    return " · ".join(parts)


def whole_tile(ctx: PageContext, what: Metric, whole: Row) -> Tile:
    say = GroupWords(what, ctx.numbers)
    unit = ctx.words("explore.tile_note", n=ctx.numbers.count(whole["n_units"]), unit=unit_words(ctx.words, what))
    told = [unit] if whole["low"] is None else [ctx.words("tile.interval", interval=say.limits(whole)), unit]
    return Tile(
        what.id,
        say(whole["value"]),
        note=" · ".join(told),
        counted=ctx.words("tile.counted", part=say.sum(0, whole["numerator"]), whole=say.sum(1, whole["denominator"])),
    )


def unit_words(words: Words, what: Metric) -> str:
    return words(f"explore.unit_{what.units.unit}")


def points(
    ctx: PageContext, view: View, frame: pl.DataFrame, panel: str, order: list[str], whole: float
) -> list[Group]:
    """The rows of one panel, in the order that all panels share."""
    say = GroupWords(view.what, ctx.numbers)
    rows = {row["group_1"]: row for row in frame.filter(pl.col("group_2") == panel).iter_rows(named=True)}
    return [
        Group(
            group_words(ctx.words, ctx.numbers, view.dim_1, code),
            rows[code]["value"],
            rows[code]["low"],
            rows[code]["high"],
            _at_end(ctx, say, rows[code]),
            stands_apart(rows[code], whole) in ("more", "less"),
            f"{code}{CODE}{panel}",
        )
        for code in order
        if code in rows
    ]


def _at_end(ctx: PageContext, say: GroupWords, row: Row) -> str:
    n = ctx.numbers.count(row["n_units"])
    if row["is_few"]:
        return ctx.words("explore.few", n=n)
    if row["value"] is None:
        return ctx.words("explore.no_denominator")
    return f"{say(row['value'])} · n = {n}"


def panel_finding(ctx: PageContext, name: str, groups: list[Group]) -> str:
    known = [group for group in groups if group.value is not None]
    if not known:
        return ctx.words("explore.panel_few", name=name)
    return ctx.words("explore.panel", name=name, apart=sum(group.stands_apart for group in known), n=len(known))


def top_of(frame: pl.DataFrame, order: list[str], panels: list[str], whole: float) -> float:
    """The highest limit that is drawn."""
    drawn = frame.filter(pl.col("group_1").is_in(order) & pl.col("group_2").is_in(panels))
    highest = [value for name in ("high", "value") for value in drawn[name].drop_nulls().to_list()]
    return float(max([whole, *highest]))


def note(ctx: PageContext, view: View, frame: pl.DataFrame, settings: Settings) -> str:
    known = frame.filter(pl.col("value").is_not_null()).height
    return ctx.words(
        "explore.note",
        n=known,
        chance=ctx.numbers.short(round(known * CHANCE, 1)),
        least=settings.smallest_group,
        unit=unit_words(ctx.words, view.what),
    )


def as_table(ctx: PageContext, view: View, frame: pl.DataFrame, whole: float) -> pl.DataFrame:
    """All groups in words, with their sums; a group of too few has n alone."""
    rows = []
    for row in frame.iter_rows(named=True):
        told: dict[str, Any] = {view.dim_1: group_words(ctx.words, ctx.numbers, view.dim_1, row["group_1"])}
        if view.dim_2 != NO_DIMENSION:
            told[view.dim_2] = group_words(ctx.words, ctx.numbers, view.dim_2, row["group_2"])
        told |= {"n_units": row["n_units"], "n_debtors": row["n_debtors"]}
        for place, name in enumerate(("numerator", "denominator")):
            told[name] = None if row["is_few"] else _summed(view.what, place, row[name])
        told |= {name: _shown(view.what, row[name]) for name in ("value", "low", "high")}
        told["against_whole"] = ctx.words(f"explore.apart_{stands_apart(row, whole)}")
        rows.append(told)
    return pl.DataFrame(rows, schema_overrides=_schema(view.what), infer_schema_length=None)


def _schema(what: Metric) -> dict[str, Any]:
    """Types that hold also where every group is too few."""
    money, value = pl.Decimal(38, 2), pl.Float64 if what.units.form == "share" else pl.Decimal(38, 2)
    sums = {
        name: money if what.units.sums[place] == "money" else pl.Int64
        for place, name in enumerate(("numerator", "denominator"))
    }
    return {**sums, **dict.fromkeys(("value", "low", "high"), value), "n_debtors": pl.Int64}


def _summed(what: Metric, place: int, amount: Decimal) -> Decimal | int:
    return amount if what.units.sums[place] == "money" else int(amount)


def _shown(what: Metric, value: float | None) -> float | Decimal | None:
    if value is None or what.units.form == "share":
        return value
    return Decimal(str(value * (1000 if what.units.form == "per_thousand" else 1))).quantize(Decimal("0.01"))


def why_nothing(words: Words, whole: Row | None, settings: Settings) -> str:
    """Why the whole choice has no value."""
    if whole is not None and whole["is_few"]:
        return words("explore.few_in_all", least=settings.smallest_group)
    return words("guard.no_rows" if whole is None else "explore.no_denominator")


def clicked(point: Mapping[str, Any]) -> None:
    """A point that was clicked becomes the picked group."""
    code = point["customdata"]
    group, _, panel = (code[0] if isinstance(code, list) else code).partition(CODE)
    st.query_params["group"], st.query_params["panel"] = group, panel


def group_options(ctx: PageContext, dim: str, groups: list[str]) -> dict[str, str]:
    named = {code: group_words(ctx.words, ctx.numbers, dim, code) for code in groups}
    return {ALL: ctx.words("explore.every"), **named}
