"""What is counted of the contact log, its findings, and balances agrees with loops over the tables: on the demo book,
and on invented ones in which everything is rare and everything happens."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duewatch.books.published import Book, current_book
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.small_books import account, bucket_of, made_book, snapshot
from tests.unit.queries.collection_books import ask
from tests.unit.queries.collection_oracle import clustered, wilson

RECOMPUTES = {
    "overdue_balance": "portfolio/book_totals",
    "book_balance": "portfolio/book_totals",
    "net_flow": "portfolio/net_flow_by_day",
    "stage_kpis": "process/stage_kpis",
    "intensity": "process/intensity",
    "last_day": "portfolio/snapshot_days",
    "contact_gaps": "data/contact_log_gaps",
    "breach_contacts": "compliance/breach_rates",
    "breach_rate": "compliance/breach_rates",
    "breach_debtors": "compliance/breach_rates",
    "not_assessable": "compliance/breach_rates",
    "open_reviews": "compliance/finding_rows",
    "verdicts": "compliance/verdicts_by_rule",
    "log_complete": "compliance/log_completeness",
    "contact_hours": "compliance/contact_hours",
    "contact_concentration": "compliance/contacts_per_debtor",
    "third_party_contacts": "compliance/third_party_contacts",
    "third_party_breaches": "compliance/third_party_contacts",
    "third_party_unknown": "compliance/third_party_contacts",
    "third_party_refused": "compliance/third_party_contacts",
    "hours_freed": "whatif/call_time",
    "arm_difference": "whatif/arms",
    "run_off": "whatif/balance_moves",
    "rules_in_force": "compliance/rules_on_day",
    "rules_primary": "compliance/rules_on_day",
    "rules_advisory": "compliance/rules_on_day",
}
"""Metric to what is called here for the number that is computed a second time."""


Row = dict[str, Any]
Tables = dict[str, list[Row]]
FROM, TO = date(2026, 9, 1), date(2026, 10, 31)
READ = (
    "accounts",
    "debtors",
    "spells",
    "overdue_stretches",
    "contacts",
    "findings",
    "verdict_counts",
    "flags",
    "assignments",
    "payments",
    "snapshots",
    "rules_run",
)
SILENT = ("not_connected", "no_answer", "undelivered", "voicemail_no_message", "unknown")


def tables_of(book: Book) -> Tables:
    with duckdb.connect(str(book.path), read_only=True) as con:
        return {name: con.sql(f"from {name}").pl().to_dicts() for name in READ}


@pytest.fixture(scope="module")
def demo(demo_book: Path) -> Iterator[tuple[DuckDBEngine, Tables]]:
    book = current_book(demo_book)
    with closing(DuckDBEngine(book, Settings())) as engine:
        yield engine, tables_of(book)


def inside(row: Row) -> bool:
    return row["local_date"] is not None and FROM <= row["local_date"] <= TO


def outbound(tables: Tables) -> list[Row]:
    return [row for row in tables["contacts"] if row["direction"] == "out" and inside(row)]


def found_on(tables: Tables, verdict: str) -> Counter[int]:
    return Counter(row["contact_key"] for row in tables["findings"] if row["verdict"] == verdict and inside(row))


def breaches(engine: DuckDBEngine, tables: Tables) -> None:
    """breach_rates and finding_rows."""
    broken, unsure = found_on(tables, "breach"), found_on(tables, "unknown")
    seen = [
        c for c in tables["contacts"] if inside(c) and (c["direction"] == "out" or c["contact_key"] in broken | unsure)
    ]
    bad = [c for c in seen if broken[c["contact_key"]]]
    (row,) = ask(engine, "compliance/breach_rates", from_date=FROM, to_date=TO)
    assert row["n_contacts"] == len(seen)
    assert row["n_breaching"] == len(bad)
    assert row["n_unknown"] == sum(1 for c in seen if unsure[c["contact_key"]] and not broken[c["contact_key"]])
    assert row["n_findings"] == sum(broken[c["contact_key"]] for c in seen)
    assert row["n_debtors_breached"] == len({c["debtor_key"] for c in bad})
    assert row["n_debtor_days_breached"] == len({(c["debtor_key"], c["local_date"]) for c in bad})
    assert row["n_midnight"] == sum(1 for c in bad if c["local_time"] == time(0))
    if seen:
        rate = len(bad) / len(seen)
        low, high = clustered([(c["debtor_key"], bool(broken[c["contact_key"]])) for c in seen])
        assert row["rate"] == pytest.approx(rate)
        assert row["rate_low"] == pytest.approx(low, abs=1e-9)
        assert row["rate_high"] == pytest.approx(high, abs=1e-9)
    else:
        assert row["rate"] is None
    for verdict in ("breach", "unknown"):
        listed = ask(engine, "compliance/finding_rows", from_date=FROM, to_date=TO, verdict=verdict)
        wanted = [f for f in tables["findings"] if f["verdict"] == verdict and inside(f)]
        assert Counter(f["finding_key"] for f in listed) == Counter(f["finding_key"] for f in wanted)


def verdicts(engine: DuckDBEngine, tables: Tables) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in tables["verdict_counts"]:
        counts[row["rule_id"], row["verdict"] if row["local_date"] else "undated"] += (
            row["n_contacts"] if row["local_date"] is None or inside(row) else 0
        )
    held = {
        rule["rule_id"]
        for rule in tables["rules_run"]
        if rule["effective_from"] <= TO and (rule["effective_to"] or date.max) >= FROM
    }
    rows = ask(engine, "compliance/verdicts_by_rule", from_date=FROM, to_date=TO)
    assert {row["rule_id"] for row in rows} == held
    for row in rows:
        for verdict in ("breach", "ok", "exempt", "unknown", "undated"):
            assert row[f"n_{verdict}"] == counts[str(row["rule_id"]), verdict]


def rules(engine: DuckDBEngine, tables: Tables) -> None:
    day = date(2026, 2, 10)
    rows = ask(engine, "compliance/rules_on_day", on_day=day)
    assert len(rows) == len(tables["rules_run"])
    wanted = {}
    for rule in tables["rules_run"]:
        state = "in_force"
        if day < rule["effective_from"]:
            state = "not_yet"
        elif rule["effective_to"] and day > rule["effective_to"]:
            state = "ended"
        elif rule["grace_until"] and day <= rule["grace_until"]:
            state = "in_grace"
        wanted[rule["rule_id"], rule["effective_from"]] = (state, rule["evidence_grade"], rule["modality"])
    found = {
        (row["rule_id"], row["effective_from"]): (row["rule_state"], row["evidence_grade"], row["modality"])
        for row in rows
    }
    assert found == wanted


def completeness(engine: DuckDBEngine, tables: Tables) -> None:
    """log_completeness and contact_log_gaps."""
    logged = [
        c
        for c in tables["contacts"]
        if c["direction"] == "out" and FROM <= (c["local_date"] or c["started_at"].date()) <= TO
    ]
    first_of: dict[tuple[Any, ...], str] = {}
    for c in sorted(logged, key=lambda c: str(c["contact_id"])):
        first_of.setdefault((c["account_key"], c["channel"], c["started_at"]), c["contact_id"])
    tests = {
        "missing_outcome": lambda c: c["outcome"] == "unknown",
        "missing_party": lambda c: c["role"] is None,
        "missing_zone": lambda c: c["local_date"] is None,
        "midnight_stamp": lambda c: c["local_time"] == time(0),
    }
    wanted: dict[str, int] = {name: sum(map(test, logged)) for name, test in tests.items()}
    wanted["complete"] = sum(1 for c in logged if not any(test(c) for test in tests.values()))
    wanted["late_entry"] = sum(map(is_late, logged))
    wanted["duplicate"] = sum(
        1 for c in logged if first_of[c["account_key"], c["channel"], c["started_at"]] != c["contact_id"]
    )
    recorded = sum(1 for c in logged if c["recorded_at"])
    rows = ask(engine, "compliance/log_completeness", from_date=FROM, to_date=TO)
    assert {row["gap"]: row["n_contacts"] for row in rows} == wanted
    for row in rows:
        whole = recorded if row["gap"] == "late_entry" else len(logged)
        assert row["share"] == (pytest.approx(wanted[str(row["gap"])] / whole) if whole else None)
    everything, spoken = tables["contacts"], [c for c in tables["contacts"] if c["channel"] in ("call", "visit")]
    gaps = {
        "missing_outcome": (sum(c["outcome"] == "unknown" for c in everything), len(everything)),
        "missing_party": (sum(c["party_role"] in (None, "unknown") for c in everything), len(everything)),
        "missing_zone": (sum(c["zone_basis"] in ("missing", "wall_only") for c in everything), len(everything)),
        "missing_collector": (sum(c["collector_id"] is None for c in spoken), len(spoken)),
        "late_entry": (sum(map(is_late, everything)), sum(1 for c in everything if c["recorded_at"])),
    }
    found = {row["gap"]: (row["n_contacts"], row["n_all"]) for row in ask(engine, "data/contact_log_gaps")}
    assert found == gaps


def is_late(c: Row) -> bool:
    return c["recorded_at"] is not None and c["recorded_at"] > c["started_at"] + timedelta(days=1)


def hours(engine: DuckDBEngine, tables: Tables) -> None:
    late = {
        f["contact_key"]
        for f in tables["findings"]
        if f["verdict"] == "breach" and f["reason"] in ("outside_hours", "outside_agreed_hours")
    }
    cells: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for c in outbound(tables):
        cell = cells[c["local_date"].isoweekday(), c["local_time"].hour if c["local_time"] else None]
        is_midnight = c["local_time"] == time(0)
        cell[0] += c["local_time"] is not None and not is_midnight
        cell[1] += c["local_time"] is not None and not is_midnight and c["contact_key"] in late
        cell[2] += is_midnight
    rows = ask(engine, "compliance/contact_hours", from_date=FROM, to_date=TO)
    found = {(row["isodow"], row["hour"]): [row["n_contacts"], row["n_breach"], row["n_midnight"]] for row in rows}
    assert found == dict(cells)


def per_debtor(engine: DuckDBEngine, tables: Tables) -> None:
    days: dict[int, Counter[date]] = defaultdict(Counter)
    for c in outbound(tables):
        days[c["debtor_key"]][c["local_date"]] += 1
    names = {row["debtor_key"]: row["debtor_id"] for row in tables["debtors"]}
    wanted = {}
    for key, counts in days.items():
        longest = 0
        for day in counts:
            length = 1
            while day + timedelta(days=length) in counts:
                length += 1
            longest = max(longest, length)
        wanted[names[key]] = (counts.total(), len(counts), longest, max(counts.values()))
    rows = ask(engine, "compliance/contacts_per_debtor", from_date=FROM, to_date=TO)
    found = {
        row["debtor_id"]: (row["n_contacts"], row["n_days"], row["longest_run"], row["most_on_a_day"]) for row in rows
    }
    assert found == wanted


def third_parties(engine: DuckDBEngine, tables: Tables) -> None:
    by_party: dict[int, set[str]] = defaultdict(set)
    for f in tables["findings"]:
        if f["kind"] == "party_rule":
            by_party[f["contact_key"]].add(f["verdict"])
    flags: dict[int, list[Row]] = defaultdict(list)
    for flag in tables["flags"]:
        flags[flag["debtor_key"]].append(flag)
    wanted = {}
    for c in outbound(tables):
        if c["role"] == "debtor" or (c["role"] is None and c["outcome"] in SILENT):
            continue
        kinds = {
            flag["kind"]
            for flag in flags[c["debtor_key"]]
            if flag["person_id"] == c["person_id"]
            and flag["valid_from"] <= c["started_at"]
            and (flag["valid_to"] is None or c["started_at"] < flag["valid_to"])
        }
        verdict = by_party[c["contact_key"]]
        standing = (
            "breach"
            if "breach" in verdict
            else "unknown_relation"
            if c["role"] in (None, "unknown")
            else "not_assessable"
            if "unknown" in verdict
            else "authorised"
            if "third_party_consent" in kinds
            else "representative"
            if c["role"] == "attorney"
            else "no_objection"
        )
        wanted[c["contact_id"]] = (standing, "contact_refused" in kinds)
    rows = ask(engine, "compliance/third_party_contacts", from_date=FROM, to_date=TO)
    assert {row["contact_id"]: (row["standing"], row["refused_before"]) for row in rows} == wanted


def call_time(engine: DuckDBEngine, tables: Tables) -> None:
    of: dict[str, list[Row]] = defaultdict(list)
    for c in tables["contacts"]:
        if c["direction"] == "out" and FROM <= (c["local_date"] or c["started_at"].date()) <= TO:
            of[c["currency"]].append(c)
    rows = ask(engine, "whatif/call_time", from_date=FROM, to_date=TO)
    assert {row["currency"] for row in rows} == set(of)
    for row in rows:
        made = of[str(row["currency"])]
        calls = [c for c in made if c["channel"] == "call"]
        timed = [c["ended_at"] - c["started_at"] for c in calls if c["ended_at"] and c["ended_at"] >= c["started_at"]]
        days = {c["local_date"] for c in calls} - {None}
        assert (row["n_contacts"], row["n_calls"], row["n_days"]) == (len(made), len(calls), len(days))
        minutes = sum(t.total_seconds() for t in timed) / 60 / len(timed) if timed else None
        assert row["minutes_mean"] == (None if minutes is None else pytest.approx(minutes))


def arms(engine: DuckDBEngine, tables: Tables) -> None:
    within, firsts = 20, {}
    for row in sorted(tables["assignments"], key=lambda a: (a["assigned_on"], str(a["collector_id"]))):
        if row["arm"] is not None:
            firsts.setdefault(row["account_key"], row)
    currency = {row["account_key"]: row["currency"] for row in tables["accounts"]}
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, first in firsts.items():
        start = first["assigned_on"]
        if not FROM <= start <= TO:
            continue
        cell = counts[currency[key], first["arm"]]
        if (TO - start).days < within:
            cell[2] += 1
            continue
        until = min(start + timedelta(days=within), TO)
        money = [
            p["net_amount"] for p in tables["payments"] if p["account_key"] == key and start < p["paid_on"] <= until
        ]
        cell[0] += 1
        cell[1] += sum(money, Decimal(0)) > 0
    rows = ask(engine, "whatif/arms", from_date=FROM, to_date=TO, within_days=within, as_of=TO)
    assert {(r["currency"], r["arm"]): [r["n_accounts"], r["n_paid"], r["n_immature"]] for r in rows} == dict(counts)


def totals(engine: DuckDBEngine, tables: Tables, day: date) -> None:
    of = {row["account_key"]: row["currency"] for row in tables["accounts"]}
    sums: dict[str, list[Any]] = defaultdict(lambda: [0, 0, Decimal(0), Decimal(0), Decimal(0)])
    for s in tables["snapshots"]:
        if s["as_of"] == day and s["status"] not in ("paid_off", "written_off"):
            cell, late = sums[of[s["account_key"]]], s["days_past_due"]
            for place, number in enumerate(
                (1, late > 0, s["balance"], s["balance"] * (late > 0), s["balance"] * (late > 90))
            ):
                cell[place] += number
    names = ("n_accounts", "n_overdue", "balance", "overdue_balance", "balance_90_plus")
    rows = ask(engine, "portfolio/book_totals", as_of=day)
    assert {row["currency"]: [row[name] for name in names] for row in rows} == dict(sums)


def moves(engine: DuckDBEngine, tables: Tables) -> None:
    """balance_moves, net_flow_by_day, book_totals and snapshot_days."""
    days = sorted({s["as_of"] for s in tables["snapshots"]})
    assert [row["as_of"] for row in ask(engine, "portfolio/snapshot_days")] == days
    for day in days:
        totals(engine, tables, day)
    if len(days) < 2:
        return
    first, last = days[-2], days[-1]
    of = {row["account_key"]: row for row in tables["accounts"]}
    at: dict[date, dict[int, Row]] = {day: {} for day in days}
    for s in tables["snapshots"]:
        at[s["as_of"]][s["account_key"]] = s
    wanted: dict[Any, list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    for key, s in at[first].items():
        if not s["state"].startswith("M"):
            continue
        then = at[last].get(key)
        owed = of[key]
        cell = wanted[owed["currency"], owed["product"], owed["branch"], s["state"], then["state"] if then else "exit"]
        cell[0] += 1
        cell[1] += s["balance"]
        cell[2] += then["balance"] if then and then["state"].startswith("M") else 0
    rows = ask(engine, "whatif/balance_moves", from_date=first, to_date=last)
    found = {
        (r["currency"], r["product"], r["branch"], r["from_bucket"], r["to_state"]): [
            r["n_accounts"],
            r["balance_from"],
            r["balance_to"],
        ]
        for r in rows
    }
    assert found == dict(wanted)
    stood: dict[Any, Decimal] = defaultdict(Decimal)
    for s in tables["snapshots"]:
        if s["state"].startswith("M"):
            stood[of[s["account_key"]]["currency"], s["as_of"], s["state"]] += s["balance"]
    for row in ask(engine, "portfolio/net_flow_by_day", from_date=days[0], to_date=last):
        before = stood[row["currency"], row["previous_day"], row["from_bucket"]]
        after = stood[row["currency"], row["as_of"], row["to_bucket"]]
        assert (row["balance_from"], row["balance_to"]) == (before, after)
        assert row["rate"] == (pytest.approx(float(after / before)) if before else None)


def prepared(engine: DuckDBEngine, tables: Tables) -> None:
    """stage_kpis, as far as it is no count of verdicts: what is known before the first call, and the first month."""
    debtor = {row["debtor_key"]: row for row in tables["debtors"]}
    of = {row["account_key"]: row for row in tables["accounts"]}
    overdue = [
        s
        for s in tables["snapshots"]
        if s["as_of"] == TO and s["days_past_due"] and s["status"] not in ("paid_off", "written_off")
    ]
    ready = 0
    for s in overdue:
        a = of[s["account_key"]]
        d = debtor[a["debtor_key"]]
        known = (d["has_name"], d["has_id_number"], d["has_phone"])
        ready += a["contract_no"] is not None and a["annual_rate"] is not None and all(known)
    wanted = {
        "data_ready": (ready, len(overdue)),
        "graded": (sum(s["risk_grade"] is not None for s in overdue), len(overdue)),
        "cause_known": (sum(s["delay_cause"] not in (None, "unknown") for s in overdue), len(overdue)),
    }
    placed = [c for c in tables["contacts"] if c["local_date"]]
    if placed:
        wanted["aware_by_7"] = _aware(tables, min(c["local_date"] for c in placed), placed)
    rows = ask(engine, "process/stage_kpis", as_of=TO, from_date=FROM, to_date=TO)
    found = {row["kpi"]: (row["n_yes"], row["n_all"]) for row in rows if row["kpi"] in wanted}
    assert found == wanted
    for row in rows:
        k, n = int(str(row["n_yes"])), int(str(row["n_all"]))
        assert row["share"] == (pytest.approx(k / n) if n else None)
        if n:
            assert (row["share_low"], row["share_high"]) == pytest.approx(wilson(k, n), abs=1e-6)


def _aware(tables: Tables, log_began: date, placed: list[Row]) -> tuple[int, int]:
    """Spells that reached their eighth day in the period, and those reached in the first seven."""
    of: dict[int, list[Row]] = defaultdict(list)
    for c in placed:
        if c["outcome"] in ("delivered", "conversation") and c["role"] in (None, "unknown", "debtor"):
            of[c["account_key"]].append(c)
    n_yes = n_all = 0
    for spell in tables["spells"]:
        start = spell["started_on"]
        eighth = start + timedelta(days=7)
        if start < log_began or not FROM <= eighth <= TO or (spell["ended_on"] or TO) < eighth:
            continue
        n_all += 1
        n_yes += any(start <= c["local_date"] < eighth for c in of[spell["account_key"]])
    return n_yes, n_all


def intensity(engine: DuckDBEngine, tables: Tables) -> None:
    """Days by walking through them one by one; attempts by the contacts' stages, which have an oracle of their own."""
    days: dict[tuple[int, str], int] = defaultdict(int)
    said: dict[int, list[tuple[Any, str]]] = defaultdict(list)
    for s in sorted(tables["snapshots"], key=lambda s: s["as_of"]):
        said[s["account_key"]].append((s["as_of"], s["state"]))
    for stretch in tables["overdue_stretches"]:
        day = max(stretch["from_on"], FROM)
        while day <= min(stretch["to_on"] or TO, TO):
            late = (day - stretch["oldest_due_on"]).days
            last_state = [state for as_of, state in said[stretch["account_key"]] if as_of <= day][-1:]
            stage = "M1" if late <= 30 else "M2-M3" if late <= 90 else "later"
            if last_state != ["paid_off"]:
                stage = "written_off" if last_state == ["written_off"] else stage
                days[stretch["account_key"], stage] += late >= 1
            day += timedelta(days=1)
    days = {key: n for key, n in days.items() if n}
    tried: Counter[Any] = Counter()
    for c in ask(engine, "process/contact_stages", as_of=TO):
        if (
            c["direction"] == "out"
            and c["is_to_debtor"]
            and c["days_past_due"] is not None
            and inside(c)
            and c["purpose"] not in (None, "reply", "statutory_notice")
        ):
            tried[c["account_key"], c["stage"]] += 1
    last: dict[int, Row] = {}
    for s in sorted(tables["snapshots"], key=lambda s: s["as_of"]):
        if s["as_of"] <= TO:
            last[s["account_key"]] = s
    cells: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (key, stage), n in days.items():
        cell = cells[stage, (last.get(key) or {}).get("risk_grade") or "unknown"]
        cell[0] += 1
        cell[1] += n
        cell[2] += tried[key, stage]
    rows = ask(engine, "process/intensity", from_date=FROM, to_date=TO, as_of=TO)
    found = {(r["stage"], r["risk_grade"]): [r["n_accounts"], r["account_days"], r["n_attempts"]] for r in rows}
    assert found == dict(cells)
    for r in rows:
        assert r["per_day"] == pytest.approx(int(str(r["n_attempts"])) / int(str(r["account_days"])))


