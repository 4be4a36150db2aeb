"""Values of a planned contact that the plan does not give. For each rule they are chosen so that the rule applies: a
planned call has no outcome yet, so it counts for a cap on conversations and for a cap on calls that ring out.

A planned contact begins no quiet period that only a conversation begins: clear the list again once it has happened.
docs/clear.md says this to the lender."""

from __future__ import annotations

from collections.abc import Iterable

from duewatch.compliance.pack_types import Rule
from duewatch.compliance.rule_kinds import Filter, Precedence, QuietAfter, Require, Words
from duewatch.contract.schema import CHANNELS

SPOKEN = ("call", "visit")
OUTCOMES = {
    True: (
        "conversation",
        "no_answer",
        "voicemail_left",
        "third_party_answered",
        "answered_dropped",
        "voicemail_no_message",
        "not_connected",
    ),
    False: ("delivered", "undelivered"),
}
"""Likely outcomes, by whether the channel is a spoken one, the one that counts most often first."""
STYLES = {True: ("interactive", "notify"), False: ("notify", "interactive")}
PLACES = {"call": ("mobile", "home", "other", "work"), "visit": ("home", "other", "work")}
ELSEWHERE = ("other", "home", "mobile", "work")
PURPOSES = ("demand", "reminder", "promise_reminder")
CALLERS = ("human", "ai")
READ = ("outcome", "style", "purpose", "place", "caller_type")


def assumed_values(rule: Rule, channel: str) -> dict[str, str]:
    """A value for each of READ, for a contact by that channel whose plan leaves it open."""
    spoken = channel in SPOKEN
    likely: dict[str, Words] = {
        "outcome": OUTCOMES[spoken],
        "style": STYLES[spoken],
        "purpose": PURPOSES,
        "place": PLACES.get(channel, ELSEWHERE),
        "caller": CALLERS,
    }
    chosen = {name: _likely_value(values, rule, name) for name, values in likely.items()}
    chosen["caller_type"] = chosen.pop("caller")
    return chosen


def every_channel(rule: Rule) -> list[tuple[str, ...]]:
    """`assumed_values` as rows: channel, then READ."""
    return [(channel, *(assumed_values(rule, channel)[name] for name in READ)) for channel in CHANNELS]


def begun_by_talk(rule: Rule) -> list[tuple[str, ...]]:
    """The readings under which every spoken contact ends in a conversation; none where that begins no quiet period."""
    if not isinstance(rule.spec, QuietAfter) or "conversation" not in rule.spec.trigger.outcome:
        return []
    return [(row[0], "conversation" if row[0] in SPOKEN else row[1], *row[2:]) for row in every_channel(rule)]


def _likely_value(values: Words, rule: Rule, name: str) -> str:
    """The first likely value that the rule judges, does not except, and that proves nothing in the planner's favour or
    against later contacts; the likeliest where none is so."""
    rule_values, excepted = getattr(rule.events, name), getattr(rule.excepted, name)
    applies = [
        v
        for v in values
        if (not rule_values or v in rule_values) and v not in excepted and _fits_requirement(rule, name, v)
    ]
    earlier = _earlier_contacts(rule)
    return next(iter([*_without(applies, getattr(earlier, name) if earlier else ()), *applies, *values]))


def _earlier_contacts(rule: Rule) -> Filter | None:
    """The earlier contacts a rule looks for; only their outcome is still open."""
    if isinstance(rule.spec, QuietAfter):
        return Filter(outcome=rule.spec.trigger.outcome)
    return Filter(outcome=rule.spec.requires.outcome) if isinstance(rule.spec, Precedence) else None


def _fits_requirement(rule: Rule, name: str, value: str) -> bool:
    """A rule on how a contact is made is taken to be kept where the plan says nothing against it."""
    spec = rule.spec
    if not isinstance(spec, Require) or spec.attribute != name:
        return True
    return value not in spec.none_of and (not spec.one_of or value in spec.one_of)


def _without(values: Iterable[str], avoided: Words) -> list[str]:
    return [value for value in values if value not in avoided]
