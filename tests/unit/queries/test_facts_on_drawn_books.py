"""Grades, causes, willingness, outcomes, fields, balances and latency agree with plain Python on drawn books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import hypot
from pathlib import Path

import polars as pl
import pytest

from duewatch.compliance.scorecard import LEAST, grade_accounts, load_scorecard, outcomes_by_group, separation
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.grades.summary import reviews_overdue
from tests.support.fact_books import (
    END,
    FIELDS,
    START,
    Row,
    Tables,
    by_account,
    day_of,
    facts_drawn,
    payments_of,
    promises_of,
)
from tests.support.small_books import engine_over
from tests.unit.queries.collection_oracle import RANK, judged, wilson

RECOMPUTES = {
    "grade_separation": "process/outcomes_by",
    "card_separation": "process/overdue_facts",
    "graded_share": "process/overdue_facts",
    "cause_share": "process/overdue_facts",
    "willing_share": "process/overdue_facts",
    "reviews_overdue": "process/overdue_facts",
    "class_outcomes": "process/outcomes_by",
    "field_completeness": "data/field_completeness",
    "balance_identity": "data/balance_identity",
    "log_latency": "data/log_latency",
}
"""Metric to what is called here for the number that is computed a second time."""


CARD = load_scorecard()
LOOK = timedelta(days=180)
BY = ("risk_grade", "history", "delay_cause", "willingness", "ability", "bucket")


@pytest.fixture(scope="module", params=[1, 2])
def tables(request: pytest.FixtureRequest) -> Tables:
    return facts_drawn(seed=request.param)


@pytest.fixture(scope="module")
def engine(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = engine_over(tmp_path_factory.mktemp("facts"), **tables)
    yield made
    made.close()


def is_late(row: Row) -> bool:
    return row["state"] not in ("M0", "paid_off", "written_off")


def late_on(tables: Tables, day: date) -> list[tuple[Row, Row, Row]]:
    """(snapshot, account, debtor) of each overdue account."""
    accounts = {row["account_key"]: row for row in tables["accounts"]}
    debtors = {row["debtor_key"]: row for row in tables["debtors"]}
    rows = [row for row in tables["snapshots"] if row["as_of"] == day and is_late(row)]
    return [(row, accounts[row["account_key"]], debtors[accounts[row["account_key"]]["debtor_key"]]) for row in rows]


def level(speaks_for: bool, speaks_against: bool) -> str | None:
    return {(True, True): "mixed", (True, False): "high", (False, True): "low"}.get((speaks_for, speaks_against))


def paid_for_good(tables: Tables, key: int) -> Decimal:
    """Paid in the days looked at, without what had been taken back by START: reversed payments do not count."""
    back = {p["reverses_payment_id"] for p in tables["payments"] if p["reverses_payment_id"] and p["paid_on"] <= START}
    return sum(
        (
            p["amount"]
            for p in by_account(tables["payments"], key)
            if p["reverses_payment_id"] is None and START - LOOK < p["paid_on"] <= START and p["payment_id"] not in back
        ),
        Decimal(0),
    )


def classed(tables: Tables, row: Row, account: Row) -> tuple[str | None, str | None]:
    """Willingness and ability by the definition's words."""
    key = row["account_key"]
    said = {c["response"] for c in by_account(tables["contacts"], key) if START - LOOK < day_of(c) <= START}
    states = judged(promises_of(tables), payments_of(tables), START, 1, Decimal(1))
    mine = [
        states[p.promise_id][0]
        for p in promises_of(tables)
        if p.account == key and p.promise_id in states and p.made > START - LOOK
    ]
    paid = paid_for_good(tables, key)
    due = sum(i["amount"] for i in by_account(tables["instalments"], key) if START - LOOK < i["due_on"] <= START)
    is_hard = any(
        flag["kind"] == "hardship"
        and flag["debtor_key"] == account["debtor_key"]
        and flag["account_key"] in (None, key)
        and flag["valid_from_on"] <= START
        and (flag["valid_to_on"] is None or flag["valid_to_on"] >= START)
        for flag in tables["flags"]
    )
    has_broken = "kept" not in mine and bool({"broken", "partial"} & set(mine))
    will = level("kept" in mine or paid > 0, row["delay_cause"] == "unwilling" or "refusal" in said or has_broken)
    has_means = due > 0 and paid > 0 and paid * 100 >= due * 50
    return will, level(has_means, row["delay_cause"] == "cash_shortage" or "hardship" in said or is_hard)


