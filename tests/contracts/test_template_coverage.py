"""Every requirement of the process template is answered by a rule or a page, or says why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from duewatch.compliance.packs import load_packs
from duewatch.compliance.process_rules import CONTACT, Process, load_process
from duewatch.compliance.template_coverage import Requirement, as_markdown, load_requirements, rules_of
from duewatch.contract.schema import SOURCE_TABLES

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = load_requirements()
NUMBERS = [
    *(f"R0.{n}" for n in range(1, 5)),
    *(f"R1.{n}" for n in range(1, 14)),
    *(f"R2.{n}" for n in range(18)),
    *(f"R3.{n}" for n in range(15)),
    *(f"X{n}" for n in range(1, 6)),
]
"""The requirements as the template was taken apart: nothing else, and none left out."""


def test_every_requirement_is_there_once_and_in_order() -> None:
    assert [each.id for each in REQUIREMENTS] == NUMBERS


def test_every_requirement_is_answered_or_says_why_it_cannot_be() -> None:
    process = load_process()
    assert {each.id: found for each in REQUIREMENTS if (found := list(faults(each, process)))} == {}


def faults(requirement: Requirement, process: Process) -> Iterator[str]:
    if not requirement.pages and not requirement.cannot:
        yield "no page and no reason"
    if rules_of(requirement, process) and "process" not in requirement.pages:
        yield "a rule of the process is shown on its page"
    yield from (f"no page {page}" for page in requirement.pages if not (ROOT / "pages" / f"{page}.py").exists())
    for name in requirement.needs:
        table, column = name.split(".")
        if column not in SOURCE_TABLES[table].column_names:
            yield f"no column {name}"


def test_every_rule_of_the_process_names_a_requirement_of_the_template() -> None:
    for rule in load_process().rules:
        assert set(rule.requirements) <= set(NUMBERS), rule.id


def test_rules_taken_from_packs_exist_there() -> None:
    shipped = {rule.id for pack in load_packs().values() for rule in pack.rules}
    taken = {rule.id for rule in load_process().rules if rule.basis == CONTACT}
    assert taken
    assert taken <= shipped


def test_the_coverage_document_is_what_the_files_say() -> None:
    written = (ROOT / "docs" / "template-coverage.md").read_text(encoding="utf-8")
    assert written == as_markdown(REQUIREMENTS, load_process()), "stale: run 'make docs'"
