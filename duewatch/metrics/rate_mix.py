"""Why a ratio moved: its segments' own rates, or another mix of segments (Kitagawa, JASA 50 (1955) 1168-1194).

With s a segment's share of the denominator and r its rate, the change of the whole is

    sum of mean(s) x change(r)   (rate: the segments got better or worse)
  + sum of change(s) x mean(r)   (mix: the whole holds more of one segment and less of another)

exactly, with nothing left over. All in fractions, so that the parts add up to the change to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Amount = Decimal | int
Parts = Mapping[str, tuple[Amount, Amount]]
"""Segment to (numerator, denominator)."""


@dataclass(frozen=True)
class Segment:
    """One segment at both ends, and what it did to the whole."""

    name: str
    share_from: Fraction  # of the denominator, 0-1
    share_to: Fraction
    rate_from: Fraction | None  # 0-1; None where the segment had no denominator
    rate_to: Fraction | None
    rate: Fraction  # effect on the whole of the segment's own rate
    mix: Fraction
    """Effect on the whole of the segment's share, counted from the average of the whole: a segment that grew adds to it
    where its rate is above the average."""
    part_to: Amount  # numerator
    whole_to: Amount  # denominator


@dataclass(frozen=True)
class Decomposition:
    """`total_to - total_from = rate + mix`, and each of these is the sum over the segments."""

    total_from: Fraction
    total_to: Fraction
    segments: tuple[Segment, ...]

    @property
    def change(self) -> Fraction:
        return self.total_to - self.total_from

    @property
    def rate(self) -> Fraction:
        return sum((segment.rate for segment in self.segments), Fraction(0))

    @property
    def mix(self) -> Fraction:
        return sum((segment.mix for segment in self.segments), Fraction(0))

    @property
    def one_way(self) -> int:
        """1 where no segment's rate fell and one rose, -1 the other way round, else 0."""
        moves = [s.rate_to - s.rate_from for s in self.segments if s.rate_to is not None and s.rate_from is not None]
        if any(moves) and all(move >= 0 for move in moves):
            return 1
        return -1 if any(moves) and all(move <= 0 for move in moves) else 0


def decompose(before: Parts, after: Parts) -> Decomposition | None:
    """The change of a ratio of sums; None where a denominator is not above 0, for then there is no ratio to change.
    A segment that had no denominator at one end has no rate there; all that it did is mix."""
    wholes = [Fraction(sum((whole for _, whole in parts.values()), Decimal(0))) for parts in (before, after)]
    if wholes[0] <= 0 or wholes[1] <= 0:
        return None
    totals = [
        Fraction(sum((part for part, _ in parts.values()), Decimal(0))) / whole
        for parts, whole in zip((before, after), wholes, strict=True)
    ]
    average = (totals[0] + totals[1]) / 2
    names = [*after, *(name for name in before if name not in after)]
    return Decomposition(
        totals[0],
        totals[1],
        tuple(_segment(name, before.get(name, (0, 0)), after.get(name, (0, 0)), wholes, average) for name in names),
    )


def _segment(
    name: str, before: tuple[Amount, Amount], after: tuple[Amount, Amount], wholes: list[Fraction], average: Fraction
) -> Segment:
    (part_from, whole_from), (part_to, whole_to) = before, after
    share_from, share_to = Fraction(whole_from) / wholes[0], Fraction(whole_to) / wholes[1]
    rate_from = Fraction(part_from) / Fraction(whole_from) if whole_from else None
    rate_to = Fraction(part_to) / Fraction(whole_to) if whole_to else None
    effect = Fraction(part_to) / wholes[1] - Fraction(part_from) / wholes[0]
    rate = Fraction(0)
    if rate_from is not None and rate_to is not None:
        rate = (share_from + share_to) / 2 * (rate_to - rate_from)
    mix = effect - rate - (share_to - share_from) * average
    return Segment(name, share_from, share_to, rate_from, rate_to, rate, mix, part_to, whole_to)
