"""Sentences, tiles and points of the Process page, computed from frames."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import Any

import polars as pl

from duewatch.charts.shares import Share
from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Change
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.tiles import Tile

Row = dict[str, Any]
GROUPS = ("stage", "team", "month", "branch", "product")
STAGES = ("prep", "M1", "M2-M3")
LEAST = 30
"""Fewer than this judged: the group is listed, and not drawn."""


def in_template_order(checks: pl.DataFrame) -> pl.DataFrame:
    """Rules as the template goes: by the first requirement they hold, cross-cutting ones last."""
    places = [place_of(text) for text in checks["requirements"].to_list()]
    order = sorted(range(checks.height), key=lambda n: (places[n], checks["rule_id"][n]))
    return checks[order]


def place_of(requirements: str) -> tuple[int, int, int]:
    first = requirements.split("|")[0]
    numbers = [int(part) for part in re.findall(r"\d+", first)]
    return (1, numbers[0], 0) if first.startswith("X") else (0, numbers[0], numbers[1])


def titles(words: Words, checks: pl.DataFrame) -> dict[str, str]:
    """Rule id to its title in the reader's language, with its first requirement."""
    column = f"title_{words.language}"
    return {
        row["rule_id"]: f"{row['requirements'].split('|')[0]} {row[column]}" for row in checks.iter_rows(named=True)
    }


def wrapped(words: Words, title: str) -> str:
    """Broken after some 40 signs, so that the bars keep their room."""
    return "<br>".join(wrap(title, 40 if words.language == "en" else 20))


def headline(words: Words, numbers: Numbers, checks: pl.DataFrame, period: Period) -> str:
    """How much was broken, and the rule that was broken most often."""
    n_broken = int(checks["n_breach"].sum())
    values = {
        "n": numbers.count(n_broken),
        "judged": numbers.count(int(checks["n_judged"].sum())),
        "rules": numbers.count(checks.height),
        "start": numbers.day(period.start),
        "end": numbers.day(period.end),
    }
    if not n_broken:
        return words("headline.process.none", **values)
    worst = checks.sort("n_breach", descending=True).row(0, named=True)
    values |= {"worst": worst[f"title_{words.language}"], "most": numbers.count(worst["n_breach"])}
    return words("headline.process.some", **values)


def tiles(words: Words, numbers: Numbers, checks: pl.DataFrame, before: pl.DataFrame) -> list[Tile]:
    """Broken, rules without a breach, not assessable: a share of what was judged always with what could not be."""
    n_broken, n_judged = int(checks["n_breach"].sum()), int(checks["n_judged"].sum())
    n_unsure = int(checks["n_not_assessable"].sum())
    whole = n_judged + n_unsure
    clean = checks.filter((pl.col("n_breach") == 0) & (pl.col("n_judged") > 0)).height
    open_rules = checks.filter(pl.col("n_judged") == 0).height
    earlier = int(before["n_breach"].sum()) if int(before["n_judged"].sum()) else None
    change = n_broken - earlier if earlier is not None else 0
    change_text = f"{change:+,}".replace("-", "\u2212") if change else ""
    open_share = numbers.percent(n_unsure / whole if whole else None)
    return [
        Tile(
            "process_breaches",
            numbers.count(n_broken),
            change_text,
            change > 0 if change else None,
            note=words("process.of_judged", n=numbers.count(n_judged), unsure=open_share),
            counted=words("tile.counted", part=numbers.count(n_broken), whole=numbers.count(n_judged)),
            against=words("process.against_before"),
        ),
        Tile(
            "process_rules_kept",
            f"{clean} / {checks.height}",
            note=words("process.open_rules", n=open_rules),
            counted=words("tile.counted", part=clean, whole=checks.height),
        ),
        Tile(
            "process_not_assessable",
            numbers.count(n_unsure),
            note=words("process.of_all", n=numbers.count(whole), share=open_share),
            counted=words("tile.counted", part=numbers.count(n_unsure), whole=numbers.count(whole)),
        ),
    ]


def bar_notes(words: Words, numbers: Numbers, checks: pl.DataFrame) -> list[str]:
    """Beside each bar: how many were broken, of how many."""
    return [
        words("process.bar_none")
        if not row["n_judged"] and not row["n_not_assessable"]
        else words("process.bar_open", unsure=numbers.count(row["n_not_assessable"]))
        if not row["n_judged"]
        else words("process.bar", n=numbers.count(row["n_breach"]), judged=numbers.short(row["n_judged"]))
        for row in checks.iter_rows(named=True)
    ]


def bars_finding(words: Words, numbers: Numbers, checks: pl.DataFrame) -> str:
    """The rule kept least often among those judged often enough to say so."""
    often = checks.filter(pl.col("n_judged") >= LEAST)
    if often.is_empty():
        return words("process.bars_title_few", least=LEAST)
    row = often.sort("share_kept").row(0, named=True)
    if row["share_kept"] == 1.0:
        return words("process.bars_title_all", n=often.height, least=LEAST)
    return words(
        "process.bars_title",
        rule=row[f"title_{words.language}"],
        share=numbers.percent(row["share_kept"]),
        interval=numbers.interval(row["kept_low"], row["kept_high"]),
        unsure=numbers.percent(row["share_not_assessable"]),
    )


def month_points(by_month: pl.DataFrame) -> list[Share]:
    rows = by_month.filter(pl.col("n_judged") >= 1).sort("group_name")
    return [
        Share(row["group_name"][:7], row["share_kept"], row["kept_low"], row["kept_high"], row["n_judged"])
        for row in rows.iter_rows(named=True)
    ]


def month_finding(words: Words, numbers: Numbers, points: list[Share]) -> str:
    last = points[-1]
    values = {"month": last.name, "share": numbers.percent(last.share), "n": numbers.count(last.n)}
    return words("process.month_title", **values)


def steepest(intensity: pl.DataFrame, stage: str) -> Change | None:
    """High minus low grade in contacts a day, with its 95 % limits; None where either is missing."""
    by_grade = {row["risk_grade"]: row for row in intensity.filter(pl.col("stage") == stage).iter_rows(named=True)}
    if (
        "high" not in by_grade
        or "low" not in by_grade
        or None in (by_grade["high"]["per_day_low"], by_grade["low"]["per_day_low"])
    ):
        return None
    value = by_grade["high"]["per_day"] - by_grade["low"]["per_day"]
    half = sum((by_grade[grade]["per_day_high"] - by_grade[grade]["per_day"]) ** 2 for grade in ("high", "low")) ** 0.5
    return Change(value, value - half, value + half)


def intensity_sentence(words: Words, intensity: pl.DataFrame) -> str:
    """Whether higher grades are contacted more often, stage by stage."""
    sentences = []
    for stage in intensity["stage"].unique(maintain_order=True).to_list():
        change = steepest(intensity, stage)
        if change is None:
            continue
        direction = "same" if not change.is_evident else "more" if change.value > 0 else "less"
        sentences.append(
            words(
                f"process.intensity_{direction}",
                stage=words(f"stage.{stage}"),
                value=f"{abs(change.value):.2f}",
                low=f"{change.low:+.2f}",
                high=f"{change.high:+.2f}",
            )
        )
    return words("process.intensity_join").join(sentences) if sentences else words("process.intensity_unknown")
