"""L0: what can be counted on history under a scenario. No assumption but that the log is complete.

Today and the scenario go through the same functions: a scenario that moves nothing equals today exactly."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from duewatch.engines import Ask
from duewatch.metrics.intervals import wilson
from duewatch.reads import promises, whatif
from duewatch.whatif.query_session import Period, ScenarioInputs
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario


def cap_lines(today: pl.DataFrame, scenario: pl.DataFrame, currency: str) -> list[Line]:
    """Breaches counted and contacts stopped, which are never one number, of contacts marked by caps.mark_contacts."""
    before, after = (frame.filter(pl.col("currency") == currency) for frame in (today, scenario))
    n = before.height
    if not n:
        why = "the rule counts no contact of this currency in the period; choose another cap_rule"
        return [Line.refused(currency, "breaches_counted", "contacts", why, "not_counted")]
    marks = {"breaches_counted": "is_over", "contacts_stopped": "is_stopped"}
    return [
        Line(
            currency, name, "contacts", "L0", float(before[mark].sum()), float(after[mark].sum()), n=n, n_of="contacts"
        )
        for name, mark in marks.items()
    ]


def hours_line(inputs: ScenarioInputs, scenario: Scenario, currency: str) -> Line:
    """Contacts outside the hours of the scenario, beside those outside today's."""
    (before, n), (after, _) = (_outside_hours(inputs, side, currency) for side in (scenario.today, scenario))
    if not n:
        why = "no outbound contact of the period has a local time; load time_zone of the debtors"
        return Line.refused(currency, "contacts_outside_hours", "contacts", why, "no_local_time")
    return Line(currency, "contacts_outside_hours", "contacts", "L0", before, after, n=n, n_of="contacts")


def _outside_hours(inputs: ScenarioInputs, scenario: Scenario, currency: str) -> tuple[float, int]:
    """Contacts outside the hours, and all."""
    counts = whatif.contacts_outside_hours(
        inputs.ask,
        from_date=inputs.period[0],
        to_date=inputs.period[1],
        hours_from=int(scenario.value("hours_from") or 0),
        hours_to=int(scenario.value("hours_to") or 24),
    ).filter(pl.col("currency") == currency)
    return float(counts["n_outside"].sum()), int(counts["n_contacts"].sum())


def wait_lines(ask: Ask, scenario: Scenario, period: Period, currency: str) -> list[Line]:
    """First calls that would have been early, and spells that ended inside the wait without a call."""
    spells = whatif.spell_waits(ask, as_of=period[1]).filter(pl.col("currency") == currency)
    hours = [int(side.value("wait_hours") or 0) for side in (scenario.today, scenario)]
    n_called = spells.filter(pl.col("is_sure") & pl.col("called_on").is_between(*period)).height
    if not n_called:
        why = "no spell of the period was called after a delivered reminder; load reminders with their outcome"
        return [Line.refused(currency, "early_calls", "contacts", why, "no_calls_after_reminder")]
    before, after = (float(early_calls(spells, wait_hours, period).height) for wait_hours in hours)
    lines = [Line(currency, "early_calls", "contacts", "L0", before, after, n=n_called, n_of="spells")]
    n = reminded_spells(spells, hours[1], period).height
    if not n:
        why = "no reminder of the period is as old as the wait; choose a shorter wait or earlier days"
        return [*lines, Line.refused(currency, "ended_in_wait", "share", why, "wait_too_long")]
    ended = [ended_in_wait(spells, wait_hours, hours[1], period).height for wait_hours in hours]
    shares = ended[0] / n, ended[1] / n
    return [*lines, Line(currency, "ended_in_wait", "share", "L0", *shares, *wilson(ended[1], n), n=n, n_of="spells")]


def early_calls(spells: pl.DataFrame, wait_hours: int, period: Period) -> pl.DataFrame:
    """Rows of `spell_waits` whose first call, made in the period, came sooner than the wait."""
    inside = pl.col("called_on").is_between(*period)
    return spells.filter(pl.col("is_sure") & inside & (pl.col("minutes_waited") < 60 * wait_hours))


