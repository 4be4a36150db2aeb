"""The book in service and its answers, cached for all sessions.

A cache key holds scalars only: query name, parameters, scope and book version. Streamlit hashes only the ends of a data
frame, and a key without the scope would show one person's rows to another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import streamlit as st

from duewatch.books.published import Book, current_book
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import portfolio
from duewatch.ui.shell.frame_cache import FrameCache
from duewatch.ui.shell.recent_queries import Query, RecentQueries

ANSWERS_BYTES = 512 * 1024**2
"""Memory for answers, for all sessions of the process together."""
DAYS_SECONDS = 60.0
"""Time limit of the snapshot days where the cache warmer asks for them."""


def book_in_service() -> Book:
    """Reads the pointer file on every run: a newly published book shows on the next click. Raises BookError."""
    return current_book(books_dir())


def ask_of(book: Book, scope: Scope, *, seconds: float | None = None) -> Ask:
    """Asks queries of this book within this scope. `seconds`: a time limit in place of the settings'; the cache warmer
    sets it, and its queries are not recorded."""

    def ask(name: str, params: Params) -> pl.DataFrame:
        key = (str(book.path), book.version, name, repr(sorted(params.items())), scope.key)
        frame = _frames().answer(key, lambda: _engine(*key[:2], _book=book).run(name, params, scope, seconds))
        if _recent and seconds is None:
            _recent[0].note(Query(name, params, scope), lambda: snapshot_days(book))
        return frame

    return ask


_recent: list[RecentQueries] = []


def record_queries(recent: RecentQueries) -> None:
    """Note in `recent` every query that a person asks of this app from now on."""
    _recent[:] = [recent]


def snapshot_days(book: Book) -> list[date]:
    """Oldest first."""
    days: list[date] = portfolio.snapshot_days(ask_of(book, WHOLE_BOOK, seconds=DAYS_SECONDS))["as_of"].to_list()
    return days


def cached_frame(book: Book, scope: Scope, name: str, params: Params, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """A frame that is worked out from large answers, cached like an answer. `params`: all that it depends on beside the
    book and the scope."""
    return _frames().answer((str(book.path), book.version, name, repr(sorted(params.items())), scope.key), make)


@st.cache_resource(max_entries=2, show_spinner=False)
def _engine(path: str, version: str, *, _book: Book) -> DuckDBEngine:  # noqa: ARG001  # the key of the cache
    return DuckDBEngine(_book, load_settings())


@st.cache_resource(show_spinner=False)
def _frames() -> FrameCache:
    return FrameCache(ANSWERS_BYTES)


def forget_all() -> None:
    """Empty both caches, and record no more (tests)."""
    _frames.clear()
    _engine.clear()
    _recent.clear()
