"""A scenario beside today: every line through the same code, stamped with what it rests on.

What the log can answer exactly comes first (L0), then arithmetic (L1); what it cannot is refused, with the reason and
the test that would answer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import packs_in_use
from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.reads import portfolio, whatif
from duewatch.whatif import arithmetic, caps, grade_cuts, model, run_off
from duewatch.whatif import counting_gap as counting
from duewatch.whatif import other_definitions as definitions
from duewatch.whatif import recounts as exact
from duewatch.whatif.levers import LEVERS
from duewatch.whatif.model import ModelAnswer, ModelSettings, Progress
from duewatch.whatif.query_session import QuerySession, asked_once, asking, period_of, snapshot_of
from duewatch.whatif.result import Line, Report, Stamp
from duewatch.whatif.scenario import Scenario

MODEL_CHANGED_ON = date(2026, 11, 26)
"""The day on which anything here that moves a number last changed; raise it in the same commit."""
PAYMENT_DAYS = 30
NOT_IN_A_LOG = {
    "calls_per_day": "what more or fewer calls recover cannot be counted on history, where accounts that pay stop "
    "being called; record a random hold-out of 2-5 % of accounts and read the difference",
    "priority": "another order of the list changes who is called, which no log holds; assign the order at random by "
    "debtor",
    "channel_mix": "who was called and who was written to was chosen, not drawn; assign the channel at random by "
    "debtor",
    "closed_hours": "whether calls of closed hours are lost or made later moves recovery alone, which only the model "
    "(L2) tells; set hours_from or hours_to too and ask the model",
    "discount_taken": "few offers, to chosen debtors, say nothing about others who would wait for a better one; offer "
    "at random to a part",
    "ended_in_wait": "whether those who paid later would have paid without the call is not in a log; draw at random "
    "who waits",
}


@dataclass(frozen=True)
class Setting:
    """Everything that both sides of a comparison share."""

    packs: Mapping[str, Pack]
    settings: Settings
    asks: QuerySession
    period: tuple[date, date]

    @property
    def ask(self) -> Ask:
        return self.asks.scoped


def run(
    book: Book,
    packs: Mapping[str, Pack],
    scenario: Scenario,
    *,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    scope: Scope = WHOLE_BOOK,
) -> Report:
    """The scenario beside today, for each currency in scope. Raises ScenarioError, RuleError, QueryError."""
    with asking(book, settings, scope) as asks:
        return report(book, packs, scenario, asks, settings)


def report(
    book: Book,
    packs: Mapping[str, Pack],
    scenario: Scenario,
    asks: QuerySession,
    settings: Settings = Settings(),  # noqa: B008
) -> Report:
    """`run` by way of questions that somebody else answers, and may keep. Raises as `run`."""
    scoped = asked_once(asks.scoped)
    once = QuerySession(scoped, scoped if asks.whole is asks.scoped else asked_once(asks.whole), asks.scope)
    at = Setting(packs, settings, once, period_of(once.scoped, scenario))
    _refuse_unknown_buckets(at.ask, scenario)
    used = tuple(sorted((pack.id, pack.version) for pack in packs_in_use(packs, settings)))
    if scenario.is_set("grade_cuts"):
        used = (*used, grade_cuts.stamped())
    stamp = Stamp(book.version, book.sha256, used, MODEL_CHANGED_ON, *at.period, scenario.seed)
    return Report(tuple(_lines(at, scenario)), stamp)


def run_model(
    book: Book,
    scenario: Scenario,
    *,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    scope: Scope = WHOLE_BOOK,
    model_settings: ModelSettings = ModelSettings(),  # noqa: B008 - frozen
    progress: Progress | None = None,
) -> ModelAnswer:
    """The adjusted model on the same scenario and days: a minute or more. Raises ScenarioError, QueryError."""
    with asking(book, settings, scope) as asks:
        return model.answer(
            asks.scoped,
            scenario,
            today=scenario.today,
            period=period_of(asks.scoped, scenario),
            settings=model_settings,
            seed=scenario.seed,
            progress=progress,
            counted=counting.counted(asks, load_packs(), scenario, settings, period_of(asks.scoped, scenario)),
        )


def _refuse_unknown_buckets(ask: Ask, scenario: Scenario) -> None:
    known = portfolio.bucket_bounds(ask)["bucket"].to_list() if scenario.by_bucket else []
    for bucket, levers in scenario.by_bucket.items():
        if bucket not in known:
            where = f"{bucket}.{next(iter(levers))}"
            raise localised_error(ScenarioError, "no_bucket", where=where, bucket=bucket, known=tuple(known))


def marked_sides(at: Setting, scenario: Scenario) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The scope's counted contacts, marked by today's cap and by the scenario's. The log is read once where both count
    in windows of one kind, and replayed once where nothing was moved."""
    sides = [caps.cap_of(at.packs, each, at.settings) for each in (scenario.today, scenario)]
    now, then = sides
    before = _marked(at, now)
    return before, before if then == now else _marked(at, then)


