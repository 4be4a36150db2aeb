"""Intervals that are made from two answers: the change of a proportion between two steps."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt

Z_95 = 1.959964


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


def wilson(k: int, n: int) -> tuple[float, float]:
    """95 % limits of k of n, n from 1 (Wilson, JASA 22 (1927) 209-212)."""
    share, z2 = k / n, Z_95 * Z_95
    centre, half = share + z2 / (2 * n), Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z2 / n)), min(1.0, (centre + half) / (1 + z2 / n))


def proportion_of(k: int, n: int) -> Proportion | None:
    """k of n with Wilson's limits; None where n is 0."""
    return Proportion(k / n, *wilson(k, n), n) if n else None
