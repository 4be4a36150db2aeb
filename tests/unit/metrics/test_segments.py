"""One registry, one number: what Explore says with no dimension is what the metric's own query says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.decided_days import decided
from duewatch.metrics.metric import DIMENSIONS, Metric
from duewatch.metrics.registry import EXPLORABLE, METRICS
from duewatch.metrics.segments import ALL, NO_DIMENSION, Days, View, segments_of, units_of

AS_OF, BEFORE, FIRST = date(2026, 10, 31), date(2026, 9, 30), date(2026, 5, 1)
"""Breaches are rare in the demo book: they are compared over the whole log."""
SETTINGS = Settings()
Asked = Callable[..., pl.DataFrame]
Number = tuple[Decimal | int | None, Decimal | int | None, float]
"""Numerator, denominator (None where the page's query does not return them) and value."""


@pytest.fixture(scope="module")
def ask(demo_book: Path) -> Iterator[Asked]:
    with closing(DuckDBEngine(current_book(demo_book), SETTINGS)) as engine:
        scope = WHOLE_BOOK.narrowed(currencies=("CNY",))
        yield lambda name, params: engine.run(name, params, scope)


def days_for(what: Metric) -> Days:
    if what.units.period == "due":
        window = decided(AS_OF, SETTINGS)
        return Days(AS_OF, window.start, window.end)
    return Days(AS_OF, FIRST if what.id == "breach_rate" else BEFORE, AS_OF)


def one(frame: pl.DataFrame, **wanted: str) -> dict[str, Any]:
    return frame.filter(*(pl.col(name) == value for name, value in wanted.items())).row(0, named=True)


def rate(ask: Asked, name: str) -> Number:
    row = one(ask("portfolio/rate_changes", {"from_date": BEFORE, "to_date": AS_OF}), rate=name)
    totals = one(ask("portfolio/book_totals", {"as_of": AS_OF}))
    sums = {
        "overdue_balance": (totals["overdue_balance"], totals["balance"]),
        "overdue_accounts": (totals["n_overdue"], totals["n_accounts"]),
        "ninety_plus_balance": (totals["balance_90_plus"], totals["balance"]),
    }
    return (*sums[name], row["share_to"])


def step(ask: Asked, bucket: str, kind: str) -> Number:
    row = one(ask("portfolio/roll_and_cure", {"from_date": BEFORE, "to_date": AS_OF}), from_bucket=bucket)
    return row[f"n_{kind}"], row["n_accounts"], row[f"share_{kind}"]


def kept(ask: Asked, column: str) -> Number:
    window = decided(AS_OF, SETTINGS)
    row = one(ask("promises/kept_ratio", {"as_of": AS_OF, "from_date": window.start, "to_date": window.end}))
    by = (row["n_kept"], row["n_matured"]) if column == "share_kept" else (None, row["promised"])
    return (*by, row[column])


def funnel(ask: Asked, column: str) -> Number:
    found = ask("contacts/funnel", {"from_date": BEFORE, "to_date": AS_OF})
    part = int(found[column].drop_nulls().sum())
    return part, None, part / int(found["n_attempts"].sum())


def process(ask: Asked) -> Number:
    found = ask("process/checks", {"from_date": BEFORE, "to_date": AS_OF})
    part, whole = int(found["n_kept"].sum()), int(found["n_judged"].sum())
    return part, whole, part / whole


def intensity(ask: Asked) -> Number:
    """The written-off stock is a stage of its own on the page, and not in Explore."""
    found = ask("process/intensity", {"from_date": BEFORE, "to_date": AS_OF, "as_of": AS_OF})
    found = found.filter(found["stage"] != "written_off")
    part, whole = int(found["n_attempts"].sum()), int(found["account_days"].sum())
    return part, whole, part / whole


def recovered(ask: Asked) -> Number:
    row = one(ask("recovery/recovery_share", {"from_date": BEFORE, "to_date": AS_OF}))
    return row["collected"], row["overdue_balance"], row["share_collected"]


def breaches(ask: Asked) -> Number:
    row = one(ask("compliance/breach_rates", {"from_date": FIRST, "to_date": AS_OF}))
    return row["n_breaching"], row["n_contacts"], row["rate"]


def average(ask: Asked) -> Number:
    row = one(ask("portfolio/book_totals", {"as_of": AS_OF}))
    return row["balance"], row["n_accounts"], float(row["balance"]) / row["n_accounts"]


OWN: dict[str, Callable[[Asked], Number]] = {
    "overdue_rate": lambda ask: rate(ask, "overdue_balance"),
    "overdue_accounts_rate": lambda ask: rate(ask, "overdue_accounts"),
    "ninety_plus_share": lambda ask: rate(ask, "ninety_plus_balance"),
    "average_balance": average,
    "entry_rate": lambda ask: step(ask, "M0", "worse"),
    "roll_rate": lambda ask: step(ask, "M1", "worse"),
    "cure_rate": lambda ask: step(ask, "M1", "cured"),
    "recovery_share": recovered,
    "kept_ratio": lambda ask: kept(ask, "share_kept"),
    "kept_amount": lambda ask: kept(ask, "share_amount"),
    "connected_share": lambda ask: funnel(ask, "n_connected"),
    "right_party_share": lambda ask: funnel(ask, "n_right_party"),
    "breach_rate": breaches,
    "process_checks": process,
    "intensity": intensity,
}
"""What the query behind each metric's own page says, read without Explore."""


Limits = tuple[float | None, float | None]
WAYS = {
    "wilson": {"wilson"},
    "clustered": {"clustered"},
    "ratio": {"accounts"},
    "recovered": {"accounts"},
    "accounts": {"accounts", "amount_accounts"},
    "segments": {"clustered", "amount"},
    "none_or_segments": {"share"},
}
"""What the registry says of a metric's limits, and how Explore then finds them."""


def ends(row: dict[str, Any], low: str, high: str) -> Limits:
    return row[low], row[high]


def of_rate(ask: Asked, name: str) -> Limits:
    row = one(ask("portfolio/rate_changes", {"from_date": BEFORE, "to_date": AS_OF}), rate=name)
    return ends(row, "share_low", "share_high")


def of_step(ask: Asked, bucket: str, kind: str) -> Limits:
    row = one(ask("portfolio/roll_and_cure", {"from_date": BEFORE, "to_date": AS_OF}), from_bucket=bucket)
    return ends(row, f"{kind}_low", f"{kind}_high")


def of_kept(ask: Asked) -> Limits:
    window = decided(AS_OF, SETTINGS)
    row = one(ask("promises/kept_ratio", {"as_of": AS_OF, "from_date": window.start, "to_date": window.end}))
    return ends(row, "share_kept_low", "share_kept_high")


def of_reach(ask: Asked) -> Limits:
    row = one(ask("contacts/reach_by", {"from_date": BEFORE, "to_date": AS_OF}))
    return ends(row, "connected_low", "connected_high")


LIMITS: dict[str, Callable[[Asked], Limits]] = {
    "overdue_rate": lambda ask: of_rate(ask, "overdue_balance"),
    "overdue_accounts_rate": lambda ask: of_rate(ask, "overdue_accounts"),
    "ninety_plus_share": lambda ask: of_rate(ask, "ninety_plus_balance"),
    "entry_rate": lambda ask: of_step(ask, "M0", "worse"),
    "roll_rate": lambda ask: of_step(ask, "M1", "worse"),
    "cure_rate": lambda ask: of_step(ask, "M1", "cured"),
    "recovery_share": lambda ask: ends(
        one(ask("recovery/recovery_share", {"from_date": BEFORE + timedelta(days=1), "to_date": AS_OF})),
        "share_low",
        "share_high",
    ),
    "kept_ratio": of_kept,
    "connected_share": of_reach,
    "breach_rate": lambda ask: ends(
        one(ask("compliance/breach_rates", {"from_date": FIRST, "to_date": AS_OF})), "rate_low", "rate_high"
    ),
}
"""The limits on the tile of a metric's own page."""
WITHOUT = {
    "average_balance": "shown in Explore alone",
    "right_party_share": "shown in Explore alone: of those known",
    "kept_amount": "no limits on its own page",
    "process_checks": "told rule by rule on its own page",
    "intensity": "told by stage and grade on its own page",
}


OWN_PAGE = {name for name, metric in EXPLORABLE.items() if metric.query != "explore/segments"} | set(OWN)
"""Metrics with a query of their own beside Explore's; the number of another is Explore's by its declaration."""


@pytest.mark.parametrize("metric", EXPLORABLE)
def test_limits_are_found_the_way_the_registry_names(metric: str) -> None:
    assert EXPLORABLE[metric].units.limits in WAYS[METRICS[metric].interval]
    if metric in OWN_PAGE:
        assert (metric in LIMITS) != (metric in WITHOUT), "its own page has limits to compare with, or a reason why not"


@pytest.mark.parametrize("metric", LIMITS)
def test_with_no_dimension_explore_has_the_limits_of_the_metrics_own_tile(metric: str, ask: Asked) -> None:
    """rate_changes leaves out n / (n - 1) under the root: a width apart by one part in twice the accounts."""
    what = EXPLORABLE[metric]
    days = days_for(what)
    if metric == "recovery_share":
        days = Days(days.as_of, days.start + timedelta(days=1), days.end)
    row = one(segments_of(ask, View(what), days, SETTINGS))
    slack = (row["high"] - row["low"]) / row["n_units"] if METRICS[metric].interval == "ratio" else 1e-9
    assert (row["low"], row["high"]) == pytest.approx(LIMITS[metric](ask), abs=slack)
    assert row["low"] < row["value"] < row["high"]


def test_every_explorable_metric_is_registered_and_compared_here() -> None:
    assert len(EXPLORABLE) >= 12
    assert set(OWN) == OWN_PAGE
    assert set(EXPLORABLE) <= set(METRICS)


@pytest.mark.parametrize("metric", OWN)
def test_with_no_dimension_explore_says_what_the_metrics_own_page_says(metric: str, ask: Asked) -> None:
    what = EXPLORABLE[metric]
    row = one(segments_of(ask, View(what), days_for(what), SETTINGS))
    part, whole, value = OWN[metric](ask)
    assert row["value"] == pytest.approx(value, rel=1e-12)
    assert row["value"] > 0, "a book in which this never happens compares nothing"
    assert part is None or row["numerator"] == part
    assert whole is None or row["denominator"] == whole
    if metric == "breach_rate":
        own = one(ask("compliance/breach_rates", {"from_date": FIRST, "to_date": AS_OF}))
        assert (row["low"], row["high"]) == pytest.approx((own["rate_low"], own["rate_high"]))


@pytest.mark.parametrize("metric", EXPLORABLE)
def test_the_groups_of_every_dimension_add_up_to_the_whole(metric: str, ask: Asked) -> None:
    what, days = EXPLORABLE[metric], days_for(EXPLORABLE[metric])
    whole = one(segments_of(ask, View(what), days, SETTINGS))
    for dim_1, dim_2 in [(dim, NO_DIMENSION) for dim in what.units.dims] + list(permutations(what.units.dims, 2))[:1]:
        groups = segments_of(ask, View(what, dim_1, dim_2), days, SETTINGS)
        assert set(groups["group_1"]) != {ALL}
        for name in ("n_units", "numerator", "denominator"):
            assert groups[name].sum() == whole[name], (dim_1, dim_2, name)


@pytest.mark.parametrize("metric", EXPLORABLE)
def test_the_units_behind_a_group_add_up_to_it(metric: str, ask: Asked) -> None:
    what, days = EXPLORABLE[metric], days_for(EXPLORABLE[metric])
    view = View(what, what.units.dims[0], what.units.dims[-1])
    groups = segments_of(ask, view, days, SETTINGS).sort("n_units", descending=True)
    for row in [*groups.head(3).iter_rows(named=True), *groups.tail(2).iter_rows(named=True)]:
        units = units_of(ask, view, days, SETTINGS, row["group_1"], row["group_2"])
        for name in ("n_units", "numerator", "denominator"):
            assert units[name].sum() == row[name]


@pytest.mark.parametrize("metric", EXPLORABLE)
def test_a_group_of_too_few_has_neither_value_nor_limits(metric: str, ask: Asked) -> None:
    what = EXPLORABLE[metric]
    groups = segments_of(
        ask, View(what, what.units.dims[0], what.units.dims[-1]), days_for(what), Settings(smallest_group=50)
    )
    few = groups.filter(pl.col("n_units") < 50)
    assert few["is_few"].all()
    assert not groups.filter(pl.col("n_units") >= 50)["is_few"].any()
    for name in ("value", "low", "high"):
        assert few[name].null_count() == few.height


@pytest.mark.parametrize("metric", EXPLORABLE)
def test_limits_hold_the_value_and_stay_where_the_metric_can_be(metric: str, ask: Asked) -> None:
    what = EXPLORABLE[metric]
    groups = segments_of(ask, View(what, what.units.dims[0]), days_for(what), SETTINGS).filter(
        pl.col("low").is_not_null()
    )
    assert groups.height
    assert (groups["low"] <= groups["value"]).all()
    assert (groups["value"] <= groups["high"]).all()
    assert (groups["low"] >= 0).all()
    if what.units.form in ("share", "per_thousand"):
        assert (groups["high"] <= 1).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dimension_and_unit_has_words(language: str) -> None:
    words = words_in(language)
    for what in EXPLORABLE.values():
        assert set(what.units.dims) <= set(DIMENSIONS)
        assert words(f"explore.unit_{what.units.unit}")
        for dim in what.units.dims:
            assert words(f"dimension.{dim}")
            assert words(f"column.{dim}")