DEMO_ALONE = (prepared, intensity)
"""These need spells, which an invented book here has not; tests/oracle walks through invented spells and stages."""
CHECKS = (breaches, verdicts, rules, completeness, hours, per_debtor, third_parties, call_time, arms, moves)


@pytest.mark.parametrize("check", [*CHECKS, *DEMO_ALONE], ids=lambda check: check.__name__)
def test_the_demo_book_agrees_with_loops_over_its_tables(check: Any, demo: tuple[DuckDBEngine, Tables]) -> None:
    check(*demo)


MINUTES = st.integers(0, 60 * 24 * 70).map(lambda n: datetime(2026, 8, 27) + timedelta(minutes=n))  # noqa: DTZ001
CONTACTS = st.lists(
    st.fixed_dictionaries(
        {
            "account_key": st.integers(1, 6),
            "at": MINUTES,
            "midnight": st.sampled_from([False, False, True]),
            "zone": st.sampled_from(["zone", "zone", "missing"]),
            "minutes": st.none() | st.integers(-1, 20),
            "recorded": st.none() | st.sampled_from([0, 10, 24 * 60, 24 * 60 + 1]),
            "channel": st.sampled_from(["call", "sms", "visit"]),
            "direction": st.sampled_from(["out", "out", "in"]),
            "outcome": st.sampled_from(["conversation", "no_answer", "unknown", "delivered"]),
            "role": st.sampled_from([None, "debtor", "family", "attorney", "unknown"]),
            "person_id": st.sampled_from([None, "P1", "P2"]),
            "collector_id": st.sampled_from([None, "K1", "K2"]),
            "twice": st.sampled_from([False, False, False, True]),
        }
    ),
    max_size=25,
)
FINDINGS = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.sampled_from(["breach", "unknown"]),
        st.sampled_from(["party_rule", "count_cap"]),
        st.sampled_from(["over_limit", "outside_hours", "third_party"]),
    ),
    max_size=15,
)
FLAGS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(["third_party_consent", "contact_refused"]),
        st.sampled_from([None, "P1", "P2"]),
        MINUTES,
        st.none() | st.integers(1, 30),
    ),
    max_size=8,
)
DAY = st.integers(0, 70).map(lambda n: date(2026, 8, 25) + timedelta(days=n))
ASSIGNED = st.lists(
    st.tuples(st.integers(1, 6), DAY, st.sampled_from(["A", "B", None]), st.sampled_from("KL")),
    max_size=10,
    unique_by=lambda row: (row[0], row[1], row[3]),
)
PAID = st.lists(st.tuples(st.integers(1, 6), DAY, st.sampled_from(["10.00", "25.50", "-10.00"])), max_size=12)
SEEN = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.integers(0, 2),
        st.sampled_from([0, 1, 31, 61, 200]),
        st.sampled_from(["0.00", "100.00", "250.10"]),
        st.sampled_from([None, None, "paid_off", "written_off"]),
    ),
    max_size=16,
    unique_by=lambda row: row[:2],
)
RULES = st.lists(
    st.tuples(
        st.sampled_from("rst"), st.integers(-300, 80), st.none() | st.integers(0, 300), st.none() | st.integers(0, 90)
    ),
    max_size=5,
    unique_by=lambda row: row[:2],
)
MONTH_ENDS = (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31))


