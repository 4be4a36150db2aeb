"""The Worklist page on a demo book: every number opens as many rows, and nobody is left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Never

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.books.published import current_book
from duewatch.contract.i18n import words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import worklist as reads
from duewatch.ui.parts import next_allowed as clearing
from duewatch.ui.worklist.summary import BLOCKS, METRIC_OF, blocks_of
from tests.support.pages import AS_OF, opened

WORDS = words_in("en")


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def table_of(at: AppTest) -> Any:
    return next(table.value for table in at.dataframe if "clearance" in table.value.columns)


@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_every_blocks_number_is_its_querys_and_its_rows_and_each_account_stands_once(
    demo_book: Path, currency: str
) -> None:
    engine = DuckDBEngine(current_book(demo_book), Settings())

    def ask(name: str, params: Any) -> Any:
        return engine.run(name, params, WHOLE_BOOK.narrowed(currencies=(currency,)))

    day = date.fromisoformat(AS_OF)
    blocks = blocks_of(
        reads.promises_to_watch(ask, as_of=day),
        reads.disputes_to_answer(ask, as_of=day),
        reads.stages_to_cross(ask, as_of=day, within_days=3),
        reads.accounts_untouched(ask, as_of=day),
    )
    engine.close()
    at = opened("worklist", lang="en", currency=currency)
    assert not at.exception, at.exception
    shown = {metric.label: metric.value for metric in at.metric}
    whole = table_of(at)
    assert len(whole) == whole["account_id"].nunique()
    assert whole["n_things"].sum() == sum(frame.height for frame in blocks.values()) > 0
    assert set(whole["account_id"]) == {name for frame in blocks.values() for name in frame["account_id"]}
    for block in BLOCKS:
        assert shown[WORDS(f"metric.{METRIC_OF[block]}.name")] == str(blocks[block].height)
        at.segmented_control(key="block").set_value(block).run()
        assert not at.exception, at.exception
        assert not at.error
        rows = table_of(at)["account_id"].tolist() if blocks[block].height else []
        assert rows == blocks[block]["account_id"].to_list()


def test_accounts_that_may_not_be_called_are_counted_shown_and_named_with_their_clause(demo_book: Path) -> None:
    at = opened("worklist", lang="en", currency="USD")
    whole = table_of(at)
    closed = whole[whole["clearance"] != WORDS("clearance.today")]
    shown = {metric.label: metric.value for metric in at.metric}
    assert shown[WORDS("metric.todo_closed.name")] == str(len(closed)) != "0"
    assert f"{len(closed)} of which may not be called" in at.subheader[0].value
    assert closed["cite"].notna().all()
    later = closed[closed["clearance"] == WORDS("clearance.later")]
    assert (later["next_at"].str[:10] > "2026-11-01").all()
    today = whole[whole["clearance"] == WORDS("clearance.today")]
    assert (today["next_at"].str[:10] == "2026-11-01").all()


def test_a_number_set_on_the_page_is_asked_for_and_no_account_is_asked_about_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = opened("worklist", lang="en", currency="CNY")
    before = {metric.label: int(metric.value) for metric in at.metric}
    at.number_input(key="cross_within").set_value(30).run()
    after = {metric.label: int(metric.value) for metric in at.metric}
    name = WORDS("metric.todo_crossing.name")
    assert after[name] > before[name]
    assert after[WORDS("metric.todo_due.name")] == before[WORDS("metric.todo_due.name")]

    def again(*_: object, **__: object) -> Never:
        raise AssertionError("asked about an account that is known")

    monkeypatch.setattr(clearing, "next_contacts", again)
    at.number_input(key="cross_within").set_value(25).run()
    assert not at.exception, at.exception
    assert 0 < int({metric.label: metric.value for metric in at.metric}[name]) < after[name]
