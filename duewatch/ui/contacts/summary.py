"""Sentences, tiles and points of the Contacts page, computed from frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist
from typing import Any

import polars as pl

from duewatch.charts.shares import Share
from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Change, Proportion, change_between
from duewatch.ui.parts.changes import with_change
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.tiles import Tile

Row = dict[str, Any]
LEAST = 30
"""Attempts that a cell, an hour or a bucket must have for its share to be shown."""
YIELD_WEEKS = 13
WEEKS_COMPARED = 4
Z = 1.959964


@dataclass(frozen=True)
class Reach:
    """What one period says of effort and reach; None where there is nothing."""

    reach: Row | None
    """reach_by, all together."""
    coverage: Row | None
    """coverage, all together."""
    kept: Row | None
    """promise_yield of four weeks."""


def first_row(frame: pl.DataFrame) -> Row | None:
    return None if frame.is_empty() else frame.row(0, named=True)


def share_of(row: Row | None, name: str, low: str, high: str, n: str) -> Proportion | None:
    """A share of a row with its limits; None where the row or the share is missing."""
    if row is None or row[name] is None:
        return None
    return Proportion(row[name], row[low], row[high], row[n])


def change_of(current: Proportion | None, before: Proportion | None) -> Change | None:
    return change_between(before, current) if current and before else None


@dataclass(frozen=True)
class ShareMeasure:
    """A share on a tile and the columns that it stands in."""

    metric: str
    share: str
    limits: str
    """What the columns of its limits begin with."""
    part: str
    """Column of the numerator."""
    whole: str
    """Column of the denominator."""
    denominator: str
    """Locale key of the words for the denominator."""

    def of(self, row: Row | None) -> Proportion | None:
        return share_of(row, self.share, f"{self.limits}_low", f"{self.limits}_high", self.whole)


CONNECTED = ShareMeasure(
    "connect_rate", "share_connected", "connected", "n_connected", "n_attempts", "contacts.of_attempts"
)
RIGHT_PARTY = ShareMeasure(
    "right_party_rate", "share_right_party", "right_party", "n_right_party", "n_attempts", "contacts.of_attempts"
)
COVERED = ShareMeasure("coverage", "share_touched", "touched", "n_touched", "n_overdue", "contacts.of_overdue")


def headline(
    words: Words, numbers: Numbers, reach: tuple[Row, Row | None], parts: pl.DataFrame, period: Period, attempts: str
) -> str:
    """How often the debtor was reached, and whether that changed: by rate or by mix. `reach`: of the period and of the
    one before it; `attempts`: what was tried, in words."""
    current, before = reach
    values = {
        "share": numbers.percent(current["share_right_party"]),
        "n": numbers.count(current["n_attempts"]),
        "what": attempts,
        "start": numbers.day(period.start),
        "end": numbers.day(period.end),
        "days": numbers.count(period.n_days),
    }
    at_least = words("headline.contacts.least", n=numbers.count(current["n_unknown"])) if current["n_unknown"] else ""
    change = change_of(RIGHT_PARTY.of(current), RIGHT_PARTY.of(before))
    if change is None or before is None:
        return words("headline.contacts.alone", **values) + at_least
    direction = "same" if not change.is_evident else "more" if change.value > 0 else "less"
    values |= {"before": numbers.percent(before["share_right_party"])}
    return (
        words(f"headline.contacts.{direction}", **values)
        + at_least
        + words(
            "headline.contacts.parts", rate=numbers.points(rate_part(parts).value), mix=numbers.points(mix_part(parts))
        )
    )


def rate_part(parts: pl.DataFrame) -> Change:
    """What the rates within bucket and channel did to the whole rate, with 95 % limits."""
    value = float(parts["rate_part"].sum())
    half = Z * sqrt(float(parts["rate_part_variance"].sum()))
    return Change(value, value - half, value + half)


def mix_part(parts: pl.DataFrame) -> float:
    return float(parts["mix_part"].sum())


def parts_finding(words: Words, numbers: Numbers, parts: pl.DataFrame) -> str:
    rate = rate_part(parts)
    direction = "same" if not rate.is_evident else "more" if rate.value > 0 else "less"
    return words(
        f"contacts.parts_title_{direction}",
        rate=numbers.points(rate.value),
        mix=numbers.points(mix_part(parts)),
        low=numbers.points(rate.low),
        high=numbers.points(rate.high),
        total=numbers.points(rate.value + mix_part(parts)),
    )


def tiles(words: Words, numbers: Numbers, current: Reach, before: Reach, trend: list[float]) -> list[Tile]:
    """Attempts, connect rate, right-party rate, coverage, intensity, kept per right-party contact."""
    reach, earlier = current.reach or {}, before.reach
    return [
        _attempts_tile(words, numbers, reach, earlier),
        _share_tile(words, numbers, CONNECTED, reach, earlier),
        _share_tile(words, numbers, RIGHT_PARTY, reach, earlier),
        _share_tile(words, numbers, COVERED, current.coverage, before.coverage),
        _intensity_tile(words, numbers, current.coverage, before.coverage),
        _kept_tile(words, numbers, current.kept, before.kept, trend),
    ]


def _attempts_tile(words: Words, numbers: Numbers, current: Row, before: Row | None) -> Tile:
    n = current["n_attempts"]
    change = n - before["n_attempts"] if before else 0
    return Tile(
        "contact_attempts",
        numbers.count(n),
        f"{change:+,}".replace("-", "\u2212") if change else "",
        change > 0 if change else None,
        note=words("contacts.debtors", n=numbers.count(current["n_debtors"])),
        counted=words("tile.counted", part=numbers.count(n), whole=numbers.count(n)),
        against=words("contacts.against_before"),
    )


def _share_tile(words: Words, numbers: Numbers, measure: ShareMeasure, row: Row | None, row_before: Row | None) -> Tile:
    current, before = measure.of(row), measure.of(row_before)
    if current is None or row is None:
        return Tile(measure.metric, numbers.percent(None), note=words("contacts.no_stretches"))
    change = change_of(current, before)
    at_least = "≥ " if measure is RIGHT_PARTY and row["n_unknown"] else ""
    note = [
        words("tile.interval", interval=numbers.interval(current.low, current.high)),
        words(measure.denominator, n=numbers.count(current.n)),
    ]
    tile = Tile(
        measure.metric,
        at_least + numbers.percent(current.share),
        is_good_up=True,
        note=" · ".join(note),
        counted=words("tile.counted", part=numbers.count(row[measure.part]), whole=numbers.count(current.n)),
        against=words("contacts.against_before"),
    )
    return with_change(tile, numbers, change)


def _intensity_tile(words: Words, numbers: Numbers, current: Row | None, before: Row | None) -> Tile:
    """Attempts per touched account; its change is left grey, because the number is biased by how long accounts stay."""
    if current is None or current["per_touched"] is None:
        return Tile("contact_intensity", numbers.short(None), note=words("contacts.no_stretches"))
    note = words("contacts.per_day", rate=f"{current['per_day']:.2f}", n=numbers.count(current["account_days"]))
    change = current["per_touched"] - before["per_touched"] if before and before["per_touched"] is not None else None
    return Tile(
        "contact_intensity",
        numbers.short(current["per_touched"]),
        numbers.short(change, signed=True) if change is not None else "",
        change > 0 if change else None,
        note=note,
        against=words("contacts.against_before"),
        counted=words(
            "tile.counted", part=numbers.count(current["n_attempts"]), whole=numbers.count(current["n_touched"])
        ),
    )


def written_off_sentence(words: Words, numbers: Numbers, row: Row) -> str:
    """The written-off stock, which is in no other figure of the page's coverage."""
    return words(
        "contacts.written_off",
        n=numbers.count(row["n_overdue"]),
        tried=numbers.count(row["n_touched"]),
        days=numbers.count(row["account_days"]),
        rate=f"{row['per_day']:.2f}",
    )