INVENTED = {
    "contacts": CONTACTS,
    "findings": FINDINGS,
    "flags": FLAGS,
    "assigned": ASSIGNED,
    "paid": PAID,
    "seen": SEEN,
    "rules": RULES,
}
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@settings(max_examples=3, **PATIENT)  # type: ignore[arg-type]
@given(**INVENTED)
def test_an_invented_book_agrees_with_loops_over_its_tables(**invented: Any) -> None:
    agrees(**invented)


@pytest.mark.slow
@settings(max_examples=80, **PATIENT)  # type: ignore[arg-type]
@given(**INVENTED)
def test_many_invented_books_agree_with_loops_over_their_tables(**invented: Any) -> None:
    agrees(**invented)


def agrees(contacts, findings, flags, assigned, paid, seen, rules) -> None:  # type: ignore[no-untyped-def]
    made = [row for n, each in enumerate(contacts) for row in _contacts(n, each)]
    told = [row for n, each in enumerate(findings) if (row := _finding(n, each, made))]
    tables: dict[str, Any] = {
        "accounts": [
            account(
                key, debtor_key=(key + 1) // 2, debtor_id=f"D{(key + 1) // 2}", currency="USD" if key > 4 else "CNY"
            )
            for key in range(1, 7)
        ],
        "debtors": [{"debtor_key": key, "debtor_id": f"D{key}"} for key in (1, 2, 3)],
        "contacts": made,
        "findings": told,
        "verdict_counts": _counts(told),
        "flags": [_flag(n, each) for n, each in enumerate(flags)],
        "assignments": [
            dict(zip(("account_key", "assigned_on", "arm", "collector_id"), a, strict=True)) for a in assigned
        ],
        "payments": [
            {"account_key": key, "payment_id": f"P{n}", "paid_on": on, "net_amount": amount}
            for n, (key, on, amount) in enumerate(paid)
        ],
        "snapshots": [snapshot(key, MONTH_ENDS[n], days, balance, status) for key, n, days, balance, status in seen],
        "rules_run": [_rule(each) for each in rules],
    }
    assert not seen or bucket_of(31) == "M2"
    with tempfile.TemporaryDirectory() as folder:
        book = made_book(Path(folder), **tables)
        with closing(DuckDBEngine(book, Settings())) as engine:
            read = tables_of(book)
            for check in CHECKS:
                check(engine, read)


