"""L3: what a recorded random arm says, and how large and long a test must be. Two-sided, 5 %, 80 % power."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, erfc, sqrt

from duewatch.metrics.intervals import Z_95, Change, Proportion, change_between, wilson

Z_POWER = 0.841621
MISMATCH_BELOW = 0.001
"""p below which the arms' sizes do not fit the split that was meant: the assignment is broken, the read-out void."""
LEAST_WEEKS = 4
"""Whole weeks a test runs at least: shorter ones mix paydays and weekdays."""


@dataclass(frozen=True)
class Arm:
    """Accounts assigned at random to one treatment, and those of them with the outcome."""

    name: str
    n: int
    n_outcome: int

    @property
    def proportion(self) -> Proportion:
        low, high = wilson(self.n_outcome, self.n)
        return Proportion(self.n_outcome / self.n, low, high, self.n)


@dataclass(frozen=True)
class ReadOut:
    """Challenger less champion."""

    change: Change
    p_split: float  # how likely sizes this far from the meant split are by chance
    is_split_right: bool
    n_wanted: int  # more accounts, in all, to find the smallest difference worth finding

    @property
    def is_large_enough(self) -> bool:
        return self.n_wanted == 0


def read_out(champion: Arm, challenger: Arm, *, meant_share: float = 0.5, least: float = 0.02) -> ReadOut:
    """`meant_share`: share of accounts meant for the challenger. `least`: the smallest difference worth finding.
    Raises ValueError where an arm is empty."""
    if not champion.n or not challenger.n:
        raise ValueError("an arm without accounts cannot be read")
    p_split = split_p(champion.n, challenger.n, meant_share)
    needed = needed_in_all(champion.n_outcome / champion.n, least, meant_share)
    short = max(0, needed - champion.n - challenger.n)
    change = change_between(champion.proportion, challenger.proportion)
    return ReadOut(change, p_split, p_split >= MISMATCH_BELOW, short)


def split_p(n_champion: int, n_challenger: int, meant_share: float) -> float:
    """Sample-ratio check: chi-square with one degree of freedom."""
    n = n_champion + n_challenger
    expected = n * meant_share
    chi2 = (n_challenger - expected) ** 2 / expected + (n_champion - (n - expected)) ** 2 / (n - expected)
    return erfc(sqrt(chi2 / 2))


def needed_in_all(share: float, least: float, meant_share: float = 0.5) -> int:
    """Accounts in both arms to find a rise of `least` from `share` (normal approximation)."""
    share_raised = min(share + least, 1.0)
    a, b = 1 - meant_share, meant_share
    mean = a * share + b * share_raised
    spread = Z_95 * sqrt(mean * (1 - mean) * (1 / a + 1 / b)) + Z_POWER * sqrt(
        share * (1 - share) / a + share_raised * (1 - share_raised) / b
    )
    return ceil((spread / least) ** 2) if least > 0 else 0


def weeks_needed(n_in_all: int, entries_a_week: float, outcome_days: int) -> int | None:
    """Whole weeks until so many accounts have entered and the last of them has had its days; None where none enter."""
    if entries_a_week <= 0:
        return None
    return max(LEAST_WEEKS, ceil(n_in_all / entries_a_week) + ceil(outcome_days / 7))
