"""Account queries agree with plain Python on invented books: nothing later, and nothing of other accounts."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.draws import draws
from tests.support.small_books import Row, account, engine_over, snapshot
from tests.unit.queries.collection_books import ask

RECOMPUTES = {
    "account_days": "accounts/account_facts",
    "account_balance": "accounts/account_facts",
    "account_contacts": "accounts/account_contacts",
    "account_paid": "accounts/account_payments",
    "account_breaches": "accounts/account_facts",
    "account_events": "accounts/account_contacts",
}
"""Metric to what is called here for the number that is computed a second time."""


DAY = date(2026, 9, 30)
SLOW = draws(16)
KEYS = st.integers(1, 3)
ON = st.integers(-50, 4).map(lambda n: DAY + timedelta(days=n))
CONTACTS = st.lists(
    st.tuples(
        KEYS, ON, st.sampled_from(["in", "out"]), st.sampled_from(["breach", "unknown", None, None]), st.none() | KEYS
    ),
    max_size=8,
)
"""Account, day, direction, verdict of a finding, further account it was about."""
SPELLS = st.lists(st.tuples(KEYS, ON, st.none() | st.integers(0, 20)), max_size=4, unique_by=lambda row: row[:2])


def at(on: date, hour: int = 9) -> datetime:
    return datetime.combine(on, time(hour))


def book(folder: str, contacts: Any = (), spells: Any = (), **tables: Any) -> DuckDBEngine:
    """Accounts 1 and 2 of debtor 1, account 3 of debtor 3."""
    rows: dict[str, list[Row]] = {"contacts": [], "contact_debts": [], "findings": []}
    for n, (key, on, way, verdict, further) in enumerate(contacts):
        rows["contacts"].append(
            {
                "contact_key": n,
                "account_key": key,
                "debtor_key": debtor_of(key),
                "contact_id": f"C{n}",
                "channel": "call",
                "direction": way,
                "outcome": "no_answer",
                "local_date": on,
                "local_time": time(9),
                "started_at": at(on),
            }
        )
        if further and further != key:
            rows["contact_debts"].append({"contact_key": n, "account_key": further})
        if verdict:
            rows["findings"].append(
                {
                    "finding_key": f"F{n}",
                    "contact_key": n,
                    "account_key": key,
                    "account_id": f"A{key}",
                    "contact_id": f"C{n}",
                    "verdict": verdict,
                    "rule_id": "house.tried",
                    "local_date": on,
                    "started_at": at(on),
                    "channel": "call",
                    "reason": "over_limit",
                    "modality": "must",
                }
            )
    return engine_over(
        Path(folder),
        debtors=[{"debtor_key": key, "debtor_id": f"D{key}"} for key in (1, 3)],
        accounts=[account(key, debtor_key=debtor_of(key), debtor_id=f"D{debtor_of(key)}") for key in (1, 2, 3)],
        spells=[
            {
                "account_key": key,
                "spell_no": n,
                "started_on": on,
                "ended_on": None if length is None else on + timedelta(days=length),
            }
            for n, (key, on, length) in enumerate(spells)
        ],
        **rows,
        **tables,
    )


def debtor_of(key: int) -> int:
    return 3 if key == 3 else 1


@SLOW
@given(contacts=CONTACTS, spells=SPELLS, key=KEYS)
def test_facts_contacts_and_findings_agree_with_plain_python(contacts, spells, key) -> None:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder:
        engine = book(folder, contacts, spells)
        given_params = {"account_id": f"A{key}", "as_of": DAY}
        (facts,) = ask(engine, "accounts/account_facts", **given_params)
        listed = ask(engine, "accounts/account_contacts", **given_params)
        findings = ask(engine, "accounts/account_findings", **given_params)
        engine.close()
    mine = [(n, row) for n, row in enumerate(contacts) if key in (row[0], row[4]) and row[1] <= DAY]
    assert {row["item_id"] for row in listed} == {f"C{n}" for n, _ in mine}
    assert [row["happened_on"] for row in listed] == sorted(row[1] for _, row in mine)
    judged = [row for row in contacts if row[0] == key and row[1] <= DAY and row[3]]
    assert facts["n_breach"] == facts["n_breaching"] == sum(row[3] == "breach" for row in judged)
    assert facts["n_unknown"] == sum(row[3] == "unknown" for row in judged)
    assert len(findings) == len(judged)
    assert sum(row["n_breach"] for row in listed) == facts["n_breach"]  # type: ignore[misc]
    begun = [(on, length) for whose, on, length in spells if whose == key and on <= DAY]
    running = [on for on, length in begun if length is None or on + timedelta(days=length) >= DAY]
    assert (facts["n_spells"], facts["overdue_since"]) == (len(begun), max(running, default=None))


def test_the_last_snapshot_up_to_the_day_is_the_one_told(tmp_path: Path) -> None:
    days = [(DAY - timedelta(days=30), 5, "50.00"), (DAY, 35, "40.00"), (DAY + timedelta(days=1), 36, "30.00")]
    engine = book(str(tmp_path), snapshots=[snapshot(1, day, late, balance) for day, late, balance in days])
    (row,) = ask(engine, "accounts/account_facts", account_id="A1", as_of=DAY)
    assert (row["seen_on"], row["days_past_due"], row["balance"], row["state"]) == (DAY, 35, Decimal("40.00"), "M2")
    (row,) = ask(engine, "accounts/account_facts", account_id="A1", as_of=DAY - timedelta(days=1))
    assert (row["seen_on"], row["days_past_due"]) == (DAY - timedelta(days=30), 5)
    (row,) = ask(engine, "accounts/account_facts", account_id="A2", as_of=DAY)
    assert (row["seen_on"], row["balance"]) == (None, None)
    assert ask(engine, "accounts/account_facts", account_id="A9", as_of=DAY) == []
    assert [r["account_id"] for r in ask(engine, "accounts/debtor_accounts", account_id="A1", as_of=DAY)] == ["A2"]
    assert ask(engine, "accounts/debtor_accounts", account_id="A3", as_of=DAY) == []


def test_days_past_due_rise_by_one_a_day_within_a_stretch_and_stop_at_the_day_asked_about(tmp_path: Path) -> None:
    due = DAY - timedelta(days=20)
    stretches = [
        {
            "account_key": 1,
            "spell_no": 1,
            "from_on": due - timedelta(days=30),
            "to_on": due - timedelta(days=25),
            "oldest_due_on": due - timedelta(days=31),
        },
        {"account_key": 1, "spell_no": 2, "from_on": due + timedelta(days=1), "to_on": None, "oldest_due_on": due},
        {"account_key": 2, "spell_no": 1, "from_on": due, "to_on": None, "oldest_due_on": due},
    ]
    seen = [snapshot(1, DAY, 19, "10.00"), {**snapshot(1, due, 0, "10.00"), "is_derived": True}]
    engine = book(str(tmp_path), overdue_stretches=stretches, snapshots=seen)
    rows = ask(engine, "accounts/account_days", account_id="A1", as_of=DAY)
    daily = [(row["days_from"], row["days_to"]) for row in rows if row["basis"] == "daily"]
    assert daily == [(1, 6), (1, 20)]
    assert [(row["from_on"], row["days_to"]) for row in rows if row["basis"] == "snapshot"] == [(DAY, 19)]
    for row in rows:
        assert row["days_to"] - row["days_from"] == (row["to_on"] - row["from_on"]).days  # type: ignore[operator]


def test_terms_know_nothing_of_what_came_or_became_known_later(tmp_path: Path) -> None:
    def flag(name: str, **more: object) -> Row:
        return {"debtor_key": 1, "flag_id": name, "kind": "hardship", "valid_from_on": DAY - timedelta(days=9), **more}

    later = DAY + timedelta(days=1)
    flags = [
        flag("F1"),
        flag("F2", account_key=2),
        flag("F3", known_from=at(later)),
        flag("F4", valid_from_on=later),
        flag("F5", valid_to_on=later),
        flag("F6", valid_to_on=DAY),
    ]
    disputes = [
        {
            "account_key": 1,
            "dispute_id": f"S{n}",
            "opened_at": at(DAY),
            "opened_on": DAY,
            "resolved_at": done,
            "upheld": up,
        }
        for n, (done, up) in enumerate([(None, None), (at(later), True), (at(DAY, 20), True), (at(DAY, 20), False)])
    ]
    assignments = [{"account_key": 1, "collector_id": "K1", "assigned_on": DAY, "ended_on": later}]
    collectors = [{"collector_id": "K1", "team": "early"}]
    engine = book(str(tmp_path), flags=flags, disputes=disputes, assignments=assignments, collectors=collectors)
    rows = ask(engine, "accounts/account_terms", account_id="A1", as_of=DAY)
    told = {row["item_id"]: (row["until_on"], row["outcome"]) for row in rows}
    assert told == {
        "F1": (None, None),
        "F5": (None, None),
        "F6": (DAY, None),
        "S0": (None, "open"),
        "S1": (None, "open"),
        "S2": (DAY, "upheld"),
        "S3": (DAY, "not_upheld"),
        "K1": (None, None),
    }
    assert [row["subject"] for row in rows if row["event"] == "assignment"] == ["early"]


def test_a_reversal_is_told_as_one_and_lowers_the_sum(tmp_path: Path) -> None:
    def paid(name: str, on: date, net: str, reverses: str | None = None) -> Row:
        amount = net.removeprefix("-")
        return {
            "account_key": 1,
            "payment_id": name,
            "paid_on": on,
            "amount": amount,
            "net_amount": net,
            "reverses_payment_id": reverses,
        }

    later = DAY + timedelta(days=1)
    payments = [paid("P1", DAY, "30.00"), paid("R1", DAY, "-30.00", "P1"), paid("P2", later, "5.00")]
    engine = book(str(tmp_path), payments=payments)
    rows = ask(engine, "accounts/account_payments", account_id="A1", as_of=DAY)
    assert [(row["item_id"], row["outcome"], row["amount"]) for row in rows] == [
        ("P1", "paid", Decimal("30.00")),
        ("R1", "reversal", Decimal("-30.00")),
    ]
