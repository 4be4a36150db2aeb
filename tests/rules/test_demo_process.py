"""The demo's planted faults of the process are all found, and nothing else is, rule by rule."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.process_rules import CONTACT, load_process, process_verdicts
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import process, promises

START, END = date(2025, 1, 1), date(2026, 10, 31)
OWN = {rule.id for rule in load_process().rules if rule.basis != CONTACT}


@pytest.fixture(scope="module")
def ask(demo_book: Path) -> Ask:
    engine = DuckDBEngine(current_book(demo_book), Settings())
    return lambda name, params: engine.run(name, params, WHOLE_BOOK)


@pytest.fixture(scope="module")
def truth(demo_book: Path) -> dict[str, Any]:
    path = demo_book.parent / "demo_source" / "truth.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def planted(truth: dict[str, Any]) -> dict[str, set[str]]:
    """Rule to the ids that break it."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for plant in truth["plants"]:
        for rule_id in set(plant["rules"]) & OWN:
            wanted[rule_id] |= set(plant["ids"])
    return dict(wanted)


def test_every_rule_of_the_process_is_planted(truth: dict[str, Any]) -> None:
    assert {rule for plant in truth["plants"] for rule in plant["rules"]} >= OWN


def test_what_was_planted_is_found_and_nothing_else(truth: dict[str, Any], ask: Ask) -> None:
    wanted = planted(truth)
    found: dict[str, set[str]] = defaultdict(set)
    for rule_id in OWN:
        rows = process.check_findings(ask, rule_id=rule_id, verdict="breach", from_date=START, to_date=END)
        # a promise pressed for names the call in its particulars, and the plant lists the call
        column = "detail" if rule_id == "house.promise_quiet" else "item_id"
        found[rule_id] |= set(rows[column].to_list())
    omitted = set(truth["promise_reminders_omitted"]["ids"])
    assert omitted & found["house.promise_reminder"]
    found["house.promise_reminder"] -= omitted - wanted["house.promise_reminder"]
    assert {rule: ids for rule, ids in found.items() if ids} == wanted


def test_a_reminder_that_the_lender_left_out_is_found_where_one_was_still_needed(
    truth: dict[str, Any], ask: Ask
) -> None:
    rows = process.check_findings(ask, rule_id="house.promise_reminder", verdict="breach", from_date=START, to_date=END)
    found, omitted = set(rows["item_id"].to_list()), set(truth["promise_reminders_omitted"]["ids"])
    ledger = promises.promise_ledger(ask, as_of=END)
    needed = {
        row["promise_id"]
        for row in ledger.iter_rows(named=True)
        if row["due_on"] <= END
        and row["state"] != "withdrawn"
        and not (row["state"] == "kept" and row["last_paid_on"] < row["due_on"])
    }
    assert found & omitted == needed & omitted
    assert omitted - needed, "some were kept early or are not due yet"


def test_the_book_keeps_what_is_found_anew(ask: Ask) -> None:
    rules = load_process()
    anew = process_verdicts(ask, rules, Settings(), as_of=END, period=(START, END)).group_by("rule_id", "verdict").len()
    wanted = {(rule, verdict): n for rule, verdict, n in anew.iter_rows()}
    kept = process.checks(ask, from_date=START, to_date=END)
    stored = {
        (row["rule_id"], verdict): row[f"n_{verdict}"]
        for row in kept.filter(pl.col("rule_id").is_in(list(OWN))).iter_rows(named=True)
        for verdict in ("kept", "breach", "not_assessable")
        if row[f"n_{verdict}"]
    }
    assert stored == wanted


def test_what_cannot_be_assessed_names_why_and_is_in_no_share(ask: Ask) -> None:
    missing = process.check_missing(ask, from_date=START, to_date=END)
    own = missing.filter(pl.col("rule_id").is_in(list(OWN)))
    assert own["n_items"].sum() > 0
    assert own["missing"].null_count() == 0
    checks = process.checks(ask, from_date=START, to_date=END)
    for row in checks.filter(pl.col("n_not_assessable") > 0).iter_rows(named=True):
        whole = row["n_kept"] + row["n_breach"] + row["n_not_assessable"]
        assert row["share_not_assessable"] == pytest.approx(row["n_not_assessable"] / whole)
        if row["n_judged"]:
            assert row["share_kept"] == pytest.approx(row["n_kept"] / (row["n_kept"] + row["n_breach"]))
