from __future__ import annotations

import pytest

from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.engines.query_files import query_file
from duewatch.metrics.registry import METRICS, Metric, as_markdown, definition


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_names_a_column_that_its_query_has(metric: Metric) -> None:
    assert metric.column in {column.name for column in query_file(metric.query).columns}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_defined_in_full(language: str) -> None:
    words = words_in(language)
    for metric in METRICS.values():
        assert words(f"metric.{metric.id}.name")
        assert all(text for _, text in definition(metric, words))


def test_the_definitions_document_is_not_stale() -> None:
    written = (PROJECT_ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    assert written == as_markdown(words_in("en")), "run 'make docs'"
