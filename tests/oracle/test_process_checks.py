"""What cannot be assessed is never counted as kept: the shares of `process/checks` beside a sum over the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from duewatch.contract.schema import BOOK_TABLES
from tests.support.process_books import Tables
from tests.unit.queries.collection_oracle import wilson

RECOMPUTES = {
    "process_checks": "process/checks",
    "process_breaches": "process/checks",
    "process_rules_kept": "process/checks",
    "process_not_assessable": "process/checks",
}
"""Metric to what is called here for the number that is computed a second time."""


FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
OWN = [f"house.rule_{n}" for n in range(6)]
PACKS = ["cn.pack.rule", "house.pack_rule"]
SHOWN = ("n_kept", "n_breach", "n_exempt", "n_not_assessable")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    made = Tables()
    yield made
    made.close()


def rule_row(name: str) -> Row:
    return {
        "rule_id": name,
        "basis": "contact" if name in PACKS else "first_steps",
        "title_en": name,
        "title_zh": name,
        "modality": "must",
        "requirements": "R2.3",
        "cite": "-",
        "effective_from": date(2015, 1, 1),
        "set_to": "",
        "file_sha256": "",
    }


def drawn(luck: Random) -> tuple[list[Row], list[Row]]:
    """Counts of the process's own rules and of packs' rules, in and beside the period; the last of OWN has none."""
    own = [
        {
            "rule_id": luck.choice(OWN[:5]),
            "verdict": luck.choice(("kept", "breach", "not_assessable")),
            "happened_on": FIRST + timedelta(days=luck.randrange(-5, 36)),
            "branch": luck.choice(("north", "south", None)),
            "product": "loan",
            "currency": "CNY",
            "team": None,
            "stage": luck.choice(("M1", "M2-M3")),
            "n_items": luck.randrange(1, 40),
        }
        for _ in range(60)
    ]
    for row in own:
        unsure = row["verdict"] == "not_assessable"
        row["missing"] = luck.choice(("log_start", "payments")) if unsure else None
        if row["rule_id"] == OWN[0]:  # nothing of it can be assessed
            row |= {"verdict": "not_assessable", "missing": "payments"}
    packs = [
        {
            "rule_id": luck.choice([*PACKS, "cn.no.process_rule"]),
            "verdict": luck.choice(("ok", "breach", "exempt", "unknown")),
            "reason": "no_zone",
            "local_date": FIRST + timedelta(days=luck.randrange(-5, 36)),
            "branch": "north",
            "product": "loan",
            "currency": "CNY",
            "channel": "call",
            "n_contacts": luck.randrange(1, 40),
        }
        for _ in range(30)
    ]
    return distinct(own, "process_counts"), distinct(packs, "verdict_counts")


def distinct(rows: Sequence[Row], table: str) -> list[Row]:
    """One row a key of the table, the last one drawn."""
    return list({tuple(row.get(name) for name in BOOK_TABLES[table].key): row for row in rows}.values())


def put(tables: Tables, own: Sequence[Row], packs: Sequence[Row]) -> None:
    rules = [rule_row(name) for name in (*OWN, *PACKS)]
    tables.fill({"process_rules": rules, "process_counts": own, "verdict_counts": packs})


def asked(tables: Tables, query: str, **params: Any) -> list[Row]:
    return tables.ask(f"process/{query}", from_date=FIRST, to_date=LAST, **params)


def counted(own: Sequence[Row], packs: Sequence[Row]) -> dict[str, Counter[str]]:
    """Things by rule and verdict in the period."""
    called = {"ok": "kept", "unknown": "not_assessable"}
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*OWN, *PACKS)}
    for row in own:
        if FIRST <= row["happened_on"] <= LAST:
            counts[row["rule_id"]][row["verdict"]] += row["n_items"]
    for row in packs:
        if FIRST <= row["local_date"] <= LAST and row["rule_id"] in PACKS:
            verdict = str(row["verdict"])
            counts[row["rule_id"]][called.get(verdict, verdict)] += row["n_contacts"]
    return counts


def check_shares(row: Row, counts: Counter[str]) -> None:
    kept, breach, unsure = counts["kept"], counts["breach"], counts["not_assessable"]
    assert tuple(row[name] for name in SHOWN) == (kept, breach, counts["exempt"], unsure)
    assert row["n_judged"] == kept + breach
    if kept + breach:
        low, high = wilson(kept, kept + breach)
        assert row["share_kept"] == pytest.approx(kept / (kept + breach))
        assert (row["kept_low"], row["kept_high"]) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
    else:
        assert (row["share_kept"], row["kept_low"], row["kept_high"]) == (None, None, None)
    whole = kept + breach + unsure
    assert row["share_not_assessable"] == (pytest.approx(unsure / whole) if whole else None)


@pytest.mark.parametrize("seed", range(8))
def test_shares_count_what_was_judged_and_name_what_was_not(tables: Tables, seed: int) -> None:
    own, packs = drawn(Random(seed))
    put(tables, own, packs)
    counts = counted(own, packs)
    rows = {row["rule_id"]: row for row in asked(tables, "checks")}
    assert rows.keys() == counts.keys()
    for name, row in rows.items():
        check_shares(row, counts[name])
    assert rows[OWN[0]]["share_kept"] is None
    assert rows[OWN[0]]["share_not_assessable"] == 1
    assert rows[OWN[5]]["share_not_assessable"] is None
    missing: Counter[str] = Counter()
    for row in asked(tables, "check_missing"):
        missing[row["rule_id"]] += row["n_items"]
    assert missing == {name: each["not_assessable"] for name, each in counts.items() if each["not_assessable"]}


@pytest.mark.parametrize("grouping", ["stage", "month", "branch", "product", "team"])
def test_the_groups_of_a_rule_add_up_to_it(tables: Tables, grouping: str) -> None:
    own, packs = drawn(Random(99))
    put(tables, own, packs)
    for whole in asked(tables, "checks"):
        groups = asked(tables, "checks_by", rule_id=whole["rule_id"], grouping_by=grouping)
        assert [sum(group[name] for group in groups) for name in SHOWN] == [whole[name] for name in SHOWN]
        for group in groups:
            named = zip(("kept", "breach", "exempt", "not_assessable"), SHOWN, strict=True)
            check_shares(group, Counter({verdict: group[name] for verdict, name in named}))


@pytest.mark.parametrize("seed", range(4))
def test_more_that_cannot_be_assessed_changes_no_share_of_kept(tables: Tables, seed: int) -> None:
    own, packs = drawn(Random(seed))
    put(tables, own, packs)
    before = {row["rule_id"]: row for row in asked(tables, "checks")}
    more = [{**row, "verdict": "not_assessable", "missing": "promises", "n_items": 1_000} for row in own[:20]]
    put(tables, [*own, *distinct(more, "process_counts")], packs)
    after = {row["rule_id"]: row for row in asked(tables, "checks")}
    changed = 0
    for name, row in after.items():
        for column in ("n_kept", "n_breach", "n_judged", "share_kept", "kept_low", "kept_high"):
            assert row[column] == before[name][column]
        share, old = row["share_not_assessable"], before[name]["share_not_assessable"]
        changed += share != old
        assert (share or 0) >= (old or 0)
    assert changed >= 2
