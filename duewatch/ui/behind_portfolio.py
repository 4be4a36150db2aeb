"""What the tiles of the portfolio pages open: Overview, Recovery, Promises, Risk grades and Explore.

Where a metric can be explored its rows are the units of `explore/*_units`: a tile and a group of Explore rest on
the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from duewatch.compliance.scorecard import separation
from duewatch.contract.settings import load_settings
from duewatch.metrics.explorable import ALL, EXPLORABLE, NO_DIMENSION, Days, View, units_of
from duewatch.reads import portfolio, promises, recovery
from duewatch.ui.explore import groups as explore
from duewatch.ui.grades.summary import reviews_overdue
from duewatch.ui.parts.drill_down import EACH, Behind
from duewatch.ui.parts.numbers import Number
from duewatch.ui.promises.summary import state_row
from duewatch.ui.recovery.summary import Step, newest_at
from duewatch.ui.shell.frame import Ctx

Opens = dict[str, Behind]


def of_metric(
    ctx: Ctx, metric: str, days: Days, number: Number, *, dim: str = NO_DIMENSION, group: str = ALL
) -> Behind:  # fmt: skip
    """The units of an explorable metric, all of them or those of one group."""
    what = EXPLORABLE[metric]

    def rows() -> pl.DataFrame:
        return explore.as_rows(what, units_of(ctx.ask, View(what, dim), days, load_settings(), group, ALL))

    return Behind(rows, number, "numerator", "denominator")


def overview(ctx: Ctx, totals: pl.DataFrame, rates: pl.DataFrame, since: date | None) -> Opens:
    """`totals`: book_totals; `rates`: rate_changes, both as the tiles have them."""
    of = dict(rates.select("rate", "share_to").iter_rows())
    today = Days(ctx.as_of, ctx.as_of, ctx.as_of)
    opens = {
        "overdue_balance": Behind(lambda: _overdue(ctx), totals["overdue_balance"][0], "balance"),
        "overdue_rate": of_metric(ctx, "overdue_rate", today, of.get("overdue_balance")),
        "ninety_plus_share": of_metric(ctx, "ninety_plus_share", today, of.get("ninety_plus_balance")),
    }
    if since is None:
        return opens
    step = Days(ctx.as_of, since, ctx.as_of)
    moved = {row["from_bucket"]: row for row in _moved(ctx, since).iter_rows(named=True)}
    for metric, bucket, kind in (
        ("entry_rate", "M0", "worse"), ("roll_rate", "M1", "worse"), ("cure_rate", "M1", "cured"),
    ):  # fmt: skip
        if bucket in moved:
            opens[metric] = of_metric(ctx, metric, step, moved[bucket][f"share_{kind}"])
    return opens


def _overdue(ctx: Ctx) -> pl.DataFrame:
    return portfolio.accounts_in_bucket(ctx.ask, bucket="overdue", as_of=ctx.as_of)


def _moved(ctx: Ctx, since: date) -> pl.DataFrame:
    return portfolio.roll_and_cure(ctx.ask, from_date=since, to_date=ctx.as_of)


def recovered(ctx: Ctx, step: Step, found: pl.DataFrame, expected: pl.DataFrame, entry: str) -> Opens:
    """`found`: liquidation_curve; `expected`: collections_expected, both of the bucket of entry."""
    days, now = Days(step.end, step.start, step.end), step.now or {}
    counted = expected.filter(pl.col("expected").is_not_null())
    share = of_metric(ctx, "recovery_share", days, now.get("share_collected"))
    opens = {
        "collected": Behind(share.rows, now.get("collected"), "numerator"),
        "recovery_share": share,
        "expected_collections": Behind(lambda: counted, counted["expected"].sum(), "expected"),
    }
    newest = newest_at(found)
    if newest is None:
        return opens
    asked: dict[str, Any] = {
        "cohort": newest["cohort"], "days_since_entry": newest["days_since_entry"], "as_of": ctx.as_of,
    }  # fmt: skip
    opens["liquidation"] = Behind(
        lambda: recovery.liquidation_accounts(ctx.ask, entry_bucket=entry, **asked), newest["share_collected"],
        "collected", "entered_balance",
    )  # fmt: skip
    return opens


def promised(
    ctx: Ctx, now: pl.DataFrame, due: tuple[pl.DataFrame, Mapping[str, Any]],
    ahead: tuple[pl.DataFrame, Mapping[str, Any]],
) -> Opens:  # fmt: skip
    """`now`: kept_ratio of the decided days. `due`, `ahead`: promise_states with the parameters they were asked with,
    of the decided days and of those to come."""
    given = due[1]
    days = Days(ctx.as_of, given["from_date"], given["to_date"])
    row = {} if now.is_empty() else now.row(0, named=True)
    return {
        "kept_ratio": of_metric(ctx, "kept_ratio", days, row.get("share_kept")),
        "kept_amount": of_metric(ctx, "kept_amount", days, row.get("share_amount")),
        "promises_broken": _in_state(ctx, *due, "broken"),
        "promises_pending": _in_state(ctx, *ahead, "pending"),
    }


def _in_state(ctx: Ctx, states: pl.DataFrame, given: Mapping[str, Any], state: str) -> Behind:
    number = state_row(states, state)["promised"]
    return Behind(lambda: promises.promises_in_state(ctx.ask, state=state, **given), number, "promised")


def graded(
    own: tuple[pl.DataFrame, pl.DataFrame], card: tuple[pl.DataFrame, pl.DataFrame], today: pl.DataFrame, days: int
) -> Opens:
    """`own`, `card`: the facts at the start with their outcomes by grade; `today`: the facts on the as-of day; `days`:
    after so many a valuation is overdue."""
    return {
        "grade_separation": _separated(*own, "risk_grade"),
        "card_separation": _separated(*card, "grade"),
        "graded_share": _known(today, "risk_grade"),
        "cause_share": _known(today, "delay_cause"),
        "willing_share": _known(today, "willingness"),
        "reviews_overdue": Behind(lambda: _told(reviews_overdue(today, days), "valued_days"),
                                  reviews_overdue(today, days).height),
    }  # fmt: skip


def _separated(facts: pl.DataFrame, by_grade: pl.DataFrame, column: str) -> Behind:
    """Accounts of the high and the low grade that were followed."""
    followed = facts.filter(pl.col(column).is_in(["high", "low"]) & pl.col("is_worse").is_not_null())
    marked = _told(followed, column, "is_worse").with_columns((pl.col(column) == "high").alias("is_high"))
    change = separation(by_grade)
    return Behind(lambda: marked, change.value if change else None, "is_worse", EACH, "is_high")


def _known(facts: pl.DataFrame, column: str) -> Behind:
    marked = _told(facts, column).with_columns(pl.col(column).is_not_null().alias("is_known"))
    number = facts[column].count() / facts.height if facts.height else None
    return Behind(lambda: marked, number, "is_known", EACH)


def _told(facts: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return facts.select("account_id", "product", "branch", "days_past_due", "balance", *columns)


def whole(ctx: Ctx, view: View, days: Days, row: Mapping[str, Any]) -> Opens:
    """The one tile of Explore."""
    return {view.what.metric: of_metric(ctx, view.what.metric, days, row["value"])}
