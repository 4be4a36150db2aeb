"""As known on a day, beside as of that day: what was posted, recorded or told later is not there yet.

| what                                   | came about | known from |
|----------------------------------------|------------|------------|
| promise Z1 of 100, due 5 October       | 1 October  | the same   |
| payment P1 of 100                      | 4 October  | 9 October  |
| contact C1 (09:00)                     | 2 October  | the same   |
| contact C2 (09:00)                     | 3 October  | 10 October |
| contact C3 (18:00 in New York, 22 UTC) | 6 October  | 21:00 of the same evening, 01:00 UTC of the 7th |
| flag F1                                | 1 October  | 8 October  |
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest

import duewatch
from duewatch.contract.scope import NO_SCOPE, WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.notebook.open_book import OpenBook
from tests.support.small_books import Row, account, made_book, snapshot


def day(number: int) -> date:
    return date(2026, 10, number)


def at(number: int, hour: int) -> datetime:
    return datetime.combine(day(number), time(hour))


def contact(key: int, started: datetime, local: tuple[date, time], recorded: datetime) -> Row:
    return {
        "contact_key": key,
        "account_key": 1,
        "started_at": started,
        "recorded_at": recorded,
        "local_date": local[0],
        "local_time": local[1],
        "channel": "call",
        "direction": "out",
        "outcome": "no_answer",
    }


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBook]:
    made = made_book(
        tmp_path_factory.mktemp("known"),
        accounts=[account(1), account(2, branch="south")],
        snapshots=[snapshot(1, date(2026, 9, 30), 20, "500.00")],
        payments=[
            {
                "account_key": 1,
                "payment_id": "P1",
                "paid_on": day(4),
                "posted_at": at(9, 3),
                "amount": Decimal(100),
                "net_amount": Decimal(100),
            }
        ],
        promises=[
            {
                "account_key": 1,
                "promise_id": "Z1",
                "made_at": at(1, 9),
                "made_on": day(1),
                "due_on": day(5),
                "amount": Decimal(100),
            }
        ],
        contacts=[
            contact(1, at(2, 9), (day(2), time(9)), at(2, 10)),
            contact(2, at(3, 9), (day(3), time(9)), at(10, 9)),
            contact(3, at(6, 22), (day(6), time(18)), at(7, 1)),
        ],
        flags=[
            {
                "debtor_key": 1,
                "flag_id": "F1",
                "kind": "hardship",
                "valid_from": at(1, 0),
                "valid_from_on": day(1),
                "known_from": at(8, 9),
            }
        ],
    )
    opened = OpenBook(made, Settings(), WHOLE_BOOK)
    yield opened
    opened.close()


@pytest.mark.parametrize(("on", "known", "now"), [(6, "pending", "kept"), (7, "broken", "kept"), (9, "kept", "kept")])
def test_a_promise_stands_as_the_payments_posted_by_then_say(book: OpenBook, on: int, known: str, now: str) -> None:
    """Z1 counts payments up to 6 October (a day of grace). P1 keeps it by value date; on the 7th nobody knew of it."""
    assert book.ask("promises/promise_ledger", as_of=day(on))["state"].to_list() == [now]
    assert book.narrowed(known_on=day(on)).ask("promises/promise_ledger", as_of=day(on))["state"].to_list() == [known]


@pytest.mark.parametrize(("on", "known"), [(2, ["C1"]), (5, ["C1"]), (6, ["C1", "C3"]), (10, ["C1", "C2", "C3"])])
def test_contacts_are_there_from_the_debtors_day_of_their_recording_on(
    book: OpenBook, on: int, known: list[str]
) -> None:
    then = book.narrowed(known_on=day(on))
    days = {"from_date": day(1), "to_date": day(10)}
    assert sorted(then.ask("contacts/attempts", **days)["contact_id"].to_list()) == known
    assert then.ask("accounts/account_contacts", account_id="A1", as_of=day(10)).height == len(known)
    assert book.ask("contacts/attempts", **days).height == 3


def test_a_flag_and_a_payment_are_there_from_the_day_on_which_they_were_known(book: OpenBook) -> None:
    for on, n_flags, n_payments in ((7, 0, 0), (8, 1, 0), (9, 1, 1)):
        then = book.narrowed(known_on=day(on))
        with then._engine._cursor(then.scope) as cursor:
            assert cursor.execute("select count(*) from flags").fetchone() == (n_flags,)
            assert cursor.execute("select count(*) from payments").fetchone() == (n_payments,)


def test_what_is_known_narrows_a_scope_and_never_widens_it(book: OpenBook) -> None:
    first = WHOLE_BOOK.narrowed(known_on=day(7))
    assert first.narrowed(known_on=day(9)).known_on == day(7)
    assert first.narrowed(branches=("south",)).known_on == day(7)
    assert first.key != WHOLE_BOOK.key != WHOLE_BOOK.narrowed(known_on=day(9)).key
    asked: dict[str, Scalar] = {"as_of": date(2026, 9, 30)}
    engine: DuckDBEngine = book._engine
    assert engine.run("portfolio/accounts_on_day", asked, NO_SCOPE.narrowed(known_on=day(7))).is_empty()
    assert engine.run("portfolio/accounts_on_day", asked, first.narrowed(branches=("south",))).is_empty()
    assert engine.run("portfolio/accounts_on_day", asked, first).height == 1


def test_a_day_may_be_a_text_in_a_notebook(book: OpenBook) -> None:
    assert book.narrowed(known_on="2026-10-07").scope.known_on == day(7)
    assert "open_book" in dir(duewatch)
