"""Whom a contact may reach, beside plain loops: allowed roles, consents, circumstances, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.compliance.rule_kinds import PartyRule, Unless
from tests.oracle.test_windows import BUSY, CALLS, found, logs, many
from tests.support.contact_logs import Contact, Flag, a_rule

ROLES = ("debtor", "guarantor", "family", "emergency_contact", "other", None)
PURPOSES = ("relay", "locate", "demand", None)
FLAGS = ("unreachable", "third_party_consent", "contact_refused", "hardship")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


one_flag = st.tuples(
    st.sampled_from(FLAGS),
    st.integers(-48, 10 * 24),
    st.sampled_from([None, None, 100]),
    st.sampled_from([None, 0, 48]),
    st.sampled_from([None, 0, 1]),
)


def told(contacts: Sequence[Contact], picks: Sequence[int]) -> list[Contact]:
    """The log with roles and purposes dealt to its contacts."""
    return [
        replace(
            each,
            role=ROLES[picks[n % len(picks)] % len(ROLES)],
            purpose=PURPOSES[(picks[n % len(picks)] + n) % len(PURPOSES)],
        )
        for n, each in enumerate(contacts)
    ]


def dealt(contacts: Sequence[Contact], pool: Sequence[Any]) -> list[Flag]:
    start = min(each.at for each in contacts)
    return [
        flag_of(f"F{debtor}-{number}", debtor, start, drawn)
        for debtor in {each.debtor for each in contacts}
        for number, drawn in enumerate(pool[debtor % 5 :: 5])
    ]


def flag_of(name: str, debtor: int, start: datetime, drawn: Any) -> Flag:
    kind, hours, lasts, learned, person = drawn
    since = start + timedelta(hours=hours)
    until = None if lasts is None else since + timedelta(hours=lasts)
    known = None if learned is None else since + timedelta(hours=learned)
    return Flag(name, debtor, kind, since, until, known, None if person is None else debtor * 10 + person)


def reached(contacts: Sequence[Contact], flags: Sequence[Flag], spec: PartyRule) -> dict[str, str]:
    return {
        call.id: verdict_of(call, flags, spec) for call in contacts if (call.channel, call.direction) == ("call", "out")
    }


def verdict_of(call: Contact, flags: Sequence[Flag], spec: PartyRule) -> str:
    """Unknown roles stay unknown; a refusal that was known beats a consent, a consent beats the circumstances."""
    if call.outcome == "not_connected":
        return "exempt"
    if call.outcome == "unknown" or call.role is None:
        return "unknown"
    if call.role in spec.allow_roles:
        return "ok"
    if call.role not in spec.deny_roles:
        return "unknown"
    standing = [
        flag
        for flag in flags
        if flag.debtor == call.debtor and flag.since <= call.at and (flag.until is None or call.at < flag.until)
    ]
    refusals = [flag for flag in standing if flag.kind in spec.stop_flags and flag.person in (None, call.person)]
    if any((flag.known or flag.since) <= call.at for flag in refusals):
        return "breach"
    if any(flag.kind in spec.consent_flags for flag in standing):
        return "exempt"
    if not any(flag.kind in spec.unless.flags for flag in standing):
        return "breach"
    if not spec.unless.purposes or call.purpose in spec.unless.purposes:
        return "exempt"
    return "unknown" if call.purpose is None else "breach"


def test_whom_a_contact_reached_agrees_with_a_loop_over_the_log(folder: Path) -> None:
    """And the draws hold every verdict, else the agreement would say little."""
    deny = ("family", "emergency_contact")
    specs = [
        PartyRule(("debtor", "guarantor"), deny),
        PartyRule(
            ("debtor",),
            (*deny, "other"),
            unless=Unless(("unreachable",), ("relay", "locate")),
            consent_flags=("third_party_consent",),
            stop_flags=("contact_refused",),
        ),
        PartyRule(("debtor",), deny, unless=Unless(("unreachable", "hardship")), stop_flags=("contact_refused",)),
    ]
    seen: set[str] = set()

    @many
    @given(
        log=logs(),
        picks=st.lists(st.integers(0, 23), min_size=7, max_size=23),
        pool=st.lists(one_flag, min_size=5, max_size=15),
    )
    def agree(log: list[Contact], picks: list[int], pool: list[Any]) -> None:
        contacts = told(log, picks)
        flags = dealt(contacts, pool)
        answers = found(folder, contacts, [a_rule("party_rule", spec, CALLS, BUSY) for spec in specs], flags)
        for spec, answer in zip(specs, answers, strict=True):
            mine = reached(contacts, flags, spec)
            assert {name: verdict for name, (verdict, _, _) in answer.items()} == mine, spec
            seen.update(mine.values())

    agree()
    assert seen == {"breach", "ok", "exempt", "unknown"}
