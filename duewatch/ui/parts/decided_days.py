"""The due dates whose promises are decided: none of them can be pending any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from duewatch.contract.settings import Settings


@dataclass(frozen=True)
class Window:
    """Due dates whose promises are all decided."""

    start: date
    end: date

    @property
    def before(self) -> Window:
        days = (self.end - self.start).days + 1
        return Window(self.start - timedelta(days=days), self.start - timedelta(days=1))


def decided(as_of: date, settings: Settings, days: int = 28) -> Window:
    """The last `days` due dates on which no promise can be pending at as_of."""
    end = as_of - timedelta(days=settings.promise_grace_days + 1)
    return Window(end - timedelta(days=days - 1), end)
