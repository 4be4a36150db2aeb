"""Ways to loss, shrinkage and the test of order, held against simulation, closed forms and published tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.metrics.migration import chances, loss_chance_limits, loss_chances, order_test, rates_to_loss, shrinkage

RATES = st.lists(st.none() | st.floats(0, 2), min_size=1, max_size=9)
ROW = st.lists(st.integers(0, 40), min_size=6, max_size=6)


@given(rates=RATES)
def test_the_roll_to_loss_is_the_product_of_all_flows_still_ahead(rates: list[float | None]) -> None:
    actual = rates_to_loss(rates)
    for at in range(len(rates)):
        ahead = rates[at:]
        if None in ahead:
            assert actual[at] is None
        else:
            assert actual[at] == pytest.approx(np.prod(ahead))  # type: ignore[arg-type]


def test_a_chain_that_can_only_roll_or_pay_ends_as_the_product_of_its_rolls() -> None:
    """Three buckets, each rolls on with its own chance or pays off; the last is written off with 0.8."""
    moves = np.zeros((3, 6))
    for at, roll in enumerate((0.1, 0.5)):
        moves[at, at + 1], moves[at, 3] = roll, 1 - roll
    moves[2, 4], moves[2, 3] = 0.8, 0.2
    assert loss_chances(moves) == pytest.approx([0.1 * 0.5 * 0.8, 0.5 * 0.8, 0.8])


@settings(deadline=None)
@given(rows=st.lists(ROW, min_size=3, max_size=3))
def test_the_chance_of_loss_is_what_running_the_chain_on_gives(rows: list[list[int]]) -> None:
    weights = np.array(rows, dtype=float)
    moves, n = chances(weights), 3
    told = loss_chances(moves)
    whole = np.eye(2 * n)
    whole[:n] = moves
    for _ in range(40):
        whole = whole @ whole
    lost = whole[:n, n + 1]
    stuck = {at for at in range(n) if not rows[at] or sum(rows[at]) == 0}
    for at, chance in enumerate(told):
        if chance is None:
            assert _can_come_to(moves, at, stuck)
        else:
            assert not _can_come_to(moves, at, stuck)
            assert chance == pytest.approx(lost[at], abs=1e-6)


def _can_come_to(moves: np.ndarray, start: int, targets: set[int]) -> bool:  # type: ignore[type-arg]
    seen, open_ones = {start}, [start]
    while open_ones:
        at = open_ones.pop()
        for other in range(moves.shape[0]):
            if moves[at, other] > 0 and other not in seen:
                seen.add(other)
                open_ones.append(other)
    return bool(seen & targets)


def test_the_band_of_the_chance_of_loss_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = np.array([[0.90, 0.06, 0.04, 0.0, 0.0], [0.50, 0.2, 0.1, 0.2, 0.0]])
    expected = loss_chances(truth)
    draw = np.random.default_rng(3)
    inside = 0
    for seed in range(60):
        counts = np.array([draw.multinomial(400, row) for row in truth], dtype=float)
        band = loss_chance_limits(counts, counts, seed=seed, draws=120)[1]
        assert band is not None
        inside += band[0] <= expected[1] <= band[1]  # type: ignore[operator]
    assert 50 <= inside <= 60


def walked(draw: np.random.Generator, *, memory: float, n: int = 600) -> dict[tuple[int, int], dict[str, int]]:
    """Three steps of n walkers over three states; with `memory` who came up is more likely to go on up."""
    first = np.array([[0.7, 0.2, 0.1], [0.4, 0.3, 0.3], [0.2, 0.2, 0.6]])
    paths: dict[tuple[int, int], dict[str, int]] = {}
    for start, here in enumerate(draw.multinomial(n, [1 / 3] * 3)):
        for middle, there in enumerate(draw.multinomial(here, first[start])):
            row = first[middle].copy()
            if start < middle:
                row[0] -= memory
                row[2] += memory
            ends = draw.multinomial(there, row).tolist()
            paths[start, middle] = {f"M{end}": count for end, count in enumerate(ends)}
    return paths


def test_a_chain_without_memory_is_rejected_in_about_one_of_twenty() -> None:
    tests = [order_test(walked(np.random.default_rng(seed), memory=0.0)) for seed in range(200)]
    assert all(test is not None for test in tests)
    rejected = sum(test.p < 0.05 for test in tests if test)
    assert 2 <= rejected <= 22, "binomial(200, 0.05): 2 to 22 holds 99.8 %"


def test_a_chain_with_memory_is_rejected() -> None:
    tests = [order_test(walked(np.random.default_rng(seed), memory=0.2, n=2_000)) for seed in range(10)]
    assert all(test is not None and test.p < 0.01 for test in tests)


def test_the_order_test_is_a_likelihood_ratio_counted_by_hand() -> None:
    actual = order_test({(0, 1): {"M0": 30, "M2": 10}, (1, 1): {"M0": 20, "M2": 40}, (2, 1): {"M0": 3}})
    pooled = np.array([50, 50])
    by_hand = 2 * sum(
        k * np.log(k / (sum(row) * p / 100)) for row in ([30, 10], [20, 40]) for k, p in zip(row, pooled, strict=True)
    )
    assert actual is not None
    assert (actual.statistic, actual.df, actual.n) == (pytest.approx(by_hand), 1, 100)


def test_nothing_to_compare_is_no_test() -> None:
    assert order_test({(0, 1): {"M0": 300}, (1, 0): {"M1": 500}}) is None
    assert order_test({}) is None


def test_segments_that_differ_by_chance_alone_are_drawn_to_the_whole() -> None:
    draw = np.random.default_rng(1)
    rows = {f"s{k}": draw.multinomial(40, [0.5, 0.3, 0.2]).astype(float) for k in range(12)}
    _, actual = shrinkage(rows)
    assert np.mean([row.weight for row in actual.values()]) < 0.35


def test_segments_that_truly_differ_keep_their_own_rows_and_the_larger_keeps_more() -> None:
    draw = np.random.default_rng(2)
    truth = draw.dirichlet([5, 3, 2], 12)
    rows = {f"s{k}": draw.multinomial(n, truth[k]).astype(float) for k, n in enumerate([2_000, 20] * 6)}
    strength, actual = shrinkage(rows)
    assert strength is not None
    assert 4 < strength < 30, "planted: 10"
    large, small = actual["s0"], actual["s1"]
    assert large.weight > 0.98 > small.weight
    assert small.weight == pytest.approx(20 / (20 + strength))


def test_a_shrunk_row_lies_between_the_segment_and_the_whole_and_adds_up_to_one() -> None:
    rows = {"a": np.array([8.0, 2.0, 0.0]), "b": np.array([30.0, 50.0, 20.0]), "none": np.zeros(3)}
    _, actual = shrinkage(rows)
    whole = np.array([38.0, 52.0, 20.0]) / 110
    assert set(actual) == {"a", "b"}
    for name, row in actual.items():
        own = rows[name] / rows[name].sum()
        assert row.shrunk.sum() == pytest.approx(1)
        assert np.all((row.shrunk - own) * (row.shrunk - whole) <= 1e-12)


def test_shrunk_rows_lie_nearer_to_the_truth_than_counted_ones() -> None:
    """What shrinkage is for, over twenty books of small segments."""
    own_error = shrunk_error = 0.0
    for seed in range(20):
        draw = np.random.default_rng(seed)
        truth = draw.dirichlet(np.array([0.6, 0.25, 0.15]) * 40, 15)
        rows = {f"s{k}": draw.multinomial(25, truth[k]).astype(float) for k in range(15)}
        for k, row in enumerate(shrinkage(rows)[1].values()):
            own_error += float(((row.own - truth[k]) ** 2).sum())
            shrunk_error += float(((row.shrunk - truth[k]) ** 2).sum())
    assert shrunk_error < 0.7 * own_error
