"""Facts of overdue accounts, their outcomes, letters, completeness, latency: held to plain Python on the demo book."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.scorecard import load_scorecard
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import data, process, promises

START, END = dt.date(2026, 9, 30), dt.date(2026, 10, 31)
PARAMS = load_scorecard().params
Row = dict[str, Any]
HOLDS = {"cease_contact", "attorney", "dispute", "hardship", "deceased", "incapacitated"}


@pytest.fixture(scope="module")
def ask(demo_book: Path) -> Ask:
    engine = DuckDBEngine(current_book(demo_book), Settings())
    return lambda name, params: engine.run(name, params, WHOLE_BOOK)


@pytest.fixture(scope="module")
def tables(demo_book: Path) -> Iterator[dict[str, list[Row]]]:
    names = ("accounts", "debtors", "snapshots", "spells", "contacts", "payments", "instalments", "flags", "disputes")
    with duckdb.connect(str(current_book(demo_book).path), read_only=True) as con:
        yield {name: con.sql(f"select * from {name}").pl().to_dicts() for name in names}


def by_account(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["account_key"]].append(row)
    return found


def local(row: Row) -> dt.date:
    return row["local_date"] or row["started_at"].date()  # type: ignore[no-any-return]


def test_facts_of_overdue_accounts_are_what_a_loop_over_the_book_finds(ask: Ask, tables: dict[str, list[Row]]) -> None:
    facts = process.overdue_facts(ask, as_of=START, to_date=END, **PARAMS)
    found = {row["account_id"]: row for row in facts.iter_rows(named=True)}
    ledger: dict[str, list[Row]] = defaultdict(list)
    for row in promises.promise_ledger(ask, as_of=START).iter_rows(named=True):
        ledger[row["account_id"]].append(row)
    states = {(row["account_key"], row["as_of"]): row for row in tables["snapshots"]}
    of = {name: by_account(tables[name]) for name in ("spells", "contacts", "payments", "instalments")}
    since = START - dt.timedelta(days=int(PARAMS["look_days"]) - 1)
    wanted: set[str] = set()
    seen: set[tuple[str | None, str | None]] = set()
    for account in tables["accounts"]:
        key = account["account_key"]
        state = states.get((key, START))
        if state is None or state["state"] in ("M0", "paid_off", "written_off"):
            continue
        wanted.add(account["account_id"])
        row = found[account["account_id"]]
        n = sum(START - dt.timedelta(days=364) <= spell["started_on"] <= START for spell in of["spells"][key])
        assert row["n_spells"] == n
        if row["history"] is not None:
            assert row["history"] == ("occasional" if n <= 1 else "habitual" if n >= 3 else "between")
        paid_on = {p["payment_id"]: p["paid_on"] for p in of["payments"][key]}
        counted = [
            p["net_amount"]
            for p in of["payments"][key]
            if p["paid_on"] <= START and since <= paid_on.get(p["reverses_payment_id"], p["paid_on"])
        ]
        paid = sum(counted, Decimal(0))
        due = sum((i["amount"] for i in of["instalments"][key] if since <= i["due_on"] <= START), Decimal(0))
        said = {c["response"] for c in of["contacts"][key] if since <= local(c) <= START}
        kept = [p["state"] for p in ledger[account["account_id"]] if p["made_on"] >= since]
        cause = state["delay_cause"]
        for_will = "kept" in kept or paid > 0
        broken = {"broken", "partial"} & set(kept)
        against_will = cause == "unwilling" or "refusal" in said or bool(broken and "kept" not in kept)
        assert row["willingness"] == level(for_will, against_will), account["account_id"]
        hard = any(
            flag["kind"] == "hardship"
            and flag["debtor_key"] == account["debtor_key"]
            and flag["account_key"] in (None, key)
            and flag["valid_from_on"] <= START
            and (flag["valid_to_on"] is None or flag["valid_to_on"] >= START)
            for flag in tables["flags"]
        )
        has_payments = any(since <= p["paid_on"] <= START for p in of["payments"][key])
        for_means = has_payments and due > 0 and paid * 100 >= due * 50
        assert row["ability"] == level(for_means, cause == "cash_shortage" or "hardship" in said or hard)
        after = states.get((key, END))
        number = {f"M{k}": k for k in range(7)} | {"M7+": 7}
        if after is None:
            assert row["is_worse"] is None
            assert row["is_cured"] is None
        else:
            worse = after["state"] == "written_off" or number.get(after["state"], -1) > number[state["state"]]
            assert row["is_worse"] == worse
            assert row["is_cured"] == (after["state"] in ("M0", "paid_off"))
        seen.add((row["willingness"], row["ability"]))
    assert set(found) == wanted
    assert len(seen) >= 6, "the demo holds most kinds of account"


def level(speaks_for: bool, speaks_against: bool) -> str | None:
    return {(True, True): "mixed", (True, False): "high", (False, True): "low"}.get((speaks_for, speaks_against))


@pytest.mark.parametrize("by", ["risk_grade", "history", "delay_cause", "willingness", "ability", "bucket"])
def test_outcomes_are_counts_of_the_facts(by: str, ask: Ask) -> None:
    facts = process.overdue_facts(ask, as_of=START, to_date=END, **PARAMS)
    found = process.outcomes_by(ask, as_of=START, to_date=END, grouping_by=by, **PARAMS)
    counted: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in facts.iter_rows(named=True):
        counted[(row["currency"], row[by])].append(row)
    assert {(row["currency"], row["group_name"]) for row in found.iter_rows(named=True)} == set(counted)
    for row in found.iter_rows(named=True):
        rows = counted[(row["currency"], row["group_name"])]
        assert row["n_accounts"] == len(rows)
        assert row["balance"] == sum(each["balance"] for each in rows)
        assert row["n_followed"] == sum(each["is_worse"] is not None for each in rows)
        assert row["n_worse"] == sum(each["is_worse"] is True for each in rows)
        assert row["n_cured"] == sum(each["is_cured"] is True for each in rows)


def test_nothing_is_said_of_an_outcome_where_the_later_day_is_not_later(ask: Ask) -> None:
    facts = process.overdue_facts(ask, as_of=END, to_date=END, **PARAMS)
    assert facts.height > 0
    assert facts["is_worse"].null_count() == facts["is_cured"].null_count() == facts.height


def test_letters_are_followed_up_as_a_loop_finds(ask: Ask, tables: dict[str, list[Row]]) -> None:
    found = {r["item_id"]: r["verdict"] for r in process.letter_steps(ask, as_of=END).iter_rows(named=True)}
    names = ("spells", "contacts", "payments", "snapshots", "disputes")
    of = {name: by_account(tables[name]) for name in names}
    taken_back = {p["reverses_payment_id"]: p["paid_on"] for p in tables["payments"] if p["reverses_payment_id"]}
    debtor = {account["account_key"]: account["debtor_key"] for account in tables["accounts"]}
    wanted = {}
    for letter in tables["contacts"]:
        key, day = letter["account_key"], local(letter)
        if letter["channel"] != "letter" or not is_touch(letter) or letter["outcome"] != "delivered":
            continue
        spell = next((s for s in of["spells"][key] if s["started_on"] <= day <= (s["ended_on"] or END)), None)
        deadline, last = day + dt.timedelta(days=15), day + dt.timedelta(days=30)
        if spell is None or last > END or is_held(tables["flags"], debtor[key], key, deadline, last):
            continue
        if any(
            d["opened_on"] <= last and (d["resolved_at"] is None or d["resolved_at"].date() >= deadline)
            for d in of["disputes"][key]
        ):
            continue
        within = [c for c in of["contacts"][key] if is_touch(c) and deadline <= local(c) <= last]
        spans = [(s["started_on"], s["ended_on"] or END) for s in of["spells"][key]]
        again = any(start <= local(c) <= end for c in within for start, end in spans)
        paid = any(
            p["net_amount"] > 0 and day < p["paid_on"] <= last and taken_back.get(p["payment_id"], dt.date.max) > last
            for p in of["payments"][key]
        )
        legal = any(s["status"] in ("legal", "written_off") and s["as_of"] <= last for s in of["snapshots"][key])
        cured = spell["ended_on"] is not None and spell["ended_on"] <= last
        wanted[letter["contact_id"]] = "kept" if again or paid or legal or cured else "breach"
    assert found == wanted
    assert set(wanted.values()) == {"kept", "breach"}


def is_touch(contact: Row) -> bool:
    return (
        contact["direction"] == "out"
        and (contact["role"] or "unknown") in ("debtor", "unknown")
        and (contact["purpose"] or "demand") not in ("reply", "statutory_notice", "locate", "relay")
    )


def is_held(flags: list[Row], debtor: int, account: int, first: dt.date, last: dt.date) -> bool:
    return any(
        flag["kind"] in HOLDS
        and flag["person_id"] is None
        and flag["debtor_key"] == debtor
        and flag["account_key"] in (None, account)
        and flag["valid_from_on"] <= last
        and (flag["valid_to_on"] is None or flag["valid_to_on"] >= first)
        for flag in flags
    )


def test_balances_add_up_but_for_cards_and_the_rows_are_the_residual(ask: Ask, tables: dict[str, list[Row]]) -> None:
    found = data.balance_identity(ask, as_of=END)
    gaps = data.balance_gaps(ask, as_of=END)
    assert sum(found["residual"]) == sum(gaps["residual"].to_list())
    assert set(found["identity"]) == {"parts", "schedule"}
    parts = [s for s in tables["snapshots"] if s["as_of"] == END and s["state"].startswith("M")]
    assert found.filter(identity="parts")["n_compared"].sum() == len(parts)
    equal = sum(s["balance"] == s["principal"] + s["interest"] + s["penalty"] + s["fees"] for s in parts)
    assert found.filter(identity="parts")["n_equal"].sum() == equal
    for row in found.filter(identity="schedule").iter_rows(named=True):
        assert (row["n_equal"] == row["n_compared"]) == (row["product"] not in ("信用卡", "Credit card"))


def test_fields_before_first_contact_are_counted_account_by_account(ask: Ask, tables: dict[str, list[Row]]) -> None:
    found = data.field_completeness(ask, as_of=END)
    debtors = {row["debtor_key"]: row for row in tables["debtors"]}
    accounts = {row["account_key"]: row for row in tables["accounts"]}
    contacted = {c["account_key"] for c in tables["contacts"] if c["direction"] == "out" and local(c) <= END}
    late = [
        accounts[s["account_key"]]
        for s in tables["snapshots"]
        if s["as_of"] == END and s["state"] not in ("M0", "paid_off", "written_off")
    ]
    for field, holds in (
        ("id_number", lambda a: debtors[a["debtor_key"]]["has_id_number"]),
        ("contract_no", lambda a: a["contract_no"] is not None),
        ("preferred_channel", lambda a: debtors[a["debtor_key"]]["preferred_channel"] is not None),
    ):
        rows = found.filter(field=field)
        assert rows["n_accounts"].sum() == len(late)
        assert rows["n_filled"].sum() == sum(bool(holds(a)) for a in late)
        lacking = sum(not holds(a) and a["account_key"] in contacted for a in late)
        assert rows["n_contacted_lacking"].sum() == lacking


def test_latency_is_the_value_at_the_upper_rank(ask: Ask, tables: dict[str, list[Row]]) -> None:
    start = dt.date(2026, 6, 1)
    found = {row["channel"]: row for row in data.log_latency(ask, from_date=start, to_date=END).iter_rows(named=True)}
    hours: dict[str, list[float]] = defaultdict(list)
    for contact in tables["contacts"]:
        if start <= local(contact) <= END and contact["recorded_at"] is not None:
            seconds = (contact["recorded_at"] - contact["started_at"]).total_seconds()
            hours[contact["channel"]].append(seconds / 3600)
    for channel, values in hours.items():
        values.sort()
        row, n = found[channel], len(values)
        assert row["n_recorded"] == n
        assert row["median_hours"] == pytest.approx(values[(n + 1) // 2 - 1])
        assert row["p95_hours"] == pytest.approx(values[-(-19 * n // 20) - 1])
        assert row["n_late"] == sum(value > 24 for value in values)
    assert sum(row["n_late"] for row in found.values()) > 0, "late entries are planted"
