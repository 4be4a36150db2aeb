"""rules/process.toml: a mistake is one sentence with its line, and each dated version is judged on its own days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from duewatch.compliance.packs import RULES
from duewatch.compliance.process_rules import (
    JUDGED_BY,
    PROCESS,
    Process,
    ProcessRule,
    load_process,
    process_verdicts,
    runs,
    with_values,
)
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import fetch_frame
from duewatch.engines.query_files import query_file
from tests.support.process_books import FIELDS, Account, Contact, Debtor, SmallBook, Tables

TEXT = (RULES / PROCESS).read_text(encoding="utf-8")
AS_OF = date(2026, 10, 31)
SECOND = """
[[rule]]
id = "first_touch"
title = { en = "First touch", zh = "首次提醒" }
requirements = ["R2.3"]
cite = "通常"
modality = "should"
effective_from = 2026-01-01
"""


def load(folder: Path, text: str) -> Process:
    path = folder / PROCESS
    path.write_text(text, encoding="utf-8")
    return load_process(path)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(RuleError) as caught:
        load(folder, text)
    return caught.value.sentence


def changed(old: str, new: str) -> tuple[str, int]:
    """The file with one piece replaced where it first stands, and the line on which the new piece ends."""
    assert old in TEXT
    before, after = TEXT.split(old, 1)
    return before + new + after, (before + new).count("\n") + 1


def test_the_file_as_it_stands_loads_and_holds_every_rule_once() -> None:
    process = load_process()
    own = [rule.name for rule in process.rules if rule.basis != "contact"]
    assert sorted(own) == sorted(JUDGED_BY)
    assert all(rule.cite and rule.requirements for rule in process.rules)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "wait_hours = 24",
            "wait_hours = 24\ncolour = 1",
            "rule call_without_wait, line {}: there is no 'rule.colour'; use",
        ),
        ("wait_hours = 24", 'wait_hours = "24"', "line {}: rule.wait_hours is '24'; give a whole number from 0 to 87"),
        ("wait_hours = 24", "wait_hours = 24.0", "line {}: rule.wait_hours is 24.0; give a whole number from 0 to 87"),
        ("wait_hours = 24", "wait_hours = true", "line {}: rule.wait_hours is True; give a whole number from 0 to 87"),
        ("wait_hours = 24", "wait_hours = -1", "line {}: rule.wait_hours is -1; give a whole number from 0 to 87"),
        ("ack_days = 1", "answer_days = 1", "rule.ack_days is missing; add ack_days."),
        ('id = "first_touch"', 'id = "first_tuch"', "line {}: rule.id is 'first_tuch'; give one of first_touch, pref"),
        ('requirements = ["R2.2"]', 'requirements = ["R4.2"]', "line {}: rule.requirements is 'R4.2'; give numbers"),
        ('requirements = ["R2.2"]', 'requirements = "R2.2"', "line {}: rule.requirements is 'R2.2'; give a list"),
        ('modality = "should"', 'modality = "could"', "line {}: rule.modality is 'could'; give one of must, should, "),
        ("middle_days = 90", "middle_days = 30", "line {}: stages.middle_days is 30; give more than early_days"),
        ("early_days = 30", "early_days = 0", "line {}: stages.early_days is 0; give a whole number of 1 or more."),
        ("middle_days = 90", "middle_days = 90\nlate_days = 9", "line {}: there is no 'stages.late_days'; did"),
        ("effective_from = 2015-01-01", 'effective_from = "2015"', "line {}: rule.effective_from is '2015'; give a"),
        (
            "effective_from = 2015-01-01",
            "effective_from = 2015-01-01\neffective_to = 2014-12-31",
            "line {}: rule.effective_to is 2014-12-31; give a day on or after effective_from (2015-01-01).",
        ),
        ('"name", "contract_no"', '"name", "contract"', "line {}: rule.in_messages is 'contract'; give one of contra"),
        ('fields = ["name"', 'fields = ["nickname"', "line {}: rule.fields is 'nickname'; give one of address, "),
        ('id = "house.late_recording"', 'id = "late recording"', "line {}: contact_rule.id is 'late recording'; "),
        ('cite = "并及时', 'note = ""\ncite = "并及时', "there is no 'contact_rule.note'; use one of cite, "),
        ("[stages]", "[[rulez]]\n[stages]", "there is no 'rulez'; did you mean rule?"),
    ],
)
def test_a_mistake_is_told_with_file_line_value_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, wanted: str
) -> None:
    text, line = changed(old, new)
    said = refused(tmp_path, text)
    if "in_messages" in wanted:
        line -= 1  # the list begins on the line before
    assert said.startswith(PROCESS)
    assert wanted.format(line) in said
    assert ", line " in said.split(":")[0]
    assert "\n" not in said


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    text, line = changed("wait_hours = 24", "wait_hours = ")
    assert f"at line {line}" in refused(tmp_path, text)


def test_two_versions_whose_days_overlap_are_refused_with_both_lines(tmp_path: Path) -> None:
    first = TEXT[: TEXT.index('id = "first_touch"')].count("\n")
    second = TEXT.count("\n") + 2
    said = refused(tmp_path, TEXT + SECOND)
    assert said == (
        f"{PROCESS}, line {second}: rule first_touch stands there twice for 2026-01-01 (lines {first} and {second}); "
        "give them dates that do not overlap."
    )


@pytest.mark.parametrize(("last", "is_refused"), [("2025-12-31", False), ("2026-01-01", True)])
def test_one_version_may_end_on_the_day_before_the_next_begins(tmp_path: Path, last: str, is_refused: bool) -> None:
    text, _ = changed("effective_from = 2015-01-01", f"effective_from = 2015-01-01\neffective_to = {last}")
    if is_refused:
        assert "stands there twice" in refused(tmp_path, text + SECOND)
    else:
        assert sum(rule.name == "first_touch" for rule in load(tmp_path, text + SECOND).rules) == 2


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("call_without_wait.hours", "48", "no setting 'call_without_wait.hours'; use one of call_without_wait.w"),
        ("first_touch.wait_hours", "48", "there is no setting 'first_touch.wait_hours'; use one of"),
        ("nothing", "48", "there is no setting 'nothing'; use one of"),
        ("call_without_wait.wait_hours", "soon", "wait_hours is 'soon'; give a whole number from 0 to 8784."),
        ("call_without_wait.wait_hours", "-1", "wait_hours is '-1'; give a whole number from 0 to 8784."),
        ("call_without_wait.wait_hours", "", "wait_hours is ''; give a whole number from 0 to 8784."),
        ("mandatory_fields.fields", "name,nickname", "fields is 'nickname'; give one of address, annual_rate, "),
        ("template_elements.in_letters", "colour", "in_letters is 'colour'; give one of amount_split, contract_basis,"),
        ("stages.early_days", "90", "stages.middle_days is 90; give more than early_days (90)."),
        ("stages.late_days", "9", "there is no 'stages.late_days'; did you mean middle_days?"),
    ],
)
def test_a_value_that_cannot_be_tried_is_told_with_what_is_allowed(name: str, value: str, wanted: str) -> None:
    with pytest.raises(RuleError) as caught:
        with_values(load_process(), {name: value})
    assert caught.value.sentence.startswith("--set: ")
    assert wanted in caught.value.sentence


TRIED: dict[str, dict[str, int | str]] = {
    "call_without_wait": {"wait_hours": 48},
    "mandatory_fields": {"fields": "name,email"},
}


def test_a_tried_value_stands_in_every_version_and_nothing_else_changes() -> None:
    process = load_process()
    tried = with_values(
        process,
        {"call_without_wait.wait_hours": "48", "stages.early_days": "15", "mandatory_fields.fields": "name,email"},
    )
    assert tried.stages == {"early_days": 15, "middle_days": 90}
    for old, new in zip(process.rules, tried.rules, strict=True):
        own = TRIED.get(old.name)
        assert new == (replace(old, values=own) if own else old)


def versions(process: Process, name: str, *dated: tuple[date, date | None, Mapping[str, int]]) -> Process:
    """The process with one rule in these dated versions."""
    (rule,) = (each for each in process.rules if each.name == name)
    others = tuple(each for each in process.rules if each.name != name)
    made = tuple(
        replace(rule, effective_from=first, effective_to=last, values=dict(values)) for first, last, values in dated
    )
    return replace(process, rules=(*others, *made))


CHANGE = date(2026, 7, 1)
EARLIER, LATER = (date(2015, 1, 1), CHANGE - timedelta(days=1)), (CHANGE, None)


def in_force(rule: ProcessRule, day: date) -> bool:
    return rule.effective_from <= day and (rule.effective_to is None or day <= rule.effective_to)


def test_each_rule_is_run_once_for_each_of_its_days_with_its_own_values() -> None:
    """Rules of one query with unlike values, a version that follows, and a span of days without any."""
    process = with_values(load_process(), {"promise_recorded.record_days": "5"})
    process = versions(process, "call_without_wait", (*EARLIER, {"wait_hours": 24}), (*LATER, {"wait_hours": 48}))
    process = versions(
        process,
        "promise_reminder",
        (date(2026, 3, 1), date(2026, 3, 31), {"reminder_days": 1}),
        (date(2026, 5, 1), date(2026, 12, 31), {"reminder_days": 7}),
        (date(2027, 1, 1), None, {"reminder_days": 9}),
    )
    made = list(runs(process, Settings(), AS_OF))
    for day in (
        date(2015, 1, 1),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 1),
        date(2026, 6, 30),
        CHANGE,
        AS_OF,
    ):
        for rule in process.rules:
            if rule.basis == "contact":
                continue
            found = [run for run in made if rule in run.rules and run.start <= day <= run.end]
            assert len(found) == in_force(rule, day), (rule.name, day)
            for run in found:
                assert {name: run.params[name] for name in rule.values} == rule.values


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    """Two accounts, each called 30 hours after its reminder: one in June and one in July."""
    made = Tables()
    accounts = []
    contacts = [Contact("OLD", 1, datetime(2026, 5, 20, 9), date(2026, 5, 20), "fax", direction="in")]  # noqa: DTZ001
    for key, month in ((1, 6), (2, 7)):
        accounts.append(Account(key, 1, "N", Decimal("0.2"), ((date(2026, month, 1), Decimal(100)),), ()))
        reminded = datetime(2026, month, 10, 9)  # noqa: DTZ001 - UTC without offset
        called = reminded + timedelta(hours=30)
        contacts.append(Contact(f"R{key}", key, reminded, reminded.date(), "sms", purpose="reminder"))
        contacts.append(Contact(f"S{key}", key, called, called.date(), "call"))
    debtor = Debtor(1, None, "sms", frozenset(FIELDS))
    made.load(SmallBook(date(2026, 5, 1), AS_OF, (debtor,), tuple(accounts), tuple(contacts)))
    yield made
    made.close()


def waits(tables: Tables, process: Process, start: date = date(2026, 1, 1), end: date = AS_OF) -> dict[str, str]:
    def ask(name: str, params: Mapping[str, Any]) -> pl.DataFrame:
        file = query_file(name)
        return fetch_frame(tables.con, file.sql, file.bound(params))

    found = process_verdicts(
        ask, process, Settings(), as_of=AS_OF, period=(start, end), rule_names=["call_without_wait"]
    )
    return dict(zip(found["item_id"], found["verdict"], strict=True)) if found.height else {}


@pytest.mark.parametrize(
    ("earlier", "later", "wanted"),
    [
        (24, 48, {"S1": "kept", "S2": "breach"}),
        (48, 24, {"S1": "breach", "S2": "kept"}),
        (24, 24, {"S1": "kept", "S2": "kept"}),
    ],
)
def test_two_versions_of_a_rule_are_each_judged_on_their_own_days(
    tables: Tables, earlier: int, later: int, wanted: dict[str, str]
) -> None:
    dated = (*EARLIER, {"wait_hours": earlier}), (*LATER, {"wait_hours": later})
    process = versions(load_process(), "call_without_wait", *dated)
    assert waits(tables, process) == wanted
    assert waits(tables, process, start=CHANGE) == {"S2": wanted["S2"]}
    assert waits(tables, process, end=CHANGE - timedelta(days=1)) == {"S1": wanted["S1"]}


def test_days_on_which_no_version_is_in_force_are_not_judged(tables: Tables) -> None:
    gone = versions(load_process(), "call_without_wait", (*EARLIER, {"wait_hours": 48}))
    assert waits(tables, gone) == {"S1": "breach"}
    to_come = versions(load_process(), "call_without_wait", (*LATER, {"wait_hours": 48}))
    assert waits(tables, to_come) == {"S2": "breach"}
