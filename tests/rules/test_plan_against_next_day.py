"""What `clear` says of a contact tonight is what `audit` says of it tomorrow: drawn logs, loaded with and without the
planned contacts, through the same front doors that a lender uses.

A planned call has no outcome, and `clear` takes for each rule the outcome under which it applies. So tomorrow's log is
loaded once for each outcome that any rule assumes, and each rule is asked of the log that has its own."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from duewatch.books.published import current_book
from duewatch.compliance.clearance import clear_plan
from duewatch.compliance.clearance_answer import BINDING
from duewatch.compliance.contact_plan import planned_contacts
from duewatch.compliance.packs import load_packs
from duewatch.compliance.plan_assumptions import assumed_values
from duewatch.compliance.rule_kinds import Require
from duewatch.compliance.rule_verdicts import findings_and_counts
from duewatch.contract.schema import FLAG_KINDS
from duewatch.ingest import ingest
from tests.support.draws import ALL

SEEDS = range(12 if ALL else 1)
PLACES = (
    ("America/New_York", "USD", ("Mass.", "NY", "D.C.", "West Virginia", "TX", "NYC", "")),
    ("America/Los_Angeles", "USD", ("CA", "")),
    ("America/New_York|America/Los_Angeles", "USD", ("Massachusetts", "")),
    ("Asia/Shanghai", "CNY", ("广东", "")),
    ("Asia/Shanghai", "USD", ("",)),
    ("Australia/Sydney", "AUD", ("NSW",)),
    ("Europe/Moscow", "RUB", ("",)),
    ("Asia/Seoul", "KRW", ("",)),
    ("Europe/Berlin", "EUR", ("",)),
    ("", "USD", ("", "MA")),
)
LAST_DAY = datetime.fromisoformat("2026-11-10T00:00")
N_DEBTORS = 60
SPOKEN = ("conversation", "no_answer", "voicemail_left", "not_connected", "answered_dropped", "wrong_number")
WRITTEN = ("+1617555{n:02}{end}", "+1 617.555.{n:02}{end}", "+1 (617) 555 {n:02}{end}")
"""One number in three forms, with the country's code, so that it is the same from wherever it is dialled."""
SENT = ("delivered", "undelivered")
Row = dict[str, str]


def drawn(seed: int) -> tuple[dict[str, list[Row]], list[Row]]:
    """The tables of a source up to LAST_DAY, and one planned contact a debtor for the day after."""
    rng, tables, plan = random.Random(seed), defaultdict[str, list[Row]](list), list[Row]()
    for n in range(N_DEBTORS):
        zone, money, regions = rng.choice(PLACES)
        debtor, account = f"D{n:02}", f"A{n:02}"
        tables["debtors"].append({"debtor_id": debtor, "time_zone": zone, "region": rng.choice(regions)})
        tables["accounts"].append(
            {
                "account_id": account,
                "debtor_id": debtor,
                "product": "card",
                "currency": money,
                "opened_on": "2020-01-01",
                "original_amount": "100.00",
            }
        )
        suffix = "" if zone else "+00:00"
        for k in range(rng.randrange(14)):
            at = LAST_DAY - timedelta(days=rng.randrange(9), minutes=-rng.randrange(1440))
            tables["contacts"].append(_contact(rng, f"K{n:02}{k:02}", account, at, suffix, rng.choice(SPOKEN), n))
        if rng.random() < 0.4:
            tables["flags"].append(_flag(rng, n, debtor))
        at = LAST_DAY + timedelta(days=1, minutes=rng.randrange(1440))
        plan.append(_contact(rng, f"P{n:02}", account, at, suffix, "", n, planned=True))
    return tables, plan


def _contact(
    rng: random.Random,
    name: str,
    account: str,
    at: datetime,
    suffix: str,
    outcome: str,
    n: int,
    *,
    planned: bool = False,
) -> Row:
    channel = rng.choice(("call", "call", "call", "sms", "visit"))
    return {
        "contact_id": name,
        "account_id": account,
        "started_at": at.isoformat(timespec="seconds") + suffix,
        "channel": channel,
        "direction": "out" if planned else rng.choice(("out", "out", "out", "in")),
        "party_role": rng.choice(("debtor", "debtor", "debtor", "spouse")),
        "place": rng.choice(("mobile", "home", "work")) if planned else rng.choice(("mobile", "home", "work", "")),
        "contact_point": rng.choice(WRITTEN).format(n=n, end=rng.choice(("00", "01"))),
        "style": rng.choice(("notify", "interactive")),
        "purpose": rng.choice(("demand", "demand", "reminder", "reply")),
        "caller_type": "human",
        "agency_id": "G1",
        "outcome": "delivered" if channel == "sms" else outcome,
    }


