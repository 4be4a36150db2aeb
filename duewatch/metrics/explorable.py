"""What can be explored: for each metric the query that gives its units, its limits and its dimensions.

The page Explore and whoever asks `explore/segments` from elsewhere go by this table, so that a metric has the same
units, and with no dimension the same number, wherever it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from duewatch.contract.settings import Settings
from duewatch.engines import Ask, Params, Scalar
from duewatch.engines.query_files import QueryFile, over_units, query_file, taken
from duewatch.reads import explore as reads

NO_DIMENSION = "none"
ALL = "all"
UNKNOWN = "unknown"
OF_ACCOUNT = ("product", "branch", "risk_grade", "balance_band", "opened_year", "region")
OF_CONTACT = ("channel", "team", "collector")
DIMENSIONS = (*OF_ACCOUNT, "bucket", *OF_CONTACT, "stage")
BANDS = ("to_1000", "to_5000", "to_20000", "to_100000", "from_100000", UNKNOWN)
"""Balance bands in order; the number is the upper bound, of the last the lower."""
MONEY = ("money", "money")
PERIODS = ("day", "step", "due", "period")


@dataclass(frozen=True)
class Explorable:
    """One metric that can be cut. `units`: the query with one row per unit; `given`: its parameters beside days and
    settings; `limits`: how they are found (explore/segments), which is the way the registry names; `period`: day (as it
    stands), step (from the snapshot before), due (the promises last decided) or period (picked days); `unit`: what n
    counts; `form`: share, per_thousand, money or number; `sums`: what numerator and denominator are sums of, money or
    count."""

    metric: str
    units: str
    limits: str
    period: str
    unit: str
    dims: tuple[str, ...]
    form: str = "share"
    sums: tuple[str, str] = ("count", "count")
    given: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Days:
    """The as-of day and the period a metric is asked for; start and end are as_of where it has none."""

    as_of: date
    start: date
    end: date


@dataclass(frozen=True)
class View:
    """A metric by up to two dimensions."""

    what: Explorable
    dim_1: str = NO_DIMENSION
    dim_2: str = NO_DIMENSION


_PROMISE = (*OF_ACCOUNT, "bucket", *OF_CONTACT)

EXPLORABLE: dict[str, Explorable] = {
    each.metric: each
    for each in (
        Explorable(
            "overdue_rate",
            "explore/standing_units",
            "accounts",
            "day",
            "accounts",
            OF_ACCOUNT,
            sums=MONEY,
            given={"measure": "overdue_balance"},
        ),
        Explorable(
            "overdue_accounts_rate",
            "explore/standing_units",
            "accounts",
            "day",
            "accounts",
            OF_ACCOUNT,
            given={"measure": "overdue_accounts"},
        ),
        Explorable(
            "ninety_plus_share",
            "explore/standing_units",
            "accounts",
            "day",
            "accounts",
            OF_ACCOUNT,
            sums=MONEY,
            given={"measure": "ninety_plus_balance"},
        ),
        Explorable(
            "average_balance",
            "explore/standing_units",
            "amount",
            "day",
            "accounts",
            (*OF_ACCOUNT, "bucket"),
            "money",
            ("money", "count"),
            {"measure": "balance"},
        ),
        Explorable(
            "entry_rate",
            "explore/move_units",
            "wilson",
            "step",
            "accounts",
            OF_ACCOUNT,
            given={"from_bucket": "M0", "move": "worse"},
        ),
        Explorable(
            "roll_rate",
            "explore/move_units",
            "wilson",
            "step",
            "accounts",
            OF_ACCOUNT,
            given={"from_bucket": "M1", "move": "worse"},
        ),
        Explorable(
            "cure_rate",
            "explore/move_units",
            "wilson",
            "step",
            "accounts",
            OF_ACCOUNT,
            given={"from_bucket": "M1", "move": "cured"},
        ),
        Explorable(
            "recovery_share",
            "explore/recovery_units",
            "accounts",
            "step",
            "accounts",
            (*OF_ACCOUNT, "bucket"),
            sums=MONEY,
        ),
        Explorable(
            "kept_ratio", "explore/promise_units", "wilson", "due", "promises", _PROMISE, given={"weight": "count"}
        ),
        Explorable(
            "kept_amount",
            "explore/promise_units",
            "share",
            "due",
            "promises",
            _PROMISE,
            sums=MONEY,
            given={"weight": "amount"},
        ),
        Explorable(
            "connected_share",
            "explore/contact_units",
            "clustered",
            "period",
            "contacts",
            _PROMISE,
            given={"reach": "connected"},
        ),
        Explorable(
            "right_party_share",
            "explore/contact_units",
            "clustered",
            "period",
            "contacts",
            _PROMISE,
            given={"reach": "right_party"},
        ),
        Explorable("breach_rate", "explore/breach_units", "clustered", "period", "contacts", _PROMISE, "per_thousand"),
        Explorable(
            "process_checks",
            "explore/process_units",
            "wilson",
            "period",
            "things_judged",
            ("product", "branch", "team", "stage"),
        ),
        Explorable(
            "intensity",
            "explore/intensity_units",
            "amount_accounts",
            "period",
            "account_stages",
            (*OF_ACCOUNT, "bucket", "stage"),
            "number",
        ),
    )
}
"""Metrics in the order in which they are offered."""


def params_of(what: Explorable, days: Days, settings: Settings) -> dict[str, Scalar]:
    """All that the metric's units are asked with."""
    return {
        "as_of": days.as_of,
        "from_date": days.start,
        "to_date": days.end,
        "grace_days": settings.promise_grace_days,
        "tolerance": float(settings.promise_tolerance),
        "least": settings.smallest_group,
        "limits": what.limits,
        **what.given,
    }


def segments_of(ask: Ask, view: View, days: Days, settings: Settings) -> pl.DataFrame:
    """explore/segments of a view."""
    given = params_of(view.what, days, settings)
    return reads.segments(
        ask,
        view.what.units,
        given,
        as_of=days.as_of,
        dim_1=view.dim_1,
        dim_2=view.dim_2,
        limits=view.what.limits,
        least=settings.smallest_group,
    )


def units_of(ask: Ask, view: View, days: Days, settings: Settings, group_1: str, group_2: str) -> pl.DataFrame:
    """explore/segment_units: the units behind one group."""
    given = params_of(view.what, days, settings)
    return reads.segment_units(
        ask,
        view.what.units,
        given,
        as_of=days.as_of,
        dim_1=view.dim_1,
        dim_2=view.dim_2,
        group_1=group_1,
        group_2=group_2,
    )


def as_asked(view: View, days: Days, settings: Settings) -> tuple[QueryFile, dict[str, Scalar]]:
    """The query of a view and the parameters it is asked with, to be shown."""
    name = over_units("explore/segments", view.what.units)
    given = params_of(view.what, days, settings) | {"dim_1": view.dim_1, "dim_2": view.dim_2}
    return query_file(name), query_file(name).bound(taken(name, given))
