"""Expected collections, the limits of recovery, weeks and reminders agree with plain Python."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from duewatch.whatif.other_definitions import to_remind
from tests.support.draws import draws
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import (
    AS_OF,
    CURRENCY,
    DAYS,
    KEYS,
    MONEY,
    MONTH_ENDS,
    STATES,
    ask,
    book_of,
    payments_of,
    seen_of,
)
from tests.unit.queries.collection_oracle import Contact, Paid, Promise, Seen
from tests.unit.queries.test_promises_against_oracle import DRAWN, promises_of

RECOMPUTES = {
    "recovery_share": "recovery/recovery_share",
    "expected_collections": "recovery/collections_expected",
    "kept_by_week": "promises/kept_by_week",
    "kept_by_reminder": "promises/kept_by_reminder",
}
"""Metric to what is called here for the number that is computed a second time."""


@draws(40)
@given(states=STATES, money=MONEY, n_cohorts=st.integers(1, 4), bucket=st.sampled_from(["M1", "M1", "M2"]))
def test_expected_collections_agree_with_a_loop_over_earlier_entries(states, money, n_cohorts, bucket) -> None:  # type: ignore[no-untyped-def]
    seen, paid = seen_of(states), payments_of(money)
    entries = oracle.entries(seen, AS_OF, bucket)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), seen=seen, paid=paid)
        asked = {"as_of": AS_OF, "entry_bucket": bucket}
        rows = ask(engine, "recovery/collections_expected", n_cohorts=n_cohorts, **asked)
        for row in rows:
            mine = [e for e in entries if (CURRENCY[e.account], month(e.day)) == (row["currency"], row["cohort"])]
            check_expected(row, mine, entries, paid)
            listed = ask(engine, "recovery/cohort_accounts", cohort=row["cohort"], **asked)
            opened = [r for r in listed if r["currency"] == row["currency"]]
            assert sum(r["collected"] for r in opened) == row["collected"]  # type: ignore[misc]
            assert len(opened) == row["n_accounts"]
        engine.close()
    wanted = defaultdict(set)
    for entry in entries:
        wanted[CURRENCY[entry.account]].add(month(entry.day))
    newest = {(c, day) for c, days in wanted.items() for day in sorted(days, reverse=True)[:n_cohorts]}
    assert {(r["currency"], r["cohort"]) for r in rows} == newest
    event(f"with an expectation: {any(r['expected'] is not None for r in rows)}")


def check_expected(row: dict[str, object], mine: list[Seen], entries: list[Seen], paid: list[Paid]) -> None:
    total: float | None = 0.0
    for entry in mine:
        age = (AS_OF - entry.day).days
        before = [
            e
            for e in entries
            if CURRENCY[e.account] == row["currency"] and month(e.day) < row["cohort"] and (AS_OF - e.day).days >= age  # type: ignore[operator]
        ]
        balance = sum(e.balance for e in before)
        if not balance:
            total = None
            break
        collected = sum(oracle.liquidated(e, paid, AS_OF, age) for e in before)
        total += float(entry.balance * collected / balance)  # type: ignore[operator]
    got = sum(oracle.liquidated(e, paid, AS_OF, 10_000) for e in mine)
    assert row["collected"] == got
    if total is None:
        assert row["expected"] is None
        assert row["shortfall"] is None
    else:
        assert float(row["expected"]) == pytest.approx(total, abs=0.02)  # type: ignore[arg-type]
        assert row["shortfall"] == row["expected"] - row["collected"]  # type: ignore[operator]


def month(day: date) -> date:
    return day.replace(day=1)


@draws(30)
@given(states=STATES, money=MONEY)
def test_the_limits_of_recovery_are_those_of_as_many_equal_accounts_as_would_be_as_sure(states, money) -> None:  # type: ignore[no-untyped-def]
    seen, paid = seen_of(states), payments_of(money)
    wanted = defaultdict(list)
    for key, (_, _, balance, collected) in oracle.period_recovery(seen, paid, MONTH_ENDS[1], AS_OF).items():
        wanted[CURRENCY[key]].append((float(balance), float(collected)))
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), seen=seen, paid=paid)
        rows = ask(engine, "recovery/recovery_share", from_date=MONTH_ENDS[1], to_date=AS_OF)
        engine.close()
    assert {r["currency"] for r in rows} == wanted.keys()
    for row in rows:
        whole, part = np.array(wanted[row["currency"]]).T  # type: ignore[index]
        share = part.sum() / whole.sum()
        assert row["share_collected"] == pytest.approx(share)
        assert row["n_accounts"] == len(whole)
        if len(whole) == 1:
            assert row["share_low"] is None
            continue
        low, high = oracle.as_sure(part.tolist(), whole.tolist())
        assert row["share_low"] == (None if low is None else pytest.approx(low, abs=1e-6))
        assert row["share_high"] == (None if high is None else pytest.approx(high, abs=1e-6))


REMINDED = st.lists(st.tuples(KEYS, DAYS, st.booleans()), max_size=8)


@draws(40)
@given(drawn=DRAWN, money=MONEY, reminders=REMINDED, grace=st.integers(0, 5))
def test_weeks_and_reminders_agree_with_plain_python(drawn, money, reminders, grace) -> None:  # type: ignore[no-untyped-def]
    promises, paid = promises_of(drawn), payments_of(money)
    contacts = [
        Contact(f"K{n}", key, day, "sms", "out", "delivered", None, "debtor")
        for n, (key, day, _) in enumerate(reminders)
    ]
    judged = oracle.judged(promises, paid, AS_OF, grace, Decimal(1))
    start = date(2026, 7, 1)
    due = [p for p in promises if p.promise_id in judged and start <= p.due <= AS_OF]
    asked = {"from_date": start, "to_date": AS_OF, "as_of": AS_OF, "grace_days": grace, "tolerance": 1.0}
    purposes = ["promise_reminder" if told else "demand" for _, _, told in reminders]
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), paid=paid, promises=promises, contacts=contacts, purposes=purposes)
        weeks = ask(engine, "promises/kept_by_week", **asked)
        calendar = ask(engine, "promises/due_calendar", **asked)
        ledger = ask(engine, "promises/promise_ledger", as_of=AS_OF, grace_days=grace, tolerance=1.0)
        compared = ask(engine, "promises/kept_by_reminder", **asked)
        each = ask(engine, "whatif/reminded_promises", **asked)
        engine.close()
    check_weeks(weeks, due, judged, start, grace)
    assert sum(r["n_promises"] for r in calendar) == len(due)  # type: ignore[misc]
    last_paid = {r["promise_id"]: r["last_paid_on"] for r in ledger}
    check_reminders(compared, due, judged, last_paid, reminders)  # type: ignore[arg-type]
    check_each_reminder(each, due, judged, last_paid, reminders)  # type: ignore[arg-type]


def check_weeks(
    weeks: list[dict[str, object]], due: list[Promise], judged: dict[str, tuple[str, Decimal]], start: date, grace: int
) -> None:
    mine = defaultdict(list)
    for promise in due:
        monday = promise.due - timedelta(days=promise.due.weekday())
        mine[CURRENCY[promise.account], monday].append(judged[promise.promise_id][0])
    assert {(r["currency"], r["week"]) for r in weeks} == mine.keys()
    for row in weeks:
        states = mine[row["currency"], row["week"]]  # type: ignore[index]
        matured = [state for state in states if state in ("kept", "partial", "broken")]
        assert row["n_matured"] == len(matured)
        assert row["n_kept"] == matured.count("kept")
        if matured:
            low, high = oracle.wilson(matured.count("kept"), len(matured))
            assert (row["share_kept_low"], row["share_kept_high"]) == (pytest.approx(low), pytest.approx(high))
        sunday = row["week"] + timedelta(days=6)  # type: ignore[operator]
        whole = row["week"] >= start and sunday <= AS_OF and sunday + timedelta(days=grace) < AS_OF  # type: ignore[operator]
        assert row["is_complete"] == (whole and "pending" not in states)


def check_reminders(
    compared: list[dict[str, object]],
    due: list[Promise],
    judged: dict[str, tuple[str, Decimal]],
    last_paid: dict[str, date | None],
    reminders: list[tuple[int, date, bool]],
) -> None:
    wanted = defaultdict(list)
    for promise in due:
        state, on = judged[promise.promise_id][0], last_paid[promise.promise_id]
        if state not in ("kept", "partial", "broken") or (state == "kept" and on is not None and on < promise.due):
            continue
        told = any(
            is_reminder and key == promise.account and promise.made < day < promise.due
            for key, day, is_reminder in reminders
        )
        wanted[CURRENCY[promise.account], told].append(state == "kept")
    got = {(r["currency"], r["is_reminded"]): (r["n_matured"], r["n_kept"]) for r in compared}
    assert got == {key: (len(kept), sum(kept)) for key, kept in wanted.items()}
    event(f"reminded promises: {any(told for _, told in wanted)}")


def check_each_reminder(
    each: list[dict[str, object]],
    due: list[Promise],
    judged: dict[str, tuple[str, Decimal]],
    last_paid: dict[str, date | None],
    reminders: list[tuple[int, date, bool]],
) -> None:
    """And what a rule of so many days before the due date would have added, by a loop over the days."""
    standing = [promise for promise in due if judged[promise.promise_id][0] != "withdrawn"]
    wanted = {}
    for promise in standing:
        kept_on = last_paid[promise.promise_id] if judged[promise.promise_id][0] == "kept" else None
        n = sum(
            is_reminder and key == promise.account and promise.made < day < promise.due
            for key, day, is_reminder in reminders
        )
        wanted[promise.promise_id] = (promise.made, promise.due, kept_on, n)
    got = {r["promise_id"]: (r["made_on"], r["due_on"], r["kept_on"], r["n_reminders"]) for r in each}
    assert got == wanted
    schema = {
        "promise_id": pl.String,
        "made_on": pl.Date,
        "due_on": pl.Date,
        "kept_on": pl.Date,
        "n_reminders": pl.Int64,
    }
    frame = pl.DataFrame([{name: row[name] for name in schema} for row in each], schema=schema)
    for days in (0, 1, 3):
        added = set()
        for name, (made, on, kept_on, n) in wanted.items():
            day = on - timedelta(days=days)
            if days and not n and made < day and (kept_on is None or kept_on >= day):
                added.add(name)
        assert set(to_remind(frame, days)["promise_id"].to_list()) == added
    event(f"a reminder would be added: {any(not n for *_, n in wanted.values())}")
