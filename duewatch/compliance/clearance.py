"""Clears a plan of contacts: which are allowed, which clause blocks the others, and when each is next allowed.

Planned contacts stand beside the log, and the same queries judge both (engines/planned_contacts.py). Values that a plan
cannot know are assumed (plan_assumptions.py). An allowed row counts towards the later ones. A row that is blocked, or
that cannot be judged, does not count, because the contact must not be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.clearance_answer import COLUMNS, HORIZON, Clearance, row_of, shown_id
from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.contact_placement import listed, place_contacts
from duewatch.compliance.contact_plan import PlannedContact
from duewatch.compliance.next_allowed_time import find_next_times
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.plan_assumptions import begun_by_talk
from duewatch.compliance.planned_verdicts import Trial
from duewatch.compliance.rule_kinds import Require
from duewatch.compliance.rule_verdicts import SECONDS, rules_in_use
from duewatch.contract.settings import Settings
from duewatch.engines.planned_contacts import PlannedContactTables


def clear_plan(
    book: Book,
    packs: Mapping[str, Pack],
    plan: Sequence[PlannedContact],
    *,
    pack_ids: Sequence[str] = (),
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """One row (COLUMNS) per planned contact, in the plan's order. Raises RuleError for a pack that is not there."""
    rules = list(rules_in_use(packs, pack_ids, settings))
    with PlannedContactTables(book, replace(settings, query_seconds=SECONDS)) as tables:
        answers = [
            Clearance(c, readable, problem, needs_law=needs_law(rules))
            for c, readable, problem in place_contacts(tables, plan, rules, settings)
        ]
        readable = sorted((a for a in answers if a.maybe_placement), key=lambda a: (a.placement.at, a.contact.row))
        trial = Trial(tables, [compiled_rule for compiled_rule in rules if may_apply(compiled_rule, readable)])
        allowed = _settle_in_order(trial, readable)
        _name_conditions(trial, allowed)
        find_next_times(trial, [a for a in readable if a.status == "blocked"], allowed)
        data_as_of = tables.last_day()
    return pl.DataFrame([row_of(answer, data_as_of) for answer in answers], COLUMNS, orient="row")


def _settle_in_order(trial: Trial, pending: Sequence[Clearance]) -> list[Clearance]:
    """Gives every row its status; returns the allowed ones. Each round goes through a group up to its first row that is
    not allowed; the next round judges the later rows of the group again, without that row."""
    allowed: list[Clearance] = []
    while pending:
        trial.judge(pending, [*allowed, *pending])
        stopped: set[int] = set()
        later: list[Clearance] = []
        for answer in pending:
            if answer.placement.group in stopped:
                later.append(answer)
            elif answer.status == "allowed":
                answer.next_at = answer.placement.at
                allowed.append(answer)
            else:
                stopped.add(answer.placement.group)
        pending = later
    return allowed


def _name_conditions(trial: Trial, allowed: Sequence[Clearance]) -> None:
    """Adds a note to an allowed row that a conversation in an earlier row would forbid."""
    for compiled_rule in trial.rules if allowed else ():
        readings = begun_by_talk(compiled_rule.rule)
        verdicts = trial.verdicts_with(compiled_rule, allowed, allowed, readings) if readings else {}
        for answer in allowed:
            verdict = verdicts.get(answer.contact.row, {"verdict": ""})
            if verdict["verdict"] == "breach" and verdict["evidence"][0].startswith("row "):
                earlier = shown_id(verdict["evidence"][0])
                answer.notes.append(f"not if {earlier} of the plan ends in a conversation ({compiled_rule.rule.cite})")


def needs_law(rules: Sequence[Compiled]) -> bool:
    """Whether any of the packs asked is law: then the lender's own policy alone allows nothing."""
    return any(compiled_rule.pack.jurisdiction for compiled_rule in rules)


def may_apply(compiled_rule: Compiled, answers: Sequence[Clearance]) -> bool:
    """Whether the rule can apply to any row, by its country, its dates and its kind; saves queries without a result.
    A planned contact is not recorded yet, so a rule on recording never applies."""
    if isinstance(compiled_rule.rule.spec, Require) and compiled_rule.rule.spec.attribute == "recording_delay":
        return False
    days = [answer.placement.at.date() for answer in answers]
    if not days or compiled_rule.rule.effective_from > max(days) + HORIZON:
        return False
    if compiled_rule.rule.effective_to and compiled_rule.rule.effective_to < min(days) - timedelta(days=1):
        return False
    return compiled_rule.may_concern((listed(a.placement.countries), a.placement.currency) for a in answers)
