"""Rule packs as values: what a pack file says, checked, before it becomes a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

Words = tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """Contacts by their attributes; an attribute without values is not looked at. Codes are those of schema.py."""

    channel: Words = ()
    direction: Words = ()
    outcome: Words = ()
    style: Words = ()
    purpose: Words = ()
    role: Words = ()
    place: Words = ()
    caller: Words = ()


@dataclass(frozen=True)
class Window:
    """`local_date`: `length` dates in a row, the contact's own included; `day`, `week`, `month`: of the calendar;
    `lifetime`; `hour`: `length` hours (quiet periods only)."""

    unit: str
    length: int = 1
    week_start: str = "mon"


@dataclass(frozen=True)
class Consent:
    """A flag that exempts for `days` dates (0: as long as the flag), ended early by a conversation about the debt."""

    flag: str
    days: int = 0
    ends_on_conversation: bool = False


@dataclass(frozen=True)
class CountCap:
    max: int
    window: Window
    scope: Words
    multi_debt: str = "own"
    collapse_threads: bool = False
    drop_misdirected: bool = False
    consent: Consent | None = None
    agreed: str = ""


@dataclass(frozen=True)
class QuietAfter:
    trigger: Filter
    period: Window
    scope: Words
    different_channel: bool = False
    multi_debt: str = "own"
    drop_misdirected: bool = False
    consent: Consent | None = None


@dataclass(frozen=True)
class AllowedHours:
    """`hours`: mon ... sun and holiday as 08:00-21:00; empty: none that day."""

    hours: Mapping[str, str]
    end_inclusive: bool
    holiday_calendar: str = ""
    agreed: str = "none"
    off_when_days_past_due_over: int = 0


@dataclass(frozen=True)
class PartyRule:
    allow_roles: Words
    deny_roles: Words
    unless_flags: Words = ()
    unless_purposes: Words = ()
    consent_flags: Words = ()
    stop_flags: Words = ()


@dataclass(frozen=True)
class ForbidWhen:
    flags: Words
    grace_hours: int = 0
    max_days: int = 0


@dataclass(frozen=True)
class Precedence:
    requires: Filter
    scope: Words
    min_count: int = 1
    within_days: int = 0
    min_age_days: int = 0


@dataclass(frozen=True)
class RespectPreferences:
    preference: str


@dataclass(frozen=True)
class Require:
    attribute: str
    one_of: Words = ()
    none_of: Words = ()
    at_most_hours: int = 0


Spec = CountCap | QuietAfter | AllowedHours | PartyRule | ForbidWhen | Precedence | RespectPreferences | Require


@dataclass(frozen=True)
class Rule:
    """One dated version of a rule. `id` has the pack's in front; `text`: the rule as it stands in the file (TOML)."""

    pack_id: str
    id: str
    kind: str
    title_en: str
    title_zh: str
    modality: str
    cite: str
    read: str
    source: str
    verified_on: date
    effective_from: date
    effective_to: date | None
    grace_until: date | None
    events: Filter
    excepted: Filter
    spec: Spec
    text: str
    note: str = ""


@dataclass(frozen=True)
class Pack:
    """One instrument. `jurisdiction`: ISO 3166, empty for the lender's own policy; `actors`: whom it binds."""

    id: str
    version: str
    title_en: str
    title_zh: str
    jurisdiction: str
    regions: Words
    strength: str
    read: str
    verified_on: date
    source: str
    effective_from: date
    effective_to: date | None
    grace_until: date | None
    supersedes: str
    withdrawn: bool
    zones: str
    actors: Words
    products: Words
    debt_types: Words
    applies_note: str
    sha256: str
    path: Path
    rules: tuple[Rule, ...] = field(default=())
