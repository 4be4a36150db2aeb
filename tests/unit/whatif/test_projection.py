"""The run-off: worked by hand, against drawn histories, and its backtest on a chain that is known."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest

from duewatch.whatif.experiment import Arm, needed_in_all, read_out, split_p, weeks_needed
from duewatch.whatif.projection import Change, Moves, backtest, fan, path, pool_moves, with_change

# three buckets (M0, M1, M2), then paid off, written off, exit
CHANCES = np.array([[0.9, 0.1, 0, 0, 0, 0], [0.5, 0.1, 0.4, 0, 0, 0], [0.2, 0, 0.5, 0.1, 0.2, 0]])
CARRIED = np.array([[0.9, 1, 0, 0, 0, 0], [0.8, 1, 1, 0, 0, 0], [0.5, 0, 1, 0, 0, 0]])
START = np.array([1000.0, 100.0, 50.0])


def test_a_month_worked_by_hand() -> None:
    """M1 next: 1000 x .1 + 100 x .1 = 110; M2: 100 x .4 + 50 x .5 = 65; written off 50 x .2 = 10; M0 keeps
    900 x .9 + 50 x .8 + 10 x .5 = 855; what is left of 1150 is collected."""
    actual = path(START, CHANCES, CARRIED, 1)
    assert np.allclose(actual.balances[1], [855, 110, 65])
    assert isclose(actual.written_off[0], 10)
    assert isclose(actual.collected[0], 1150 - 10 - 855 - 110 - 65)


def test_what_leaves_without_a_trace_is_not_collected() -> None:
    """M2 of 50: a tenth paid off, a fifth gone without a snapshot, the rest as before: 50 x .2 = 10 exits; M0 keeps
    855, M1 110, M2 65; of 1150 the cash is what is left, 1150 - 10 - 1030 = 110, as with a write-off of 10."""
    chances = CHANCES.copy()
    chances[2] = [0.2, 0, 0.5, 0.1, 0, 0.2]
    actual = path(START, chances, CARRIED, 1)
    assert isclose(actual.exited[0], 10)
    assert isclose(actual.written_off[0], 0)
    assert isclose(actual.collected[0], 110)
    months = [Moves(chances * 1000, chances * 10_000, CARRIED) for _ in range(4)]
    _, bands = fan(START, months, 1, draws=2000)
    assert isclose(bands["exited"]["middle"][0], 10, abs_tol=1)
    assert isclose(bands["collected"]["middle"][0], 110, abs_tol=2)


def test_levers_keep_rows_at_one_and_move_what_they_say() -> None:
    actual = with_change(CHANCES, Change(cure=1.1, roll=0.5))
    assert np.allclose(actual.sum(axis=1), 1)
    assert isclose(actual[1, 0], 0.55)
    assert isclose(actual[1, 2], 0.2)
    assert isclose(actual[2, 4], 0.1)
    assert isclose(actual[2, 3], 0.11), "paid off is better too"
    assert isclose(actual[2, 2], 1 - 0.22 - 0.11 - 0.1), "and what is left stays where it is"
    assert np.array_equal(with_change(CHANCES, Change()), CHANCES)
    most = with_change(CHANCES, Change(cure=5.0))
    assert np.allclose(most.sum(axis=1), 1)
    assert (most >= 0).all()


def test_a_bucket_has_multipliers_of_its_own_and_the_others_stay_exactly() -> None:
    actual = with_change(CHANCES, Change(by_bucket=((1, 1.2, 0.5),)))
    assert np.array_equal(actual[[0, 2]], CHANCES[[0, 2]])
    assert isclose(actual[1, 0], 0.6)
    assert isclose(actual[1, 2], 0.2)
    assert isclose(actual[1].sum(), 1)
    both = with_change(CHANCES, Change(0.9, 1.0, ((1, 1.2, 0.5),)))
    assert np.array_equal(both[1], actual[1])
    assert isclose(both[2, 0], 0.18)


def months_of(n: int, seed: int, accounts: int = 4000) -> list[Moves]:
    draw = np.random.default_rng(seed)
    actual = []
    for _ in range(n):
        counts = np.array([draw.multinomial(accounts, row) for row in CHANCES], dtype=float)
        actual.append(Moves(counts, counts * 10.0, CARRIED))
    return actual


def test_pooled_months_come_near_the_chain_that_made_them() -> None:
    chances, carried = pool_moves(months_of(12, 1))
    assert np.abs(chances - CHANCES).max() < 0.01
    assert np.allclose(carried[CHANCES > 0], CARRIED[CHANCES > 0])


def test_the_same_seed_gives_the_same_fan_and_the_band_covers_the_known_chain() -> None:
    """Over 40 histories of the known chain, the 80 % band of the third month's overdue balance covers what the chain
    itself gives in most, and the 95 % band in nearly all."""
    truth = path(START, CHANCES, CARRIED, 3).balances[3, 1:].sum()
    inside_80 = inside_95 = 0
    for seed in range(40):
        _, bands = fan(START, months_of(8, seed, 400), 3, seed=seed, draws=150)
        inside_80 += bool(bands["overdue"]["low_80"][2] <= truth <= bands["overdue"]["high_80"][2])
        inside_95 += bool(bands["overdue"]["low_95"][2] <= truth <= bands["overdue"]["high_95"][2])
    assert inside_80 >= 26
    assert inside_95 >= 34
    one, other = (fan(START, months_of(8, 1), 3, seed=5, draws=20)[1] for _ in range(2))
    assert np.array_equal(one["collected"]["low_95"], other["collected"]["low_95"])


def test_the_backtest_knows_only_the_months_before_its_origin() -> None:
    months = months_of(8, 3)
    starts = [START for _ in range(9)]
    came = {(t, h): float(path(START, CHANCES, CARRIED, h).balances[h, 1:].sum()) for t in range(9) for h in (1, 2, 3)}
    scores = {score.way: score for score in backtest(months, starts, came, draws=60)}
    assert set(scores) == {"chain", "last_month", "no_change"}
    assert scores["chain"].wape < 0.02 < scores["no_change"].wape
    assert scores["chain"].n == 18
    spoiled = [*months[:3], *[Moves(m.counts, m.weights * 0 + 1, m.carried * 0) for m in months[3:]]]
    first = backtest(spoiled, starts[:4], came, draws=20)
    assert first[0].wape == backtest(months, starts[:4], came, draws=20)[0].wape


def test_a_test_needs_as_many_accounts_as_the_worked_example_says() -> None:
    """30 % to 32 %: 16,787 in all; with a split of 10 to 90, 46,353 (docs/definitions.md, comparing people)."""
    assert needed_in_all(0.30, 0.02) == 16_787
    assert needed_in_all(0.30, 0.02, 0.1) == 46_353


def test_a_broken_split_voids_a_read_out() -> None:
    good = read_out(Arm("champion", 5000, 1500), Arm("challenger", 5050, 1700))
    assert good.is_split_right
    assert good.change.is_evident
    assert good.n_wanted == needed_in_all(0.3, 0.02) - 10_050
    assert not read_out(Arm("champion", 5000, 1500), Arm("challenger", 5500, 1700)).is_split_right
    assert split_p(100, 100, 0.5) == 1.0
    with pytest.raises(ValueError, match="an arm without accounts"):
        read_out(Arm("champion", 0, 0), Arm("challenger", 10, 1))


def test_a_test_runs_at_least_four_whole_weeks() -> None:
    assert weeks_needed(100, 1000, 7) == 4
    assert weeks_needed(16_787, 1000, 30) == 17 + 5
    assert weeks_needed(100, 0, 30) is None
