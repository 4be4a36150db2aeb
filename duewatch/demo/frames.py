"""The logs of one chunk as source tables: ids, codes as words, instants with their offset, money as decimals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from duewatch.demo.book import Chunk
from duewatch.demo.cells import Clock, ids
from duewatch.demo.contact_frames import contact_debts_frame, contacts_frame
from duewatch.demo.draft import LETTERS, Draft, Lender, log_ids, logs_of
from duewatch.demo.event_frames import assignments_frame, disputes_frame, flags_frame, payments_frame, promises_frame
from duewatch.demo.holding_frames import accounts_frame, debtors_frame, instalments_frame, snapshots_frame
from duewatch.demo.parameters import Parameters
from duewatch.demo.people import Names
from duewatch.demo.staff import Staff
from duewatch.demo.streams import stream
from duewatch.demo.timeline import Timeline

MAKERS: dict[str, Callable[[Draft], pl.DataFrame]] = {
    "debtors": debtors_frame,
    "accounts": accounts_frame,
    "snapshots": snapshots_frame,
    "instalments": instalments_frame,
    "payments": payments_frame,
    "contacts": contacts_frame,
    "contact_debts": contact_debts_frame,
    "promises": promises_frame,
    "flags": flags_frame,
    "disputes": disputes_frame,
    "assignments": assignments_frame,
}
"""In the order in which they draw from the chunk's random stream."""


class Frames:
    """Turns chunks into frames by table name. `starts`: rows numbered so far, so that ids are unique over chunks."""

    def __init__(self, terms: Parameters, days: Timeline, staff: Staff, pools: dict[bool, Names], seed: int) -> None:
        self.lender, self.seed = Lender(terms, days, staff, pools, Clock(days)), seed
        self.starts = dict.fromkeys(LETTERS, 0)

    def of(self, chunk: Chunk) -> tuple[dict[str, pl.DataFrame], dict[str, pl.Series]]:
        """All big and small tables of a chunk, and by table the ids of the log rows in the order they were logged."""
        first = chunk.book.first
        known = self._new_ids(chunk)
        draft = Draft(
            lender=self.lender,
            chunk=chunk,
            rng=stream(self.seed, 2, first),
            known=known,
            account_ids=ids("A", first + np.arange(chunk.book.size)),
            debtor_ids=ids("D", first + chunk.book.debtor),
        )
        return {name: make(draft) for name, make in MAKERS.items()}, known

    def _new_ids(self, chunk: Chunk) -> dict[str, pl.Series]:
        logs = logs_of(chunk)
        known = {name: log_ids(name, log, self.starts[name]) for name, log in logs.items()}
        self.starts = {name: self.starts[name] + log.n_rows for name, log in logs.items()}
        return known
