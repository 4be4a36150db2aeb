"""L0: the book under other definitions: other aging buckets, another write-off day, a reminder before each promise.

Today and the scenario go through the same functions: a scenario that moves nothing equals today exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise, zip_longest

import polars as pl

from duewatch.engines import Ask
from duewatch.reads import portfolio, whatif
from duewatch.whatif.query_session import ScenarioInputs
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

NO_EFFECT = (
    "whether a reminder makes a debtor pay is not in a log, where collectors choose whom they remind; draw at random "
    "who is reminded"
)


def bounds_today(ask: Ask) -> str:
    """The last day of each bucket from M1 on, as `bucket_bounds` is written."""
    days = portfolio.bucket_bounds(ask).sort("bucket_no")["to_days"].to_list()[1:]
    return ",".join(str(day) for day in days if day is not None)


def lines(inputs: ScenarioInputs, scenario: Scenario, as_of: date | None, currency: str) -> Iterator[Line]:
    """Only what was set: each of these is a query of its own."""
    if as_of is not None and scenario.is_set("bucket_bounds"):
        yield from _bucket_lines(inputs.ask, scenario, as_of, currency)
    if as_of is not None and scenario.is_set("write_off_days"):
        yield from _write_off_lines(inputs.ask, scenario, as_of, currency)
    if scenario.is_set("remind_days"):
        yield from _reminder_lines(inputs, scenario, currency)


def _accounts_by_days(ask: Ask, as_of: date, currency: str) -> pl.DataFrame:
    return whatif.days_past_due(ask, as_of=as_of).filter(pl.col("currency") == currency)


def _bucket_lines(ask: Ask, scenario: Scenario, as_of: date, currency: str) -> Iterator[Line]:
    """Accounts and balance of each bucket. A bucket that one of the two sides does not have is empty there, not 0."""
    by_days = _accounts_by_days(ask, as_of, currency)
    texts = [str(side.value("bucket_bounds") or bounds_today(ask)) for side in (scenario.today, scenario)]
    sides = [bucketed(by_days, [int(day) for day in text.split(",")]) for text in texts]
    n = int(by_days["n_accounts"].sum())
    for number, (before, after) in enumerate(zip_longest(*sides, fillvalue=(None, None))):
        for measure, unit, place in (("accounts", "accounts", 0), ("balance", "money", 1)):
            name = f"bucket_{measure}_M{number}"
            yield Line(currency, name, unit, "L0", before[place], after[place], n=n, n_of="accounts")


def bucketed(by_days: pl.DataFrame, bounds: Sequence[int]) -> list[tuple[float | None, float | None]]:
    """Accounts and balance of M0 and of each bucket after it; the last is open. `bounds`: last day of M1, M2 ..."""
    ranges = pairwise([0, 1, *(day + 1 for day in bounds), None])
    inside = pl.col("days_past_due")
    return [
        _sums(by_days.filter(inside >= first, pl.lit(True) if end is None else inside < end)) for first, end in ranges
    ]


def _sums(by_days: pl.DataFrame) -> tuple[float, float]:
    """Accounts and balance."""
    return float(by_days["n_accounts"].sum()), float(by_days["balance"].sum() or 0)


def _write_off_lines(ask: Ask, scenario: Scenario, as_of: date, currency: str) -> Iterator[Line]:
    """What is still on the book so late, and would be written off that day. 0 days: nothing is, by its age."""
    by_days = _accounts_by_days(ask, as_of, currency)
    before, after = (
        _sums(by_days.filter(pl.col("days_past_due") >= days) if days else by_days.clear())
        for days in (int(side.value("write_off_days") or 0) for side in (scenario.today, scenario))
    )
    n = int(by_days["n_accounts"].sum())
    for measure, unit, place in (("written_off_accounts", "accounts", 0), ("written_off_balance", "money", 1)):
        yield Line(currency, measure, unit, "L0", before[place], after[place], n=n, n_of="accounts")


def _reminder_lines(inputs: ScenarioInputs, scenario: Scenario, currency: str) -> Iterator[Line]:
    promises = reminded_promises(inputs).filter(pl.col("currency") == currency)
    n = promises.height
    if not n:
        why = "no promise fell due in the period; load promises or choose earlier days"
        yield Line.refused(currency, "promises_reminded", "share", why, "no_promise")
        return
    n_reminded = promises.filter(pl.col("n_reminders") > 0).height
    n_before, n_after = (
        to_remind(promises, int(side.value("remind_days") or 0)).height for side in (scenario.today, scenario)
    )
    shares = (n_reminded + n_before) / n, (n_reminded + n_after) / n
    added = float(n_before), float(n_after)
    yield Line(currency, "promises_reminded", "share", "L0", *shares, n=n, n_of="promises")
    yield Line(currency, "reminders_added", "contacts", "L0", *added, n=n, n_of="promises")
    price = scenario.value("cost_per_contact")
    if price is None:
        why = "no price is known; give cost_per_contact"
        yield Line.refused(currency, "reminder_cost", "money", why, "no_price")
    else:
        costs = n_before * float(price), n_after * float(price)
        yield Line(currency, "reminder_cost", "money", "L1", *costs, n=n_after, n_of="contacts")
    yield Line.refused(currency, "recovered_remind_days", "money", NO_EFFECT, "remind_days")


def reminded_promises(inputs: ScenarioInputs) -> pl.DataFrame:
    return whatif.reminded_promises(
        inputs.ask,
        from_date=inputs.period[0],
        to_date=inputs.period[1],
        as_of=inputs.period[1],
        grace_days=inputs.settings.promise_grace_days,
        tolerance=float(inputs.settings.promise_tolerance),
    )


def to_remind(promises: pl.DataFrame, days: int) -> pl.DataFrame:
    """Promises to which a rule "a reminder so many days before the due date" would add a reminder: none was sent, the
    promise was made before that day, and it was not kept before it. 0 days: no such rule."""
    if not days:
        return promises.clear()
    day = pl.col("due_on") - timedelta(days=days)
    open_then = (pl.col("made_on") < day) & (pl.col("kept_on").is_null() | (pl.col("kept_on") >= day))
    return promises.filter((pl.col("n_reminders") == 0) & open_then)
