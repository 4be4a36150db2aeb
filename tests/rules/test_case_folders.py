"""Small source folders with what is right beside them (`expect.json`): loaded and judged as a lender would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import AuditChoice, findings_and_counts
from duewatch.ingest import ingest

FOLDERS = sorted(path.parent for path in (Path(__file__).parent / "folders").glob("*/expect.json"))
NOTHING = "(none)"
"""Stands for a contact about which a rule says nothing."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_gets_the_verdicts_written_beside_it(folder: Path, tmp_path: Path) -> None:
    wanted = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    ingest(folder, books=tmp_path)
    choice = AuditChoice(as_known=wanted.get("as_known", "now"))
    findings, _ = findings_and_counts(current_book(tmp_path), load_packs(), choice)
    found = {(row["rule_id"], row["contact_id"]): row["verdict"] for row in findings.iter_rows(named=True)}
    assert _differing(wanted["expect"], found) == {}


def _verdicts(allowed: str | list[str]) -> list[str]:
    return [allowed] if isinstance(allowed, str) else allowed


def _differing(wanted: Mapping[str, Mapping[str, Any]], found: Mapping[tuple[str, str], str]) -> dict[str, str]:
    return {
        f"{rule_id} on {contact_id}: {allowed}": verdict
        for rule_id, contacts in wanted.items()
        for contact_id, allowed in contacts.items()
        if (verdict := found.get((rule_id, contact_id), NOTHING))
        not in ([allowed] if isinstance(allowed, str) else allowed)
    }
