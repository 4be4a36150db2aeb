"""The eight kinds of rule and the fields that each has in a pack file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import holidays
from pydantic import AfterValidator, model_validator
from pydantic.dataclasses import dataclass

from duewatch.contract.schema import CHANNELS, FLAG_KINDS, OUTCOMES, PARTY_ROLES, PURPOSES, SOURCE_TABLES
from duewatch.contract.toml_file import CHECKED, FieldError, OneOf, PositiveNumber, Text, WholeNumber, YesNo

Words = tuple[str, ...]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
Outcome = Annotated[str, OneOf(CODES["outcome"])]
Purpose = Annotated[str, OneOf(PURPOSES)]
Role = Annotated[str, OneOf(CODES["role"])]
FlagKind = Annotated[str, OneOf(FLAG_KINDS)]
Scope = Literal["lender", "agency", "person", "debtor", "debt", "contact_point"]
MultiDebt = Literal["own", "opened", "discussed", "each"]


@dataclass(frozen=True, config=CHECKED)
class Filter:
    """Contacts by their attributes; an attribute without values is not looked at."""

    channel: tuple[Annotated[str, OneOf(CODES["channel"])], ...] = ()
    direction: tuple[Annotated[str, OneOf(CODES["direction"])], ...] = ()
    outcome: tuple[Outcome, ...] = ()
    style: tuple[Annotated[str, OneOf(CODES["style"])], ...] = ()
    purpose: tuple[Purpose, ...] = ()
    role: tuple[Role, ...] = ()
    place: tuple[Annotated[str, OneOf(CODES["place"])], ...] = ()
    caller: tuple[Annotated[str, OneOf(CODES["caller"])], ...] = ()


@dataclass(frozen=True, config=CHECKED)
class Exceptions:
    """Contacts that a rule does not judge."""

    outcome: tuple[Outcome, ...] = ()
    purpose: tuple[Purpose, ...] = ()
    role: tuple[Role, ...] = ()


@dataclass(frozen=True, config=CHECKED)
class Window:
    """A period of days or hours."""

    unit: Literal["local_date", "hour", "day", "week", "month", "lifetime"]
    """`local_date`: `length` dates in a row, the contact's own included; `day`, `week`, `month`: of the calendar;
    `lifetime`; `hour`: `length` hours (quiet periods only)."""
    length: PositiveNumber = 1
    """Dates or hours."""
    week_start: Literal["mon", "sun"] = "mon"
    """First day of a calendar week."""

    @model_validator(mode="before")
    @classmethod
    def _check_fields(cls, content: Any) -> Any:
        if isinstance(content, dict):
            has_length = content.get("unit") in ("local_date", "hour")
            if has_length and "length" not in content:
                raise FieldError("length")
            for field, belongs in (("length", has_length), ("week_start", content.get("unit") == "week")):
                if field in content and not belongs:
                    next_step = f"leave it out: {content.get('unit')} has no {field}"
                    raise FieldError(field, value=content[field], next_step=next_step)
        return content


@dataclass(frozen=True, config=CHECKED)
class Consent:
    """A flag that exempts a debtor's contacts."""

    flag: FlagKind
    days: WholeNumber = 0
    """Dates for which it exempts; 0: as long as the flag."""
    ends_on_conversation: YesNo = False
    """A conversation about the debt ends it."""


@dataclass(frozen=True, config=CHECKED)
class CountCap:
    """At most so many contacts within a window."""

    max: WholeNumber
    """The limit; 0: none is allowed."""
    window: Window
    """In which contacts are counted."""
    scope: tuple[Scope, ...]
    """What contacts that count together have in common."""
    multi_debt: MultiDebt = "own"
    """For which debts a contact about several counts."""
    collapse: Literal["thread", ""] = ""
    """`thread`: messages of one thread count once."""
    drop_misdirected: YesNo = False
    """Contacts to a number that proved wrong do not count."""
    consent: Consent | None = None
    """A flag that exempts."""
    agreed: Annotated[str, OneOf(("", *FLAG_KINDS))] = ""
    """A flag that takes the place of the limit."""
    ring_seconds: WholeNumber = 0
    """Where `except` has no_answer: a call that ended sooner is not assessable, since nobody waited for the mailbox;
    0: not looked at."""

    @model_validator(mode="after")
    def _check_unit(self) -> Self:
        if self.window.unit == "hour":
            units = "local_date, day, week, month, lifetime"
            raise FieldError("window", "unit", value="hour", next_step=f"give one of {units}")
        return self


@dataclass(frozen=True, config=CHECKED)
class QuietAfter:
    """No contact for a period after another contact."""

    trigger: Filter
    """Contacts that begin the period."""
    period: Window
    """How long it is."""
    scope: tuple[Scope, ...]
    """What both contacts have in common."""
    different_channel: YesNo = False
    """Only contacts by another channel break it."""
    multi_debt: MultiDebt = "own"
    """For which debts a contact about several counts."""
    drop_misdirected: YesNo = False
    """Contacts to a number that proved wrong do not count."""
    consent: Consent | None = None
    """A flag that exempts."""


def _hours(text: str) -> str:
    match = re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)", text)
    if text and (not match or match[1] >= match[3]):
        raise ValueError("give times such as 08:00-21:00, the second later than the first, or empty for none")
    return text


@dataclass(frozen=True, config=CHECKED)
class OffWhen:
    """When hours do not bind."""

    days_past_due_over: WholeNumber = 0
    """For accounts with more days past due; 0: they always bind."""


