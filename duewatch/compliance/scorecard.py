"""The risk grade of overdue accounts as a scorecard: points by factor from `rules/risk_grade.toml`, added up, cut into
low, medium and high; and whether the grades separate accounts that get worse from the others.

Source of the factors: collection process template, 一.2 风险等级划分. The points are the lender's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from duewatch.compliance.packs import RULES, Touched, as_touched, project_path, toml_of
from duewatch.compliance.toml_table import TomlTable, lines_of
from duewatch.contract.errors import RuleError
from duewatch.engines import Scalar
from duewatch.metrics.intervals import Change, change_between, proportion_of

FILE = "risk_grade.toml"
NUMBERS = {"days_past_due": "days_past_due", "balance": "balance", "spells": "n_spells"}
WORDS = {"industry": "industry", "macro": "region"}
GRADES = ("low", "medium", "high")
LEAST = 30
"""Fewer accounts than this in a grade: it is not said whether grades separate."""


@dataclass(frozen=True)
class Points:
    """`points` for accounts whose factor reaches `reached`, or equals `word` (None: everybody), in one currency or all;
    in force from `start` to `end`, both included."""

    factor: str
    points: int
    start: date
    end: date | None
    reached: int | None = None
    word: str | None = None
    currency: str | None = None

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Cut:
    """Points from which a grade is medium, and high."""

    medium_from: int
    high_from: int
    start: date
    end: date | None

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Scorecard:
    """`params`: what `process/overdue_facts` takes of the file; `collateral_days`: a valuation older than this is
    overdue for review."""

    points: tuple[Points, ...]
    cuts: tuple[Cut, ...]
    params: Mapping[str, Any]
    collateral_days: int

    def cut_on(self, day: date) -> Cut | None:
        return next((cut for cut in self.cuts if cut.holds_on(day)), None)

    def points_on(self, day: date) -> list[Points]:
        return [line for line in self.points if line.holds_on(day)]


def load_scorecard(path: Path | None = None) -> Scorecard:
    """The file as it stands. Raises RuleError with the line of the first mistake."""
    return _read(as_touched(path or RULES / FILE))


@lru_cache(maxsize=8)
def _read(file: Touched) -> Scorecard:
    path = file[0]
    text, content = toml_of(path)
    lines = lines_of(text)
    top = TomlTable(content, project_path(path), "file", lines.file)
    top.text("source")
    points = tuple(_points(table, lines.of("points", n)) for n, table in enumerate(top.tables("points")))
    cuts = tuple(_cut(table, lines.of("grades", n)) for n, table in enumerate(top.tables("grades")))
    params: dict[str, Scalar] = {}
    for name, reader in (("history", _history), ("signs", _signs)):
        table = top.table(name)
        table.lines = lines.of(name, 0)
        params |= reader(table)
        table.done()
    reviews = top.table("reviews")
    reviews.lines = lines.of("reviews", 0)
    collateral_days = reviews.number("collateral_days", least=1)
    reviews.done()
    top.done()
    _refuse_overlaps(cuts, path)
    return Scorecard(points, cuts, params, collateral_days)


def _points(table: TomlTable, lines: Mapping[str, int]) -> Points:
    table.lines = lines
    factor = table.one_of("factor", (*NUMBERS, *WORDS))
    start, end = _days(table)
    line = Points(factor, _whole(table, "points"), start, end)
    if factor in NUMBERS:
        line = replace(line, reached=table.number("from"))
    elif table.has("is") or factor == "industry":
        line = replace(line, word=table.text("is"))
    if factor == "balance":
        line = replace(line, currency=table.text("currency", pattern="[A-Z]{3}"))
    table.done()
    return line


def _cut(table: TomlTable, lines: Mapping[str, int]) -> Cut:
    table.lines = lines
    start, end = _days(table)
    cut = Cut(table.number("medium_from"), table.number("high_from"), start, end)
    if cut.high_from <= cut.medium_from:
        table.refuse("high_from", cut.high_from, f"more than medium_from ({cut.medium_from})")
    table.done()
    return cut


def _days(table: TomlTable) -> tuple[date, date | None]:
    start, end = table.day("effective_from"), table.day_or_none("effective_to")
    if end is not None and end < start:
        table.refuse("effective_to", end, f"a day on or after effective_from ({start})")
    return start, end


def _whole(table: TomlTable, key: str) -> int:
    """Points may be below 0: good signs lower the sum."""
    value = table.integer(key)
    if abs(value) > 1000:
        table.refuse(key, value, "a whole number from -1000 to 1000")
    return value


def _history(table: TomlTable) -> dict[str, Scalar]:
    params: dict[str, Scalar] = {"history_days": table.number("history_days", least=1)}
    most = table.number("occasional_most", least=1)
    least = table.number("habitual_least", least=2)
    if least <= most:
        table.refuse("habitual_least", least, f"more than occasional_most ({most})")
    return params | {"occasional_most": most, "habitual_least": least}


def _signs(table: TomlTable) -> dict[str, Scalar]:
    return {
        "look_days": table.number("look_days", least=1),
        "paid_percent": table.number("paid_percent", least=1),
        "unwilling_causes": ",".join(table.texts("unwilling_causes")),
        "unable_causes": ",".join(table.texts("unable_causes")),
    }


def _refuse_overlaps(cuts: tuple[Cut, ...], path: Path) -> None:
    for before, after in pairwise(sorted(cuts, key=lambda cut: cut.start)):
        if before.end is None or before.end >= after.start:
            raise RuleError(
                f"two [[grades]] hold on {after.start}", where=project_path(path), next_step="give them dates apart"
            )


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
