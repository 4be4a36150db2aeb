"""Every case of every rule, judged as the product judges: one source folder, one ingest, one audit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import AuditChoice, findings_and_counts
from duewatch.ingest import ingest
from tests.rules.case_files import VERDICTS, Case, read_cases, write_source

CASES = read_cases()
Verdicts = Mapping[tuple[str, str, str], Mapping[str, Any]]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdicts]:
    """By as_known: the verdict row of each (rule, contact, account)."""
    folder = tmp_path_factory.mktemp("cases")
    source, books = folder / "source", folder / "books"
    source.mkdir()
    write_source(CASES, source)
    report = ingest(source, books=books)
    assert report.rows_rejected == 0
    return {known: _judged(books, known) for known in ("now", "then")}


def _judged(books: Path, as_known: str) -> Verdicts:
    frame, _ = findings_and_counts(current_book(books), load_packs(), AuditChoice(as_known=as_known))
    return {(row["rule_id"], row["contact_id"], row["account_id"]): row for row in frame.iter_rows(named=True)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gets_the_verdicts_that_its_author_expects(case: Case, verdicts: dict[str, Verdicts]) -> None:
    known = verdicts[case.given.get("as_known", "now")]
    for rule_id, expected in case.expected.items():
        found = _found(case, rule_id, known)
        assert found == _wanted(case, expected), rule_id
        for key, reason in expected.get("reason", {}).items():
            assert _row(case, rule_id, key, known)["reason"] == reason, (rule_id, key)
        if "in_grace" in expected:
            graced = [key for key in expected["breach"] if _row(case, rule_id, key, known)["in_grace"]]
            assert graced == expected["in_grace"], rule_id
        for key, ids in expected.get("evidence", {}).items():
            assert _row(case, rule_id, key, known)["evidence"] == [case.id(each) for each in ids], (rule_id, key)


def _found(case: Case, rule_id: str, known: Verdicts) -> dict[str, str]:
    """Verdict by contact as the case calls it: c1, or c1@B for a debt other than the contact's own."""
    own = {case.id(str(row["contact_id"])): str(row.get("account_id", _first(case))) for row in case.contacts}
    found: dict[str, str] = {}
    for (rule, contact, account), row in known.items():
        if rule == rule_id and contact in own:
            debt = account.removeprefix(case.id(""))
            name = contact.removeprefix(case.id(""))
            found[name if debt == own[contact] else f"{name}@{debt}"] = row["verdict"]
    return found


def _wanted(case: Case, expected: Mapping[str, Any]) -> dict[str, str]:
    wanted = {name: verdict for verdict in VERDICTS for name in expected.get(verdict, ())}
    others = expected.get("others")
    if others:
        named = {*wanted, *expected.get("not_judged", ())}
        wanted |= {str(row["contact_id"]): others for row in case.contacts if row["contact_id"] not in named}
    return wanted


def _row(case: Case, rule_id: str, key: str, known: Verdicts) -> Mapping[str, Any]:
    name, _, debt = key.partition("@")
    own = next(str(row.get("account_id", _first(case))) for row in case.contacts if row["contact_id"] == name)
    return known[rule_id, case.id(name), case.id(debt or own)]


def _first(case: Case) -> str:
    first = case.given.get("accounts", ["A"])[0]
    return first if isinstance(first, str) else str(first["account_id"])


@pytest.mark.parametrize("verdict", ["breach", "ok"])
def test_every_shipped_rule_has_a_case_of_each_kind(verdict: str) -> None:
    shown = {
        rule_id
        for case in CASES
        for rule_id, expected in case.expected.items()
        if expected.get(verdict) or expected.get("others") == verdict
    }
    rules = {rule.id for pack in load_packs().values() for rule in pack.rules}
    assert rules - shown == set()


def test_every_case_says_where_its_answer_comes_from() -> None:
    assert [case.name for case in CASES if not case.given.get("source")] == []


def test_every_case_names_rules_that_exist() -> None:
    rules = {rule.id for pack in load_packs().values() for rule in pack.rules}
    assert {rule_id for case in CASES for rule_id in case.expected} - rules == set()
