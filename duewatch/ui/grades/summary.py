"""Sentences, tiles and points of the Risk grades page, computed from frames."""

from __future__ import annotations

from typing import Any

import polars as pl

from duewatch.charts.shares import Share
from duewatch.compliance.scorecard import GRADES, separation
from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Change
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

Row = dict[str, Any]
CLASSES = ("history", "delay_cause", "bucket")
LEVELS = ("high", "mixed", "low")


def headline(words: Words, numbers: Numbers, own: pl.DataFrame, card: pl.DataFrame, days: tuple[str, str]) -> str:
    """Whether the lender's own grades separate, then whether the scorecard does."""
    sentences = [
        _sentence(words, numbers, f"headline.grades.{name}", separation(frame))
        for name, frame in (("own", own), ("card", card))
    ]
    return words("headline.grades.both", own=sentences[0], card=sentences[1], start=days[0], end=days[1])


def _sentence(words: Words, numbers: Numbers, key: str, change: Change | None) -> str:
    if change is None:
        return words(f"{key}_few")
    direction = "separate" if change.low > 0 else "reversed" if change.high < 0 else "same"
    return words(
        f"{key}_{direction}",
        change=numbers.points(change.value),
        low=numbers.points(change.low),
        high=numbers.points(change.high),
    )


def separation_tile(words: Words, numbers: Numbers, metric: str, by_grade: pl.DataFrame) -> Tile:
    """High less low in the share that got worse; a dash where a grade holds too few."""
    change = separation(by_grade)
    if change is None:
        return Tile(metric, numbers.percent(None), note=words("grades.too_few"))
    by_name = {row["group_name"]: row for row in by_grade.iter_rows(named=True)}
    counted = "; ".join(
        f"{words(f'risk_grade.{grade}')} {by_name[grade]['n_worse']:,} / {by_name[grade]['n_followed']:,}"
        for grade in ("high", "low")
    )
    interval = f"{numbers.points(change.low)} – {numbers.points(change.high)}"
    return Tile(
        metric,
        numbers.points(change.value),
        note=f"{words('tile.interval', interval=interval)} · {words('tile.n', n=numbers.count(_n(by_name)))}",
        counted=counted,
    )


def _n(by_name: dict[str, Row]) -> int:
    return sum(by_name[grade]["n_followed"] for grade in ("high", "low"))


def share_tile(words: Words, numbers: Numbers, metric: str, facts: pl.DataFrame, column: str) -> Tile:
    """The share of overdue accounts of which the column is known."""
    n, n_known = facts.height, facts[column].count()
    return Tile(
        metric,
        numbers.percent(n_known / n if n else None),
        note=words("tile.n", n=numbers.count(n)) if n else words("process.nobody"),
        counted=words("tile.counted", part=numbers.count(n_known), whole=numbers.count(n)),
    )


def review_tile(words: Words, numbers: Numbers, facts: pl.DataFrame, days: int) -> Tile:
    """Secured overdue accounts without a recent valuation of their collateral."""
    n = facts.filter("is_secured").height
    if not n:
        return Tile("reviews_overdue", numbers.percent(None), note=words("grades.none_secured"))
    late = reviews_overdue(facts, days).height
    return Tile(
        "reviews_overdue",
        numbers.count(late),
        note=words("grades.of_secured", n=numbers.count(n), days=days),
        counted=words("tile.counted", part=numbers.count(late), whole=numbers.count(n)),
    )


def reviews_overdue(facts: pl.DataFrame, days: int) -> pl.DataFrame:
    """Secured accounts never valued or not for `days`, the oldest valuation first."""
    late = facts.filter(pl.col("is_secured") & ((pl.col("valued_days") > days) | pl.col("valued_days").is_null()))
    return late.sort("valued_days", descending=True, nulls_last=False)


def grade_points(words: Words, by_grade: pl.DataFrame) -> list[Share]:
    """Grades with somebody followed, low first."""
    by_name = {row["group_name"]: row for row in by_grade.iter_rows(named=True) if row["n_followed"]}
    return [
        Share(
            words(f"risk_grade.{grade}"),
            by_name[grade]["share_worse"],
            by_name[grade]["worse_low"],
            by_name[grade]["worse_high"],
            by_name[grade]["n_followed"],
            grade,
        )
        for grade in GRADES
        if grade in by_name
    ]


def grade_finding(words: Words, numbers: Numbers, name: str, by_grade: pl.DataFrame) -> str:
    return _sentence(words, numbers, f"grades.{name}", separation(by_grade))


def with_group_names(words: Words, frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Groups in the reader's words; a group without a name reads as not known."""
    codes = frame["group_name"].to_list()
    names = [words("process.not_known") if code is None else code_text(words, str(code), kind) for code in codes]
    return frame.with_columns(pl.Series("group_name", names, pl.String))


def grid(words: Words, numbers: Numbers, cells: pl.DataFrame) -> tuple[list[list[float | None]], list[list[str]]]:
    """Shares and texts of the nine cells, willingness down and ability across."""
    by_pair = {(row["group_name"], row["then_name"]): row for row in cells.iter_rows(named=True)}
    shares: list[list[float | None]] = []
    texts: list[list[str]] = []
    for will in LEVELS:
        rows = [by_pair.get((will, means)) for means in LEVELS]
        shares.append([row["share_worse"] if row else None for row in rows])
        texts.append([_cell(words, numbers, row) for row in rows])
    return shares, texts


def _cell(words: Words, numbers: Numbers, row: Row | None) -> str:
    if row is None:
        return words("grades.cell_none")
    text = words("grades.cell", n=numbers.count(row["n_accounts"]), share=numbers.percent(row["share_worse"], digits=0))
    return f"{text}<br>{numbers.interval(row['worse_low'], row['worse_high'], digits=0)}"


def grid_finding(words: Words, numbers: Numbers, cells: pl.DataFrame) -> str:
    """How many could not be classed."""
    n = int(cells["n_accounts"].sum())
    left = int(cells.filter(pl.col("group_name").is_null() | pl.col("then_name").is_null())["n_accounts"].sum())
    return words(
        "grades.grid_title",
        n=numbers.count(n),
        left=numbers.count(left),
        share=numbers.percent(left / n if n else None),
    )


def grade_changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Accounts whose grade differs between two frames of graded facts: grade_before, grade_after, n_accounts."""
    both = before.select("account_id", pl.col("grade").alias("grade_before")).join(
        after.select("account_id", pl.col("grade").alias("grade_after")), on="account_id"
    )
    changed = both.filter(pl.col("grade_before") != pl.col("grade_after"))
    return changed.group_by("grade_before", "grade_after").len("n_accounts").sort("grade_before", "grade_after")
