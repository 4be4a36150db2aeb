"""What the rule packs cover, what they cover in part, and what is knowingly left out: `rules/coverage.toml`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from duewatch.compliance.pack_types import Pack
from duewatch.compliance.packs import COVERAGE, RULES, load_packs, project_path
from duewatch.contract.errors import RuleError
from duewatch.contract.toml_file import CHECKED, FieldError, FilledText, Name, Text, read_toml

STATES = ("covered", "partly", "not")


@dataclass(frozen=True, config=CHECKED)
class Coverage:
    """`[[topic]]`: one topic of one jurisdiction."""

    jurisdiction: Annotated[Text, Field(pattern=r"^([A-Z]{2}(-[A-Z]{2,3})?|)$")]
    """ISO 3166, with the region after a hyphen; empty: the lender's own policy."""
    topic: FilledText
    """What the law asks."""
    state: Literal["covered", "partly", "not"]
    """How much of it the rules judge."""
    rules: tuple[Name, ...] = ()
    """Ids of the rules that judge it; none where it is not covered."""
    why: Text = ""
    """What is missing, and why."""

    @model_validator(mode="after")
    def _check_state(self) -> Self:
        if self.state == "not" and self.rules:
            raise FieldError("rules", value=list(self.rules), next_step="give none, where state is not")
        if self.state != "not" and not self.rules:
            raise FieldError("rules", value=[], next_step="give the rules that judge it")
        if self.state != "covered" and not self.why:
            raise FieldError("why", value="", next_step="give the reason, where state is partly or not")
        return self


@dataclass(frozen=True, config=CHECKED)
class CoverageFile:
    """The file."""

    topic: tuple[Coverage, ...] = ()
    """Topics in the order in which they are shown."""


def load_coverage(folder: Path = RULES) -> list[Coverage]:
    """The rows in the order of the file. Raises RuleError for a wrong row, a rule that does not exist, and a rule
    that no row names."""
    path = folder / COVERAGE
    packs = load_packs(folder)
    rows = list(read_toml(path, CoverageFile, error=RuleError, shown=project_path(path)).topic)
    _check_rule_ids(rows, packs.values(), path)
    return rows


def _check_rule_ids(rows: Collection[Coverage], packs: Collection[Pack], path: Path) -> None:
    rule_ids = {rule.id for pack in packs for rule in pack.rules}
    named = {rule_id for row in rows for rule_id in row.rules}
    for rule_id in sorted(named - rule_ids):
        raise RuleError(
            f"'{rule_id}' is no rule", where=project_path(path), next_step=f"use one of {', '.join(sorted(rule_ids))}"
        )
    for rule_id in sorted(rule_ids - named):
        raise RuleError(f"no topic names the rule '{rule_id}'", where=project_path(path), next_step="add it to a topic")
