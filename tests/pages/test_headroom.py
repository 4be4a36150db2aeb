"""The Headroom page on a demo book: its sentence, tiles and list say what headroom says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.headroom import headroom, strictest, within
from duewatch.compliance.packs import load_packs
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.headroom.sections import default_day
from tests.support.pages import opened


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def rows_in(demo_book: Path, currency: str) -> tuple[date, pl.DataFrame]:
    book = current_book(demo_book)
    engine, scope = DuckDBEngine(book, Settings()), WHOLE_BOOK.narrowed(currencies=(currency,))
    day = engine.run("compliance/judged_days", {}, scope)["last_day"].item()
    return day, within(headroom(book, load_packs(), on_day=day), engine.run("compliance/places_in_scope", {}, scope))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_tiles_and_list_say_what_headroom_says(demo_book: Path, language: str, currency: str) -> None:
    _, rows = rows_in(demo_book, currency)
    at = opened("headroom", lang=language, currency=currency)
    assert not at.exception, at.exception
    words = words_in(language)
    shown = {metric.label: metric.value for metric in at.metric}
    least = strictest(rows)
    assert shown[words("metric.headroom_none.name")] == str(least.filter(pl.col("n_left") == 0).height)
    assert shown[words("metric.headroom_last.name")] == str(least.filter(pl.col("n_left") == 1).height)
    listed = at.dataframe[0].value.shape[0] if at.dataframe else 0
    assert listed == rows.filter(pl.col("n_left") == 0).height


def test_the_day_after_the_log_may_be_asked_about(demo_book: Path) -> None:
    day, _ = rows_in(demo_book, "USD")
    at = opened("headroom", lang="en", currency="USD")
    at.date_input[0].set_value(date.fromordinal(day.toordinal() + 1)).run()
    assert not at.exception, at.exception
    assert at.subheader or at.info


def test_an_earlier_as_of_day_is_the_day_asked_about(demo_book: Path) -> None:
    days = DuckDBEngine(current_book(demo_book), Settings()).run("portfolio/snapshot_days", {}, WHOLE_BOOK)["as_of"]
    at = opened("headroom", lang="en", currency="CNY", as_of=days[-2].isoformat())
    assert not at.exception, at.exception
    assert at.date_input[0].value == days[-2]


def test_the_default_day_is_the_logs_last_unless_an_earlier_snapshot_was_picked() -> None:
    days, first, last = (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)), date(2026, 9, 5), date(2026, 11, 24)
    asked = {day: default_day(day, days, first, last) for day in (*days, None)}
    assert asked == {days[0]: first, days[1]: days[1], days[2]: last, None: last}


def test_a_day_left_as_proposed_moves_with_the_as_of_day_and_a_chosen_one_stays(demo_book: Path) -> None:
    days = DuckDBEngine(current_book(demo_book), Settings()).run("portfolio/snapshot_days", {}, WHOLE_BOOK)["as_of"]
    at = opened("headroom", lang="en", currency="CNY")
    as_of = next(box for box in at.selectbox if days[-2].isoformat() in map(str, box.options))
    as_of.set_value(as_of.options[[str(option) for option in as_of.options].index(days[-2].isoformat())]).run()
    assert not at.exception, at.exception
    assert at.date_input[0].value == days[-2]
    at.date_input[0].set_value(days[-3]).run()
    as_of.set_value(as_of.options[[str(option) for option in as_of.options].index(days[-4].isoformat())]).run()
    assert at.date_input[0].value == days[-3]
