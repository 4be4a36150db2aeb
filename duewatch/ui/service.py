"""The book in service and its answers, cached for the app by scalars only.

A cache key is (query name, parameters, scope, book version): never a data frame, of which Streamlit hashes only the
ends, and never without the scope, which would hand one person's rows to another.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from duewatch.books import Book, current_book
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.scope import Scope
from duewatch.settings import books_dir, load_settings

ANSWERS_KEPT = 512


def book_in_service() -> Book:
    """Read from the pointer file on every run, so that a newly published book shows on the next interaction.
    Raises BookError."""
    return current_book(books_dir())


def asking(book: Book, scope: Scope) -> Ask:
    """A question asked of this book by someone who may see this scope."""

    def ask(name: str, params: Params) -> pl.DataFrame:
        key = repr(sorted(params.items()))
        return _answer(
            str(book.path), book.version, name, key, scope.key, _book=book, _params=dict(params), _scope=scope
        )

    return ask


@st.cache_resource(max_entries=2, show_spinner=False)
def _engine(path: str, version: str, *, _book: Book) -> DuckDBEngine:  # noqa: ARG001  # the key of the cache
    return DuckDBEngine(_book, load_settings())


@st.cache_data(max_entries=ANSWERS_KEPT, show_spinner=False)
def _answer(
    path: str, version: str, name: str, params_key: str, scope_key: str, *, _book: Book, _params: Params, _scope: Scope
) -> pl.DataFrame:  # fmt: skip
    del params_key, scope_key  # they are the key of the cache; the values come in beside them
    return _engine(path, version, _book=_book).run(name, _params, _scope)


def forget_all() -> None:
    """Empty both caches (tests)."""
    _answer.clear()
    _engine.clear()


__all__ = ["asking", "book_in_service", "forget_all"]
