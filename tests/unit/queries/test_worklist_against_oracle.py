"""Worklist queries agree with plain Python on invented books."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.draws import draws
from tests.support.small_books import Row, account, engine_over, snapshot
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import AMOUNT, AS_OF, KEYS, MONEY, ask, book_of, payments_of
from tests.unit.queries.collection_oracle import Contact, Promise, Seen

RECOMPUTES = {
    "todo_things": "worklist/promises_to_watch",
    "todo_due": "worklist/promises_to_watch",
    "todo_broken": "worklist/promises_to_watch",
    "todo_disputes": "worklist/disputes_to_answer",
    "todo_crossing": "worklist/stages_to_cross",
    "todo_untouched": "worklist/accounts_untouched",
    "todo_closed": "worklist/standing_holds",
}
"""Metric to what is called here for the number that is computed a second time."""


SLOW = draws(16)
NEAR = st.integers(-12, 5).map(lambda n: AS_OF + timedelta(days=n))
DUE = st.lists(st.tuples(KEYS, NEAR, st.integers(0, 9), AMOUNT, st.none() | NEAR), max_size=8)
ON_BOOK = st.tuples(
    KEYS,
    st.sampled_from([0, 1, 29, 30, 31, 58, 60, 89, 90, 91, 120, 200]),
    AMOUNT,
    st.sampled_from([None, None, None, "paid_off", "written_off"]),
)
SEEN = st.lists(ON_BOOK, max_size=3, unique_by=lambda row: row[0])
TOUCHES = st.lists(
    st.tuples(
        KEYS,
        st.integers(-40, 3).map(lambda n: AS_OF + timedelta(days=n)),
        st.sampled_from(["out", "in"]),
        st.sampled_from(["demand", "promise_reminder"]),
    ),
    max_size=8,
)
Touch = tuple[int, date, str, str]


def seen_of(drawn: Sequence[tuple[int, int, Decimal, str | None]]) -> list[Seen]:
    return [Seen(key, AS_OF, days, balance, status) for key, days, balance, status in drawn]


def contacts_of(touches: Sequence[Touch]) -> list[Contact]:
    rows = enumerate(touches)
    return [Contact(f"C{n}", key, on, "sms", way, "delivered", None, None) for n, (key, on, way, _) in rows]


def on_book(seen: Sequence[Seen]) -> dict[str, Seen]:
    return {f"A{row.account}": row for row in seen if row.status not in ("paid_off", "written_off")}


@SLOW
@given(drawn=DUE, money=MONEY, seen=SEEN, touches=TOUCHES, grace=st.integers(0, 3), broken_days=st.integers(1, 4))
def test_promises_to_watch_agree_with_plain_python(drawn, money, seen, touches, grace, broken_days) -> None:  # type: ignore[no-untyped-def]
    promises = [
        Promise(f"Z{n}", key, made, made + timedelta(days=length), amount, withdrawn, f"C{n}")
        for n, (key, made, length, amount, withdrawn) in enumerate(drawn)
    ]
    paid, rows, there = payments_of(money), seen_of(seen), on_book(seen_of(seen))
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(
            Path(folder),
            paid=paid,
            promises=promises,
            seen=rows,
            contacts=contacts_of(touches),
            purposes=[purpose for *_, purpose in touches],
        )
        found = ask(
            engine,
            "worklist/promises_to_watch",
            as_of=AS_OF,
            within_days=2,
            broken_days=broken_days,
            grace_days=grace,
            tolerance=1.0,
        )
        engine.close()
    told = {}
    states = oracle.judged(promises, paid, AS_OF, grace, Decimal(1))
    for promise in promises:
        state = states.get(promise.promise_id, ("", Decimal(0)))[0]
        last_day = promise.due + timedelta(days=grace)
        if f"A{promise.account}" not in there:
            continue
        if state == "pending" and promise.due <= AS_OF + timedelta(days=2):
            told[promise.promise_id] = "promise_due" if is_reminded(promise, touches) else "promise_unreminded"
        newly = AS_OF - timedelta(days=broken_days) <= last_day < AS_OF
        if state in ("partial", "broken") and newly:
            told[promise.promise_id] = "promise_broken"
    assert {row["item_id"]: row["todo"] for row in found} == told
    assert len(found) == len(told)
    for row in found:
        assert row["balance"] == there[str(row["account_id"])].balance


def is_reminded(promise: Promise, touches: Sequence[Touch]) -> bool:
    until = min(promise.due, AS_OF)
    return any(
        key == promise.account and way == "out" and purpose == "promise_reminder" and promise.made < on <= until
        for key, on, way, purpose in touches
    )


@SLOW
@given(seen=SEEN, within=st.integers(1, 12))
def test_stages_to_cross_agree_with_plain_python(seen, within) -> None:  # type: ignore[no-untyped-def]
    rows = seen_of(seen)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), seen=rows)
        found = ask(engine, "worklist/stages_to_cross", as_of=AS_OF, within_days=within, until_days=91)
        engine.close()
    wanted = {}
    for name, row in on_book(rows).items():
        for crossing in (31, 61, 91):
            if crossing - 30 <= row.days_past_due < crossing <= row.days_past_due + within:
                wanted[name] = (crossing, crossing - row.days_past_due)
    assert {row["account_id"]: (row["crosses_at"], row["days_left"]) for row in found} == wanted


@SLOW
@given(seen=SEEN, touches=TOUCHES, quiet=st.integers(1, 30), shared=st.none() | st.tuples(st.integers(0, 7), KEYS))
def test_accounts_untouched_agree_with_plain_python(seen, touches, quiet, shared) -> None:  # type: ignore[no-untyped-def]
    rows = seen_of(seen)
    debts = [] if shared is None or shared[0] >= len(touches) else [shared]
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_over(
            Path(folder),
            accounts=[account(key) for key in range(3)],
            snapshots=[snapshot(s.account, s.day, s.days_past_due, s.balance, s.status) for s in rows],
            contacts=[touch_row(n, touch) for n, touch in enumerate(touches)],
            contact_debts=[{"contact_key": n, "account_key": key} for n, key in debts],
        )
        found = ask(engine, "worklist/accounts_untouched", as_of=AS_OF, quiet_days=quiet)
        engine.close()
    wanted = {}
    for name, row in on_book(rows).items():
        about = [
            on
            for n, (key, on, way, _) in enumerate(touches)
            if way == "out" and on <= AS_OF and (key == row.account or (n, row.account) in debts)
        ]
        last = max(about, default=None)
        if row.days_past_due >= quiet and (last is None or (AS_OF - last).days >= quiet):
            wanted[name] = last
    assert {row["account_id"]: row["last_on"] for row in found} == wanted


def touch_row(number: int, touch: Touch) -> Row:
    key, on, way, purpose = touch
    return {
        "contact_key": number,
        "account_key": key,
        "contact_id": f"C{number}",
        "channel": "sms",
        "direction": way,
        "outcome": "delivered",
        "local_date": on,
        "started_at": datetime.combine(on, time(9)),
        "purpose": purpose,
    }


WHEN = st.integers(-60, 4).map(lambda n: datetime.combine(AS_OF + timedelta(days=n), time(10)))
DISPUTES = st.lists(st.tuples(KEYS, WHEN, st.none() | st.integers(0, 40), st.none() | st.integers(0, 50)), max_size=6)


@SLOW
@given(drawn=DISPUTES, ack=st.integers(0, 3), answer=st.integers(5, 40))
def test_disputes_to_answer_agree_with_plain_python(drawn, ack, answer) -> None:  # type: ignore[no-untyped-def]
    rows: list[Row] = [
        {
            "account_key": key,
            "dispute_id": f"S{n}",
            "opened_at": at,
            "opened_on": at.date(),
            "acknowledged_at": None if seen is None else at + timedelta(days=seen),
            "resolved_at": None if done is None else at + timedelta(days=done),
        }
        for n, (key, at, seen, done) in enumerate(drawn)
    ]
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_over(Path(folder), accounts=[account(key) for key in range(3)], disputes=rows)
        found = ask(engine, "worklist/disputes_to_answer", as_of=AS_OF, ack_days=ack, answer_days=answer)
        holds = ask(engine, "worklist/standing_holds", as_of=AS_OF)
        engine.close()
    wanted, still_open = set(), set()
    for n, (_, at, seen, done) in enumerate(drawn):
        is_open = at.date() <= AS_OF and (done is None or (at + timedelta(days=done)).date() > AS_OF)
        is_seen = seen is not None and (at + timedelta(days=seen)).date() <= AS_OF
        age = (AS_OF - at.date()).days
        if is_open:
            still_open.add(f"S{n}")
        if is_open and age > answer:
            wanted.add((f"S{n}", "dispute_late", age - answer))
        if is_open and not is_seen and age > ack:
            wanted.add((f"S{n}", "dispute_unacknowledged", age - ack))
    assert {(row["item_id"], row["todo"], row["days_late"]) for row in found} == wanted
    assert {row["hold_id"] for row in holds} == still_open


def holding(given_flag: Row) -> list[tuple[object, object]]:
    """Account and kind of each hold of a debtor with two accounts and one flag."""
    debtors = [{"debtor_key": 1, "debtor_id": "D1"}]
    accounts = [account(key, debtor_key=1, debtor_id="D1") for key in (1, 2)]
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_over(Path(folder), debtors=debtors, accounts=accounts, flags=[given_flag])
        rows = ask(engine, "worklist/standing_holds", as_of=AS_OF)
        engine.close()
    return [(row["account_id"], row["kind"]) for row in rows]


def flag(kind: str, since: int, until: int | None = None, **given: object) -> Row:
    """A flag of debtor 1 from and to so many days after AS_OF."""
    on = AS_OF + timedelta(days=since)
    end = None if until is None else AS_OF + timedelta(days=until)
    return {
        "debtor_key": 1,
        "flag_id": "F1",
        "kind": kind,
        "valid_from": datetime.combine(on, time()),
        "valid_from_on": on,
        "valid_to_on": end,
        **given,
    }


def test_a_hold_of_the_debtor_is_one_of_each_account_and_a_hold_of_one_account_is_its_own() -> None:
    assert holding(flag("attorney", -5)) == [("A1", "attorney"), ("A2", "attorney")]
    assert holding(flag("attorney", -5, account_key=2)) == [("A2", "attorney")]


def test_a_hold_counts_on_the_day_after_the_data_and_no_longer() -> None:
    assert holding(flag("deceased", 1)) == [("A1", "deceased"), ("A2", "deceased")]
    assert holding(flag("deceased", 2)) == []
    assert holding(flag("cease_contact", -9, until=0)) == []
    assert len(holding(flag("cease_contact", -9, until=1))) == 2


def test_a_flag_about_another_person_or_not_yet_known_or_of_another_kind_holds_nothing() -> None:
    later = datetime.combine(AS_OF + timedelta(days=1), time(8))
    assert holding(flag("cease_contact", -9, person_id="P7")) == []
    assert holding(flag("cease_contact", -9, known_from=later)) == []
    assert holding(flag("hardship", -9)) == []
    assert len(holding(flag("cease_contact", -9, person_id="D1"))) == 2


def test_what_the_source_does_not_say_is_not_told_as_no(tmp_path: Path) -> None:
    absent = [
        {"table_name": table, "column_name": name, "is_provided": False}
        for table, name in (("contacts", "purpose"), ("disputes", "resolved_at"))
    ]
    opened = datetime.combine(AS_OF - timedelta(days=99), time())
    made = AS_OF - timedelta(days=3)
    engine = engine_over(
        tmp_path,
        accounts=[account(1)],
        snapshots=[snapshot(1, AS_OF, 9, "10.00")],
        column_presence=absent,
        promises=[
            {
                "account_key": 1,
                "promise_id": "Z1",
                "made_at": datetime.combine(made, time()),
                "made_on": made,
                "due_on": AS_OF + timedelta(days=1),
                "amount": "5.00",
            }
        ],
        disputes=[{"account_key": 1, "dispute_id": "S1", "opened_at": opened, "opened_on": opened.date()}],
    )
    (row,) = ask(engine, "worklist/promises_to_watch", as_of=AS_OF)
    assert (row["todo"], row["is_reminded"]) == ("promise_due", None)
    assert ask(engine, "worklist/disputes_to_answer", as_of=AS_OF) == []
    engine.close()
