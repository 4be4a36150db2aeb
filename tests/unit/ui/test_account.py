"""What the Account page makes of its frames."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from duewatch.charts.account import LOOKS, Axes, account_timeline
from duewatch.charts.theme import Labels, finding_of
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.ui.account import summary as account
from duewatch.ui.account.summary import History
from duewatch.ui.parts.numbers import Numbers

DAY = date(2026, 10, 31)
FACTS: dict[str, Any] = {
    "account_id": "A1",
    "seen_on": DAY,
    "state": "M1",
    "days_past_due": 9,
    "balance": Decimal(70),
    "overdue_amount": None,
    "overdue_since": DAY - timedelta(days=8),
    "n_spells": 2,
    "n_breach": 1,
    "n_breaching": 1,
    "n_unknown": 0,
}
NONE = pl.Series([None], dtype=pl.String)


def contact(on: date, **given: Any) -> dict[str, Any]:
    made = {
        "happened_on": on,
        "happened_at": "09:30:00",
        "event": "contact",
        "subject": "call",
        "outcome": "conversation",
        "direction": "out",
        "purpose": "demand",
        "role": "debtor",
        "detail": None,
        "who": "K1",
        "item_id": f"C{on}",
        "n_breach": 0,
        "n_unknown": 0,
    }
    return made | given


def history(**given: Any) -> History:
    ledger = pl.DataFrame(
        {
            "account_id": ["A1", "A1", "A1", "A2"],
            "made_on": [DAY - timedelta(days=n) for n in (30, 20, 2, 5)],
            "state": ["kept", "broken", "pending", "kept"],
            "due_on": [DAY - timedelta(days=n) for n in (25, 15, -3, 1)],
            "promised": [Decimal("10.00")] * 4,
            "allocated": [Decimal("10.00"), Decimal(0), Decimal(0), Decimal(0)],
            "contact_id": ["C1"] * 4,
            "promise_id": ["Z1", "Z2", "Z3", "Z4"],
        }
    )
    contacts = [
        contact(DAY - timedelta(days=40), n_breach=1),
        contact(DAY, outcome="no_answer", subject="sms"),
        contact(DAY, direction="in", subject="email", item_id="C9", happened_at=None),
    ]
    payments = pl.DataFrame(
        {
            "happened_on": [DAY],
            "event": ["payment"],
            "subject": ["app"],
            "outcome": ["paid"],
            "amount": [Decimal("5.00")],
            "detail": NONE,
            "item_id": ["P1"],
        }
    )
    terms = pl.DataFrame(
        {
            "happened_on": [DAY - timedelta(days=50)],
            "until_on": pl.Series([None], dtype=pl.Date),
            "event": ["flag"],
            "subject": ["hardship"],
            "outcome": NONE,
            "who": NONE,
            "detail": NONE,
            "item_id": ["F1"],
        }
    )
    findings = pl.DataFrame(
        {
            "happened_on": [DAY - timedelta(days=40)],
            "happened_at": ["09:30:00"],
            "event": ["finding"],
            "subject": ["call"],
            "outcome": ["breach"],
            "rule_id": ["house.tried"],
            "title_en": ["tried"],
            "title_zh": ["试"],
            "modality": ["presumption"],
            "cite": ["c"],
            "reason": ["over_limit"],
            "detail": NONE,
            "counted": [8],
            "limit_count": [7],
            "who": ["K1"],
            "item_id": ["C1"],
        }
    )
    days = pl.DataFrame(
        {
            "from_on": [DAY - timedelta(days=60), DAY - timedelta(days=8), DAY],
            "to_on": [DAY - timedelta(days=50), DAY, DAY],
            "days_from": [1, 1, 9],
            "days_to": [11, 9, 9],
            "basis": ["daily", "daily", "snapshot"],
            "state": [None, None, "M1"],
        }
    )
    frames = {
        "days": days,
        "contacts": pl.DataFrame(contacts),
        "promises": account.promises_of(ledger, "A1"),
        "payments": payments,
        "terms": terms,
        "findings": findings,
    }
    return History(FACTS, **(frames | given))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_the_frames_is_one_event_and_the_newest_comes_first(language: str) -> None:
    told = history()
    rows = account.events(words_in(language), Numbers(language, "CNY"), told)
    assert rows.height == 3 + 3 + 1 + 1 + 1
    assert rows["happened_on"].to_list() == sorted(rows["happened_on"].to_list(), reverse=True)
    assert rows["told"].null_count() == 0
    assert dict(rows.group_by("event").len().iter_rows()) == {
        "contact": 3,
        "promise": 3,
        "payment": 1,
        "flag": 1,
        "finding": 1,
    }


def test_what_is_pending_is_not_counted_and_another_accounts_promise_is_not_there() -> None:
    assert account.n_kept_and_decided(history().promises) == (1, 2)


def test_a_presumption_is_told_as_one() -> None:
    rows = account.events(words_in("en"), Numbers("en", "CNY"), history())
    (said,) = rows.filter(pl.col("event") == "finding")["told"].to_list()
    assert "presumed" in said.lower()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({}, "overdue"),
        ({"overdue_since": None}, "overdue_unknown"),
        ({"days_past_due": 0, "state": "M0"}, "current"),
        ({"state": "paid_off"}, "paid_off"),
        ({"state": "written_off"}, "written_off"),
        ({"seen_on": None}, "unseen"),
    ],
)
def test_the_headline_says_how_the_account_stands(changed: dict[str, Any], key: str) -> None:
    words, numbers = words_in("en"), Numbers("en", "CNY")
    told = history()
    said = account.headline(words, numbers, History(FACTS | changed, *list(vars(told).values())[1:]), DAY)
    start = words(f"headline.account.{key}", account="A1", day="", balance="", days="", since="").split(" ")
    assert said.startswith(" ".join(start[:2]))
    assert "promises kept 1 of 2, breaches 1, contacts 3." in said


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_time_axis_has_a_mark_for_everything_and_a_line_that_falls_to_0_between_spells(is_dark: bool) -> None:
    told, words, numbers = history(), words_in("en"), Numbers("en", "CNY")
    marks = account.marks_of(words, numbers, told, DAY)
    lanes = {lane: lane for lane in account.LANES if any(mark.lane == lane for mark in marks)}
    names = {name: name for name in (*LOOKS, "daily", "snapshot")}
    figure = account_timeline(
        told.days, marks, Labels("F", is_dark, y="d"), Axes(lanes, None, DAY, (0, 1, 31)), names=names
    )
    assert finding_of(figure) == "F"
    assert list(lanes) == ["calls", "messages", "inbound", "promise", "payment", "flag"]
    points = [trace for trace in figure.data if trace.yaxis == "y2" and "markers" in trace.mode]
    assert sum(len(trace.x) for trace in points) == len(marks) == 8
    line = next(trace for trace in figure.data if trace.name == "daily")
    corners = dict(zip(line.x, line.y, strict=True))
    assert corners[str(DAY - timedelta(days=49))] == corners[str(DAY - timedelta(days=9))] == 0
    assert (corners[str(DAY - timedelta(days=50))], corners[str(DAY)]) == (11, 9)
    end = date.fromisoformat(figure.layout.xaxis.range[1])
    assert end > DAY + timedelta(days=3), "a promise not yet due is on the axis"


def test_an_account_that_broke_no_day_has_no_line() -> None:
    told = history()
    figure = account_timeline(
        told.days.clear(),
        [],
        Labels("F", False, y="d"),
        Axes({}, None, DAY, (0, 1)),
        names=dict.fromkeys((*LOOKS, "daily", "snapshot"), ""),
    )
    assert not figure.data


@pytest.mark.parametrize(("language", "said"), [("en", "App"), ("zh", "手机应用")])
def test_how_money_was_paid_is_told_in_the_readers_language(language: str, said: str) -> None:
    rows = account.events(words_in(language), Numbers(language, "CNY"), history())
    assert rows.filter(pl.col("event") == "payment")["told"].item().endswith(f" · {said}")
