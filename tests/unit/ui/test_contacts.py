"""The largest of several shares is told apart from the smallest only beyond what so many show by chance."""

from __future__ import annotations

import random

from duewatch.charts.shares import Share
from duewatch.contract.i18n import words_in
from duewatch.metrics.intervals import wilson
from duewatch.ui.contacts.summary import extremes_finding
from duewatch.ui.parts.numbers import Numbers

WORDS = words_in("en")
NUMBERS = Numbers("en", "CNY")
BUCKETS = [f"M{n}" for n in range(8)]


def tells_apart(shares: list[int], n: int) -> bool:
    points = [Share(name, k / n, *wilson(k, n), n, name) for name, k in zip(BUCKETS, shares, strict=False)]
    return "not distinguishable" not in extremes_finding(WORDS, NUMBERS, points, "reach")


def test_eight_like_buckets_are_told_apart_in_at_most_about_five_of_a_hundred_books() -> None:
    rng, n = random.Random(3), 400
    named = 0
    for _ in range(300):
        named += tells_apart([sum(rng.random() < 0.3 for _ in range(n)) for _ in BUCKETS], n)
    assert named <= 300 * 0.05 + 8  # two standard errors


def test_two_buckets_are_compared_as_before_and_a_large_gap_is_told() -> None:
    assert tells_apart([100, 128], 400)
    assert not tells_apart([100, 128, 110, 115, 112, 120, 105, 118], 400)
    assert tells_apart([100, 180, 110, 115, 112, 120, 105, 118], 400)
