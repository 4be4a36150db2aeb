"""Intervals that are made from two answers: the change of a proportion between two steps."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot


@dataclass(frozen=True)
class Proportion:
    """A share with its Wilson 95 % limits, all 0-1; n is the denominator."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Change:
    """A difference of shares with its 95 % limits, later minus earlier."""

    value: float
    low: float
    high: float

    @property
    def is_evident(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def change_between(earlier: Proportion, later: Proportion) -> Change:
    """Newcombe's hybrid score interval of two independent proportions (Statistics in Medicine 17 (1998) 873-890,
    method 10)."""
    value = later.share - earlier.share
    low = value - hypot(later.share - later.low, earlier.high - earlier.share)
    high = value + hypot(later.high - later.share, earlier.share - earlier.low)
    return Change(value, low, high)
