"""The process rules of `rules/process.toml`: loaded, checked, and turned into runs of the queries that judge them.

A rule of the process judges a spell, a promise, a dispute or an account as well as a contact, so its query stands under
`queries/process/` and not among the kinds of contact rules. A mistake in the file is told with its line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from duewatch.compliance.compiled_rules import FOREVER
from duewatch.compliance.packs import RULES, Touched, as_touched, project_path, toml_of
from duewatch.compliance.toml_table import TomlTable, lines_of
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import Settings
from duewatch.engines import Ask, Scalar
from duewatch.engines.query_files import Parameter, query_file

PROCESS = "process.toml"
PACK = "house"
MODALITIES = ("must", "should", "advised")
CONTACT = "contact"
JUDGED_BY: dict[str, tuple[str, tuple[str, ...]]] = {
    "first_touch": ("first_steps", ()),
    "preferred_channel": ("first_steps", ()),
    "call_without_reminder": ("call_steps", ()),
    "call_without_wait": ("call_steps", ("wait_hours",)),
    "call_after_payment": ("call_steps", ()),
    "call_after_response": ("call_steps", ()),
    "promise_recorded": ("response_steps", ("record_days",)),
    "dispute_recorded": ("response_steps", ("record_days",)),
    "hardship_recorded": ("response_steps", ("record_days",)),
    "promise_horizon": ("promise_steps", ("horizon_days",)),
    "promise_amount": ("promise_steps", ()),
    "promise_reminder": ("promise_steps", ("reminder_days",)),
    "promise_quiet": ("promise_steps", ()),
    "dispute_acknowledged": ("dispute_steps", ("ack_days",)),
    "dispute_answered": ("dispute_steps", ("answer_days",)),
    "escalation_early": ("escalation_steps", ()),
    "escalation_unprepared": ("escalation_steps", ()),
    "escalation_late": ("late_escalation", ("late_days",)),
    "letter_followed_up": ("letter_steps", ("deadline_days", "follow_days")),
    "after_payment": ("contact_steps", ("posting_days",)),
    "template_elements": ("contact_steps", ("in_messages", "in_letters")),
    "log_completeness": ("contact_steps", ()),
    "traceable": ("contact_steps", ()),
    "mandatory_fields": ("account_steps", ("fields",)),
}
"""Rule to the query under queries/process/ that judges it, and what of that query the rule sets."""
STAGES = ("early_days", "middle_days")
REQUIREMENT_ID = r"^(R[0-3]\.\d{1,2}|X[1-5])$"


@dataclass(frozen=True)
class ProcessRule:
    """One dated version of a rule. `values`: what it sets of its query; `basis`: that query, or contact."""

    name: str
    basis: str
    title_en: str
    title_zh: str
    modality: str
    requirements: tuple[str, ...]
    cite: str
    effective_from: date
    effective_to: date | None
    values: Mapping[str, Scalar]

    @property
    def id(self) -> str:
        """As findings name it; a rule of a pack has its pack's name already."""
        return self.name if self.basis == CONTACT else f"{PACK}.{self.name}"

    @property
    def set_to(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.values.items())


@dataclass(frozen=True)
class Process:
    """The file: stages and rules. `sha256` is of its text."""

    stages: Mapping[str, int]
    rules: tuple[ProcessRule, ...]
    source: str
    sha256: str


@dataclass(frozen=True)
class Run:
    """One run of a query: the rules judged by it and the days on which just these versions are in force."""

    query: str
    params: Mapping[str, Scalar]
    rules: tuple[ProcessRule, ...]
    start: date
    end: date


def load_process(path: Path | None = None) -> Process:
    """The file as it stands. Raises RuleError with the line of the first mistake."""
    return _read(as_touched(path or RULES / PROCESS))


@lru_cache(maxsize=8)
def _read(file: Touched) -> Process:
    path = file[0]
    text, content = toml_of(path)
    places = lines_of(text)
    heads = {name: lines[""] for name, lines in reversed(places.tables)}
    top = TomlTable(content, project_path(path), "file", {**heads, **places.file})
    source = top.text("source")
    stages = _stages(top.table("stages"), places.of("stages", 0))
    rules_and_lines = [_with_line(_rule, table, places.of("rule", n)) for n, table in enumerate(top.tables("rule"))]
    contact_rules = top.tables("contact_rule")
    rules_and_lines += [
        _with_line(_contact_rule, table, places.of("contact_rule", n)) for n, table in enumerate(contact_rules)
    ]
    top.done()
    _refuse_overlaps(rules_and_lines, path)
    return Process(
        stages, tuple(rule for rule, _ in rules_and_lines), source, hashlib.sha256(text.encode()).hexdigest()
    )


