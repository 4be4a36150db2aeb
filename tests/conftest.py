"""One small demo book for all tests that read a whole book; built once, also when several workers run."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from duewatch.books.published import POINTER
from tests.support.draws import ALL

settings.register_profile("drawn", deadline=None, derandomize=not ALL)
settings.load_profile("drawn")
"""A busy machine may take its time: speed is measured in bench/, never in a test. The fast lane draws the same examples
each time, so that a change fails for what it did; the slow lane draws others each time."""


@pytest.fixture(scope="session")
def demo_book(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A books folder with one published demo book: 2,000 accounts over 6 months."""
    from duewatch.demo import write_demo
    from duewatch.ingest import ingest

    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    source, books = shared / "demo_source", shared / "demo_books"
    with FileLock(str(shared / "demo_book.lock")):
        if not (books / POINTER).exists():
            write_demo(source, accounts=2_000, months=6, seed=5)
            ingest(source, books=books)
    return books
