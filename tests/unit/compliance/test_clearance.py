"""Planned contacts: what is allowed, what is blocked by which clause, and from when not."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from duewatch.books.published import Book
from duewatch.cli import clear as command
from duewatch.compliance.clearance import clear_plan
from duewatch.compliance.contact_plan import planned_contacts, read_plan
from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import SourceError
from tests.support.small_books import Row, account, made_book

NEW_YORK = "America/New_York"
PACKS = load_packs()
BEFORE_ONE = datetime.fromisoformat("2026-11-09T10:00")


def debtor(key: int, time_zone: str | None = NEW_YORK, **given: object) -> Row:
    return {"debtor_key": key, "debtor_id": f"D{key}", "time_zone": time_zone, **given}


def called(
    number: int, at: datetime, outcome: str = "no_answer", key: int = 1, zone: str = NEW_YORK, **given: Any
) -> Row:
    """A call by own staff about account `key` at wall time `at`."""
    utc = at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
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


def book_of(folder: Path, **tables: Sequence[Row]) -> Book:
    return made_book(folder, **{"accounts": [account(1, currency="USD")], "debtors": [debtor(1)], **tables})


def plan(*times: str, **given: str) -> list[dict[str, str]]:
    return [{"account_id": "A1", "planned_at": at, "channel": "call", **given} for at in times]


def answers(book: Book, rows: list[dict[str, str]], *packs: str) -> list[dict[str, Any]]:
    return clear_plan(book, PACKS, planned_contacts(rows), pack_ids=packs or ("us.reg_f",)).to_dicts()


def statuses(found: list[dict[str, Any]]) -> list[str]:
    return [row["status"] for row in found]


def test_the_eighth_call_in_seven_days_is_blocked_until_the_first_leaves_the_window(tmp_path: Path) -> None:
    calls = [called(n, BEFORE_ONE + timedelta(days=n)) for n in range(7)]  # 9 to 15 November
    (found,) = answers(book_of(tmp_path, contacts=calls), plan("2026-11-15T18:00"))
    assert (found["status"], found["rule_id"]) == ("blocked", "us.reg_f.call_frequency")
    assert found["modality"] == "presumption"
    assert (found["counted"], found["limit"]) == (8, 7)
    assert found["evidence"] == [f"K{n}" for n in range(7)] + ["row 1"]
    assert found["next_allowed_at"] == "2026-11-16T08:00:00-05:00"


def test_with_six_calls_a_seventh_is_allowed_and_the_eighth_of_the_plan_is_not(tmp_path: Path) -> None:
    calls = [called(n, BEFORE_ONE + timedelta(days=n)) for n in range(6)]
    found = answers(book_of(tmp_path, contacts=calls), plan("2026-11-15T10:00", "2026-11-15T11:00", "2026-11-15T12:00"))
    assert statuses(found) == ["allowed", "blocked", "blocked"]
    assert found[1]["evidence"][-2:] == ["row 1", "row 2"]


def test_a_blocked_row_does_not_count_towards_later_ones(tmp_path: Path) -> None:
    calls = [called(n, BEFORE_ONE) for n in range(6)]
    found = answers(book_of(tmp_path, contacts=calls), plan("2026-11-10T07:00", "2026-11-10T09:00"))
    assert statuses(found) == ["blocked", "allowed"]
    assert found[0]["rule_id"] == "us.reg_f.hours"


def test_answers_keep_the_order_of_the_file_while_earlier_times_count_first(tmp_path: Path) -> None:
    calls = [called(n, BEFORE_ONE) for n in range(6)]
    found = answers(book_of(tmp_path, contacts=calls), plan("2026-11-10T12:00", "2026-11-10T09:00"))
    assert [(row["row"], row["status"]) for row in found] == [(1, "blocked"), (2, "allowed")]


def test_a_conversation_begins_seven_quiet_days_its_own_the_first(tmp_path: Path) -> None:
    book = book_of(tmp_path, contacts=[called(1, BEFORE_ONE, "conversation")])
    found = answers(book, plan("2026-11-15T10:00", "2026-11-16T10:00"))
    assert statuses(found) == ["blocked", "allowed"]
    assert found[0]["rule_id"] == "us.reg_f.quiet_period"
    assert found[0]["next_allowed_at"] == "2026-11-16T08:00:00-05:00"


def test_an_allowed_call_says_that_a_talk_earlier_in_the_plan_would_forbid_it(tmp_path: Path) -> None:
    found = answers(book_of(tmp_path), plan("2026-11-10T10:00", "2026-11-11T10:00"))
    assert statuses(found) == ["allowed", "allowed"]
    assert "not if row 1" in found[1]["reason"]
    assert "not if" not in found[0]["reason"]


def test_hours_must_be_open_in_every_zone_the_debtor_may_be_in(tmp_path: Path) -> None:
    book = book_of(tmp_path, debtors=[debtor(1, "America/New_York|America/Los_Angeles")])
    (found,) = answers(book, plan("2026-11-10T09:00-05:00"))
    assert found["rule_id"] == "us.reg_f.hours"
    assert found["next_allowed_at"] == "2026-11-10T11:00:00-05:00"


def test_the_last_minute_of_the_hours_goes_by_the_offset_of_that_day(tmp_path: Path) -> None:
    found = answers(book_of(tmp_path), plan("2026-03-08T12:30Z", "2026-03-08T11:59Z"))  # clocks went forward that night
    assert [(row["status"], row["next_allowed_at"]) for row in found] == [
        ("allowed", "2026-03-08T08:30:00-04:00"),
        ("blocked", "2026-03-08T08:00:00-04:00"),
    ]


def test_a_cease_request_blocks_for_good_and_a_statutory_notice_passes(tmp_path: Path) -> None:
    flag = {
        "flag_id": "F1",
        "debtor_key": 1,
        "kind": "cease_contact",
        "valid_from": datetime.fromisoformat("2026-11-01"),
        "valid_from_on": date(2026, 11, 1),
    }
    rows = plan("2026-11-10T10:00") + plan("2026-11-10T10:05", purpose="statutory_notice", channel="letter")
    found = answers(book_of(tmp_path, flags=[flag]), rows)
    assert statuses(found) == ["blocked", "allowed"]
    assert (found[0]["rule_id"], found[0]["next_allowed_at"]) == ("us.reg_f.cease_contact", None)
    assert "no time in the 90 days" in found[0]["reason"]


def test_a_flag_that_ends_gives_its_end_as_the_next_time(tmp_path: Path) -> None:
    flag = {
        "flag_id": "F1",
        "debtor_key": 1,
        "kind": "cease_contact",
        "valid_from": datetime.fromisoformat("2026-11-01"),
        "valid_to": datetime.fromisoformat("2026-11-12T15:30"),
        "valid_from_on": date(2026, 11, 1),
    }
    (found,) = answers(book_of(tmp_path, flags=[flag]), plan("2026-11-10T10:00"))
    assert found["next_allowed_at"] == "2026-11-12T10:30:00-05:00"


def test_without_an_agency_the_plan_is_that_of_whoever_called_last(tmp_path: Path) -> None:
    calls = [called(n, BEFORE_ONE + timedelta(days=n), firm="AG1", agency_id="AG1") for n in range(7)]
    book = book_of(tmp_path, contacts=calls)
    rows = plan("2026-11-15T18:00") + plan("2026-11-15T18:05", agency_id="AG2")
    assert statuses(answers(book, rows)) == ["blocked", "allowed"]


def test_blocked_rows_of_one_debtor_do_not_count_one_another_when_their_next_time_is_sought(tmp_path: Path) -> None:
    calls = [called(n, BEFORE_ONE + timedelta(days=n)) for n in range(7)]
    found = answers(book_of(tmp_path, contacts=calls), plan("2026-11-15T12:00", "2026-11-15T13:00", "2026-11-16T07:00"))
    assert statuses(found) == ["blocked"] * 3
    assert {row["next_allowed_at"] for row in found} == {"2026-11-16T08:00:00-05:00"}


def test_what_is_only_advised_is_allowed_and_named(tmp_path: Path) -> None:
    calls = [
        called(
            n,
            datetime.fromisoformat("2026-11-10T09:00") + timedelta(minutes=n),
            zone="Asia/Shanghai",
            currency="CNY",
            countries="|CN|",
            contact_point_key=7,
        )
        for n in range(6)
    ]
    book = book_of(tmp_path, accounts=[account(1)], debtors=[debtor(1, "Asia/Shanghai")], contacts=calls)
    (found,) = answers(book, plan("2026-11-10T11:00"), "cn.cba_2026")
    assert (found["status"], found["rule_id"]) == ("allowed", "cn.cba_2026.unanswered_daily")
    assert found["modality"] == "advised"
    assert found["reason"].startswith("Allowed, though advised against")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"account_id": "A9"}, "no account 'A9'"),
        ({"planned_at": "tomorrow"}, "'tomorrow'"),
        ({"planned_at": "2026-11-10"}, "'2026-11-10'"),
        ({"channel": "pigeon"}, "'pigeon'"),
        ({"planned_at": "2026-03-08T02:30"}, "skip"),
        ({"channel": ""}, "channel is empty"),
    ],
)
def test_a_row_that_cannot_be_judged_is_unknown_with_a_sentence_and_stays(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    found = answers(book_of(tmp_path), [*plan("2026-11-10T10:00", **given), *plan("2026-11-10T10:00")])
    assert statuses(found) == ["unknown", "allowed"]
    assert said in found[0]["reason"]


def test_a_debtor_without_a_zone_is_unknown_when_the_plan_gives_an_instant(tmp_path: Path) -> None:
    book = book_of(tmp_path, debtors=[debtor(1, None)])
    found = answers(book, plan("2026-11-10T15:00Z"))
    assert statuses(found) == ["unknown"]
    assert "time_zone" in found[0]["reason"]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "said"), [("", "no planned contact"), ("account_id,planned_at\nA1,x\n", "no column 'channel'")]
)
def test_a_plan_without_lines_or_columns_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_plan(write(tmp_path / "plan.csv", text))


def test_a_plan_may_be_gb18030_with_tabs_and_full_width_digits(tmp_path: Path) -> None:
    text = "account_id\tstarted_at\tchannel\t备注\nA１\t2026-11-10T10:00\tcall\t回访\n"
    (contact,) = read_plan(write(tmp_path / "plan.csv", text, "gb18030"))
    assert (contact["account_id"], contact.problem) == ("A1", "")
    assert contact.at == datetime.fromisoformat("2026-11-10T10:00")


def test_strict_exits_with_1_where_a_row_is_blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of(tmp_path)
    monkeypatch.setattr(command, "current_book", lambda _: book)
    path = tmp_path / "plan.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["account_id", "planned_at", "channel"], ["A1", "2026-11-10T07:00", "call"]])
    asked = [str(path), "--pack", "us.reg_f", "--format", "json"]
    for extra, code in ((["--strict"], 1), ([], 0)):
        out = tmp_path / "answer.json"
        done = CliRunner().invoke(command.clear_command, [*asked, *extra, "--out", str(out)], standalone_mode=False)
        assert (done.return_value, done.exception) == (code, None)
        assert json.loads(out.read_text(encoding="utf-8"))[0]["next_allowed_at"] == "2026-11-10T08:00:00-05:00"
