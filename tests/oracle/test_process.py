"""The queries under queries/process beside plain loops: every verdict on small books drawn at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from duewatch.compliance.process import JUDGED_BY
from tests.oracle.process_loops import Key, Numbers, Reading, Verdict, Verdicts, verdicts
from tests.support.process_books import SmallBook, Tables, a_small_book

QUERIES = sorted({query for query, _ in JUDGED_BY.values()})
NEVER_UNSURE = {"promise_horizon", "log_completeness", "escalation_early"}
"""Rules whose columns the contract demands: nothing they rest on can be missing."""
OTHERWISE = Numbers(
    early_days=20, middle_days=45, wait_hours=48, record_days=1, horizon_days=19, reminder_days=2, ack_days=2,
    answer_days=5, late_days=10, posting_days=3, grace_days=4, fields="name,email,address,preferred_channel",
)  # fmt: skip
FEW = range(24)
MANY = range(24, 324)


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


def agree(tables: Tables, seed: int) -> tuple[SmallBook, Verdicts]:
    """Two numbers and two days a book: the last day of the source, or the settings' other values some days before."""
    book = a_small_book(seed)
    tables.load(book)
    numbers, as_of = (Numbers(), book.until) if seed // 12 % 2 == 0 else (OTHERWISE, book.until - timedelta(days=seed % 40))
    mine = verdicts(book, as_of, numbers)
    assert differences(mine, told(tables, numbers, as_of)) == {}, f"book {seed} at {as_of}"
    return book, mine


def check_all_are_there(counts: Counter[tuple[str, str]], least: int) -> None:
    """Agreement on a verdict that never occurs would say nothing."""
    for rule in JUDGED_BY:
        for verdict in ("kept", "breach", "not_assessable"):
            if verdict == "not_assessable" and rule in NEVER_UNSURE:
                assert counts[rule, verdict] == 0, rule
            else:
                assert counts[rule, verdict] >= least, (rule, verdict, counts[rule, verdict])


def counted(found: Verdicts) -> Counter[tuple[str, str]]:
    return Counter((key.rule, each.verdict) for key, each in found.items())


def test_every_verdict_agrees_with_a_loop_over_the_book(tables: Tables) -> None:
    """24 books of 12 debtors; every rule is kept, broken and, where something can be missing, not assessable."""
    counts: Counter[tuple[str, str]] = Counter()
    for seed in FEW:
        counts += counted(agree(tables, seed)[1])
    check_all_are_there(counts, 3)


@pytest.mark.slow
def test_every_verdict_agrees_with_a_loop_over_many_books(tables: Tables) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for seed in MANY:
        counts += counted(agree(tables, seed)[1])
    check_all_are_there(counts, 40)
