"""What `map` makes of files that nobody described: its mapping is read again, and the rows are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.contract.errors import SourceError
from duewatch.contract.i18n import words_in
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.contract.toml_file import checked_toml
from duewatch.ingest.preview import first_rows
from duewatch.sources.guess import GuessedFile, guess_folder
from duewatch.sources.guess_text import guess_sentences, mapping_text
from duewatch.sources.mapping import Mapping
from duewatch.sources.vocabulary import names_of_columns, plain

CASES = PROJECT_ROOT / "tests" / "cases" / "any_file"
EN, ZH = words_in("en"), words_in("zh")


def guessed(folder: Path, scratch: Path) -> tuple[list[GuessedFile], Mapping]:
    scratch.mkdir(exist_ok=True)
    files = guess_folder(folder, scratch)
    return files, checked_toml(mapping_text(files, EN), Mapping, error=SourceError, shown="guess")


def test_a_list_of_invoices_in_spanish_becomes_accounts_debtors_and_snapshots(tmp_path: Path) -> None:
    files, mapping = guessed(CASES / "chile_raw", tmp_path / "s")
    assert guess_sentences(files, EN) == ["cartera.csv seems to give accounts, debtors, snapshots."]
    rows, errors = first_rows(CASES / "chile_raw", mapping)
    assert errors == []
    told = rows["snapshots"].select("account_id", "days_past_due", "balance", "oldest_due_on").rows()
    assert [(a, d, str(b), str(o)) for a, d, b, o in told] == [
        ("F001", 85, "1234567.00", "2025-01-05"),
        ("F002", 39, "98500.00", "2025-02-20"),
    ]
    assert rows["accounts"]["currency"].to_list() == ["CLP", "CLP"]
    assert "11111111-1" not in rows["debtors"]["debtor_id"].to_list(), "an identity number is not taken as an id"


def test_files_of_a_known_system_are_read_by_its_preset(tmp_path: Path) -> None:
    files, mapping = guessed(CASES / "cn_case_sheet", tmp_path / "s")
    assert {file.name: file.preset for file in files if file.preset} == dict.fromkeys(
        ("催记.csv", "分案记录.csv", "案件表.xlsx", "还款流水.csv"), "cn-case-sheet"
    )
    rows, errors = first_rows(CASES / "cn_case_sheet", mapping)
    assert errors == []
    assert {table: frame.height for table, frame in rows.items()} == {
        "debtors": 5,
        "accounts": 5,
        "snapshots": 5,
        "payments": 3,
        "contacts": 5,
        "promises": 1,
        "assignments": 1,
    }


def test_days_that_fit_two_forms_are_said_to_be_unsure_and_percents_are_seen(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "loans.csv").write_text(
        "Loan ID,Customer ID,Product,Currency,Disbursal Date,Loan Amount,Interest Rate\n"
        "L1,C1,cash,INR,04/05/2025,1000,18.5\nL2,C2,cash,INR,06/07/2025,2000,12\n",
        encoding="utf-8",
    )
    files, mapping = guessed(folder, tmp_path / "s")
    text = mapping_text(files, EN)
    assert (
        'opened_on = { column = "Disbursal Date", formats = ["%d/%m/%Y"] }  # LOOK: by its name; the days fit ' in text
    )
    assert 'annual_rate = { column = "Interest Rate", factor = 0.01 }' in text
    rows, _ = first_rows(folder, mapping)
    assert [str(rate) for rate in rows["accounts"]["annual_rate"]] == ["0.185000", "0.120000"]


def test_codes_that_nobody_knows_are_asked_about_and_a_missing_column_is_left_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "calls.csv").write_text(
        "Call Date,Phone Number,Agent,Disposition\n2025-03-01 09:00:00,100,a1,PTP\n2025-03-01 09:05:00,200,a1,QQQ\n",
        encoding="utf-8",
    )
    (folder / "list.csv").write_text("Account No,Product\nA1,cash\n", encoding="utf-8")
    files, _ = guessed(folder, tmp_path / "s")
    text = mapping_text(files, EN)
    assert '"PTP" = "conversation", "QQQ" = "unknown"' in text
    assert "# LOOK: by its name; say what these codes mean: QQQ" in text
    assert guess_sentences(files, EN)[1] == "list.csv: no table of the contract is recognised in it."


def test_the_reasons_are_told_in_the_readers_language(tmp_path: Path) -> None:
    files, _ = guessed(CASES / "chile_raw", tmp_path / "s")
    text = mapping_text(files, ZH)
    assert "# 按列名" in text
    assert "by its name" not in text


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        guess_folder(tmp_path / "nowhere", tmp_path)


def test_every_word_of_the_vocabulary_names_a_column_of_the_contract() -> None:
    known = names_of_columns()
    assert known[plain("Days Past Due")][0] == ("snapshots", "days_past_due")
    assert ("accounts", "account_id") in known[plain("案件编号")]
    assert ("payments", "account_id") in known[plain("案件编号")]
