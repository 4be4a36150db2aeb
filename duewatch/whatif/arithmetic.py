"""L1: arithmetic on inputs that are shown. It assumes those inputs, and nothing about what debtors would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario


def cost_lines(scenario: Scenario, log: Mapping[str, Any], stopped: Line, call_share: float) -> Iterator[Line]:
    """Collector hours that the stopped contacts took, and the cost of those that are left. `log`: a row of
    `whatif/call_time`; `stopped`: the line of contacts stopped; `call_share`: of these, the share of calls."""
    minutes_set = scenario.value("minutes_per_call")
    minutes: float | None = log["minutes_mean"] if minutes_set is None else float(minutes_set)
    freed = hours_freed(log["currency"], stopped, minutes, call_share)
    yield freed
    yield _contact_cost(scenario, log, stopped, freed, minutes)


def hours_freed(currency: str, stopped: Line, minutes: float | None, call_share: float) -> Line:
    """At the mean length of a call. Contacts by text cost no hours."""
    if minutes is None:
        why = "the log does not tell how long calls took; load ended_at or give minutes_per_call"
        return Line.refused(currency, "hours_freed", "hours", why, "no_call_time")
    if stopped.today is None or stopped.scenario is None:
        return Line.refused(currency, "hours_freed", "hours", stopped.reason, stopped.code)
    before, after = (count * call_share * minutes / 60 for count in (stopped.today, stopped.scenario))
    return Line(currency, "hours_freed", "hours", "L1", before, after, n=stopped.n, n_of=stopped.n_of)


def _contact_cost(
    scenario: Scenario, log: Mapping[str, Any], stopped: Line, freed: Line, minutes: float | None
) -> Line:
    """Cost of the contacts that are left, at the prices given."""
    currency, n_contacts = log["currency"], log["n_contacts"]
    per_contact, per_hour = scenario.value("cost_per_contact"), scenario.value("cost_per_hour")
    if per_contact is None and per_hour is None:
        why = "no price is known; give cost_per_contact or cost_per_hour"
        return Line.refused(currency, "contact_cost", "money", why, "no_price")
    if stopped.today is None or stopped.scenario is None:
        return Line.refused(currency, "contact_cost", "money", stopped.reason, stopped.code)
    if per_hour is not None and (minutes is None or freed.today is None or freed.scenario is None):
        return Line.refused(currency, "contact_cost", "money", freed.reason, freed.code)
    hours = log["n_calls"] * (minutes or 0.0) / 60
    before, after = (
        (n_contacts - n_stopped) * float(per_contact or 0) + (hours - (hours_saved or 0.0)) * float(per_hour or 0)
        for n_stopped, hours_saved in ((stopped.today, freed.today), (stopped.scenario, freed.scenario))
    )
    return Line(currency, "contact_cost", "money", "L1", before, after, n=n_contacts, n_of="contacts")


def break_even(currency: str, scenario: Scenario, bucket: str, chance: float | None, n: int) -> Line:
    """How likely a debtor must become to pay, to make up for a settlement discount: p0 / (1 - d)."""
    measure = f"break_even_{bucket}"
    if chance is None or not n:
        why = f"no account was in {bucket}; choose other days"
        return Line.refused(currency, measure, "share", why, "no_account")
    needed = chance / (1 - float(scenario.value("discount") or 0.0))
    if needed > 1:
        why = f"even if everybody paid, a discount of this size would not be made up for in {bucket}"
        refused = Line.refused(currency, measure, "share", why, "not_made_up")
        return replace(refused, today=chance, n=n, n_of="accounts")
    return Line(currency, measure, "share", "L1", chance, needed, n=n, n_of="accounts")


def cost_of(n_contacts: int, n_calls: int, prices: Mapping[str, float | None]) -> float | None:
    """Cost of contacts, calls among them. `prices`: `per_contact`, `per_hour` and `minutes` (of a call). None where no
    price is known, or the hour has a price and the length of a call is unknown."""
    per_contact, per_hour, minutes = (prices.get(name) for name in ("per_contact", "per_hour", "minutes"))
    if (per_contact is None and per_hour is None) or (per_hour is not None and minutes is None):
        return None
    return n_contacts * (per_contact or 0.0) + n_calls * (minutes or 0.0) / 60 * (per_hour or 0.0)
