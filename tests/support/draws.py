"""How many examples hypothesis draws: a few in the fast lane, all in the slow one, which sets DUEWATCH_DRAWS."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

ALL = os.environ.get("DUEWATCH_DRAWS") == "all"
FEWEST = 4


def draws(n: int, **more: Any) -> settings:
    """Settings with `n` examples in the slow lane and an eighth of them, at least FEWEST, in the fast one. For tests
    whose single example costs a book or a query; there is no deadline, because the machine may be busy."""
    few = n if n <= FEWEST else max(FEWEST, n // 8)
    return settings(max_examples=n if ALL else few, deadline=None, suppress_health_check=list(HealthCheck), **more)
