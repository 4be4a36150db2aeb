"""L0: overdue accounts graded by the scorecard under other cuts. Points are as the file gives them; only the cuts move.

Today and the scenario go through the same functions: a scenario that moves nothing equals today exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from duewatch.compliance.packs import RULES
from duewatch.compliance.scorecard import FILE, GRADES, Cut, Scorecard, grade_accounts, load_scorecard
from duewatch.engines import Ask
from duewatch.reads import process
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

MEASURES = {"accounts": "accounts", "balance": "money"}
"""Measure to unit; a line is `grade_<measure>_<grade>`."""
NO_SNAPSHOT = "there is no snapshot day up to the end of the period; load snapshots"


def cuts_today(day: date | None) -> str | None:
    """The cut in force on a day, as `grade_cuts` is written; None where there is none. Raises RuleError."""
    cut = load_scorecard().cut_on(day) if day else None
    return None if cut is None else f"{cut.medium_from},{cut.high_from}"


def lines(ask: Ask, scenario: Scenario, as_of: date | None, currency: str) -> Iterator[Line]:
    """Accounts and balance of each grade on a snapshot day, overdue accounts alone. Where no cut is in force today's
    side is empty, not 0. Raises RuleError where the scorecard cannot be read."""
    if as_of is None:
        for grade in GRADES:
            for measure, unit in MEASURES.items():
                yield Line.refused(currency, f"grade_{measure}_{grade}", unit, NO_SNAPSHOT, "no_snapshot")
        return
    card = load_scorecard()
    facts = process.overdue_facts(ask, as_of=as_of, to_date=as_of, **card.params)
    facts = facts.filter(pl.col("currency") == currency)
    sides = [grade_accounts(facts, _with_cuts(card, side, as_of), as_of) for side in (scenario.today, scenario)]
    for grade in reversed(GRADES):
        before, after = (_of_grade(accounts, grade) for accounts in sides)
        for measure, unit in MEASURES.items():
            name = f"grade_{measure}_{grade}"
            yield Line(currency, name, unit, "L0", before[measure], after[measure], n=facts.height, n_of="accounts")


def _with_cuts(card: Scorecard, scenario: Scenario, day: date) -> Scorecard:
    text = scenario.value("grade_cuts")
    if text is None:
        return card
    medium, high = (int(points) for points in str(text).split(","))
    return replace(card, cuts=(Cut(medium_from=medium, high_from=high, effective_from=day),))


def _of_grade(accounts: pl.DataFrame, grade: str) -> dict[str, float | None]:
    """By measure; None where nothing is graded for want of a cut."""
    if accounts.height and accounts["grade"].null_count() == accounts.height:
        return dict.fromkeys(MEASURES)
    rows = accounts.filter(pl.col("grade") == grade)
    return {"accounts": float(rows.height), "balance": float(rows["balance"].sum() or 0)}


def scorecard_stamp() -> tuple[str, str]:
    """The scorecard as part of what an answer rests on: its name and the beginning of its SHA-256."""
    return FILE.removesuffix(".toml"), hashlib.sha256((RULES / FILE).read_bytes()).hexdigest()[:12]
