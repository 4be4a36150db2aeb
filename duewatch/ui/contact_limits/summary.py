"""Sentences and tiles of the Contact limits page, computed from frames.

A verdict is never worded stronger than its rule: a presumption is rebuttable, a standard may only advise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from duewatch.charts.concentration import shares_by_group
from duewatch.charts.u_chart import outside
from duewatch.charts.week_grid import Allowed
from duewatch.contract.i18n import Words
from duewatch.engines import Ask
from duewatch.metrics.intervals import Change, Proportion, change_between
from duewatch.metrics.multiple_comparison import BreachCounts, against_all
from duewatch.reads import compliance
from duewatch.ui.parts.code_labels import WEEKDAYS
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.tiles import Tile

Row = Mapping[str, Any]
NOTHING_BEFORE: Row = {"n_contacts": 0}


@dataclass(frozen=True)
class BreachCount:
    """Writes counts of breaches."""

    numbers: Numbers
    is_partial: bool
    """The log is too incomplete for the whole truth: a count is written with "≥"."""

    def __call__(self, n: float) -> str:
        return f"≥ {self.numbers.count(n)}" if self.is_partial else self.numbers.count(n)


def per_thousand(numbers: Numbers, share: float | None) -> str:
    return "—" if share is None else numbers.short(share * 1000)


def rates_before(ask: Ask, period: Period, first_day: date, rule_params: Mapping[str, str]) -> Row:
    """Rates of as many days before. Nothing where the log begins within those days: it would make every later period
    look worse."""
    earlier = period.before
    if first_day > earlier.start:
        return NOTHING_BEFORE
    return compliance.breach_rates(ask, from_date=earlier.start, to_date=earlier.end, **rule_params).row(0, named=True)


def change_of(current: Row, before: Row) -> Change | None:
    """Of the rate of breaching contacts; None where either period has no contacts."""
    if not current["n_contacts"] or not before["n_contacts"]:
        return None
    sides = [Proportion(row["rate"], row["rate_low"], row["rate_high"], row["n_contacts"]) for row in (before, current)]
    return change_between(*sides)


def headline(words: Words, count: BreachCount, period: Period, current: Row, before: Row, rules: pl.DataFrame) -> str:
    """How many contacts broke a rule, most under which, and whether that differs from the period before."""
    values: dict[str, object] = {
        "n": count(current["n_breaching"]),
        "contacts": count.numbers.count(current["n_contacts"]),
        "from_day": count.numbers.day(period.start),
        "day": count.numbers.day(period.end),
    }
    change = change_sentence(words, count, period, current, before)
    if not current["n_breaching"]:
        return f"{words('headline.limits.none', **values)} {change}"
    first = rules.row(0, named=True)
    values["rule"], values["modality"] = first[f"title_{words.language}"], words(f"breach_as.{first['modality']}")
    return f"{words('headline.limits.some', **values)} {change}"


def change_sentence(words: Words, count: BreachCount, period: Period, current: Row, before: Row) -> str:
    change = change_of(current, before)
    if change is None:
        return words("headline.limits.no_before")
    direction = "same" if not change.is_evident else "more" if change.value > 0 else "fewer"
    values = {"before": count(before["n_breaching"]), "contacts": count.numbers.count(before["n_contacts"])}
    return words(f"headline.limits.{direction}", days=period.n_days, **values)


def breach_tiles(words: Words, count: BreachCount, current: Row, before: Row) -> list[Tile]:
    """Breaching contacts, their rate, debtors, not assessable."""
    numbers, change = count.numbers, change_of(current, before)
    change_text = numbers.short((change.value if change else 0) * 1000, signed=True)
    rises = None if change is None else change.value > 0
    n = words("tile.n", n=numbers.count(current["n_contacts"]))
    limits = f"{per_thousand(numbers, current['rate_low'])}–{per_thousand(numbers, current['rate_high'])}"
    return [
        Tile("breach_contacts", count(current["n_breaching"]), note=midnight_note(words, numbers, current)),
        Tile(
            "breach_rate",
            per_thousand(numbers, current["rate"]),
            change=change_text if change else "",
            rises=rises,
            is_evident=bool(change and change.is_evident),
            against=words("limits.against_before"),
            note=f"{words('tile.interval', interval=limits)} · {n}",
            counted=words(
                "tile.counted", part=count(current["n_breaching"]), whole=numbers.count(current["n_contacts"])
            ),
        ),
        Tile("breach_debtors", count(current["n_debtors_breached"]), note=debtor_note(words, numbers, current)),
        Tile(
            "not_assessable",
            numbers.count(current["n_unknown"]),
            note=words(
                "limits.tile_unknown", share=numbers.percent(share_of(current["n_unknown"], current["n_contacts"]))
            ),
        ),
    ]


def midnight_note(words: Words, numbers: Numbers, current: Row) -> str:
    findings_text = words("limits.tile_findings", n=numbers.count(current["n_findings"]))
    if not current["n_midnight"]:
        return findings_text
    return f"{findings_text} · {words('limits.tile_midnight', n=numbers.count(current['n_midnight']))}"


def debtor_note(words: Words, numbers: Numbers, current: Row) -> str:
    rate = share_of(current["n_debtor_days_breached"], current["n_debtor_days"])
    return words(
        "limits.tile_debtors",
        contacted=numbers.count(current["n_debtors"]),
        rate=per_thousand(numbers, rate),
        days=numbers.count(current["n_debtor_days"]),
    )


def share_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def rules_finding(words: Words, rules: pl.DataFrame) -> str:
    """Which rules have breaches, and which cannot be judged."""
    broken = rules.filter(pl.col("n_breach") > 0).height
    blind = rules.filter(pl.col("n_unknown") > 0).height
    return words("limits.rules_title", broken=broken, rules=rules.height, blind=blind)


def chart_finding(words: Words, by_day: pl.DataFrame) -> str:
    """How many days lie outside what chance alone gives."""
    outliers = outside(by_day["n_breaching"].to_list(), by_day["n_contacts"].to_list())
    if not outliers:
        return words("limits.chart_calm", days=by_day.height)
    days = [by_day["local_date"][no].isoformat() for no in outliers]
    return words("limits.chart_far", n=len(outliers), days=by_day.height, named=", ".join(days[:3]))


def against_rest(groups: pl.DataFrame, kind: str) -> list[str]:
    """For each row of breaches_by_group: above, below or not_distinguishable. Contacts of no team are not_compared:
    most are automatic messages, and every team would look careless beside them."""
    is_compared = [kind != "team" or name is not None for name in groups["group_name"].to_list()]
    dealt = [
        BreachCounts(row["n_contacts"], row["n_breaching"], row["breach_squares"])
        for row, is_in in zip(groups.iter_rows(named=True), is_compared, strict=True)
        if is_in
    ]
    verdicts = iter(against_all(dealt))
    codes = {"above": "above", "below": "below", "same": "not_distinguishable"}
    return [codes[next(verdicts)] if is_in else "not_compared" for is_in in is_compared]


def hours_finding(words: Words, count: BreachCount, hours: pl.DataFrame, rule: str) -> str:
    outside_hours, midnight = int(hours["n_breach"].sum()), int(hours["n_midnight"].sum())
    sentence = words("limits.hours_title", n=count(outside_hours), rule=rule) if rule else words("limits.hours_no_rule")
    return f"{sentence} {words('limits.hours_midnight', n=count.numbers.count(midnight))}" if midnight else sentence


def concentration_finding(words: Words, numbers: Numbers, per_debtor: pl.DataFrame) -> str:
    counts = per_debtor["n_contacts"].to_list()
    people, contacts = shares_by_group(counts)["top_1"]
    longest = per_debtor.sort("longest_run", descending=True).row(0, named=True)
    return words(
        "limits.concentration_title",
        people=numbers.count(people),
        share=numbers.percent(contacts / sum(counts)),
        run=longest["longest_run"],
    )


def allowed_hours(rule_text: str) -> Allowed:
    """The hours that a rule allows, from its text in the pack: weekday (Monday 1) to spans in minutes."""
    rule: dict[str, Any] = tomllib.loads(rule_text)
    rule = rule["rule"][0] if "rule" in rule else rule
    hours = rule.get("hours", {})
    return {
        isodow: [_span(part) for part in hours.get(name, "").replace(" ", "").split(",") if part]
        for isodow, name in enumerate(WEEKDAYS, start=1)
    }


def _span(text: str) -> tuple[int, int]:
    start, end = (part.split(":") for part in text.split("-"))
    return int(start[0]) * 60 + int(start[1]), int(end[0]) * 60 + int(end[1])
