"""A book cut into random slices of whole debtors, and how many limits of so many may miss what they should hold."""

from __future__ import annotations

import shutil
from dataclasses import replace
from math import exp, lgamma, log, sqrt
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from duewatch.books.published import Book
from duewatch.contract.scope import WHOLE_BOOK, Scope


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


def with_breaches(book: Book, seed: int, share_of_debtors: float, chance: float) -> None:
    """In this copy of a book the outbound contacts of a random share of the debtors break a rule with that chance, and
    no other contact does: breaches cluster by debtor, and the truth is the product of the two."""
    rng = np.random.default_rng(seed)
    with duckdb.connect(str(book.path)) as con:
        rows = con.execute("""
            select contact_key, account_key, debtor_key, local_date from contacts
            where direction = 'out' and local_date is not null order by contact_key
        """).pl()
        debtors = rows["debtor_key"].unique().sort()
        bad = debtors.filter(pl.Series(rng.random(len(debtors)) < share_of_debtors))
        drawn = rows.filter(pl.col("debtor_key").is_in(bad.implode()) & pl.Series(rng.random(rows.height) < chance))
        con.register("drawn", drawn)
        con.execute("delete from findings")
        con.execute("""
            insert into findings by name
            select 'F' || contact_key as finding_key, *, 'breach' as verdict, 'house' as pack_id,
                   'house.drawn' as rule_id
            from drawn
        """)


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


def least_spread(n: int) -> float:
    """The mean of n squared standard normal numbers is less with a chance of 0.001 (Wilson and Hilferty's chi-square).
    So is that of misses in units of what the limits say, were the limits right; below it they are far too wide."""
    return max(0.0, 1 - 2 / (9 * n) - 3.090232 * sqrt(2 / (9 * n))) ** 3


def fewest_missed(n: int, rate: float = 0.05, chance: float = 0.001) -> int:
    """As many of n as fewer would be missed with no more than this chance, were each missed at that rate."""
    return n - most_missed(n, 1 - rate, chance)
