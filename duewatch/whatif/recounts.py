"""L0: what can be counted on history under a scenario. No assumption but that the log is complete.

Today and the scenario go through the same functions: a scenario that moves nothing equals today exactly."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.metrics.intervals import wilson
from duewatch.reads import promises, whatif
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

Period = tuple[date, date]


def cap_lines(today: pl.DataFrame, scenario: pl.DataFrame, currency: str) -> list[Line]:
    """Breaches counted and contacts stopped, which are never one number, of contacts marked by caps.marked."""
    before, after = (frame.filter(pl.col("currency") == currency) for frame in (today, scenario))
    n = before.height
    if not n:
        why = "the rule counts no contact of this currency in the period; choose another cap_rule"
        return [Line(currency, "breaches_counted", "contacts", "refused", reason=why, code="not_counted")]
    return [
        Line(
            currency,
            name,
            "contacts",
            "L0",
            float(before[column].sum()),
            float(after[column].sum()),
            n=n,
            n_of="contacts",
        )
        for name, column in (("breaches_counted", "is_over"), ("contacts_stopped", "is_stopped"))
    ]


def hours_line(ask: Ask, today: Scenario, scenario: Scenario, period: Period, currency: str) -> Line:
    """Contacts outside the hours of the scenario, beside those outside today's."""
    figures = [_outside(ask, each, period, currency) for each in (today, scenario)]
    (before, n), (after, _) = figures
    if not n:
        why = "no outbound contact of the period has a local time; load time_zone of the debtors"
        return Line(currency, "contacts_outside_hours", "contacts", "refused", reason=why, code="no_local_time")
    return Line(currency, "contacts_outside_hours", "contacts", "L0", float(before), float(after), n=n, n_of="contacts")


def _outside(ask: Ask, scenario: Scenario, period: Period, currency: str) -> tuple[int, int]:
    found = whatif.contacts_outside_hours(
        ask,
        from_date=period[0],
        to_date=period[1],
        hours_from=int(scenario.value("hours_from") or 0),
        hours_to=int(scenario.value("hours_to") or 24),
    ).filter(pl.col("currency") == currency)
    return int(found["n_outside"].sum()), int(found["n_contacts"].sum())


def wait_lines(ask: Ask, today: Scenario, scenario: Scenario, period: Period, currency: str) -> list[Line]:
    """First calls that would have been early, and spells that ended inside the wait without a call."""
    spells = whatif.spell_waits(ask, as_of=period[1]).filter(pl.col("currency") == currency)
    hours = [int(each.value("wait_hours") or 0) for each in (today, scenario)]
    called = spells.filter(pl.col("is_sure") & pl.col("called_on").is_between(*period))
    if called.is_empty():
        why = "no spell of the period was called after a delivered reminder; load reminders with their outcome"
        return [Line(currency, "early_calls", "contacts", "refused", reason=why, code="no_calls_after_reminder")]
    before, after = (float(early_calls(spells, each, period).height) for each in hours)
    lines = [Line(currency, "early_calls", "contacts", "L0", before, after, n=called.height, n_of="spells")]
    n = waited(spells, hours[1], period).height
    if not n:
        why = "no reminder of the period is as old as the wait; choose a shorter wait or earlier days"
        return [*lines, Line(currency, "ended_in_wait", "share", "refused", reason=why, code="wait_too_long")]
    ended = [ended_in_wait(spells, each, hours[1], period).height for each in hours]
    low, high = wilson(ended[1], n)
    share = Line(currency, "ended_in_wait", "share", "L0", ended[0] / n, ended[1] / n, low, high, n=n, n_of="spells")
    return [*lines, share]


def early_calls(spells: pl.DataFrame, wait_hours: int, period: Period) -> pl.DataFrame:
    """Rows of `spell_waits` whose first call, made in the period, came sooner than the wait."""
    inside = pl.col("called_on").is_between(*period)
    return spells.filter(pl.col("is_sure") & inside & (pl.col("minutes_waited") < 60 * wait_hours))


