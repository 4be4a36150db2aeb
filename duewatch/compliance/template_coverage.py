"""Writes docs/template-coverage.md from rules/template.toml and rules/process.toml: each requirement of the collection
process template, the rule or page that answers it, what data that needs, and what the data cannot show.

    python -m duewatch.compliance.template_coverage > docs/template-coverage.md
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from duewatch.compliance.packs import RULES, project_path
from duewatch.compliance.process_rules import REQUIREMENT_ID, Process, load_process
from duewatch.contract.errors import RuleError
from duewatch.contract.toml_file import CHECKED, FilledText, Name, Text, YesNo, read_toml

FILE = "template.toml"
INTRO = """# The process template, requirement by requirement

Generated from `rules/template.toml` and `rules/process.toml` by `make docs`; do not edit. A test fails when it is stale
or a requirement is missing.

The template is 金融机构欠款催收流程范本, whose text breaks off inside 三.2 (法律风险提示).
Stated: the text says it. Implied: it follows from the text. What needs a column that a lender has not given is
*not assessable* and never counted as kept; each page prints that share beside the share kept. Late-stage topics (law
suits, write-off, outsourcing) are only announced in the text and are no requirements here.
"""


@dataclass(frozen=True, config=CHECKED)
class Requirement:
    """`[[requirement]]`: one requirement of the template."""

    id: Annotated[Text, Field(pattern=REQUIREMENT_ID)]
    """Its number, such as R2.5."""
    is_stated: YesNo
    """The text says it; else it follows from the text."""
    text: FilledText
    """Its words."""
    needs: tuple[Name, ...]
    """Columns of the contract, as table.column."""
    pages: tuple[Name, ...]
    """Pages that answer it."""
    shows: Text = ""
    """What the pages show."""
    cannot: Text = ""
    """What no column shows."""


@dataclass(frozen=True, config=CHECKED)
class TemplateFile:
    """The file."""

    source: FilledText
    """The text that the requirements come from."""
    requirement: tuple[Requirement, ...] = ()
    """In the order of the text."""


def load_requirements(path: Path | None = None) -> tuple[Requirement, ...]:
    """Raises RuleError with the line of the first mistake."""
    path = path or RULES / FILE
    return read_toml(path, TemplateFile, error=RuleError, shown=project_path(path)).requirement


def rules_of(requirement: Requirement, process: Process) -> list[str]:
    """Ids of the rules that name the requirement."""
    return sorted({rule.id for rule in process.rules if requirement.id in rule.requirements})


def as_markdown(requirements: tuple[Requirement, ...], process: Process) -> str:
    """docs/template-coverage.md as text."""
    n_rules = sum(bool(rules_of(requirement, process)) for requirement in requirements)
    n_open = sum(not requirement.pages for requirement in requirements)
    counts = (
        f"{len(requirements)} requirements: {n_rules} are held by a rule, {len(requirements) - n_rules - n_open} are "
        f"shown on a page without one, {n_open} cannot be assessed from the contract's tables.\n"
    )
    lines = [INTRO, counts]
    lines += [
        "| No. | | Text | Rules | Pages | Needs | What is shown, and what cannot be |",
        "|---|---|---|---|---|---|---|",
    ]
    for requirement in requirements:
        cells = (
            requirement.id,
            "stated" if requirement.is_stated else "implied",
            requirement.text,
            _listed(rules_of(requirement, process)),
            ", ".join(requirement.pages),
            _listed(requirement.needs),
            ". ".join(part for part in (requirement.shows, requirement.cannot) if part) + ".",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(as_markdown(load_requirements(), load_process()))
