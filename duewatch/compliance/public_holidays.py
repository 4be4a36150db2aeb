"""Days off, and weekend days on which people work instead (holidays library), of the calendars that rules go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import holidays

from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.rule_kinds import AllowedHours

Day = tuple[str, date, str, bool]
"""Calendar, date, name, and whether people work on it."""
WORKED = "working day"


def public_holidays(rules: Iterable[Compiled], years: Iterable[int]) -> Iterator[Day]:
    """Every such day of these years, calendar by calendar."""
    chosen = sorted(set(years))
    specs = [compiled_rule.rule.spec for compiled_rule in rules]
    for calendar in sorted({s.holiday_calendar for s in specs if isinstance(s, AllowedHours) and s.holiday_calendar}):
        country, _, subdivision = calendar.partition("-")
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=chosen)
        yield from ((calendar, day, name, False) for day, name in sorted(days.items()))
        worked = sorted(day for day in days.weekend_workdays if day.year in chosen)
        yield from ((calendar, day, WORKED, True) for day in worked)
