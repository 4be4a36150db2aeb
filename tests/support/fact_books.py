"""Small invented books with every column that the facts of overdue accounts are read from, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.support.small_books import account, snapshot
from tests.unit.queries.collection_oracle import Paid, Promise

Row = dict[str, Any]
Tables = dict[str, list[Row]]
BEFORE, START, END = date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)
"""Snapshot days. The facts are of START; END is what became of it, and what no fact of START may know."""
FIELDS = ("name", "id_number", "phone", "email", "address")
LATE = (0, 1, 12, 30, 31, 45, 75, 95, 200)
AMOUNTS = tuple(Decimal(text) for text in ("0.01", "40.00", "99.99", "100.00", "250.50"))


def facts_drawn(seed: int, n_accounts: int = 40) -> Tables:
    """Tables by name, ready for `engine_over`. Each third debtor owes two accounts; currencies are CNY and USD."""
    rng = random.Random(seed)
    tables: Tables = {
        "accounts": [],
        "debtors": [],
        "snapshots": [],
        "spells": [],
        "contacts": [],
        "payments": [],
        "instalments": [],
        "flags": [],
        "promises": [],
        "assignments": [],
        "collectors": [{"collector_id": f"K{n}", "team": team} for n, team in enumerate(("early", "late", None))],
    }
    debtors = sorted({_debtor(key) for key in range(n_accounts)})
    for debtor in debtors:
        tables["debtors"].append(_a_debtor(rng, debtor))
    for key in range(n_accounts):
        tables["accounts"].append(_an_account(rng, key))
        tables["snapshots"] += _seen(rng, key)
        tables["spells"] += _spells(rng, key)
        tables["payments"] += _paid(rng, key)
        tables["instalments"] += _due(rng, key)
        tables["promises"] += _promised(rng, key)
        tables["assignments"] += _given(rng, key)
        _contacted(rng, key, tables["contacts"])
        if rng.random() < 0.3:
            tables["flags"].append(_flagged(rng, key))
    return tables


def payments_of(tables: Tables) -> list[Paid]:
    return [
        Paid(p["payment_id"], p["account_key"], p["paid_on"], abs(p["amount"]), p["reverses_payment_id"])
        for p in tables["payments"]
    ]


def promises_of(tables: Tables) -> list[Promise]:
    return [
        Promise(p["promise_id"], p["account_key"], p["made_on"], p["due_on"], p["amount"], p["withdrawn_on"])
        for p in tables["promises"]
    ]


def by_account(rows: Sequence[Row], key: int) -> list[Row]:
    return [row for row in rows if row["account_key"] == key]


def day_of(contact: Row) -> date:
    """The debtor's day; the UTC day where the zone is not known."""
    return contact["local_date"] or contact["started_at"].date()  # type: ignore[no-any-return]


def _debtor(key: int) -> int:
    return key - 1 if key % 3 == 2 else key


def _a_debtor(rng: random.Random, debtor: int) -> Row:
    has = {f"has_{field}": rng.choice([True, True, False, None]) for field in FIELDS}
    return {
        "debtor_key": debtor,
        "debtor_id": f"D{debtor}",
        "industry": rng.choice([None, "construction", "retail"]),
        "region": rng.choice([None, "north"]),
        "preferred_channel": rng.choice([None, "call"]),
        **has,
    }


def _an_account(rng: random.Random, key: int) -> Row:
    return dict(
        account(
            key,
            debtor_key=_debtor(key),
            currency="USD" if key % 4 == 0 else "CNY",
            product=rng.choice(["loan", "card"]),
            contract_no=rng.choice([None, f"N{key}"]),
            original_amount=rng.choice([Decimal("0.00"), Decimal("100.00"), Decimal("200.00")]),
            annual_rate=rng.choice([None, Decimal("0.08")]),
            secured=rng.choice([None, False, True, True]),
            collateral_value=rng.choice([None, Decimal("500.00")]),
            collateral_valued_on=rng.choice(
                [None, START - timedelta(days=366), START - timedelta(days=365), START + timedelta(days=5)]
            ),
        )
    )


def _seen(rng: random.Random, key: int) -> list[Row]:
    rows = []
    for day in (BEFORE, START, END):
        if rng.random() < 0.1:
            continue
        ended = rng.choice([None] * 8 + ["paid_off", "written_off"]) if day != BEFORE else None
        parts = [rng.choice([None] + [rng.choice(AMOUNTS)] * 9) for _ in range(4)]
        whole = sum((part or Decimal(0) for part in parts), Decimal(0)) + rng.choice([0, 0, 0, Decimal("0.01")])
        row = snapshot(key, day, rng.choice(LATE), rng.choice([whole, whole, whole, Decimal(0), Decimal(60000)]), ended)
        named = dict(zip(("principal", "interest", "penalty", "fees"), parts, strict=True))
        grade, cause = (
            rng.choice([None, "low", "medium", "high"]),
            rng.choice([None, "unknown", "unwilling", "cash_shortage", "forgot"]),
        )
        rows.append({**row, **named, "risk_grade": grade, "delay_cause": cause})
    return rows


