"""Every registered metric is computed a second time by something that is not its query; where, stands here.

A new metric fails until it names its test. `ORACLES` is read against the files: each asks the metric's query (or, where
it says so, the function the number comes from) and looks at the demo book, at invented books, or both."""

from __future__ import annotations

import re

import pytest

from duewatch.contract.settings import PROJECT_ROOT
from duewatch.metrics.registry import METRICS

TESTS = PROJECT_ROOT / "tests"
QUERIES = "unit/queries"
ORACLES: dict[str, tuple[str, ...]] = {
    f"{QUERIES}/test_portfolio_against_oracle.py": (
        "overdue_rate",
        "entry_rate",
        "roll_rate",
        "cure_rate",
        "ninety_plus_share",
        "overdue_accounts_rate",
        "overdue_bridge",
        "about_to_cross",
        "aging",
        "migration",
        "vintage",
    ),
    f"{QUERIES}/test_explore_against_oracle.py": ("average_balance",),
    f"{QUERIES}/test_further_against_oracle.py": (
        "roll_to_loss",
        "loss_chance",
        "delinquency_coincidental",
        "delinquency_lagged",
        "entry_due",
        "first_payment_default",
        "cures_held",
        "stages_proxy",
        "order_test",
        "shrunk_moves",
    ),
    f"{QUERIES}/test_recovery_against_oracle.py": ("collected", "liquidation"),
    f"{QUERIES}/test_comparisons_against_oracle.py": (
        "recovery_share",
        "expected_collections",
        "kept_by_week",
        "kept_by_reminder",
    ),
    f"{QUERIES}/test_payment_split_against_oracle.py": ("recovery_split",),
    f"{QUERIES}/test_collection_effectiveness.py": ("cei",),
    f"{QUERIES}/test_promises_against_oracle.py": (
        "kept_ratio",
        "kept_amount",
        "promise_states",
        "promises_pending",
        "promises_broken",
        "account_kept",
    ),
    f"{QUERIES}/test_reach_against_oracle.py": (
        "contact_attempts",
        "connect_rate",
        "right_party_rate",
        "coverage",
        "contact_intensity",
        "kept_per_contact",
        "contact_funnel",
        "reach_by_hour",
        "reach_change",
    ),
    f"{QUERIES}/test_teams_against_oracle.py": (
        "observed_expected",
        "teams_compared",
        "teams_outside",
        "teams_dispersion",
        "teams_conduct",
    ),
    "oracle/test_process_checks.py": (
        "process_checks",
        "process_breaches",
        "process_rules_kept",
        "process_not_assessable",
    ),
    f"{QUERIES}/test_facts_on_drawn_books.py": (
        "grade_separation",
        "card_separation",
        "graded_share",
        "cause_share",
        "willing_share",
        "reviews_overdue",
        "class_outcomes",
        "field_completeness",
        "balance_identity",
        "log_latency",
    ),
    f"{QUERIES}/test_segments_against_oracle.py": ("rate_and_mix", "roll_overdue", "cure_overdue"),
    f"{QUERIES}/test_log_counts_against_oracle.py": (
        "overdue_balance",
        "book_balance",
        "net_flow",
        "stage_kpis",
        "intensity",
        "last_day",
        "contact_gaps",
        "breach_contacts",
        "breach_rate",
        "breach_debtors",
        "not_assessable",
        "open_reviews",
        "verdicts",
        "log_complete",
        "contact_hours",
        "contact_concentration",
        "third_party_contacts",
        "third_party_breaches",
        "third_party_unknown",
        "third_party_refused",
        "hours_freed",
        "arm_difference",
        "run_off",
        "rules_in_force",
        "rules_primary",
        "rules_advisory",
    ),
    f"{QUERIES}/test_worklist_against_oracle.py": (
        "todo_things",
        "todo_due",
        "todo_broken",
        "todo_disputes",
        "todo_crossing",
        "todo_untouched",
        "todo_closed",
    ),
    f"{QUERIES}/test_account_against_oracle.py": (
        "account_days",
        "account_balance",
        "account_contacts",
        "account_paid",
        "account_breaches",
        "account_events",
    ),
    f"{QUERIES}/test_explore_on_drawn_books.py": ("connected_share", "right_party_share"),
    "unit/ingest/test_accounting.py": ("rows_accepted", "rows_rejected", "columns_given", "completeness"),
    "unit/integration/test_demo_through_ingest.py": ("migration_30_day", "dpd_agreement"),
    "unit/test_restatement_on_drawn_books.py": ("restatement",),
    "unit/compliance/test_headroom_on_drawn_logs.py": ("headroom_none", "headroom_last", "quiet_running"),
    "unit/compliance/test_recount.py": ("recount_counted", "recount_over", "recount_stopped"),
    "unit/whatif/test_waits.py": ("early_calls", "ended_in_wait", "contacts_held"),
}
"""Test file to the metrics that it computes a second time."""
THROUGH = {
    "restatement": "restate",
    "quiet_running": "headroom(",
    "recount_counted": "recount.replayed",
    "recount_over": "recount.grid",
    "recount_stopped": "recount.stopped",
    "early_calls": "early_calls",
    "ended_in_wait": "ended_in_wait",
    "headroom_none": "headroom(",
    "headroom_last": "headroom(",
    "connected_share": "segments_of(",
    "right_party_share": "segments_of(",
}
"""Metrics whose test goes through the function around the query, by what the test calls."""
DRAWN = ("@given", '@pytest.mark.parametrize("seed"', "seed=", "floor_books")


def text_of(name: str) -> str:
    return (TESTS / name).read_text(encoding="utf-8")


def test_every_metric_names_the_test_that_computes_it_again() -> None:
    named = [metric for metrics in ORACLES.values() for metric in metrics]
    assert len(named) == len(set(named)), sorted(name for name in named if named.count(name) > 1)
    assert sorted(set(METRICS) - set(named)) == [], "give it a test in plain Python and name it here"
    assert sorted(set(named) - set(METRICS)) == []


@pytest.mark.parametrize("name", ORACLES)
def test_the_named_test_asks_for_the_metrics_number(name: str) -> None:
    text = text_of(name)
    assert "assert" in text
    for metric in ORACLES[name]:
        if metric in THROUGH:
            assert THROUGH[metric] in text, metric
            continue
        query = METRICS[metric].query
        assert re.search(rf"\b({query}|{query.split('/')[1]})\b", text), f"{metric}: {query}"


@pytest.mark.parametrize("name", ORACLES)
def test_the_named_test_is_about_drawn_books(name: str) -> None:
    """A demo book, or one that a reader can count alone, is not enough."""
    assert any(word in text_of(name) for word in DRAWN)