@dataclass(frozen=True, config=CHECKED)
class AllowedHours:
    """Contact only within hours of the debtor's clock."""

    hours: Mapping[Annotated[str, OneOf((*DAYS, "holiday"))], Annotated[Text, AfterValidator(_hours)]]
    """mon ... sun, and holiday with a calendar, as 08:00-21:00; empty: none that day."""
    end_inclusive: YesNo
    """The last minute is still allowed."""
    holiday_calendar: Text = ""
    """A country of the holidays library, such as AU or AU-NSW."""
    agreed: Literal["replace", "narrow", "none"] = "none"
    """What hours agreed with the debtor do to these."""
    off_when: OffWhen = OffWhen()
    """When these hours do not bind."""
    at_work: Annotated[Text, AfterValidator(_hours)] = ""
    """Hours of working days for contacts at the debtor's place of work, as 09:00-17:00. Outside of them such a contact
    is not assessable, since the debtor's own working hours are not in a log. Empty: as elsewhere."""

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        calendar = self.holiday_calendar
        for day in (*DAYS, "holiday") if calendar else DAYS:
            if day not in self.hours:
                raise FieldError("hours", day)
        if not calendar and "holiday" in self.hours:
            next_step = "leave it out: there is no such field without holiday_calendar"
            raise FieldError("hours", "holiday", value=self.hours["holiday"], next_step=next_step)
        if calendar and calendar.split("-")[0] not in holidays.list_supported_countries():
            next_step = "give a country of the holidays library, such as AU or AU-NSW"
            raise FieldError("holiday_calendar", value=calendar, next_step=next_step)
        return self


@dataclass(frozen=True, config=CHECKED)
class Unless:
    """Flags of the debtor that allow a contact, and the purposes for which they allow it (none: all)."""

    flags: tuple[FlagKind, ...] = ()
    purposes: tuple[Purpose, ...] = ()


@dataclass(frozen=True, config=CHECKED)
class PartyRule:
    """Whom a contact may reach."""

    allow_roles: tuple[Role, ...]
    """May be contacted. A role in neither list cannot be judged."""
    deny_roles: tuple[Role, ...]
    """May not be contacted, but for what follows."""
    unless: Unless = Unless()
    """When they may be contacted all the same."""
    consent_flags: tuple[FlagKind, ...] = ()
    """Flags by which the debtor allowed it."""
    stop_flags: tuple[FlagKind, ...] = ()
    """Flags by which the person contacted refused."""

    @model_validator(mode="after")
    def _check_roles(self) -> Self:
        if both := sorted(set(self.allow_roles) & set(self.deny_roles)):
            raise FieldError("deny_roles", value=both[0], next_step="give roles that allow_roles does not have")
        return self


@dataclass(frozen=True, config=CHECKED)
class ForbidWhen:
    """No contact while a flag stands."""

    flags: tuple[FlagKind, ...]
    grace_hours: WholeNumber = 0
    """Hours after the flag was known in which a contact is still allowed."""
    max_days: WholeNumber = 0
    """Days after which the flag no longer forbids; 0: never."""


@dataclass(frozen=True, config=CHECKED)
class Precedence:
    """Other contacts must go before."""

    requires: Filter
    """The contacts that must go before."""
    scope: tuple[Scope, ...]
    """What they have in common with the contact."""
    min_count: PositiveNumber = 1
    """How many."""
    within_days: WholeNumber = 0
    """At most so many dates before; 0: any time."""
    min_age_days: WholeNumber = 0
    """At least so many dates before; 0: any earlier one."""


@dataclass(frozen=True, config=CHECKED)
class RespectPreferences:
    """What the debtor prefers."""

    preference: Literal["preferred_channel", "agreed_hours"]


@dataclass(frozen=True, config=CHECKED)
class Require:
    """What an attribute of the contact must be."""

    attribute: Annotated[str, OneOf((*CODES, "collector", "recording_delay"))]
    one_of: Words = ()
    """Allowed values."""
    none_of: Words = ()
    """Forbidden values."""
    at_most_hours: WholeNumber | None = None
    """For recording_delay: the longest delay."""

    @model_validator(mode="after")
    def _check_values(self) -> Self:
        if self.attribute == "recording_delay":
            if self.at_most_hours is None:
                raise FieldError("at_most_hours")
        elif not (self.one_of or self.none_of):
            raise FieldError("one_of", value=[], next_step="give values, in one_of or none_of")
        codes = CODES.get(self.attribute)
        for field, values in (("one_of", self.one_of), ("none_of", self.none_of)):
            for value in values:
                if codes and value not in codes:
                    raise FieldError(field, value=value, next_step=f"give one of {', '.join(codes)}")
                if not value or "," in value:
                    raise FieldError(field, value=value, next_step="give a list of texts without commas")
        return self


Spec = CountCap | QuietAfter | AllowedHours | PartyRule | ForbidWhen | Precedence | RespectPreferences | Require
SPECS: dict[str, type[Spec]] = {
    "count_cap": CountCap,
    "quiet_after": QuietAfter,
    "allowed_hours": AllowedHours,
    "party_rule": PartyRule,
    "forbid_when": ForbidWhen,
    "precedence": Precedence,
    "respect_preferences": RespectPreferences,
    "require": Require,
}
"""Word in the file to the kind. A kind is declared here, in its class and in its query."""
