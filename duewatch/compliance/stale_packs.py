"""Packs that nobody has compared with their source for too long: they still judge, and whoever reads is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from duewatch.compliance.pack_types import Pack


def stale_packs(packs: Iterable[Pack], on_day: date, days: int) -> list[Pack]:
    """Those of law of which a rule was last compared with its source more than so many days before the day."""
    return [pack for pack in packs if pack.jurisdiction and (on_day - compared_on(pack)).days > days]


def compared_on(pack: Pack) -> date:
    """The day of the rule that was compared longest ago."""
    return min(rule.verified_on for rule in pack.rules)


def stale_sentence(packs: Iterable[Pack], on_day: date, days: int) -> str:
    """Which are stale, in one sentence for the command line; empty where none is."""
    stale = [f"{pack.id} ({compared_on(pack)})" for pack in stale_packs(packs, on_day, days)]
    return f"stale, compared with their source more than {days} days ago: {', '.join(stale)}" if stale else ""