def became(tables: Tables, row: Row) -> tuple[bool | None, bool | None]:
    """Whether it was worse, and whether cured, at END."""
    after = [s for s in by_account(tables["snapshots"], row["account_key"]) if s["as_of"] == END]
    if not after:
        return None, None
    (later,) = after
    return RANK[later["state"]] > RANK[row["state"]], later["state"] in ("M0", "paid_off")


def facts_of(engine: DuckDBEngine, as_of: date = START, to_date: date = END) -> pl.DataFrame:
    given = {"as_of": as_of, "to_date": to_date, **CARD.params}
    return engine.run("process/overdue_facts", given, WHOLE_BOOK)


def test_what_is_known_of_each_overdue_account_is_what_a_loop_finds(tables: Tables, engine: DuckDBEngine) -> None:
    found = {row["account_id"]: row for row in facts_of(engine).to_dicts()}
    late = late_on(tables, START)
    assert set(found) == {account["account_id"] for _, account, _ in late}
    for row, account, debtor in late:
        told = found[account["account_id"]]
        assert (told["balance"], told["currency"]) == (row["balance"], account["currency"])
        assert told["industry"] == debtor["industry"]
        assert told["risk_grade"] == row["risk_grade"]
        assert told["delay_cause"] == (None if row["delay_cause"] == "unknown" else row["delay_cause"])
        assert (told["willingness"], told["ability"]) == classed(tables, row, account), account["account_id"]
        assert (told["is_worse"], told["is_cured"]) == became(tables, row)
        n = sum(
            START - timedelta(days=365) < s["started_on"] <= START
            for s in by_account(tables["spells"], row["account_key"])
        )
        assert told["n_spells"] == n
        assert told["is_secured"] == (account["secured"] is True)
        valued = account["collateral_valued_on"]
        assert told["valued_days"] == (None if valued is None else (START - valued).days)


def test_shares_that_are_known_and_reviews_overdue_are_those_of_a_loop(tables: Tables, engine: DuckDBEngine) -> None:
    facts, late = facts_of(engine, END, END), late_on(tables, END)
    assert facts["risk_grade"].count() == sum(row["risk_grade"] is not None for row, _, _ in late) > 0
    assert facts["delay_cause"].count() == sum(row["delay_cause"] not in (None, "unknown") for row, _, _ in late) > 0
    then = late_on(tables, START)
    n_willing = sum(classed(tables, row, account)[0] is not None for row, account, _ in then)
    assert facts_of(engine)["willingness"].count() == n_willing < len(then)
    secured = [account for _, account, _ in then if account["secured"]]
    wanted = {
        a["account_id"]
        for a in secured
        if a["collateral_valued_on"] is None or (START - a["collateral_valued_on"]).days > CARD.collateral_days
    }
    assert set(reviews_overdue(facts_of(engine), CARD.collateral_days)["account_id"]) == wanted
    assert 0 < len(wanted) < len(secured)


@pytest.mark.parametrize("by", BY)
def test_outcomes_by_class_are_counts_over_the_rows(by: str, tables: Tables, engine: DuckDBEngine) -> None:
    facts = {row["account_id"]: row for row in facts_of(engine).to_dicts()}
    groups: dict[tuple[str, object], list[tuple[Row, bool | None, bool | None]]] = defaultdict(list)
    for row, account, _ in late_on(tables, START):
        will, means = classed(tables, row, account)
        named = {
            "risk_grade": row["risk_grade"],
            "willingness": will,
            "ability": means,
            "bucket": row["state"],
            "delay_cause": None if row["delay_cause"] == "unknown" else row["delay_cause"],
            "history": facts[account["account_id"]]["history"],
        }
        groups[account["currency"], named[by]].append((row, *became(tables, row)))
    given = {"as_of": START, "to_date": END, "grouping_by": by, **CARD.params}
    found = engine.run("process/outcomes_by", given, WHOLE_BOOK).to_dicts()
    assert {(row["currency"], row["group_name"]) for row in found} == set(groups)
    for told in found:
        mine = groups[told["currency"], told["group_name"]]
        followed = [(worse, cured) for _, worse, cured in mine if worse is not None]
        assert (told["n_accounts"], told["n_followed"]) == (len(mine), len(followed))
        assert told["balance"] == sum(row["balance"] for row, _, _ in mine)
        for name, hits in (("worse", [w for w, _ in followed]), ("cured", [c for _, c in followed])):
            assert told[f"n_{name}"] == sum(map(bool, hits))
            ends = (told[f"{name}_low"], told[f"{name}_high"])
            if not followed:
                assert told[f"share_{name}"] is None
                assert ends == (None, None)
            else:
                assert told[f"share_{name}"] == pytest.approx(sum(map(bool, hits)) / len(hits))
                assert ends == pytest.approx(wilson(sum(map(bool, hits)), len(hits)), abs=1e-9)


