"""The effect of a talk in invented worlds where it is known, and the fit beside a plain likelihood."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from duewatch.whatif import model_checks as trust
from duewatch.whatif.call_propensity import summed
from duewatch.whatif.hazard import Hazard, dummies, fit_hazard, limits, logit, redrawn, sample_of
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.person_days import PersonDays
from tests.support.worlds import FIRST, world

TRUTH = 0.8


def panel_of(seed: int, **how: object) -> PersonDays:
    spells, happened, _ = world(seed, **how)  # type: ignore[arg-type]
    return build(spells, happened, FIRST, FIRST + timedelta(days=29))


def estimate(seed: int, **how: object) -> tuple[Hazard, tuple[float, float]]:
    sample = sample_of(panel_of(seed, **how), seed, most=200_000)
    fitted = fit_hazard(sample, ridge=1.0)
    draws = [each.log_odds for each in redrawn(sample, fitted, ridge=1.0, draws=50, seed=seed)]
    return fitted, limits(fitted.log_odds, np.array(draws))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_list_aimed_by_what_the_log_holds_leaves_the_true_effect_within_the_limits(seed: int) -> None:
    fitted, (low, high) = estimate(seed)
    assert low <= TRUTH <= high
    assert low > 0.2
    assert fitted.log_odds == pytest.approx(TRUTH, abs=0.35)


def test_where_talks_do_nothing_the_limits_hold_nothing() -> None:
    """In most worlds: the limits are made to miss once in twenty."""
    held = [low <= 0 <= high for low, high in (estimate(seed, effect=0.0, accounts=1500)[1] for seed in range(40, 46))]
    assert sum(held) >= 4


def test_a_judgement_that_no_file_holds_is_found() -> None:
    """Collectors dial and reach whom they think unwilling or willing; the log has no word of it."""
    sample = sample_of(panel_of(7, hidden=0.8, share=0.2), 7, most=200_000)
    fitted = fit_hazard(sample, ridge=1.0)
    actual = trust.aimed(fitted, redrawn(sample, fitted, ridge=1.0, draws=50, seed=7))
    assert actual.verdict == "failed"
    assert actual.high is not None
    assert actual.high < 0


def test_more_dials_go_with_less_recovery_in_a_world_where_every_talk_helps() -> None:
    """The picture by number of dials is length-biased: it turns the sign."""
    panel = panel_of(1)
    dials = np.bincount(panel.spell, panel.dials)
    cured = np.bincount(panel.spell, panel.is_last)
    assert cured[dials >= 9].mean() < cured[dials == 0].mean()
    assert estimate(1)[0].log_odds > 0


@pytest.mark.slow
def test_the_limits_hold_the_true_effect_in_about_95_of_100_worlds() -> None:
    """24 worlds at 95 %: at least 20 in all but one of a hundred runs (binomial)."""
    held = [low <= TRUTH <= high for low, high in (estimate(seed)[1] for seed in range(10, 34))]
    assert sum(held) >= 20


@pytest.mark.slow
def test_of_24_worlds_without_an_effect_about_one_is_said_to_have_one() -> None:
    held = [low <= 0 <= high for low, high in (estimate(seed, effect=0.0)[1] for seed in range(50, 74))]
    assert sum(held) >= 20


def test_no_other_coefficients_nearby_make_the_data_likelier() -> None:
    rng = np.random.default_rng(5)
    x = np.concatenate([np.ones((400, 1)), rng.standard_normal((400, 3))], axis=1)
    y = rng.random(400) < 0.3
    actual = logit(x, np.ones(400), y.astype(float), ridge=1.0)

    def likelihood(beta: np.ndarray) -> float:
        total = -sum(float(b) ** 2 for b in beta[1:]) / 2
        for line, hit in zip(x, y, strict=True):
            odds = sum(float(a) * float(b) for a, b in zip(line, beta, strict=True))
            total += -math.log1p(math.exp(-odds)) if hit else -math.log1p(math.exp(odds))
        return total

    best = likelihood(actual)
    for column in range(4):
        for step in (-0.01, 0.01):
            assert likelihood(actual + step * (np.arange(4) == column)) < best


def test_what_was_known_before_a_day_is_what_a_plain_loop_counts() -> None:
    spells, happened, _ = world(4, accounts=60)
    panel = build(spells, happened, FIRST, FIRST + timedelta(days=29))
    told = {(r["account_key"], r["happened_on"]): r for r in happened.iter_rows(named=True)}
    for row in range(panel.size):
        day, account = date(1970, 1, 1) + timedelta(days=int(panel.day[row])), int(panel.accounts[panel.spell[row]])
        before = [told.get((account, day - timedelta(days=back))) for back in range(1, 8)]
        talks = [int(each is not None and each["n_reached"] > 0) for each in before]
        tries = [int(each is not None and each["n_dials"] > 0) for each in before]
        seven = sum(talks)
        assert panel.seen[:5, row].tolist() == [talks[0], int(sum(talks[:3]) > 0), seven >= 1, seven >= 2, seven >= 3]
        assert panel.marks[:, row].tolist() == [int(sum(tries[:3]) > 0), *(sum(tries) >= k for k in (1, 2, 3)), 0, 0]
        today = told.get((account, day))
        assert panel.paid[row] == int(today is not None and today["amount"] > 0)


def test_the_same_seed_gives_the_same_answer() -> None:
    assert estimate(1)[1] == estimate(1)[1]


def test_looking_coefficients_up_is_multiplying_them_out() -> None:
    panel = panel_of(4, accounts=60)
    beta = np.random.default_rng(1).standard_normal(1 + sum(panel.levels) - len(panel.levels))
    assert summed(panel.codes, panel.levels, beta) == pytest.approx(dummies(panel.codes, panel.levels) @ beta)


def test_rows_without_a_payment_are_drawn_apart_by_whether_a_talk_came_before_and_weighed_up() -> None:
    panel = panel_of(1)
    sample = sample_of(panel, 1, most=2_000)
    paid, talked = panel.paid[sample.at] > 0, (panel.seen[:, sample.at] > 0).any(axis=0)
    assert paid.sum() == (panel.paid > 0).sum()
    assert (sample.weight[paid] == 1).all()
    for is_so in (False, True):
        kept = sample.weight[~paid & (talked == is_so)]
        there = int(((panel.paid == 0) & ((panel.seen > 0).any(axis=0) == is_so)).sum())
        assert there > 4_000
        assert 1_800 < len(kept) < 2_200
        assert len(set(kept.tolist())) == 1
        assert kept.sum() == pytest.approx(there, rel=0.1)
