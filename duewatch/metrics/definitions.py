"""What a metric is, in words: the page Definitions and docs/definitions.md (`make docs`) are made from this."""

from __future__ import annotations

import sys

from duewatch.contract.i18n import Words, words_in
from duewatch.metrics.metric import Metric
from duewatch.metrics.registry import METRICS

PARTS = ("question", "numerator", "denominator", "exclusions", "traps")
"""What the locales say of a metric beside its name, in the order in which it is read."""


def definition(metric: Metric, words: Words) -> list[tuple[str, str]]:
    """A metric's definition as (heading, text), in reading order, in one language."""
    parts = [(words(f"definition.{part}"), words(f"metric.{metric.id}.{part}")) for part in PARTS]
    return [
        *parts,
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
