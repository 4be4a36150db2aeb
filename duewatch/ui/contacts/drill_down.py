"""What the tiles of this page open."""

from __future__ import annotations

from datetime import date
from typing import Any

from duewatch.metrics.decided_days import promise_rules
from duewatch.metrics.registry import METRICS
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.contacts.rows import days_of
from duewatch.ui.parts.drill_down import DrillDowns
from duewatch.ui.parts.metric_rows import declared_rows
from duewatch.ui.parts.period import Period
from duewatch.ui.shell.frame import PageContext


def tile_rows(
    ctx: PageContext, period: Period, channel: str, reach: contacts.Reach, decided: tuple[date, date] | None
) -> DrillDowns:
    """`reach`: the answers that the tiles have; `decided`: the weeks whose promises are decided."""
    attempts: dict[str, Any] = {"bucket": "all", "channel": channel, **days_of(period), **promise_rules()}
    accounts: dict[str, Any] = {"channel": channel, **days_of(period)}
    talks: dict[str, Any] = {"as_of": ctx.as_of, "channel": channel, **promise_rules()}
    if decided is not None:
        talks |= {"from_date": decided[0], "to_date": decided[1]}
    answers = (
        ("contact_attempts", reach.reach, attempts),
        ("connect_rate", reach.reach, attempts),
        ("right_party_rate", reach.reach, attempts),
        ("coverage", reach.coverage, accounts),
        ("contact_intensity", reach.coverage, accounts),
        ("kept_per_contact", reach.kept if decided else None, talks),
    )
    return {
        metric: declared_rows(ctx.ask, metric, row[METRICS[metric].column], **params)
        for metric, row, params in answers
        if row is not None
    }
