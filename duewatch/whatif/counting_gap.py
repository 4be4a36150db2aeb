"""L0 beside the model: how far its way to count breaches (calls alone, by account) lies from the rule's own.

The same calls of history are counted past a limit twice: together as the rule counts (by debtor, by person and
agency ...), and account by account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from duewatch.compliance import policy_recount as recount
from duewatch.compliance.pack_types import Pack
from duewatch.compliance.rule_kinds import CountCap, Window
from duewatch.contract.settings import Settings
from duewatch.whatif import caps
from duewatch.whatif.caps import Period
from duewatch.whatif.model import limit_of
from duewatch.whatif.query_session import QuerySession
from duewatch.whatif.result import Counting
from duewatch.whatif.scenario import Scenario


def counted(
    asks: QuerySession, packs: Mapping[str, Pack], scenario: Scenario, settings: Settings, period: Period
) -> dict[str, Counting]:
    """By currency, past today's limit and the scenario's; empty where today's cap does not count in days. Raises
    RuleError, ScenarioError, QueryError."""
    today, then = limit_of(scenario.today), limit_of(scenario)
    if today is None:
        return {}
    own = caps.cap_of(packs, scenario.today, settings)
    spec = own.each.rule.spec
    assert isinstance(spec, CountCap)
    windows = replace(own, limit=recount.Limit(today[0], Window("local_date", today[1])), by_bucket=())
    contacts = caps.contacts_of(asks.whole, windows, period)

    def told(limit: tuple[int, int]) -> dict[str, Counting]:
        marked = past_twice(contacts, *limit)
        mine = recount.in_scope(marked, asks.scope).filter(pl.col("local_date") >= period[0])
        sums = mine.group_by("currency").agg(pl.col("is_over_by_rule").sum(), pl.col("is_over_by_account").sum())
        return {
            currency: Counting(own.each.rule.id, spec.scope, *limit, int(by_rule), int(by_account))
            for currency, by_rule, by_account in sums.iter_rows()
        }

    found, other = told(today), told(then) if then and then != today else {}
    return {currency: replace(each, scenario=other.get(currency)) for currency, each in found.items()}


def past_twice(contacts: pl.DataFrame, n: int, days: int) -> pl.DataFrame:
    """The calls among the rule's contacts, each marked where it lies past `n` in `days` dates of its scope
    (`is_over_by_rule`) and of its account (`is_over_by_account`). `contacts`: as of caps.contacts_of."""
    scopes = (pl.col("place") == 1).cum_sum().alias("scope_no")
    calls = contacts.with_columns(scopes).filter(pl.col("channel") == "call")
    for scope, name in (("scope_no", "is_over_by_rule"), ("account_id", "is_over_by_account")):
        calls = calls.sort(scope, "local_date", maintain_order=True)
        place = pl.int_range(1, pl.len() + 1).over(scope)
        day, at = caps.arrays(calls.with_columns(place.alias("place")))
        calls = calls.with_columns(pl.Series(name, recount.counted_over(day, at.astype(np.int64), n, days)))
    return calls