def kept_share(row: Row | None) -> Proportion | None:
    return share_of(row, "kept_per_contact", "kept_low", "kept_high", "n_right_party")


def _kept_tile(words: Words, numbers: Numbers, current: Row | None, before: Row | None, trend: list[float]) -> Tile:
    later = kept_share(current)
    if later is None or current is None or current["share_kept"] is None:
        return Tile("kept_per_contact", numbers.percent(None), note=words("contacts.nothing_decided"))
    change = change_of(later, kept_share(before))
    note = words("contacts.kept_product", interval=numbers.interval(later.low, later.high), n=numbers.count(later.n))
    tile = Tile(
        "kept_per_contact",
        numbers.percent(later.share),
        is_good_up=True,
        note=note,
        against=words("contacts.against_weeks"),
        trend=trend,
        counted=words("tile.counted", part=numbers.count(current["n_kept"]), whole=numbers.count(later.n)),
    )
    return with_change(tile, numbers, change)


def decided_weeks(weeks: pl.DataFrame) -> tuple[date, date] | None:
    """First and last day of the latest four weeks without a pending promise; None where there are fewer."""
    rows = weeks.filter(pl.col("is_complete") & pl.col("kept_per_contact").is_not_null()).sort("week")
    if rows.height < WEEKS_COMPARED:
        return None
    last = rows["week"][-1]
    first = last - timedelta(days=7 * (WEEKS_COMPARED - 1))
    return first, last + timedelta(days=6)


