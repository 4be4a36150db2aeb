"""The Load data page's own steps: files taken, mapping guessed and kept, personal cells masked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from duewatch.contract.errors import SourceError
from duewatch.contract.i18n import words_in
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.ui.load_data.job import start_load
from duewatch.ui.load_data.sections import _plain, _shown
from duewatch.ui.load_data.upload import Upload

CASE = PROJECT_ROOT / "tests" / "cases" / "any_file" / "chile_raw" / "cartera.csv"


@dataclass
class Dropped:
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


def test_dropped_files_lie_in_a_folder_of_the_session_and_go_when_they_are_taken_back() -> None:
    upload = Upload()
    upload.take([Dropped("a.csv", b"x"), Dropped("../../b.csv", b"y")])
    assert sorted(path.name for path in upload.folder.iterdir()) == ["a.csv", "b.csv"]
    assert upload.folder.stat().st_mode & 0o077 == 0
    upload.take([Dropped("b.csv", b"z")])
    assert [(path.name, path.read_bytes()) for path in upload.folder.iterdir()] == [("b.csv", b"z")]


def test_the_guess_is_a_mapping_that_the_page_can_keep() -> None:
    upload = Upload()
    upload.take([Dropped("cartera.csv", CASE.read_bytes())])
    text, told = upload.guess(words_in("en"))
    assert told == ["cartera.csv seems to give accounts, debtors, snapshots."]
    upload.write_mapping(text)
    assert upload.mapping_path.read_text(encoding="utf-8") == text
    with pytest.raises(SourceError, match=r"mapping\.toml, line 1: there is no 'sauce'"):
        upload.write_mapping("[sauce]\n")


def test_personal_cells_of_the_first_rows_are_masked() -> None:
    frame = pl.DataFrame({"debtor_id": ["D1"], "name": ["Someone"], "phone": [None], "region": ["North"]})
    assert _shown("debtors", frame).rows() == [("D1", "•••", None, "North")]


def test_a_load_runs_as_the_command_line_does_and_can_be_stopped(tmp_path: Path) -> None:
    upload = Upload()
    upload.take([Dropped("cartera.csv", CASE.read_bytes())])
    upload.write_mapping(upload.guess(words_in("en"))[0])
    job = start_load(upload.folder, upload.mapping_path, tmp_path / "books", language="zh", place=tmp_path)
    assert job.process.wait(120) == 0
    assert job.succeeded
    assert "已启用" in job.report()
    assert (tmp_path / "books" / "CURRENT").exists()
    stopped = start_load(upload.folder, upload.mapping_path, tmp_path / "books", language="en", place=tmp_path)
    stopped.stop()
    assert not stopped.is_running
    assert not stopped.succeeded


def test_a_sentence_with_a_files_own_text_is_shown_as_it_is() -> None:
    assert _plain("![x](http://y)") == r"\!\[x\]\(http\://y\)"
