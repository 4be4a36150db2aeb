"""What is left of a limit, for whom and until when: counted day by day in plain Python on drawn logs."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from duewatch.compliance.headroom import headroom, strictest
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import CountCap, Filter, QuietAfter, Window
from tests.support.contact_logs import Contact, a_book, a_rule, monday_of
from tests.support.small_books import Row, account, made_book

RECOMPUTES = {"headroom_none": "headroom", "headroom_last": "headroom", "quiet_running": "headroom"}
"""Metric to what is called here for the number that is computed a second time."""


FIRST, DAYS = date(2026, 11, 2), 24
CAP, QUIET = "us.reg_f.call_frequency", "us.reg_f.quiet_period"
MOST, WEEK = 7, timedelta(days=7)
Place = tuple[str | None, int, int]
"""Agency, person and debt: what Regulation F counts together."""


def us_log(seed: int) -> list[Row]:
    """Calls and messages about ten debts of eight debtors, most about the first three; some are of another country."""
    rng, rows = random.Random(seed), []
    for n in range(150):
        key = rng.choice([1, 1, 1, 2, 2, 3, 3, *range(4, 11)])
        day = FIRST + timedelta(days=rng.randrange(DAYS))
        at = datetime.combine(day, time(rng.randrange(8, 20)))
        is_us = key != 10
        rows.append(
            {
                "contact_key": n,
                "contact_id": f"K{n:03}",
                "account_key": key,
                "debtor_key": debtor_of(key),
                "person_key": debtor_of(key),
                "started_at": at,
                "local_date": day,
                "local_time": at.time(),
                "local_isodow": day.isoweekday(),
                "zone_basis": "zone",
                "time_known": True,
                "channel": rng.choice(["call", "call", "call", "sms"]),
                "direction": rng.choice(["out"] * 7 + ["in"]),
                "role": rng.choice(["debtor"] * 9 + ["attorney"]),
                "outcome": rng.choice(["no_answer"] * 12 + ["conversation", "not_connected", "unknown"]),
                "firm": rng.choice([None] * 6 + ["G1"]),
                "purpose": "demand",
                "product": "loan",
                "currency": "USD" if is_us else "CNY",
                "countries": "|US|" if is_us else "|CN|",
            }
        )
    return rows


def debtor_of(key: int) -> int:
    return {2: 1, 5: 4}.get(key, key)


def places_of(log: Iterable[Row]) -> dict[Place, list[Row]]:
    """The calls out to consumers in the United States, by what is counted together."""
    found: dict[Place, list[Row]] = defaultdict(list)
    for row in log:
        if row["countries"] == "|US|" and row["channel"] == "call" and row["direction"] == "out":
            found[row["firm"], row["person_key"], row["account_key"]].append(row)
    return found


def counted(calls: Iterable[Row], first: date, last: date) -> tuple[list[date], int]:
    """The days of the calls that count, and how many may count. Not connected, and to an attorney, is neither."""
    mine = [
        c
        for c in calls
        if first <= c["local_date"] <= last and c["role"] != "attorney" and c["outcome"] != "not_connected"
    ]
    return [c["local_date"] for c in mine if c["outcome"] != "unknown"], sum(c["outcome"] == "unknown" for c in mine)


def frees(days: list[date], on: date, held: Callable[[date, date], bool], most: int) -> date | None:
    """The first day on which fewer than the limit of these days are still held against the debtor."""
    later = (on + timedelta(days=n) for n in range(70))
    return next((day for day in later if sum(held(each, day) for each in days) < most), None)


def caps_wanted(log: list[Row], on: date) -> set[tuple[Any, ...]]:
    """debtor, debt, used, unsure, left, frees on."""
    rows = set()
    for (_, _, key), calls in places_of(log).items():
        days, unsure = counted(calls, on - WEEK + timedelta(days=1), on)
        if days or unsure:
            free = frees(days, on, lambda each, day: day < each + WEEK, MOST)
            rows.add((debtor_of(key), key, len(days), unsure, max(0, MOST - len(days)), free))
    return rows


def quiet_wanted(log: list[Row], on: date) -> set[tuple[Any, ...]]:
    """debtor, debt, day of the conversation, frees on. A talk that the debtor began counts too."""
    told = {place for place, calls in places_of(log).items() if any(c["local_date"] <= on for c in calls)}
    last: dict[tuple[int, int], date] = {}
    for row in log:
        place = (row["firm"], row["person_key"], row["account_key"])
        is_talk = row["channel"] == "call" and row["outcome"] == "conversation"
        if place in told and is_talk and row["local_date"] <= on < row["local_date"] + WEEK:
            debt = (row["debtor_key"], row["account_key"])
            last[debt] = max(last.get(debt, row["local_date"]), row["local_date"])
    return {(*debt, day, day + WEEK) for debt, day in last.items()}


@pytest.mark.parametrize("seed", [2])
def test_calls_left_and_quiet_periods_are_those_of_a_loop(seed: int, tmp_path: Path) -> None:
    log = us_log(seed)
    debtors = [{"debtor_key": key, "debtor_id": f"D{key}"} for key in sorted({debtor_of(n) for n in range(1, 11)})]
    accounts = [account(key, debtor_key=debtor_of(key), currency="USD") for key in range(1, 11)]
    book = made_book(tmp_path, accounts=accounts, debtors=debtors, contacts=log)
    seen = {"none": 0, "last": 0, "quiet": 0}
    for on in (FIRST + timedelta(days=n) for n in (0, 6, 9, 12, 15, 18, 21, DAYS)):
        found = headroom(book, load_packs(), on_day=on, pack_ids=("us.reg_f",))
        names = ("debtor_key", "account_key", "used", "unsure", "n_left", "frees_on")
        caps, quiet = caps_wanted(log, on), quiet_wanted(log, on)
        assert set(found.filter(pl.col("rule_id") == CAP).select(names).rows()) == caps
        spans = found.filter(pl.col("rule_id") == QUIET).select("debtor_key", "account_key", "last_on", "frees_on")
        assert set(spans.rows()) == quiet
        left: dict[int, int] = {}
        for debtor, n_left in [(row[0], row[4]) for row in caps] + [(row[0], 0) for row in quiet]:
            left[debtor] = min(left.get(debtor, MOST), n_left)
        least = strictest(found)
        assert dict(least.select("debtor_key", "n_left").rows()) == left
        seen["none"] += sum(n == 0 for n in left.values())
        seen["last"] += sum(n == 1 for n in left.values())
        seen["quiet"] += len({row[0] for row in quiet})
    assert all(seen.values()), seen


def of_unit(window: Window) -> Callable[[date, date], bool]:
    """Whether a contact of the first day counts in the window that holds the second."""
    if window.unit == "local_date":
        return lambda each, day: day - timedelta(days=window.length) < each <= day
    if window.unit == "week":
        shift = timedelta(days=1 if window.week_start == "sun" else 0)
        return lambda each, day: monday_of(each + shift) == monday_of(day + shift)
    if window.unit == "month":
        return lambda each, day: (each.year, each.month) == (day.year, day.month)
    return {"day": lambda each, day: each == day, "lifetime": lambda each, day: True}[window.unit]


UNITS = (
    Window("local_date", 1),
    Window("local_date", 5),
    Window("day"),
    Window("week"),
    Window("week", 1, "sun"),
    Window("month"),
    Window("lifetime"),
)


@pytest.mark.parametrize(("window", "most"), list(zip(UNITS, (1, 3, 1, 2, 2, 3, 4), strict=True)))
def test_a_limit_of_any_window_has_room_again_when_a_loop_says(window: Window, most: int, tmp_path: Path) -> None:
    rng = random.Random(most)
    log = []
    for n in range(60):
        at = datetime.combine(FIRST + timedelta(days=rng.randrange(40)), time(rng.randrange(9, 18)), UTC)
        debtor = rng.randrange(1, 6)
        local = None if rng.random() < 0.1 else at
        log.append(Contact(f"C{n:02}", debtor, debtor, at, local, "call", "out", "conversation", None, debtor))
    rule = a_rule("count_cap", CountCap(most, window, ("debtor",)), Filter(channel=("call",)))
    held = of_unit(window)
    book = a_book(tmp_path, log)
    for on in (FIRST + timedelta(days=n) for n in (28, 40)):
        found = headroom(book, {"house": rule.pack}, on_day=on, pack_ids=("house",))
        wanted = set()
        for debtor in range(1, 6):
            days = [c.local.date() for c in log if c.debtor == debtor and c.local and c.local.date() <= on]
            used = [day for day in days if held(day, on)]
            if used:
                free = frees(used, on, held, most)
                wanted.add((debtor, len(used), max(0, most - len(used)), max(used), free))
        assert set(found.select("debtor_key", "used", "n_left", "last_on", "frees_on").rows()) == wanted


@pytest.mark.parametrize("seed", [1])
def test_a_quiet_period_begun_by_what_the_rule_does_not_judge_is_told(seed: int, tmp_path: Path) -> None:
    """No calls for some days after a message; told of debtors who were ever called, however long ago."""
    rng, log = random.Random(seed), []
    for n in range(60):
        at = datetime.combine(FIRST + timedelta(days=rng.randrange(40)), time(9), UTC)
        debtor, channel = rng.randrange(1, 20), rng.choice(["call", "sms"])
        log.append(Contact(f"C{n:02}", debtor, debtor, at, at, channel, "out", "delivered", None, debtor))
    spec = QuietAfter(Filter(channel=("sms",)), Window("local_date", 5), ("debtor",))
    rule = a_rule("quiet_after", spec, Filter(channel=("call",)))
    assert rule.needs_earlier == {"debtors"}
    n_old, book = 0, a_book(tmp_path, log)
    for on in (FIRST + timedelta(days=n) for n in (15, 30, 40)):
        found = headroom(book, {"house": rule.pack}, on_day=on, pack_ids=("house",))
        wanted = set()
        for debtor in range(1, 20):
            mine = [(c.channel, c.at.date()) for c in log if c.debtor == debtor and c.at.date() <= on]
            calls, messages = ([day for channel, day in mine if channel == name] for name in ("call", "sms"))
            if calls and messages and on < max(messages) + timedelta(days=5):
                wanted.add((debtor, max(messages), max(messages) + timedelta(days=5)))
                n_old += max(calls) <= on - timedelta(days=5)
        assert set(found.select("debtor_key", "last_on", "frees_on").rows()) == wanted
    assert n_old > 0


def test_a_limit_of_none_has_no_day_with_room(tmp_path: Path) -> None:
    at = datetime.combine(FIRST, time(9), UTC)
    log = [Contact("C1", 1, 1, at, at, "call", "out", "conversation", None, 1)]
    rule = a_rule("count_cap", CountCap(0, Window("day"), ("debtor",)), Filter(channel=("call",)))
    found = headroom(a_book(tmp_path, log), {"house": rule.pack}, on_day=FIRST, pack_ids=("house",))
    assert found.select("used", "n_left", "frees_on").rows() == [(1, 0, None)]