def _contacts(n: int, each: Row) -> list[Row]:
    at = each["at"].replace(hour=0, minute=0) if each["midnight"] else each["at"]
    is_placed = each["zone"] != "missing"
    row = {
        "contact_key": 2 * n,
        "contact_id": f"C{n:03d}",
        "account_key": each["account_key"],
        "debtor_key": (each["account_key"] + 1) // 2,
        "started_at": at,
        "ended_at": None if each["minutes"] is None else at + timedelta(minutes=each["minutes"]),
        "recorded_at": None if each["recorded"] is None else at + timedelta(minutes=each["recorded"]),
        "party_role": each["role"],
        "local_date": at.date() if is_placed else None,
        "local_time": at.time() if is_placed else None,
        "local_isodow": at.isoweekday() if is_placed else None,
        "zone_basis": each["zone"],
        "time_known": True,
        "currency": "USD" if each["account_key"] > 4 else "CNY",
        **{name: each[name] for name in ("channel", "direction", "outcome", "role", "person_id", "collector_id")},
    }
    return [row, {**row, "contact_key": 2 * n + 1, "contact_id": f"C{n:03d}b"}] if each["twice"] else [row]


def _finding(n: int, each: tuple[int, str, str, str], made: list[Row]) -> Row | None:
    if not made:
        return None
    c = made[each[0] % len(made)]
    return {
        "finding_key": f"F{n}",
        "contact_key": c["contact_key"],
        "contact_id": c["contact_id"],
        "account_key": c["account_key"],
        "debtor_key": c["debtor_key"],
        "verdict": each[1],
        "kind": each[2],
        "reason": each[3],
        "rule_id": "rst"[n % 3],
        "pack_id": "p",
        "local_date": c["local_date"],
        "local_time": c["local_time"],
        "started_at": c["started_at"],
    }


