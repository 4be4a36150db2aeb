"""Sentences, tiles and table of the Teams page, computed from frames. No ranking: names in the order of names."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from duewatch.contract.i18n import Words
from duewatch.metrics.funnel_plot import Z_95, Comparison, Counts, Judged, compare
from duewatch.metrics.multiple_comparison import LEVEL, Dealt, chance_of_so_many, holm
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

OUTCOMES = ("kept", "reached", "cured")
MONTHS = (12, 6, 3)
WITHIN = (30, 14, 60)


def window(as_of: date, months: int, within_days: int, first: date | None) -> tuple[date, date]:
    """First day of assignment and the day of judgement: `months` of assignments, each old enough at as_of, none from
    before the contact log begins."""
    start = as_of - timedelta(days=within_days + round(months * 30.4375))
    return (max(start, first) if first else start), as_of


def compared(found: pl.DataFrame) -> Comparison:
    """observed_expected of one currency; groups without a name are not compared."""
    named = found.filter(pl.col("group_name").is_not_null()).sort("group_name")
    return compare(
        [
            Counts(row["group_name"], row["n_compared"], row["observed"], row["expected"], row["variance"])
            for row in named.iter_rows(named=True)
        ]
    )


def outside(comparison: Comparison) -> list[Judged]:
    return [each for each in comparison.judged if each.verdict != "same"]


def headline(words: Words, numbers: Numbers, comparison: Comparison, outcome: str, unit: str) -> str:
    """How many differ, how many would by chance, and that nobody else does."""
    n, far = len(comparison.judged), outside(comparison)
    told = {
        "n": numbers.count(n),
        "outcome": words(f"teams.outcome_{outcome}"),
        "unit": words(f"teams.units_{unit}"),
        "by_chance": numbers.short(n * 0.05),
    }
    if not far:
        return words("headline.teams.none", **told)
    names = words("teams.join").join(each.counts.name for each in far)
    return words("headline.teams.some", far=numbers.count(len(far)), names=names, **told)


def tiles(
    words: Words, numbers: Numbers, comparison: Comparison, found: pl.DataFrame, conduct: pl.DataFrame
) -> list[Tile]:
    """Compared, outside the limits, over-dispersion, and conduct beside them."""
    n, far = len(comparison.judged), outside(comparison)
    cases, taken = int(found["n_cases"].sum()), int(found["n_compared"].sum())
    strong = sum(each.verdict.endswith("far") for each in far)
    contacts, broken = named_conduct(conduct)
    return [
        Tile(
            "teams_compared",
            numbers.count(n),
            note=words("teams.compared_note", hidden=numbers.count(len(comparison.hidden)), n=numbers.count(cases)),
            counted=words("tile.counted", part=numbers.count(taken), whole=numbers.count(cases)),
        ),
        Tile(
            "teams_outside",
            numbers.count(len(far)),
            note=words("teams.outside_note", by_chance=numbers.short(n * 0.05), strong=numbers.count(strong)),
            counted=words("tile.counted", part=numbers.count(len(far)), whole=numbers.count(n)),
        ),
        Tile(
            "teams_dispersion",
            f"{comparison.factor:.2f}",
            note=words(
                "teams.dispersion_none" if comparison.factor == 1 else "teams.dispersion_some",
                n=numbers.count(sum(abs(each.counts.z) > Z_95 for each in comparison.judged)),
            ),
        ),
        Tile(
            "teams_conduct",
            per_thousand(numbers, broken / contacts if contacts else None),
            note=words("teams.conduct_note", broken=numbers.count(broken), n=numbers.count(contacts)),
            counted=words("tile.counted", part=numbers.count(broken), whole=numbers.count(contacts)),
        ),
    ]


def named_conduct(conduct: pl.DataFrame) -> tuple[int, int]:
    """Contacts that the log gives to somebody, and of these those in breach: messages that nobody sent by hand would
    make everybody look careless."""
    named = conduct.filter(pl.col("group_name").is_not_null())
    return int(named["n_contacts"].sum()), int(named["n_breaching"].sum())


def per_thousand(numbers: Numbers, share: float | None) -> str:
    return numbers.short(None) if share is None else f"{share * 1000:.1f}"


def finding(words: Words, numbers: Numbers, comparison: Comparison) -> str:
    """What the funnel plot shows."""
    far = outside(comparison)
    told = {"n": numbers.count(len(comparison.judged)), "rest": numbers.count(len(comparison.judged) - len(far))}
    if not far:
        return words("teams.plot_title_none", **told)
    more = [each.counts.name for each in far if each.ratio > 1]
    less = [each.counts.name for each in far if each.ratio < 1]
    join = words("teams.join")
    return words(
        "teams.plot_title_some",
        more=join.join(more) or words("teams.nobody"),
        less=join.join(less) or words("teams.nobody"),
        **told,
    )


def table(words: Words, comparison: Comparison, found: pl.DataFrame, conduct: pl.DataFrame) -> pl.DataFrame:
    """One row a collector or team that is shown, by name: outcome against expectation, and conduct beside cash."""
    judged = {each.counts.name: each for each in comparison.judged}
    ways = {row["group_name"]: row for row in conduct.iter_rows(named=True)}
    rows = []
    for row in found.sort("group_name").iter_rows(named=True):
        each = judged.get(row["group_name"])
        if each is None:
            continue
        way = ways.get(row["group_name"])
        rows.append(
            {
                "group_name": row["group_name"],
                "team": row["team"],
                "against_expected": words(f"teams.{each.verdict}"),
                "n_compared": row["n_compared"],
                "observed": row["observed"],
                "expected_cases": Decimal(f"{row['expected']:.2f}"),
                "ratio": Decimal(f"{each.ratio:.2f}"),
                "limits_95": f"{each.low_95:.2f}\u2013{each.high_95:.2f}",
                "limits_998": f"{each.low_998:.2f}\u2013{each.high_998:.2f}",
                "shrunk": f"{each.shrunk:.2f} ({each.shrunk_low:.2f}\u2013{each.shrunk_high:.2f})",
                "collected": row["collected"],
                "n_contacts": way["n_contacts"] if way else None,
                "breaches_per_1000": _conduct_text(way),
                "n_unknown": way["n_unknown"] if way else None,
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


def _conduct_text(way: dict[str, float] | None) -> str | None:
    """Breaches per 1,000 contacts with their limits."""
    if way is None:
        return None
    return f"{way['rate'] * 1000:.1f} ({way['rate_low'] * 1000:.1f}\u2013{way['rate_high'] * 1000:.1f})"


def conduct_finding(words: Words, numbers: Numbers, conduct: pl.DataFrame, shown: set[str], unit: str) -> str:
    """Whose contacts broke rules more often than those of the own team (of a team: than those of all) would give."""
    named = conduct.filter(pl.col("group_name").is_not_null())
    if named.is_empty():
        return words("teams.conduct_unknown")
    n, k = named_conduct(conduct)
    told = {"usual": per_thousand(numbers, k / n), "broken": numbers.count(k), "n": numbers.count(n)}
    above = more_breaches(named, shown, unit)
    if not above:
        return words(f"teams.conduct_same_{unit}", **told)
    return words(f"teams.conduct_above_{unit}", names=words("teams.join").join(above), **told)


def more_breaches(named: pl.DataFrame, shown: set[str], unit: str) -> list[str]:
    """By name: who got more breaches than chance deals out among the own team (of a team: among all), each shown one
    weighed on the upper side alone (see standing_out)."""
    names, chances = [], []
    for row in named.filter(pl.col("group_name").is_in(sorted(shown))).sort("group_name").iter_rows(named=True):
        same = pl.lit(value=True) if unit == "team" else pl.col("team").eq_missing(pl.lit(row["team"], pl.String))
        peers = [dealt(peer) for peer in named.filter(same).iter_rows(named=True)]
        names.append(str(row["group_name"]))
        chances.append(chance_of_so_many(dealt(row), peers))
    return [name for name, is_far in zip(names, holm(chances, LEVEL / 2), strict=True) if is_far]


def dealt(row: dict[str, Any]) -> Dealt:
    """Of a row of conduct or of breaches_by_group."""
    return Dealt(row["n_contacts"], row["n_breaching"], row["breach_squares"])
