"""The queries of a page's first load, slowest first, beside one bare aggregate over the contact log.

    python bench/queries.py [BOOKS] [PAGE ...]        (default: $DUEWATCH_BOOKS, else data/books; all pages)

Each page is opened with empty caches. A query that was stopped by the time limit counts with the time it took.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.pages import bare_aggregate, page_times, pages_in_menu
from duewatch.books.published import current_book
from duewatch.contract.errors import DuewatchError
from duewatch.contract.scope import Scope
from duewatch.contract.settings import books_dir
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.shell.book_service import forget_all

SHOWN = 40
"""Queries in the last table."""

Log = list[tuple[str, float]]


@contextmanager
def logged() -> Iterator[Log]:
    """What the engine runs while this is open: name of the query and seconds."""
    log: Log = []
    plain = DuckDBEngine._stopped_in_time

    @contextmanager
    def timed(engine: DuckDBEngine, name: str, scope: Scope) -> Iterator[duckdb.DuckDBPyConnection]:
        begun = time.perf_counter()
        try:
            with plain(engine, name, scope) as cursor:
                yield cursor
        finally:
            log.append((name, time.perf_counter() - begun))

    DuckDBEngine._stopped_in_time = timed  # type: ignore[method-assign]
    try:
        yield log
    finally:
        DuckDBEngine._stopped_in_time = plain  # type: ignore[method-assign]


def main() -> None:
    arguments = sys.argv[1:]
    folder = books_dir(Path(arguments[0]) if arguments else None)
    os.environ["DUEWATCH_BOOKS"] = str(folder)
    bare = bare_aggregate(current_book(folder).path)
    print(f"bare aggregate over the contact log: {bare:.1f} ms")
    found: dict[str, float] = {}
    for page in arguments[1:] or pages_in_menu():
        forget_all()
        with logged() as log:
            try:
                first, _, _ = page_times(page, rounds=0)
            except (SystemExit, DuewatchError) as error:
                print(f"{page}: {error}")
                continue
        in_queries = sum(seconds for _, seconds in log)
        print(f"{page:<16}{first:>10,.0f} ms, {len(log)} queries {in_queries * 1000:,.0f} ms", flush=True)
        for name, seconds in log:
            found[name] = max(found.get(name, 0.0), seconds)
    for name, seconds in sorted(found.items(), key=lambda one: -one[1])[:SHOWN]:
        print(f"{seconds * 1000:>10,.0f} ms {seconds * 1000 / bare:>8,.0f}x  {name}")


if __name__ == "__main__":
    main()
