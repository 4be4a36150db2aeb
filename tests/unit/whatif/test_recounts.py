"""Waits and holds against plain loops over invented books."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.whatif import recounts
from duewatch.whatif.scenario import scenario_of
from tests.support.draws import draws
from tests.support.small_books import Row, account, engine_over

RECOMPUTES = {"early_calls": "early_calls", "ended_in_wait": "ended_in_wait", "contacts_held": "held_contacts"}
"""Metric to what is called here for the number that is computed a second time."""


LOG_START = date(2026, 7, 1)
FIRST = date(2026, 8, 1)
PERIOD = (FIRST, FIRST + timedelta(days=40))
NOON = 12
KEYS = (1, 2, 3)
MINUTES = st.integers(0, 20 * 24 * 60)
TOUCH = st.tuples(st.sampled_from(KEYS), MINUTES, st.sampled_from(("sms", "call")), st.booleans())
ENDS = st.tuples(*(st.none() | st.integers(0, 25) for _ in KEYS))


def instant(minutes: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time()) + timedelta(minutes=minutes)


def contact(no: int, key: int, minutes: int, channel: str, *, is_delivered: bool = True) -> Row:
    return {
        "contact_key": no,
        "contact_id": f"C{no:03}",
        "account_key": key,
        "debtor_key": key,
        "currency": "CNY",
        "started_at": instant(minutes),
        "local_date": instant(minutes).date(),
        "channel": channel,
        "direction": "out",
        "role": "debtor",
        "outcome": "delivered" if is_delivered else "undelivered",
        "team": "a",
    }


def early_log() -> Row:
    """A contact of another account, so that the log begins before every spell."""
    start = datetime.combine(LOG_START, datetime.min.time())
    return {**contact(900, 9, 0, "call"), "started_at": start, "local_date": LOG_START}


def spells_and_ask(folder: str, **tables: list[Row]):  # type: ignore[no-untyped-def]
    engine = engine_over(
        Path(folder),
        accounts=[account(key) for key in (*KEYS, 9)],
        debtors=[{"debtor_key": key, "debtor_id": f"D{key}"} for key in (*KEYS, 9)],
        **tables,
    )
    return engine, lambda name, params: engine.run(name, params, WHOLE_BOOK)


@draws(25)
@given(
    touches=st.lists(TOUCH, max_size=9, unique_by=lambda touch: (touch[0], touch[1])),
    ends=ENDS,
    hours=st.integers(0, 400),
)
def test_early_calls_and_ends_inside_the_wait_agree_with_plain_loops(touches, ends, hours) -> None:  # type: ignore[no-untyped-def]
    last = {key: None if end is None else FIRST + timedelta(days=end) for key, end in zip(KEYS, ends, strict=True)}
    inside = [(k, m, c, d) for k, m, c, d in touches if last[k] is None or instant(m).date() <= last[k]]
    spells = [
        {"account_key": key, "spell_no": 1, "started_on": FIRST, "ended_on": last[key], "basis": "daily"}
        for key in KEYS
    ]
    log = [contact(number, k, m, c, is_delivered=d) for number, (k, m, c, d) in enumerate(touches)]
    n_early, n_called, n_waited, n_ended = 0, 0, 0, 0
    for key in KEYS:
        mine = sorted((m, c, d) for k, m, c, d in inside if k == key)
        reminder = next((m for m, c, d in mine if c == "sms" and d), None)
        call = next((m for m, c, _ in mine if c == "call"), None)
        if reminder is None:
            continue
        if call is not None and call > reminder:
            n_called += 1
            n_early += call - reminder < 60 * hours
        if call is not None and call < reminder:
            continue
        over = instant(reminder).date() + timedelta(days=hours // 24)
        if over > PERIOD[1]:
            continue
        n_waited += 1
        is_uncalled = call is None or (last[key] is not None and instant(call).date() > last[key])
        n_ended += last[key] is not None and last[key] + timedelta(days=1) <= over and is_uncalled
    with tempfile.TemporaryDirectory() as folder:
        engine, ask = spells_and_ask(folder, spells=spells, contacts=[*log, early_log()])
        scenario = scenario_of({"levers": {"wait_hours": hours}}, "here")
        told = {line.measure: line for line in recounts.wait_lines(ask, scenario, PERIOD, "CNY")}
        engine.close()
    if not n_called:
        assert told["early_calls"].rung == "refused"
        return
    assert (told["early_calls"].today, told["early_calls"].scenario, told["early_calls"].n) == (0, n_early, n_called)
    ended = told["ended_in_wait"]
    if not n_waited:
        assert ended.rung == "refused"
        return
    assert (ended.n, ended.scenario) == (n_waited, n_ended / n_waited)


@draws(25)
@given(
    touches=st.lists(st.tuples(st.sampled_from(KEYS), MINUTES, st.sampled_from((None, "reply", "demand"))), max_size=8),
    disputes=st.lists(st.tuples(st.sampled_from(KEYS), MINUTES, st.none() | MINUTES), max_size=3),
    promises=st.lists(
        st.tuples(st.sampled_from(KEYS), MINUTES, st.integers(0, 9), st.none() | st.integers(0, 20)), max_size=3
    ),
    days=st.tuples(st.integers(0, 12), st.integers(0, 12)),
)
def test_contacts_on_hold_agree_with_plain_loops(touches, disputes, promises, days) -> None:  # type: ignore[no-untyped-def]
    expected = set()
    for number, (key, minutes, purpose) in enumerate(touches):
        if purpose == "reply":
            continue
        day = instant(minutes).date()
        for account_key, opened, resolved in disputes:
            is_open = opened < minutes and (resolved is None or resolved > minutes)
            if key == account_key and days[0] and is_open and (day - instant(opened).date()).days <= days[0]:
                expected.add(f"C{number:03}")
        for account_key, made, due, withdrawn in promises:
            is_open = made < minutes and day <= instant(made).date() + timedelta(days=due)
            is_open = is_open and (withdrawn is None or FIRST + timedelta(days=withdrawn) > day)
            if key == account_key and days[1] and is_open and (day - instant(made).date()).days <= days[1]:
                expected.add(f"C{number:03}")
    log = [{**contact(number, k, m, "call"), "purpose": p} for number, (k, m, p) in enumerate(touches)]
    told_disputes = [
        {
            "account_key": k,
            "dispute_id": f"T{number}",
            "opened_at": instant(o),
            "opened_on": instant(o).date(),
            "resolved_at": None if r is None else instant(r),
        }
        for number, (k, o, r) in enumerate(disputes)
    ]
    told_promises = [
        {
            "account_key": k,
            "promise_id": f"P{number}",
            "made_at": instant(m),
            "made_on": instant(m).date(),
            "due_on": instant(m).date() + timedelta(days=due),
            "amount": "10.00",
            "withdrawn_on": None if w is None else FIRST + timedelta(days=w),
        }
        for number, (k, m, due, w) in enumerate(promises)
    ]
    levers = {"hold_dispute_days": days[0], "hold_promise_days": days[1]}
    with tempfile.TemporaryDirectory() as folder:
        engine, ask = spells_and_ask(folder, contacts=log, disputes=told_disputes, promises=told_promises)
        actual = recounts.held_contacts(ask, scenario_of({"levers": levers}, "here"), PERIOD)
        engine.close()
    assert set(actual["contact_id"]) == expected
    assert actual.filter(~(pl.col("is_disputed") | pl.col("is_promised"))).is_empty()
