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
    """`query` and `column` say where the number stands; `unit` is money, share, count, days or matrix; `interval` and
    `cohort` are locale keys under `interval.` and `cohort.`; `source` cites who defines it so."""

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

METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("overdue_balance", "portfolio/book_totals", "overdue_balance", "money", "none", "day", _LENDERS),
        Metric("overdue_rate", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _RATIO),
        Metric("entry_rate", "portfolio/roll_and_cure", "share_worse", "share", "wilson", "step", _WILSON),
        Metric("roll_rate", "portfolio/roll_and_cure", "share_worse", "share", "wilson", "step", _WILSON),
        Metric("cure_rate", "portfolio/roll_and_cure", "share_cured", "share", "wilson", "step", _WILSON),
        Metric("ninety_plus_share", "portfolio/rate_changes", "share_to", "share", "ratio", "day", _RATIO),
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
        Metric("rows_rejected", "data/loads", "rows_rejected", "count", "none", "load", _CONTRACT),
        Metric("completeness", "data/column_presence", "share_filled", "share", "none", "load", _CONTRACT),
        Metric("dpd_agreement", "data/days_past_due_agreement", "n_equal", "share", "none", "day", _CONTRACT),
        Metric("contact_gaps", "data/contact_log_gaps", "share", "share", "none", "load", _CONTRACT),
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