def _with_line(
    read_rule: Callable[[TomlTable, Mapping[str, int]], ProcessRule], table: TomlTable, lines: Mapping[str, int]
) -> tuple[ProcessRule, int]:
    """A rule and the line that it begins on."""
    return read_rule(table, lines), lines[""]


def _stages(table: TomlTable, lines: Mapping[str, int]) -> dict[str, int]:
    table.lines = lines
    stages = {name: table.number(name, least=1) for name in STAGES}
    if stages["middle_days"] <= stages["early_days"]:
        table.refuse("middle_days", stages["middle_days"], f"more than early_days ({stages['early_days']})")
    table.done()
    return stages


def _rule(table: TomlTable, lines: Mapping[str, int]) -> ProcessRule:
    table.lines = lines
    name = table.one_of("id", tuple(JUDGED_BY))
    table.where = f"{table.where}, rule {name}"
    basis, fields = JUDGED_BY[name]
    title = table.table("title")
    params = {param.name: param for param in query_file(f"process/{basis}").params}
    rule = ProcessRule(
        name,
        basis,
        title.text("en"),
        title.text("zh"),
        table.one_of("modality", MODALITIES),
        _requirements(table),
        table.text("cite"),
        table.day("effective_from"),
        table.day_or_none("effective_to"),
        {field: _value(table, params[field]) for field in fields},
    )
    table.text("note", "")
    title.done()
    table.done()
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        table.refuse("effective_to", rule.effective_to, f"a day on or after effective_from ({rule.effective_from})")
    return rule


def _value(table: TomlTable, param: Parameter) -> Scalar:
    if param.type == "integer":
        return table.number(param.name)
    words = tuple(sorted(re.findall(r"[a-z_]+", f"{param.default},{_allowed(param)}")))
    return ",".join(table.texts(param.name, words=words))


def _allowed(param: Parameter) -> str:
    """The further words that a query's header names after the colon (fields of an account); none for free lists."""
    return param.meaning.split(":")[-1].replace(" or ", ",") if ":" in param.meaning else ""


def _contact_rule(table: TomlTable, lines: Mapping[str, int]) -> ProcessRule:
    table.lines = lines
    name = table.text("id", pattern=r"[a-z]+(\.[a-z0-9_]+)+")
    rule = ProcessRule(name, CONTACT, "", "", "", _requirements(table), table.text("cite"), date(1, 1, 1), None, {})
    table.done()
    return rule


def _requirements(table: TomlTable) -> tuple[str, ...]:
    requirements = table.texts("requirements")
    for requirement in requirements:
        if not re.fullmatch(r"R[0-3]\.\d{1,2}|X[1-5]", requirement):
            table.refuse("requirements", requirement, "numbers such as R2.5 or X2 (docs/template-coverage.md)")
    return requirements


def _refuse_overlaps(rules_and_lines: list[tuple[ProcessRule, int]], path: Path) -> None:
    for name in sorted({rule.name for rule, _ in rules_and_lines}):
        versions = sorted(
            (version for version in rules_and_lines if version[0].name == name),
            key=lambda version: version[0].effective_from,
        )
        for (before, first), (after, second) in pairwise(versions):
            if before.effective_to is None or before.effective_to >= after.effective_from:
                raise RuleError(
                    f"rule {name} stands there twice for {after.effective_from} (lines {first} and {second})",
                    where=f"{project_path(path)}, line {second}",
                    next_step="give them dates that do not overlap",
                )


def runs(process: Process, settings: Settings, as_of: date) -> Iterator[Run]:
    """The runs that judge everything up to `as_of`: one a query for each span of days with the same versions."""
    for query in sorted({rule.basis for rule in process.rules} - {CONTACT}):
        rules = [rule for rule in process.rules if rule.basis == query and rule.effective_from <= as_of]
        for start, end in _spans(rules):
            holding = tuple(
                rule for rule in rules if rule.effective_from <= start and (rule.effective_to or FOREVER) >= end
            )
            yield from _compatible_runs(query, holding, process, settings, start, end, as_of)


