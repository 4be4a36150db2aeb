"""Who stands out: exact chances by hand, Holm's steps, and an even floor that names nobody."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import comb, exp, isclose

import polars as pl
import pytest

from duewatch.metrics.multiple_comparison import BreachCounts, against_all, chance_of_so_few, chance_of_so_many, holm
from duewatch.ui.contact_limits.summary import against_rest

FLOOR = [200, 900, 2_000, 4_000, 8_000]


def tail(own: int, whole: int, share: float) -> float:
    return sum(comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(own, whole + 1))


def test_bunches_of_one_size_count_as_one_breach_each() -> None:
    """Six breaches of two debtors, three each: two of five bunches."""
    groups = [BreachCounts(250, 6, 18), BreachCounts(750, 9, 27)]
    assert isclose(chance_of_so_many(groups[0], groups), tail(2, 5, 0.25))
    assert isclose(chance_of_so_few(groups[0], groups), 1 - tail(3, 5, 0.25))


def test_a_group_with_none_or_with_all_has_a_chance_of_one_on_that_side() -> None:
    groups = [BreachCounts(250, 0, 0), BreachCounts(750, 4, 4)]
    assert chance_of_so_many(groups[0], groups) == 1
    assert isclose(chance_of_so_few(groups[0], groups), 0.75**4)
    assert chance_of_so_few(groups[1], groups) == 1


def test_holm_stops_at_the_first_chance_that_is_large_enough() -> None:
    """Published steps: 0.01, 0.02, 0.03, 0.04 at 5 % against 0.0125, 0.0167, 0.025, 0.05: only the first falls."""
    assert holm([0.03, 0.01, 0.04, 0.02], 0.05) == [False, True, False, False]
    assert holm([0.011, 0.012, 0.06, 0.012], 0.05) == [True, True, False, True]
    assert holm([], 0.05) == []


def test_two_teams_with_one_breach_each_are_named_by_nobody() -> None:
    rows = [("a", 2_194, 1, 1), ("b", 1_951, 1, 1), (None, 22_873, 0, 0), ("c", 3_881, 0, 0), ("d", 2_138, 0, 0)]
    groups = pl.DataFrame(rows, schema=["group_name", "n_contacts", "n_breaching", "breach_squares"], orient="row")
    same = "not_distinguishable"
    assert against_rest(groups, "team") == [same, same, "not_compared", same, same]
    assert against_rest(groups, "agency") == [same] * 5


def test_a_careless_and_a_careful_team_are_named_each_on_its_side() -> None:
    groups = [
        BreachCounts(2_000, 60, 60),
        BreachCounts(2_000, 20, 20),
        BreachCounts(2_000, 2, 2),
        BreachCounts(2_000, 25, 25),
    ]
    assert against_all(groups) == ["above", "same", "below", "same"]


def an_even_floor(rng: random.Random, rate: float, bunch: Callable[[random.Random], int]) -> list[BreachCounts]:
    """Each team has bunches by its contacts alone (Poisson), each bunch as many breaches as drawn."""
    floor = []
    for contacts in FLOOR:
        bunches, left = 0, rng.random()
        while left > exp(-contacts * rate):
            bunches, left = bunches + 1, left * rng.random()
        sizes = [bunch(rng) for _ in range(bunches)]
        floor.append(BreachCounts(contacts, sum(sizes), sum(size * size for size in sizes)))
    return floor


@pytest.mark.parametrize("rate", [0.0005, 0.005])
@pytest.mark.parametrize(
    "bunch", [lambda _: 1, lambda rng: 1 + int(rng.expovariate(0.4)), lambda rng: 1 if rng.random() < 0.8 else 8]
)
def test_an_even_floor_names_anybody_in_at_most_about_five_of_a_hundred_books(
    rate: float, bunch: Callable[[random.Random], int]
) -> None:
    rng = random.Random(7)
    named = sum(any(way != "same" for way in against_all(an_even_floor(rng, rate, bunch))) for _ in range(400))
    assert named <= 400 * 0.05 + 9  # two standard errors of 5 of 100


def test_a_team_with_twice_the_rate_is_named_in_most_books() -> None:
    rng, actual = random.Random(8), 0
    for _ in range(100):
        floor = an_even_floor(rng, 0.01, lambda _: 1)
        more = an_even_floor(rng, 0.01, lambda _: 1)[3]
        floor[3] = BreachCounts(
            4_000, floor[3].n_breaching + more.n_breaching, floor[3].breach_squares + more.breach_squares
        )
        actual += against_all(floor)[3] == "above"
    assert actual >= 80
