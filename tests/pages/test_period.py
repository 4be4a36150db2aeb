"""The days from and to of a page about the log, beside the as-of day of the side bar."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.pages import opened


@pytest.fixture(autouse=True)
def books(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def pick_as_of(at: AppTest, day: str) -> None:
    box = next(each for each in at.selectbox if day in map(str, each.options))
    box.set_value(box.options[[str(option) for option in box.options].index(day)]).run()
    assert not at.exception, at.exception


def test_days_left_as_proposed_move_with_the_as_of_day_and_a_chosen_one_stays(demo_book: Path) -> None:
    days = DuckDBEngine(current_book(demo_book), Settings()).run("portfolio/snapshot_days", {}, WHOLE_BOOK)["as_of"]
    at = opened("contact_limits", lang="en", currency="CNY")
    pick_as_of(at, days[-2].isoformat())
    start, end = at.date_input[:2]
    assert days[-3] < start.value < end.value == days[-2]
    chosen = days[-4]
    start.set_value(chosen).run()
    pick_as_of(at, days[-3].isoformat())
    assert [each.value for each in at.date_input[:2]] == [chosen, days[-3]]
