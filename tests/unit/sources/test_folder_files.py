"""Which files a name or a pattern means, and which of them cannot be meant."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from duewatch.contract.errors import SourceError
from duewatch.sources.folder_files import entries, form_of, matching

NAMES = ["24.04.2026_base.xlsx", "25.04.2026_Base.XLSX", "base_notes.pdf", "cdr.csv.gz", "借据.csv", "vici.TXT"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).touch()
    for name in (".hidden.csv", "~$24.04.2026_base.xlsx"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("*_base.xlsx", NAMES[:2]),
        ("*_base", NAMES[:2]),
        ("24*", NAMES[:1]),
        ("cdr", ["cdr.csv.gz"]),
        ("CDR.csv", ["cdr.csv.gz"]),
        ("cdr.csv.gz", ["cdr.csv.gz"]),
        ("借据", ["借据.csv"]),
        ("vici.txt", ["vici.TXT"]),
        ("base_notes", []),
        ("payments", []),
        ("*.parquet", []),
    ],
)
def test_a_file_is_meant_by_name_with_or_without_ending_or_by_pattern(
    folder: Path, file: str, found: list[str]
) -> None:
    assert [path.name for path in matching(folder, file)] == found


def test_a_name_with_brackets_is_first_a_name(folder: Path) -> None:
    (folder / "[2026] loans.csv").touch()
    assert [path.name for path in matching(folder, "[2026] loans")] == ["[2026] loans.csv"]


def test_accents_may_be_written_in_two_ways(folder: Path) -> None:
    (folder / unicodedata.normalize("NFD", "créances.csv")).touch()
    assert len(matching(folder, unicodedata.normalize("NFC", "Créances"))) == 1


def test_entries_leave_out_hidden_files_and_marks(folder: Path) -> None:
    assert [entry.name for entry in entries(folder)] == sorted(NAMES)


def test_one_table_twice_is_refused_unless_the_ending_says_which(folder: Path) -> None:
    (folder / "借据.xlsx").touch()
    with pytest.raises(SourceError, match=r"借据\.csv, 借据\.xlsx both hold 借据"):
        matching(folder, "借据")
    assert [path.name for path in matching(folder, "借据.csv")] == ["借据.csv"]


@pytest.mark.parametrize("endings", [(".csv", ".txt", ".csv.gz"), (".xlsx", ".xls", ".ods"), (".parquet", ".parquet")])
def test_the_parts_of_a_folder_may_be_of_one_form(folder: Path, endings: tuple[str, ...]) -> None:
    (folder / "contacts").mkdir()
    names = [f"{n}{ending}" for n, ending in enumerate(endings)]
    for name in (*names, "_SUCCESS", ".crc"):
        (folder / "contacts" / name).touch()
    assert [path.name for path in matching(folder, "Contacts")] == names


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (["1.csv", "2.xlsx"], "come in 2 forms"),
        (["1.csv", "2.pdf"], "'2.pdf' cannot be a part of contacts"),
        (["1.csv", "2.parquet.gz"], "'2.parquet.gz' cannot be a part"),
        ([], "no parts of contacts"),
    ],
)
def test_a_part_that_would_be_missed_is_told(folder: Path, parts: list[str], sentence: str) -> None:
    (folder / "contacts").mkdir()
    for part in parts:
        (folder / "contacts" / part).touch()
    with pytest.raises(SourceError, match=sentence):
        matching(folder, "contacts")


def test_a_link_that_leads_nowhere_and_a_missing_folder_are_told(folder: Path) -> None:
    (folder / "accounts.csv").symlink_to(folder / "gone.csv")
    for file in ("accounts", "acc*"):
        with pytest.raises(SourceError, match="a link that leads nowhere"):
            matching(folder, file)
    with pytest.raises(SourceError, match="there is no such folder"):
        entries(folder / "nowhere")


def test_the_form_is_that_of_the_ending() -> None:
    told = {name: form_of(Path(name)) for name in ("a.CSV", "a.tsv.gz", "a.xlsx.gz", "a.xlsm", "a.ods", "a.gz", "a")}
    assert told == {
        "a.CSV": "text",
        "a.tsv.gz": "text",
        "a.xlsx.gz": "",
        "a.xlsm": "workbook",
        "a.ods": "workbook",
        "a.gz": "",
        "a": "",
    }
