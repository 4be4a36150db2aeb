"""Answers are kept by their key, up to a number of bytes, whoever asks and whatever goes wrong."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from duewatch.ui.shell.frame_cache import FrameCache

FRAME = pl.DataFrame({"n": range(1000)})
SIZE = int(FRAME.estimated_size())


def never() -> pl.DataFrame:
    raise AssertionError("it was kept")


def test_an_answer_is_made_once_for_its_key_and_anew_for_another() -> None:
    kept = FrameCache(10 * SIZE)
    assert kept.answer(("book", "q", "scope"), lambda: FRAME).equals(FRAME)
    assert kept.answer(("book", "q", "scope"), never).equals(FRAME)
    other = pl.DataFrame({"n": [1]})
    assert kept.answer(("book", "q", "another scope"), lambda: other).equals(other)


def test_what_a_caller_does_to_its_frame_changes_nobody_elses() -> None:
    kept = FrameCache(10 * SIZE)
    mine = kept.answer(("q",), FRAME.clone)
    mine.insert_column(0, pl.lit(0).alias("more"))
    assert kept.answer(("q",), never).columns == ["n"]


def test_the_least_recently_used_make_room() -> None:
    kept = FrameCache(2 * SIZE)
    for name in ("a", "b"):
        kept.answer((name,), FRAME.clone)
    kept.answer(("a",), never)
    kept.answer(("c",), FRAME.clone)
    kept.answer(("a",), never)
    with pytest.raises(AssertionError, match="it was kept"):
        kept.answer(("b",), never)
    assert kept.n_bytes == 2 * SIZE


def test_an_answer_larger_than_all_room_is_given_and_not_kept() -> None:
    kept = FrameCache(SIZE // 2)
    for _ in range(3):
        assert kept.answer(("a",), FRAME.clone).equals(FRAME)
    assert kept.n_bytes == 0


def test_a_question_that_failed_may_be_asked_again_and_leaves_nothing_behind() -> None:
    kept = FrameCache(10 * SIZE)
    for _ in range(2):
        with pytest.raises(AssertionError):
            kept.answer(("a",), never)
    assert not kept._locks
    assert kept.answer(("a",), FRAME.clone).equals(FRAME)


def test_two_that_keep_the_same_answer_count_its_bytes_once() -> None:
    kept = FrameCache(10 * SIZE)
    for _ in range(3):
        kept._keep(("a",), FRAME)
    assert kept.n_bytes == SIZE


def test_many_who_ask_at_once_wait_for_one_answer() -> None:
    kept, made, asked = FrameCache(10 * SIZE), [], threading.Barrier(8)

    def make() -> pl.DataFrame:
        made.append(1)
        return FRAME

    def ask(_: int) -> bool:
        asked.wait()
        return kept.answer(("a",), make).equals(FRAME)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert len(made) == 1
