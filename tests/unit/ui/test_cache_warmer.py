"""What was asked of one book is asked of the next before people do, and the file of it names nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import Book, current_book
from duewatch.contract.errors import QueryTooSlowError
from duewatch.contract.scope import NO_SCOPE, WHOLE_BOOK, Scope
from duewatch.engines import Params, Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.shell import book_service
from duewatch.ui.shell.cache_warmer import warm
from duewatch.ui.shell.recent_queries import MOST, Query, RecentQueries, place_of

DAYS = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]
LATER = [*DAYS, date(2026, 11, 30)]
YUAN = Scope(("Chengdu",), None, ("CNY",))


@pytest.fixture
def recent(tmp_path: Path) -> Iterator[RecentQueries]:
    book_service.forget_all()
    yield RecentQueries(tmp_path / "recent_queries.json")
    book_service.forget_all()


def noted(recent: RecentQueries, name: str = "q", scope: Scope = YUAN, **params: Scalar) -> RecentQueries:
    """The same file read anew, with one query more."""
    recent.note(Query(name, params, scope), lambda: DAYS)
    recent.save()
    return RecentQueries(recent.path)


def test_a_new_book_answers_at_once_what_the_book_before_was_asked(
    recent: RecentQueries, demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = current_book(demo_book)
    days = book_service.snapshot_days(old)
    book_service.record_queries(recent)
    asked = [("portfolio/book_totals", {"as_of": days[-1]}), ("portfolio/snapshot_days", {})]
    answers = [book_service.ask_of(old, WHOLE_BOOK)(name, params) for name, params in asked]
    recent.save()

    book_service.forget_all()
    run = DuckDBEngine.run

    def run_if_patient(
        engine: DuckDBEngine, name: str, params: Params, scope: Scope, seconds: float | None = None
    ) -> pl.DataFrame:
        """No query of a person ends within the time limit of the settings."""
        if seconds is None:
            raise QueryTooSlowError("stopped")
        return run(engine, name, params, scope, seconds)

    monkeypatch.setattr(DuckDBEngine, "run", run_if_patient)
    new = current_book(demo_book)
    with pytest.raises(QueryTooSlowError):
        book_service.ask_of(new, WHOLE_BOOK)(*asked[0])
    assert warm(RecentQueries(recent.path), new) == len(asked)
    for (name, params), answer in zip(asked, answers, strict=True):
        assert book_service.ask_of(new, WHOLE_BOOK)(name, params).equals(answer)
    for scope, params in ((NO_SCOPE, asked[0][1]), (WHOLE_BOOK, {"as_of": days[-2]})):
        with pytest.raises(QueryTooSlowError):
            book_service.ask_of(new, scope)("portfolio/book_totals", params)


def test_the_warmer_stops_where_another_book_comes_into_service(
    recent: RecentQueries, demo_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book: Book = current_book(demo_book)
    again = noted(recent, "portfolio/bucket_bounds", WHOLE_BOOK)
    monkeypatch.setattr("duewatch.ui.shell.cache_warmer.current_book", lambda _: replace(book, version="later"))
    assert warm(again, book) == 0


def test_a_query_comes_back_from_the_file_as_it_was_asked(recent: RecentQueries) -> None:
    params: dict[str, Scalar] = {
        "grace_days": 3,
        "tolerance": Decimal("0.95"),
        "ever": True,
        "bucket": "M1",
        "on": None,
    }
    assert noted(recent, **params).queries(DAYS) == [Query("q", params, YUAN)]


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (DAYS[-1], LATER[-1]),
        (DAYS[-2], LATER[-2]),
        (DAYS[-2] + timedelta(days=1), LATER[-2] + timedelta(days=1)),
        (DAYS[0], LATER[0]),
        (DAYS[-1] - timedelta(days=28), LATER[-1] - timedelta(days=28)),
        (DAYS[-1] + timedelta(days=21), LATER[-1] + timedelta(days=21)),
    ],
)
def test_a_day_moves_with_the_snapshot_day_that_it_belongs_to(day: date, moved: date, recent: RecentQueries) -> None:
    (query,) = noted(recent, as_of=day).queries(LATER)
    assert query.params == {"as_of": moved}


@pytest.mark.parametrize("day", [date.min, date.max, date(1900, 1, 1)])
def test_a_day_that_stands_for_an_open_end_stays(day: date, recent: RecentQueries) -> None:
    (query,) = noted(recent, as_of=day).queries(LATER)
    assert query.params == {"as_of": day}


@pytest.mark.parametrize(
    "value", [{"day": "soon"}, {"place": [-1, 10**9]}, {"place": "x"}, {"decimal": "much"}, {"other": 1}]
)
def test_an_entry_that_somebody_spoilt_is_left_out_and_the_others_stay(value: object, recent: RecentQueries) -> None:
    noted(recent, as_of=DAYS[-1])
    entries = json.loads(recent.path.read_text(encoding="utf-8"))
    spoilt = {**entries[0], "params": {"as_of": value}}
    recent.path.write_text(json.dumps([*entries, spoilt]), encoding="utf-8")
    (query,) = RecentQueries(recent.path).queries(DAYS)
    assert query.params == {"as_of": DAYS[-1]}


def test_a_book_without_snapshots_keeps_its_days_as_they_are(recent: RecentQueries) -> None:
    recent.note(Query("q", {"as_of": DAYS[0]}, YUAN), lambda: [])
    recent.save()
    (query,) = recent.queries([])
    assert query.params == {"as_of": DAYS[0]}


def test_a_day_that_the_next_book_does_not_reach_back_to_is_not_asked(recent: RecentQueries) -> None:
    assert place_of(DAYS[1], DAYS) == (-3, 0)
    assert noted(recent, as_of=DAYS[1]).queries(DAYS[-2:]) == []


@pytest.mark.parametrize("name", ["account_id", "finding_key", "group_name", "group_1"])
def test_a_query_that_could_name_somebody_is_not_kept(name: str, recent: RecentQueries) -> None:
    kept = noted(noted(recent, bucket="M1"), **{name: "A00000368"})
    assert [query.params for query in kept.queries(DAYS)] == [{"bucket": "M1"}]
    assert "A00000368" not in recent.path.read_text()


def test_the_most_recent_come_first_and_the_oldest_make_room(recent: RecentQueries) -> None:
    for n in range(MOST + 1):
        recent.note(Query("q", {"n": n}, YUAN), lambda: DAYS)
        recent.save()
    kept = noted(recent, n=1).queries(DAYS)
    assert len(kept) == MOST
    assert [query.params["n"] for query in kept[:2]] == [1, MOST]
    assert {query.params["n"] for query in kept} == set(range(1, MOST + 1))


@pytest.mark.parametrize(
    "content", ["", "{}", '[{"name": "q"}]', '[{"name": "q", "params": {}, "scope": {"x": 1}}]', "[1]"]
)
def test_a_file_that_is_not_ours_is_as_none_and_is_written_anew(content: str, recent: RecentQueries) -> None:
    recent.path.write_text(content)
    again = RecentQueries(recent.path)
    assert again.queries(DAYS) == []
    assert len(noted(again, n=1).queries(DAYS)) == 1
    assert [entry["name"] for entry in json.loads(recent.path.read_text())] == ["q"]
