"""L0: the book under other definitions: other aging buckets, another write-off day, a reminder before each promise.

Today and the scenario go through the same functions: a scenario that moves nothing equals today exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl

from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.reads import portfolio, whatif
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

Period = tuple[date, date]
NO_EFFECT = (
    "whether a reminder makes a debtor pay is not in a log, where collectors choose whom they remind; draw at random "
    "who is reminded"
)


def bounds_today(ask: Ask) -> str:
    """The last day of each bucket from M1 on, as `bucket_bounds` is written."""
    days = portfolio.bucket_bounds(ask).sort("bucket_no")["to_days"].to_list()[1:]
    return ",".join(str(day) for day in days if day is not None)


def lines(
    ask: Ask, today: Scenario, scenario: Scenario, period: Period, as_of: date | None, settings: Settings, currency: str
) -> Iterator[Line]:
    """Only what was set: each of these asks the book a question of its own."""
    if as_of is not None and scenario.is_set("bucket_bounds"):
        yield from _bucket_lines(ask, today, scenario, as_of, currency)
    if as_of is not None and scenario.is_set("write_off_days"):
        yield from _write_off_lines(ask, today, scenario, as_of, currency)
    if scenario.is_set("remind_days"):
        yield from _reminder_lines(ask, today, scenario, period, settings, currency)


def _standing(ask: Ask, as_of: date, currency: str) -> pl.DataFrame:
    return whatif.days_past_due(ask, as_of=as_of).filter(pl.col("currency") == currency)


def _bucket_lines(ask: Ask, today: Scenario, scenario: Scenario, as_of: date, currency: str) -> Iterator[Line]:
    """Accounts and balance of each bucket. A bucket that one of the two cuts has not is empty there, not 0."""
    standing = _standing(ask, as_of, currency)
    cuts = [_bounds(str(each.value("bucket_bounds") or bounds_today(ask))) for each in (today, scenario)]
    sides = [bucketed(standing, cut) for cut in cuts]
    n = int(standing["n_accounts"].sum())
    for no in range(max(len(cut) for cut in cuts) + 2):
        for measure, unit, at in (("accounts", "accounts", 0), ("balance", "money", 1)):
            before, after = (side[no][at] if no < len(side) else None for side in sides)
            yield Line(currency, f"bucket_{measure}_M{no}", unit, "L0", before, after, n=n, n_of="accounts")


def _bounds(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def bucketed(standing: pl.DataFrame, bounds: Sequence[int]) -> list[tuple[float, float]]:
    """Accounts and balance of M0 and of each bucket after it; the last is open. `bounds`: last day of M1, M2 ..."""
    found: list[tuple[float, float]] = []
    first = 0
    for last in (0, *bounds, None):
        inside = pl.col("days_past_due") >= first
        rows = standing.filter(inside if last is None else inside & (pl.col("days_past_due") <= last))
        found.append((float(rows["n_accounts"].sum()), float(rows["balance"].sum() or 0)))
        first = 0 if last is None else last + 1
    return found


def _write_off_lines(ask: Ask, today: Scenario, scenario: Scenario, as_of: date, currency: str) -> Iterator[Line]:
    """What is still on the book so late, and would be written off that day."""
    standing = _standing(ask, as_of, currency)
    sides = [_so_late(standing, int(each.value("write_off_days") or 0)) for each in (today, scenario)]
    n = int(standing["n_accounts"].sum())
    for measure, unit, at in (("written_off_accounts", "accounts", 0), ("written_off_balance", "money", 1)):
        yield Line(currency, measure, unit, "L0", sides[0][at], sides[1][at], n=n, n_of="accounts")


def _so_late(standing: pl.DataFrame, days: int) -> tuple[float, float]:
    """0 days: nothing is written off by its age."""
    rows = standing.filter(pl.col("days_past_due") >= days) if days else standing.clear()
    return float(rows["n_accounts"].sum()), float(rows["balance"].sum() or 0)


def _reminder_lines(
    ask: Ask, today: Scenario, scenario: Scenario, period: Period, settings: Settings, currency: str
) -> Iterator[Line]:
    found = reminded(ask, period, settings).filter(pl.col("currency") == currency)
    if found.is_empty():
        why = "no promise fell due in the period; load promises or choose earlier days"
        yield Line(currency, "promises_reminded", "share", "refused", reason=why, code="no_promise")
        return
    days = [int(each.value("remind_days") or 0) for each in (today, scenario)]
    added = [to_remind(found, each).height for each in days]
    had, n = found.filter(pl.col("n_reminders") > 0).height, found.height
    yield Line(
        currency, "promises_reminded", "share", "L0", (had + added[0]) / n, (had + added[1]) / n, n=n, n_of="promises"
    )
    yield Line(currency, "reminders_added", "contacts", "L0", float(added[0]), float(added[1]), n=n, n_of="promises")
    price = scenario.value("cost_per_contact")
    if price is None:
        why = "no price is known; give cost_per_contact"
        yield Line(currency, "reminder_cost", "money", "refused", reason=why, code="no_price")
    else:
        costs = [each * float(price) for each in added]
        yield Line(currency, "reminder_cost", "money", "L1", costs[0], costs[1], n=added[1], n_of="contacts")
    yield Line(currency, "recovered_remind_days", "money", "refused", reason=NO_EFFECT, code="remind_days")


def reminded(ask: Ask, period: Period, settings: Settings) -> pl.DataFrame:
    return whatif.reminded_promises(
        ask,
        from_date=period[0],
        to_date=period[1],
        as_of=period[1],
        grace_days=settings.promise_grace_days,
        tolerance=float(settings.promise_tolerance),
    )


def to_remind(found: pl.DataFrame, days: int) -> pl.DataFrame:
    """Promises that a rule "a reminder so many days before the due date" would add one to: none was sent, they had
    been made before that day, and they were not kept before it. 0 days: no such rule."""
    if not days:
        return found.clear()
    day = pl.col("due_on") - timedelta(days=days)
    open_then = (pl.col("made_on") < day) & (pl.col("kept_on").is_null() | (pl.col("kept_on") >= day))
    return found.filter((pl.col("n_reminders") == 0) & open_then)
