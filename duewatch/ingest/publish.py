"""Put a finished book into service: lock, sweep, check, fsync, rename, manifest, pointer last.

A kill at any instant leaves the book that CURRENT names whole: nothing that it names is ever touched, and the
pointer is replaced in one step when everything it will name is on disk.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from duewatch.books.published import (
    LOCK,
    POINTER,
    Manifest,
    book_name,
    manifest_name,
    pointed_version,
    private_name,
    published_versions,
)
from duewatch.contract.errors import BookError

BUILDING = ".building-"
HOLDER = "ingest.holder"
"""Who holds the lock (pid and since when), for the sentence of whoever waits."""
STAMP = "%Y%m%dT%H%M%S%fZ"


@contextmanager
def publishing_lock(books: Path, wait_seconds: float) -> Iterator[None]:
    """Only one ingest at a time writes to a books folder. The system frees the lock of a killed process."""
    lock = FileLock(books / LOCK, timeout=wait_seconds)
    try:
        books.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise BookError(
            f"another ingest holds the lock{_holder(books)}",
            where=str(books),
            next_step="wait until it has finished, or stop it, and run again",
        ) from None
    except (OSError, NotImplementedError) as error:  # the second: a file system without locks
        raise BookError(
            f"no book can be written here ({getattr(error, 'strerror', None) or error})",
            where=str(books),
            next_step="give a folder that you may write to as --books",
        ) from None
    try:
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        (books / HOLDER).write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
        yield
    finally:
        (books / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(books: Path) -> str:
    try:
        holder = json.loads((books / HOLDER).read_text(encoding="utf-8"))
        return f" (process {holder['pid']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return ""


def new_stamp(books: Path) -> str:
    """A stamp later than any published one, whatever the clock says."""
    at = dt.datetime.now(dt.UTC)
    stamps = [*published_versions(books), pointed_version(books) or ""]
    newest = max((stamp for stamp in stamps if stamp), default="")
    if newest and at.strftime(STAMP) <= newest:
        at = dt.datetime.strptime(newest, STAMP).replace(tzinfo=dt.UTC) + dt.timedelta(microseconds=1)
    return at.strftime(STAMP)


def sweep(books: Path) -> None:
    """Remove what killed builds left: scratch folders, and files of books that never came into service. Call it
    only with the lock held."""
    for path in books.glob(f"{BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)
    current = pointed_version(books)
    for stamp in published_versions(books):
        if current is None or stamp > current:
            (books / manifest_name(stamp)).unlink(missing_ok=True)
    file_names = {name(stamp) for stamp in published_versions(books) for name in (book_name, private_name)}
    file_names |= {name(current) for name in (book_name, private_name) if current}
    for pattern in (book_name("*"), private_name("*")):
        for path in books.glob(pattern):
            if path.name not in file_names:
                path.unlink(missing_ok=True)


def put_in_service(books: Path, build_folder: Path, manifest: Manifest) -> None:
    """Move the two files of a checked, closed book from the build folder and make it the current one."""
    stamp = manifest.version
    for name in (book_name(stamp), private_name(stamp)):
        sync_file(build_folder / name)
        os.rename(build_folder / name, books / name)
    _write_synced(build_folder / "manifest", manifest.to_json())
    os.rename(build_folder / "manifest", books / manifest_name(stamp))
    sync_folder(books)
    _write_synced(build_folder / POINTER, stamp + "\n")
    os.replace(build_folder / POINTER, books / POINTER)
    sync_folder(books)


def prune(books: Path, kept: int) -> None:
    """Remove the oldest books beyond `kept`; never the current one. The manifest goes first, so that a kill
    in between leaves files that the next sweep takes away."""
    current = pointed_version(books)
    for stamp in published_versions(books)[max(1, kept) :]:
        if stamp != current:
            for name in (manifest_name, book_name, private_name):
                (books / name(stamp)).unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(path: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_synced(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    sync_file(path)
