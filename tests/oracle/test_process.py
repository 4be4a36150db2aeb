"""The queries under queries/process beside plain loops: every verdict on small books drawn at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from duewatch.compliance.process_rules import JUDGED_BY
from tests.oracle.process_loops import Key, Numbers, Reading, Verdict, Verdicts, is_to_debtor
from tests.support.process_books import Tables, a_small_book

RULES = (
    "first_touch",
    "preferred_channel",
    "call_without_reminder",
    "call_without_wait",
    "call_after_payment",
    "call_after_response",
    "promise_recorded",
    "dispute_recorded",
    "hardship_recorded",
    "promise_horizon",
    "promise_amount",
    "promise_reminder",
    "promise_quiet",
    "dispute_acknowledged",
    "dispute_answered",
    "escalation_early",
    "escalation_unprepared",
    "escalation_late",
    "after_payment",
    "template_elements",
    "log_completeness",
    "traceable",
    "mandatory_fields",
)
"""The rules that process_loops.py holds."""
QUERIES = sorted({JUDGED_BY[rule][0] for rule in RULES})
NEVER_UNSURE = {"promise_horizon", "log_completeness", "escalation_early"}
"""Rules whose columns the contract demands: nothing they rest on can be missing."""
OTHERWISE = Numbers(
    early_days=20,
    middle_days=45,
    wait_hours=48,
    record_days=1,
    horizon_days=19,
    reminder_days=2,
    ack_days=2,
    answer_days=5,
    late_days=10,
    posting_days=3,
    grace_days=4,
    fields="name,email,address,preferred_channel",
)
FEW, MANY = range(12), range(12, 252)
"""Seeds of the books; the few are twice as large, for a query costs nearly the same on any of them."""


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    made = Tables()
    yield made
    made.close()


def params(numbers: Numbers, as_of: date) -> dict[str, Any]:
    return {**vars(numbers), "tolerance": float(numbers.tolerance), "as_of": as_of}


def told(tables: Tables, numbers: Numbers, as_of: date) -> Verdicts:
    """What the queries say; a spell is named by its account and its day."""
    found: Verdicts = {}
    for query in QUERIES:
        for row in tables.ask(f"process/{query}", **params(numbers, as_of)):
            item = f"{row['item_id']} {row['happened_on']}" if row["item_kind"] == "spell" else row["item_id"]
            key = Key(row["rule_id"], item)
            assert key not in found, f"two rows for {key}"
            team = None if row["item_kind"] == "spell" else row["team"]
            found[key] = Verdict(row["verdict"], row["missing"], row["happened_on"], row["stage"], team)
    return found


def differences(mine: Verdicts, theirs: Verdicts) -> dict[Key, tuple[Verdict | None, Verdict | None]]:
    return {
        key: (mine.get(key), theirs.get(key)) for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)
    }


def loaded(tables: Tables, seed: int) -> Reading:
    """A book at the last day of its source, or with other settings some days before."""
    book = a_small_book(seed, 24 if seed in FEW else 12)
    tables.load(book)
    if (seed + seed // 12) % 2 == 0:
        return Reading(book, book.until, Numbers())
    return Reading(book, book.until - timedelta(days=seed % 40), OTHERWISE)


def agree(tables: Tables, seed: int) -> Verdicts:
    reading = loaded(tables, seed)
    mine = reading.verdicts()
    theirs = told(tables, reading.numbers, reading.as_of)
    assert differences(mine, theirs) == {}, f"book {seed} at {reading.as_of}"
    return mine


def check_all_are_there(counts: Counter[tuple[str, str]], least: int) -> None:
    """Agreement on a verdict that never occurs would say nothing."""
    for rule in RULES:
        for verdict in ("kept", "breach", "not_assessable"):
            if verdict == "not_assessable" and rule in NEVER_UNSURE:
                assert counts[rule, verdict] == 0, rule
            else:
                assert counts[rule, verdict] >= least, (rule, verdict, counts[rule, verdict])


def counted(found: Verdicts) -> Counter[tuple[str, str]]:
    return Counter((key.rule, each.verdict) for key, each in found.items())


def test_every_verdict_agrees_with_a_loop_over_the_book(tables: Tables) -> None:
    """12 books of 24 debtors; every rule is kept, broken and, where something can be missing, not assessable."""
    counts: Counter[tuple[str, str]] = Counter()
    for seed in FEW:
        counts += counted(agree(tables, seed))
    check_all_are_there(counts, 3)


def test_the_blocks_agree_with_a_loop_over_the_book(tables: Tables) -> None:
    """Place and stage of each contact, and the facts of each promise, which other queries build on."""
    sizes: Counter[str] = Counter()
    for seed in range(4):
        reading = loaded(tables, seed)
        given = params(reading.numbers, reading.as_of)
        for query, wanted in (("touches", touched), ("contact_stages", staged), ("promise_facts", promised)):
            rows = tables.ask(f"process/{query}", **given)
            mine = wanted(reading)
            assert {name: pick(row, mine[name]) for name, row in named(query, rows).items()} == mine, (query, seed)
            sizes[query] += len(mine)
    assert min(sizes.values()) > 100


def named(query: str, rows: list[dict[str, Any]]) -> dict[object, dict[str, Any]]:
    name = "promise_id" if query == "promise_facts" else "contact_id"
    found: dict[object, dict[str, Any]] = {row[name]: row for row in rows}
    assert len(found) == len(rows)
    return found


def pick(row: dict[str, Any], wanted: dict[str, object]) -> dict[str, object]:
    return {column: row[column] for column in wanted}


def touched(reading: Reading) -> dict[object, dict[str, object]]:
    return {
        touch.contact.id: {
            "account_key": touch.spell.account,
            "spell_no": touch.spell.number,
            "nth": len(touch.earlier) + 1,
            "days_past_due": reading.days_past_due(touch.spell.account, touch.contact.day) or None,
            "unsure": reading.unsure(touch),
            "local_date": touch.contact.day,
            "channel": touch.contact.channel,
        }
        for touch in reading.touches()
    }


def staged(reading: Reading) -> dict[object, dict[str, object]]:
    found: dict[object, dict[str, object]] = {}
    for contact in reading.contacts:
        begun = [s for s in reading.book.spells if s.account == contact.account and s.first <= contact.day]
        last = begun[-1].last if begun else None
        is_daily = reading.account[contact.account].is_daily
        found[contact.id] = {
            "days_past_due": reading.days_past_due(contact.account, contact.day) or None,
            "stage": reading.stage(contact.account, contact.day),
            "ended_on": last if last and last < contact.day else None,
            "basis": ("daily" if is_daily else "snapshots") if begun else None,
            "is_to_debtor": is_to_debtor(contact),
            "purpose": contact.purpose or "demand",
        }
    return found


def promised(reading: Reading) -> dict[object, dict[str, object]]:
    found: dict[object, dict[str, object]] = {}
    for promise in reading.book.promises:
        if promise.made_on <= reading.as_of:
            state, last_paid = reading.ledger()[promise.id]
            calls = reading.pressing(promise)
            found[promise.id] = {
                "stage": reading.stage(promise.account, promise.made_on),
                "state": state,
                "last_paid_on": last_paid,
                "promised": promise.amount,
                "balance": reading.balance_before(promise),
                "due_on": promise.due,
                "is_reminded": reading.is_reminded(promise),
                "withdrawn_on": promise.withdrawn,
                "disturbed_by": calls[0].id if calls else None,
                "disturbed_on": min((each.day for each in calls), default=None),
                "log_from": reading.log_start,
                "has_purpose": not reading.book.lacks("contacts", "purpose"),
            }
    return found


@pytest.mark.slow
def test_every_verdict_agrees_with_a_loop_over_many_books(tables: Tables) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for seed in MANY:
        counts += counted(agree(tables, seed))
    check_all_are_there(counts, 40)