def _compatible_runs(
    query: str,
    holding: tuple[ProcessRule, ...],
    process: Process,
    settings: Settings,
    start: date,
    end: date,
    as_of: date,
) -> Iterator[Run]:
    """Rules of one query that set the same thing differently (record_days) need a run each."""
    left = list(holding)
    while left:
        values: dict[str, Scalar] = {}
        chosen = []
        for rule in left:
            if all(values.get(name, value) == value for name, value in rule.values.items()):
                values |= rule.values
                chosen.append(rule)
        left = [rule for rule in left if rule not in chosen]
        values_of_run: dict[str, Scalar] = {
            "as_of": as_of,
            "grace_days": settings.promise_grace_days,
            "tolerance": float(settings.promise_tolerance),
            **process.stages,
            **values,
        }
        file = query_file(f"process/{query}")
        params = file.bound(
            {param.name: values_of_run[param.name] for param in file.params if param.name in values_of_run}
        )
        yield Run(f"process/{query}", params, tuple(chosen), start, end)


def _spans(rules: list[ProcessRule]) -> list[tuple[date, date]]:
    """Spans of days between which no version begins or ends."""
    starts = {rule.effective_from for rule in rules}
    starts |= {rule.effective_to + timedelta(days=1) for rule in rules if rule.effective_to}
    edges = sorted(starts)
    if not edges:
        return []
    return [(start, after - timedelta(days=1)) for start, after in zip(edges, [*edges[1:], FOREVER], strict=True)]


def with_values(process: Process, changed: Mapping[str, str]) -> Process:
    """The process with other values: `{"call_without_wait.wait_hours": "48"}`; `stages.early_days` too. Raises
    RuleError for a name or value that is none."""
    for name, text in changed.items():
        rule_name, _, field = name.partition(".")
        if rule_name == "stages":
            process = replace(process, stages=_changed_stages(process.stages, field, text))
        else:
            process = replace(process, rules=_changed_rules(process, rule_name, field, text))
    return process


def _changed_stages(stages: Mapping[str, int], field: str, text: str) -> dict[str, int]:
    return _stages(TomlTable({**stages, field: _number(text)}, "--set", "stages"), {})


def _changed_rules(process: Process, name: str, field: str, text: str) -> tuple[ProcessRule, ...]:
    fields = JUDGED_BY[name][1] if name in JUDGED_BY else ()
    if field not in fields:
        settings = [f"{rule}.{item}" for rule, (_, fields_of_rule) in JUDGED_BY.items() for item in fields_of_rule]
        raise RuleError(
            f"there is no setting '{'.'.join(part for part in (name, field) if part)}'",
            where="--set",
            next_step=f"use one of {', '.join([*settings, *(f'stages.{item}' for item in STAGES)])}",
        )
    param = next(item for item in query_file(f"process/{JUDGED_BY[name][0]}").params if item.name == field)
    new_value: Any = _number(text) if param.type == "integer" else text.split(",")
    value = _value(TomlTable({field: new_value}, "--set", "rule"), param)
    return tuple(
        replace(rule, values={**rule.values, field: value}) if rule.name == name else rule for rule in process.rules
    )


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else text


def process_verdicts(
    ask: Ask, process: Process, settings: Settings, *, as_of: date, start: date, end: date, only: Collection[str] = ()
) -> pl.DataFrame:
    """Every verdict of a period, found anew from the process as given; `only`: names of the rules wanted, empty for
    all. Columns of the queries under `queries/process/`, rule_id with its pack; sorted by rule, day and item."""
    frames = []
    for run in runs(process, settings, as_of):
        names = [rule.name for rule in run.rules if not only or rule.name in only]
        if not names or run.start > end or run.end < start:
            continue
        first, last = max(run.start, start), min(run.end, end)
        verdicts = ask(run.query, run.params).filter(
            pl.col("rule_id").is_in(names), pl.col("happened_on").is_between(first, last)
        )
        frames.append(verdicts.with_columns(pl.format(f"{PACK}.{{}}", "rule_id").alias("rule_id")))
    return pl.concat(frames).sort("rule_id", "happened_on", "item_id") if frames else pl.DataFrame()
