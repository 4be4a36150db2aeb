"""The risk grade of overdue accounts as a scorecard: points by factor from `rules/risk_grade.toml`, added up, cut into
low, medium and high; and whether the grades separate accounts that get worse from the others.

Source of the factors: collection process template, 一.2 风险等级划分. The points are the lender's own.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import polars as pl
from pydantic import Field, Strict, model_validator
from pydantic.dataclasses import dataclass

from duewatch.compliance.packs import RULES, Touched, as_touched, project_path
from duewatch.contract.errors import RuleError
from duewatch.contract.toml_file import (
    CHECKED,
    Day,
    FieldError,
    FilledText,
    Name,
    PositiveNumber,
    WholeNumber,
    check_days,
    read_toml,
)
from duewatch.metrics.intervals import Change, change_between, proportion_of

FILE = "risk_grade.toml"
NUMBERS = {"days_past_due": "days_past_due", "balance": "balance", "spells": "n_spells"}
WORDS = {"industry": "industry", "macro": "region"}
GRADES = ("low", "medium", "high")
LEAST = 30
"""Fewer accounts than this in a grade: it is not said whether grades separate."""


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class Dated:
    """A value that is in force on some days."""

    effective_from: Day
    """First day."""
    effective_to: Day | None = None
    """Last day, included; none: open."""

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        check_days(self.effective_from, self.effective_to)
        return self

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class Points(Dated):
    """`[[points]]`: points for the accounts of which one factor holds."""

    factor: Literal["days_past_due", "balance", "spells", "industry", "macro"]
    """What is looked at: a number of the account, or a word about the debtor."""
    points: Annotated[int, Strict(), Field(ge=-1000, le=1000)]
    """Added to the account's sum; below 0 for good signs."""
    reached: Annotated[WholeNumber | None, Field(alias="from")] = None
    """Of a number: the least value that earns the points."""
    word: Annotated[FilledText | None, Field(alias="is")] = None
    """Of a word: the word that earns the points; none (macro only): everybody."""
    currency: Annotated[str, Strict(), Field(pattern=r"^[A-Z]{3}$")] | None = None
    """Of a balance: the currency in which it is counted."""

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        needed = {
            "from": (self.reached, self.factor in NUMBERS, self.factor in NUMBERS),
            "is": (self.word, self.factor == "industry", self.factor in WORDS),
            "currency": (self.currency, self.factor == "balance", self.factor == "balance"),
        }
        for field, (value, is_needed, is_allowed) in needed.items():
            if value is None and is_needed:
                raise FieldError(field)
            if value is not None and not is_allowed:
                raise FieldError(field, value=value, next_step=f"leave it out: {self.factor} has no '{field}'")
        return self


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class Cut(Dated):
    """`[[grades]]`: the points at which a grade begins."""

    medium_from: WholeNumber
    """Fewer points are a low grade."""
    high_from: WholeNumber
    """From here on a high grade."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.high_from <= self.medium_from:
            raise FieldError(
                "high_from", value=self.high_from, next_step=f"give more than medium_from ({self.medium_from})"
            )
        return self


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class History:
    """`[history]`: when spells of days past due are occasional or habitual."""

    history_days: PositiveNumber
    """Days back in which spells are counted."""
    occasional_most: PositiveNumber
    """At most so many spells are occasional."""
    habitual_least: Annotated[int, Strict(), Field(ge=2)]
    """So many spells or more are habitual."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.habitual_least <= self.occasional_most:
            raise FieldError(
                "habitual_least",
                value=self.habitual_least,
                next_step=f"give more than occasional_most ({self.occasional_most})",
            )
        return self


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class Signs:
    """`[signs]`: signs of willingness and ability to pay."""

    look_days: PositiveNumber
    """Days back in which signs are read."""
    paid_percent: PositiveNumber
    """Percent of what was due that counts as paid."""
    unwilling_causes: tuple[Name, ...]
    """Causes of arrears that say unwilling."""
    unable_causes: tuple[Name, ...]
    """Causes of arrears that say unable."""


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class Reviews:
    """`[reviews]`: when a review is overdue."""

    collateral_days: PositiveNumber
    """A valuation of collateral that is older is overdue for review."""


@dataclass(frozen=True, kw_only=True, config=CHECKED)
class Scorecard:
    """The file."""

    source: FilledText
    """Where the factors come from."""
    points: tuple[Points, ...] = ()
    """Points by factor."""
    cuts: Annotated[tuple[Cut, ...], Field(alias="grades")] = ()
    """Cuts into low, medium and high; one holds on a day."""
    history: History
    """Occasional and habitual."""
    signs: Signs
    """Willingness and ability."""
    reviews: Reviews
    """Reviews that are overdue."""

    @model_validator(mode="after")
    def _check_cuts(self) -> Self:
        numbered = sorted(enumerate(self.cuts), key=lambda item: item[1].effective_from)
        for (_, before), (number, after) in pairwise(numbered):
            if before.effective_to is None or before.effective_to >= after.effective_from:
                what = f"two [[grades]] hold on {after.effective_from}"
                raise FieldError("grades", number, what=what, next_step="give them dates apart")
        return self

    @property
    def params(self) -> dict[str, Any]:
        """What `process/overdue_facts` takes of the file."""
        return {
            **{field.name: getattr(self.history, field.name) for field in fields(self.history)},
            "look_days": self.signs.look_days,
            "paid_percent": self.signs.paid_percent,
            "unwilling_causes": ",".join(self.signs.unwilling_causes),
            "unable_causes": ",".join(self.signs.unable_causes),
        }

    @property
    def collateral_days(self) -> int:
        return self.reviews.collateral_days

    def cut_on(self, day: date) -> Cut | None:
        return next((cut for cut in self.cuts if cut.holds_on(day)), None)

    def points_on(self, day: date) -> list[Points]:
        return [line for line in self.points if line.holds_on(day)]


