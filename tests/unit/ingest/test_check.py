"""`ingest --check`: everything at once, with what it costs, and nothing published."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.ingest import check
from duewatch.ingest.check_report import CheckReport
from tests.unit.ingest.conftest import ACCOUNT, ACCOUNTS, FEW_RULES, Source

SNAPSHOTS = "account_id,as_of,days_past_due,balance\n"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


def checked(source: Source, mapping: str = "") -> CheckReport:
    path = source.books.parent / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    return check(source.folder, mapping=path if mapping else None, settings=FEW_RULES)


def test_problems_come_with_rows_share_of_balance_and_example(source: Source) -> None:
    """A2 holds 300 of 400: its rejected row takes three quarters of the balance with it."""
    source.write("accounts.csv", ACCOUNTS + ACCOUNT + "A2,D1,card,CNY,01/02/2025,5\n")
    source.write("snapshots.csv", SNAPSHOTS + "A1,2025-03-31,0,100\nA2,2025-03-31,40,300\n")
    report = checked(source)
    told = {(p.table, p.column, p.reason): (p.n_rows, p.balance_share, p.example) for p in report.problems}
    assert told == {
        ("accounts", "opened_on", "not_a_date"): (1, 0.75, "01/02/2025"),
        ("snapshots", "account_id", "dangling_key"): (1, 0.75, "A2"),
    }
    assert report.loses_something
    assert not source.books.exists()


def test_a_clean_folder_loses_nothing_and_says_what_it_cannot_answer(source: Source) -> None:
    source.write("snapshots.csv", SNAPSHOTS + "A1,2025-03-31,0,100\n合计,,,100\n")
    report = checked(source)
    assert [(p.reason, p.n_rows) for p in report.problems] == [("total_row", 1)]
    assert not report.loses_something, "a row of totals is no loss"
    assert "vintage" in report.answered
    assert dict(report.lacking)["by_branch"] == ("accounts.branch",)
    assert report.best_column is not None


def test_all_that_would_refuse_the_load_is_told_at_once(source: Source) -> None:
    source.write("payments.csv", "payment_id,wrong\nP1,x\n")
    source.write("snapshots.csv", "account_id,as_of,days,balance\nA1,2025-03-31,0,1\n")
    source.write("accounts.csv", ACCOUNTS + ACCOUNT.replace("D1", "110101199001010011"))
    report = checked(source)
    assert len(report.refusals) == 3
    assert any("'wrong' is no column of payments" in str(error) for error in report.refusals)
    assert any("'days' is no column of snapshots" in str(error) for error in report.refusals)
    assert any("holds identity numbers" in str(error) for error in report.refusals)


def test_values_left_empty_are_problems_of_their_own(source: Source) -> None:
    header = ACCOUNTS.strip() + ",annual_rate\n"
    source.write("accounts.csv", header + ACCOUNT.strip() + ",eighteen\n")
    (problem,) = checked(source).problems
    assert (problem.is_row, problem.column, problem.reason, problem.example) == (
        False,
        "annual_rate",
        "not_a_number",
        "eighteen",
    )


def test_a_load_that_would_be_refused_for_want_of_an_account_is_told_so(source: Source) -> None:
    source.write("accounts.csv", ACCOUNTS + ACCOUNT.replace("2025-01-10", "soon"))
    (refusal,) = checked(source).refusals
    assert "no account was accepted" in str(refusal)


def test_a_file_that_may_be_missing_and_is_gets_a_sentence(source: Source) -> None:
    mapping = """
[files.log]
optional = true
[files.log.contacts]
contact_id = "id"
"""
    notes = [note.values["section"] for note in checked(source, mapping).notes if note.key == "reading.optional_absent"]
    assert notes == ["files.log"]