def _spells(rng: random.Random, key: int) -> list[Row]:
    starts = sorted(
        {
            START - timedelta(days=rng.choice([0, 10, 60, 120, 200, 363, 364, 365, 500, -9]))
            for _ in range(rng.randrange(5))
        }
    )
    basis = rng.choice(["instalments", "instalments", "snapshots"])
    return [
        {"account_key": key, "spell_no": no, "started_on": day, "ended_on": None, "basis": basis}
        for no, day in enumerate(starts, 1)
    ]


def _paid(rng: random.Random, key: int) -> list[Row]:
    """Payments, some taken back on a later day, which may be past START or past the days looked at."""
    rows: list[Row] = []
    for n in range(rng.randrange(4)):
        on, amount = START - timedelta(days=rng.choice([-3, 0, 1, 40, 179, 180, 200])), rng.choice(AMOUNTS)
        mine: Row = {
            "account_key": key,
            "payment_id": f"P{key}-{n}",
            "paid_on": on,
            "amount": amount,
            "net_amount": amount,
            "reverses_payment_id": None,
            "posted_at": datetime.combine(on + timedelta(days=rng.choice([0, 4])), time(9)),
        }
        rows.append(mine)
        if rng.random() < 0.3:
            back = on + timedelta(days=rng.choice([1, 10, 30]))
            rows.append(
                {
                    **mine,
                    "payment_id": f"R{key}-{n}",
                    "paid_on": back,
                    "net_amount": -amount,
                    "reverses_payment_id": mine["payment_id"],
                    "posted_at": datetime.combine(back, time(9)),
                }
            )
    return rows


def _due(rng: random.Random, key: int) -> list[Row]:
    if rng.random() < 0.3:
        return []
    ages = (-40, -1, 0, 30, 179, 180, 210)
    return [
        {"account_key": key, "due_on": START - timedelta(days=days), "amount": rng.choice(AMOUNTS), "seq": n}
        for n, days in enumerate(rng.sample(ages, rng.randrange(1, 5)), 1)
    ]


def _promised(rng: random.Random, key: int) -> list[Row]:
    rows = []
    for n in range(rng.randrange(3)):
        made = START - timedelta(days=rng.choice([-2, 0, 2, 41, 179, 180]))
        taken_back = made + timedelta(days=1) if rng.random() < 0.1 else None
        rows.append(
            {
                "account_key": key,
                "promise_id": f"Z{key}-{n}",
                "made_at": datetime.combine(made, time(9)),
                "made_on": made,
                "due_on": made + timedelta(days=rng.choice([0, 3, 10])),
                "amount": rng.choice(AMOUNTS),
                "withdrawn_on": taken_back,
            }
        )
    return rows


def _given(rng: random.Random, key: int) -> list[Row]:
    return [
        {
            "account_key": key,
            "collector_id": f"K{rng.randrange(3)}",
            "assigned_on": START - timedelta(days=days),
            "ended_on": rng.choice([None, START - timedelta(days=1), START, END]),
        }
        for days in rng.sample((-1, 0, 9, 20), rng.randrange(3))
    ]


def _contacted(rng: random.Random, key: int, rows: list[Row]) -> None:
    for _ in range(rng.randrange(4)):
        at = datetime.combine(START - timedelta(days=rng.choice([-1, 0, 1, 30, 179, 180])), time(9))
        after = rng.choice([None, -1, 0, 1, 24, 24.5, 60])
        rows.append(
            {
                "contact_key": len(rows),
                "contact_id": f"C{len(rows)}",
                "account_key": key,
                "debtor_key": _debtor(key),
                "started_at": at,
                "recorded_at": None if after is None else at + timedelta(hours=after),
                "local_date": rng.choice([None, at.date(), at.date(), at.date() + timedelta(days=1)]),
                "channel": rng.choice(["call", "sms", "letter"]),
                "direction": rng.choice(["out", "out", "in"]),
                "outcome": "conversation",
                "response": rng.choice([None, None, "refusal", "hardship", "promise"]),
            }
        )


def _flagged(rng: random.Random, key: int) -> Row:
    since = START - timedelta(days=rng.choice([-1, 0, 50]))
    until = rng.choice([None, START - timedelta(days=1), START, END])
    return {
        "debtor_key": _debtor(key),
        "account_key": rng.choice([None, key]),
        "flag_id": f"F{key}",
        "kind": rng.choice(["hardship", "hardship", "dispute"]),
        "valid_from_on": since,
        "valid_to_on": until if until is None or until >= since else None,
    }
