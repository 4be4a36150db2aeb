"""Asks recent queries again when the app starts and when a new book comes into service, so that the first person of the
day does not wait. A thread of the app does it, most recently used first."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from duewatch.books.published import Book, current_book
from duewatch.contract.errors import DuewatchError
from duewatch.contract.settings import books_dir
from duewatch.ui.shell.book_service import ask_of, record_queries, snapshot_days
from duewatch.ui.shell.recent_queries import FILE, RecentQueries

LOOK_EVERY = 5.0
"""Seconds between two looks at the pointer to the book in service."""
SECONDS = 1800.0
"""Time limit of a query: nobody waits before a screen."""


def start() -> None:
    """Record queries from now on, and ask them ahead until the app ends."""
    recent = RecentQueries(books_dir() / FILE)
    record_queries(recent)
    threading.Thread(target=_keep_warm, args=(recent,), name="cache warmer", daemon=True).start()


def _keep_warm(recent: RecentQueries) -> None:
    tried = ""
    while True:
        with suppress(DuewatchError, OSError):
            recent.save()
            book = current_book(books_dir())
            if book.version != tried:
                tried = book.version
                began, n = time.monotonic(), warm(recent, book)
                if n:
                    print(
                        f"  {n} queries of book {book.version} stand ready after {time.monotonic() - began:.0f} s.\n",
                        flush=True,
                    )
        time.sleep(LOOK_EVERY)


def warm(recent: RecentQueries, book: Book) -> int:
    """Asks the recent queries of this book; returns how many were answered. A query that fails is skipped. Stops where
    another book comes into service."""
    n = 0
    for query in recent.queries(snapshot_days(book)):
        if current_book(book.path.parent).version != book.version:
            break
        with suppress(DuewatchError):
            ask_of(book, query.scope, seconds=SECONDS)(query.name, query.params)
            n += 1
    return n
