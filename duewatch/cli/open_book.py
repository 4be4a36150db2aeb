"""The book in service, or another, with its queries: what a command asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import polars as pl

from duewatch.books.published import Book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Ask, Params
from duewatch.engines.duckdb_engine import DuckDBEngine


@contextmanager
def queries_of(book: Book, settings: Settings) -> Iterator[Ask]:
    """Asks the queries of a book for the whole of it; closed at the end. Raises BookError."""
    with closing(DuckDBEngine(book, settings)) as engine:

        def ask(name: str, params: Params) -> pl.DataFrame:
            return engine.run(name, params, WHOLE_BOOK)

        yield ask
