"""Every number that a page shows is registered and every column has words: read off the pages themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import polars as pl
import pytest

from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.engines.query_files import query_file, query_names
from duewatch.metrics.registry import METRICS
from duewatch.ui.parts import table as rows
from duewatch.ui.parts import tiles
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext
from tests.pages.test_pages import PAGES, opened

UI = sorted([*(PROJECT_ROOT / "pages").glob("*.py"), *(PROJECT_ROOT / "duewatch" / "ui").glob("*.py")])
NO_TILES = ("aging", "definitions", "headroom", "third_parties", "recount", "rulebook")
"""Pages that may have none on the demo book; all others must show some."""


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


@pytest.mark.parametrize("path", UI, ids=lambda path: path.name)
def test_a_number_is_drawn_as_a_tile_or_a_table_and_in_no_other_way(path: Path) -> None:
    """So that the tests of this file see all of them."""
    ways = (".metric", ".dataframe", ".table", ".data_editor")
    by_hand = {name for name in calls(path) if name.startswith("st.") and name.endswith(ways)}
    allowed = {"tiles.py": {"st.metric"}, "rows.py": {"st.dataframe"}}.get(path.name, set())
    assert by_hand <= allowed, f"{path.name} goes round draw_tiles and draw_table"


@pytest.mark.parametrize("page", PAGES)
def test_every_tile_names_a_registered_metric_and_bears_its_name(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = tiles._draw

    def noted(ctx: PageContext, tile: Tile, behind: DrillDown | None) -> None:
        drawn.append(tile.metric)
        real(ctx, tile, behind)

    monkeypatch.setattr(tiles, "_draw", noted)
    at = opened(page, lang="en")
    assert not at.exception
    assert set(drawn) <= set(METRICS)
    own = drawn[len(drawn) - len(at.metric) :]
    assert [metric.label for metric in at.metric] == [words_in("en")(f"metric.{name}.name") for name in own]
    assert own or page in NO_TILES


@pytest.mark.parametrize("page", PAGES)
def test_every_column_of_every_table_has_words_in_both_languages(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, str | None]] = []
    real = rows._column

    def noted(ctx: PageContext, name: str, kind: pl.DataType, own: str | None = None) -> object:
        shown.append((name, own))
        return real(ctx, name, kind, own)

    monkeypatch.setattr(rows, "_column", noted)
    at = opened(page, lang="en")
    assert not at.exception
    assert len(shown) >= sum(len(set(table.value.columns) - {rows.LINK}) for table in at.dataframe)
    for name, own in shown:
        if own is not None:
            assert own.strip(), f"{name} on {page} is the reader's own and has no heading"
            continue
        for language in LANGUAGES:
            assert words_in(language).has(f"column.{name}"), f"{name} on {page}"


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_says_all_that_a_definition_needs(metric: object) -> None:
    """Query, column, unit, interval, cohort and source; a share has an interval or says why it has none."""
    found = METRICS[metric.id]  # type: ignore[attr-defined]
    assert found.query in query_names()
    assert found.unit in ("money", "share", "count", "days", "day", "matrix")
    assert found.source
    assert query_file(found.query).question
    for language in LANGUAGES:
        words = words_in(language)
        assert words(f"interval.{found.interval}")
        assert words(f"cohort.{found.cohort}")
        name = words(f"metric.{found.id}.name")
        assert name != found.id
        assert (name.isascii()) == (language == "en"), name


def test_no_two_metrics_bear_one_name() -> None:
    for language in LANGUAGES:
        names = [words_in(language)(f"metric.{name}.name") for name in METRICS]
        assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
