"""Every cap of contacts and dates at once, and the limits of law that stand on that grid as walls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from duewatch.compliance.compiled_rules import Compiled
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.policy_recount import Limit
from duewatch.compliance.rule_kinds import CountCap
from duewatch.compliance.rule_verdicts import rules_in_use
from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.settings import Settings
from duewatch.whatif import caps
from duewatch.whatif.query_session import Period, QuerySession
from duewatch.whatif.scenario import Scenario


@dataclass(frozen=True)
class LawWall:
    """A limit of law that binds in a currency."""

    rule_id: str
    title_en: str
    title_zh: str
    steps: tuple[tuple[int, int], ...]
    """For each window of dates the largest number of contacts that can never break the limit."""
    dates: tuple[int, int] | None = None
    """Contacts allowed in so many trailing dates; None where the law counts by calendar weeks."""


def rule_only(scenario: Scenario) -> Scenario:
    """The rule that is counted, with its own limit: what the grid is of, and what today is on it."""
    return Scenario(levers=tuple((name, value) for name, value in scenario.levers if name == "cap_rule"))


def today_on(packs: Mapping[str, Pack], scenario: Scenario, settings: Settings) -> caps.Cap:
    """Today's cap of the scenario's rule. Raises RuleError, and ScenarioError where it does not count in dates."""
    cap = caps.cap_of(packs, rule_only(scenario), settings)
    if cap.limit.window.unit != "local_date":
        raise localised_error(ScenarioError, "not_on_grid", where="cap_rule", rule=cap.compiled_rule.rule.id)
    return cap


def cells_of(session: QuerySession, cap: caps.Cap, period: Period, currency: str) -> pl.DataFrame:
    """max_count, window_days, n_over, n_stopped of the scope's contacts in one currency, for all 300 limits."""
    contacts = caps.contacts_of(session.whole, cap, period)
    return caps.frontier(contacts, session.scope.narrowed(currencies=(currency,)), period)


def cell_of(scenario: Scenario) -> tuple[int, int] | None:
    """Where the scenario's cap stands on the grid (contacts, dates), where it has one for all debts."""
    most, days = scenario.value("cap_max"), scenario.value("cap_days")
    return None if most is None or days is None else (int(most), int(days))


def walls(packs: Mapping[str, Pack], settings: Settings, currency: str) -> list[LawWall]:
    """Limits of the packs in use that bind in this currency, count in dates and stand on the grid; the newest version
    of each rule, one of those that draw the same wall."""
    newest: dict[str, Compiled] = {}
    for compiled_rule in sorted(
        rules_in_use(packs, (), settings), key=lambda compiled_rule: compiled_rule.rule.effective_from
    ):
        if isinstance(compiled_rule.rule.spec, CountCap) and _binds(compiled_rule, currency):
            newest[compiled_rule.rule.id] = compiled_rule
    by_steps: dict[tuple[tuple[int, int], ...], LawWall] = {}
    for compiled_rule in newest.values():
        spec, rule = compiled_rule.rule.spec, compiled_rule.rule
        assert isinstance(spec, CountCap)
        steps = tuple(caps.safe_under(Limit(spec.max, spec.window)))
        if any(1 <= most <= 9 for _, most in steps):
            unit = spec.window.unit
            width = {"day": 1, "local_date": spec.window.length}.get(unit)
            dates = None if width is None else (spec.max, width)
            by_steps.setdefault(steps, LawWall(rule.id, rule.title_en, rule.title_zh, steps, dates))
    return list(by_steps.values())


def _binds(compiled_rule: Compiled, currency: str) -> bool:
    currencies = str(compiled_rule.params["currencies"])
    return not currencies or currency in currencies.split(",")