def load_scorecard(path: Path | None = None) -> Scorecard:
    """The file as it stands. Raises RuleError with the line of the first mistake."""
    return _read(as_touched(path or RULES / FILE))


@lru_cache(maxsize=8)
def _read(file: Touched) -> Scorecard:
    return read_toml(file[0], Scorecard, error=RuleError, shown=project_path(file[0]))


def grade_accounts(facts: pl.DataFrame, card: Scorecard, day: date) -> pl.DataFrame:
    """`facts` (process/overdue_facts) with `points_<factor>` for each factor, `points` and `grade` (low, medium, high;
    null where no cut holds on the day). Of the lines of one factor the one with the highest `from` reached counts."""
    lines = card.points_on(day)
    named = [f"points_{factor}" for factor in (*NUMBERS, *WORDS)]
    scored = facts.with_columns(
        _of_factor(factor, [line for line in lines if line.factor == factor]).alias(f"points_{factor}")
        for factor in (*NUMBERS, *WORDS)
    )
    scored = scored.with_columns(pl.sum_horizontal(named).alias("points"))
    cut = card.cut_on(day)
    if cut is None:
        return scored.with_columns(pl.lit(None, pl.String).alias("grade"))
    high, medium = pl.col("points") >= cut.high_from, pl.col("points") >= cut.medium_from
    return scored.with_columns(
        pl.when(high).then(pl.lit("high")).when(medium).then(pl.lit("medium")).otherwise(pl.lit("low")).alias("grade")
    )


def _of_factor(factor: str, lines: list[Points]) -> pl.Expr:
    points: Any = pl.lit(0, pl.Int64)
    for line in sorted(lines, key=lambda item: item.reached or 0):
        if line.reached is not None:
            holds = pl.col(NUMBERS[factor]) >= line.reached
        elif line.word is not None:
            holds = (pl.col(WORDS[factor]) == line.word).fill_null(False)
        else:
            holds = pl.lit(True)
        if line.currency is not None:
            holds = holds & (pl.col("currency") == line.currency)
        points = pl.when(holds).then(pl.lit(line.points, pl.Int64)).otherwise(points)
    return points  # type: ignore[no-any-return]


def outcomes_by_group(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """group_name, n_accounts, n_followed, n_worse, share_worse, worse_low, worse_high (Wilson 95 %), n_cured,
    share_cured: by one column of graded facts, of one currency. Grades in their order, others by name, null last."""
    rows = []
    for (name,), group in frame.group_by(by):
        n = group["is_worse"].count()
        row: dict[str, Any] = {"group_name": name, "n_accounts": group.height, "n_followed": n}
        for outcome in ("worse", "cured"):
            k = int(group[f"is_{outcome}"].sum() or 0)
            proportion = proportion_of(k, n)
            row |= {
                f"n_{outcome}": k,
                f"share_{outcome}": proportion.share if proportion else None,
                f"{outcome}_low": proportion.low if proportion else None,
                f"{outcome}_high": proportion.high if proportion else None,
            }
        rows.append(row)
    rows.sort(key=lambda row: (row["group_name"] is None, _place(row["group_name"]), str(row["group_name"])))
    return pl.DataFrame(rows, schema=_OUTCOMES)


_OUTCOMES = {
    "group_name": pl.String,
    "n_accounts": pl.Int64,
    "n_followed": pl.Int64,
    "n_worse": pl.Int64,
    "share_worse": pl.Float64,
    "worse_low": pl.Float64,
    "worse_high": pl.Float64,
    "n_cured": pl.Int64,
    "share_cured": pl.Float64,
    "cured_low": pl.Float64,
    "cured_high": pl.Float64,
}


def _place(name: str | None) -> int:
    return GRADES.index(name) if name in GRADES else len(GRADES)


def separation(by_grade: pl.DataFrame) -> Change | None:
    """Share that got worse in the high grade less that in the low one; None where either has fewer than LEAST
    accounts followed. Grades separate where the interval lies above 0."""
    shares = {
        row["group_name"]: proportion_of(row["n_worse"], row["n_followed"])
        for row in by_grade.iter_rows(named=True)
        if row["n_followed"] >= LEAST
    }
    low, high = shares.get("low"), shares.get("high")
    return change_between(low, high) if low and high else None
