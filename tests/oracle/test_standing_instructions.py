"""Contacts against a standing instruction, beside plain loops: when it holds, when it was known, whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.compliance.rule_kinds import ForbidWhen
from tests.oracle.test_windows import BUSY, CALLS, found, logs, many
from tests.support.contact_logs import Contact, Flag, a_rule


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


one_flag = st.tuples(
    st.sampled_from(["cease_contact", "cease_contact", "attorney", "hardship"]),
    st.integers(-48, 12 * 24),
    st.sampled_from([None, 24, 100, 400]),
    st.sampled_from([None, 0, 1, 30, 72]),
    st.sampled_from([None, None, 0, 1]),
)


def dealt(contacts: Sequence[Contact], pool: Sequence[Any]) -> list[Flag]:
    """Every debtor but each fourth gets some of the pool, counted from the first contact of the log."""
    start = min(each.at for each in contacts)
    return [
        flag_of(f"F{debtor}-{number}", debtor, start, drawn)
        for debtor in {each.debtor for each in contacts}
        if debtor % 4
        for number, drawn in enumerate(pool[debtor % 3 :: 3])
    ]


def flag_of(name: str, debtor: int, start: datetime, drawn: Any) -> Flag:
    kind, hours, lasts, learned, person = drawn
    since = start + timedelta(hours=hours)
    until = None if lasts is None else since + timedelta(hours=lasts)
    known = None if learned is None else since + timedelta(hours=learned)
    return Flag(name, debtor, kind, since, until, known, None if person is None else debtor * 10 + person)


def forbidden(contacts: Sequence[Contact], flags: Sequence[Flag], spec: ForbidWhen) -> dict[str, str]:
    """A call is in breach while a flag stands of which the lender has known for longer than the grace; where the lender
    did not know yet it is exempt. What the call lacks matters only while a known flag stands."""
    verdicts: dict[str, str] = {}
    for call in contacts:
        if (call.channel, call.direction) != ("call", "out"):
            continue
        if call.outcome == "not_connected":
            verdicts[call.id] = "exempt"
            continue
        standing = [flag for flag in flags if stands(flag, call, spec)]
        grace = timedelta(hours=spec.grace_hours)
        is_known = any(call.at - (flag.known or flag.since) > grace for flag in standing)
        is_unclear = call.outcome == "unknown" or (spec.max_days > 0 and call.local is None)
        verdicts[call.id] = (
            "ok" if not standing else "exempt" if not is_known else "unknown" if is_unclear else "breach"
        )
    return verdicts


def stands(flag: Flag, call: Contact, spec: ForbidWhen) -> bool:
    if flag.kind not in spec.flags or flag.debtor != call.debtor or flag.person not in (None, call.person):
        return False
    if not flag.since < call.at or (flag.until is not None and call.at >= flag.until):
        return False
    if not spec.max_days or call.local is None:
        return True
    return (call.local.date() - flag.since.date()).days < spec.max_days


def test_standing_instructions_agree_with_a_loop_over_the_flags(folder: Path) -> None:
    """And the draws hold every verdict, else the agreement would say little."""
    specs = [
        ForbidWhen(("cease_contact",)),
        ForbidWhen(("cease_contact", "attorney"), grace_hours=24),
        ForbidWhen(("hardship", "cease_contact"), max_days=3),
    ]
    seen: set[str] = set()

    @many
    @given(contacts=logs(), pool=st.lists(one_flag, min_size=3, max_size=9))
    def agree(contacts: list[Contact], pool: list[Any]) -> None:
        flags = dealt(contacts, pool)
        answers = found(folder, contacts, [a_rule("forbid_when", spec, CALLS, BUSY) for spec in specs], flags)
        for spec, answer in zip(specs, answers, strict=True):
            mine = forbidden(contacts, flags, spec)
            assert {name: verdict for name, (verdict, _, _) in answer.items()} == mine, spec
            seen.update(mine.values())

    agree()
    assert seen == {"breach", "ok", "exempt", "unknown"}
