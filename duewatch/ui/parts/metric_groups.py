"""A metric by groups: how a group is named, ordered, written and drawn, on Explore and on any other page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from duewatch.charts.segments import Group
from duewatch.contract.i18n import Words
from duewatch.metrics.metric import Metric
from duewatch.metrics.segments import BANDS, UNKNOWN, View
from duewatch.ui.parts.numbers import DASH, Number, Numbers
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

Row = Mapping[str, Any]
CODE = "\x1f"
"""Between the two groups of a point's code."""
ORDERED: dict[str, tuple[str, ...]] = {
    "balance_band": BANDS,
    "risk_grade": ("low", "medium", "high"),
    "stage": ("current", "M1", "M2-M3", "later", "written_off"),
}


@dataclass(frozen=True)
class ValueWriter:
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


def group_name(words: Words, numbers: Numbers, dim: str, code: str) -> str:
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
    end, amount = code.split("_")
    position, bound = BANDS.index(code), numbers.money(int(amount))
    if end == "from" or position == 0:
        return words("dimension.from" if end == "from" else "dimension.below", amount=bound)
    return words("dimension.between", low=numbers.money(int(BANDS[position - 1].split("_")[1])), high=bound)


def groups_in_order(frame: pl.DataFrame, dim: str, column: str) -> list[str]:
    """The groups of one dimension: in their own order where they have one, else with the most units first."""
    sizes = frame.group_by(column).agg(pl.col("n_units").sum()).sort(["n_units", column], descending=[True, False])
    groups: list[str] = sizes[column].to_list()
    if dim in ORDERED:
        order = ORDERED[dim]
        return sorted(groups, key=lambda group: order.index(group) if group in order else len(order))
    own = sorted(groups) if dim in ("opened_year", "bucket") else groups
    return sorted(own, key=lambda group: group == UNKNOWN)


def against_whole(row: Row, whole: float) -> str:
    """more, less, same or few: whether the group's limits leave out the value of the whole."""
    if row["value"] is None:
        return "few"
    if row["low"] is None or row["low"] <= whole <= row["high"]:
        return "same"
    return "more" if row["value"] > whole else "less"


def unit_name(words: Words, what: Metric) -> str:
    return words(f"explore.unit_{what.units.unit}")


def group_points(
    ctx: PageContext, view: View, frame: pl.DataFrame, panel: str, order: list[str], whole: float
) -> list[Group]:
    """The rows of one panel, in the order that all panels share."""
    write = ValueWriter(view.what, ctx.numbers)
    rows = {row["group_1"]: row for row in frame.filter(pl.col("group_2") == panel).iter_rows(named=True)}
    return [
        Group(
            group_name(ctx.words, ctx.numbers, view.dim_1, code),
            rows[code]["value"],
            rows[code]["low"],
            rows[code]["high"],
            _end_text(ctx, write, rows[code]),
            against_whole(rows[code], whole) in ("more", "less"),
            f"{code}{CODE}{panel}",
        )
        for code in order
        if code in rows
    ]


def _end_text(ctx: PageContext, write: ValueWriter, row: Row) -> str:
    n = ctx.numbers.count(row["n_units"])
    if row["is_few"]:
        return ctx.words("explore.few", n=n)
    if row["value"] is None:
        return ctx.words("explore.no_denominator")
    return f"{write(row['value'])} · n = {n}"


def panel_finding(ctx: PageContext, name: str, groups: list[Group]) -> str:
    with_value = [group for group in groups if group.value is not None]
    if not with_value:
        return ctx.words("explore.panel_few", name=name)
    return ctx.words(
        "explore.panel", name=name, apart=sum(group.stands_apart for group in with_value), n=len(with_value)
    )


def axis_top(frame: pl.DataFrame, order: list[str], panels: list[str], whole: float) -> float:
    """The highest limit that is drawn."""
    rows = frame.filter(pl.col("group_1").is_in(order) & pl.col("group_2").is_in(panels))
    highest = [value for name in ("high", "value") for value in rows[name].drop_nulls().to_list()]
    return float(max([whole, *highest]))


def whole_tile(ctx: PageContext, what: Metric, whole: Row) -> Tile:
    write = ValueWriter(what, ctx.numbers)
    unit = ctx.words("explore.tile_note", n=ctx.numbers.count(whole["n_units"]), unit=unit_name(ctx.words, what))
    notes = [unit] if whole["low"] is None else [ctx.words("tile.interval", interval=write.limits(whole)), unit]
    return Tile(
        what.id,
        write(whole["value"]),
        note=" · ".join(notes),
        counted=ctx.words(
            "tile.counted", part=write.sum(0, whole["numerator"]), whole=write.sum(1, whole["denominator"])
        ),
    )
