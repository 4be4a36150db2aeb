"""What a tile opens: the rows that its number is made of, asked for when somebody presses for them.

Whoever draws tiles says for each metric what stands behind it (`DrillDown`). The dialog adds the rows up and says so
where they do not come to the number; the test of all pages does the same (tests/pages/test_every_tile_opens.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from math import isclose

import polars as pl
import streamlit as st

from duewatch.ui.parts.numbers import DASH, Number
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

EACH = "*"
"""In place of a column: every row is one."""
HIDDEN = ("currency", "debtor_key")
"""Columns that are for joining, or the same in every row."""


@dataclass(frozen=True)
class DrillDown:
    """Rows and how they add up to the number of a tile."""

    rows: Callable[[], pl.DataFrame] = field(repr=False)
    number: Number | None
    """What the rows must come to: as the tile's own query has it, unrounded."""
    part: str = ""
    """The column that is summed; empty: the rows are counted."""
    whole: str = ""
    """The number is the sum of `part` over the sum of this column, or over the count of rows where it is EACH."""
    than: str = ""
    """A true/false column: the number is the share among the true rows less that among the others."""

    def comes_to(self, rows: pl.DataFrame) -> Number | None:
        """The number that the rows make up; None where its denominator is 0."""
        if not self.than:
            return self._of(rows)
        high, low = (self._of(rows.filter(pl.col(self.than) == side)) for side in (True, False))
        return None if high is None or low is None else float(high) - float(low)

    def _of(self, rows: pl.DataFrame) -> Number | None:
        part = self.sum_of(rows, self.part)
        if not self.whole:
            return part
        whole = self.sum_of(rows, self.whole)
        return float(part) / float(whole) if whole else None

    def sum_of(self, rows: pl.DataFrame, column: str) -> Decimal | int | float:
        """Exact for money and counts; a row without a value adds nothing."""
        if column in ("", EACH):
            return rows.height
        if isinstance(rows.schema[column], pl.Decimal):
            return sum(rows[column].drop_nulls().to_list(), Decimal(0))
        total = rows[column].sum() or 0
        return float(total) if rows.schema[column].is_float() else int(total)

    def agrees(self, rows: pl.DataFrame) -> bool:
        sum_of_rows, number = self.comes_to(rows), self.number
        if sum_of_rows is None or number is None:
            return sum_of_rows is number
        if isinstance(sum_of_rows, float) or isinstance(number, float):
            return isclose(sum_of_rows, number, rel_tol=1e-9, abs_tol=1e-12)
        return sum_of_rows == number


DrillDowns = dict[str, DrillDown]
"""Metric of a tile to the rows that its number is made of."""


def open_button(ctx: PageContext, metric: str, value: str, behind: DrillDown | None) -> None:
    """The way to the rows, on the tile itself; none where the number is not known."""
    if behind is None or value == DASH:
        return
    if st.button(ctx.words("behind.open"), type="tertiary", icon=":material/table_rows:", key=f"open_{metric}"):
        title = ctx.words("tile.rows_title", metric=ctx.words(f"metric.{metric}.name"), value=value)
        st.dialog(title, width="large")(_draw)(ctx, metric, value, behind)


def _draw(ctx: PageContext, metric: str, value: str, behind: DrillDown) -> None:
    words, numbers = ctx.words, ctx.numbers
    rows = behind.rows()
    values = {"n": numbers.count(rows.height), "value": value, "sum": _written(ctx, behind.sum_of(rows, behind.part))}
    if behind.whole:
        values["whole"] = _written(ctx, behind.sum_of(rows, behind.whole))
    if behind.agrees(rows):
        form = "difference" if behind.than else "ratio" if behind.whole else "sum" if behind.part else "count"
        st.markdown(words(f"behind.{form}", **values))
    else:
        st.error(words("guard.not_equal", rows=_written(ctx, behind.comes_to(rows)), number=value))
    if rows.is_empty():
        st.caption(words("guard.no_rows"))
        return
    visible = rows.drop(HIDDEN, strict=False)
    name = words("behind.title", name=words(f"metric.{metric}.name"))
    draw_table(ctx, visible, alt=name)
    total = behind.sum_of(rows, behind.part)
    offer(ctx, Export(visible, metric=metric, title=name, total=total if isinstance(total, Decimal) else None))


def _written(ctx: PageContext, amount: Number | None) -> str:
    if amount is None:
        return DASH
    if isinstance(amount, Decimal):
        return ctx.numbers.exact_money(amount)
    return ctx.numbers.count(amount) if isinstance(amount, int) else ctx.numbers.short(amount)
