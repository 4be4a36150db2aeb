"""The contact funnel agrees with plain Python on invented logs, and each row opens contacts that add up to it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.draws import draws
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import (
    AS_OF,
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
from tests.unit.queries.collection_oracle import Contact, Promise, Seen

FIRST = date(2026, 7, 1)
OUTCOMES = [
    "conversation",
    "conversation",
    "no_answer",
    "delivered",
    "wrong_number",
    "voicemail_left",
    "answered_dropped",
]
LOG = st.lists(
    st.tuples(
        KEYS,
        DAYS,
        st.sampled_from(["call", "sms"]),
        st.sampled_from(["out", "out", "in"]),
        st.sampled_from(OUTCOMES),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "debtor", "spouse", "unknown"]),
        st.integers(0, 2),
    ),
    max_size=12,
)


@draws(30)
@given(log=LOG, states=STATES, money=MONEY)
def test_the_funnel_agrees_with_plain_python(log, states, money) -> None:  # type: ignore[no-untyped-def]
    contacts = [Contact(f"C{n}", *row[:7]) for n, row in enumerate(log)]
    promises = [
        Promise(f"Z{n}-{k}", row[0], row[1], row[1] + timedelta(days=9), Decimal(50), None, f"C{n}")
        for n, row in enumerate(log)
        for k in range(row[7])
    ]
    seen, paid = seen_of(states), payments_of(money)
    judged = oracle.judged(promises, paid, AS_OF, 1, Decimal(1))
    groups = defaultdict(list)
    for contact in contacts:
        if contact.direction == "out" and FIRST <= contact.on <= AS_OF:
            groups[oracle.bucket_at(seen, contact.account, contact.on), contact.channel].append(contact)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), seen=seen, paid=paid, promises=promises, contacts=contacts)
        rows = ask(engine, "contacts/funnel", from_date=FIRST, to_date=AS_OF)
        assert {(r["bucket"], r["channel"]) for r in rows} == groups.keys()
        for row in rows:
            mine = groups[row["bucket"], row["channel"]]  # type: ignore[index]
            check_row(row, mine, promises, judged)
            cell = {"bucket": row["bucket"], "channel": row["channel"], "from_date": FIRST, "to_date": AS_OF}
            listed = ask(engine, "contacts/attempts_in_cell", **cell)
            assert sorted(r["contact_id"] for r in listed) == sorted(c.contact_id for c in mine)  # type: ignore[type-var]
            assert sum(r["n_promises"] for r in listed) == (row["n_promises"] or 0)  # type: ignore[misc]
            assert sum(r["n_kept"] for r in listed) == (row["n_kept"] or 0)  # type: ignore[misc]
        engine.close()


def check_row(
    row: dict[str, object], contacts: list[Contact], promises: list[Promise], judged: dict[str, tuple[str, Decimal]]
) -> None:
    assert row["n_attempts"] == len(contacts)
    assert row["n_connected"] == sum(c.outcome in oracle.ANSWERED for c in contacts)
    parties = [oracle.is_right_party(c) for c in contacts]
    assert row["n_right_party"] == (None if None in parties and True not in parties else parties.count(True))
    made = [p for p in promises if p.contact_id in {c.contact_id for c in contacts} and p.made <= AS_OF]
    kept = sum(judged[p.promise_id][0] == "kept" for p in made)
    assert (row["n_promises"], row["n_kept"]) == ((len(made), kept) if promises else (None, None))


def test_a_contact_counts_in_the_bucket_of_the_last_snapshot_up_to_its_own_day(tmp_path: Path) -> None:
    june, july = MONTH_ENDS[:2]
    seen = [Seen(0, june, 10, Decimal(100)), Seen(0, july, 41, Decimal(100))]
    days = [june - timedelta(days=1), june, july - timedelta(days=1), july]
    contacts = [Contact(f"C{n}", 0, day, "call", "out", "no_answer", None, None) for n, day in enumerate(days)]
    engine = book_of(tmp_path, seen=seen, contacts=contacts)
    rows = ask(engine, "contacts/attempts", from_date=days[0], to_date=july)
    assert [r["bucket"] for r in sorted(rows, key=lambda r: str(r["contact_id"]))] == ["unknown", "M1", "M1", "M2"]


def test_promises_are_unknown_and_not_0_where_no_promise_names_its_contact(tmp_path: Path) -> None:
    contacts = [Contact("C1", 0, AS_OF, "call", "out", "conversation", True, "debtor")]
    promises = [Promise("Z1", 0, AS_OF, AS_OF, Decimal(50))]
    engine = book_of(tmp_path, promises=promises, contacts=contacts)
    row = ask(engine, "contacts/funnel", from_date=AS_OF, to_date=AS_OF)[0]
    assert (row["n_right_party"], row["n_promises"], row["n_kept"]) == (1, None, None)
