"""The days from and to of a page about the log, beside the as-of day of the side bar."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.shell.downloads import scope_in_words
from tests.support.pages import AS_OF, all_text, noting, opened


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


def test_what_was_known_then_is_a_pick_that_every_page_and_export_says() -> None:
    """In the address, in the sidebar, in the scope of the page and in the words of an export."""
    now, then = opened("promises", lang="en"), opened("promises", lang="en", known="then")
    assert not then.exception
    assert now.query_params["known"] == "now"
    assert then.query_params["known"] == "then"
    assert "Payments count once they were posted" in all_text(then)
    assert "Payments count once they were posted" not in all_text(now)
    with noting() as noted:
        opened("promises", lang="en", known="then")
    scope = noted.tiles[0].ctx.scope
    assert scope.known_on is not None
    assert scope.known_on.isoformat() == AS_OF
    assert scope_in_words(noted.tiles[0].ctx).endswith(f"as known on {AS_OF}")
    odd = opened("promises", lang="en", known="never")
    assert "The link asks for knowledge 'never'" in all_text(odd)
    assert "Payments count once they were posted" not in all_text(odd)
