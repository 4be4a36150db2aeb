"""A metric by up to two dimensions, as Explore and the rows behind a tile ask it of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from duewatch.contract.months import step_start
from duewatch.contract.settings import Settings
from duewatch.engines import Ask, Params, Scalar
from duewatch.engines.query_files import QueryFile, over_units, params_taken, query_file
from duewatch.metrics.decided_days import decided
from duewatch.metrics.metric import Metric

NO_DIMENSION = "none"
ALL = "all"
UNKNOWN = "unknown"
BANDS = ("to_1000", "to_5000", "to_20000", "to_100000", "from_100000", UNKNOWN)
"""Balance bands in order; the number is the upper bound, of the last the lower."""
PERIODS = ("day", "step", "due", "period")


@dataclass(frozen=True)
class Days:
    """The as-of day and the period a metric is asked for; start and end are as_of where it has none."""

    as_of: date
    start: date
    end: date


@dataclass(frozen=True)
class View:
    """A metric by up to two dimensions."""

    what: Metric
    dim_1: str = NO_DIMENSION
    dim_2: str = NO_DIMENSION


def usual_days(what: Metric, as_of: date, snapshot_days: Sequence[date], settings: Settings) -> Days | None:
    """The days that the metric's own page has at first; None where it needs a month before that the book has not."""
    start = step_start(snapshot_days, as_of)
    if what.units.period == "due":
        window = decided(as_of, settings)
        return Days(as_of, window.start, window.end)
    if what.units.period == "day":
        return Days(as_of, as_of, as_of)
    if what.units.period == "period":
        return Days(as_of, start + timedelta(days=1) if start else as_of - timedelta(days=29), as_of)
    return Days(as_of, start, as_of) if start else None


def params_of(what: Metric, days: Days, settings: Settings) -> dict[str, Scalar]:
    """All that the metric's units are asked with."""
    return {
        "as_of": days.as_of,
        "from_date": days.start,
        "to_date": days.end,
        "grace_days": settings.promise_grace_days,
        "tolerance": float(settings.promise_tolerance),
        "least": settings.smallest_group,
        "limits": what.units.limits,
        **what.units.given,
    }


def segments_of(ask: Ask, view: View, days: Days, settings: Settings) -> pl.DataFrame:
    """explore/segments of a view."""
    return _over_units(ask, "explore/segments", view, params_of(view.what, days, settings))


def units_of(ask: Ask, view: View, days: Days, settings: Settings, group_1: str, group_2: str) -> pl.DataFrame:
    """explore/segment_units: the units behind one group."""
    given = params_of(view.what, days, settings) | {"group_1": group_1, "group_2": group_2}
    return _over_units(ask, "explore/segment_units", view, given)


def _over_units(ask: Ask, name: str, view: View, given: Params) -> pl.DataFrame:
    """The answer of a query of `queries/explore/` over the units of the view's metric."""
    name = over_units(name, view.what.units.query)
    return ask(name, params_taken(name, {**given, "dim_1": view.dim_1, "dim_2": view.dim_2}))


def as_asked(view: View, days: Days, settings: Settings) -> tuple[QueryFile, dict[str, Scalar]]:
    """The query of a view and the parameters it is asked with, to be shown."""
    name = over_units("explore/segments", view.what.units.query)
    given = params_of(view.what, days, settings) | {"dim_1": view.dim_1, "dim_2": view.dim_2}
    return query_file(name), query_file(name).bound(params_taken(name, given))
