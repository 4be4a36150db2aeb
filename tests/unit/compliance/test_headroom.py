"""Headroom: what is used of a limit, from when there is room, and for whom a quiet period runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.headroom import headroom, strictest, utilisation, within
from duewatch.compliance.packs import load_packs
from tests.support.small_books import Row, account, made_book

PACKS = load_packs()
FIRST = datetime.fromisoformat("2026-11-02T10:00")
CAP, QUIET = "us.reg_f.call_frequency", "us.reg_f.quiet_period"
PLACES = pl.DataFrame(
    {"account_key": [1, 2], "debtor_key": [1, 2], "account_id": ["A1", "A2"], "debtor_id": ["D1", "D2"]},
    schema_overrides={"account_key": pl.Int32, "debtor_key": pl.Int32},
)


def called(number: int, at: datetime, outcome: str = "no_answer", key: int = 1, **given: Any) -> Row:
    utc = at.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC).replace(tzinfo=None)
    return {
        "contact_key": number,
        "account_key": key,
        "debtor_key": key,
        "person_key": key,
        "contact_id": f"K{number}",
        "started_at": utc,
        "local_date": at.date(),
        "local_time": at.time(),
        "local_isodow": at.isoweekday(),
        "zone_basis": "zone",
        "time_known": True,
        "channel": "call",
        "direction": "out",
        "outcome": outcome,
        "purpose": "demand",
        "role": "debtor",
        "currency": "USD",
        "product": "loan",
        "countries": "|US|",
        **given,
    }


def book_of(folder: Path, contacts: Sequence[Row]) -> Book:
    zone = "America/New_York"
    debtors = [{"debtor_key": key, "debtor_id": f"D{key}", "time_zone": zone} for key in (1, 2)]
    accounts = [account(key, currency="USD") for key in (1, 2)]
    return made_book(folder, accounts=accounts, debtors=debtors, contacts=contacts)


def rows_on(book: Book, day: str, rule_id: str) -> list[dict[str, Any]]:
    found = headroom(book, PACKS, on_day=date.fromisoformat(day), pack_ids=("us.reg_f",))
    return found.filter(pl.col("rule_id") == rule_id).to_dicts()


def test_seven_calls_leave_none_until_the_first_is_seven_days_old(tmp_path: Path) -> None:
    book = book_of(tmp_path, [called(n, FIRST + timedelta(days=n)) for n in range(7)])  # 2 to 8 November
    (full,) = rows_on(book, "2026-11-08", CAP)
    assert (full["used"], full["n_left"], full["last_on"], full["frees_on"]) == (
        7,
        0,
        date(2026, 11, 8),
        date(2026, 11, 9),
    )
    (again,) = rows_on(book, "2026-11-09", CAP)
    assert (again["used"], again["n_left"], again["frees_on"]) == (6, 1, date(2026, 11, 9))


def test_past_the_limit_room_comes_when_enough_have_left_the_window(tmp_path: Path) -> None:
    days = (0, 0, 0, 1, 1, 1, 2, 2, 3)
    book = book_of(tmp_path, [called(n, FIRST + timedelta(days=day)) for n, day in enumerate(days)])
    (full,) = rows_on(book, "2026-11-05", CAP)
    assert (full["used"], full["n_left"], full["frees_on"]) == (9, 0, date(2026, 11, 9))  # three of the 2nd leave


def test_a_contact_with_a_missing_outcome_is_told_apart(tmp_path: Path) -> None:
    book = book_of(tmp_path, [called(1, FIRST), called(2, FIRST, "unknown")])
    (row,) = rows_on(book, "2026-11-02", CAP)
    assert (row["used"], row["unsure"], row["n_left"]) == (1, 1, 6)


def test_a_quiet_period_is_told_while_it_runs(tmp_path: Path) -> None:
    book = book_of(tmp_path, [called(1, FIRST, "conversation")])
    (row,) = rows_on(book, "2026-11-08", QUIET)
    assert (row["trigger_id"], row["frees_on"], row["n_left"]) == ("K1", date(2026, 11, 9), 0)
    assert rows_on(book, "2026-11-09", QUIET) == []


def test_a_scope_chooses_rows_and_never_changes_a_count(tmp_path: Path) -> None:
    contacts = [called(n, FIRST, key=1 + n % 2, person_key=1, debtor_key=1) for n in range(4)]
    found = headroom(book_of(tmp_path, contacts), PACKS, on_day=FIRST.date(), pack_ids=("us.reg_f",))
    both = found.filter(pl.col("rule_id") == CAP)
    assert both["used"].to_list() == [2, 2]
    mine = within(both, PLACES.filter(pl.col("account_id") == "A1"))
    assert (mine["account_id"].to_list(), mine["used"].to_list()) == (["A1"], [2])


def test_the_strictest_is_one_row_a_debtor_and_never_an_advice(tmp_path: Path) -> None:
    contacts = [called(1, FIRST, "conversation"), *(called(n, FIRST, key=2) for n in range(2, 5))]
    found = headroom(book_of(tmp_path, contacts), PACKS, on_day=FIRST.date(), pack_ids=("us.reg_f",))
    least = strictest(found).sort("debtor_key")
    assert least.select("debtor_key", "rule_id", "n_left").rows() == [(1, QUIET, 0), (2, CAP, 4)]
    assert strictest(found.with_columns(pl.lit("advised").alias("modality"))).is_empty()


def test_use_counts_every_debt_once(tmp_path: Path) -> None:
    contacts = [called(1, FIRST), *(called(n, FIRST, key=2) for n in range(2, 5))]
    found = headroom(book_of(tmp_path, contacts), PACKS, on_day=FIRST.date(), pack_ids=("us.reg_f",))
    assert utilisation(found, CAP).select("used", "n").rows() == [(1, 1), (3, 1)]


def test_a_limit_of_the_calendar_frees_with_the_next_period(tmp_path: Path) -> None:
    given: dict[str, Any] = {"currency": "AUD", "countries": "|AU|"}
    contacts = [called(n, FIRST + timedelta(days=4 * n), "conversation", **given) for n in range(10, 0, -2)]
    found = headroom(book_of(tmp_path, contacts), PACKS, on_day=date(2026, 11, 30), pack_ids=("au.rg_96",))
    (month,) = found.filter(pl.col("rule_id") == "au.rg_96.monthly").to_dicts()
    assert (month["used"], month["n_left"], month["frees_on"]) == (3, 7, date(2026, 11, 30))  # 10, 18, 26 November
    many = [called(n, FIRST + timedelta(hours=n), "conversation", **given) for n in range(10)]
    (tmp_path / "full").mkdir()
    found = headroom(book_of(tmp_path / "full", many), PACKS, on_day=date(2026, 11, 30), pack_ids=("au.rg_96",))
    (month,) = found.filter(pl.col("rule_id") == "au.rg_96.monthly").to_dicts()
    assert (month["n_left"], month["frees_on"]) == (0, date(2026, 12, 1))
