"""Steps of a month between snapshot days: the one rule, which `queries/portfolio/month_days.sql` says in SQL.

A month back is the same day of the month before; a month's last day stands for a month's last day. The snapshot day
nearest to it stands for it; of two as near, the earlier. So daily snapshots have steps of a month, never of a day, and
month-ends, last business days and firsts of the next month are steps of a month alike.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta


def month_before(day: date, months: int) -> date:
    """The same day so many months earlier; a month's last day for a month's last day."""
    is_last = (day + timedelta(days=1)).day == 1
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, length if is_last else min(day.day, length))


def month_days(days: Iterable[date], last: date) -> dict[int, date]:
    """Months before the snapshot day `last` to the snapshot day that stands for that month, 0 first. A month that no
    day is nearest to is not there."""
    standing: dict[int, date] = {}
    for day in sorted(day for day in days if day <= last):
        about = (last.year - day.year) * 12 + last.month - day.month
        back = min((about + 1, about, about - 1), key=lambda months: abs(month_before(last, months) - day))
        known = standing.get(back)
        if known is None or abs(day - month_before(last, back)) < abs(known - month_before(last, back)):
            standing[back] = day
    return dict(sorted(standing.items()))


def step_start(days: Sequence[date], day: date) -> date | None:
    """The snapshot day from which the step to `day` begins: a month before it, or more where no snapshot stands for
    that month. None where no snapshot lies so far back."""
    return next((start for back, start in month_days(days, day).items() if back), None)


def steps_start(days: Sequence[date], day: date, steps: int) -> date:
    """The snapshot day from which the last so many monthly steps to `day` begin, or as many of them as there are."""
    return [start for back, start in month_days(days, day).items() if back <= steps][-1]
