"""One standing flag each on eight debtors of a Chinese lender, then a demand call: told alike everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import Book, current_book
from duewatch.compliance.clearance import clear_plan
from duewatch.compliance.contact_plan import read_plan
from duewatch.compliance.headroom import headroom
from duewatch.compliance.next_allowed_contact import next_contacts
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import findings_and_counts
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest

FOLDER = Path(__file__).parent / "holds"
RULES = {
    "cease_contact": "house.stop_contact",
    "attorney": "house.attorney_hold",
    "deceased": "house.deceased_hold",
    "incapacitated": "house.incapacitated_hold",
    "hardship": "house.hardship_hold",
    "contact_refused": "house.refused_contact",
    "promise_hold": "house.promise_hold",
    "dispute": "house.dispute_hold",
}
"""Kind of flag, which is also the account's number, to the rule of the house."""
AFTER = "2026-08-01T"
"""The flags end with 31 July."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    books = tmp_path_factory.mktemp("holds")
    ingest(FOLDER, books=books)
    return current_book(books)


def test_audit_finds_every_demand_call(book: Book) -> None:
    findings, _ = findings_and_counts(book, load_packs())
    calls = findings.filter(pl.col("verdict").eq("breach") & pl.col("contact_id").str.starts_with("C"))
    found = {(row["account_id"], row["rule_id"]) for row in calls.iter_rows(named=True)}
    assert set(RULES.items()) <= found


def test_the_process_tells_the_same(book: Book) -> None:
    engine = DuckDBEngine(book, Settings())
    period = {"from_date": date(2026, 5, 1), "to_date": date(2026, 5, 31)}
    checks = engine.run("process/checks", period, WHOLE_BOOK)
    engine.close()
    found = {row["rule_id"]: row["n_breach"] for row in checks.iter_rows(named=True)}
    assert {rule for rule in RULES.values() if found.get(rule)} == set(RULES.values())


def test_a_plan_has_every_row_blocked_until_the_flag_ends(book: Book) -> None:
    answers = clear_plan(book, load_packs(), read_plan(FOLDER / "plan.csv"))
    assert dict(zip(answers["account_id"], answers["status"], strict=True)) == dict.fromkeys(RULES, "blocked")
    assert {text[: len(AFTER)] for text in answers["next_allowed_at"]} == {AFTER}


def test_the_next_allowed_call_is_after_the_flag(book: Book) -> None:
    ways = [(kind, "call") for kind in RULES]
    found = next_contacts(book, load_packs(), ways, on_day=date(2026, 6, 1))
    assert found["next_on"].to_list() == [date(2026, 8, 1)] * len(RULES)
    assert found["rule_id"].to_list() == list(RULES.values())


def test_headroom_lists_every_debtor_as_held_until_the_flag_ends(book: Book) -> None:
    rows = headroom(book, load_packs(), on_day=date(2026, 6, 1), pack_ids=["house"])
    held = rows.filter(pl.col("kind") == "forbid_when")
    assert set(held["rule_id"]) == set(RULES.values())
    assert held["n_left"].to_list() == [0] * len(RULES)
    assert held["frees_on"].to_list() == [date(2026, 8, 1)] * len(RULES)
    assert (
        headroom(book, load_packs(), on_day=date(2026, 8, 1), pack_ids=["house"]).filter(kind="forbid_when").is_empty()
    )
