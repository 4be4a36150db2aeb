"""The desk from the command line, on a desk of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from duewatch.cli import app
from duewatch.errors import DeskError


@pytest.fixture(autouse=True)
def _no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("DUEWATCH_BOOKS", str(tmp_path / "books"))


def said(*words: str) -> Result:
    return CliRunner().invoke(app, ["desk", *words])


def test_a_finding_is_marked_listed_and_its_history_told() -> None:
    assert (
        said("mark", "r/C1/A1", "confirmed", "--reason", "heard it", "--due", "2026-11-20", "--by", "lin").exit_code
        == 0
    )
    assert said("mark", "r/C1/A1", "exempt", "--reason", "had agreed", "--by", "wei").exit_code == 0
    rows = said("list").stdout.splitlines()
    assert len(rows) == 2
    assert "exempt,had agreed" in rows[1]
    assert [row.split(",")[3] for row in said("history", "r/C1/A1").stdout.splitlines()[1:]] == ["confirmed", "exempt"]
    assert len(said("list", "--overdue-on", "2026-12-01").stdout.splitlines()) == 1


def test_who_has_not_seen_the_last_decision_is_refused() -> None:
    said("mark", "r/C1/A1", "confirmed", "--reason", "heard it", "--by", "lin")
    told = said("mark", "r/C1/A1", "exempt", "--reason", "had agreed", "--by", "wei", "--after", "0")
    assert isinstance(told.exception, DeskError)
    assert "in the meantime" in told.exception.sentence


def test_an_unknown_state_is_bad_usage() -> None:
    told = said("mark", "r/C1/A1", "deleted", "--reason", "x")
    assert told.exit_code == 2
    assert "deleted" in told.stderr
