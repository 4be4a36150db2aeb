"""What each lever stands at today: from the rule that is capped, the settings, or the log of the period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from duewatch.compliance.pack_types import Pack
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.reads import whatif
from duewatch.whatif import caps, grade_cuts
from duewatch.whatif import other_definitions as definitions
from duewatch.whatif.levers import LEVERS, Value
from duewatch.whatif.query_session import snapshot_of
from duewatch.whatif.scenario import Scenario


def values_today(
    ask: Ask,
    packs: Mapping[str, Pack],
    scenario: Scenario,
    settings: Settings,
    period: tuple[date, date],
    currency: str,
) -> dict[str, Value | None]:
    """Lever to value; None where neither the book nor a rule says it. Raises RuleError where the rule is
    unknown or the scorecard cannot be read."""
    limit = caps.cap_of(packs, scenario.today, settings).limit
    totals = whatif.call_time(ask, from_date=period[0], to_date=period[1]).filter(pl.col("currency") == currency)
    log = totals.row(0, named=True) if not totals.is_empty() else None
    values: dict[str, Value | None] = {name: lever.default for name, lever in LEVERS.items()}
    values |= {
        "cap_max": limit.max_count,
        "cap_days": limit.window.length if limit.window.unit == "local_date" else None,
        "bucket_bounds": definitions.bounds_today(ask),
        "grade_cuts": grade_cuts.cuts_today(snapshot_of(ask, period[1])),
        "promise_grace_days": settings.promise_grace_days,
        "promise_tolerance": settings.promise_tolerance,
    }
    if log:
        values["minutes_per_call"] = log["minutes_mean"]
        values["calls_per_day"] = round(log["n_calls"] / log["n_days"]) if log["n_days"] else None
        values["channel_mix"] = log["n_calls"] / log["n_contacts"] if log["n_contacts"] else None
    return values
