"""The levers of a scenario: what each moves, in what unit and bounds, and on which rung its answer stands.

The ladder: L0 exact re-count of the log; L1 arithmetic on inputs that are shown; L2 adjusted model; L3 experiment;
refused, with the test that would answer it.
"""

from __future__ import annotations

from dataclasses import dataclass

RUNGS = ("L0", "L1", "L2", "L3", "refused")
Value = int | float | str


@dataclass(frozen=True)
class Lever:
    """`kind`: integer, number, share (0-1) or text. `low` and `high` are included. `default` None: taken from the book
    or the rule packs; where it cannot be, the lever says so. `source`: where the default comes from."""

    id: str
    kind: str
    unit: str
    low: float
    high: float
    default: Value | None
    rung: str
    source: str

    def wants(self) -> str:
        """What may be given, for a sentence."""
        if self.kind == "text":
            return "the id of a rule that counts contacts"
        whole = "a whole number" if self.kind == "integer" else "a number"
        return f"{whole} from {self.low:g} to {self.high:g} ({self.unit})"


LEVERS: dict[str, Lever] = {
    lever.id: lever
    for lever in (
        Lever("cap_rule", "text", "rule", 0, 0, "house.daily_contacts", "L0", "rule packs in use"),
        Lever("cap_max", "integer", "contacts", 0, 10, None, "L0", "the rule's own number"),
        Lever("cap_days", "integer", "dates", 1, 30, None, "L0", "the rule's own window"),
        Lever("hours_from", "integer", "o'clock, local to the debtor", 0, 23, 0, "L0", "no limit"),
        Lever("hours_to", "integer", "o'clock, local to the debtor", 1, 24, 24, "L0", "no limit"),
        Lever("wait_hours", "integer", "hours after the first reminder of a spell", 0, 720, 0, "refused", "no wait"),
        Lever("promise_grace_days", "integer", "days after the due date", 0, 30, 1, "L0", "kpis: suggested"),
        Lever("promise_tolerance", "share", "share of the amount promised", 0.01, 1.0, 1.0, "L0", "kpis: suggested"),
        Lever("late_from_days", "integer", "days past due", 1, 720, 91, "L0", "90+ proxy"),
        Lever("minutes_per_call", "number", "minutes of a collector", 0.1, 120, None, "L1", "mean of the log's calls"),
        Lever("cost_per_hour", "number", "currency units an hour of a collector", 0, 100_000, None, "L1", "given"),
        Lever("cost_per_contact", "number", "currency units a contact", 0, 10_000, None, "L1", "given"),
        Lever("discount", "share", "share of the balance forgone", 0.0, 0.95, 0.0, "L1", "none offered"),
        Lever(
            "calls_per_day", "integer", "calls a day, all collectors", 0, 10_000_000, None, "refused", "mean of the log"
        ),
        Lever("priority", "text", "order of the list", 0, 0, "as_logged", "refused", "as the log went"),
        Lever("channel_mix", "share", "share of contacts by call", 0, 1, None, "refused", "the log"),
    )
}
"""In the order in which the form shows them."""

PRIORITIES = ("as_logged", "balance", "days_past_due", "payment_chance")
