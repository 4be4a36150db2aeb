"""Who is asked, and about which days: the questions of a scenario answered once for both sides and all sections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from duewatch.books.published import Book
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


@dataclass(frozen=True)
class QuerySession:
    """Who is asked: `scoped` for the scope's own rows, `whole` for what is counted over the whole book and cut to the
    scope afterwards."""

    scoped: Ask
    whole: Ask
    scope: Scope


@contextmanager
def asking(book: Book, settings: Settings, scope: Scope = WHOLE_BOOK) -> Iterator[QuerySession]:
    """A book opened for questions; the same question is answered once. Raises BookError."""
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:

        def ask(name: str, params: Params) -> pl.DataFrame:
            return engine.run(name, params, scope)

        def whole(name: str, params: Params) -> pl.DataFrame:
            return engine.run(name, params, WHOLE_BOOK)

        once = asked_once(ask)
        yield QuerySession(once, once if scope == WHOLE_BOOK else asked_once(whole), scope)


def asked_once(ask: Ask) -> Ask:
    """Both sides and all currencies share what is the same question."""
    kept: dict[str, pl.DataFrame] = {}

    def asked(name: str, params: Params) -> pl.DataFrame:
        key = repr((name, sorted(params.items())))
        if key not in kept:
            kept[key] = ask(name, params)
        return kept[key]

    return asked


def period_of(ask: Ask, scenario: Scenario) -> tuple[date, date]:
    """The local days counted on, both included. Raises ScenarioError where the log has no contact in them."""
    known = compliance.judged_days(ask).row(0, named=True)
    if known["last_day"] is None:
        raise localised_error(ScenarioError, "no_local_day")
    last = scenario.last_day or known["last_day"]
    first = scenario.first_day or max(known["first_day"], last - timedelta(days=USUAL_DAYS - 1))
    if first > known["last_day"] or last < known["first_day"] or first > last:
        raise localised_error(
            ScenarioError,
            "no_contact_then",
            first=first,
            last=last,
            known_first=known["first_day"],
            known_last=known["last_day"],
        )
    return first, last


def snapshot_of(ask: Ask, last: date) -> date | None:
    """The newest snapshot day up to a day."""
    return max((day for day in portfolio.snapshot_days(ask)["as_of"].to_list() if day <= last), default=None)