def yield_points(weeks: pl.DataFrame) -> list[Share]:
    """The weeks that may be drawn: decided, and with enough right-party contacts."""
    rows = weeks.filter(
        pl.col("is_complete") & pl.col("kept_per_contact").is_not_null() & (pl.col("n_right_party") >= LEAST)
    ).sort("week")
    return [
        Share(row["week"].isoformat(), row["kept_per_contact"], row["kept_low"], row["kept_high"], row["n_right_party"])
        for row in rows.iter_rows(named=True)
    ]


def step_notes(words: Words, numbers: Numbers, steps: pl.DataFrame) -> list[str]:
    """Beside each bar: how many, and the share of the step before with its name; what is not decided yet."""
    notes = []
    for row in steps.iter_rows(named=True):
        if row["n"] is None:
            notes.append(words("contacts.step_unknown"))
            continue
        note = numbers.count(row["n"])
        if row["share_of_before"] is not None:
            note += " · " + words(f"contacts.of_{row['step']}", share=numbers.percent(row["share_of_before"]))
        if row["n_undecided"]:
            note += " · " + words(f"contacts.undecided_{row['step']}", n=numbers.count(row["n_undecided"]))
        notes.append(note)
    return notes


def funnel_finding(words: Words, numbers: Numbers, steps: pl.DataFrame) -> str:
    """The step at which most are lost."""
    n = dict(zip(steps["step"].to_list(), steps["n"].to_list(), strict=True))
    values = {"attempts": numbers.count(n["attempts"]), "connected": numbers.count(n["connected"])}
    if n["right_party"] is None or n["promises"] is None:
        return words("contacts.funnel_title_part", **values)
    values |= {"right_party": numbers.count(n["right_party"]), "promises": numbers.count(n["promises"])}
    return words("contacts.funnel_title", **values)


def bucket_points(words: Words, by_bucket: pl.DataFrame) -> list[Share]:
    """Buckets in order of age with enough attempts."""
    rows = by_bucket.filter(pl.col("n_attempts") >= LEAST).sort("group_name")
    return [
        Share(
            name_of_bucket(words, row["group_name"]),
            row["share_right_party"],
            row["right_party_low"],
            row["right_party_high"],
            row["n_attempts"],
            row["group_name"],
        )
        for row in rows.iter_rows(named=True)
    ]


