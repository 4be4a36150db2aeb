"""The levers of a scenario: what each moves, in what unit and bounds, and on which rung its answer stands.

The ladder: L0 exact re-count of the log; L1 arithmetic on inputs that are shown; L2 adjusted model; L3 experiment;
refused, with the test that would answer it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from duewatch.contract.localised_errors import LocalisedText

RUNGS = ("L0", "L1", "L2", "L3", "refused")
Value = int | float | str


@dataclass(frozen=True)
class Lever:
    """Something that a scenario may set."""

    id: str
    kind: str  # integer, number, share (0-1) or text
    low: float  # lowest and highest value, both allowed
    high: float
    default: Value | None  # None: taken from the book or the rule packs
    rung: str  # one of RUNGS
    source: str  # where the default comes from: a locale key under `whatif.source.`
    group: str = "limits"  # part of the form, one of GROUPS
    is_by_bucket: bool = False  # may be set for the debts of one bucket alone

    @property
    def step(self) -> float:
        return 1 if self.kind == "integer" else 0.1 if self.high >= 2 else 0.01

    def wants(self) -> LocalisedText:
        """What may be given, for a sentence."""
        if self.kind == "text":
            return LocalisedText(f"refused.wanted.{self.id}")
        low, high = self.bounds
        unit = LocalisedText(f"refused.unit.{self.id}")
        return LocalisedText(f"refused.wanted.{self.kind}", {"low": low, "high": high, "unit": unit})

    @property
    def bounds(self) -> tuple[str, str]:
        """Lowest and highest as people write them."""
        low, high = (f"{bound:,.0f}" if float(bound).is_integer() else f"{bound:g}" for bound in (self.low, self.high))
        return low, high


LEVERS: dict[str, Lever] = {
    lever.id: lever
    for lever in (
        Lever("cap_rule", "text", 0, 0, "house.daily_contacts", "L0", "packs", "limits"),
        Lever("cap_max", "integer", 0, 10, None, "L0", "rule", "limits", True),
        Lever("cap_days", "integer", 1, 30, None, "L0", "rule", "limits", True),
        Lever("hours_from", "integer", 0, 23, 0, "L0", "no_limit", "limits"),
        Lever("hours_to", "integer", 1, 24, 24, "L0", "no_limit", "limits"),
        Lever("wait_hours", "integer", 0, 720, 0, "L0", "no_wait", "waits"),
        Lever("hold_dispute_days", "integer", 0, 90, 0, "L0", "no_hold", "waits"),
        Lever("hold_promise_days", "integer", 0, 60, 0, "L0", "no_hold", "waits"),
        Lever("remind_days", "integer", 0, 30, 0, "L0", "no_reminder", "waits"),
        Lever("promise_grace_days", "integer", 0, 30, None, "L0", "settings", "definitions"),
        Lever("promise_tolerance", "share", 0.01, 1.0, None, "L0", "settings", "definitions"),
        Lever("late_from_days", "integer", 1, 720, 91, "L0", "ninety", "definitions"),
        Lever("bucket_bounds", "text", 1, 3650, None, "L0", "book", "definitions"),
        Lever("grade_cuts", "text", 0, 1000, None, "L0", "scorecard", "definitions"),
        Lever("write_off_days", "integer", 0, 3650, 0, "L0", "no_write_off", "definitions"),
        Lever("minutes_per_call", "number", 0.1, 120, None, "L1", "log", "costs"),
        Lever("cost_per_hour", "number", 0, 100_000, None, "L1", "given", "costs"),
        Lever("cost_per_contact", "number", 0, 10_000, None, "L1", "given", "costs"),
        Lever("discount", "share", 0.0, 0.95, 0.0, "L1", "none_offered", "costs"),
        Lever("cure_times", "number", 0.5, 2.0, 1.0, "L1", "as_moved", "projection", True),
        Lever("roll_times", "number", 0.5, 2.0, 1.0, "L1", "as_moved", "projection", True),
        Lever("calls_per_day", "integer", 0, 10_000_000, None, "refused", "log", "model"),
        Lever("priority", "text", 0, 0, "as_logged", "refused", "as_logged", "model"),
        Lever("closed_hours", "text", 0, 0, "lost", "refused", "calls_lost", "model"),
        Lever("channel_mix", "share", 0, 1, None, "refused", "log", "model"),
    )
}
"""In the order in which the form shows them."""

GROUPS = ("limits", "waits", "definitions", "costs", "projection", "model")
"""Parts of the form, from what is counted to what a log cannot say."""
CHOICES = {"priority": ("as_logged", "balance", "days_past_due", "payment_chance"), "closed_hours": ("lost", "moved")}
"""What a lever of kind text may be, where that is a list."""

IN_A_ROW = {"bucket_bounds": (1, 12), "grade_cuts": (2, 2)}
"""Levers written as whole numbers that rise, with commas between: how many at least, and at most."""

_BUCKET = re.compile(r"M\d{1,2}\+?")


def lever_of(name: str) -> tuple[str, Lever | None]:
    """The bucket and the lever that a name means: `M1.cap_max` is `cap_max` for debts in M1, `cap_max` that of all
    (bucket empty). None where there is no such lever, or none by bucket."""
    bucket, _, rest = name.rpartition(".")
    lever = LEVERS.get(rest)
    if bucket and (not _BUCKET.fullmatch(bucket) or lever is None or not lever.is_by_bucket):
        return bucket, None
    if bucket == "M0" and lever is not None and lever.group == "projection":
        return bucket, None  # what is not overdue can neither cure nor roll on
    return bucket, lever
