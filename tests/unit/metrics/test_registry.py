from __future__ import annotations

from contextlib import closing
from datetime import date
from math import isclose
from pathlib import Path

import pytest

from duewatch.books.published import current_book
from duewatch.contract.errors import QueryError
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file
from duewatch.metrics.definitions import as_markdown, definition
from duewatch.metrics.registry import METRICS, metrics_in


def test_the_columns_that_a_metric_names_stand_in_its_query() -> None:
    missing = []
    for metric in METRICS.values():
        columns = {column.name for column in query_file(metric.query).columns}
        limits = (f"{metric.limits}_low", f"{metric.limits}_high") if metric.limits else ()
        named = [metric.column, metric.numerator, metric.denominator, *limits]
        if metric.rows:
            of_rows = {column.name for column in query_file(metric.rows.query).columns}
            wanted = {metric.rows.part, metric.rows.whole, *metric.rows.hidden} - {"", "*"}
            missing += [f"{metric.id}: {metric.rows.query} has no {name}" for name in sorted(wanted - of_rows)]
        missing += [f"{metric.id}: {metric.query} has no {name}" for name in named if name and name not in columns]
    assert missing == []


def test_a_metric_is_its_numerator_over_its_denominator(demo_book: Path) -> None:
    """Row by row on the demo book, by plain division, for each metric that names both."""
    different, compared = [], set()
    with closing(DuckDBEngine(current_book(demo_book), Settings())) as engine:
        for metric in METRICS.values():
            if not metric.numerator or metric.column in (metric.numerator, metric.denominator):
                continue
            rows = engine.run(metric.query, params_for(metric.query), WHOLE_BOOK)
            for row in rows.iter_rows(named=True):
                if row[metric.denominator] and row[metric.column] is not None:
                    compared.add(metric.id)
                    share = float(row[metric.numerator]) / float(row[metric.denominator])
                    if not isclose(share, row[metric.column], rel_tol=1e-9):
                        different.append(f"{metric.id}: {share} is not {row[metric.column]}")
    assert different == []
    assert len(compared) >= 20


def params_for(query: str) -> dict[str, Scalar]:
    """Values for the parameters of a query that have no default."""
    values: dict[str, Scalar] = {"from_date": date(2026, 9, 30), "from_bucket": "M1"}
    own = query_file(query).params
    return {param.name: values.get(param.name, date(2026, 10, 31)) for param in own if param.default is None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metrics = 1", "is not a file of metrics"),
        ("[metrics.x]\nquery = 'a/b'", "x is not declared in full"),
        ("[sources]\ns = 'S'\n[metrics.x]\nsource = 's'\nqery = 'a/b'", "qery"),
    ],
)
def test_a_declaration_that_is_wrong_is_told_by_its_name(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        metrics_in(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_defined_in_full(language: str) -> None:
    words = words_in(language)
    for metric in METRICS.values():
        assert words(f"metric.{metric.id}.name")
        assert all(text for _, text in definition(metric, words))


def test_the_definitions_document_is_not_stale() -> None:
    written = (PROJECT_ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    assert written == as_markdown(words_in("en")), "run 'make docs'"
