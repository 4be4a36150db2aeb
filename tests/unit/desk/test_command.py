"""The desk from the command line, on a desk of its own."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from duewatch.books.published import current_book
from duewatch.cli.program import app
from duewatch.contract.errors import DeskError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine


@pytest.fixture(autouse=True)
def _own_desk(demo_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "duewatch.toml"
    settings.write_text(f'desk_url = "sqlite:///{tmp_path / "desk.sqlite"}"\n', encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


@pytest.fixture(scope="module")
def key(demo_book: Path) -> str:
    """A finding of the book."""
    with closing(DuckDBEngine(current_book(demo_book), Settings())) as engine:
        days = {"from_date": date(2020, 1, 1), "to_date": date(2030, 1, 1)}
        actual: str = engine.run("evidence/findings_chosen", days, WHOLE_BOOK)["finding_key"][0]
    return actual


def run_desk(*words: str) -> Result:
    return CliRunner().invoke(app, ["desk", *words])


def test_a_finding_is_marked_listed_and_its_history_told(key: str) -> None:
    assert (
        run_desk("mark", key, "confirmed", "--reason", "heard it", "--due", "2026-11-20", "--by", "lin").exit_code == 0
    )
    assert run_desk("mark", key, "exempt", "--reason", "had agreed", "--by", "wei").exit_code == 0
    rows = run_desk("list").stdout.splitlines()
    assert len(rows) == 2
    assert "exempt,had agreed" in rows[1]
    assert [row.split(",")[3] for row in run_desk("history", key).stdout.splitlines()[1:]] == ["confirmed", "exempt"]
    assert len(run_desk("list", "--overdue-on", "2026-12-01").stdout.splitlines()) == 1


def test_who_has_not_seen_the_last_decision_is_refused(key: str) -> None:
    run_desk("mark", key, "confirmed", "--reason", "heard it", "--by", "lin")
    output = run_desk("mark", key, "exempt", "--reason", "had agreed", "--by", "wei", "--after", "0")
    assert isinstance(output.exception, DeskError)
    assert "in the meantime" in output.exception.sentence


def test_an_unknown_state_is_bad_usage(key: str) -> None:
    output = run_desk("mark", key, "deleted", "--reason", "x")
    assert output.exit_code == 2
    assert "deleted" in output.stderr


def test_a_decision_about_what_the_book_did_not_find_is_refused() -> None:
    output = run_desk("mark", "no.rule/C1/A1", "exempt", "--reason", "x")
    assert isinstance(output.exception, DeskError)
    assert "the book has no finding 'no.rule/C1/A1'" in output.exception.sentence
    assert len(run_desk("list").stdout.splitlines()) == 1
