"""The registry of metrics: what every number on a page is, where it comes from and how sure it is.

The words of a metric (its name, question, numerator, denominator, exclusions, traps) stand in the locales under
`metric.<id>.*`. The Definitions page and `docs/definitions.md` are both made from this file:

    python -m duewatch.metrics > docs/definitions.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from duewatch.engines.query_files import query_file
from duewatch.ui.words import Words, words_in

PARTS = ("question", "numerator", "denominator", "exclusions", "traps")
"""What the locales say of a metric beside its name, in the order in which it is read."""


@dataclass(frozen=True)
class Metric:
    """`query` and `column` say where the number stands; `unit` is money, share, count, days, day or matrix; `interval`
    and `cohort` are locale keys under `interval.` and `cohort.`; `source` cites who defines it so."""

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
_CONTRACT = "Duewatch source contract, version 1"
_CLUSTERED = "Wilson (1927) and Cochran (1977), ch. 9A: the wider of the two, debtors as clusters"
_PACKS = "Rule packs in rules/, each with its clause and source"

_TEMPLATE = "Collection process template (金融机构欠款催收流程范本); rules in rules/process.toml"

METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("overdue_balance", "portfolio/book_totals", "overdue_balance", "money", "none", "day", _LENDERS),
        Metric("overdue_rate", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _RATIO),
        Metric("entry_rate", "portfolio/roll_and_cure", "share_worse", "share", "wilson", "step", _WILSON),
        Metric("roll_rate", "portfolio/roll_and_cure", "share_worse", "share", "wilson", "step", _WILSON),
        Metric("cure_rate", "portfolio/roll_and_cure", "share_cured", "share", "wilson", "step", _WILSON),
        Metric("ninety_plus_share", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _RATIO),
        Metric("overdue_accounts_rate", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _RATIO),
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
        Metric("vintage", "portfolio/vintage", "share_balance", "share", "none", "cohort", _LENDERS),
        Metric("collected", "recovery/recovery_by_period", "collected", "money", "none", "overdue_step", _BOOKKEEPING),
        Metric(
            "recovery_share", "recovery/recovery_share", "share_collected", "share", "accounts", "overdue_step", _RATIO
        ),
        Metric("liquidation", "recovery/liquidation_curve", "share_collected", "share", "none", "entry", _LENDERS),
        Metric("expected_collections", "recovery/collections_expected", "expected", "money", "none", "entry", _LENDERS),
        Metric("kept_ratio", "promises/kept_ratio", "share_kept", "share", "wilson", "due", _WILSON),
        Metric("kept_amount", "promises/kept_ratio", "share_amount", "share", "none", "due", _LENDERS),
        Metric("kept_by_week", "promises/kept_by_week", "share_kept", "share", "wilson", "due", _WILSON),
        Metric("promise_states", "promises/promise_states", "n_promises", "count", "none", "due", _LENDERS),
        Metric("promises_pending", "promises/promise_states", "promised", "money", "none", "due_next", _LENDERS),
        Metric("promises_broken", "promises/promise_states", "promised", "money", "none", "due", _LENDERS),
        Metric("kept_by_reminder", "promises/kept_by_reminder", "share_kept", "share", "wilson", "due", _WILSON),
        Metric("process_checks", "process/checks", "share_kept", "share", "wilson", "period", _TEMPLATE),
        Metric("process_breaches", "process/checks", "n_breach", "count", "none", "period", _TEMPLATE),
        Metric("process_rules_kept", "process/checks", "n_breach", "count", "none", "period", _TEMPLATE),
        Metric("process_not_assessable", "process/checks", "n_not_assessable", "count", "none", "period", _TEMPLATE),
        Metric("stage_kpis", "process/stage_kpis", "share", "share", "wilson", "period", _TEMPLATE),
        Metric("intensity", "process/intensity", "per_day", "count", "accounts", "period", _RATIO),
        Metric("connected_share", "explore/segments", "value", "share", "segments", "period", _CLUSTERED),
        Metric("right_party_share", "explore/segments", "value", "share", "segments", "period", _CLUSTERED),
        Metric("restatement", "restatement/account_standing", "overdue_balance", "money", "none", "day", _BOOKKEEPING),
        Metric("rows_accepted", "data/loads", "rows_accepted", "count", "none", "load", _CONTRACT),
        Metric("columns_given", "data/column_presence", "is_provided", "count", "none", "load", _CONTRACT),
        Metric("last_day", "portfolio/snapshot_days", "as_of", "day", "none", "load", _CONTRACT),
        Metric("rows_rejected", "data/loads", "rows_rejected", "count", "none", "load", _CONTRACT),
        Metric("completeness", "data/column_presence", "share_filled", "share", "none", "load", _CONTRACT),
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
