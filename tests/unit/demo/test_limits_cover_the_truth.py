"""The 95 % limits of a rate hold what truth.json says of it about as often as they say.

A call of the first month reaches the debtor with `conversation_share`, and from 18:00 on `conversation_evening_factor`
times as often; nothing else moves it there. So each hour of the right-party rate by hour has a known truth.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from duewatch.books.published import Book, current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from tests.support.slices import most_missed

PERIOD = {"from_date": date(2026, 8, 1), "to_date": date(2026, 10, 31)}
LEAST = 20
"""Calls that an hour must have: fewer say nothing against any truth."""
SEEDS = range(21, 25)


def hours(book: Book, truth: dict[str, float]) -> list[tuple[bool, bool]]:
    """Of each hour: whether the truth lies below the lower limit, and whether it lies above the upper one."""
    with closing(DuckDBEngine(book, Settings())) as engine:
        asked = {"grouping_by": "hour", "channel": "call", "bucket": "M1", **PERIOD}
        rows = engine.run("contacts/reach_by", asked, WHOLE_BOOK).to_dicts()
    found = []
    for row in rows:
        if row["hour"] is None or row["n_attempts"] < LEAST:
            continue
        evening = truth["conversation_evening_factor"] if row["hour"] >= 18 else 1.0
        share = truth["conversation_share"] * evening
        found.append((share < row["right_party_low"], share > row["right_party_high"]))
    return found


def parameters(source: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads((source / "truth.json").read_text(encoding="utf-8"))["parameters"]
    return found


def test_the_right_party_rate_by_hour_holds_the_truth_of_the_demo_book(demo_book: Path) -> None:
    found = hours(current_book(demo_book), parameters(demo_book.parent / "demo_source"))
    assert len(found) >= 10
    assert sum(below or above for below, above in found) <= most_missed(len(found))


@pytest.mark.slow
def test_the_right_party_rate_by_hour_holds_the_truth_in_about_95_of_100(tmp_path: Path) -> None:
    found = []
    for seed in SEEDS:
        source, books = tmp_path / f"source{seed}", tmp_path / f"books{seed}"
        write_demo(source, accounts=1200, months=3, seed=seed)
        ingest(source, books=books)
        found += hours(current_book(books), parameters(source))
    missed = sum(below or above for below, above in found)
    print(f"{missed} of {len(found)} hours missed; at most {most_missed(len(found))} may be")
    assert len(found) >= 30
    assert missed <= most_missed(len(found))
