"""The rows behind a metric: those that its declaration names, or its units where it can be cut in Explore."""

from __future__ import annotations

import polars as pl

from duewatch.contract.settings import load_settings
from duewatch.engines import Ask, Scalar
from duewatch.metrics.metric import Metric
from duewatch.metrics.registry import EXPLORABLE, METRICS
from duewatch.metrics.segments import ALL, NO_DIMENSION, Days, View, units_of
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.numbers import Number
from duewatch.ui.shell.frame import PageContext


def as_rows(what: Metric, units: pl.DataFrame) -> pl.DataFrame:
    """The units for the eye: without the currency, and without columns that would say the same in every row."""
    same = ["currency", *(["unit_id"] if what.units.unit in ("accounts", "account_stages") else [])]
    if what.units.unit != "things_judged":
        same.append("n_units")
    counts = [name for place, name in enumerate(("numerator", "denominator")) if what.units.sums[place] == "count"]
    rows = units.drop(same).with_columns(pl.col(name).cast(pl.Int64) for name in counts)
    return rows.drop("account_id", "bucket", "risk_grade") if what.units.unit == "things_judged" else rows


def of_metric(
    ctx: PageContext, metric: str, days: Days, number: Number, *, dim: str = NO_DIMENSION, group: str = ALL
) -> DrillDown:
    """The units of an explorable metric, all of them or those of one group."""
    what = EXPLORABLE[metric]

    def rows() -> pl.DataFrame:
        return as_rows(what, units_of(ctx.ask, View(what, dim), days, load_settings(), group, ALL))

    return DrillDown(rows, number, "numerator", "denominator")


def declared_rows(ask: Ask, metric: str, number: Number, **params: Scalar) -> DrillDown:
    """The rows that the metric's declaration names, asked with `params` when they are opened. Raises KeyError where it
    names none."""
    rows = METRICS[metric].rows
    if rows is None:
        raise KeyError(f"{metric} declares no rows in queries/metrics.toml")

    def answer() -> pl.DataFrame:
        return ask(rows.query, params).drop(rows.hidden)

    return DrillDown(answer, number, rows.part, rows.whole)
