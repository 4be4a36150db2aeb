"""A reader opens only a book that matches its manifest, and falls back to the one before."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import duckdb
import pytest

from duewatch.books.published import (
    BOOK_FORMAT,
    Manifest,
    book_name,
    current_book,
    file_sha256,
    manifest_name,
    pointed_version,
    private_name,
)
from duewatch.contract.errors import BookError

OLD, NEW = "20261001T000000000000Z", "20261101T000000000000Z"


def publish(folder: Path, stamp: str, *, book_format: int = BOOK_FORMAT) -> None:
    """A published book by hand: two files, a manifest, the pointer."""
    files = {}
    for name in (book_name(stamp), private_name(stamp)):
        with duckdb.connect(str(folder / name)) as con:
            con.execute("create or replace table t as select range as n from range(5000)")
        files[name] = file_sha256(folder / name)
    manifest = Manifest(stamp, "2026-11-01T00:00:00Z", "0.1.0", files, {"t": 5000}, {}, book_format)
    (folder / manifest_name(stamp)).write_text(manifest.to_json(), encoding="utf-8")
    (folder / "CURRENT").write_text(stamp + "\n", encoding="ascii")


@pytest.fixture
def books(tmp_path: Path) -> Path:
    publish(tmp_path, OLD)
    publish(tmp_path, NEW)
    return tmp_path


def test_the_pointed_book_is_in_service(books: Path) -> None:
    book = current_book(books)
    assert (book.version, book.passed_over) == (NEW, ())
    assert book.sha256 == file_sha256(books / book_name(NEW))


def test_a_folder_without_a_book_says_what_to_do(tmp_path: Path) -> None:
    assert pointed_version(tmp_path) is None
    with pytest.raises(BookError, match="python -m duewatch ingest FOLDER"):
        current_book(tmp_path)


@pytest.mark.parametrize("name", [book_name(NEW), private_name(NEW)])
def test_any_flipped_bit_is_found_and_the_book_before_serves(books: Path, name: str) -> None:
    path = books / name
    intact = path.read_bytes()
    draw = random.Random(7)
    for _ in range(20):
        damaged = bytearray(intact)
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
        os.utime(path, ns=(draw.randrange(10**18), draw.randrange(10**18)))
        book = current_book(books)
        assert book.version == OLD
        assert name in book.passed_over[0]


def test_a_truncated_or_missing_file_is_found(books: Path) -> None:
    path = books / book_name(NEW)
    path.write_bytes(path.read_bytes()[:-4096])
    assert current_book(books).version == OLD
    path.unlink()
    assert "is missing" in current_book(books).passed_over[0]


def test_a_write_ahead_log_beside_the_book_means_it_was_not_closed(books: Path) -> None:
    assert current_book(books).version == NEW
    (books / f"{book_name(NEW)}.wal").write_bytes(b"x")
    book = current_book(books)
    assert book.version == OLD
    assert "write-ahead log" in book.passed_over[0]


def test_a_book_of_an_older_format_is_passed_over(books: Path) -> None:
    publish(books, NEW, book_format=1)
    (problem,) = current_book(books).passed_over
    assert "older Duewatch (format 1)" in problem


def test_a_book_of_a_newer_format_is_passed_over(books: Path) -> None:
    (books / book_name(NEW)).unlink()
    publish(books, NEW, book_format=99)
    assert "newer Duewatch" in current_book(books).passed_over[0]


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"version": NEW})])
def test_an_unreadable_manifest_is_passed_over(books: Path, text: str) -> None:
    (books / manifest_name(NEW)).write_text(text, encoding="utf-8")
    assert current_book(books).version == OLD


def test_a_newer_book_that_was_never_pointed_at_is_not_in_service(books: Path) -> None:
    (books / "CURRENT").write_text(OLD, encoding="ascii")
    assert current_book(books).version == OLD


def test_where_no_book_is_good_the_reader_is_told_all_reasons(books: Path) -> None:
    for stamp in (OLD, NEW):
        (books / book_name(stamp)).unlink()
    with pytest.raises(BookError) as caught:
        current_book(books)
    assert book_name(OLD) in caught.value.sentence
    assert book_name(NEW) in caught.value.sentence
