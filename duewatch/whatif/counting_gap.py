"""L0 beside the model: how far its way to count breaches (calls alone, by account) lies from the rule's own.

The same calls of history are counted past a limit twice: together as the rule counts (by debtor, by person and
agency ...), and account by account."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from duewatch.compliance import policy_recount as recount
from duewatch.compliance.rule_kinds import CountCap, Window
from duewatch.whatif import caps
from duewatch.whatif.model import limit_of
from duewatch.whatif.query_session import ScenarioInputs
from duewatch.whatif.result import Counting
from duewatch.whatif.scenario import Scenario


def counting_by_currency(inputs: ScenarioInputs, scenario: Scenario) -> dict[str, Counting]:
    """By currency, past today's limit and the scenario's; empty where today's cap does not count in days. Raises
    RuleError, ScenarioError, QueryError."""
    today, changed = limit_of(scenario.today), limit_of(scenario)
    if today is None:
        return {}
    cap = caps.cap_of(inputs.packs, scenario.today, inputs.settings)
    spec = cap.compiled_rule.rule.spec
    assert isinstance(spec, CountCap)
    windows = replace(cap, limit=recount.Limit(today[0], Window("local_date", today[1])), by_bucket=())
    contacts = caps.contacts_of(inputs.session.whole, windows, inputs.period)

    def countings(limit: tuple[int, int]) -> dict[str, Counting]:
        marked = past_twice(contacts, *limit)
        rows = recount.in_scope(marked, inputs.session.scope).filter(pl.col("local_date") >= inputs.period[0])
        sums = rows.group_by("currency").agg(pl.col("is_over_by_rule").sum(), pl.col("is_over_by_account").sum())
        return {
            currency: Counting(cap.compiled_rule.rule.id, spec.scope, *limit, int(by_rule), int(by_account))
            for currency, by_rule, by_account in sums.iter_rows()
        }

    by_today, by_scenario = countings(today), countings(changed) if changed and changed != today else {}
    return {currency: replace(counting, scenario=by_scenario.get(currency)) for currency, counting in by_today.items()}


def past_twice(contacts: pl.DataFrame, n: int, days: int) -> pl.DataFrame:
    """The calls among the rule's contacts, each marked where it lies past `n` in `days` dates of its scope
    (`is_over_by_rule`) and of its account (`is_over_by_account`). `contacts`: as of caps.contacts_of."""
    scopes = (pl.col("place") == 1).cum_sum().alias("scope_no")
    calls = contacts.with_columns(scopes).filter(pl.col("channel") == "call")
    for scope, name in (("scope_no", "is_over_by_rule"), ("account_id", "is_over_by_account")):
        calls = calls.sort(scope, "local_date", maintain_order=True)
        place = pl.int_range(1, pl.len() + 1).over(scope)
        days_of_calls, places = caps.arrays(calls.with_columns(place.alias("place")))
        is_over = recount.counted_over(days_of_calls, places.astype(np.int64), n, days)
        calls = calls.with_columns(pl.Series(name, is_over))
    return calls
