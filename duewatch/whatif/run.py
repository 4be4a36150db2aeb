"""A scenario beside today: every line through the same code, stamped with what it rests on.

What the log can answer exactly comes first (L0), then arithmetic (L1); what it cannot is refused, with the reason and
the test that would answer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from duewatch.books import Book
from duewatch.compliance.judge import SECONDS, packs_in_use
from duewatch.compliance.model import Pack
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.errors import ScenarioError
from duewatch.reads import compliance, portfolio, whatif
from duewatch.scope import WHOLE_BOOK, Scope
from duewatch.settings import Settings
from duewatch.whatif import arithmetic, exact
from duewatch.whatif.result import Line, Report, Stamp
from duewatch.whatif.scenario import Scenario

USUAL_DAYS = 92
MODEL_CHANGED_ON = date(2026, 11, 24)
"""The day on which anything here that moves a number last changed; raise it in the same commit."""
PAYMENT_DAYS = 30
NOT_IN_A_LOG = {
    "calls_per_day": "what more or fewer calls recover cannot be counted on history, where accounts that pay stop "
    "being called; record a random hold-out of 2-5 % of accounts and read the difference",
    "priority": "another order of the list changes who is called, which no log holds; assign the order at random by "
    "debtor",
    "channel_mix": "who was called and who was written to was chosen, not drawn; assign the channel at random by "
    "debtor",
    "discount_taken": "few offers, to chosen debtors, say nothing about others who would wait for a better one; offer "
    "at random to a part",
    "wait_hours": "which first calls came too early is not counted by this version; judge it with a rule of the house "
    "pack",
}


@dataclass(frozen=True)
class Setting:
    """Everything that both sides of a comparison share."""

    book: Book
    packs: Mapping[str, Pack]
    settings: Settings
    ask: Ask
    period: tuple[date, date]


def run(
    book: Book, packs: Mapping[str, Pack], scenario: Scenario, *, settings: Settings = Settings(),  # noqa: B008 - frozen
    scope: Scope = WHOLE_BOOK,
) -> Report:  # fmt: skip
    """The scenario beside today, for each currency in scope. Raises ScenarioError, RuleError, QueryError."""
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:

        def ask(name: str, params: Params) -> pl.DataFrame:
            return engine.run(name, params, scope)

        at = Setting(book, packs, settings, ask, _period(ask, scenario))
        lines = tuple(_lines(at, scenario, scope))
    used = tuple(sorted((pack.id, pack.version) for pack in packs_in_use(packs, settings)))
    return Report(lines, Stamp(book.version, book.sha256, used, MODEL_CHANGED_ON, *at.period, scenario.seed))


def _period(ask: Ask, scenario: Scenario) -> tuple[date, date]:
    known = compliance.judged_days(ask).row(0, named=True)
    if known["last_day"] is None:
        raise ScenarioError("no contact of the book has a local day", next_step="load contacts and time zones")
    last = scenario.last_day or known["last_day"]
    first = scenario.first_day or max(known["first_day"], last - timedelta(days=USUAL_DAYS - 1))
    if first > known["last_day"] or last < known["first_day"] or first > last:
        raise ScenarioError(
            f"the log has no contact from {first} to {last}",
            next_step=f"choose days from {known['first_day']} to {known['last_day']}",
        )
    return first, last


def _lines(at: Setting, scenario: Scenario, scope: Scope) -> Iterator[Line]:
    today = scenario.today
    caps = [exact.cap_figures(at.book, at.packs, each, at.period, at.settings, scope) for each in (today, scenario)]
    days = portfolio.snapshot_days(at.ask)["as_of"].to_list()
    as_of = max((day for day in days if day <= at.period[1]), default=None)
    times = whatif.call_time(at.ask, from_date=at.period[0], to_date=at.period[1]).sort("currency")
    for time in times.iter_rows(named=True):
        currency = time["currency"]
        capped = exact.cap_lines(caps[0], caps[1], currency)
        yield from capped
        yield exact.hours_line(at.ask, today, scenario, at.period, currency)
        yield exact.kept_line(at.ask, today, scenario, at.period, currency)
        yield from exact.late_lines(at.ask, today, scenario, as_of, currency)
        yield from _arithmetic(scenario, time, capped, caps)
        yield from _break_even(at, scenario, as_of, currency)
        yield from _refused(scenario, currency)


def _arithmetic(
    scenario: Scenario, time: Mapping[str, Any], capped: list[Line], caps: list[pl.DataFrame]
) -> Iterator[Line]:
    currency, given = time["currency"], scenario.value("minutes_per_call")
    minutes: float | None = time["minutes_mean"] if given is None else float(given)
    n_contacts, n_calls = time["n_contacts"], time["n_calls"]
    stopped = capped[-1]
    share = _call_share(caps[1], currency)
    freed = arithmetic.hours_freed(currency, stopped, minutes, share)
    yield freed
    yield arithmetic.contact_cost(currency, scenario, n_contacts, stopped, freed, minutes, n_calls)


def _call_share(cap: pl.DataFrame, currency: str) -> float:
    """Of the contacts that the cap stops, those that are calls."""
    mine = cap.filter(pl.col("currency") == currency)
    n_stopped = int(mine["n_stopped"].sum())
    return int(mine["n_calls_stopped"].sum()) / n_stopped if n_stopped else 0.0


def _break_even(at: Setting, scenario: Scenario, as_of: date | None, currency: str) -> Iterator[Line]:
    if not scenario.is_set("discount"):
        return
    days = [day for day in portfolio.snapshot_days(at.ask)["as_of"].to_list() if as_of and day < as_of]
    if not days:
        yield arithmetic.break_even(currency, scenario, "M1", None, 0)
        return
    start = max(days)
    found = whatif.payment_chance(at.ask, as_of=start, to_date=start + timedelta(days=PAYMENT_DAYS))
    for row in found.filter(pl.col("currency") == currency).sort("bucket").iter_rows(named=True):
        yield arithmetic.break_even(currency, scenario, row["bucket"], row["share_paid"], row["n_accounts"])
    yield Line(currency, "discount_taken", "share", "refused", reason=NOT_IN_A_LOG["discount_taken"])


def _refused(scenario: Scenario, currency: str) -> Iterator[Line]:
    """Recovery under the levers that change who is contacted, wherever one of them was moved."""
    for lever in ("calls_per_day", "priority", "channel_mix", "wait_hours"):
        if scenario.is_set(lever):
            measure, unit = ("early_calls", "contacts") if lever == "wait_hours" else (f"recovered_{lever}", "money")
            yield Line(currency, measure, unit, "refused", reason=NOT_IN_A_LOG[lever])