def reminded_spells(spells: pl.DataFrame, wait_hours: int, period: Period) -> pl.DataFrame:
    """Spells first reminded in the period, not called before, whose wait is over by its end. The book knows the day on
    which a spell ends and not the hour, so waits are taken in whole days, rounded down."""
    is_over = pl.col("reminded_on") + pl.duration(days=wait_hours // 24) <= period[1]
    return spells.filter(
        pl.col("is_sure") & ~pl.col("is_called_before") & pl.col("reminded_on").is_between(*period) & is_over
    )


def ended_in_wait(spells: pl.DataFrame, wait_hours: int, longest: int, period: Period) -> pl.DataFrame:
    """Of the spells waited for `longest` hours, those that ended within `wait_hours`, before any call."""
    last = pl.col("ended_on")
    in_time = last + pl.duration(days=1) <= pl.col("reminded_on") + pl.duration(days=wait_hours // 24)
    uncalled = pl.col("called_on").is_null() | (pl.col("called_on") > last)
    return reminded_spells(spells, longest, period).filter(in_time & uncalled)


def hold_line(inputs: ScenarioInputs, scenario: Scenario, currency: str, n: int) -> Line:
    """Contacts that a hold after a dispute or a promise would have held back. `n`: outbound contacts."""
    before, after = (
        float(held_contacts(inputs.ask, side, inputs.period).filter(pl.col("currency") == currency).height)
        for side in (scenario.today, scenario)
    )
    return Line(currency, "contacts_held", "contacts", "L0", before, after, n=n, n_of="contacts")


def held_contacts(ask: Ask, scenario: Scenario, period: Period) -> pl.DataFrame:
    days = {name: int(scenario.value(name) or 0) for name in ("hold_dispute_days", "hold_promise_days")}
    return whatif.held_contacts(ask, from_date=period[0], to_date=period[1], **days)


def kept_line(inputs: ScenarioInputs, scenario: Scenario, currency: str) -> Line:
    """The kept ratio under another grace period or tolerance: a change of definition, not of performance."""
    before, after = (_kept_ratio(inputs, side, currency) for side in (scenario.today, scenario))
    if before is None or after is None or after["share_kept"] is None:
        why = "no promise that fell due in the period has matured; load promises or choose earlier days"
        return Line.refused(currency, "share_kept", "share", why, "not_matured")
    values = before["share_kept"], after["share_kept"], after["share_kept_low"], after["share_kept_high"]
    return Line(currency, "share_kept", "share", "L0", *values, n=after["n_matured"], n_of="promises")


def _kept_ratio(inputs: ScenarioInputs, scenario: Scenario, currency: str) -> dict[str, Any] | None:
    settings, period = inputs.settings, inputs.period
    grace, tolerance = scenario.value("promise_grace_days"), scenario.value("promise_tolerance")
    rows = promises.kept_ratio(
        inputs.ask,
        from_date=period[0],
        to_date=period[1],
        as_of=period[1],
        grace_days=settings.promise_grace_days if grace is None else int(grace),
        tolerance=float(settings.promise_tolerance if tolerance is None else tolerance),
    ).filter(pl.col("currency") == currency)
    return None if rows.is_empty() else rows.row(0, named=True)


def late_lines(ask: Ask, scenario: Scenario, as_of: date | None, currency: str) -> list[Line]:
    """The book cut at other days past due, on the last snapshot of the period."""
    if as_of is None:
        why = "there is no snapshot day up to the end of the period; load snapshots"
        return [Line.refused(currency, "late_balance", "money", why, "no_snapshot")]
    sides = [
        whatif.late_balance(ask, as_of=as_of, late_from_days=int(side.value("late_from_days") or 0))
        .filter(pl.col("currency") == currency)
        .to_dicts()
        for side in (scenario.today, scenario)
    ]
    if not all(sides):
        return []
    (before,), (after,) = sides
    balances = float(before["late_balance"]), float(after["late_balance"])
    shares = before["share_balance"], after["share_balance"]
    return [
        Line(currency, "late_balance", "money", "L0", *balances, n=after["n_late"], n_of="accounts"),
        Line(currency, "late_share", "share", "L0", *shares, n=after["n_accounts"], n_of="accounts"),
    ]
