"""The next allowed contact of each account by each channel. Judged like a plan (clearance.py), but no contact counts
towards another, because they are alternatives.

Each is planned at the first moment of a day in the debtor's first zone, so the result is the first allowed time of that
day or the first after it. Where it is later, the clause shown is the one that allows the contact last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.clearance import may_apply, needs_law
from duewatch.compliance.clearance_answer import Clearance, Objection
from duewatch.compliance.contact_placement import Placement, place_contacts
from duewatch.compliance.contact_plan import planned_contacts
from duewatch.compliance.next_allowed_time import find_next_times, last_to_yield
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.planned_verdicts import Trial, no_progress
from duewatch.compliance.rule_verdicts import SECONDS, rules_in_use
from duewatch.compliance.verdict_reasons import sentence
from duewatch.contract.settings import Settings
from duewatch.engines.planned_contacts import PlannedContactTables

COLUMNS: dict[str, Any] = {
    "account_id": pl.String,
    "channel": pl.String,
    "clearance": pl.String,
    "next_at": pl.String,
    "next_on": pl.Date,
    "rule_id": pl.String,
    "cite": pl.String,
    "modality": pl.String,
    "title_en": pl.String,
    "title_zh": pl.String,
    "reason_en": pl.String,
    "reason_zh": pl.String,
}
"""`clearance`: today (allowed on the day, from next_at on), later, never (not within 90 days) or unknown (a value that
decides is missing). `next_at`: ISO 8601 with the offset of the debtor's zone, where that is known. The rule is the one
that forbids it until then, or cannot be judged; none where the whole day is open."""
Way = tuple[str, str]
"""Account and channel."""


def next_contacts(
    book: Book,
    packs: Mapping[str, Pack],
    ways: Sequence[Way],
    *,
    on_day: date,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    progress: Callable[[float], None] = no_progress,
) -> pl.DataFrame:
    """One row (COLUMNS) per way, in their order. `progress` is called with the share of the rules that have run."""
    plan = planned_contacts(
        {"account_id": account, "planned_at": f"{on_day}T00:00", "channel": channel} for account, channel in ways
    )
    rules = list(rules_in_use(packs, (), settings))
    objections: dict[int, Objection] = {}
    with PlannedContactTables(book, replace(settings, query_seconds=SECONDS)) as tables:
        answers = [
            Clearance(c, readable and _as_instant(readable), problem, needs_law=needs_law(rules))
            for c, readable, problem in place_contacts(tables, plan, rules, settings)
        ]
        readable = [answer for answer in answers if answer.maybe_placement]
        trial = Trial(tables, [compiled_rule for compiled_rule in rules if may_apply(compiled_rule, readable)])
        waves = _waves(readable)
        for number, wave in enumerate(waves):
            objections |= _settle_wave(trial, wave, partial(_report_progress, progress, number, len(waves)))
    rows = [_row(answer, objections.get(answer.contact.row), on_day) for answer in answers]
    return pl.DataFrame(rows, COLUMNS, orient="row")


def _as_instant(placing: Placement) -> Placement:
    """The same moment as an instant and no longer as wall time: where a debtor may be in several zones, it must be
    allowed in each that the rule asks about; where none is known no rule on hours or days can be judged, as nobody
    can tell when it is eight o'clock there."""
    return replace(placing, clock=replace(placing.clock, is_wall=False))


def _waves(answers: Sequence[Clearance]) -> list[list[Clearance]]:
    """In each wave at most one of those that may count together."""
    nth: dict[int, int] = {}
    waves: dict[int, list[Clearance]] = {}
    for answer in answers:
        number = nth[answer.placement.group] = nth.get(answer.placement.group, -1) + 1
        waves.setdefault(number, []).append(answer)
    return list(waves.values())


def _settle_wave(trial: Trial, wave: Sequence[Clearance], progress: Callable[[float], None]) -> dict[int, Objection]:
    """Sets every next time of a wave; gives the objection that holds each blocked row longest."""
    trial.judge(wave, wave, progress)
    for answer in wave:
        if answer.status == "allowed":
            answer.next_at = answer.placement.at
    blocked = [answer for answer in wave if answer.status == "blocked"]
    held = last_to_yield(trial, blocked) if blocked else {}
    find_next_times(trial, blocked, ())
    return held


def _report_progress(progress: Callable[[float], None], begun: int, waves: int, share: float) -> None:
    progress((begun + share) / waves)


def _row(answer: Clearance, held: Objection | None, on_day: date) -> tuple[Any, ...]:
    objection = held or (
        answer.deciding_objections[0] if answer.status == "unknown" and answer.deciding_objections else None
    )
    next_at = _local_text(answer.placement, answer.next_at) if answer.maybe_placement and answer.next_at else None
    next_on = date.fromisoformat(next_at[:10]) if next_at else None
    rule = objection.compiled_rule.rule if objection else None
    reasons: list[str | None] = [answer.problem or None] * 2
    if objection or (answer.status == "unknown" and not answer.problem):
        finding = objection.verdict if objection else answer.without_law
        reasons = [sentence(finding, language) for language in ("en", "zh")]
    return (
        answer.contact["account_id"],
        answer.contact["channel"],
        _clearance(answer, next_on, on_day),
        next_at,
        next_on,
        rule and rule.id,
        rule and rule.cite,
        rule and rule.modality,
        rule and rule.title_en,
        rule and rule.title_zh,
        *reasons,
    )


def _local_text(placing: Placement, at: datetime) -> str:
    """With the offset of the debtor's zone; without a zone the bare day and time that were asked about."""
    return placing.clock.local_text(at) if placing.clock.zones else at.isoformat()


def _clearance(answer: Clearance, next_on: date | None, on_day: date) -> str:
    if answer.status == "unknown":
        return "unknown"
    if next_on is None:
        return "never"
    return "today" if next_on <= on_day else "later"
