"""A chunk on its way to files: its ids, its clock and its random stream, shared by the makers of its tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from duewatch.demo.book import Chunk
from duewatch.demo.cells import Clock, ids
from duewatch.demo.conduct import ROLE
from duewatch.demo.log import Log
from duewatch.demo.parameters import Parameters
from duewatch.demo.people import Names
from duewatch.demo.portfolio import Portfolio
from duewatch.demo.staff import Staff
from duewatch.demo.timeline import DAY_SECONDS, Bools, Ints, Timeline

LETTERS = {"payments": "PY", "contacts": "C", "promises": "PR", "flags": "F", "disputes": "DS"}
"""First letters of the ids of logged rows, by table."""


@dataclass(frozen=True)
class Lender:
    """What is the same for every chunk."""

    terms: Parameters
    days: Timeline
    staff: Staff
    pools: dict[bool, Names]
    clock: Clock


@dataclass(frozen=True)
class Draft:
    """`account_ids`, `debtor_ids`: by account. `known`: by table the ids of log rows, in the order of logging."""

    lender: Lender
    chunk: Chunk
    rng: np.random.Generator
    account_ids: pl.Series
    debtor_ids: pl.Series
    known: dict[str, pl.Series]

    @property
    def book(self) -> Portfolio:
        return self.chunk.book

    @property
    def days(self) -> Timeline:
        return self.lender.days

    def usd(self) -> Ints:
        """1 for American accounts, else 0."""
        return self.book.usd.astype(np.int64)

    def instants(self, wall: Ints, acc: Ints, plain: Bools | None = None) -> pl.Series:
        """Seconds of wall time as text with the offset of the debtor's zone, or without it where `plain`."""
        return self.lender.clock.text(wall, self.book.zone[acc], plain)

    def past(self, wall: Ints) -> Ints:
        """What happens after the last day is not known yet."""
        return np.where(wall >= self.days.n_days * DAY_SECONDS, -1, wall)

    def person_ids(self, acc: Ints, person: Ints, role: Ints) -> pl.Series:
        """The debtor's own id, that of another person, or nothing where a stranger answered."""
        frame = pl.DataFrame(
            {"debtor": self.debtor_ids.gather(acc), "person": person, "stranger": role == ROLE["unknown"]}
        )
        other_person = pl.format("{}-P{}", "debtor", "person")
        return frame.select(
            pl.when("stranger").then(None).when(pl.col("person") > 0).then(other_person).otherwise("debtor")
        ).to_series()


def logs_of(chunk: Chunk) -> dict[str, Log]:
    """The logs whose rows have ids, by table."""
    cases = chunk.cases
    return {
        "payments": chunk.ledger.log,
        "contacts": cases.contacts,
        "promises": cases.promises,
        "flags": cases.flags,
        "disputes": cases.disputes,
    }


def log_ids(name: str, log: Log, first: int) -> pl.Series:
    """Numbers from `first`, in order of time (contacts) or of logging."""
    order = np.arange(log.n_rows)
    if name == "contacts":
        rank = np.lexsort((order, log.column("second"), log.column("day")))
        order[rank] = np.arange(log.n_rows)
    return ids(LETTERS[name], first + order, 9)
