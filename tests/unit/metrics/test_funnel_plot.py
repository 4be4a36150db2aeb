"""Limits, over-dispersion and shrinkage: held against exact sums, simulation and hand-made cases."""

from __future__ import annotations

import random
from math import inf, isclose, sqrt

from duewatch.charts.funnel_plot import funnel_plot
from duewatch.charts.theme import Labels
from duewatch.metrics.funnel_plot import OF_A_NORMAL, Counts, FunnelPoint, compare, over_dispersion, precision_of


def test_the_over_dispersion_of_chance_alone_is_one_and_of_twice_the_scatter_four() -> None:
    rng = random.Random(3)
    zs = [rng.gauss(0, 1) for _ in range(20_000)]
    assert isclose(over_dispersion(zs), 1, abs_tol=0.03)
    assert isclose(over_dispersion([2 * z for z in zs]), 4, rel_tol=0.03)
    squares = [min(max(z, -1.281552), 1.281552) ** 2 for z in zs]
    assert isclose(sum(squares) / len(squares), OF_A_NORMAL, rel_tol=0.02)


def test_a_few_who_truly_differ_hardly_widen_the_limits_of_all() -> None:
    rng = random.Random(4)
    zs = [rng.gauss(0, 1) for _ in range(2_000)]
    zs[:60] = [9.0] * 60
    assert over_dispersion(zs) < 1.2 < sum(z * z for z in zs) / len(zs)


def random_groups(rng: random.Random, n_groups: int, spread: float, n: int = 400, mean: float = 0.2) -> list[Counts]:
    """Groups whose true rates scatter around `mean` with standard deviation `spread`."""
    groups = []
    for number in range(n_groups):
        rate = min(max(rng.gauss(mean, spread), 0.01), 0.99)
        observed = sum(rng.random() < rate for _ in range(n))
        groups.append(Counts(f"K{number:03}", n, observed, mean * n, mean * (1 - mean) * n))
    return groups


def test_where_nobody_differs_about_one_in_twenty_lies_outside_the_95_percent_limits() -> None:
    points = compare(random_groups(random.Random(11), 600, 0.0)).points
    share = sum(each.verdict != "same" for each in points) / len(points)
    assert 0.025 < share < 0.075
    assert sum(each.verdict.endswith("far") for each in points) / len(points) < 0.008


def test_true_differences_give_a_precision_near_the_true_one_and_none_gives_no_end_of_it() -> None:
    spread, mean = 0.04, 0.2
    actual = precision_of(tuple(random_groups(random.Random(5), 300, spread)))
    true = mean * (1 - mean) / spread**2 - 1
    assert true * 0.7 < actual < true * 1.4
    assert precision_of(tuple(random_groups(random.Random(6), 300, 0.0))) > 20 * true


def test_shrunk_ratios_lie_nearer_to_the_truth_than_the_plain_ones() -> None:
    rng = random.Random(8)
    truth = [min(max(rng.gauss(0.2, 0.03), 0.05), 0.5) for _ in range(200)]
    groups = [
        Counts(f"K{k:03}", 150, sum(rng.random() < rate for _ in range(150)), 30.0, 24.0)
        for k, rate in enumerate(truth)
    ]
    points = compare(groups).points
    pairs = list(zip(points, truth, strict=True))
    plain = sum((each.ratio * 0.2 - rate) ** 2 for each, rate in pairs)
    shrunk = sum((each.shrunk * 0.2 - rate) ** 2 for each, rate in pairs)
    held = sum(each.shrunk_low * 0.2 <= rate <= each.shrunk_high * 0.2 for each, rate in pairs)
    assert shrunk < plain * 0.7
    assert 0.9 < held / len(truth) < 0.99


def test_groups_that_chance_explains_are_all_shrunk_to_what_was_expected() -> None:
    groups = [Counts(f"K{k}", 100, 20, 20.0, 16.0) for k in range(12)]
    actual = compare(groups)
    assert actual.precision == inf
    assert {each.shrunk for each in actual.points} == {1.0}


def test_a_group_with_too_few_accounts_is_hidden_and_counted() -> None:
    groups = [Counts("few", 29, 9, 8.0, 5.0), Counts("rare", 100, 9, 4.9, 4.0), Counts("sure", 100, 98, 96.0, 3.0)]
    actual = compare([*groups, Counts("enough", 30, 9, 8.0, 5.0)])
    assert actual.hidden == ("few", "rare", "sure")
    assert [each.counts.name for each in actual.points] == ["enough"]


def test_the_limits_are_those_of_the_difference_and_sort_the_verdicts() -> None:
    half = sqrt(16.0) / 20
    names = {"in": 20 + 7, "look": 20 + 8, "far": 20 + 13, "low": 20 - 13}
    actual = compare([Counts(name, 100, k, 20.0, 16.0) for name, k in names.items()])
    points = {each.counts.name: each for each in actual.points}
    assert isclose(points["in"].high_95, 1 + 1.959964 * half)
    assert isclose(points["in"].low_998, 1 - 3.090232 * half)
    assert {name: each.verdict for name, each in points.items()} == {
        "in": "same",
        "look": "more_look",
        "far": "more_far",
        "low": "less_far",
    }


def test_names_of_neighbours_that_stand_apart_are_written_under_and_over_their_points_in_turn() -> None:
    ratios = {"A": 0.7, "B": 1.0, "C": 0.71, "D": 1.4}
    points = [
        FunnelPoint(
            Counts(name, 900, round(ratio * (100 + k)), 100.0 + k, 80.0), ratio, 0.8, 1.2, 0.7, 1.3, ratio, 0.6, 1.5
        )
        for k, (name, ratio) in enumerate(ratios.items())
    ]
    figure = funnel_plot(
        points, Labels("F", False, x="x", y="y"), ratio=str, count=str, names=("95", "99.8", "as expected")
    )
    named = {note.text: note.yanchor for note in figure.layout.annotations if note.text != "as expected"}
    assert named == {"A": "top", "C": "bottom", "D": "top"}, "B is within its limits and bears no name"
