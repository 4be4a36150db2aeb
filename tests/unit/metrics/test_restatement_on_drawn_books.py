"""Two drawn books about one day: what changed, by how much and why is what plain Python finds."""

from __future__ import annotations

import random
from collections import defaultdict
from copy import deepcopy
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.restatement import by_reason, restated_accounts
from tests.support.fact_books import START, Row, Tables, by_account, facts_drawn
from tests.support.small_books import engine_over, snapshot

RECOMPUTES = {"restatement": "restated_accounts"}
"""Metric to what is called here for the number that is computed a second time."""


SEEDS = (1, 2, 3)
LAID_DOWN = Decimal("33.00")


def altered(tables: Tables, seed: int) -> Tables:
    """The same lender some days later: money, plans, snapshots and accounts of some accounts are otherwise."""
    rng, later = random.Random(seed), deepcopy(tables)
    for account in tables["accounts"]:
        key = account["account_key"]
        what = rng.choice(["same", "same", "paid", "paid_after", "back", "gone", "plan", "snapshot", "out", "in"])
        mine = by_account(later["payments"], key)
        money = {
            "account_key": key,
            "payment_id": f"L{key}",
            "paid_on": START - timedelta(days=rng.choice([0, 5])),
            "amount": LAID_DOWN,
            "net_amount": LAID_DOWN,
            "reverses_payment_id": None,
            "posted_at": datetime.combine(START + timedelta(days=rng.choice([0, 3])), time(9)),
        }
        if what == "paid":
            later["payments"].append(money)
        elif what == "paid_after":
            later["payments"].append({**money, "paid_on": START + timedelta(days=1)})
        elif what == "back" and mine:
            values = {"payment_id": f"T{key}", "net_amount": -LAID_DOWN, "reverses_payment_id": mine[0]["payment_id"]}
            later["payments"].append({**money, **values})
        elif what == "gone":
            later["payments"] = [row for row in later["payments"] if row["account_key"] != key]
        elif what == "plan":
            later["instalments"].append({"account_key": key, "due_on": START, "amount": LAID_DOWN, "seq": 99})
        elif what == "out":
            later["snapshots"] = [r for r in later["snapshots"] if (r["account_key"], r["as_of"]) != (key, START)]
        elif what == "in" and not standing(later, key):
            later["snapshots"].append(dict(snapshot(key, START, rng.choice([0, 9]), LAID_DOWN)))
        if what in ("paid", "paid_after", "back", "gone", "plan", "snapshot") and rng.random() < 0.8:
            for row in standing(later, key):
                row |= snapshot(key, START, rng.choice([0, 40, 95]), rng.choice([LAID_DOWN, row["balance"]]))
    return later


def standing(tables: Tables, key: int) -> list[Row]:
    return [row for row in by_account(tables["snapshots"], key) if row["as_of"] == START]


def overdue(rows: list[Row]) -> Decimal:
    return sum((r["balance"] for r in rows if r["state"] not in ("M0", "paid_off", "written_off")), Decimal(0))


def moneys(tables: Tables, key: int) -> tuple[Decimal, Decimal, Decimal]:
    """Paid, taken back and fallen due by the day."""
    paid = [p for p in by_account(tables["payments"], key) if p["paid_on"] <= START]
    due = [i["amount"] for i in by_account(tables["instalments"], key) if i["due_on"] <= START]
    nothing = Decimal(0)
    return (
        sum((p["net_amount"] for p in paid if not p["reverses_payment_id"]), nothing),
        sum((p["net_amount"] for p in paid if p["reverses_payment_id"]), nothing),
        sum(due, nothing),
    )


def reason(then: Tables, now: Tables, key: int) -> str:
    if not standing(then, key):
        return "added"
    if not standing(now, key):
        return "removed"
    paid, back, due = (a - b for a, b in zip(moneys(now, key), moneys(then, key), strict=True))
    if back:
        return "reversal"
    if paid:
        return "late_payment" if paid > 0 else "payment_gone"
    return "plan" if due else "snapshot"


def expected_changes(then: Tables, now: Tables) -> dict[str, tuple[str, str, Decimal, Decimal]]:
    """account_id -> currency, reason, change of the overdue balance, paid more."""
    actual = {}
    for account in now["accounts"]:
        key = account["account_key"]
        before, after = standing(then, key), standing(now, key)
        if [(r["state"], r["days_past_due"], r["balance"]) for r in before] == [
            (r["state"], r["days_past_due"], r["balance"]) for r in after
        ]:
            continue
        paid, back, _ = (a - b for a, b in zip(moneys(now, key), moneys(then, key), strict=True))
        if not (before and after):  # an account not seen on one side is asked for no money there
            paid, back, _ = moneys(now, key) if after else tuple(-each for each in moneys(then, key))
        actual[account["account_id"]] = (
            account["currency"],
            reason(then, now, key),
            overdue(after) - overdue(before),
            paid + back,
        )
    return actual


@pytest.mark.parametrize("seed", SEEDS)
def test_each_change_its_amount_and_its_reason_are_those_of_a_loop(seed: int, tmp_path: Path) -> None:
    then = facts_drawn(seed=seed)
    now = altered(then, seed)
    engines = []
    for name, tables in (("now", now), ("then", then)):
        (tmp_path / name).mkdir()
        engines.append(engine_over(tmp_path / name, **tables))
    asks = [lambda query, given, engine=engine: engine.run(query, given, WHOLE_BOOK) for engine in engines]
    rows = restated_accounts(asks[0], asks[1], as_of=START)
    actual = {r["account_id"]: (r["currency"], r["restated_by"], r["change"], r["paid_more"]) for r in rows.to_dicts()}
    changes = expected_changes(then, now)
    assert actual == changes
    assert len({why for _, why, _, _ in changes.values()}) >= 5
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for currency, why, change, _ in changes.values():
        sums[currency, why].append(change)
    told = {(r["currency"], r["restated_by"]): (r["n_accounts"], r["change"]) for r in by_reason(rows).to_dicts()}
    assert told == {place: (len(each), sum(each)) for place, each in sums.items()}
    close(engines)


def close(engines: list[DuckDBEngine]) -> None:
    for engine in engines:
        engine.close()
