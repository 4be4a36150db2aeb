"""The process rules of `rules/process.toml`: loaded, checked, and turned into runs of the queries that judge them.

A rule of the process judges a spell, a promise, a dispute or an account as well as a contact, so its query stands under
`queries/process/` and not among the kinds of contact rules. A mistake in the file is told with its line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, Union, get_origin

import polars as pl
from pydantic import AfterValidator, Field, create_model, model_validator
from pydantic.dataclasses import dataclass as pydantic_dataclass

from duewatch.compliance.compiled_rules import FOREVER
from duewatch.compliance.pack_types import Title
from duewatch.compliance.packs import RULES, Touched, as_touched, project_path
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import Settings
from duewatch.contract.toml_file import (
    CHECKED,
    Day,
    FieldError,
    FilledText,
    OneOf,
    PositiveNumber,
    Text,
    WholeNumber,
    check_days,
    checked,
    checked_toml,
    line_of,
    text_of,
)
from duewatch.engines import Ask, Scalar
from duewatch.engines.parameters import Parameter
from duewatch.engines.query_files import query_file

Base = TypeVar("Base")

PROCESS = "process.toml"
PACK = "house"
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


def _requirement(number: str) -> str:
    if not re.fullmatch(REQUIREMENT_ID, number):
        raise ValueError("give numbers such as R2.5 or X2 (docs/template-coverage.md)")
    return number


Requirements = tuple[Annotated[Text, AfterValidator(_requirement)], ...]


@pydantic_dataclass(frozen=True, config=CHECKED)
class Stages:
    """`[stages]`: days past due at which a stage ends."""

    early_days: PositiveNumber
    """M1 is 1 to so many days."""
    middle_days: PositiveNumber
    """M2-M3 go up to so many days."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.middle_days <= self.early_days:
            next_step = f"give more than early_days ({self.early_days})"
            raise FieldError("middle_days", value=self.middle_days, next_step=next_step)
        return self


@pydantic_dataclass(frozen=True, kw_only=True, config=CHECKED)
class RuleEntry:
    """`[[rule]]`: one dated version of a rule of the process."""

    id: Text
    """Its name: one of JUDGED_BY."""
    title: Title
    """What a breach is called."""
    modality: Literal["must", "should", "advised"]
    requirements: Requirements
    """Requirements of the template that it holds."""
    cite: FilledText
    """Words of the template."""
    effective_from: Day
    """First day in force."""
    effective_to: Day | None = None
    """Last day in force; none: open."""
    note: Text = ""

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        check_days(self.effective_from, self.effective_to)
        return self