def name_of_bucket(words: Words, bucket: str) -> str:
    """A bucket in words; `all` and `unknown` too."""
    special = {"unknown": "contacts.no_snapshot", "all": "contacts.all_buckets"}
    key = special.get(bucket, f"code.{bucket}")
    return words(key) if words.has(key) else bucket


def coverage_points(frames: list[pl.DataFrame]) -> list[Share]:
    rows = [row for frame in frames for row in frame.iter_rows(named=True) if row["n_overdue"] >= LEAST]
    return [
        Share(
            row["bucket"],
            row["share_touched"],
            row["touched_low"],
            row["touched_high"],
            row["n_overdue"],
            row["bucket"],
        )
        for row in rows
    ]


def extremes_finding(words: Words, numbers: Numbers, points: list[Share], key: str) -> str:
    """The largest against the smallest of several shares, and whether they differ at all."""
    most, least = max(points, key=lambda point: point.share), min(points, key=lambda point: point.share)
    values = {
        "most": most.name,
        "least": least.name,
        "high": numbers.percent(most.share),
        "low": numbers.percent(least.share),
    }
    if len(points) < 2:
        return words(f"contacts.{key}_title_one", **values)
    sides = (Proportion(point.share, point.low, point.high, point.n) for point in (least, most))
    direction = "differs" if _differ_among(change_between(*sides), len(points)) else "same"
    return words(f"contacts.{key}_title_{direction}", **values)


def _differ_among(change: Change, n: int) -> bool:
    """Whether the largest and the smallest of n differ, limits widened for as many pairs as there are (Bonferroni)."""
    wider = NormalDist().inv_cdf(1 - 0.025 / (n * (n - 1) / 2)) / Z
    return change.value - wider * (change.value - change.low) > 0


def better_hours(by_hour: pl.DataFrame) -> tuple[list[Row], list[Row], float | None]:
    """Hours whose right-party rate lies above, and below, the rate of all hours; and that rate. Limits are widened for
    as many comparisons as there are hours (Bonferroni)."""
    rows = [row for row in by_hour.iter_rows(named=True) if row["hour"] is not None]
    whole = sum(row["n_attempts"] for row in rows)
    large_enough = [row for row in rows if row["n_attempts"] >= LEAST]
    if not large_enough:
        return [], [], None
    pooled = sum(row["n_right_party"] for row in rows) / whole
    wider = NormalDist().inv_cdf(1 - 0.025 / len(large_enough)) / Z
    above = [
        r
        for r in large_enough
        if r["share_right_party"] - wider * (r["share_right_party"] - r["right_party_low"]) > pooled
    ]
    below = [
        r
        for r in large_enough
        if r["share_right_party"] + wider * (r["right_party_high"] - r["share_right_party"]) < pooled
    ]
    return above, below, pooled


def hours_finding(words: Words, numbers: Numbers, by_hour: pl.DataFrame, bucket: str) -> str:
    """At which hours the debtor is reached more often than over the day, and how much of the effort goes there."""
    above, below, pooled = better_hours(by_hour)
    values = {"bucket": name_of_bucket(words, bucket), "usual": numbers.percent(pooled)}
    if pooled is None:
        return words("contacts.hours_title_few", least=LEAST, **values)
    if not above and not below:
        return words("contacts.hours_title_same", n=by_hour.filter(pl.col("n_attempts") >= LEAST).height, **values)
    direction = "more" if above else "less"
    rows = above or below
    whole = int(by_hour.filter(pl.col("hour").is_not_null())["n_attempts"].sum())
    n = sum(row["n_attempts"] for row in rows)
    values |= {
        "hours": words("contacts.hours_join").join(f"{row['hour']}:00" for row in rows),
        "share": numbers.percent(sum(row["n_right_party"] for row in rows) / n),
        "effort": numbers.percent(n / whole),
    }
    return words(f"contacts.hours_title_{direction}", **values)
