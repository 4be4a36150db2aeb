"""Collectors who do not differ lie within their limits of observed / expected about as often as these say.

The cases of a book are dealt anew within each team, all of one debtor at one collector to one other: whoever then has
them, the outcomes are the same, so that the true ratio is 1 for everybody.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from duewatch.books.published import Book, current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from duewatch.metrics.funnel_plot import Counts, FunnelPoint, compare
from tests.support.slices import most_missed

PERIOD = {"from_date": date(2026, 6, 1), "to_date": date(2026, 10, 31), "as_of": date(2026, 10, 31)}
OUTCOMES = ("reached", "kept", "cured")


def dealt(book: Book, folder: Path, seed: int) -> Book:
    path = folder / f"dealt_{seed}.duckdb"
    shutil.copy(book.path, path)
    rng = np.random.default_rng(seed)
    with duckdb.connect(str(path)) as con:
        hands = con.execute("""
            select distinct a.debtor_key, s.collector_id, c.team
            from assignments s join accounts a using (account_key) join collectors c using (collector_id) order by all
        """).pl()
        members = {team: rows["collector_id"].unique().sort().to_list() for (team,), rows in hands.group_by("team")}
        drawn = [members[team][rng.integers(len(members[team]))] for team in hands["team"]]
        con.register("hands", hands.with_columns(pl.Series("other", drawn)))
        con.execute("""
            create temp table dealt as
            select s.* replace (h.other as collector_id)
            from assignments s join accounts a using (account_key)
            join hands h on h.debtor_key = a.debtor_key and h.collector_id = s.collector_id
        """)
        con.execute("delete from assignments")
        con.execute("insert into assignments by name from dealt")
    return replace(book, path=path)


def judged(book: Book) -> dict[str, list[FunnelPoint]]:
    """By outcome: everybody shown, each currency compared alone."""
    found: dict[str, list[FunnelPoint]] = defaultdict(list)
    with closing(DuckDBEngine(book, Settings())) as engine:
        for outcome in OUTCOMES:
            rows = engine.run("teams/observed_expected", {**PERIOD, "outcome": outcome}, WHOLE_BOOK)
            for _, group in rows.group_by("currency"):
                counts = [
                    Counts(row["group_name"], row["n_compared"], row["observed"], row["expected"], row["variance"])
                    for row in group.to_dicts()
                ]
                found[outcome] += compare(counts).points
    return found


def check(found: dict[str, list[FunnelPoint]]) -> None:
    for outcome, each in found.items():
        n = len(each)
        outside = sum(not one.low_95 <= one.ratio <= one.high_95 for one in each)
        far = sum(not one.low_998 <= one.ratio <= one.high_998 for one in each)
        alone = sum(abs(one.counts.z) > 1.959964 for one in each)
        print(f"{outcome}: {outside} and {far} of {n} outside; {alone} without over-dispersion")
        assert outside <= most_missed(n), outcome
        assert far <= most_missed(n, 0.002), outcome


def test_collectors_of_the_demo_book_who_do_not_differ_are_told_to_be_alike(demo_book: Path, tmp_path: Path) -> None:
    found = judged(dealt(current_book(demo_book), tmp_path, 1))
    assert sum(map(len, found.values())) >= 10
    check(found)


@pytest.mark.slow
def test_collectors_who_do_not_differ_are_outside_in_about_5_and_2_in_1000(tmp_path: Path) -> None:
    source, books = tmp_path / "source", tmp_path / "books"
    write_demo(source, accounts=9_000, months=5, seed=31)
    ingest(source, books=books)
    found: dict[str, list[FunnelPoint]] = defaultdict(list)
    for seed in range(30):
        book = dealt(current_book(books), tmp_path, seed)
        for outcome, each in judged(book).items():
            found[outcome] += each
        book.path.unlink()
    check(found)
    for outcome, each in found.items():
        n, z = len(each), [one.counts.z for one in each]
        assert n >= 300
        assert 0.7 <= sum(x * x for x in z) / n <= 1.3, f"{outcome}: the variance is not that of chance"
