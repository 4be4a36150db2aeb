"""The queries of a scenario: each is answered once for both sides and all sections; and the days they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.rule_verdicts import SECONDS
from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import compliance, portfolio
from duewatch.whatif.scenario import Scenario

USUAL_DAYS = 92
"""Days up to the last of the log that are counted where a scenario names none."""


Period = tuple[date, date]
"""First and last local day, both included."""


@dataclass(frozen=True)
class QuerySession:
    """Who answers the queries of a scenario."""

    scoped: Ask  # the scope's own rows
    whole: Ask  # what is counted over the whole book and cut to the scope afterwards
    scope: Scope


@dataclass(frozen=True)
class ScenarioInputs:
    """Everything that today and the scenario share."""

    packs: Mapping[str, Pack]
    settings: Settings
    session: QuerySession
    period: Period

    @property
    def ask(self) -> Ask:
        return self.session.scoped


def inputs_of(
    packs: Mapping[str, Pack], settings: Settings, session: QuerySession, scenario: Scenario
) -> ScenarioInputs:
    """Raises ScenarioError where the log has no contact in the scenario's days."""
    return ScenarioInputs(packs, settings, session, period_of(session.scoped, scenario))


@contextmanager
def open_session(book: Book, settings: Settings, scope: Scope = WHOLE_BOOK) -> Iterator[QuerySession]:
    """A book opened for queries; each is answered once. Raises BookError."""
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:

        def ask(name: str, params: Params) -> pl.DataFrame:
            return engine.run(name, params, scope)

        def whole(name: str, params: Params) -> pl.DataFrame:
            return engine.run(name, params, WHOLE_BOOK)

        scoped = answer_once(ask)
        yield QuerySession(scoped, scoped if scope == WHOLE_BOOK else answer_once(whole), scope)


def answer_once(ask: Ask) -> Ask:
    """The same query with the same parameters is run once."""
    frames: dict[str, pl.DataFrame] = {}

    def answer(name: str, params: Params) -> pl.DataFrame:
        key = repr((name, sorted(params.items())))
        if key not in frames:
            frames[key] = ask(name, params)
        return frames[key]

    return answer


def period_of(ask: Ask, scenario: Scenario) -> Period:
    """The local days counted on, both included. Raises ScenarioError where the log has no contact in them."""
    log = compliance.judged_days(ask).row(0, named=True)
    log_first, log_last = log["first_day"], log["last_day"]
    if log_last is None:
        raise localised_error(ScenarioError, "no_local_day")
    last = scenario.last_day or log_last
    first = scenario.first_day or max(log_first, last - timedelta(days=USUAL_DAYS - 1))
    if first > log_last or last < log_first or first > last:
        days = {"first": first, "last": last, "known_first": log_first, "known_last": log_last}
        raise localised_error(ScenarioError, "no_contact_then", **days)
    return first, last


def snapshot_of(ask: Ask, last: date) -> date | None:
    """The newest snapshot day up to a day."""
    return max((day for day in portfolio.snapshot_days(ask)["as_of"].to_list() if day <= last), default=None)
