"""What the rule packs cover, what they cover in part, and what is knowingly left out: `rules/coverage.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from duewatch.compliance.packs import COVERAGE, RULES, Pack, load_packs, project_path
from duewatch.compliance.toml_table import TomlTable
from duewatch.contract.errors import RuleError

STATES = ("covered", "partly", "not")


@dataclass(frozen=True)
class Coverage:
    """One topic of one jurisdiction (ISO 3166, with the region after a hyphen; empty: the lender's own policy).

    `rules` are the ids of the rules that judge it, none where it is not covered; `why` says what is missing and why."""

    jurisdiction: str
    topic: str
    state: str
    rules: tuple[str, ...]
    why: str


def load_coverage(folder: Path = RULES) -> list[Coverage]:
    """The rows in the order of the file. Raises RuleError for a wrong row, a rule that does not exist, and a pack
    that no row names."""
    path = folder / COVERAGE
    packs = load_packs(folder)
    top = TomlTable(_toml(path), project_path(path), "file")
    rows = [_row(table, number) for number, table in enumerate(top.tables("topic"), 1)]
    top.done()
    _check_rule_ids(rows, packs.values(), path)
    return rows


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuleError("the file is not there", where=project_path(path), next_step="write it") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(
            f"this is not valid TOML: {error}", where=project_path(path), next_step="mend that line"
        ) from None


def _row(table: TomlTable, number: int) -> Coverage:
    table.where = f"{table.where}, topic {number}"
    row = Coverage(
        jurisdiction=table.text("jurisdiction", pattern=r"[A-Z]{2}(-[A-Z]{2,3})?|"),
        topic=table.text("topic"),
        state=table.one_of("state", STATES),
        rules=table.texts("rules", ()),
        why=table.text("why", ""),
    )
    table.done()
    if row.state == "not" and row.rules:
        table.refuse("rules", list(row.rules), "none, where state is not")
    if row.state != "not" and not row.rules:
        table.refuse("rules", [], "the rules that judge it")
    if row.state != "covered" and not row.why:
        table.refuse("why", "", "the reason, where state is partly or not")
    return row


def _check_rule_ids(rows: Collection[Coverage], packs: Collection[Pack], path: Path) -> None:
    rule_ids = {rule.id for pack in packs for rule in pack.rules}
    named = {rule_id for row in rows for rule_id in row.rules}
    for rule_id in sorted(named - rule_ids):
        raise RuleError(
            f"'{rule_id}' is no rule", where=project_path(path), next_step=f"use one of {', '.join(sorted(rule_ids))}"
        )
    for rule_id in sorted(rule_ids - named):
        raise RuleError(f"no topic names the rule '{rule_id}'", where=project_path(path), next_step="add it to a topic")