@pydantic_dataclass(frozen=True, kw_only=True, config=CHECKED)
class ContactRuleEntry:
    """`[[contact_rule]]`: a rule of a pack that holds requirements of the template too."""

    id: Annotated[Text, Field(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")]
    """With its pack's name."""
    requirements: Requirements
    """Requirements of the template that it holds."""
    cite: FilledText
    """Words of the template."""


@pydantic_dataclass(frozen=True, kw_only=True, config=CHECKED)
class ProcessFile:
    """The file as it is written."""

    source: FilledText
    """The text that the rules come from."""
    stages: Stages
    """Where the stages end."""
    rule: tuple[RuleEntry, ...] = ()
    """A rule may come again with other dates: a dated value."""
    contact_rule: tuple[ContactRuleEntry, ...] = ()
    """Rules of packs that hold requirements too."""


@dataclass(frozen=True)
class ProcessRule:
    """One dated version of a rule."""

    name: str
    basis: str
    """The query that judges it, or `contact`."""
    title_en: str
    title_zh: str
    modality: str
    requirements: tuple[str, ...]
    """Requirements of the template that it holds."""
    cite: str
    effective_from: date
    effective_to: date | None
    values: Mapping[str, Scalar]
    """What it sets of its query."""

    @property
    def id(self) -> str:
        """As findings name it; a rule of a pack has its pack's name already."""
        return self.name if self.basis == CONTACT else f"{PACK}.{self.name}"

    @property
    def set_to(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.values.items())


@dataclass(frozen=True)
class Process:
    """The file as a value."""

    stages: Mapping[str, int]
    """Days past due at which a stage ends, by name."""
    rules: tuple[ProcessRule, ...]
    source: str
    sha256: str
    """Of the file's text."""


@dataclass(frozen=True)
class Run:
    """One run of a query."""

    query: str
    params: Mapping[str, Scalar]
    rules: tuple[ProcessRule, ...]
    """The versions that it judges."""
    start: date
    """First day on which just these versions are in force."""
    end: date
    """Last day."""


def load_process(path: Path | None = None) -> Process:
    """The file as it stands. Raises RuleError with the line of the first mistake."""
    return _read(as_touched(path or RULES / PROCESS))


@lru_cache(maxsize=8)
def _read(path_as_touched: Touched) -> Process:
    path = path_as_touched[0]
    text = text_of(path, error=RuleError, shown=project_path(path))
    file = checked_toml(text, process_file_type(), error=RuleError, shown=project_path(path))
    rules = [*map(_rule, file.rule), *map(_contact_rule, file.contact_rule)]
    places: list[tuple[str | int, ...]] = [("rule", n) for n in range(len(file.rule))]
    places += [("contact_rule", n) for n in range(len(file.contact_rule))]
    lines = [line_of(text, place) or 0 for place in places]
    _refuse_overlaps(list(zip(rules, lines, strict=True)), path)
    return Process(asdict(file.stages), tuple(rules), file.source, hashlib.sha256(text.encode()).hexdigest())


@lru_cache(maxsize=1)
def process_file_type() -> type[ProcessFile]:
    """ProcessFile in which each rule has the fields that its query leaves to it."""
    entries: Any = tuple(_entry_type(name) for name in JUDGED_BY)
    rule = Annotated[Union[entries], Field(discriminator="id")]  # noqa: UP007 - made of a tuple
    return _checked_type("ProcessFile", ProcessFile, {"rule": tuple[rule, ...]})


def _entry_type(name: str) -> type[RuleEntry]:
    return _checked_type(f"{name}_rule", RuleEntry, {"id": Literal[name], **_field_types(name)})


def _checked_type(name: str, base: type[Base], annotations: Mapping[str, Any]) -> type[Base]:
    body = {"__annotations__": dict(annotations), "__doc__": base.__doc__, "__module__": __name__}
    plain_type: Any = type(name, (base,), body)
    checked: Any = pydantic_dataclass(frozen=True, kw_only=True, config=CHECKED)(plain_type)
    return checked  # type: ignore[no-any-return]


def _field_types(rule: str) -> dict[str, Any]:
    """What a rule sets of its query, and the type of each."""
    basis, fields = JUDGED_BY[rule]
    params = {param.name: param for param in query_file(f"process/{basis}").params}
    return {field: _type_of(params[field]) for field in fields}


def _type_of(param: Parameter) -> Any:
    """A whole number of the range, or a list of the words, that the query's header allows."""
    if param.type == "integer":
        low, high = param.ends
        return Annotated[WholeNumber, Field(ge=int(low), le=int(high) if high else None)]
    return tuple[Annotated[str, OneOf(tuple(sorted(param.codes)))], ...]


def _scalar(value: int | tuple[str, ...]) -> Scalar:
    return value if isinstance(value, int) else ",".join(value)


def _rule(entry: RuleEntry) -> ProcessRule:
    basis, fields = JUDGED_BY[entry.id]
    return ProcessRule(
        entry.id,
        basis,
        entry.title.en,
        entry.title.zh,
        entry.modality,
        entry.requirements,
        entry.cite,
        entry.effective_from,
        entry.effective_to,
        {field: _scalar(getattr(entry, field)) for field in fields},
    )


def _contact_rule(entry: ContactRuleEntry) -> ProcessRule:
    return ProcessRule(entry.id, CONTACT, "", "", "", entry.requirements, entry.cite, date(1, 1, 1), None, {})


def _refuse_overlaps(rules_and_lines: list[tuple[ProcessRule, int]], path: Path) -> None:
    ordered = sorted(rules_and_lines, key=lambda item: (item[0].name, item[0].effective_from))
    for (before, first), (after, second) in pairwise(ordered):
        is_over = before.effective_to is not None and before.effective_to < after.effective_from
        if before.name == after.name and not is_over:
            raise RuleError(
                f"rule {after.name} stands there twice for {after.effective_from} (lines {first} and {second})",
                where=f"{project_path(path)}, line {second}",
                next_step="give them dates that do not overlap",
            )


def runs(process: Process, settings: Settings, as_of: date) -> Iterator[Run]:
    """The runs that judge everything up to `as_of`: one of a query for each span of days with the same versions."""
    shared: dict[str, Scalar] = {
        "as_of": as_of,
        "grace_days": settings.promise_grace_days,
        "tolerance": float(settings.promise_tolerance),
        **process.stages,
    }
    for query in sorted({rule.basis for rule in process.rules} - {CONTACT}):
        rules = [rule for rule in process.rules if rule.basis == query and rule.effective_from <= as_of]
        for start, end in _spans(rules):
            in_force = [
                rule for rule in rules if rule.effective_from <= start and (rule.effective_to or FOREVER) >= end
            ]
            for chosen, values in _compatible(in_force):
                file, given = query_file(f"process/{query}"), {**shared, **values}
                params = file.bound({param.name: given[param.name] for param in file.params if param.name in given})
                yield Run(f"process/{query}", params, chosen, start, end)


def _compatible(rules: Sequence[ProcessRule]) -> Iterator[tuple[tuple[ProcessRule, ...], Mapping[str, Scalar]]]:
    """Groups of rules that set the same values, and the values: rules of one query that set one differently
    (record_days) need a run each."""
    left = list(rules)
    while left:
        values: dict[str, Scalar] = {}
        chosen = []
        for rule in left:
            if all(values.get(name, value) == value for name, value in rule.values.items()):
                values |= rule.values
                chosen.append(rule)
        left = [rule for rule in left if rule not in chosen]
        yield tuple(chosen), values


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
    content = {"stages": {**stages, field: _number(text)}}
    return asdict(_setting({"stages": Stages}, content).stages)


def _changed_rules(process: Process, name: str, field: str, text: str) -> tuple[ProcessRule, ...]:
    types = _field_types(name) if name in JUDGED_BY else {}
    if field not in types:
        settings = [f"{rule}.{item}" for rule, (_, fields_of_rule) in JUDGED_BY.items() for item in fields_of_rule]
        raise RuleError(
            f"there is no setting '{'.'.join(part for part in (name, field) if part)}'",
            where="--set",
            next_step=f"use one of {', '.join([*settings, *(f'stages.{item}' for item in STAGES)])}",
        )
    new_value: Any = text.split(",") if get_origin(types[field]) is tuple else _number(text)
    value = _scalar(getattr(_setting({field: types[field]}, {field: new_value}), field))
    return tuple(
        replace(rule, values={**rule.values, field: value}) if rule.name == name else rule for rule in process.rules
    )


def _setting(types: Mapping[str, Any], content: Mapping[str, Any]) -> Any:
    """Content of `--set`, checked as in the file. Raises RuleError."""
    fields: Any = {name: (kind, ...) for name, kind in types.items()}
    type_ = create_model("Setting", __config__=CHECKED, **fields)
    return checked(content, type_, error=RuleError, shown="--set")


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else text


def process_verdicts(
    ask: Ask,
    process: Process,
    settings: Settings,
    *,
    as_of: date,
    period: tuple[date, date],
    rule_names: Collection[str] = (),
) -> pl.DataFrame:
    """Every verdict of a period, first and last day included, by the rules of `process` (`rule_names`: some of
    them; empty: all). Columns of the queries under `queries/process/`, with the pack in rule_id; sorted by rule, day
    and item."""
    frames = []
    for run in runs(process, settings, as_of):
        names = [rule.name for rule in run.rules if not rule_names or rule.name in rule_names]
        first, last = max(run.start, period[0]), min(run.end, period[1])
        if names and first <= last:
            verdicts = ask(run.query, run.params).filter(
                pl.col("rule_id").is_in(names), pl.col("happened_on").is_between(first, last)
            )
            frames.append(verdicts.with_columns(pl.format(f"{PACK}.{{}}", "rule_id").alias("rule_id")))
    return pl.concat(frames).sort("rule_id", "happened_on", "item_id") if frames else pl.DataFrame()