def difference(high: tuple[int, int], low: tuple[int, int]) -> tuple[float, float, float] | None:
    """Newcombe's method 10 from roots, not from the closed form; None where a grade has too few."""
    if min(high[1], low[1]) < LEAST:
        return None
    (p, a, b), (q, c, d) = ((k / n, *wilson(k, n)) for k, n in (high, low))
    return p - q, p - q - hypot(p - a, d - q), p - q + hypot(b - p, q - c)


def points_of(told: Row, row: Row, account: Row, debtor: Row) -> int:
    """The shipped card, read line by line: days past due 8, 31, 91; balance; spells 3, 5; construction."""
    days, bar = row["days_past_due"], {"CNY": 50000, "USD": 7500}[account["currency"]]
    return (
        (60 if days >= 91 else 40 if days >= 31 else 15 if days >= 8 else 0)
        + (10 if row["balance"] >= bar else 0)
        + (20 if told["n_spells"] >= 5 else 10 if told["n_spells"] >= 3 else 0)
        + (5 if debtor["industry"] == "construction" else 0)
    )


@pytest.mark.parametrize("seed", [7])
def test_grades_are_separated_as_by_hand_each_currency_alone(seed: int, tmp_path: Path) -> None:
    tables = facts_drawn(seed, n_accounts=360)
    engine = engine_over(tmp_path, **tables)
    facts = facts_of(engine)
    card = grade_accounts(facts, CARD, START)
    ids = {row["account_id"]: row for row in card.to_dicts()}
    n_told = 0
    for currency in ("CNY", "USD"):
        counts: dict[str, dict[str | None, list[int]]] = {
            by: defaultdict(lambda: [0, 0]) for by in ("risk_grade", "grade")
        }
        for row, account, debtor in late_on(tables, START):
            worse, _ = became(tables, row)
            told = ids[account["account_id"]]
            points = points_of(told, row, account, debtor)
            assert told["points"] == points
            grade = "high" if points >= 60 else "medium" if points >= 30 else "low"
            assert told["grade"] == grade
            if account["currency"] != currency or worse is None:
                continue
            for by, name in (("risk_grade", row["risk_grade"]), ("grade", grade)):
                counts[by][name][0] += worse
                counts[by][name][1] += 1
        own = engine.run("process/outcomes_by", {"as_of": START, "to_date": END, **CARD.params}, WHOLE_BOOK)
        mine = card.filter(pl.col("currency") == currency)
        for by, table in (
            ("risk_grade", own.filter(pl.col("currency") == currency)),
            ("grade", outcomes_by_group(mine, "grade")),
        ):
            (k, n), (j, m) = counts[by]["high"], counts[by]["low"]
            wanted, found = difference((k, n), (j, m)), separation(table)
            assert (found is None) == (wanted is None)
            if found and wanted:
                assert (found.value, found.low, found.high) == pytest.approx(wanted, abs=1e-9)
                n_told += 1
    engine.close()
    assert n_told >= 2


