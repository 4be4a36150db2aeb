"""When an account may be contacted next: the named time is the first at which `clear` allows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from duewatch.books.published import Book, current_book
from duewatch.compliance.clearance import clear_plan
from duewatch.compliance.contact_plan import planned_contacts
from duewatch.compliance.next_allowed_contact import Way, next_contacts
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.packs import load_packs
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.small_books import account, made_book
from tests.unit.compliance.test_clearance import BEFORE_ONE, called, debtor

PACKS = load_packs()
DAY = date(2026, 11, 15)


def only(*names: str) -> dict[str, Pack]:
    return {name: PACKS[name] for name in names}


def asked(book: Book, ways: Sequence[Way], day: date = DAY, *packs: str) -> list[dict[str, Any]]:
    return next_contacts(book, only(*packs or ("us.reg_f",)), ways, on_day=day).to_dicts()


def planned(book: Book, rows: list[dict[str, str]], *packs: str) -> list[str]:
    return clear_plan(book, PACKS, planned_contacts(rows), pack_ids=packs)["status"].to_list()


def two_accounts(folder: Path, contacts: list[Any], **tables: Any) -> Book:
    """Both of debtor 1."""
    accounts = [account(key, currency="USD", debtor_key=1, debtor_id="D1") for key in (1, 2)]
    return made_book(folder, **{"accounts": accounts, "debtors": [debtor(1)], "contacts": contacts, **tables})


def test_a_day_with_room_is_open_from_the_first_allowed_hour(tmp_path: Path) -> None:
    (row,) = asked(two_accounts(tmp_path, []), [("A1", "call")])
    assert (row["clearance"], row["next_at"]) == ("today", "2026-11-15T08:00:00-05:00")
    assert row["rule_id"] == "us.reg_f.hours"


def test_the_clause_told_is_the_one_that_holds_longest_and_not_the_night(tmp_path: Path) -> None:
    days = (0, 0, 1, 2, 3, 4, 5)  # two on 9 November, the last on the 14th
    calls = [called(n, BEFORE_ONE + timedelta(days=day)) for n, day in enumerate(days)]
    (row,) = asked(two_accounts(tmp_path, calls), [("A1", "call")])
    assert (row["clearance"], row["next_at"]) == ("later", "2026-11-16T08:00:00-05:00")
    assert row["rule_id"] == "us.reg_f.call_frequency"
    assert row["reason_en"]
    assert row["reason_zh"]


def test_a_standing_instruction_leaves_no_time(tmp_path: Path) -> None:
    since = datetime.fromisoformat("2026-11-01T00:00")
    flag = {
        "debtor_key": 1,
        "flag_id": "F1",
        "kind": "cease_contact",
        "valid_from": since,
        "valid_from_on": since.date(),
    }
    (row,) = asked(two_accounts(tmp_path, [], flags=[flag]), [("A2", "call")])
    assert (row["clearance"], row["next_at"], row["rule_id"]) == ("never", None, "us.reg_f.cease_contact")


def test_what_is_asked_about_one_account_or_channel_does_not_count_for_another(tmp_path: Path) -> None:
    """Six calls leave one: a plan of three calls would be allowed one of them."""
    calls = [called(n, BEFORE_ONE + timedelta(days=n)) for n in range(6)]
    book = two_accounts(tmp_path, calls)
    ways = [("A1", "call"), ("A2", "call"), ("A1", "call"), ("A1", "sms")]
    assert [row["clearance"] for row in asked(book, ways)] == ["today"] * 4
    assert [asked(book, [way])[0]["next_at"] for way in ways] == [row["next_at"] for row in asked(book, ways)]


def test_a_debtor_who_may_be_in_two_zones_is_called_when_both_are_open(tmp_path: Path) -> None:
    book = two_accounts(tmp_path, [], debtors=[debtor(1, "America/New_York|America/Chicago")])
    (row,) = asked(book, [("A1", "call")])
    assert row["next_at"] == "2026-11-15T09:00:00-05:00"


def test_a_debtor_whose_zone_is_not_known_cannot_be_judged_until_it_is(tmp_path: Path) -> None:
    """Nobody knows when it is eight o'clock there; a plan that gives the time there is another matter."""
    book = two_accounts(tmp_path, [], debtors=[debtor(1, None)])
    (row,) = asked(book, [("A1", "call")])
    assert (row["clearance"], row["next_at"], row["rule_id"]) == ("unknown", None, "us.reg_f.hours")
    assert "time_zone" in row["reason_en"]
    plan = [{"account_id": "A1", "planned_at": "2026-11-15T08:00", "channel": "call"}]
    assert planned(book, plan, "us.reg_f") == ["allowed"]
    (known,) = next_contacts(
        book, only("us.reg_f"), [("A1", "call")], on_day=DAY, settings=Settings(default_time_zone="America/Los_Angeles")
    ).to_dicts()
    assert (known["clearance"], known["next_at"]) == ("today", "2026-11-15T08:00:00-08:00")


