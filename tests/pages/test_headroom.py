"""The Headroom page on a demo book: its sentence, tiles and list say what headroom says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books import current_book
from duewatch.compliance.headroom import headroom, strictest, within
from duewatch.compliance.packs import load_packs
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.scope import WHOLE_BOOK
from duewatch.settings import Settings
from duewatch.ui.words import LANGUAGES, words_in
from tests.pages.test_pages import opened


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
