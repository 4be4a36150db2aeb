"""The Policy re-count page on a demo book: tiles, teams and rows say what the re-count says, in the reader's scope."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import Window
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import Settings
from duewatch.ui.parts import table as rows_drawn
from tests.support.pages import opened

RULE = "house.daily_contacts"


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def expected(demo_book: Path, first: date, last: date) -> pl.DataFrame:
    each = recount.cap_of(load_packs(), RULE, Settings())
    limit = recount.Limit(2, Window("local_date", 7))
    events = recount.replay_limit(current_book(demo_book), each, limit, from_date=first, to_date=last)
    return events.filter(pl.col("currency") == "CNY")


@pytest.mark.parametrize("language", LANGUAGES)
def test_tiles_teams_and_rows_say_what_the_replay_says(
    demo_book: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_drawn, "MOST_DRAWN", 1_000_000)
    first, last = date(2026, 8, 1), date(2026, 10, 31)
    events = expected(demo_book, first, last)
    asked = {"from": first.isoformat(), "to": last.isoformat(), "max": "2", "days": "7"}
    at = opened("recount", lang=language, currency="CNY", **asked)
    at.selectbox(key="rule").set_value(RULE).run()
    assert not at.exception, at.exception
    words = words_in(language)
    shown = {metric.label: metric.value.replace(",", "") for metric in at.metric}
    assert shown[words("metric.recount_counted.name")] == str(events.height)
    assert shown[words("metric.recount_over.name")] == str(events["is_over"].sum())
    assert shown[words("metric.recount_stopped.name")] == str(events["is_stopped"].sum())
    teams, rows = at.dataframe[0].value, at.dataframe[1].value
    assert teams["n_stopped"].sum() == events["is_stopped"].sum()
    assert rows["is_over"].sum() == events["is_over"].sum() > 0
    assert rows["is_stopped"].sum() == events["is_stopped"].sum() > 0


def test_of_a_long_table_the_first_rows_are_drawn_and_the_page_says_of_how_many() -> None:
    at = opened(
        "recount", lang="en", currency="CNY", **{"from": "2026-08-01", "to": "2026-10-31", "max": "2", "days": "7"}
    )
    at.selectbox(key="rule").set_value(RULE).run()
    n = next(metric.value for metric in at.metric if metric.label == words_in("en")("metric.recount_over.name"))
    most = rows_drawn.MOST_DRAWN
    assert int(n.replace(",", "")) > most == at.dataframe[1].value.shape[0]
    assert any(f"{most:,}" in caption.value and n in caption.value for caption in at.caption)


def test_a_rule_that_counts_nothing_here_says_so(demo_book: Path) -> None:
    at = opened("recount", lang="en", currency="CNY")
    at.selectbox(key="rule").set_value("vn.circular_43.daily").run()
    assert not at.exception, at.exception
    assert at.info[0].value == words_in("en")("guard.nothing_counted")