def waited(spells: pl.DataFrame, wait_hours: int, period: Period) -> pl.DataFrame:
    """Spells first reminded in the period, not called before, whose wait is over by its end. The book knows the day on
    which a spell ends and not the hour, so waits are taken in whole days, rounded down."""
    over = pl.col("reminded_on") + pl.duration(days=wait_hours // 24) <= period[1]
    return spells.filter(
        pl.col("is_sure") & ~pl.col("is_called_before") & pl.col("reminded_on").is_between(*period) & over
    )


def ended_in_wait(spells: pl.DataFrame, wait_hours: int, longest: int, period: Period) -> pl.DataFrame:
    """Of the spells waited for `longest` hours, those that ended within `wait_hours`, before any call."""
    last = pl.col("ended_on")
    in_time = last + pl.duration(days=1) <= pl.col("reminded_on") + pl.duration(days=wait_hours // 24)
    uncalled = pl.col("called_on").is_null() | (pl.col("called_on") > last)
    return waited(spells, longest, period).filter(in_time & uncalled)


def hold_line(ask: Ask, today: Scenario, scenario: Scenario, period: Period, currency: str, n: int) -> Line:
    """Contacts that a hold after a dispute or a promise would have held back. `n`: outbound contacts."""
    rows = [held_contacts(ask, each, period) for each in (today, scenario)]
    held = [each.filter(pl.col("currency") == currency).height for each in rows]
    return Line(currency, "contacts_held", "contacts", "L0", float(held[0]), float(held[1]), n=n, n_of="contacts")


def held_contacts(ask: Ask, scenario: Scenario, period: Period) -> pl.DataFrame:
    days = {name: int(scenario.value(name) or 0) for name in ("hold_dispute_days", "hold_promise_days")}
    return whatif.held_contacts(ask, from_date=period[0], to_date=period[1], **days)


def kept_line(ask: Ask, today: Scenario, scenario: Scenario, period: Period, settings: Settings, currency: str) -> Line:
    """The kept ratio under another grace period or tolerance: a change of definition, not of performance."""
    rows = [_kept(ask, each, period, settings, currency) for each in (today, scenario)]
    before, after = rows
    if before is None or after is None or after["share_kept"] is None:
        why = "no promise that fell due in the period has matured; load promises or choose earlier days"
        return Line(currency, "share_kept", "share", "refused", reason=why, code="not_matured")
    return Line(
        currency,
        "share_kept",
        "share",
        "L0",
        before["share_kept"],
        after["share_kept"],
        after["share_kept_low"],
        after["share_kept_high"],
        n=after["n_matured"],
        n_of="promises",
    )


def _kept(ask: Ask, scenario: Scenario, period: Period, settings: Settings, currency: str) -> dict[str, Any] | None:
    grace, enough = scenario.value("promise_grace_days"), scenario.value("promise_tolerance")
    found = promises.kept_ratio(
        ask,
        from_date=period[0],
        to_date=period[1],
        as_of=period[1],
        grace_days=settings.promise_grace_days if grace is None else int(grace),
        tolerance=float(settings.promise_tolerance if enough is None else enough),
    ).filter(pl.col("currency") == currency)
    return None if found.is_empty() else found.row(0, named=True)


def late_lines(ask: Ask, today: Scenario, scenario: Scenario, as_of: date | None, currency: str) -> list[Line]:
    """The book cut at other days past due, on the last snapshot of the period."""
    if as_of is None:
        why = "there is no snapshot day up to the end of the period; load snapshots"
        return [Line(currency, "late_balance", "money", "refused", reason=why, code="no_snapshot")]
    before, after = (
        whatif.late_balance(ask, as_of=as_of, late_from_days=int(each.value("late_from_days") or 0))
        .filter(pl.col("currency") == currency)
        .to_dicts()
        for each in (today, scenario)
    )
    if not before or not after:
        return []
    one, other = before[0], after[0]
    return [
        Line(
            currency,
            "late_balance",
            "money",
            "L0",
            float(one["late_balance"]),
            float(other["late_balance"]),
            n=other["n_late"],
            n_of="accounts",
        ),
        Line(
            currency,
            "late_share",
            "share",
            "L0",
            one["share_balance"],
            other["share_balance"],
            n=other["n_accounts"],
            n_of="accounts",
        ),
    ]