def _counts(findings: list[Row]) -> list[Row]:
    counts: Counter[tuple[str, str, date | None]] = Counter()
    for f in findings:
        counts[f["rule_id"], f["verdict"], f["local_date"]] += 1
        counts[f["rule_id"], "ok", f["local_date"]] += 3
    return [
        {
            "rule_id": rule,
            "verdict": verdict,
            "local_date": day,
            "n_contacts": n,
            "branch": "north",
            "product": "loan",
            "currency": "CNY",
            "channel": "call",
        }
        for (rule, verdict, day), n in counts.items()
    ]


def _flag(n: int, each: tuple[int, str, str | None, datetime, int | None]) -> Row:
    key, kind, person, since, days = each
    return {
        "debtor_key": (key + 1) // 2,
        "flag_id": f"F{n}",
        "kind": kind,
        "person_id": person,
        "valid_from": since,
        "valid_to": None if days is None else since + timedelta(days=days),
    }


def _rule(each: tuple[str, int, int | None, int | None]) -> Row:
    rule, start, lasts, grace = each
    first = date(2026, 8, 1) + timedelta(days=start)
    return {
        "rule_id": rule,
        "pack_id": "p",
        "effective_from": first,
        "modality": "must",
        "evidence_grade": "primary",
        "effective_to": None if lasts is None else first + timedelta(days=lasts),
        "grace_until": None if grace is None else first + timedelta(days=grace),
    }
