"""Steps that must go before, and hours of the day, against plain loops written from the words of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.compliance.rule_kinds import AllowedHours, Filter, Precedence
from tests.oracle.test_windows import BUSY, CALLS, SCOPES, by_key, found, key_of, logs, many
from tests.support.contact_logs import Contact, a_rule

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TALKS = Filter(outcome=("conversation",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


def calls_of(contacts: Sequence[Contact]) -> list[Contact]:
    return [each for each in contacts if (each.channel, each.direction) == ("call", "out")]


def preceded(contacts: Sequence[Contact], spec: Precedence) -> dict[str, str]:
    """An outbound call needs `min_count` talks of its scope before it, neither too old nor too fresh by the date."""
    has_days = bool(spec.within_days or spec.min_age_days)
    verdicts: dict[str, str] = {}
    alike = by_key(contacts, spec.scope)
    for call in calls_of(contacts):
        if call.outcome == "not_connected":
            verdicts[call.id] = "exempt"
            continue
        if call.outcome == "unknown" or (has_days and call.local is None):
            verdicts[call.id] = "unknown"
            continue
        sure = possible = 0
        for other in alike[key_of(call, spec.scope)]:
            if other.outcome not in ("conversation", "unknown") or (other.at, other.id) >= (call.at, call.id):
                continue
            if has_days:
                if other.local is None or call.local is None:
                    continue
                age = (call.local.date() - other.local.date()).days
                if (spec.within_days and age > spec.within_days) or age < spec.min_age_days:
                    continue
            possible += 1
            sure += other.outcome == "conversation"
        verdicts[call.id] = "ok" if sure >= spec.min_count else "unknown" if possible >= spec.min_count else "breach"
    return verdicts


def in_hours(contacts: Sequence[Contact], spec: AllowedHours) -> dict[str, str]:
    """Whether a call began inside the hours of its local weekday. What is inside is in order whatever came of it."""
    verdicts: dict[str, str] = {}
    for call in calls_of(contacts):
        if call.outcome == "not_connected":
            verdicts[call.id] = "exempt"
        elif call.local is None:
            verdicts[call.id] = "unknown"
        elif inside(call.local.time(), spec.hours.get(WEEK[call.local.weekday()], ""), spec.end_inclusive):
            verdicts[call.id] = "ok"
        else:
            verdicts[call.id] = "unknown" if call.outcome == "unknown" else "breach"
    return verdicts


def inside(clock: time, span: str, end_inclusive: bool) -> bool:
    if not span:
        return False
    opens, closes = (time.fromisoformat(part) for part in span.split("-"))
    return opens <= clock < closes or (end_inclusive and clock == closes)


@many
@given(contacts=logs(), count=st.integers(1, 3))
def test_steps_that_must_go_before_agree_with_a_loop_over_the_log(
    folder: Path, contacts: list[Contact], count: int
) -> None:
    days = [(0, 0), (1, 0), (7, 0), (0, 1), (0, 3), (7, 2), (30, 0)]
    specs = [
        Precedence(TALKS, SCOPES[n % len(SCOPES)], min_count=count, within_days=within, min_age_days=age)
        for n, (within, age) in enumerate(days)
    ]
    answers = found(folder, contacts, [a_rule("precedence", spec, CALLS, BUSY) for spec in specs])
    for spec, answer in zip(specs, answers, strict=True):
        assert {name: verdict for name, (verdict, _, _) in answer.items()} == preceded(contacts, spec), spec


@many
@given(contacts=logs(), opens=st.integers(0, 12), closes=st.integers(13, 23), half=st.sampled_from(["00", "30"]))
def test_hours_agree_with_the_clock_on_the_wall(
    folder: Path, contacts: list[Contact], opens: int, closes: int, half: str
) -> None:
    """Over both changes of New York's clocks, with contacts on the stroke of each limit, a closed Sunday and a short
    Saturday."""
    usual = f"{opens:02}:{half}-{closes:02}:{half}"
    week = dict.fromkeys(WEEK[:5], usual) | {"sat": "10:00-14:30", "sun": ""}
    specs = [AllowedHours(week, end_inclusive) for end_inclusive in (True, False)]
    answers = found(folder, contacts, [a_rule("allowed_hours", spec, CALLS, BUSY) for spec in specs])
    for spec, answer in zip(specs, answers, strict=True):
        assert {name: verdict for name, (verdict, _, _) in answer.items()} == in_hours(contacts, spec), spec
