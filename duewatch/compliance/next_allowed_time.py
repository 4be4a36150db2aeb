"""When a blocked contact would be allowed at the earliest: each rule against it gives a time before which it does not
yield, the contact is judged anew at the last of these, and so on until no rule is against it, 90 days are over or no
time helps."""

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
    known: dict[tuple[object, ...], Span] = {}
    waiting = list(blocked)
    while waiting:
        first_of_group = {answer.placing.group: answer for answer in reversed(waiting)}
        chosen = list(first_of_group.values())
        _search(trial, chosen, allowed)
        known |= {answer.placing.alike: (answer.placing.at, answer.next_at) for answer in chosen}
        left = [answer for answer in waiting if answer not in chosen]
        waiting = []
        for answer in left:
            start, end = known.get(answer.placing.alike, (datetime.max, None))  # noqa: DTZ901 - instants are bare UTC
            if start <= answer.placing.at and (end is None or answer.placing.at <= end):
                answer.next_at = end
            else:
                waiting.append(answer)


def longest_held(trial: Trial, blocked: Sequence[Clearance]) -> dict[int, Objection]:
    """By row of the plan, which of the binding rules against it yields last: one that never does before all others.
    To be asked while the rows lie as they were judged."""
    facts = _facts(trial, blocked)
    never = datetime.max  # noqa: DTZ901 - instants are bare UTC
    held = {}
    for answer in blocked:
        binding = [each for each in answer.told if each.by.rule.modality in BINDING]
        ends = dict(zip(map(id, binding), _bounds(answer, facts), strict=True))
        held[answer.contact.row] = max(binding, key=lambda each: ends[id(each)] or never)
    return held


def _search(trial: Trial, answers: Sequence[Clearance], allowed: Sequence[Clearance]) -> None:
    origin = {answer.contact.row: answer for answer in answers}
    probes = [Clearance(a.contact, a.placing, objections=a.objections) for a in answers]
    for _ in range(ROUNDS):
        probes = [p for p in _moved(trial, probes) if p.placing.at - origin[p.contact.row].placing.at <= HORIZON]
        if not probes:
            return
        trial.judge(probes, [*allowed, *probes])
        for probe in probes:
            if probe.status == "allowed":
                origin[probe.contact.row].next_at = probe.placing.at
        probes = [probe for probe in probes if probe.status != "allowed"]


def _moved(trial: Trial, probes: Sequence[Clearance]) -> list[Clearance]:
    """Each probe at the earliest time that every rule against it leaves open; without those that no time helps."""
    facts = _facts(trial, probes)
    kept = []
    for probe in probes:
        bounds = _bounds(probe, facts)
        times = [bound for bound in bounds if bound is not None]
        if len(times) == len(bounds):
            at = probe.placing.at
            probe.placed = probe.placing.moved(max(*times, at + timedelta(minutes=1)))
            kept.append(probe)
    return kept


def _bounds(probe: Clearance, facts: Facts) -> list[datetime | None]:
    placing = probe.placing
    if probe.status == "unknown":
        wall = placing.clock.wall(placing.at)
        return [placing.clock.midnight(wall.date() + timedelta(days=1)) if wall else None]
    return [
        not_before(each.by.rule, each.by.pack.zones, each.found, placing.at, placing.clock, facts)
        for each in probe.told
        if each.by.rule.modality in BINDING
    ]


def _facts(trial: Trial, probes: Sequence[Clearance]) -> Facts:
    against = [each.found for probe in probes for each in probe.objections]
    ids = {contact_id for found in against for contact_id in found["evidence"] or ()}
    flags = {str(found["detail"]) for found in against if found["detail"]}
    return Facts(trial.bench.contact_times(sorted(ids)), trial.bench.flag_times(sorted(flags)), trial.bench.holidays())
