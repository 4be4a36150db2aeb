"""The arms that assignments record: read out against the largest, and how large and long another test must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from duewatch.engines import Ask
from duewatch.reads import whatif
from duewatch.whatif.experiment import Arm, ReadOut, needed_in_all, read_out, weeks_needed

WITHIN_DAYS, HISTORY_DAYS = 30, 366
LEAST = (0.01, 0.02, 0.03, 0.05)
"""Smallest differences worth finding, for the table of sizes."""
SPLITS = (0.02, 0.05, 0.1, 0.5)
"""Shares of accounts in the new arm, for the same table."""


@dataclass(frozen=True)
class RecordedArms:
    """Arms of one currency."""

    frame: pl.DataFrame  # of `whatif/arms`
    arms: tuple[Arm, ...]  # with accounts that can be read, the largest (the champion) first
    within_days: int

    @property
    def entries_a_week(self) -> float:
        return int(self.frame["n_accounts"].sum()) / (HISTORY_DAYS / 7)


@dataclass(frozen=True)
class Size:
    """How large and long a test must be."""

    least: float  # smallest difference worth finding
    split: float  # share of accounts in the new arm
    n: int  # accounts in all
    weeks: int | None  # whole weeks at the pace of the year before; None where no account enters


def recorded_arms(ask: Ask, as_of: date, currency: str, within_days: int = WITHIN_DAYS) -> RecordedArms:
    """Arms of the accounts first assigned in the year up to a day."""
    first = as_of - timedelta(days=HISTORY_DAYS)
    frame = (
        whatif.arms(ask, from_date=first, to_date=as_of, within_days=within_days, as_of=as_of)
        .filter(pl.col("currency") == currency)
        .sort(["n_accounts", "arm"], descending=[True, False])
    )
    arms = (Arm(r["arm"], r["n_accounts"], r["n_paid"]) for r in frame.iter_rows(named=True) if r["n_accounts"])
    return RecordedArms(frame, tuple(arms), within_days)


def nearest_split(champion: Arm, challenger: Arm) -> float:
    """The split most likely meant, in steps of half a percent: the log does not say it."""
    return max(0.005, round(challenger.n / (champion.n + challenger.n) * 200) / 200)


def read_outs(
    recorded: RecordedArms, meant_shares: Mapping[str, float] | None = None
) -> list[tuple[Arm, float, ReadOut]]:
    """Each other arm against the largest: arm, share meant for it, read-out. `meant_shares`: arm to share; else the
    nearest split."""
    if len(recorded.arms) < 2:
        return []
    champion, *challengers = recorded.arms
    shares = {arm.name: (meant_shares or {}).get(arm.name, nearest_split(champion, arm)) for arm in challengers}
    return [(arm, shares[arm.name], read_out(champion, arm, meant_share=shares[arm.name])) for arm in challengers]


def sizes(recorded: RecordedArms) -> list[Size]:
    """By smallest difference worth finding and share in the new arm, from what the largest arm pays today."""
    if not recorded.arms:
        return []
    share = recorded.arms[0].n_outcome / recorded.arms[0].n
    rows = []
    for least in LEAST:
        for split in SPLITS:
            n = needed_in_all(share, least, split)
            rows.append(Size(least, split, n, weeks_needed(n, recorded.entries_a_week, recorded.within_days)))
    return rows
