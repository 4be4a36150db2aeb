"""Publishing under fire: killed at any moment, or run twice at once, a good book stays in service."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from duewatch.books.published import LOCK, POINTER, current_book, manifest_name, published_versions
from duewatch.contract.errors import BookError
from duewatch.ingest import ingest
from duewatch.ingest.publish import sweep
from tests.unit.ingest.conftest import FEW_RULES, Source

HOLD = """
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from duewatch.ingest.publish import publishing_lock
with publishing_lock(Path(sys.argv[1]), 5):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def a_lock_holder(books: Path, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that holds the lock. A program of its own too: multiprocessing would run whatever this
    worker's `__main__` is, and after a page's test that is the page."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(books), str(seconds)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder
        holder.kill()


def killed_after(source: Source, *, seconds: float | None) -> float:
    """Starts a child that loads again and again and kills it after `seconds`, or as soon as it has published once.
    Returns how long it lived."""
    before = (source.books / POINTER).read_text()
    command = [sys.executable, "-c", CHILD, str(source.folder), str(source.books)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        began = time.monotonic()
        while seconds is None and (source.books / POINTER).read_text() == before:
            time.sleep(0.01)
        time.sleep(seconds or 0)
        child.kill()
    assert child.returncode == -signal.SIGKILL
    return time.monotonic() - began


@pytest.mark.parametrize("kills", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_leaves_a_good_book(source: Source, kills: int) -> None:
    """Kills fall anywhere in about two loads of a child, by the time that its first load took. On a machine that has
    become slower since then no child may publish: they are then given longer, until one has."""
    seen = {source.load().book_version}
    reach = 2 * killed_after(source, seconds=None)
    seen.add(current_book(source.books).version)
    own = len(seen)
    assert own == 2
    chance = random.Random(7)
    for kill in range(4 * kills):
        if kill >= kills and len(seen) > own:
            break
        before = current_book(source.books).version
        killed_after(source, seconds=chance.random() * reach * (1 + kill // kills))
        book = current_book(source.books)
        assert not book.passed_over
        assert book.version >= before
        assert source.ask("select count(*) from accounts") == [(1,)]
        seen.add(book.version)
    assert len(seen) > own, "no child lived long enough to publish: the kills prove nothing"
    last = source.load().book_version
    assert current_book(source.books).version == last
    assert not list(source.books.glob(".building-*"))


CHILD = """
import sys
from pathlib import Path
from duewatch.ingest import ingest
print("ready", flush=True)
while True:
    ingest(Path(sys.argv[1]), books=Path(sys.argv[2]))
"""


@pytest.mark.parametrize("step", ["os.rename", "os.replace", "os.fsync"])
def test_a_stop_at_each_step_of_putting_in_service_leaves_the_book_before(
    loaded: Source, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Stops at the first, second ... call of each system call that publishing makes, until a run gets through."""
    source, before = loaded, current_book(loaded.books).version
    name = step.removeprefix("os.")
    real = getattr(os, name)
    for stop_at in range(1, 9):
        calls = 0

        def failing(*arguments: object, stop_at: int = stop_at) -> object:
            nonlocal calls
            calls += 1
            if calls == stop_at:
                raise KeyboardInterrupt
            return real(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(os, name, failing)
            try:
                source.load()
                break
            except KeyboardInterrupt:
                pass
        book = current_book(source.books)
        assert book.version >= before
        assert not book.passed_over
    else:
        pytest.fail("publishing never got through")
    assert stop_at > 1


def test_a_second_ingest_is_told_who_holds_the_lock(loaded: Source) -> None:
    source = loaded
    with a_lock_holder(source.books, 60) as holder, pytest.raises(BookError, match=f"process {holder.pid}, since"):
        ingest(source.folder, books=source.books, lock_seconds=0.1, settings=FEW_RULES)


def test_a_second_ingest_waits_for_the_first(loaded: Source) -> None:
    source = loaded
    with a_lock_holder(source.books, 0.5):
        assert ingest(source.folder, books=source.books, lock_seconds=60, settings=FEW_RULES).book_version


def test_old_books_go_and_the_current_one_never(loaded: Source) -> None:
    source, first = loaded, current_book(loaded.books).version
    stamps = [first, *(source.load().book_version for _ in range(3))]
    assert published_versions(source.books) == stamps[:0:-1]
    assert current_book(source.books).version == stamps[-1]
    assert {path.name for path in source.books.iterdir() if not path.name.startswith(("book-", "private-"))} <= {
        POINTER,
        LOCK,
    }


def test_sweep_removes_books_that_never_came_into_service(loaded: Source) -> None:
    source, stamp = loaded, current_book(loaded.books).version
    later = "99990101T000000000000Z"
    for name in (f"book-{later}.duckdb", f"private-{later}.duckdb", manifest_name(later), "book-0.duckdb"):
        (source.books / name).write_text("{}")
    (source.books / ".building-x").mkdir()
    sweep(source.books)
    assert published_versions(source.books) == [stamp]
    assert len(list(source.books.glob("*.duckdb"))) == 2
    assert not (source.books / ".building-x").exists()
