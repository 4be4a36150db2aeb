"""`import duewatch`: open_book(), ask(), metric(), chart(). How they are used: docs/notebook.ipynb."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

import plotly.graph_objects as go
import polars as pl

from duewatch.books.published import Book, current_book, published_book
from duewatch.contract.errors import DuewatchError, QueryError
from duewatch.contract.months import month_days
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings, books_dir, load_settings
from duewatch.engines import Params, Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.narrowed_scope import narrowed_scope
from duewatch.engines.query_files import query_file
from duewatch.metrics.registry import EXPLORABLE
from duewatch.metrics.segments import NO_DIMENSION, Days, View, segments_of, usual_days
from duewatch.notebook.charts import CHARTS, drawn

Day = date | str
"""A day, or its text: 2026-10-31."""


class OpenBook:
    """One published book and what of it is looked at. Close it, or use it in a `with` statement."""

    def __init__(self, book: Book, settings: Settings, scope: Scope) -> None:
        self.book, self.scope, self._settings = book, scope, settings
        self._engine = DuckDBEngine(book, settings)

    def ask(self, name: str, /, **params: object) -> pl.DataFrame:
        """The answer of a file of queries/ (`portfolio/aging_buckets`), with its parameters by name; days may be texts.
        `as_of` is the last snapshot day where it is not given. Raises QueryError."""
        query = query_file(name)
        takes_day = any(param.name == "as_of" and param.default is None for param in query.params)
        given: Params = {key: _scalar(value) for key, value in params.items()}
        return self._answer(name, {"as_of": self.last_day, **given} if takes_day and self.days else given)

    def metric(
        self,
        name: str,
        by: str | Sequence[str] = (),
        *,
        as_of: Day | None = None,
        from_date: Day | None = None,
        to_date: Day | None = None,
        months: int = 1,
    ) -> pl.DataFrame:
        """A metric of the registry (`kept_ratio`) as Explore has it, by up to two dimensions: one row a currency and
        pair of groups, with value, 95 % limits and how many it counts. The days are those that its page has at first,
        unless from_date and to_date are given. `months`: of so many months back from as_of. Raises QueryError."""
        if name not in EXPLORABLE:
            raise QueryError(f"there is no metric '{name}' that can be cut", next_step=_nearest(name, EXPLORABLE))
        what = EXPLORABLE[name]
        dims = (by,) if isinstance(by, str) else tuple(by)
        if unknown := [dim for dim in dims if dim not in what.units.dims]:
            raise QueryError(
                f"'{name}' cannot be cut by '{unknown[0]}'", next_step=_nearest(unknown[0], what.units.dims)
            )
        if len(dims) > 2:
            raise QueryError(f"'{name}' is cut by two dimensions at most", next_step="give one or two")
        view = View(what, *(*dims, NO_DIMENSION, NO_DIMENSION)[:2])
        last = _day(as_of) if as_of else self.last_day
        frames = []
        for back, day in month_days(self.days, last).items() if months > 1 else [(0, last)]:
            days = usual_days(what, day, self.days, self._settings)
            if from_date and to_date:
                days = Days(day, _day(from_date), _day(to_date))
            if back < months and days is not None:
                frame = segments_of(self._answer, view, days, self._settings)
                frames.append(frame.select(pl.lit(day).alias("as_of"), pl.all()))
        if not frames:
            raise QueryError(f"'{name}' needs a snapshot a month before {last}", next_step="pick a later day")
        return pl.concat(frames).sort("as_of", maintain_order=True)

    def chart(self, name: str, *, currency: str = "", as_of: Day | None = None, title: str = "") -> go.Figure:
        """A figure of the app: one of CHARTS. `currency`: which, where the book has several. Raises QueryError."""
        if name not in CHARTS:
            raise QueryError(f"there is no chart '{name}'", next_step=_nearest(name, CHARTS))
        book = self.narrowed(currencies=(currency,)) if currency else self
        return drawn(name, book.ask, self.days, _day(as_of) if as_of else self.last_day, title)

    def narrowed(
        self,
        *,
        branches: Iterable[str] = (),
        products: Iterable[str] = (),
        currencies: Iterable[str] = (),
        known_on: Day | None = None,
    ) -> OpenBook:
        """The same book with fewer accounts, or with what the lender knew by the end of a day: payments posted,
        contacts recorded by then."""
        narrower = OpenBook.__new__(OpenBook)
        narrower.book, narrower._settings, narrower._engine = self.book, self._settings, self._engine
        narrower.scope = narrowed_scope(
            self._engine,
            self.scope,
            branches=tuple(branches),
            products=tuple(products),
            currencies=tuple(currencies),
            known_on=_day(known_on) if known_on else None,
        )
        return narrower

    @cached_property
    def days(self) -> list[date]:
        """Snapshot days, oldest first."""
        days: list[date] = self._answer("portfolio/snapshot_days", {})["as_of"].to_list()
        return days

    @property
    def last_day(self) -> date:
        if not self.days:
            raise DuewatchError("the book has no snapshot day", next_step="load snapshots, or instalments and payments")
        return self.days[-1]

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> OpenBook:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _answer(self, name: str, params: Params) -> pl.DataFrame:
        return self._engine.run(name, params, self.scope)


_last_opened: list[OpenBook] = []


def open_book(folder: str | Path | None = None, *, version: str = "") -> OpenBook:
    """The book in service of a folder of books (default: $DUEWATCH_BOOKS, else data/books), or the published one of
    that version. `ask`, `metric` and `chart` of this package go to the book that was opened last. Raises BookError."""
    books = books_dir(folder)
    book = published_book(books, version) if version else current_book(books)
    _last_opened[:] = [OpenBook(book, load_settings(), WHOLE_BOOK)]
    return _last_opened[0]


def ask(name: str, /, **params: object) -> pl.DataFrame:
    """`OpenBook.ask` of the book that was opened last, or of the one in service."""
    return _opened().ask(name, **params)


def metric(name: str, by: str | Sequence[str] = (), **days: object) -> pl.DataFrame:
    """`OpenBook.metric` likewise."""
    return _opened().metric(name, by, **days)  # type: ignore[arg-type]


def chart(name: str, **given: object) -> go.Figure:
    """`OpenBook.chart` likewise."""
    return _opened().chart(name, **given)  # type: ignore[arg-type]


def _opened() -> OpenBook:
    return _last_opened[0] if _last_opened else open_book()


def _scalar(value: object) -> Scalar:
    if value is None or isinstance(value, date | int | float | str):
        return value
    raise QueryError(f"{value!r} is no value for a parameter", next_step="give a text, number, day or true")


def _day(value: Day) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise QueryError(f"'{value}' is no day", next_step="write it as 2026-10-31") from None


def _nearest(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{near[0]}'? There are {', '.join(known)}" if near else f"there are {', '.join(known)}"
