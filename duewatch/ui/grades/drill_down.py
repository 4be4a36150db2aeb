"""What the tiles of this page open."""

from __future__ import annotations

import polars as pl

from duewatch.compliance.scorecard import separation
from duewatch.ui.grades.summary import reviews_overdue
from duewatch.ui.parts.drill_down import EACH, DrillDown, DrillDowns


def tile_rows(
    own: tuple[pl.DataFrame, pl.DataFrame], card: tuple[pl.DataFrame, pl.DataFrame], today: pl.DataFrame, days: int
) -> DrillDowns:
    """`own`, `card`: the facts at the start with their outcomes by grade; `today`: the facts on the as-of day; `days`:
    after so many a valuation is overdue."""
    return {
        "grade_separation": _separation_rows(*own, "risk_grade"),
        "card_separation": _separation_rows(*card, "grade"),
        "graded_share": _known_rows(today, "risk_grade"),
        "cause_share": _known_rows(today, "delay_cause"),
        "willing_share": _known_rows(today, "willingness"),
        "reviews_overdue": DrillDown(
            lambda: _account_columns(reviews_overdue(today, days), "valued_days"), reviews_overdue(today, days).height
        ),
    }


def _separation_rows(facts: pl.DataFrame, by_grade: pl.DataFrame, column: str) -> DrillDown:
    """Accounts of the high and the low grade that were followed."""
    followed = facts.filter(pl.col(column).is_in(["high", "low"]) & pl.col("is_worse").is_not_null())
    marked = _account_columns(followed, column, "is_worse").with_columns((pl.col(column) == "high").alias("is_high"))
    change = separation(by_grade)
    return DrillDown(lambda: marked, change.value if change else None, "is_worse", EACH, "is_high")


def _known_rows(facts: pl.DataFrame, column: str) -> DrillDown:
    accounts = _account_columns(facts, column).with_columns(pl.col(column).is_not_null().alias("is_known"))
    number = facts[column].count() / facts.height if facts.height else None
    return DrillDown(lambda: accounts, number, "is_known", EACH)


def _account_columns(facts: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return facts.select("account_id", "product", "branch", "days_past_due", "balance", *columns)