def _flag(rng: random.Random, n: int, debtor: str) -> Row:
    kind = rng.choice(FLAG_KINDS)
    detail = {"agreed_hours": "20:00-02:00,07:00-09:00", "agreed_frequency": rng.choice(("2", "5 a day", "some"))}
    since = LAST_DAY - timedelta(days=rng.randrange(4))
    return {
        "flag_id": f"F{n:02}",
        "debtor_id": debtor,
        "kind": kind,
        "from": since.date().isoformat(),
        "to": rng.choice(("", "2026-11-11", "2026-11-10")),
        "detail": detail.get(kind, ""),
    }


def _written(folder: Path, tables: Mapping[str, list[Row]]) -> Path:
    folder.mkdir()
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _told_tomorrow(folder: Path, tables: Mapping[str, list[Row]], plan: list[Row]) -> dict[str, dict[str, str]]:
    """By planned contact, the verdict of each rule in the log that has the outcome it assumes."""
    packs = load_packs()
    assumed: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for pack in packs.values():
        for rule in pack.rules:
            for channel in ("call", "visit", "sms"):
                assumed[assumed_values(rule, channel)["outcome"]].add((rule.id, channel))
    channels = {row["contact_id"]: row["channel"] for row in plan}
    told: dict[str, dict[str, str]] = {row["contact_id"]: {} for row in plan}
    for outcome, asked in sorted(assumed.items()):
        made = [{**row, "outcome": outcome} for row in plan if (outcome in SENT) == (row["channel"] == "sms")]
        if not made:
            continue
        source = _written(folder / outcome, {**tables, "contacts": [*tables["contacts"], *made]})
        books = folder / f"books-{outcome}"
        assert ingest(source, books=books).rows_rejected == 0
        findings, _ = findings_and_counts(current_book(books), packs)
        for rule_id, contact_id, verdict in findings.select("rule_id", "contact_id", "verdict").iter_rows():
            if contact_id in told and (rule_id, channels[contact_id]) in asked:
                told[contact_id][rule_id] = verdict
    return told


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_is_judged_as_tomorrows_log_is(seed: int, tmp_path: Path) -> None:
    tables, plan = drawn(seed)
    assert ingest(_written(tmp_path / "today", tables), books=tmp_path / "books").rows_rejected == 0
    lines = [{"planned_at" if name == "started_at" else name: value for name, value in row.items()} for row in plan]
    lines = [{name: value for name, value in line.items() if value and name != "outcome"} for line in lines]
    answers = clear_plan(current_book(tmp_path / "books"), load_packs(), planned_contacts(lines))
    told = _told_tomorrow(tmp_path, tables, plan)
    differing = {}
    for row in answers.iter_rows(named=True):
        wanted, found = _expected(told[row["contact_id"]]), _found(row)
        if wanted != found:
            differing[row["contact_id"]] = (wanted, found, row["reason"])
    assert differing == {}
    assert set(answers["status"]) == {"allowed", "blocked", "unknown"}


def _expected(verdicts: Mapping[str, str]) -> tuple[str, set[str], set[str]]:
    """Status, the rules behind it, and the packs that judged."""
    rules = {rule.id: (pack, rule) for pack in load_packs().values() for rule in pack.rules}
    asked = {
        rule_id: verdict for rule_id, verdict in verdicts.items() if not _is_about_recording(rules[rule_id][1].spec)
    }
    binding = {verdict for rule_id, verdict in asked.items() if rules[rule_id][1].modality in BINDING}
    by_law = {rule_id for rule_id, verdict in asked.items() if verdict != "unknown" and rules[rule_id][0].jurisdiction}
    status = "blocked" if "breach" in binding else "unknown" if "unknown" in binding or not by_law else "allowed"
    deciding = {
        rule_id for rule_id, verdict in asked.items() if verdict == ("unknown" if status == "unknown" else "breach")
    }
    return status, deciding, {rules[rule_id][0].id for rule_id, verdict in asked.items() if verdict != "unknown"}


def _is_about_recording(spec: object) -> bool:
    return isinstance(spec, Require) and spec.attribute == "recording_delay"


def _found(row: Mapping[str, Any]) -> tuple[str, set[str], set[str]]:
    return row["status"], {rule for rule in (row["rule_id"], *row["other_rules"]) if rule}, set(row["packs_asked"])
