"""Pages as AppTest opens them, and what they drew: each page once in each language for all tests that only look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from duewatch.books.published import current_book
from duewatch.contract.errors import BookError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import PROJECT_ROOT, Settings, books_dir
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.parts import table as rows
from duewatch.ui.parts import tiles
from duewatch.ui.parts.drill_down import DrillDown
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

AS_OF, BEFORE = "2026-10-31", "2026-09-30"


@cache
def an_account(currency: str) -> str:
    """An account of the demo book in that currency, for the page that shows one; none without a book."""
    try:
        engine = DuckDBEngine(current_book(books_dir()), Settings())
    except BookError:
        return "none"
    rows = engine.run("portfolio/accounts_on_day", {"as_of": AS_OF}, WHOLE_BOOK.narrowed(currencies=(currency,)))
    engine.close()
    return str(rows.filter(rows["days_past_due"] > 0).sort("account_id")["account_id"][0])


def opened(page: str, **address: str) -> AppTest:
    if page == "account":
        address = {"account": an_account(address.get("currency", "CNY")), **address}
    at = AppTest.from_file(str(PROJECT_ROOT / "tests" / "support" / "frame.py"), default_timeout=60)
    for name, value in address.items():
        at.query_params[name] = value
    return at.switch_page(str(PROJECT_ROOT / "pages" / f"{page}.py")).run()


def all_text(at: AppTest) -> str:
    shown = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning, *at.error]
    return "\n".join(element.value for element in shown)


@dataclass(frozen=True)
class Drawn:
    ctx: PageContext
    tile: Tile
    behind: DrillDown | None


@dataclass
class Noted:
    """Tiles in the order drawn, and the columns of tables with their own headings."""

    tiles: list[Drawn] = field(default_factory=list)
    columns: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def noting() -> Iterator[Noted]:
    """All that goes through the one function that draws a tile and the one that names a column."""
    noted, draw, column = Noted(), tiles._draw, rows._column

    def noted_tile(ctx: PageContext, tile: Tile, behind: DrillDown | None) -> None:
        noted.tiles.append(Drawn(ctx, tile, behind))
        draw(ctx, tile, behind)

    def noted_column(ctx: PageContext, name: str, kind: pl.DataType, own: str | None = None) -> object:
        noted.columns.append((name, own))
        return column(ctx, name, kind, own)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiles, "_draw", noted_tile)
        patch.setattr(rows, "_column", noted_column)
        yield noted


@dataclass(frozen=True)
class Seen:
    """A page to look at. Whoever clicks on it opens one of its own."""

    at: AppTest
    noted: Noted


@cache
def seen(page: str, language: str = "en") -> Seen:
    """The page on the demo book, as it opens."""
    with noting() as noted:
        return Seen(opened(page, lang=language), noted)
