"""The first time at which a blocked contact is allowed. Each rule against it gives the time until which it blocks; the
contact is judged again at the latest of these times, until no rule blocks it, 90 days are over or no time helps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from duewatch.compliance.clearance_answer import BINDING, HORIZON, Clearance, Objection
from duewatch.compliance.earliest_time import Facts, not_before
from duewatch.compliance.planned_verdicts import Trial

ROUNDS = 40
"""Judgements of one contact, at most: bounds rise by days, so this many are rarely needed."""
Span = tuple[datetime, datetime | None]
"""From a planned time to the first allowed one; None: no time."""


def find_next_times(trial: Trial, blocked: Sequence[Clearance], allowed: Sequence[Clearance]) -> None:
    """Sets `next_at`, counting all that is allowed in the plan. One row of each group at a time, because blocked rows
    must not count one another; a row like one before it and between its times has the same answer."""
    answered: dict[tuple[object, ...], Span] = {}
    waiting = list(blocked)
    while waiting:
        first_of_group = {answer.placement.group: answer for answer in reversed(waiting)}
        chosen = list(first_of_group.values())
        _search(trial, chosen, allowed)
        answered |= {answer.placement.alike: (answer.placement.at, answer.next_at) for answer in chosen}
        remaining = [answer for answer in waiting if answer not in chosen]
        waiting = []
        for answer in remaining:
            start, end = answered.get(answer.placement.alike, (datetime.max, None))  # noqa: DTZ901 - instants are bare UTC
            if start <= answer.placement.at and (end is None or answer.placement.at <= end):
                answer.next_at = end
            else:
                waiting.append(answer)


def last_to_yield(trial: Trial, blocked: Sequence[Clearance]) -> dict[int, Objection]:
    """By row of the plan, which of the binding rules against it yields last: one that never does before all others.
    To be asked while the rows lie as they were judged."""
    facts = _facts(trial, blocked)
    never = datetime.max  # noqa: DTZ901 - instants are bare UTC
    last_objections = {}
    for answer in blocked:
        binding = [
            objection for objection in answer.deciding_objections if objection.compiled_rule.rule.modality in BINDING
        ]
        ends = dict(zip(map(id, binding), _bounds(answer, facts), strict=True))
        last_objections[answer.contact.row] = max(binding, key=lambda objection: ends[id(objection)] or never)
    return last_objections


def _search(trial: Trial, answers: Sequence[Clearance], allowed: Sequence[Clearance]) -> None:
    origin = {answer.contact.row: answer for answer in answers}
    probes = [Clearance(a.contact, a.placement, objections=a.objections, needs_law=a.needs_law) for a in answers]
    for _ in range(ROUNDS):
        probes = [
            p for p in _move_to_bounds(trial, probes) if p.placement.at - origin[p.contact.row].placement.at <= HORIZON
        ]
        if not probes:
            return
        trial.judge(probes, [*allowed, *probes])
        for probe in probes:
            if probe.status == "allowed":
                origin[probe.contact.row].next_at = probe.placement.at
        probes = [probe for probe in probes if probe.status != "allowed"]


def _move_to_bounds(trial: Trial, probes: Sequence[Clearance]) -> list[Clearance]:
    """Each probe at the earliest time that every rule against it leaves open; without those that no time helps."""
    facts = _facts(trial, probes)
    moved_probes = []
    for probe in probes:
        bounds = _bounds(probe, facts)
        times = [bound for bound in bounds if bound is not None]
        if len(times) == len(bounds):
            at = probe.placement.at
            probe.maybe_placement = probe.placement.moved(max(*times, at + timedelta(minutes=1)))
            moved_probes.append(probe)
    return moved_probes


def _bounds(probe: Clearance, facts: Facts) -> list[datetime | None]:
    placing = probe.placement
    if probe.status == "unknown":
        wall = placing.clock.wall(placing.at)
        return [placing.clock.midnight(wall.date() + timedelta(days=1)) if wall else None]
    return [
        not_before(
            objection.compiled_rule.rule,
            objection.compiled_rule.pack.zones,
            objection.verdict,
            placing.at,
            placing.clock,
            facts,
        )
        for objection in probe.deciding_objections
        if objection.compiled_rule.rule.modality in BINDING
    ]


def _facts(trial: Trial, probes: Sequence[Clearance]) -> Facts:
    verdicts = [objection.verdict for probe in probes for objection in probe.objections]
    ids = {contact_id for verdict in verdicts for contact_id in verdict["evidence"] or ()}
    flags = {str(verdict["detail"]) for verdict in verdicts if verdict["detail"]}
    return Facts(
        trial.tables.contact_times(sorted(ids)), trial.tables.flag_times(sorted(flags)), trial.tables.holidays()
    )
