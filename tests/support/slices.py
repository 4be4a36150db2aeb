"""A book cut into random slices of whole debtors, and how many limits of so many may miss what they should hold."""

from __future__ import annotations

import shutil
from dataclasses import replace
from math import exp, lgamma, log
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from duewatch.books import Book
from duewatch.scope import WHOLE_BOOK, Scope


def sliced(book: Book, folder: Path, n: int, seed: int) -> Book:
    """A copy of the book in which each debtor's accounts are booked at one of `n` branches, drawn at random: each
    branch is a sample of debtors from the book, and its scope is the way to it that a page has."""
    path = folder / f"sliced_{n}_{seed}.duckdb"
    shutil.copy(book.path, path)
    with duckdb.connect(str(path)) as con:
        rows = con.execute("select distinct debtor_key from accounts order by debtor_key").fetchall()
        drawn = np.random.default_rng(seed).integers(0, n, len(rows))
        con.register("drawn", pl.DataFrame({"debtor_key": [key for (key,) in rows], "slice": drawn}))
        con.execute("""
            update accounts set branch = 'slice ' || drawn.slice from drawn where accounts.debtor_key = drawn.debtor_key
        """)
    return replace(book, path=path)


def slices(n: int) -> list[Scope]:
    return [WHOLE_BOOK.narrowed(branches=(f"slice {k}",)) for k in range(n)]


def most_missed(n: int, rate: float = 0.05, chance: float = 0.001) -> int:
    """As many of n as more would be missed with no more than this chance, were each missed at that rate (binomial)."""
    above = 1.0
    for k in range(n + 1):
        above -= exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(rate) + (n - k) * log(1 - rate))
        if above <= chance:
            return k
    return n


def fewest_missed(n: int, rate: float = 0.05, chance: float = 0.001) -> int:
    """As many of n as fewer would be missed with no more than this chance, were each missed at that rate."""
    return n - most_missed(n, 1 - rate, chance)
