"""The registry of metrics: what every number on a page is, where it comes from and how sure it is.

The words of a metric (its name, question, numerator, denominator, exclusions, traps) stand in the locales under
`metric.<id>.*`. The Definitions page and `docs/definitions.md` are both made from this file:

    python -m duewatch.metrics.registry > docs/definitions.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from duewatch.contract.i18n import Words, words_in
from duewatch.engines.query_files import query_file

PARTS = ("question", "numerator", "denominator", "exclusions", "traps")
"""What the locales say of a metric beside its name, in the order in which it is read."""


@dataclass(frozen=True)
class Metric:
    """`query` and `column` say where the number stands; `unit` is money, share, count, days, day or matrix;
    `interval` and `cohort` are locale keys under `interval.` and `cohort.`; `source` cites who defines it so."""

    id: str
    query: str
    column: str
    unit: str
    interval: str
    cohort: str
    source: str

    @property
    def sql(self) -> str:
        """The query as the engine runs it, with what it uses in front."""
        return query_file(self.query).sql


_LENDERS = "Month-end practice of Chinese consumer lenders (M0 to M7+, 30-day cut)"
_BOOKKEEPING = "Accounting identity: opening + movements = closing"
_WILSON = "Wilson, JASA 22 (1927) 209-212"
_RATIO = "Cochran, Sampling Techniques (1977), ch. 6: linearised ratio of sums"
_AS_SURE = "Kish, Survey Sampling (1965), ch. 11; Cochran (1977), ch. 6; Wilson (1927), at the effective number"
_KITAGAWA = "Kitagawa, JASA 50 (1955) 1168-1194: components of a difference between two rates"
_CHAIN = "Kemeny & Snell, Finite Markov Chains (1960), ch. 3: absorbing chains"
_ANDERSON = "Anderson & Goodman, Annals of Mathematical Statistics 28 (1957) 89-110: tests of order"
_SHRUNK = "Minka, Estimating a Dirichlet distribution (2000): strength by maximum likelihood"
_CEI = "Credit Research Foundation: collection effectiveness index, ending current receivables in the denominator"
_IFRS = "IFRS 9, paragraphs 5.5.11 and B5.5.37: presumptions at 30 and 90 days past due"
_CONTRACT = "Duewatch source contract, version 1"
_CLUSTERED = "Wilson (1927) at the effective number; Cochran (1977), ch. 9A: a ratio of sums, debtors as clusters"
_FUNNEL = "Spiegelhalter, Stat. Med. 24 (2005) 1185-1202; Qual Saf Health Care 14 (2005) 347-351"
_KITAGAWA = "Kitagawa, JASA 50 (1955) 1168-1194"
_PACKS = "Rule packs in rules/, each with its clause and source"

_RUN_OFF = (
    "Grimshaw & Alexander, Applied Stochastic Models 27 (2011): Markov chain of delinquency, Dirichlet-multinomial"
)
_TEMPLATE = "Collection process template (金融机构欠款催收流程范本); rules in rules/process.toml"
_GRADES = "Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10; points in rules/risk_grade.toml"

METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("overdue_balance", "portfolio/book_totals", "overdue_balance", "money", "none", "day", _LENDERS),
        Metric("overdue_rate", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _AS_SURE),
        Metric("entry_rate", "portfolio/roll_and_cure", "share_worse", "share", "wilson", "step", _WILSON),
        Metric("roll_rate", "portfolio/roll_and_cure", "share_worse", "share", "wilson", "step", _WILSON),
        Metric("cure_rate", "portfolio/roll_and_cure", "share_cured", "share", "wilson", "step", _WILSON),
        Metric("ninety_plus_share", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _AS_SURE),
        Metric("overdue_accounts_rate", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _AS_SURE),
        Metric("average_balance", "explore/segments", "value", "money", "segments", "day", _RATIO),
        Metric("overdue_bridge", "portfolio/overdue_bridge", "amount", "money", "none", "step", _BOOKKEEPING),
        Metric("about_to_cross", "portfolio/about_to_cross", "balance", "money", "none", "day", _LENDERS),
        Metric("book_balance", "portfolio/book_totals", "balance", "money", "none", "day", _BOOKKEEPING),
        Metric("aging", "portfolio/aging_buckets", "balance", "money", "none", "day", _LENDERS),
        Metric("migration", "portfolio/transitions", "share_balance", "matrix", "none", "step", _LENDERS),
        Metric(
            "migration_30_day", "portfolio/transitions_30_day", "share_balance", "matrix", "none", "step_30", _LENDERS
        ),
        Metric("net_flow", "portfolio/net_flow_by_day", "rate", "share", "history", "step", _LENDERS),
        Metric("roll_to_loss", "portfolio/flow_to_loss", "rate", "share", "none", "steps_pooled", _LENDERS),
        Metric("loss_chance", "portfolio/step_moves", "balance_from", "share", "dirichlet", "steps_pooled", _CHAIN),
        Metric(
            "delinquency_coincidental", "portfolio/delinquency_rates", "coincidental", "share", "none", "day", _LENDERS
        ),
        Metric("delinquency_lagged", "portfolio/delinquency_rates", "lagged", "share", "none", "day_lagged", _LENDERS),
        Metric("entry_due", "portfolio/entry_by_due_month", "share_entered", "share", "wilson", "due_dates", _WILSON),
        Metric(
            "first_payment_default",
            "portfolio/first_payment_default",
            "share_default",
            "share",
            "wilson",
            "first_due",
            _WILSON,
        ),
        Metric("cures_held", "portfolio/cures_held", "share_held", "share", "wilson", "step_watched", _WILSON),
        Metric("stages_proxy", "portfolio/stages", "share_balance", "share", "none", "day", _IFRS),
        Metric("order_test", "portfolio/triple_moves", "n_accounts", "count", "none", "paths", _ANDERSON),
        Metric("shrunk_moves", "portfolio/step_moves", "n_accounts", "share", "none", "steps_pooled", _SHRUNK),
        Metric("vintage", "portfolio/vintage", "share_balance", "share", "none", "cohort", _LENDERS),
        Metric("collected", "recovery/recovery_by_period", "collected", "money", "none", "overdue_step", _BOOKKEEPING),
        Metric(
            "recovery_share",
            "recovery/recovery_share",
            "share_collected",
            "share",
            "recovered",
            "overdue_step",
            _AS_SURE,
        ),
        Metric("recovery_split", "recovery/split_by_state", "to_overdue", "money", "none", "paid_step", _BOOKKEEPING),
        Metric("cei", "recovery/collection_effectiveness", "cei", "share", "none", "due_step", _CEI),
        Metric("liquidation", "recovery/liquidation_curve", "share_collected", "share", "none", "entry", _LENDERS),
        Metric("expected_collections", "recovery/collections_expected", "expected", "money", "none", "entry", _LENDERS),
        Metric("kept_ratio", "promises/kept_ratio", "share_kept", "share", "wilson", "due", _WILSON),
        Metric("kept_amount", "promises/kept_ratio", "share_amount", "share", "none_or_segments", "due", _LENDERS),
        Metric("kept_by_week", "promises/kept_by_week", "share_kept", "share", "wilson", "due", _WILSON),
        Metric("promise_states", "promises/promise_states", "n_promises", "count", "none", "due", _LENDERS),
        Metric("promises_pending", "promises/promise_states", "promised", "money", "none", "due_next", _LENDERS),
        Metric("promises_broken", "promises/promise_states", "promised", "money", "none", "due", _LENDERS),
        Metric("kept_by_reminder", "promises/kept_by_reminder", "share_kept", "share", "wilson", "due", _WILSON),
        Metric("contact_attempts", "contacts/reach_by", "n_attempts", "count", "none", "period", _CONTRACT),
        Metric("connect_rate", "contacts/reach_by", "share_connected", "share", "clustered", "period", _CLUSTERED),
        Metric(
            "right_party_rate", "contacts/reach_by", "share_right_party", "share", "clustered", "period", _CLUSTERED
        ),
        Metric("coverage", "contacts/coverage", "share_touched", "share", "wilson", "overdue_period", _WILSON),
        Metric("contact_intensity", "contacts/coverage", "per_touched", "count", "accounts", "overdue_period", _RATIO),
        Metric(
            "kept_per_contact",
            "contacts/promise_yield",
            "kept_per_contact",
            "share",
            "clustered",
            "decided",
            _CLUSTERED,
        ),
        Metric("contact_funnel", "contacts/funnel_steps", "n", "count", "none", "period", _CONTRACT),
        Metric("reach_by_hour", "contacts/reach_by", "share_right_party", "share", "clustered", "period", _CLUSTERED),
        Metric("reach_change", "contacts/reach_change", "rate_part", "share", "rate_part", "period", _KITAGAWA),
        Metric("observed_expected", "teams/observed_expected", "ratio", "share", "funnel", "assigned", _FUNNEL),
        Metric("teams_compared", "teams/observed_expected", "n_compared", "count", "none", "assigned", _FUNNEL),
        Metric("teams_outside", "teams/observed_expected", "variance", "count", "funnel", "assigned", _FUNNEL),
        Metric("teams_dispersion", "teams/observed_expected", "variance", "count", "none", "assigned", _FUNNEL),
        Metric("teams_conduct", "teams/conduct", "rate", "share", "clustered", "period", _PACKS),
        Metric("process_checks", "process/checks", "share_kept", "share", "wilson", "period", _TEMPLATE),
        Metric("process_breaches", "process/checks", "n_breach", "count", "none", "period", _TEMPLATE),
        Metric("process_rules_kept", "process/checks", "n_breach", "count", "none", "period", _TEMPLATE),
        Metric("process_not_assessable", "process/checks", "n_not_assessable", "count", "none", "period", _TEMPLATE),
        Metric("stage_kpis", "process/stage_kpis", "share", "share", "wilson", "period", _TEMPLATE),
        Metric("intensity", "process/intensity", "per_day", "count", "accounts", "period", _RATIO),
        Metric("grade_separation", "process/outcomes_by", "share_worse", "share", "newcombe", "step", _GRADES),
        Metric("card_separation", "process/overdue_facts", "is_worse", "share", "newcombe", "step", _GRADES),
        Metric("graded_share", "process/overdue_facts", "risk_grade", "share", "none", "day", _TEMPLATE),
        Metric("cause_share", "process/overdue_facts", "delay_cause", "share", "none", "day", _TEMPLATE),
        Metric("willing_share", "process/overdue_facts", "willingness", "share", "none", "day", _TEMPLATE),
        Metric("reviews_overdue", "process/overdue_facts", "valued_days", "count", "none", "day", _TEMPLATE),
        Metric("class_outcomes", "process/outcomes_by", "share_worse", "share", "wilson", "step", _TEMPLATE),
        Metric("rate_and_mix", "portfolio/overdue_by_segment", "balance", "share", "whole", "two_periods", _KITAGAWA),
        Metric("roll_overdue", "portfolio/moves_by_segment", "n_worse", "share", "wilson", "step", _WILSON),
        Metric("cure_overdue", "portfolio/moves_by_segment", "n_cured", "share", "wilson", "step", _WILSON),
        Metric("connected_share", "explore/segments", "value", "share", "segments", "period", _CLUSTERED),
        Metric("right_party_share", "explore/segments", "value", "share", "segments", "period", _CLUSTERED),
        Metric("restatement", "restatement/account_standing", "overdue_balance", "money", "none", "day", _BOOKKEEPING),
        Metric("rows_accepted", "data/loads", "rows_accepted", "count", "none", "load", _CONTRACT),
        Metric("columns_given", "data/column_presence", "is_provided", "count", "none", "load", _CONTRACT),
        Metric("last_day", "portfolio/snapshot_days", "as_of", "day", "none", "load", _CONTRACT),
        Metric("rows_rejected", "data/loads", "rows_rejected", "count", "none", "load", _CONTRACT),
        Metric("completeness", "data/column_presence", "share_filled", "share", "none", "load", _CONTRACT),
        Metric("field_completeness", "data/field_completeness", "share_filled", "share", "none", "day", _TEMPLATE),
        Metric("balance_identity", "data/balance_identity", "n_equal", "count", "none", "day", _BOOKKEEPING),
        Metric("log_latency", "data/log_latency", "share_late", "share", "none", "period", _TEMPLATE),
        Metric("dpd_agreement", "data/days_past_due_agreement", "n_equal", "share", "none", "day", _CONTRACT),
        Metric("contact_gaps", "data/contact_log_gaps", "share", "share", "none", "load", _CONTRACT),
        Metric("breach_contacts", "compliance/breach_rates", "n_breaching", "count", "none", "period", _PACKS),
        Metric("breach_rate", "compliance/breach_rates", "rate", "share", "clustered", "period", _CLUSTERED),
        Metric("breach_debtors", "compliance/breach_rates", "n_debtors_breached", "count", "none", "period", _PACKS),
        Metric("not_assessable", "compliance/breach_rates", "n_unknown", "count", "none", "period", _PACKS),
        Metric("open_reviews", "compliance/finding_rows", "finding_key", "count", "none", "period", _PACKS),
        Metric("verdicts", "compliance/verdicts_by_rule", "n_breach", "count", "none", "period", _PACKS),
        Metric("log_complete", "compliance/log_completeness", "share", "share", "none", "period", _CONTRACT),
        Metric("contact_hours", "compliance/contact_hours", "n_contacts", "count", "none", "period", _CONTRACT),
        Metric(
            "contact_concentration",
            "compliance/contacts_per_debtor",
            "n_contacts",
            "count",
            "none",
            "period",
            _CONTRACT,
        ),
        Metric(
            "third_party_contacts", "compliance/third_party_contacts", "standing", "count", "none", "period", _PACKS
        ),
        Metric(
            "third_party_breaches", "compliance/third_party_contacts", "standing", "count", "none", "period", _PACKS
        ),
        Metric("third_party_unknown", "compliance/third_party_contacts", "standing", "count", "none", "period", _PACKS),
        Metric(
            "third_party_refused",
            "compliance/third_party_contacts",
            "refused_before",
            "count",
            "none",
            "period",
            _PACKS,
        ),
        Metric("headroom_none", "compliance/headroom", "n_left", "count", "none", "rules", _PACKS),
        Metric("headroom_last", "compliance/headroom", "n_left", "count", "none", "rules", _PACKS),
        Metric("quiet_running", "compliance/quiet_now", "frees_on", "count", "none", "rules", _PACKS),
        Metric("recount_counted", "compliance/counted_contacts", "place", "count", "none", "rules", _PACKS),
        Metric("recount_over", "compliance/gap_counts", "n_contacts", "count", "none", "rules", _PACKS),
        Metric("recount_stopped", "compliance/counted_contacts", "place", "count", "none", "rules", _PACKS),
        Metric("todo_things", "worklist/promises_to_watch", "todo", "count", "none", "day", _LENDERS),
        Metric("todo_due", "worklist/promises_to_watch", "todo", "count", "none", "due_next", _LENDERS),
        Metric("todo_broken", "worklist/promises_to_watch", "todo", "count", "none", "due", _LENDERS),
        Metric("todo_disputes", "worklist/disputes_to_answer", "todo", "count", "none", "day", _TEMPLATE),
        Metric("todo_crossing", "worklist/stages_to_cross", "todo", "count", "none", "day", _LENDERS),
        Metric("todo_untouched", "worklist/accounts_untouched", "todo", "count", "none", "day", _CONTRACT),
        Metric("todo_closed", "worklist/standing_holds", "kind", "count", "none", "rules", _PACKS),
        Metric("account_days", "accounts/account_facts", "days_past_due", "days", "none", "day", _CONTRACT),
        Metric("account_balance", "accounts/account_facts", "balance", "money", "none", "day", _CONTRACT),
        Metric("account_contacts", "accounts/account_contacts", "item_id", "count", "none", "day", _CONTRACT),
        Metric("account_kept", "promises/promise_ledger", "state", "count", "none", "due", _LENDERS),
        Metric("account_paid", "accounts/account_payments", "amount", "money", "none", "day", _CONTRACT),
        Metric("account_breaches", "accounts/account_facts", "n_breach", "count", "none", "rules", _PACKS),
        Metric("account_events", "accounts/account_contacts", "event", "count", "none", "day", _CONTRACT),
        Metric("early_calls", "whatif/spell_waits", "minutes_waited", "count", "none", "period", _TEMPLATE),
        Metric("ended_in_wait", "whatif/spell_waits", "ended_on", "share", "wilson", "reminded", _WILSON),
        Metric("contacts_held", "whatif/held_contacts", "contact_id", "count", "none", "period", _CONTRACT),
        Metric("hours_freed", "whatif/call_time", "minutes_mean", "count", "none", "period", _CONTRACT),
        Metric("run_off", "whatif/balance_moves", "balance_to", "money", "drawn", "day", _RUN_OFF),
        Metric("arm_difference", "whatif/arms", "n_paid", "share", "wilson", "assigned_arm", _WILSON),
        Metric("rules_in_force", "compliance/rules_on_day", "rule_state", "count", "none", "rules", _PACKS),
        Metric("rules_primary", "compliance/rules_on_day", "evidence_grade", "count", "none", "rules", _PACKS),
        Metric("rules_advisory", "compliance/rules_on_day", "modality", "count", "none", "rules", _PACKS),
    )
}


def definition(metric: Metric, words: Words) -> list[tuple[str, str]]:
    """A metric's definition as (heading, text), in reading order, in one language."""
    told = [(words(f"definition.{part}"), words(f"metric.{metric.id}.{part}")) for part in PARTS]
    return [
        *told,
        (words("definition.cohort"), words(f"cohort.{metric.cohort}")),
        (words("definition.interval"), words(f"interval.{metric.interval}")),
        (words("definition.source"), metric.source),
    ]


def as_markdown(words: Words) -> str:
    """docs/definitions.md as text."""
    parts = [f"# {words('definition.title')}", "", words("definition.intro"), ""]
    for metric in METRICS.values():
        parts += [f"## {words(f'metric.{metric.id}.name')}", ""]
        parts += [f"- **{heading}**: {text}" for heading, text in definition(metric, words)]
        parts += [f"- **{words('definition.query')}**: `queries/{metric.query}.sql`, `{metric.column}`", ""]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown(words_in("en")))
