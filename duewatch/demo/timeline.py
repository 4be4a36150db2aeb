"""Days as numbers: day 0 is the first day of the window; months, weekends, paydays and zone offsets by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86_400
MONTHS_BEFORE = 26
MONTHS_AFTER = 28


def month_after(day: date, months: int) -> date:
    """First day of the month that lies `months` after the month of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Timeline:
    """`months` whole months that end on `as_of`."""

    months: int
    as_of: date
    paydays: tuple[int, ...]

    @cached_property
    def start(self) -> date:
        return month_after(self.as_of, 1 - self.months)

    @cached_property
    def n_days(self) -> int:
        return (self.as_of - self.start).days + 1

    @cached_property
    def month_starts(self) -> Ints:
        """Day number of the first of each month, from MONTHS_BEFORE months before the window."""
        firsts = [month_after(self.start, m) for m in range(-MONTHS_BEFORE, self.months + MONTHS_AFTER)]
        return np.array([(first - self.start).days for first in firsts], dtype=np.int64)

    def month_start(self, month: Ints) -> Ints:
        """Day number of the first of a month counted from the window's first month."""
        days: Ints = self.month_starts[month + MONTHS_BEFORE]
        return days

    @cached_property
    def month_ends(self) -> list[int]:
        return [int(day) - 1 for day in self.month_starts[MONTHS_BEFORE + 1 : MONTHS_BEFORE + 1 + self.months]]

    def date_of(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def day_of(self, day: date) -> int:
        return (day - self.start).days

    def is_weekend(self, day: int) -> bool:
        return self.date_of(day).weekday() >= 5

    def is_payday(self, day: int) -> bool:
        """The paydays of the month, and its last day."""
        today = self.date_of(day)
        return today.day in self.paydays or (today + timedelta(days=1)).day == 1

    def dates(self, days: Ints) -> pl.Series:
        """Day numbers as dates; -1_000_000 and below is null."""
        counted = days + (self.start - EPOCH).days
        series = pl.Series(counted.astype(np.int32))
        return series.set(pl.Series(days <= NEVER_BEFORE), None).cast(pl.Date)

    def offsets(self, zone: str, past: int) -> list[str]:
        """UTC offset, such as +08:00, at local noon of each day from `past` days before the window to MARGIN days
        after it. Clocks change at night, so noon holds for every hour at which anybody is contacted."""
        info = ZoneInfo(zone)
        noon = datetime.combine(self.start, datetime.min.time()) + timedelta(hours=12)
        span = range(-past, self.n_days + MARGIN)
        return [(noon + timedelta(days=day)).replace(tzinfo=info).isoformat()[-6:] for day in span]


MARGIN = 60
"""Days after the window for which clocks are known: contacts recorded late."""
NEVER_BEFORE = -1_000_000
"""A day number that means: never happened."""
NEVER = 10_000_000
"""A day number that means: not to come."""