def test_balances_are_held_to_their_parts_and_to_the_schedule_row_by_row(tables: Tables, engine: DuckDBEngine) -> None:
    accounts = {row["account_key"]: row for row in tables["accounts"]}
    wanted: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for row in (s for s in tables["snapshots"] if s["as_of"] == START and s["state"].startswith("M")):
        account = accounts[row["account_key"]]
        parts = [row[name] for name in ("principal", "interest", "penalty", "fees")]
        if None not in parts:
            wanted[account["currency"], account["product"], "parts"].append(row["balance"] - sum(parts))
        plan = [i["amount"] for i in by_account(tables["instalments"], row["account_key"])]
        lent = account["original_amount"]
        if None in parts[:2] or not plan or lent is None or sum(plan) < lent:
            continue
        paid = sum(p["net_amount"] for p in by_account(tables["payments"], row["account_key"]) if p["paid_on"] <= START)
        wanted[account["currency"], account["product"], "schedule"].append(sum(parts[:2]) - (sum(plan) - paid))
    found = engine.run("data/balance_identity", {"as_of": START}, WHOLE_BOOK).to_dicts()
    assert {(row["currency"], row["product"], row["identity"]) for row in found} == set(wanted)
    for row in found:
        left = wanted[row["currency"], row["product"], row["identity"]]
        assert (row["n_compared"], row["n_equal"]) == (len(left), left.count(Decimal(0)))
        assert (row["residual"], row["largest_residual"]) == (sum(left), max(map(abs, left)))
    assert {identity for _, _, identity in wanted} == {"parts", "schedule"}


@pytest.mark.parametrize("by", ["product", "team"])
def test_each_field_is_counted_filled_and_lacking(by: str, tables: Tables, engine: DuckDBEngine) -> None:
    wanted: dict[tuple[str, str | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    teams = {row["collector_id"]: row["team"] for row in tables["collectors"]}
    for row, account, debtor in late_on(tables, START):
        key = row["account_key"]
        holders = [
            teams[a["collector_id"]]
            for a in by_account(tables["assignments"], key)
            if a["assigned_on"] <= START and (a["ended_on"] is None or a["ended_on"] >= START)
        ]
        team = max((name for name in holders if name), default=None)
        is_tried = any(c["direction"] == "out" and day_of(c) <= START for c in by_account(tables["contacts"], key))
        filled = {
            **{field: debtor[f"has_{field}"] is True for field in FIELDS},
            **{name: account[name] is not None for name in ("contract_no", "original_amount", "annual_rate")},
            "balance": True,
            "days_past_due": True,
            "preferred_channel": debtor["preferred_channel"] is not None,
            "paid_amount": bool(by_account(tables["instalments"], key))
            or any(p["paid_on"] <= START for p in by_account(tables["payments"], key)),
        }
        for field, has in filled.items():
            counts = wanted[field, team if by == "team" else account["product"]]
            counts[0] += 1
            counts[1] += has
            counts[2] += is_tried and not has
    rows = engine.run("data/field_completeness", {"as_of": START, "grouping_by": by}, WHOLE_BOOK).to_dicts()
    found = {(r["field"], r["group_name"]): [r["n_accounts"], r["n_filled"], r["n_contacted_lacking"]] for r in rows}
    assert found == wanted
    assert all(row["share_filled"] == row["n_filled"] / row["n_accounts"] for row in rows)


def test_the_time_until_a_contact_is_recorded_is_a_loops(tables: Tables, engine: DuckDBEngine) -> None:
    first = START - timedelta(days=30)
    given = {"from_date": first, "to_date": START}
    rows = {row["channel"]: row for row in engine.run("data/log_latency", given, WHOLE_BOOK).to_dicts()}
    mine = [c for c in tables["contacts"] if first <= day_of(c) <= START]
    assert set(rows) == {c["channel"] for c in mine}
    for channel, row in rows.items():
        logged = [c for c in mine if c["channel"] == channel]
        hours = sorted(
            (c["recorded_at"] - c["started_at"]).total_seconds() / 3600 for c in logged if c["recorded_at"] is not None
        )
        n = len(hours)
        assert (row["n_contacts"], row["n_recorded"]) == (len(logged), n)
        assert row["n_back_dated"] == sum(value < 0 for value in hours)
        assert row["n_late"] == sum(value > 24 for value in hours)
        if not n:
            assert (row["share_late"], row["median_hours"], row["p95_hours"]) == (None, None, None)
            continue
        assert row["share_late"] == sum(value > 24 for value in hours) / n
        assert row["median_hours"] == next(v for i, v in enumerate(hours, 1) if i >= n / 2)
        assert row["p95_hours"] == next(v for i, v in enumerate(hours, 1) if i * 20 >= 19 * n)
