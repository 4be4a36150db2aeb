"""The demo's planted breaches are all found, and nothing else is, rule by rule."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import findings_and_counts
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import compliance

SHIPPED = {rule.id for pack in load_packs().values() for rule in pack.rules}


@pytest.fixture(scope="module")
def truth(demo_book: Path) -> dict[str, list[dict[str, list[str]]]]:
    return json.loads((demo_book.parent / "demo_source" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def findings(demo_book: Path) -> pl.DataFrame:
    return findings_and_counts(current_book(demo_book), load_packs())[0]


def planted(truth: dict[str, list[dict[str, list[str]]]]) -> dict[str, set[str]]:
    """Ids of the contacts that break each shipped rule."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for plant in truth["plants"]:
        for rule_id in set(plant["rules"]) & SHIPPED:
            wanted[rule_id] |= set(plant["ids"])
    return dict(wanted)


def test_what_was_planted_is_found_and_nothing_else(
    truth: dict[str, list[dict[str, list[str]]]], findings: pl.DataFrame
) -> None:
    wanted = planted(truth)
    assert len(wanted) >= 15
    found: dict[str, set[str]] = defaultdict(set)
    for rule_id, contact_id in findings.filter(verdict="breach").select("rule_id", "contact_id").iter_rows():
        found[rule_id].add(contact_id)
    assert dict(found) == wanted


def test_lawful_look_alikes_are_no_breach_and_some_rule_says_why(
    truth: dict[str, list[dict[str, list[str]]]], findings: pl.DataFrame
) -> None:
    alike = {contact_id for plant in truth["exempt"] for contact_id in plant["ids"]}
    assert alike
    of_them = findings.filter(pl.col("contact_id").is_in(list(alike)))
    assert of_them.filter(verdict="breach").is_empty()
    assert set(of_them.filter(verdict="exempt")["contact_id"]) == alike


def test_the_book_holds_what_an_audit_finds_anew(demo_book: Path, findings: pl.DataFrame) -> None:
    """Verdicts kept when the book was built, against verdicts found from the packs now: rule by rule, all four."""
    engine = DuckDBEngine(current_book(demo_book), Settings())
    first, last = findings["local_date"].min(), findings["local_date"].max()
    kept = compliance.verdicts_by_rule(
        lambda name, params: engine.run(name, params, WHOLE_BOOK), from_date=first, to_date=last
    )
    anew = findings.filter(pl.col("local_date").is_not_null()).group_by("rule_id", "verdict").len()
    wanted = {(rule_id, verdict): n for rule_id, verdict, n in anew.iter_rows()}
    stored = {
        (row["rule_id"], verdict): row[f"n_{verdict}"]
        for row in kept.iter_rows(named=True)
        for verdict in ("breach", "ok", "exempt", "unknown")
        if row[f"n_{verdict}"]
    }
    engine.close()
    assert stored == wanted
