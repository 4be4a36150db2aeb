"""Collectible by day: one definition, read by coverage, intensity, stages, caps, teams and Explore; written-off apart.

October 2026, every day counted by hand. Each account is overdue all month by its instalments:

| account | oldest due | snapshots say                   | collectible   | written off   | contacts  |
|---------|------------|---------------------------------|---------------|---------------|-----------|
| A1      | 30 Sep     | active                          | 1 to 31 (31)  |               | 5, 20     |
| A2      | 31 Mar     | active; written off from 15 Oct | 1 to 14 (14)  | 15 to 31 (17) | 3, 15, 30 |
| A3      | 31 May     | written off; active from 11 Oct | 11 to 31 (21) | 1 to 10 (10)  | 2         |
| A4      | 15 Sep     | active; paid off from 6 Oct     | 1 to 5 (5)    |               | 6         |

Collectible: 31 + 14 + 21 + 5 = 71 account-days of 4 accounts, contacts on 5, 20 (A1) and 3 (A2): 3.
Written off: 17 + 10 = 27 account-days of 2 accounts, contacts on 15, 30 (A2) and 2 (A3): 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest

from duewatch.compliance.compiled_rules import compile_pack
from duewatch.compliance.packs import load_packs
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file
from tests.support.small_books import Row, account, engine_over, snapshot

FROM, TO = date(2026, 10, 1), date(2026, 10, 31)
OCTOBER: dict[str, Scalar] = {"from_date": FROM, "to_date": TO}
DUE = {1: date(2026, 9, 30), 2: date(2026, 3, 31), 3: date(2026, 5, 31), 4: date(2026, 9, 15)}
SAID: dict[int, list[tuple[date, str]]] = {
    1: [(date(2026, 9, 30), "active"), (TO, "active")],
    2: [(date(2026, 9, 30), "active"), (date(2026, 10, 15), "written_off"), (TO, "written_off")],
    3: [(date(2026, 8, 31), "written_off"), (date(2026, 9, 30), "written_off"), (date(2026, 10, 11), "active")],
    4: [(date(2026, 9, 30), "active"), (date(2026, 10, 6), "paid_off")],
}
CALLS = [(1, 5), (1, 20), (2, 3), (2, 15), (2, 30), (3, 2), (4, 6)]


def contact(number: int, key: int, day: date) -> Row:
    return {
        "contact_key": number,
        "account_key": key,
        "started_at": datetime.combine(day, time(9)),
        "local_date": day,
        "channel": "call",
        "direction": "out",
        "outcome": "no_answer",
        "role": "debtor",
        "purpose": "demand",
        "caller_type": "human",
        "collector_id": "K1",
    }


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = engine_over(
        tmp_path_factory.mktemp("book"),
        accounts=[account(key) for key in DUE],
        snapshots=[
            snapshot(key, day, (day - DUE[key]).days, "100.00", status)
            for key, rows in SAID.items()
            for day, status in rows
        ],
        spells=[
            {"account_key": key, "spell_no": 1, "started_on": due + (date(2026, 1, 2) - date(2026, 1, 1))}
            for key, due in DUE.items()
        ],
        overdue_stretches=[
            {
                "account_key": key,
                "spell_no": 1,
                "from_on": due + (date(2026, 1, 2) - date(2026, 1, 1)),
                "oldest_due_on": due,
            }
            for key, due in DUE.items()
        ],
        contacts=[contact(n, key, date(2026, 10, day)) for n, (key, day) in enumerate(CALLS, 1)],
        collectors=[{"collector_id": "K1", "team": "T"}],
        assignments=[
            {"account_key": 2, "collector_id": "K1", "assigned_on": date(2026, 10, 14)},
            {"account_key": 3, "collector_id": "K1", "assigned_on": date(2026, 10, 10)},
            {"account_key": 2, "collector_id": "K1", "assigned_on": date(2026, 10, 15)},
        ],
    )
    yield made
    made.close()


def rows(engine: DuckDBEngine, name: str, **given: Scalar) -> list[dict[str, object]]:
    return engine.run(name, given, WHOLE_BOOK).to_dicts()


def test_coverage_counts_collectible_days_and_tells_the_written_off_stock_apart(engine: DuckDBEngine) -> None:
    (row,) = rows(engine, "contacts/coverage", **OCTOBER)
    assert (row["n_overdue"], row["n_touched"], row["account_days"], row["n_attempts"]) == (4, 2, 71, 3)
    assert row["per_day"] == pytest.approx(3 / 71)
    (row,) = rows(engine, "contacts/coverage", **OCTOBER, bucket="written_off")
    assert (row["n_overdue"], row["n_touched"], row["account_days"], row["n_attempts"]) == (2, 2, 27, 3)
    # by bucket: A1 1-30 Oct in M1 (30 days), 31 Oct in M2 (1); A4 in M1 (5); A2 past 183 days in M7+ (14);
    # A3 11-27 Oct is 133-149 days past due, M5 (17), 28-31 Oct 150-153: 1 day more in M5 and 3 in M6
    days = {}
    for bucket in ("M1", "M2", "M3", "M4", "M5", "M6", "M7+"):
        answer = rows(engine, "contacts/coverage", **OCTOBER, bucket=bucket)
        days[bucket] = sum(int(str(each["account_days"])) for each in answer)
    assert days == {"M1": 35, "M2": 1, "M3": 0, "M4": 0, "M5": 18, "M6": 3, "M7+": 14}


def test_intensity_has_the_days_after_a_write_off_as_a_stage_of_their_own(engine: DuckDBEngine) -> None:
    told = {row["stage"]: row for row in rows(engine, "process/intensity", **OCTOBER, as_of=TO)}
    # M1: A1 30 days, A4 5; M2-M3: A1 on 31 Oct; later: A2 14, A3 21; written off: 27
    assert {stage: row["account_days"] for stage, row in told.items()} == {
        "M1": 35,
        "M2-M3": 1,
        "later": 35,
        "written_off": 27,
    }
    assert {stage: row["n_attempts"] for stage, row in told.items()} == {
        "M1": 2,
        "M2-M3": 0,
        "later": 1,
        "written_off": 3,
    }


def test_explore_counts_collectible_days_alone(engine: DuckDBEngine) -> None:
    units = rows(engine, "explore/intensity_units", **OCTOBER, as_of=TO)
    assert sum(int(str(row["denominator"]).split(".")[0]) for row in units) == 71


def test_a_contact_after_a_write_off_or_a_settlement_has_no_stage_of_the_overdue(engine: DuckDBEngine) -> None:
    stages = {row["contact_id"]: row["stage"] for row in rows(engine, "process/contact_stages", as_of=TO)}
    assert [stages[f"C{n}"] for n in range(1, 8)] == [
        "M1", "M1", "later", "written_off", "written_off", "written_off", "current",
    ]  # fmt: skip
    touches = {row["contact_id"]: row["stage"] for row in rows(engine, "process/touches", as_of=TO)}
    assert [touches[f"C{n}"] for n in (3, 4, 6)] == ["later", "written_off", "written_off"]


def test_a_case_given_out_after_a_write_off_is_none_of_a_bucket(engine: DuckDBEngine) -> None:
    cases = rows(engine, "teams/cases", **OCTOBER, within_days=5)
    told = {(row["account_id"], row["assigned_on"]): (row["bucket"], row["days_band"]) for row in cases}
    # A2 is 197 days past due on 14 Oct, in M7+ since day 181: 16 days
    assert told == {
        ("A2", date(2026, 10, 14)): ("M7+", "15+"),
        ("A2", date(2026, 10, 15)): ("written_off", "none"),
        ("A3", date(2026, 10, 10)): ("written_off", "none"),
    }
    outcomes = rows(engine, "teams/case_outcomes", **OCTOBER, as_of=TO, within_days=5)
    assert [row["is_cured"] for row in outcomes if row["bucket"] == "written_off"] == [None, None]


def test_a_cap_by_bucket_has_written_off_debts_apart(engine: DuckDBEngine) -> None:
    rules = {rule.query: rule for rule in compile_pack(load_packs()["us.reg_f"], Settings())}
    given = {**rules["compliance/count_cap"].params, **OCTOBER, "country": "", "regions": "", "currencies": ""}
    query = query_file("compliance/cap_contacts")
    params = {param.name: given[param.name] for param in query.params}
    told = {row["contact_id"]: row["bucket"] for row in rows(engine, query.name, **params)}
    assert told == {
        "C1": "M1", "C2": "M1", "C3": "M7+", "C4": "written_off", "C5": "written_off", "C6": "written_off", "C7": "M0",
    }  # fmt: skip


def test_escalation_is_not_asked_of_an_account_that_was_written_off_meanwhile(tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    """Due 31 Aug: day 31 is 1 Oct, so a step must come by 30 Oct. A5 is written off on 15 Oct, A6 is not."""
    due, day = date(2026, 8, 31), date(2026, 9, 1)
    said = [(5, date(2026, 10, 15), "written_off"), (6, date(2026, 10, 15), "active")]
    engine = engine_over(
        tmp_path_factory.mktemp("late"),
        accounts=[account(key) for key in (5, 6)],
        snapshots=[snapshot(key, on, (on - due).days, "100.00", status) for key, on, status in said],
        spells=[{"account_key": key, "spell_no": 1, "started_on": day} for key in (5, 6)],
        overdue_stretches=[{"account_key": key, "spell_no": 1, "from_on": day, "oldest_due_on": due} for key in (5, 6)],
        contacts=[contact(1, 5, date(2026, 9, 2))],
    )
    told = [(row["account_id"], row["verdict"]) for row in rows(engine, "process/late_escalation", as_of=TO)]
    assert told == [("A6", "breach")]
    engine.close()
