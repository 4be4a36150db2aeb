"""The same tests on SQLite and PostgreSQL: decisions are added, kept, refused when overtaken, and never overwritten."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from duewatch.contract.errors import DeskError
from duewatch.contract.settings import Settings
from duewatch.desk import Desk, Review, desk_url
from duewatch.desk.tables import SCHEMA_VERSION

Open = Callable[[], Desk]
AT = datetime(2026, 11, 2, 8, 30)  # noqa: DTZ001 - UTC, as the desk keeps it


def a_review(state: str = "confirmed", **given: object) -> Review:
    made: dict[str, object] = {
        "finding_key": "us.reg_f.hours/C1/A1",
        "state": state,
        "reason": "listened to the recording",
        "made_by": "lin@example.com",
        "made_at": AT,
    }
    return Review(**{**made, **given})  # type: ignore[arg-type]


def test_a_decision_is_read_back_as_it_was_made(open_desk: Open) -> None:
    number = open_desk().mark(a_review(owner="Wei", due_on=date(2026, 11, 20), reason="客户同意，见录音"))
    assert number == 1
    (row,) = open_desk().latest().iter_rows(named=True)
    assert row.pop("review_id") > 0
    assert row == {
        "number": 1,
        "finding_key": "us.reg_f.hours/C1/A1",
        "state": "confirmed",
        "reason": "客户同意，见录音",
        "owner": "Wei",
        "due_on": date(2026, 11, 20),
        "made_by": "lin@example.com",
        "made_at": AT,
    }


def test_every_decision_stays_and_the_last_one_counts(open_desk: Open) -> None:
    desk = open_desk()
    for after, state in enumerate(("confirmed", "remediated", "reopened")):
        desk.mark(a_review(state, after=after))
    assert desk.history("us.reg_f.hours/C1/A1")["state"].to_list() == ["confirmed", "remediated", "reopened"]
    assert desk.latest(["us.reg_f.hours/C1/A1"])["state"].to_list() == ["reopened"]
    assert desk.latest(["another"]).is_empty()


def test_who_decides_on_an_old_picture_is_refused(open_desk: Open) -> None:
    open_desk().mark(a_review())
    with pytest.raises(DeskError, match="in the meantime"):
        open_desk().mark(a_review("exempt"))
    with pytest.raises(DeskError, match="in the meantime"):
        open_desk().mark(a_review("exempt", after=2))


def test_of_many_officers_at_once_one_is_heard_and_the_others_are_told(open_desk: Open) -> None:
    desks = [open_desk() for _ in range(6)]
    output: list[str] = []

    def decide(desk: Desk) -> None:
        try:
            desk.mark(a_review())
            output.append("kept")
        except DeskError as error:
            output.append("refused" if "in the meantime" in error.sentence else error.sentence)

    threads = [threading.Thread(target=decide, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(output) == ["kept"] + ["refused"] * 5
    assert desks[0].history("us.reg_f.hours/C1/A1").height == 1


def test_a_new_desk_may_be_opened_by_several_at_once(open_desk: Open) -> None:
    output: list[str] = []

    def begin() -> None:
        try:
            output.append("opened" if open_desk().latest().is_empty() else "filled")
        except DeskError as error:
            output.append(error.sentence)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert output == ["opened"] * 6


def test_a_decision_cannot_be_replaced_under_its_own_number(tmp_path: Path) -> None:
    """SQLite's `insert or replace` fires no delete trigger."""
    address = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    desk = Desk(address)
    desk.mark(a_review())
    engine = create_engine(address)
    again = (
        "insert or replace into reviews (finding_key, number, state, reason, made_by, made_at) values "
        "('us.reg_f.hours/C1/A1', 1, 'exempt', 'x', 'x', '2026-01-01 00:00:00.000000')"
    )
    with pytest.raises(DBAPIError, match="only added"), engine.begin() as con:
        con.execute(text(again))
    engine.dispose()
    assert desk.latest()["state"].to_list() == ["confirmed"]


@pytest.mark.parametrize("statement", ["update reviews set state = 'exempt'", "delete from reviews"])
def test_the_database_itself_refuses_to_change_a_decision(open_desk: Open, url: str, statement: str) -> None:
    desk = open_desk()
    desk.mark(a_review())
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="only added"), engine.begin() as con:
        con.execute(text(statement))
    engine.dispose()
    assert desk.latest()["state"].to_list() == ["confirmed"]


def test_what_is_overdue_is_open_and_past_its_day(open_desk: Open) -> None:
    desk = open_desk()
    for key, state, due in (
        ("late", "confirmed", 1),
        ("done", "remediated", 1),
        ("excused", "exempt", 1),
        ("today", "confirmed", 2),
        ("again", "reopened", 1),
    ):
        desk.mark(a_review(state, finding_key=key, due_on=date(2026, 11, due)))
    desk.mark(a_review(finding_key="no date"))
    assert desk.overdue(date(2026, 11, 2))["finding_key"].to_list() == ["again", "late"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"state": "deleted"}, "there is no state 'deleted'"),
        ({"reason": "  "}, "reason is empty"),
        ({"made_by": ""}, "made_by is empty"),
        ({"reason": "x" * 2001}, "2001 characters"),
        ({"owner": "Wei\x00"}, "control character"),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused_in_a_sentence(
    open_desk: Open, given: dict[str, str], told: str
) -> None:
    desk = open_desk()
    with pytest.raises(DeskError, match=told):
        desk.mark(a_review(**given))
    assert desk.latest().is_empty()


def test_hostile_text_is_only_text(open_desk: Open) -> None:
    desk = open_desk()
    reason = "'); drop table reviews; -- %s $1 {x}"
    desk.mark(a_review(reason=reason, finding_key="a'b\"c"))
    assert desk.history("a'b\"c")["reason"].to_list() == [reason]


def test_a_desk_of_another_version_is_told_and_left_alone(open_desk: Open, url: str) -> None:
    open_desk()
    engine = create_engine(url)
    with engine.begin() as con:
        con.execute(text("update desk_facts set value = '99'"))
    engine.dispose()
    with pytest.raises(DeskError, match=f"version 99 and Duewatch wants {SCHEMA_VERSION}"):
        open_desk()


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite:////nowhere/at/all/desk.sqlite"])
def test_an_address_that_is_no_desk_is_one_sentence(address: str) -> None:
    with pytest.raises(DeskError) as output:
        Desk(address)
    assert output.value.sentence.count("\n") == 0


def test_a_password_is_never_told() -> None:
    with pytest.raises(DeskError) as output:
        Desk("postgresql+psycopg://desk:secret@127.0.0.1:1/desk")
    assert "secret" not in output.value.sentence


def test_without_a_setting_the_desk_lies_beside_the_books(tmp_path: Path) -> None:
    assert desk_url(Settings(), tmp_path) == f"sqlite:///{tmp_path.resolve()}/desk.sqlite"
    assert desk_url(Settings(desk_url="sqlite:///x"), tmp_path) == "sqlite:///x"
