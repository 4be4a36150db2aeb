"""Every registered metric is computed a second time by something that is not its query.

A new metric fails until a test module names it in RECOMPUTES, a dictionary of metric and what the module calls for its
number. A module of plain Python that gives the second answer must not read the project's own queries."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from duewatch.contract.settings import PROJECT_ROOT
from duewatch.metrics.registry import METRICS

TESTS = PROJECT_ROOT / "tests"
QUERIES = "unit/queries"
DRAWN = ("@given", '@pytest.mark.parametrize("seed"', "seed=", "floor_books")


def recomputed_in(path: Path) -> dict[str, str]:
    """RECOMPUTES of a test module: metric to what the module calls for its number; empty where it has none."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "RECOMPUTES"
        ):
            return dict(ast.literal_eval(node.value))
    return {}


RECOMPUTING = {path: metrics for path in sorted(TESTS.rglob("test_*.py")) if (metrics := recomputed_in(path))}
"""Test file to the metrics that it computes a second time."""


def test_every_metric_is_computed_again_in_one_test() -> None:
    recomputed = [metric for metrics in RECOMPUTING.values() for metric in metrics]
    assert sorted(name for name in set(recomputed) if recomputed.count(name) > 1) == []
    missing = sorted(set(METRICS) - set(recomputed))
    assert missing == [], "compute it again in plain Python and name it in RECOMPUTES of that test"
    assert sorted(set(recomputed) - set(METRICS)) == []


def test_each_test_asks_for_the_number_that_it_computes_again() -> None:
    unasked = {
        path.name: [metric for metric, call in metrics.items() if len(re.findall(rf"\b{call}\b", text_of(path))) < 2]
        for path, metrics in RECOMPUTING.items()
    }
    assert {name: metrics for name, metrics in unasked.items() if metrics} == {}
    assert [path.name for path in RECOMPUTING if "assert" not in text_of(path)] == []


def test_each_test_is_about_drawn_books() -> None:
    """A demo book, or one that a reader can count alone, is not enough."""
    assert [path.name for path in RECOMPUTING if not any(word in text_of(path) for word in DRAWN)] == []


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


ORACLE_MODULES = sorted([*TESTS.glob("unit/**/*oracle.py"), *TESTS.glob("oracle/*_loops.py")])
ORACLE_MODULES = [path for path in ORACLE_MODULES if not path.name.startswith("test_")]
"""Modules of plain Python that give the second answer; the test beside them asks the query."""
ASKS = re.compile(r"^(duckdb|sqlite3|duewatch\.(engines|reads|queries|ingest|compliance|whatif)\b)")
ASKING_NAMES = {"ask", "asked", "engine_over", "engine_of", "made_book", "Tables", "answered", "query_file"}


def dependences(path: Path) -> list[str]:
    """What an oracle module rests on that could hand it the project's own answer: imports, and texts of queries."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if ASKS.match(name.name)]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            wholes = [f"{module}.{name.name}" for name in node.names]
            found += [whole for whole in wholes if ASKS.match(whole) or whole.split(".")[-1] in ASKING_NAMES]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if re.search(r"\.sql\b|\bqueries/", node.value) else []
    return found


def test_an_oracle_asks_no_query_of_the_project() -> None:
    assert len(ORACLE_MODULES) >= 3
    by_file = {str(path.relative_to(TESTS)): found for path in ORACLE_MODULES if (found := dependences(path))}
    assert by_file == {}, "an oracle that asks the query it is there to judge agrees with any fault"


@pytest.mark.parametrize(
    "line",
    [
        "import duckdb",
        "from duewatch.engines.duckdb_engine import DuckDBEngine",
        "from duewatch import reads",
        "from tests.support.small_books import engine_over",
        'text = open("queries/portfolio/aging.sql")',
    ],
)
def test_an_oracle_that_asks_a_query_is_found(line: str, tmp_path: Path) -> None:
    path = tmp_path / "oracle.py"
    path.write_text(line, encoding="utf-8")
    assert dependences(path)


def test_the_named_tests_read_no_text_of_a_query_for_their_answer() -> None:
    reading = [
        name for name in RECOMPUTING if re.search(r"[\"']queries/|/ [\"']queries[\"']|\.sql[\"']", text_of(name))
    ]
    assert reading == []
