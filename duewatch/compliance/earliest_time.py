"""The time from which a rule no longer blocks a contact, for each kind of rule. It is a lower bound: the contact is
judged again at that time, so a bound that is too early costs one more round and never a wrong answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from duewatch.compliance.debtor_clocks import DAY, Clock
from duewatch.compliance.pack_types import Rule
from duewatch.compliance.rule_kinds import (
    AllowedHours,
    CountCap,
    ForbidWhen,
    PartyRule,
    Precedence,
    QuietAfter,
    RespectPreferences,
    Window,
)
from duewatch.contract.flag_terms import terms_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Verdict = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the bounds are made of."""

    contacts: Mapping[str, tuple[date | None, datetime]]
    """Contact id to local date and instant."""
    flags: Mapping[str, tuple[date, datetime | None]]
    """Flag id to its first local day and its end (None: open)."""
    holidays: Mapping[tuple[str, date], bool]
    """Calendar and day, and whether people work on it."""


def not_before(rule: Rule, zones: str, verdict: Verdict, at: datetime, clock: Clock, facts: Facts) -> datetime | None:
    """The earliest instant after `at` at which this rule may allow it; None where no time does."""
    spec, wall = rule.spec, clock.wall(at)
    if isinstance(spec, AllowedHours):
        return _open_again(spec, zones == "all_candidates", verdict, at, clock, facts)
    if isinstance(spec, RespectPreferences):
        return _agreed_again(verdict, at, clock) if spec.preference == "agreed_hours" else None
    if isinstance(spec, QuietAfter) and spec.period.unit == "hour":
        return facts.contacts[verdict["evidence"][0]][1] + timedelta(hours=spec.period.length)
    if wall is None:
        return None
    if isinstance(spec, CountCap):
        day = _window_free(spec, verdict, wall.date(), facts)
    elif isinstance(spec, QuietAfter):
        day = _quiet_over(spec, verdict, wall.date(), facts)
    elif isinstance(spec, ForbidWhen | PartyRule):
        return _flag_over(spec, verdict, clock, facts)
    else:
        day = wall.date() + DAY if isinstance(spec, Precedence) and spec.min_age_days else None
    return clock.midnight(day) if day else None


def _window_free(spec: CountCap, verdict: Verdict, today: date, facts: Facts) -> date | None:
    """The first date on which one contact more is within the limit."""
    if spec.max == 0:
        return None
    if spec.window.unit != "local_date":
        return next_period(spec.window, today)
    leaver = verdict["evidence"][:-1][-spec.max]
    day = facts.contacts[leaver][0]
    return day + spec.window.length * DAY if day else None


def _quiet_over(spec: QuietAfter, verdict: Verdict, today: date, facts: Facts) -> date | None:
    if spec.period.unit != "local_date":
        return next_period(spec.period, today)
    day = facts.contacts[verdict["evidence"][0]][0]
    return day + spec.period.length * DAY if day else None


def next_period(window: Window, day: date) -> date | None:
    """The first date of the calendar period after the one that `day` is in; None for a lifetime."""
    if window.unit == "day":
        return day + DAY
    if window.unit == "week":
        into = day.isoweekday() % 7 if window.week_start == "sun" else day.weekday()
        return day + (7 - into) * DAY
    if window.unit == "month":
        return (day.replace(day=1) + 32 * DAY).replace(day=1)
    return None


def _flag_over(spec: ForbidWhen | PartyRule, verdict: Verdict, clock: Clock, facts: Facts) -> datetime | None:
    if verdict["detail"] not in facts.flags:
        return None
    first_day, end = facts.flags[verdict["detail"]]
    if isinstance(spec, ForbidWhen) and spec.max_days:
        worn_out = clock.midnight(first_day + spec.max_days * DAY)
        return min(worn_out, end) if end else worn_out
    return end


def _open_again(
    spec: AllowedHours, all_zones: bool, verdict: Verdict, at: datetime, clock: Clock, facts: Facts
) -> datetime | None:
    if verdict["reason"] == "outside_agreed_hours":
        return _agreed_again(verdict, at, clock)

    def opening(day: date) -> list[tuple[time, time]]:
        hours = hours_of(spec.hours.get(_day_kind(spec.holiday_calendar, day, facts), ""))
        return [hours] if hours else []

    return clock.next_opening(at, opening, end_inclusive=spec.end_inclusive, all_zones=all_zones)


def _day_kind(calendar: str, day: date, facts: Facts) -> str:
    """As clock_times.sql has it: a weekend day on which people work is like a Friday."""
    works = facts.holidays.get((calendar, day)) if calendar else None
    if works is None:
        return WEEKDAYS[day.weekday()]
    return "fri" if works and day.weekday() > WEEKDAYS.index("fri") else WEEKDAYS[day.weekday()] if works else "holiday"


def _agreed_again(verdict: Verdict, at: datetime, clock: Clock) -> datetime | None:
    """A window that goes over midnight is the end of one day and the beginning of the next."""
    windows: list[tuple[time, time]] = []
    for term in terms_of("agreed_hours", verdict["detail"]):
        assert term.opens is not None
        assert term.closes is not None
        if term.opens < term.closes:
            windows.append((term.opens, term.closes))
        else:
            windows += [(time(), term.closes), (term.opens, time.max)]
    windows.sort()
    return clock.next_opening(at, lambda _: windows, end_inclusive=True, all_zones=True) if windows else None


def hours_of(text: str) -> tuple[time, time] | None:
    """`08:00-21:00` as two times; None where it is not that."""
    opens, _, closes = text.partition("-")
    try:
        return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        return None
