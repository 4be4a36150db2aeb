"""Settings are checked where they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.contract.errors import DuewatchError
from duewatch.contract.settings import PROJECT_ROOT, Settings, load_settings
from duewatch.contract.settings_page import settings_page


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_a_settings_file_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "duewatch.toml"
    path.write_text("query_seconds = 5.0\nbucket_starts = [0, 1, 16, 31]\n", encoding="utf-8")
    read = load_settings(path)
    assert (read.query_seconds, read.bucket_starts, read.books_kept) == (5.0, (0, 1, 16, 31), 3)
    assert read.bucket_names == ("M0", "M1", "M2", "M3+")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("query_second = 5", "line 1: there is no 'query_second'; did you mean query_seconds?"),
        ("bucket_starts = [1, 31]", "give whole days that rise from 0, 1"),
        ("bucket_starts = [0, 1, 31, 31]", "give whole days that rise from 0, 1"),
        ("promise_grace_days = -1", "give a whole number from 0 to 60"),
        ("promise_grace_days = 1.5", "give a whole number from 0 to 60"),
        ("promise_tolerance = 0", "give a number above 0, at most 1"),
        ("promise_tolerance = '1'", "give a number above 0, at most 1"),
        ("packs = 'us.reg_f'", "give a list"),
        ("books_kept = 1\n\nsmallest_group = 0", "line 3: smallest_group is 0; give a whole number of 1 or more"),
        ("show_legal_preparation = 1", "give true or false"),
        ("query_seconds = ", "this is not valid TOML"),
    ],
)
def test_a_wrong_setting_is_refused_with_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "duewatch.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DuewatchError) as caught:
        load_settings(path)
    assert sentence in caught.value.sentence
    assert str(path) in caught.value.sentence


def test_the_page_is_what_the_type_says() -> None:
    written = (PROJECT_ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == settings_page(), "run 'make docs'"
