"""Breaching contacts by team, channel, agency and collector, with limits over debtors: plain Python on drawn logs."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.small_books import account, engine_over
from tests.unit.queries.collection_books import ask
from tests.unit.queries.collection_oracle import clustered

Row = dict[str, Any]
FROM, TO = date(2026, 9, 1), date(2026, 9, 30)
PERIOD = {"from_date": FROM, "to_date": TO}
GROUPS = (
    ("compliance/breaches_by_group", "team", "team"),
    ("compliance/breaches_by_group", "channel", "channel"),
    ("compliance/breaches_by_group", "agency", "firm"),
    ("teams/conduct", "team", "team"),
    ("teams/conduct", "collector", "collector_id"),
)


def log(seed: int) -> tuple[list[Row], list[Row]]:
    """Contacts, some after the period, and findings on them; a third of the debtors have most of the breaches."""
    rng, contacts, findings = random.Random(seed), [], []
    for n in range(300):
        key, day = rng.randrange(20), FROM + timedelta(days=rng.randrange(35))
        at = datetime.combine(day, time(9))
        team, collector = rng.choice([(None, None), ("early", "K1"), ("early", "K2"), ("late", "K3")])
        contacts.append(
            {
                "contact_key": n,
                "contact_id": f"C{n}",
                "account_key": key,
                "debtor_key": key - key % 2,
                "team": team,
                "collector_id": collector,
                "firm": rng.choice([None, None, "G1"]),
                "started_at": at,
                "local_date": day,
                "channel": rng.choice(["call", "sms"]),
                "direction": "out",
                "outcome": "no_answer",
            }
        )
        for rule in range(2):
            verdict = "breach" if rng.random() < (0.3 if key < 6 else 0.02) else rng.choice([None] * 9 + ["unknown"])
            if verdict:
                findings.append(
                    {
                        "finding_key": f"F{n}{rule}",
                        "contact_key": n,
                        "account_key": key,
                        "debtor_key": key - key % 2,
                        "verdict": verdict,
                        "local_date": day,
                        "pack_id": "house",
                        "rule_id": f"house.{rule}",
                    }
                )
    return contacts, findings


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    contacts, findings = log(seed=request.param)
    accounts = [account(key, debtor_key=key - key % 2) for key in range(20)]
    engine = engine_over(tmp_path_factory.mktemp("log"), accounts=accounts, contacts=contacts, findings=findings)
    yield engine, contacts, findings
    engine.close()


@pytest.mark.parametrize(("query", "by", "column"), GROUPS)
def test_the_rate_of_each_group_and_its_limits_are_a_loops(
    query: str, by: str, column: str, drawn: tuple[DuckDBEngine, list[Row], list[Row]]
) -> None:
    engine, contacts, findings = drawn
    verdicts: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        verdicts[finding["contact_key"]].add(finding["verdict"])
    groups: dict[str | None, list[Row]] = defaultdict(list)
    for contact in contacts:
        if contact["local_date"] <= TO:
            groups[contact[column]].append(contact)
    rows = ask(engine, query, grouping_by=by, **PERIOD)
    assert {row["group_name"] for row in rows} == set(groups)
    for row in rows:
        mine = groups[row["group_name"]]  # type: ignore[index]
        hits = [(c["debtor_key"], "breach" in verdicts[c["contact_key"]]) for c in mine]
        unknown = [c for c in mine if verdicts[c["contact_key"]] == {"unknown"}]
        n_hit = sum(hit for _, hit in hits)
        assert (row["n_contacts"], row["n_breaching"], row["n_unknown"]) == (len(mine), n_hit, len(unknown))
        squares = Counter(debtor for debtor, is_hit in hits if is_hit).values()
        assert row["breach_squares"] == sum(k * k for k in squares)
        assert row["rate"] == pytest.approx(n_hit / len(mine))
        assert (row["rate_low"], row["rate_high"]) == pytest.approx(clustered(hits), abs=1e-9)


def test_a_group_without_a_breach_has_a_limit_above_and_one_debtor_has_wilsons(tmp_path: Path) -> None:
    contacts = [
        {
            "contact_key": n,
            "contact_id": f"C{n}",
            "account_key": 1,
            "debtor_key": 1,
            "team": "early",
            "channel": "call",
            "direction": "out",
            "outcome": "no_answer",
            "started_at": datetime.combine(FROM, time(9)),
            "local_date": FROM,
        }
        for n in range(20)
    ]
    engine = engine_over(tmp_path, accounts=[account(1)], contacts=contacts)
    for query in ("compliance/breaches_by_group", "teams/conduct"):
        (row,) = ask(engine, query, grouping_by="team", **PERIOD)
        assert (row["rate"], row["rate_low"]) == (0, pytest.approx(0, abs=1e-12))
        assert row["rate_high"] == pytest.approx(0.1611, abs=1e-4)  # Wilson's for 0 of 20, a published vector
    engine.close()
