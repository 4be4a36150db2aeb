"""Small source folders with what is right beside them (`expect.json`): loaded and judged as a lender would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import AuditChoice, findings_and_counts
from duewatch.contract.settings import Settings
from duewatch.ingest import ingest

FOLDERS = sorted(path.parent for path in (Path(__file__).parent / "folders").glob("*/expect.json"))
NOTHING = "(none)"
"""Stands for a contact about which a rule says nothing."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_gets_the_verdicts_written_beside_it(folder: Path, tmp_path: Path) -> None:
    wanted = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    packs = sorted({rule_id.rpartition(".")[0] for rule_id in wanted["expect"]})
    ingest(folder, books=tmp_path, settings=Settings(packs=tuple(packs)))
    choice = AuditChoice(pack_ids=packs, as_known=wanted.get("as_known", "now"))
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


def test_a_contact_with_a_date_alone_counts_and_has_no_hour(tmp_path: Path) -> None:
    """The folder's calls, as if the source had given days only: caps are what they were, hours cannot be judged."""
    folder = next(folder for folder in FOLDERS if folder.name.startswith("01-regf"))
    ingest(folder, books=tmp_path, settings=Settings(packs=("us.reg_f",)))
    book = current_book(tmp_path)
    with duckdb.connect(str(book.path)) as con:
        con.execute("update contacts set time_known = false, local_time = time '00:00:00'")
    findings, _ = findings_and_counts(book, load_packs(), AuditChoice(pack_ids=["us.reg_f"]))
    of_caps = findings.filter(rule_id="us.reg_f.call_frequency")
    wanted = json.loads((folder / "expect.json").read_text(encoding="utf-8"))["expect"]["us.reg_f.call_frequency"]
    assert dict(zip(of_caps["contact_id"], of_caps["verdict"], strict=True)) == wanted
    hours = findings.filter(rule_id="us.reg_f.hours")
    assert set(hours.select("verdict", "reason", "detail").iter_rows()) == {("unknown", "missing", "started_at")}


def test_an_audit_of_a_period_counts_the_rows_that_it_returns(tmp_path: Path) -> None:
    """Also a contact without a local day, which is placed by its UTC day, in the period or not."""
    (tmp_path / "source").mkdir()
    for name, text in UNDATED.items():
        (tmp_path / "source" / name).write_text(text, encoding="utf-8")
    ingest(tmp_path / "source", books=tmp_path / "books")
    for first, last in (("2026-06-01", "2026-06-01"), ("2026-06-02", "2026-06-30"), ("2026-07-01", "2026-07-31")):
        choice = AuditChoice(from_date=date.fromisoformat(first), to_date=date.fromisoformat(last))
        findings, counts = findings_and_counts(current_book(tmp_path / "books"), load_packs(), choice)
        rows: dict[str, dict[str, int]] = {rule_id: {} for rule_id in counts}
        for rule_id, verdict, n in findings.group_by("rule_id", "verdict").len().iter_rows():
            rows[rule_id][verdict] = n
        assert rows == counts
        assert bool(findings.height) == (first < "2026-07-01")


UNDATED = {
    "debtors.csv": "debtor_id,time_zone\nd1,\nd2,America/New_York\n",
    "accounts.csv": "account_id,debtor_id,product,currency,opened_on,original_amount\n"
    "a1,d1,card,USD,2016-01-01,1000.00\na2,d2,card,USD,2016-01-01,1000.00\n",
    "contacts.csv": "contact_id,account_id,started_at,channel,direction,outcome\n"
    "k1,a1,2026-06-01T15:00:00Z,call,out,no_answer\nk2,a2,2026-06-03T15:00:00Z,call,out,no_answer\n",
}
