"""L0: what can be counted on history under a scenario. No assumption but that the log is complete.

Today and the scenario go through the same functions: a scenario that moves nothing equals today exactly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from duewatch.books import Book
from duewatch.compliance import recount
from duewatch.compliance.model import Pack
from duewatch.engines import Ask
from duewatch.reads import promises, whatif
from duewatch.scope import Scope
from duewatch.settings import Settings
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

Period = tuple[date, date]


def cap_figures(
    book: Book, packs: Mapping[str, Pack], scenario: Scenario, period: Period, settings: Settings, scope: Scope
) -> pl.DataFrame:
    """currency, team, n_counted, n_over, n_stopped, n_calls_stopped under the scenario's cap. Counted over the whole
    log, then cut to the scope. Raises RuleError."""
    each = recount.cap_of(packs, str(scenario.value("cap_rule")), settings)
    max_count, days = scenario.value("cap_max"), scenario.value("cap_days")
    limit = recount.limit_of(each, None if max_count is None else int(max_count), None if days is None else int(days))
    events = recount.replayed(book, each, limit, from_date=period[0], to_date=period[1], settings=settings)
    seen = recount.within(events, scope)
    calls = seen.filter(pl.col("is_stopped") & (pl.col("channel") == "call"))
    n_calls = calls.group_by("currency", "team").agg(pl.len().cast(pl.Int64).alias("n_calls_stopped"))
    found = recount.by_group(seen, "currency", "team").join(
        n_calls, on=["currency", "team"], how="left", nulls_equal=True
    )
    return found.with_columns(pl.col("n_calls_stopped").fill_null(0))


def cap_lines(today: pl.DataFrame, scenario: pl.DataFrame, currency: str) -> list[Line]:
    """Contacts counted, breaches counted and contacts stopped: the last two are never one number."""
    before, after = (frame.filter(pl.col("currency") == currency) for frame in (today, scenario))
    n = int(before["n_counted"].sum())
    if not n:
        why = "the rule counts no contact of this currency in the period; choose another cap_rule"
        return [Line(currency, "breaches_counted", "contacts", "refused", reason=why)]
    return [
        Line(currency, name, "contacts", "L0", float(before[column].sum()), float(after[column].sum()), n=n)
        for name, column in (("breaches_counted", "n_over"), ("contacts_stopped", "n_stopped"))
    ]


def hours_line(ask: Ask, today: Scenario, scenario: Scenario, period: Period, currency: str) -> Line:
    """Contacts outside the hours of the scenario, beside those outside today's."""
    figures = [_outside(ask, each, period, currency) for each in (today, scenario)]
    (before, n), (after, _) = figures
    if not n:
        why = "no outbound contact of the period has a local time; load time_zone of the debtors"
        return Line(currency, "contacts_outside_hours", "contacts", "refused", reason=why)
    return Line(currency, "contacts_outside_hours", "contacts", "L0", float(before), float(after), n=n)


def _outside(ask: Ask, scenario: Scenario, period: Period, currency: str) -> tuple[int, int]:
    found = whatif.contacts_outside_hours(
        ask, from_date=period[0], to_date=period[1], hours_from=int(scenario.value("hours_from") or 0),
        hours_to=int(scenario.value("hours_to") or 24),
    ).filter(pl.col("currency") == currency)  # fmt: skip
    return int(found["n_outside"].sum()), int(found["n_contacts"].sum())


def kept_line(ask: Ask, today: Scenario, scenario: Scenario, period: Period, currency: str) -> Line:
    """The kept ratio under another grace period or tolerance: a change of definition, not of performance."""
    rows = [_kept(ask, each, period, currency) for each in (today, scenario)]
    before, after = rows
    if before is None or after is None or after["share_kept"] is None:
        why = "no promise that fell due in the period has matured; load promises or choose earlier days"
        return Line(currency, "share_kept", "share", "refused", reason=why)
    return Line(
        currency, "share_kept", "share", "L0", before["share_kept"], after["share_kept"], after["share_kept_low"],
        after["share_kept_high"], n=after["n_matured"],
    )  # fmt: skip


def _kept(ask: Ask, scenario: Scenario, period: Period, currency: str) -> dict[str, Any] | None:
    found = promises.kept_ratio(
        ask, from_date=period[0], to_date=period[1], as_of=period[1],
        grace_days=int(scenario.value("promise_grace_days") or 0),
        tolerance=float(scenario.value("promise_tolerance") or 1.0),
    ).filter(pl.col("currency") == currency)  # fmt: skip
    return None if found.is_empty() else found.row(0, named=True)


def late_lines(ask: Ask, today: Scenario, scenario: Scenario, as_of: date | None, currency: str) -> list[Line]:
    """The book cut at other days past due, on the last snapshot of the period."""
    if as_of is None:
        why = "there is no snapshot day up to the end of the period; load snapshots"
        return [Line(currency, "late_balance", "money", "refused", reason=why)]
    before, after = (
        whatif.late_balance(ask, as_of=as_of, late_from_days=int(each.value("late_from_days") or 0))
        .filter(pl.col("currency") == currency).to_dicts()
        for each in (today, scenario)
    )  # fmt: skip
    if not before or not after:
        return []
    one, other = before[0], after[0]
    return [
        Line(currency, "late_balance", "money", "L0", float(one["late_balance"]), float(other["late_balance"]),
             n=other["n_late"]),
        Line(currency, "late_share", "share", "L0", one["share_balance"], other["share_balance"],
             n=other["n_accounts"]),
    ]  # fmt: skip
