"""A scenario beside today: every line through the same code, stamped with what it rests on.

What the log can answer exactly comes first (L0), then arithmetic (L1); what it cannot is refused, with the reason and
the test that would answer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from duewatch.books.published import Book
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import packs_in_use
from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.months import step_start
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.reads import portfolio, whatif
from duewatch.whatif import arithmetic, caps, counting_gap, grade_cuts, model, other_definitions, recounts, run_off
from duewatch.whatif.levers import LEVERS
from duewatch.whatif.model import ModelAnswer, ModelSettings, Progress
from duewatch.whatif.query_session import (
    QuerySession,
    ScenarioInputs,
    answer_once,
    inputs_of,
    open_session,
    snapshot_of,
)
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


def run(
    book: Book,
    packs: Mapping[str, Pack],
    scenario: Scenario,
    *,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    scope: Scope = WHOLE_BOOK,
) -> Report:
    """The scenario beside today, for each currency in scope. Raises ScenarioError, RuleError, QueryError."""
    with open_session(book, settings, scope) as session:
        return report(book, packs, scenario, session, settings)


def report(
    book: Book,
    packs: Mapping[str, Pack],
    scenario: Scenario,
    session: QuerySession,
    settings: Settings = Settings(),  # noqa: B008
) -> Report:
    """`run` over a session that is open already. Raises as `run`."""
    scoped = answer_once(session.scoped)
    whole = scoped if session.whole is session.scoped else answer_once(session.whole)
    inputs = inputs_of(packs, settings, QuerySession(scoped, whole, session.scope), scenario)
    _refuse_unknown_buckets(inputs.ask, scenario)
    used = tuple(sorted((pack.id, pack.version) for pack in packs_in_use(packs, settings)))
    if scenario.is_set("grade_cuts"):
        used = (*used, grade_cuts.scorecard_stamp())
    stamp = Stamp(book.version, book.sha256, used, MODEL_CHANGED_ON, *inputs.period, scenario.seed)
    return Report(tuple(_lines(inputs, scenario)), stamp)


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
    with open_session(book, settings, scope) as session:
        inputs = inputs_of(load_packs(), settings, session, scenario)
        return model_answer(inputs, scenario, model_settings=model_settings, progress=progress)


def model_answer(
    inputs: ScenarioInputs,
    scenario: Scenario,
    *,
    model_settings: ModelSettings = ModelSettings(),  # noqa: B008 - frozen
    progress: Progress | None = None,
) -> ModelAnswer:
    """`run_model` over a session that is open already."""
    return model.answer(
        inputs.ask,
        scenario,
        today=scenario.today,
        period=inputs.period,
        settings=model_settings,
        seed=scenario.seed,
        progress=progress,
        counted=counting_gap.counting_by_currency(inputs, scenario),
    )


def _refuse_unknown_buckets(ask: Ask, scenario: Scenario) -> None:
    buckets = portfolio.bucket_bounds(ask)["bucket"].to_list() if scenario.by_bucket else []
    for bucket, levers in scenario.by_bucket.items():
        if bucket not in buckets:
            where = f"{bucket}.{next(iter(levers))}"
            raise localised_error(ScenarioError, "no_bucket", where=where, bucket=bucket, known=tuple(buckets))


def marked_sides(inputs: ScenarioInputs, scenario: Scenario) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The scope's counted contacts, marked by today's cap and by the scenario's. The log is read once where both count
    in windows of one kind, and replayed once where nothing was moved."""
    today, changed = (caps.cap_of(inputs.packs, side, inputs.settings) for side in (scenario.today, scenario))
    before = _marked(inputs, today)
    return before, before if changed == today else _marked(inputs, changed)


def marked_by(inputs: ScenarioInputs, scenario: Scenario) -> pl.DataFrame:
    """The scope's counted contacts, marked by the scenario's cap alone."""
    return _marked(inputs, caps.cap_of(inputs.packs, scenario, inputs.settings))


def _marked(inputs: ScenarioInputs, cap: caps.Cap) -> pl.DataFrame:
    contacts = caps.contacts_of(inputs.session.whole, cap, inputs.period)
    return recount.in_scope(caps.mark_contacts(contacts, cap, inputs.period), inputs.session.scope)


def _lines(inputs: ScenarioInputs, scenario: Scenario) -> Iterator[Line]:
    sides = marked_sides(inputs, scenario)
    as_of = snapshot_of(inputs.ask, inputs.period[1])
    totals = whatif.call_time(inputs.ask, from_date=inputs.period[0], to_date=inputs.period[1]).sort("currency")
    for log in totals.iter_rows(named=True):
        currency = log["currency"]
        capped = recounts.cap_lines(*sides, currency)
        yield from capped
        yield recounts.hours_line(inputs, scenario, currency)
        yield from recounts.wait_lines(inputs.ask, scenario, inputs.period, currency)
        yield recounts.hold_line(inputs, scenario, currency, log["n_contacts"])
        yield recounts.kept_line(inputs, scenario, currency)
        yield from recounts.late_lines(inputs.ask, scenario, as_of, currency)
        yield from other_definitions.lines(inputs, scenario, as_of, currency)
        if scenario.is_set("grade_cuts"):
            yield from grade_cuts.lines(inputs.ask, scenario, as_of, currency)
        yield from arithmetic.cost_lines(scenario, log, capped[-1], _call_share(sides[1], currency))
        yield from _break_even(inputs.ask, scenario, as_of, currency)
        yield from run_off.lines(inputs.ask, scenario, as_of, currency)
        yield from _refused(scenario, currency)


def _call_share(contacts: pl.DataFrame, currency: str) -> float:
    """Of the contacts that the cap stops, the share of calls."""
    stopped = contacts.filter((pl.col("currency") == currency) & pl.col("is_stopped"))
    return stopped.filter(pl.col("channel") == "call").height / stopped.height if stopped.height else 0.0


def _break_even(ask: Ask, scenario: Scenario, as_of: date | None, currency: str) -> Iterator[Line]:
    if not scenario.is_set("discount"):
        return
    start = step_start(portfolio.snapshot_days(ask)["as_of"].to_list(), as_of) if as_of else None
    if start is None:
        yield arithmetic.break_even(currency, scenario, "M1", None, 0)
        return
    chances = whatif.payment_chance(ask, as_of=start, to_date=start + timedelta(days=PAYMENT_DAYS))
    for row in chances.filter(pl.col("currency") == currency).sort("bucket").iter_rows(named=True):
        yield arithmetic.break_even(currency, scenario, row["bucket"], row["share_paid"], row["n_accounts"])
    yield Line.refused(currency, "discount_taken", "share", NOT_IN_A_LOG["discount_taken"], "discount_taken")


def _refused(scenario: Scenario, currency: str) -> Iterator[Line]:
    """Recovery under the levers that change who is contacted, wherever one of them was moved."""
    levers = [(lever, lever) for lever in ("calls_per_day", "priority", "channel_mix") if scenario.is_set(lever)]
    levers += [
        (lever, code)
        for lever, code in (("wait_hours", "ended_in_wait"), ("closed_hours", "closed_hours"))
        if scenario.value(lever) != LEVERS[lever].default
    ]
    for lever, code in levers:
        yield Line.refused(currency, f"recovered_{lever}", "money", NOT_IN_A_LOG[code], code)
