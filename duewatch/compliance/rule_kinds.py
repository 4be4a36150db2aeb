"""The eight kinds of rule: which fields each has in a pack, and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Callable

import holidays

from duewatch.compliance.pack_types import (
    AllowedHours,
    Consent,
    CountCap,
    Filter,
    ForbidWhen,
    PartyRule,
    Precedence,
    QuietAfter,
    Require,
    RespectPreferences,
    Spec,
    Window,
    Words,
)
from duewatch.compliance.toml_table import TomlTable
from duewatch.contract.schema import CHANNELS, FLAG_KINDS, OUTCOMES, PARTY_ROLES, PURPOSES, SOURCE_TABLES

SCOPES = ("lender", "agency", "person", "debtor", "debt", "contact_point")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MULTI_DEBT = ("own", "opened", "discussed", "each")


def _codes(column: str) -> Words:
    """The codes of a column of contacts, without `unknown`: what is not known matches no rule."""
    (codes,) = (c.codes for c in SOURCE_TABLES["contacts"].columns if c.name == column)
    return tuple(code for code in codes if code != "unknown")


CODES: dict[str, Words] = {
    "channel": CHANNELS,
    "direction": _codes("direction"),
    "outcome": tuple(code for code in OUTCOMES if code != "unknown"),
    "style": _codes("style"),
    "purpose": PURPOSES,
    "role": tuple(code for code in PARTY_ROLES if code != "unknown"),
    "place": _codes("place"),
    "caller": _codes("caller_type"),
}


def filter_of(table: TomlTable, attributes: Words = tuple(CODES)) -> Filter:
    chosen = Filter(**{name: table.texts(name, (), words=CODES[name]) for name in attributes})
    table.done()
    return chosen


def _count_cap(table: TomlTable) -> Spec:
    return CountCap(
        max=table.number("max"),
        window=_window(table.table("window"), ("local_date", "day", "week", "month", "lifetime")),
        scope=table.texts("scope", words=SCOPES),
        multi_debt=table.one_of("multi_debt", MULTI_DEBT, "own"),
        collapse_threads=table.one_of("collapse", ("thread", ""), "") == "thread",
        drop_misdirected=table.yes("drop_misdirected", False),
        consent=_consent(table),
        agreed=table.one_of("agreed", ("", *FLAG_KINDS), ""),
    )


def _quiet_after(table: TomlTable) -> Spec:
    return QuietAfter(
        trigger=filter_of(table.table("trigger")),
        period=_window(table.table("period"), ("local_date", "hour", "day", "week", "month", "lifetime")),
        scope=table.texts("scope", words=SCOPES),
        different_channel=table.yes("different_channel", False),
        multi_debt=table.one_of("multi_debt", MULTI_DEBT, "own"),
        drop_misdirected=table.yes("drop_misdirected", False),
        consent=_consent(table),
    )


def _allowed_hours(table: TomlTable) -> Spec:
    hours = table.table("hours")
    calendar = table.text("holiday_calendar", "")
    hours_by_day = {day: _checked_hours(hours, day) for day in DAYS}
    if calendar:
        hours_by_day["holiday"] = _checked_hours(hours, "holiday")
        if calendar.split("-")[0] not in holidays.list_supported_countries():
            table.refuse("holiday_calendar", calendar, "a country of the holidays library, such as AU or AU-NSW")
    hours.done()
    off = table.table("off_when", optional=True)
    spec = AllowedHours(
        hours=hours_by_day,
        end_inclusive=table.yes("end_inclusive"),
        holiday_calendar=calendar,
        agreed=table.one_of("agreed", ("replace", "narrow", "none"), "none"),
        off_when_days_past_due_over=off.number("days_past_due_over", 0),
    )
    off.done()
    return spec


def _checked_hours(hours: TomlTable, day: str) -> str:
    value = hours.text(day, pattern=".*")
    if not value:
        return ""
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", value)
    if not match or value[:5] >= value[6:]:
        hours.refuse(day, value, "times such as 08:00-21:00, the second later than the first, or empty for none")
    return value


def _party_rule(table: TomlTable) -> Spec:
    unless = table.table("unless", optional=True)
    spec = PartyRule(
        allow_roles=table.texts("allow_roles", words=CODES["role"]),
        deny_roles=table.texts("deny_roles", words=CODES["role"]),
        unless_flags=unless.texts("flags", (), words=FLAG_KINDS),
        unless_purposes=unless.texts("purposes", (), words=PURPOSES),
        consent_flags=table.texts("consent_flags", (), words=FLAG_KINDS),
        stop_flags=table.texts("stop_flags", (), words=FLAG_KINDS),
    )
    unless.done()
    both = sorted(set(spec.allow_roles) & set(spec.deny_roles))
    if both:
        table.refuse("deny_roles", both[0], "roles that allow_roles does not have")
    return spec


def _forbid_when(table: TomlTable) -> Spec:
    return ForbidWhen(
        flags=table.texts("flags", words=FLAG_KINDS),
        grace_hours=table.number("grace_hours", 0),
        max_days=table.number("max_days", 0),
    )


def _precedence(table: TomlTable) -> Spec:
    return Precedence(
        requires=filter_of(table.table("requires")),
        scope=table.texts("scope", words=SCOPES),
        min_count=table.number("min_count", 1, least=1),
        within_days=table.number("within_days", 0),
        min_age_days=table.number("min_age_days", 0),
    )


def _respect_preferences(table: TomlTable) -> Spec:
    return RespectPreferences(table.one_of("preference", ("preferred_channel", "agreed_hours")))


def _require(table: TomlTable) -> Spec:
    attribute = table.one_of("attribute", (*CODES, "collector", "recording_delay"))
    words = CODES.get(attribute, ())
    spec = Require(
        attribute,
        table.texts("one_of", (), words=words),
        table.texts("none_of", (), words=words),
        table.number("at_most_hours", 0),
    )
    if attribute == "recording_delay" and not table.has("at_most_hours"):
        table.refuse("at_most_hours", None, "a number of hours, for recording_delay")
    if attribute != "recording_delay" and not (spec.one_of or spec.none_of):
        table.refuse("one_of", [], "values, in one_of or none_of")
    return spec


def _window(table: TomlTable, units: Words) -> Window:
    unit = table.one_of("unit", units)
    shape = {"local_date": "trailing", "hour": "trailing", "lifetime": ""}.get(unit, "calendar")
    table.one_of("shape", (shape,), shape)
    length = table.number("length", least=1) if shape == "trailing" else 1
    start = table.one_of("week_start", ("mon", "sun"), "mon") if unit == "week" else "mon"
    table.done()
    return Window(unit, length, start)


def _consent(table: TomlTable) -> Consent | None:
    if not table.has("consent"):
        return None
    inner = table.table("consent")
    consent = Consent(
        inner.one_of("flag", FLAG_KINDS), inner.number("days", 0), inner.yes("ends_on_conversation", False)
    )
    inner.done()
    return consent


SPECS: dict[str, Callable[[TomlTable], Spec]] = {
    "count_cap": _count_cap,
    "quiet_after": _quiet_after,
    "allowed_hours": _allowed_hours,
    "party_rule": _party_rule,
    "forbid_when": _forbid_when,
    "precedence": _precedence,
    "respect_preferences": _respect_preferences,
    "require": _require,
}
