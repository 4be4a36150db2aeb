"""Every number that a page shows is registered and every column has words: read off the pages themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.engines.query_files import query_file, query_names
from duewatch.metrics.metric import Metric
from duewatch.metrics.registry import METRICS
from duewatch.ui.parts import table as rows
from duewatch.ui.shell.frame import PAGES
from tests.support.pages import seen

UI = sorted([*(PROJECT_ROOT / "pages").glob("*.py"), *(PROJECT_ROOT / "duewatch" / "ui").rglob("*.py")])
NO_TILES = ("aging", "definitions", "headroom", "third_parties", "recount", "rulebook", "load_data")
"""Pages that may have none on the demo book; all others must show some."""
TABLES_WITHOUT_A_BOOK = "duewatch/ui/load_data/sections.py"
"""What it tells is of files that are in no book yet: there is no metric, and nothing to drill into."""


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def calls(path: Path) -> set[str]:
    """Dotted names of all that a file calls."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
    return found


def test_a_number_is_drawn_as_a_tile_or_a_table_and_in_no_other_way() -> None:
    """So that the tests of this file see all of them."""
    ways = (".metric", ".dataframe", ".table", ".data_editor")
    allowed = {"duewatch/ui/parts/tiles.py": {"st.metric"}, "duewatch/ui/parts/table.py": {"st.dataframe"}}
    allowed[TABLES_WITHOUT_A_BOOK] = {"st.dataframe"}
    by_hand = {
        str(path.relative_to(PROJECT_ROOT)): {
            name for name in calls(path) if name.startswith("st.") and name.endswith(ways)
        }
        for path in UI
    }
    assert {name: by_hand[name] for name in allowed} == allowed, "the two that draw are seen to do so"
    round_about = {name: found for name, found in by_hand.items() if found - allowed.get(name, set())}
    assert round_about == {}, "these go round draw_tiles and draw_table"


@pytest.mark.parametrize("page", PAGES)
def test_every_tile_names_a_registered_metric_and_bears_its_name(page: str) -> None:
    page_seen = seen(page)
    at, drawn = page_seen.at, [each.tile.metric for each in page_seen.noted.tiles]
    assert not at.exception
    assert set(drawn) <= set(METRICS)
    own = drawn[len(drawn) - len(at.metric) :]
    assert [metric.label for metric in at.metric] == [words_in("en")(f"metric.{name}.name") for name in own]
    assert own or page in NO_TILES


@pytest.mark.parametrize("page", PAGES)
def test_every_column_of_every_table_has_words_in_both_languages(page: str) -> None:
    at, shown = seen(page).at, seen(page).noted.columns
    assert not at.exception
    assert len(shown) >= sum(len(set(table.value.columns) - {rows.LINK}) for table in at.dataframe)
    for name, own in shown:
        if own is not None:
            assert own.strip(), f"{name} on {page} is the reader's own and has no heading"
            continue
        for language in LANGUAGES:
            assert words_in(language).has(f"column.{name}"), f"{name} on {page}"


def test_every_metric_says_all_that_a_definition_needs() -> None:
    """Query, unit, interval, cohort, source and names in both languages."""
    assert {name: found for name, metric in METRICS.items() if (found := list(lacking(metric)))} == {}


def lacking(metric: Metric) -> Iterator[str]:
    if metric.query not in query_names() or not query_file(metric.query).question:
        yield f"query {metric.query}"
    if metric.unit not in ("money", "share", "count", "days", "day", "matrix"):
        yield f"unit {metric.unit}"
    if not metric.source:
        yield "source"
    for language in LANGUAGES:
        words = words_in(language)
        keys = (f"interval.{metric.interval}", f"cohort.{metric.cohort}", f"metric.{metric.id}.name")
        yield from (f"{language}: {key}" for key in keys if not words.has(key))
        name = words(f"metric.{metric.id}.name")
        if name == metric.id or name.isascii() != (language == "en"):
            yield f"{language}: named {name}"


def test_no_two_metrics_bear_one_name() -> None:
    for language in LANGUAGES:
        names = [words_in(language)(f"metric.{name}.name") for name in METRICS]
        assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
