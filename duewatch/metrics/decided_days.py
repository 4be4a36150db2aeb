"""The due dates whose promises are decided, so that none can be pending any more, and what decides them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from duewatch.contract.settings import Settings, load_settings


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


def promise_rules() -> dict[str, Any]:
    """The parameters that promises are judged by, beside the day."""
    settings = load_settings()
    return {"grace_days": settings.promise_grace_days, "tolerance": float(settings.promise_tolerance)}
