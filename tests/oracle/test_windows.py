"""Caps and quiet periods against a second reckoning: plain loops over a list, written from the words of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.rule_kinds import CountCap, Filter, QuietAfter, Window
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file
from tests.support.contact_logs import Contact, Flag, a_book, a_rule, monday_of
from tests.support.draws import draws

DEBTORS = 40
CALLS = Filter(channel=("call",), direction=("out",))
BUSY = Filter(outcome=("not_connected",))
WINDOWS = [
    *(Window("local_date", length) for length in (1, 2, 7, 30)),
    Window("day"),
    Window("week"),
    Window("week", week_start="sun"),
    Window("month"),
    Window("lifetime"),
]
SCOPES = [("debt",), ("person",), ("agency", "person", "debt"), ("debtor", "contact_point"), ("lender", "debtor")]
STARTS = [datetime(2024, 2, 20, 4), datetime(2026, 3, 4, 4), datetime(2026, 10, 28, 2), datetime(2025, 12, 26, 3)]  # noqa: DTZ001
"""UTC: over 29 February, the spring and the autumn change of New York, and the turn of the year with week 53 or 1."""
NEW_YORK = ZoneInfo("America/New_York")
Verdict = tuple[str, int | None, tuple[str, ...]]

one_contact = st.tuples(
    st.integers(0, 16 * 24),
    st.sampled_from([0, 0, 30]),
    st.integers(0, 1),
    st.sampled_from(["call", "call", "sms"]),
    st.sampled_from(["out", "out", "out", "in"]),
    st.sampled_from(["no_answer", "no_answer", "conversation", "not_connected", "unknown"]),
    st.sampled_from([None, "X"]),
    st.integers(0, 1),
    st.integers(0, 19),
)


@st.composite
def logs(draw: Any) -> list[Contact]:
    """Contacts of DEBTORS debtors: drawn once as a pool and dealt out differently to each."""
    start = draw(st.sampled_from(STARTS))
    pool = draw(st.lists(one_contact, min_size=30, max_size=90))
    found: list[Contact] = []
    for debtor in range(1, DEBTORS + 1):
        for number, drawn in enumerate(pool[debtor % 7 :: 1 + debtor % 4]):
            hours, minutes, person, channel, direction, outcome, firm, point, luck = drawn
            at = start + timedelta(hours=(hours * (1 + debtor % 3)) % (16 * 24), minutes=minutes)
            local = None if (luck + debtor) % 19 == 0 else at.replace(tzinfo=ZoneInfo("UTC")).astimezone(NEW_YORK)
            found.append(
                Contact(
                    f"{(number * 7919) % 997:03}-{debtor}-{number}",
                    debtor,
                    debtor * 10 + person,
                    at,
                    local and local.replace(tzinfo=None),
                    channel,
                    direction,
                    outcome,
                    firm,
                    debtor * 10 + point,
                )
            )
    return found


def key_of(contact: Contact, scope: Sequence[str]) -> tuple[object, ...]:
    parts = {
        "lender": "",
        "agency": contact.firm or "",
        "person": contact.person,
        "debtor": contact.debtor,
        "debt": contact.debtor,
        "contact_point": contact.point,
    }
    return tuple(parts[name] for name in scope)


def by_key(contacts: Sequence[Contact], scope: Sequence[str]) -> dict[tuple[object, ...], list[Contact]]:
    found: dict[tuple[object, ...], list[Contact]] = {}
    for each in contacts:
        found.setdefault(key_of(each, scope), []).append(each)
    return found


def together(earlier: date, day: date, window: Window) -> bool:
    """Whether two local dates stand in one window that ends with the second."""
    if window.unit == "local_date":
        return earlier > day - timedelta(days=window.length)
    if window.unit == "week" and window.week_start == "sun":
        return monday_of(earlier + timedelta(days=1)) == monday_of(day + timedelta(days=1))
    if window.unit == "week":
        return monday_of(earlier) == monday_of(day)
    if window.unit == "month":
        return (earlier.year, earlier.month) == (day.year, day.month)
    return window.unit == "lifetime" or earlier == day


def capped(contacts: Sequence[Contact], spec: CountCap) -> dict[str, Verdict]:
    """Verdict, count and evidence of every outbound call, by going through all contacts for each."""
    calls = [each for each in contacts if (each.channel, each.direction) == ("call", "out")]
    alike = by_key(calls, spec.scope)
    verdicts: dict[str, Verdict] = {}
    for call in calls:
        if call.outcome == "not_connected":
            verdicts[call.id] = ("exempt", None, (call.id,))
            continue
        if call.outcome == "unknown" or call.local is None:
            verdicts[call.id] = ("unknown", None, (call.id,))
            continue
        order = (call.local.date(), call.at, call.id)
        window = sorted(
            (each.local.date(), each.at, each.id, each.outcome != "unknown")
            for each in alike[key_of(call, spec.scope)]
            if each.local is not None
            and each.outcome != "not_connected"
            and together(each.local.date(), call.local.date(), spec.window)
            and (each.local.date(), each.at, each.id) <= order
        )
        n_sure = sum(is_sure for *_, is_sure in window)
        if n_sure > spec.max:
            verdicts[call.id] = ("breach", n_sure, tuple(name for _, _, name, _ in window))
        else:
            verdicts[call.id] = ("unknown" if len(window) > spec.max else "ok", None, (call.id,))
    return verdicts


def quietened(contacts: Sequence[Contact], spec: QuietAfter) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    alike = by_key(contacts, spec.scope)
    for call in contacts:
        if (call.channel, call.direction) != ("call", "out"):
            continue
        verdict = "ok"
        if call.outcome == "not_connected":
            verdict = "exempt"
        elif call.outcome == "unknown" or (call.local is None and spec.period.unit != "lifetime"):
            verdict = "unknown"
        else:
            before = [
                each
                for each in alike[key_of(call, spec.scope)]
                if each.channel == "call"
                and each.outcome in ("conversation", "unknown")
                and (each.at, each.id) < (call.at, call.id)
                and (
                    spec.period.unit == "lifetime"
                    or (
                        each.local is not None
                        and call.local is not None
                        and together(each.local.date(), call.local.date(), spec.period)
                    )
                )
            ]
            if any(each.outcome == "conversation" for each in before):
                verdict = "breach"
            elif before:
                verdict = "unknown"
        verdicts[call.id] = (verdict, None, (call.id,))
    return verdicts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


def found(
    folder: Path, contacts: Sequence[Contact], rules: Sequence[Compiled], flags: Sequence[Flag] = ()
) -> list[dict[str, Verdict]]:
    """What the queries say of the same contacts, rule by rule."""
    ids = {key: each.id for key, each in enumerate(contacts, 1)}
    engine = DuckDBEngine(a_book(folder, contacts, flags), Settings(query_seconds=120))
    try:
        answers = []
        for each in rules:
            frame = engine.run_query(query_file(each.query), each.params, WHOLE_BOOK)
            assert frame.height == frame["contact_key"].n_unique()
            answers.append(
                {
                    ids[row["contact_key"]]: (
                        row["verdict"],
                        row["counted"] if row["verdict"] == "breach" else None,
                        tuple(row["evidence"]) if row["verdict"] == "breach" else (ids[row["contact_key"]],),
                    )
                    for row in frame.iter_rows(named=True)
                }
            )
        return answers
    finally:
        engine.close()


many = draws(12, derandomize=True)


@many
@given(contacts=logs(), limit=st.integers(0, 4))
def test_caps_agree_with_a_loop_over_the_log(folder: Path, contacts: list[Contact], limit: int) -> None:
    """12 draws x 40 debtors x windows and scopes: every verdict, every count, every list of evidence."""
    specs = [CountCap(limit, window, SCOPES[n % len(SCOPES)]) for n, window in enumerate(WINDOWS)]
    specs += [CountCap(limit, Window("local_date", 7), scope) for scope in SCOPES]
    answers = found(folder, contacts, [a_rule("count_cap", spec, CALLS, BUSY) for spec in specs])
    for spec, answer in zip(specs, answers, strict=True):
        assert answer == capped(contacts, spec), spec


@many
@given(contacts=logs())
def test_quiet_periods_agree_with_a_loop_over_the_log(folder: Path, contacts: list[Contact]) -> None:
    trigger = Filter(channel=("call",), outcome=("conversation",))
    specs = [QuietAfter(trigger, window, SCOPES[n % len(SCOPES)]) for n, window in enumerate(WINDOWS)]
    answers = found(folder, contacts, [a_rule("quiet_after", spec, CALLS, BUSY) for spec in specs])
    for spec, answer in zip(specs, answers, strict=True):
        told = {name: verdict for name, (verdict, _, _) in answer.items()}
        assert told == {name: verdict for name, (verdict, _, _) in quietened(contacts, spec).items()}, spec


@many
@given(contacts=logs(), limit=st.integers(0, 3), seed=st.randoms(use_true_random=False))
def test_what_must_hold_of_any_cap(folder: Path, contacts: list[Contact], limit: int, seed: Any) -> None:
    """A higher limit never adds a breach, and the order in which rows are stored changes nothing."""
    specs = [CountCap(limit + more, Window("local_date", 7), ("debt",)) for more in (0, 1)]
    rules = [a_rule("count_cap", spec, CALLS, BUSY) for spec in specs]
    strict, lax = found(folder, contacts, rules)
    assert {n for n, v in lax.items() if v[0] == "breach"} <= {n for n, v in strict.items() if v[0] == "breach"}
    shuffled = list(contacts)
    seed.shuffle(shuffled)
    assert found(folder, shuffled, rules) == [strict, lax]
