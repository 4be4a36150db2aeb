from __future__ import annotations

from math import sqrt

import pytest

from duewatch.metrics.intervals import Proportion, change_between


def wilson(n_hit: int, n: int) -> Proportion:
    share, z2 = n_hit / n, 1.959964**2
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)))
    middle = share + z2 / (2 * n)
    return Proportion(share, (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n), n)


def test_newcombes_published_example_comes_out() -> None:
    """56/70 against 48/80: 0.20, 95 % 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    change = change_between(wilson(48, 80), wilson(56, 70))
    assert (change.value, change.low, change.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert change.is_evident


def test_equal_shares_are_no_evidence_of_a_change() -> None:
    same = Proportion(0.5, 0.4, 0.6, 100)
    assert not change_between(same, same).is_evident