def test_an_account_that_is_not_there_cannot_be_judged(tmp_path: Path) -> None:
    (row,) = asked(two_accounts(tmp_path, []), [("A9", "call")])
    assert (row["clearance"], row["next_at"]) == ("unknown", None)
    assert "A9" in row["reason_en"]


def sample(book: Book, day: date) -> list[dict[str, Any]]:
    """Some overdue accounts of each currency, each of another debtor, with their next times by call."""
    engine = DuckDBEngine(book, Settings())
    rows = engine.run("portfolio/accounts_on_day", {"as_of": day}, WHOLE_BOOK).filter(pl.col("days_past_due") > 0)
    places = engine.run("compliance/places_in_scope", {}, WHOLE_BOOK)
    engine.close()
    rows = rows.join(places, on="account_id").unique("debtor_key", keep="first").sort("currency", "account_id")
    few = pl.concat([part.gather_every(max(part.height // 8, 1)) for part in rows.partition_by("currency")])
    return asked_all(book, few["account_id"].to_list(), day + timedelta(days=1))


def asked_all(book: Book, ids: list[str], day: date) -> list[dict[str, Any]]:
    return next_contacts(book, PACKS, [(name, "call") for name in ids], on_day=day).to_dicts()


@pytest.fixture(scope="module")
def answers(demo_book: Path) -> tuple[Book, list[dict[str, Any]]]:
    book = current_book(demo_book)
    return book, sample(book, date(2026, 10, 31))


def at(row: dict[str, Any], seconds: int) -> dict[str, str]:
    moment = datetime.fromisoformat(row["next_at"]) + timedelta(seconds=seconds)
    return {"account_id": row["account_id"], "planned_at": moment.isoformat(), "channel": row["channel"]}


def test_a_call_at_the_named_time_is_allowed_by_clear_and_one_a_second_earlier_is_not(
    answers: tuple[Book, list[dict[str, Any]]],
) -> None:
    book, rows = answers
    timed = [row for row in rows if row["next_at"]]
    assert {row["clearance"] for row in timed} == {"today", "later"}
    assert set(planned(book, [at(row, 0) for row in timed])) == {"allowed"}
    assert set(planned(book, [at(row, -1) for row in timed])) == {"blocked"}


def test_the_rule_named_for_a_later_day_forbids_a_call_at_noon_of_the_day_asked_about(
    answers: tuple[Book, list[dict[str, Any]]],
) -> None:
    book, rows = answers
    later = [row for row in rows if row["clearance"] == "later"]
    plan = [{"account_id": r["account_id"], "planned_at": "2026-11-01T12:00", "channel": "call"} for r in later]
    found = clear_plan(book, PACKS, planned_contacts(plan))
    for row, noon in zip(later, found.iter_rows(named=True), strict=True):
        assert row["rule_id"] in (noon["rule_id"], *noon["other_rules"])
