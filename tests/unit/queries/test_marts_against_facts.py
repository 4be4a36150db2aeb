"""Marts hold what the facts say: each against its query, and the answers that read a mart against those without."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from duewatch.books.published import Book, current_book
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest.marts import MARTS
from tests.support.small_books import Row, account, bucket_of, made_book, snapshot

FIRST = date(2026, 8, 1)
MORNING = datetime(2026, 8, 1, 9)  # noqa: DTZ001 - a UTC timestamp without offset, as the book holds
LEDGER = ("promises/promise_ledger", "as_of"), ("contacts/contact_promises", "to_date")


@pytest.fixture(scope="module")
def engine(demo_book: Path) -> Iterator[DuckDBEngine]:
    with closing(DuckDBEngine(current_book(demo_book), Settings())) as engine:
        yield engine


@pytest.fixture(scope="module")
def by_facts(demo_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    """The same book with no account settled, so that every allocation is worked out by the day."""
    bare = without_marts(current_book(demo_book), tmp_path_factory.mktemp("facts"))
    with closing(DuckDBEngine(bare, Settings())) as engine:
        yield engine


def without_marts(book: Book, folder: Path) -> Book:
    path = folder / f"facts-{book.path.name}"
    shutil.copyfile(book.path, path)
    with duckdb.connect(str(path)) as con:
        for mart in MARTS:
            con.execute(f"delete from {mart}")
    return replace(book, path=path)


def stored(book: Book, mart: str) -> pl.DataFrame:
    with duckdb.connect(str(book.path), read_only=True) as con:
        return con.sql(f"select * from {mart}").pl()


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_is_what_its_query_says_in_its_order(mart: str, engine: DuckDBEngine) -> None:
    kept = stored(engine.book, mart)
    assert kept.height > 0
    assert_frame_equal(kept, engine.run(f"marts/{mart}", {}, WHOLE_BOOK))


def test_most_accounts_are_settled_and_some_are_not(engine: DuckDBEngine) -> None:
    with duckdb.connect(str(engine.book.path), read_only=True) as con:
        row = con.execute("select count(distinct account_key) from promises").fetchone()
    assert row
    assert row[0] / 2 < stored(engine.book, "promise_settled").height < row[0]


@pytest.mark.parametrize(("name", "day"), LEDGER)
@pytest.mark.parametrize("on", [date(2026, 6, 10), date(2026, 8, 31), date(2026, 10, 31)])
@pytest.mark.parametrize(("grace", "tolerance"), [(1, 1.0), (1, 0.9), (4, 1.0)])
def test_the_ledger_says_the_same_with_marts_and_from_the_facts(
    name: str, day: str, on: date, grace: int, tolerance: float, engine: DuckDBEngine, by_facts: DuckDBEngine
) -> None:
    given = {day: on, "grace_days": grace, "tolerance": tolerance}
    kept, facts = (each.run(name, given, WHOLE_BOOK).sort("promise_id") for each in (engine, by_facts))
    assert kept.height > 0
    assert_frame_equal(kept, facts)


def test_a_scope_cuts_a_mart_as_it_cuts_the_facts(engine: DuckDBEngine, by_facts: DuckDBEngine) -> None:
    some = engine.run("portfolio/scope_choices", {}, WHOLE_BOOK).row(0, named=True)
    scope = Scope((some["branch"],), (some["product"],), (some["currency"],))
    given = {"as_of": date(2026, 10, 31)}
    kept, facts = (each.run(LEDGER[0][0], given, scope).sort("promise_id") for each in (engine, by_facts))
    assert 0 < kept.height < engine.run(LEDGER[0][0], given, WHOLE_BOOK).height
    assert_frame_equal(kept, facts)


Promised = tuple[int, int, int, int, int | None]
"""Account, day made, days until due, amount, day withdrawn."""
Paid = tuple[int, int, int, bool]
"""Account, day, amount, whether it was taken back three days later."""
PROMISES = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(0, 40),
        st.integers(0, 12),
        st.integers(1, 9),
        st.one_of(st.none(), st.none(), st.integers(0, 45)),
    ),
    min_size=1,
    max_size=7,
)
PAYMENTS = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, 55), st.integers(1, 12), st.sampled_from([False, False, False, True])),
    max_size=9,
)


def promise_rows(promises: Sequence[Promised]) -> list[Row]:
    return [
        {
            "account_key": key,
            "promise_id": f"P{n}",
            "made_at": MORNING + timedelta(days=made),
            "made_on": FIRST + timedelta(days=made),
            "due_on": FIRST + timedelta(days=made + until),
            "amount": amount,
            "withdrawn_on": None if withdrawn is None else FIRST + timedelta(days=max(withdrawn, made)),
        }
        for n, (key, made, until, amount, withdrawn) in enumerate(promises)
    ]


def payment_rows(payments: Sequence[Paid]) -> list[Row]:
    rows: list[Row] = []
    for n, (key, day, amount, is_reversed) in enumerate(payments):
        on = FIRST + timedelta(days=day)
        rows.append({"account_key": key, "payment_id": f"Y{n}", "paid_on": on, "amount": amount, "net_amount": amount})
        if is_reversed:
            rows.append(
                {
                    "account_key": key,
                    "payment_id": f"R{n}",
                    "paid_on": on + timedelta(days=3),
                    "amount": amount,
                    "net_amount": -amount,
                    "reverses_payment_id": f"Y{n}",
                }
            )
    return rows


def assert_one_ledger(promises: list[Promised], payments: list[Paid], folder: Path) -> None:
    book = made_book(
        folder, accounts=[account(1), account(2)], promises=promise_rows(promises), payments=payment_rows(payments)
    )
    bare = without_marts(book, book.path.parent)
    with closing(DuckDBEngine(book, Settings())) as engine, closing(DuckDBEngine(bare, Settings())) as facts:
        for day in (0, 15, 30, 45, 70):
            asked = {"as_of": FIRST + timedelta(days=day)}
            kept, told = (each.run(LEDGER[0][0], asked, WHOLE_BOOK).sort("promise_id") for each in (engine, facts))
            assert_frame_equal(kept, told)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(promises=PROMISES, payments=PAYMENTS)
def test_promises_and_payments_give_one_ledger_on_any_day(
    promises: list[Promised], payments: list[Paid], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_one_ledger(promises, payments, tmp_path_factory.mktemp("made"))


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(promises=PROMISES, payments=PAYMENTS)
def test_many_promises_and_payments_give_one_ledger_on_any_day(
    promises: list[Promised], payments: list[Paid], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_one_ledger(promises, payments, tmp_path_factory.mktemp("made"))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seen=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 200)), max_size=5, unique_by=lambda one: one[0]),
    contacts=st.lists(st.tuples(st.integers(0, 70), st.sampled_from(["out", "out", "in"])), min_size=1, max_size=6),
)
def test_an_outbound_contact_meets_the_state_of_the_last_snapshot_by_its_day(
    seen: list[tuple[int, int]], contacts: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = made_book(
        tmp_path_factory.mktemp("met"),
        accounts=[account(1)],
        snapshots=[snapshot(1, FIRST + timedelta(days=day), late, "10.00") for day, late in seen],
        contacts=[
            {
                "contact_key": n,
                "account_key": 1,
                "debtor_key": 1,
                "contact_id": f"C{n}",
                "channel": "call",
                "started_at": MORNING + timedelta(days=day),
                "direction": direction,
                "outcome": "no_answer",
                "local_date": FIRST + timedelta(days=day),
            }
            for n, (day, direction) in enumerate(contacts)
        ],
    )
    wanted = {
        f"C{n}": bucket_of(max(before)[1]) if (before := [one for one in seen if one[0] <= day]) else "unknown"
        for n, (day, direction) in enumerate(contacts)
        if direction == "out"
    }
    kept = stored(book, "outbound_contacts")
    assert dict(zip(kept["contact_id"], kept["state"], strict=True)) == wanted
