"""`import duewatch` in a notebook: docs/notebook.ipynb runs, and says what the queries and Explore say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

import duewatch
from duewatch.books.published import current_book
from duewatch.contract.errors import DuewatchError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.engines.duckdb_engine import DuckDBEngine

NOTEBOOK = PROJECT_ROOT / "docs" / "notebook.ipynb"
LAST = date(2026, 10, 31)


@pytest.fixture
def service(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))
    monkeypatch.delenv("DUEWATCH_SETTINGS", raising=False)
    return demo_book


def engine_of(books: Path) -> DuckDBEngine:
    return DuckDBEngine(current_book(books), Settings())


def test_the_notebook_runs_from_its_first_cell_to_its_last(service: Path) -> None:
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells), "an output that is kept grows old"
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells[:-1]):
        exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    engine = engine_of(service)
    aging = engine.run("portfolio/aging_buckets", {"as_of": date(2026, 9, 30)}, WHOLE_BOOK)
    assert names["aging"].equals(aging)
    # 28 due dates that end two days (one of grace, one more) before the last day, as the page Promises has them
    due = {"as_of": LAST, "from_date": date(2026, 10, 2), "to_date": date(2026, 10, 29)}
    by_product = engine.run("promises/kept_by_segment", due, WHOLE_BOOK)
    told = names["kept"].select("currency", "group_1", "numerator", "denominator").rows()
    assert sorted((c, g, int(k), int(n)) for c, g, k, n in told) == sorted(
        (row["currency"], row["segment"], row["n_kept"], row["n_matured"]) for row in by_product.to_dicts()
    )
    series = names["series"]
    assert series["as_of"].unique().sort().to_list() == [
        date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), LAST,
    ]  # fmt: skip
    for day in (date(2026, 7, 31), LAST):
        totals = engine.run("portfolio/book_totals", {"as_of": day}, WHOLE_BOOK)
        of_day = series.filter(pl.col("as_of") == day).group_by("currency").agg(pl.col("numerator").sum())
        assert dict(of_day.rows()) == dict(totals.select("currency", "overdue_balance").rows())
    assert names["yuan"].ask("portfolio/book_totals")["currency"].to_list() == ["CNY"]
    assert isinstance(names["figure"], go.Figure)
    assert names["figure"].data
    exec("".join(cells[-1]["source"]), names)
    engine.close()


def test_every_chart_is_drawn_and_two_currencies_are_never_one(service: Path) -> None:
    with duewatch.open_book(service) as book:
        for name in ("aging", "aging_history", "migration", "net_flow", "vintage"):
            figure = book.chart(name, currency="CNY", title=f"The {name}")
            assert figure.data
            assert figure.layout.title.text == f"The {name}"
        with pytest.raises(DuewatchError, match="which never add up; name one"):
            book.chart("aging")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda book: book.metric("kept_rate"), "there is no metric 'kept_rate' that can be cut; did you mean 'kept_"),
        (lambda book: book.metric("kept_ratio", by="prodct"), "cannot be cut by 'prodct'; did you mean 'product'?"),
        (lambda book: book.metric("kept_ratio", by=("product", "branch", "team")), "two dimensions at most"),
        (lambda book: book.metric("roll_rate", as_of="2026-05-31"), "needs a snapshot a month before 2026-05-31"),
        (lambda book: book.metric("kept_ratio", as_of="31.10.2026"), "'31.10.2026' is no day; write it as 2026-10-31"),
        (lambda book: book.narrowed(products=["信用"]), "no account has the product '信用'"),
        (lambda book: book.chart("agng"), "there is no chart 'agng'; did you mean 'aging'?"),
        (lambda book: book.ask("portfolio/vintage", min_bucket="m2"), "there is no value 'm2'; did you mean 'M2'?"),
        (lambda book: book.ask("portfolio/vintage", min_bucket=["M2"]), "is no value for a parameter"),
    ],
)
def test_a_mistake_is_one_sentence(service: Path, call: Any, sentence: str) -> None:
    with duewatch.open_book(service) as book, pytest.raises(DuewatchError) as caught:
        call(book)
    assert sentence in caught.value.sentence


def test_the_days_of_a_metric_can_be_given(service: Path) -> None:
    """As many outbound contacts as the funnel has on these days."""
    days = {"from_date": "2026-10-01", "to_date": "2026-10-15"}
    with duewatch.open_book(service) as book:
        whole = book.metric("connected_share", **days)
        assert whole["denominator"].sum() == book.ask("contacts/attempts", **days).height
        assert book.metric("connected_share")["denominator"].sum() > whole["denominator"].sum()


def test_a_command_does_not_load_what_notebooks_need() -> None:
    script = "import duewatch, sys; print('duewatch.notebook' in sys.modules, 'polars' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]
    assert set(duewatch.IN_NOTEBOOKS) <= set(dir(duewatch))
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        duewatch.__getattr__("colour")
