"""Sentences, tiles and table of the Teams page, computed from frames. No ranking: names in the order of names."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from duewatch.contract.i18n import Words
from duewatch.metrics.funnel_plot import Z_95, Comparison, Counts, FunnelPoint, compare
from duewatch.metrics.multiple_comparison import LEVEL, BreachCounts, chance_of_so_many, holm
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

OUTCOMES = ("kept", "reached", "cured")
MONTHS = (12, 6, 3)
WITHIN = (30, 14, 60)


def window(as_of: date, months: int, within_days: int, first: date | None) -> tuple[date, date]:
    """First day of assignment and day of judgement: `months` of assignments, each `within_days` old at as_of, none from
    before the contact log."""
    start = as_of - timedelta(days=within_days + round(months * 30.4375))
    return (max(start, first) if first else start), as_of


def comparison_of(groups: pl.DataFrame) -> Comparison:
    """observed_expected of one currency; groups without a name are not compared."""
    named = groups.filter(pl.col("group_name").is_not_null()).sort("group_name")
    return compare(
        [
            Counts(row["group_name"], row["n_compared"], row["observed"], row["expected"], row["variance"])
            for row in named.iter_rows(named=True)
        ]
    )


def outside(comparison: Comparison) -> list[FunnelPoint]:
    return [member for member in comparison.points if member.verdict != "same"]


def headline(words: Words, numbers: Numbers, comparison: Comparison, outcome: str, unit: str) -> str:
    """How many differ from what is expected, and how many would by chance."""
    n, outliers = len(comparison.points), outside(comparison)
    values = {
        "n": numbers.count(n),
        "outcome": words(f"teams.outcome_{outcome}"),
        "unit": words(f"teams.units_{unit}"),
        "by_chance": numbers.short(n * 0.05),
    }
    if not outliers:
        return words("headline.teams.none", **values)
    names = words("teams.join").join(member.counts.name for member in outliers)
    return words("headline.teams.some", far=numbers.count(len(outliers)), names=names, **values)


def tiles(
    words: Words, numbers: Numbers, comparison: Comparison, groups: pl.DataFrame, conduct: pl.DataFrame
) -> list[Tile]:
    """Compared, outside the limits, over-dispersion, and conduct beside them."""
    n, outliers = len(comparison.points), outside(comparison)
    n_cases, n_compared = int(groups["n_cases"].sum()), int(groups["n_compared"].sum())
    n_far = sum(member.verdict.endswith("far") for member in outliers)
    n_contacts, n_breaching = named_conduct(conduct)
    return [
        Tile(
            "teams_compared",
            numbers.count(n),
            note=words("teams.compared_note", hidden=numbers.count(len(comparison.hidden)), n=numbers.count(n_cases)),
            counted=words("tile.counted", part=numbers.count(n_compared), whole=numbers.count(n_cases)),
        ),
        Tile(
            "teams_outside",
            numbers.count(len(outliers)),
            note=words("teams.outside_note", by_chance=numbers.short(n * 0.05), strong=numbers.count(n_far)),
            counted=words("tile.counted", part=numbers.count(len(outliers)), whole=numbers.count(n)),
        ),
        Tile(
            "teams_dispersion",
            f"{comparison.factor:.2f}",
            note=words(
                "teams.dispersion_none" if comparison.factor == 1 else "teams.dispersion_some",
                n=numbers.count(sum(abs(member.counts.z) > Z_95 for member in comparison.points)),
            ),
        ),
        Tile(
            "teams_conduct",
            per_thousand(numbers, n_breaching / n_contacts if n_contacts else None),
            note=words("teams.conduct_note", broken=numbers.count(n_breaching), n=numbers.count(n_contacts)),
            counted=words("tile.counted", part=numbers.count(n_breaching), whole=numbers.count(n_contacts)),
        ),
    ]


def named_conduct(conduct: pl.DataFrame) -> tuple[int, int]:
    """Contacts that the log gives to somebody, and how many of them broke a rule. Automatic messages are left out: they
    would make everybody look careless."""
    named = conduct.filter(pl.col("group_name").is_not_null())
    return int(named["n_contacts"].sum()), int(named["n_breaching"].sum())


def per_thousand(numbers: Numbers, share: float | None) -> str:
    return numbers.short(None) if share is None else f"{share * 1000:.1f}"


def finding(words: Words, numbers: Numbers, comparison: Comparison) -> str:
    """What the funnel plot shows."""
    outliers = outside(comparison)
    values = {"n": numbers.count(len(comparison.points)), "rest": numbers.count(len(comparison.points) - len(outliers))}
    if not outliers:
        return words("teams.plot_title_none", **values)
    more = [member.counts.name for member in outliers if member.ratio > 1]
    less = [member.counts.name for member in outliers if member.ratio < 1]
    join = words("teams.join")
    return words(
        "teams.plot_title_some",
        more=join.join(more) or words("teams.nobody"),
        less=join.join(less) or words("teams.nobody"),
        **values,
    )


def table(words: Words, comparison: Comparison, groups: pl.DataFrame, conduct: pl.DataFrame) -> pl.DataFrame:
    """One row a collector or team that is shown, by name: outcome against expectation, and conduct beside cash."""
    by_name = {member.counts.name: member for member in comparison.points}
    conduct_by_name = {row["group_name"]: row for row in conduct.iter_rows(named=True)}
    rows = []
    for row in groups.sort("group_name").iter_rows(named=True):
        member = by_name.get(row["group_name"])
        if member is None:
            continue
        conduct_row = conduct_by_name.get(row["group_name"])
        rows.append(
            {
                "group_name": row["group_name"],
                "team": row["team"],
                "against_expected": words(f"teams.{member.verdict}"),
                "n_compared": row["n_compared"],
                "observed": row["observed"],
                "expected_cases": Decimal(f"{row['expected']:.2f}"),
                "ratio": Decimal(f"{member.ratio:.2f}"),
                "limits_95": f"{member.low_95:.2f}\u2013{member.high_95:.2f}",
                "limits_998": f"{member.low_998:.2f}\u2013{member.high_998:.2f}",
                "shrunk": f"{member.shrunk:.2f} ({member.shrunk_low:.2f}\u2013{member.shrunk_high:.2f})",
                "collected": row["collected"],
                "n_contacts": conduct_row["n_contacts"] if conduct_row else None,
                "breaches_per_1000": _conduct_text(conduct_row),
                "n_unknown": conduct_row["n_unknown"] if conduct_row else None,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


SEEN = (
    "group_name",
    "against_expected",
    "observed",
    "expected_cases",
    "ratio",
    "limits_95",
    "shrunk",
    "collected",
    "breaches_per_1000",
    "n_contacts",
)
"""Columns of the table on the page; the download has all."""


def _conduct_text(conduct_row: dict[str, float] | None) -> str | None:
    """Breaches per 1,000 contacts with their limits."""
    if conduct_row is None:
        return None
    rate, low, high = (conduct_row[name] * 1000 for name in ("rate", "rate_low", "rate_high"))
    return f"{rate:.1f} ({low:.1f}\u2013{high:.1f})"


def conduct_finding(words: Words, numbers: Numbers, conduct: pl.DataFrame, names_shown: set[str], unit: str) -> str:
    """Whose contacts broke rules more often than those of the own team (of a team: than those of all) would give."""
    named = conduct.filter(pl.col("group_name").is_not_null())
    if named.is_empty():
        return words("teams.conduct_unknown")
    n, k = named_conduct(conduct)
    values = {"usual": per_thousand(numbers, k / n), "broken": numbers.count(k), "n": numbers.count(n)}
    names_above = more_breaches(named, names_shown, unit)
    if not names_above:
        return words(f"teams.conduct_same_{unit}", **values)
    return words(f"teams.conduct_above_{unit}", names=words("teams.join").join(names_above), **values)


def more_breaches(named: pl.DataFrame, names_shown: set[str], unit: str) -> list[str]:
    """Names, in order, of those with more breaches than chance gives within their own team (of a team: among all). Each
    one shown is tested on the upper side alone (see multiple_comparison)."""
    names, chances = [], []
    for row in named.filter(pl.col("group_name").is_in(sorted(names_shown))).sort("group_name").iter_rows(named=True):
        same_team = pl.lit(value=True) if unit == "team" else pl.col("team").eq_missing(pl.lit(row["team"], pl.String))
        peers = [dealt(peer) for peer in named.filter(same_team).iter_rows(named=True)]
        names.append(str(row["group_name"]))
        chances.append(chance_of_so_many(dealt(row), peers))
    return [name for name, is_far in zip(names, holm(chances, LEVEL / 2), strict=True) if is_far]


def dealt(row: dict[str, Any]) -> BreachCounts:
    """Of a row of conduct or of breaches_by_group."""
    return BreachCounts(row["n_contacts"], row["n_breaching"], row["breach_squares"])