def marked_by(at: Setting, scenario: Scenario) -> pl.DataFrame:
    """The scope's counted contacts, marked by the scenario's cap alone."""
    return _marked(at, caps.cap_of(at.packs, scenario, at.settings))


def _marked(at: Setting, cap: caps.Cap) -> pl.DataFrame:
    contacts = caps.contacts_of(at.asks.whole, cap, at.period)
    return recount.in_scope(caps.marked(contacts, cap, at.period), at.asks.scope)


def _lines(at: Setting, scenario: Scenario) -> Iterator[Line]:
    today = scenario.today
    sides = marked_sides(at, scenario)
    as_of = snapshot_of(at.ask, at.period[1])
    times = whatif.call_time(at.ask, from_date=at.period[0], to_date=at.period[1]).sort("currency")
    for time in times.iter_rows(named=True):
        currency = time["currency"]
        capped = exact.cap_lines(*sides, currency)
        yield from capped
        yield exact.hours_line(at.ask, today, scenario, at.period, currency)
        yield from exact.wait_lines(at.ask, today, scenario, at.period, currency)
        yield exact.hold_line(at.ask, today, scenario, at.period, currency, time["n_contacts"])
        yield exact.kept_line(at.ask, today, scenario, at.period, at.settings, currency)
        yield from exact.late_lines(at.ask, today, scenario, as_of, currency)
        yield from definitions.lines(at.ask, today, scenario, at.period, as_of, at.settings, currency)
        if scenario.is_set("grade_cuts"):
            yield from grade_cuts.lines(at.ask, today, scenario, as_of, currency)
        yield from _arithmetic(scenario, time, capped, sides[1])
        yield from _break_even(at, scenario, as_of, currency)
        yield from run_off.lines(at.ask, scenario, as_of, currency)
        yield from _refused(scenario, currency)


def _arithmetic(
    scenario: Scenario, time: Mapping[str, Any], capped: list[Line], marked: pl.DataFrame
) -> Iterator[Line]:
    currency, given = time["currency"], scenario.value("minutes_per_call")
    minutes: float | None = time["minutes_mean"] if given is None else float(given)
    n_contacts, n_calls = time["n_contacts"], time["n_calls"]
    stopped = capped[-1]
    share = _call_share(marked, currency)
    freed = arithmetic.hours_freed(currency, stopped, minutes, share)
    yield freed
    yield arithmetic.contact_cost(currency, scenario, n_contacts, stopped, freed, minutes, n_calls)


def _call_share(marked: pl.DataFrame, currency: str) -> float:
    """Of the contacts that the cap stops, those that are calls."""
    held = marked.filter((pl.col("currency") == currency) & pl.col("is_stopped"))
    return held.filter(pl.col("channel") == "call").height / held.height if held.height else 0.0


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
    yield Line(
        currency, "discount_taken", "share", "refused", reason=NOT_IN_A_LOG["discount_taken"], code="discount_taken"
    )


def _refused(scenario: Scenario, currency: str) -> Iterator[Line]:
    """Recovery under the levers that change who is contacted, wherever one of them was moved."""
    for lever in ("calls_per_day", "priority", "channel_mix"):
        if scenario.is_set(lever):
            yield Line(currency, f"recovered_{lever}", "money", "refused", reason=NOT_IN_A_LOG[lever], code=lever)
    for lever, code in (("wait_hours", "ended_in_wait"), ("closed_hours", "closed_hours")):
        if scenario.value(lever) != LEVERS[lever].default:
            name = f"recovered_{lever}"
            yield Line(currency, name, "money", "refused", reason=NOT_IN_A_LOG[code], code=code)
