"""L1: arithmetic on inputs that are shown. It assumes those inputs, and nothing about what debtors would do."""

from __future__ import annotations

from collections.abc import Mapping

from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

CALL_CHANNELS = ("call",)


def hours_freed(currency: str, stopped: Line, minutes: float | None, call_share: float) -> Line:
    """Collector hours that the stopped contacts took, at the mean length of a call. Contacts by text cost no hours."""
    if minutes is None:
        why = "the log does not tell how long calls took; load ended_at or give minutes_per_call"
        return Line(currency, "hours_freed", "hours", "refused", reason=why, code="no_call_time")
    if stopped.today is None or stopped.scenario is None:
        return Line(currency, "hours_freed", "hours", "refused", reason=stopped.reason, code=stopped.code)
    hours = [count * call_share * minutes / 60 for count in (stopped.today, stopped.scenario)]
    return Line(currency, "hours_freed", "hours", "L1", hours[0], hours[1], n=stopped.n, n_of=stopped.n_of)


def contact_cost(
    currency: str, scenario: Scenario, n_contacts: int, stopped: Line, freed: Line, minutes: float | None, n_calls: int
) -> Line:
    """Cost of the contacts that are left, at the prices given."""
    per_contact, per_hour = scenario.value("cost_per_contact"), scenario.value("cost_per_hour")
    if per_contact is None and per_hour is None:
        why = "no price is known; give cost_per_contact or cost_per_hour"
        return Line(currency, "contact_cost", "money", "refused", reason=why, code="no_price")
    if stopped.today is None or stopped.scenario is None:
        return Line(currency, "contact_cost", "money", "refused", reason=stopped.reason, code=stopped.code)
    if per_hour is not None and (minutes is None or freed.today is None or freed.scenario is None):
        return Line(currency, "contact_cost", "money", "refused", reason=freed.reason, code=freed.code)
    hours = n_calls * (minutes or 0.0) / 60
    costs = [
        (n_contacts - gone) * float(per_contact or 0) + (hours - (spared or 0.0)) * float(per_hour or 0)
        for gone, spared in ((stopped.today, freed.today), (stopped.scenario, freed.scenario))
    ]
    return Line(currency, "contact_cost", "money", "L1", costs[0], costs[1], n=n_contacts, n_of="contacts")


def break_even(currency: str, scenario: Scenario, bucket: str, chance: float | None, n: int) -> Line:
    """How likely a debtor must become to pay, to make up for a settlement discount: p0 / (1 - d)."""
    measure = f"break_even_{bucket}"
    if chance is None or not n:
        why = f"no account was in {bucket}; choose other days"
        return Line(currency, measure, "share", "refused", reason=why, code="no_account")
    needed = chance / (1 - float(scenario.value("discount") or 0.0))
    if needed > 1:
        why = f"even if everybody paid, a discount of this size would not be made up for in {bucket}"
        return Line(
            currency, measure, "share", "refused", today=chance, n=n, reason=why, code="not_made_up", n_of="accounts"
        )
    return Line(currency, measure, "share", "L1", chance, needed, n=n, n_of="accounts")


def cost_of(n_contacts: int, n_calls: int, prices: Mapping[str, float | None]) -> float | None:
    """So many contacts, calls among them, at `per_contact` and `per_hour` with so many `minutes` a call; None where no
    price is known, or an hour has one and a call no length."""
    per_contact, per_hour, minutes = (prices.get(name) for name in ("per_contact", "per_hour", "minutes"))
    if (per_contact is None and per_hour is None) or (per_hour is not None and minutes is None):
        return None
    return n_contacts * (per_contact or 0.0) + n_calls * (minutes or 0.0) / 60 * (per_hour or 0.0)
