"""Writes docs/template-coverage.md from rules/template.toml and rules/process.toml: each requirement of the collection
process template, the rule or page that answers it, what data that needs, and what the data cannot show.

    python -m duewatch.compliance.template_coverage > docs/template-coverage.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from duewatch.compliance.packs import RULES, project_path, toml_of
from duewatch.compliance.process_rules import Process, load_process
from duewatch.compliance.toml_table import TomlTable, lines_of

FILE = "template.toml"
INTRO = """# The process template, requirement by requirement

Generated from `rules/template.toml` and `rules/process.toml` by `make docs`; do not edit. A test fails when it is stale
or a requirement is missing.

The template is 金融机构欠款催收流程范本, whose text breaks off inside 三.2 (法律风险提示).
Stated: the text says it. Implied: it follows from the text. What needs a column that a lender has not given is
*not assessable* and never counted as kept; each page prints that share beside the share kept. Late-stage topics (law
suits, write-off, outsourcing) are only announced in the text and are no requirements here.
"""


@dataclass(frozen=True)
class Requirement:
    """`needs`: columns of the contract as table.column; `pages`: names of pages; `cannot`: what no column shows."""

    id: str
    is_stated: bool
    text: str
    needs: tuple[str, ...]
    pages: tuple[str, ...]
    shows: str
    cannot: str


def load_requirements(path: Path | None = None) -> tuple[Requirement, ...]:
    """Raises RuleError with the line of the first mistake."""
    path = path or RULES / FILE
    text, content = toml_of(path)
    places = lines_of(text)
    top = TomlTable(content, project_path(path), "file", places.file)
    top.text("source")
    found = []
    for n, table in enumerate(top.tables("requirement")):
        table.lines = places.of("requirement", n)
        found.append(
            Requirement(
                table.text("id", pattern=r"R[0-3]\.\d{1,2}|X[1-5]"),
                table.yes("is_stated"),
                table.text("text"),
                table.texts("needs"),
                table.texts("pages"),
                table.text("shows", ""),
                table.text("cannot", ""),
            )
        )
        table.done()
    top.done()
    return tuple(found)


def rules_of(requirement: Requirement, process: Process) -> list[str]:
    """Ids of the rules that name the requirement."""
    return sorted({rule.id for rule in process.rules if requirement.id in rule.requirements})


def as_markdown(requirements: tuple[Requirement, ...], process: Process) -> str:
    """docs/template-coverage.md as text."""
    n_rules = sum(bool(rules_of(each, process)) for each in requirements)
    n_open = sum(not each.pages for each in requirements)
    counts = (
        f"{len(requirements)} requirements: {n_rules} are held by a rule, {len(requirements) - n_rules - n_open} are "
        f"shown on a page without one, {n_open} cannot be assessed from the contract's tables.\n"
    )
    lines = [INTRO, counts]
    lines += [
        "| No. | | Text | Rules | Pages | Needs | What is shown, and what cannot be |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in requirements:
        told = ". ".join(part for part in (each.shows, each.cannot) if part)
        lines.append(
            f"| {each.id} | {'stated' if each.is_stated else 'implied'} | {each.text} "
            f"| {_listed(rules_of(each, process))} | {', '.join(each.pages)} | {_listed(each.needs)} | {told}. |"
        )
    return "\n".join(lines) + "\n"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(as_markdown(load_requirements(), load_process()))
