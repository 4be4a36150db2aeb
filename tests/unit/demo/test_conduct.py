"""Contacts keep the law and the process, but for what is planted; each check counts by brute force."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from duewatch.demo.plants import PLANTS
from tests.unit.demo.conftest import Demo

CALLS_COUNTED = {"no_answer", "voicemail_left", "voicemail_no_message", "answered_dropped", "conversation"}


def _contacts(demo: Demo) -> list[dict[str, Any]]:
    currency = dict(demo.good("accounts").select("account_id", "currency").iter_rows())
    zones = dict(demo.good("debtors").select("debtor_id", "time_zone").iter_rows())
    rows = demo.good("contacts").to_dicts()
    for row in rows:
        row["wall"] = datetime.fromisoformat(row["started_at"]).replace(tzinfo=None)
        row["currency"], row["zone"] = currency[row["account_id"]], zones[row["debtor_id"]] or ""
    return sorted(rows, key=lambda row: (row["wall"], row["contact_id"]))


@pytest.fixture(scope="module")
def contacts(demo: Demo) -> list[dict[str, Any]]:
    return _contacts(demo)


def _calls(contacts: list[dict[str, Any]], currency: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in contacts:
        if row["channel"] == "call" and row["currency"] == currency:
            found[row["account_id"]].append(row)
    return found


def _listed(demo: Demo, *kinds: str) -> set[str]:
    return {contact for kind in kinds for contact in demo.plant(kind)["ids"]}


def test_each_plant_counts_the_ids_it_lists_and_all_fit_into_the_book(demo: Demo) -> None:
    plants = demo.truth["plants"] + demo.truth["exempt"]
    assert {plant["kind"] for plant in plants} == {plant.kind for plant in PLANTS}
    assert all(plant["count"] == len(set(plant["ids"])) > 0 for plant in plants)


def test_no_account_carries_two_plants(demo: Demo) -> None:
    accounts = [account for plant in demo.truth["plants"] + demo.truth["exempt"] for account in plant["accounts"]]
    assert len(accounts) == len(set(accounts))


def test_outbound_contacts_outside_the_hours_are_the_planted_ones(demo: Demo, contacts: list[dict[str, Any]]) -> None:
    outside = set()
    for row in contacts:
        hour = row["wall"].hour + row["wall"].minute / 60 + row["wall"].second / 3600
        lows = [hour - 1, hour] if "|" in row["zone"] else [hour]
        late = 21 if row["currency"] == "USD" else 22
        if row["direction"] == "out" and (min(lows) < 8 or hour > late or (hour == late == 22)):
            outside.add(row["contact_id"])
    kinds = [p.kind for p in PLANTS if "hours" in p.kind]
    assert outside == _listed(demo, *kinds)


def test_more_than_seven_american_calls_in_seven_dates_are_the_planted_ones(
    demo: Demo, contacts: list[dict[str, Any]]
) -> None:
    excess = set()
    for calls in _calls(contacts, "USD").values():
        counted = [row for row in calls if row["direction"] == "out" and row["outcome"] in CALLS_COUNTED]
        for n, row in enumerate(counted):
            since = row["wall"].date() - timedelta(days=6)
            if sum(other["wall"].date() >= since for other in counted[: n + 1]) > 7:
                excess.add(row["contact_id"])
    assert excess == _listed(demo, "us_call_frequency", "call_frequency_consent")


def test_american_calls_in_a_quiet_week_are_the_planted_ones(demo: Demo, contacts: list[dict[str, Any]]) -> None:
    early = set()
    for calls in _calls(contacts, "USD").values():
        talked: date | None = None
        for row in calls:
            day = row["wall"].date()
            counted = row["direction"] == "out" and row["outcome"] in CALLS_COUNTED
            if counted and talked and day < talked + timedelta(days=7):
                early.add(row["contact_id"])
            talked = day if row["outcome"] == "conversation" else talked
    assert early == _listed(demo, "us_quiet_period_after_call", "us_quiet_period_after_inbound")


@pytest.mark.parametrize(
    ("kind", "outcome", "style", "limit"),
    [
        ("cn_interactive_voice_daily", "conversation", "interactive", 3),
        ("cn_notify_voice_daily", "answered_dropped", "notify", 3),
        ("cn_unanswered_daily", "no_answer", "interactive", 6),
    ],
)
def test_chinese_calls_over_the_daily_limit_are_the_planted_ones(
    demo: Demo, contacts: list[dict[str, Any]], kind: str, outcome: str, style: str, limit: int
) -> None:
    seen: dict[tuple[str, date], int] = defaultdict(int)
    over = set()
    for calls in _calls(contacts, "CNY").values():
        for row in calls:
            if row["direction"] == "out" and row["outcome"] == outcome and row["style"] == style:
                seen[row["debtor_id"], row["wall"].date()] += 1
                if seen[row["debtor_id"], row["wall"].date()] > limit:
                    over.add(row["contact_id"])
    assert over == _listed(demo, kind)


def _late_spells(demo: Demo) -> dict[str, list[tuple[date, date]]]:
    """By account the spells of days past due inside the window: first and last day late."""
    due: dict[str, list[tuple[date, float]]] = defaultdict(list)
    paid: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for account, day, amount in demo.good("instalments").select("account_id", "due_on", "amount").iter_rows():
        due[account].append((date.fromisoformat(day), round(float(amount) * 100)))
    for account, day, amount in demo.good("payments").select("account_id", "paid_on", "amount").iter_rows():
        paid[account].append((date.fromisoformat(day), round(float(amount) * 100)))
    last = date(2026, 10, 31)
    spells: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for account, owed in due.items():
        day = date(2026, 5, 1)
        begun: date | None = None
        while day <= last:
            late = sum(a for d, a in owed if d < day) > sum(a for d, a in paid[account] if d <= day)
            if late and begun is None:
                begun = day
            if not late and begun is not None:
                spells[account].append((begun, day - timedelta(days=1)))
                begun = None
            day += timedelta(days=1)
        if begun is not None:
            spells[account].append((begun, last))
    return spells


@pytest.fixture(scope="module")
def spells(demo: Demo) -> dict[str, list[tuple[date, date]]]:
    return _late_spells(demo)


def test_first_contacts_of_spells_that_are_calls_are_the_planted_ones(
    demo: Demo, contacts: list[dict[str, Any]], spells: dict[str, list[tuple[date, date]]]
) -> None:
    by_account: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in contacts:
        if row["direction"] == "out":
            by_account[row["account_id"]].append(row)
    loud, hasty = set(), set()
    for account, intervals in spells.items():
        for begun, ended in intervals:
            inside = [row for row in by_account[account] if begun <= row["wall"].date() <= ended]
            if inside and inside[0]["channel"] not in {"sms", "app", "email"}:
                loud.add(inside[0]["contact_id"])
            reminded = [r["wall"] for r in inside if r["purpose"] == "reminder" and r["outcome"] == "delivered"]
            first = next((row for row in inside if row["channel"] == "call"), None)
            if first and not any(first["wall"] - sent >= timedelta(hours=72) for sent in reminded):
                hasty.add(first["contact_id"])
    assert loud == _listed(demo, "first_touch_call", "letter_without_a_word_before")
    assert hasty == _listed(demo, "first_touch_call", "call_without_reminder", "call_without_wait")


def test_contacts_recorded_days_later_are_the_planted_ones(demo: Demo, contacts: list[dict[str, Any]]) -> None:
    late = {
        row["contact_id"]
        for row in contacts
        if datetime.fromisoformat(row["recorded_at"]) - datetime.fromisoformat(row["started_at"]) > timedelta(days=1)
    }
    assert late == _listed(demo, "late_recording")


def test_contacts_with_other_people_are_the_planted_ones(demo: Demo, contacts: list[dict[str, Any]]) -> None:
    others = {row["account_id"] for row in contacts if row["party_role"] not in {"debtor", "unknown"}}
    kinds = ("cn_third_party", "cn_third_party_after_refusal", "location_call_when_unreachable")
    assert others == {account for kind in kinds for account in demo.plant(kind)["accounts"]}


def test_promises_that_lack_a_reminder_before_they_fall_due_are_known(
    demo: Demo, contacts: list[dict[str, Any]], spells: dict[str, list[tuple[date, date]]]
) -> None:
    reminded: dict[str, set[date]] = defaultdict(set)
    for row in contacts:
        if row["purpose"] == "promise_reminder":
            reminded[row["account_id"]].add(row["wall"].date())
    paid: dict[str, set[date]] = defaultdict(set)
    for account, day in demo.good("payments").select("account_id", "paid_on").iter_rows():
        paid[account].add(date.fromisoformat(day))
    known = set(demo.plant("promise_without_pre_due_reminder")["ids"])
    known |= set(demo.truth["promise_reminders_omitted"]["ids"])
    missing = set()
    for row in demo.good("promises").iter_rows(named=True):
        made, due = date.fromisoformat(row["made_at"][:10]), date.fromisoformat(row["due_on"])
        eve = due - timedelta(days=1)
        paid_before = any(made <= day <= eve for day in paid[row["account_id"]])
        if eve <= date(2026, 10, 31) and not row["withdrawn_on"] and not paid_before:
            missing |= set() if eve in reminded[row["account_id"]] else {row["promise_id"]}
    assert missing <= known
    assert set(demo.plant("promise_without_pre_due_reminder")["ids"]) <= missing
