"""Hours, holds and breaches in the days run again, each beside a plain count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from duewatch.whatif.call_policy import Policy, hours
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.hazard import Hazard, fit_hazard, sample_of
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.simulation import Run, run_days
from duewatch.whatif.simulation_inputs import SimulationInputs, learn
from tests.support.worlds import FIRST, world


@pytest.fixture(scope="module")
def inputs_and_model() -> tuple[SimulationInputs, Hazard]:
    spells, happened, _ = world(5, accounts=800)
    at = happened["account_key"].to_numpy() % 12 + 8
    panel = build(spells, happened.with_columns(first_hour=pl.Series(at)), FIRST, FIRST + timedelta(days=29))
    first, last = int(panel.day.min()), int(panel.day.max())
    held = np.zeros((len(panel.accounts), last - first + 1), dtype=np.bool_)
    listed = propensity(panel, ridge=1.0, seed=1)
    inputs = learn(panel, listed, first, last, held, panel.until(last))
    return inputs, fit_hazard(sample_of(panel, 1, most=200_000), ridge=1.0)


def test_hours_that_are_closed_lose_the_calls_that_history_made_in_them(
    inputs_and_model: tuple[SimulationInputs, Hazard],
) -> None:
    inputs, hazard = inputs_and_model
    panel = inputs.panel
    called = panel.dials > 0
    inside = called & (panel.hour >= 9) & (panel.hour < 15)
    share, _ = hours(inputs, Policy(hours=(9, 15)))
    assert share == pytest.approx(inside.sum() / called.sum())
    whole, cut = (run_days(inputs, hazard, Policy(hours=h), Run(1, 0)).total("calls") for h in ((0, 24), (9, 15)))
    assert cut == pytest.approx(whole * share, rel=0.03)
    assert hours(inputs, Policy())[0] == 1
    assert run_days(inputs, hazard, Policy(hours=(0, 1)), Run(1, 0)).total("calls") == 0


def test_calls_of_closed_hours_may_be_moved_into_the_others_and_only_into_hours_that_history_knows(
    inputs_and_model: tuple[SimulationInputs, Hazard],
) -> None:
    inputs, hazard = inputs_and_model
    whole = run_days(inputs, hazard, Policy(), Run(1, 0))
    moved = run_days(inputs, hazard, Policy(hours=(9, 15), closed_hours="moved"), Run(1, 0))
    assert moved.calls[0].sum() == whole.calls[0].sum() > 0, "the first day's list is the same"
    assert moved.total("calls") == pytest.approx(whole.total("calls"), rel=0.03)
    answered = [hours(inputs, Policy(hours=(9, 15), closed_hours=each))[1] for each in ("lost", "moved")]
    assert (answered[0] == answered[1]).all()
    assert run_days(inputs, hazard, Policy(hours=(0, 1), closed_hours="moved"), Run(1, 0)).total("calls") == 0


def test_who_answers_is_told_by_the_hours_that_are_left(inputs_and_model: tuple[SimulationInputs, Hazard]) -> None:
    inputs, _ = inputs_and_model
    deaf = np.zeros_like(inputs.answered)
    deaf[:, 18] = inputs.dialled[:, 18]
    only = replace(inputs, answered=deaf)
    assert hours(only, Policy(hours=(18, 19)))[1].max() == pytest.approx(1)
    assert hours(only, Policy(hours=(9, 18)))[1].max() == 0


def test_breaches_are_the_dials_past_the_limit_in_its_window(inputs_and_model: tuple[SimulationInputs, Hazard]) -> None:
    """A cap of the same kind enforced leaves none; without a limit none are told; a tighter one counts more."""
    inputs, hazard = inputs_and_model
    free = [run_days(inputs, hazard, Policy(), Run(1, 0, limit)).total("breaches") for limit in (None, (2, 7), (1, 7))]
    assert free[0] == 0
    assert 0 < free[1] < free[2]
    capped = run_days(inputs, hazard, Policy(cap=(2, 7)), Run(1, 0, (2, 7)))
    assert capped.total("breaches") == 0
    every = run_days(inputs, hazard, Policy(), Run(1, 0, (0, 1)))
    assert every.total("breaches") == every.total("calls")


def test_a_dispute_holds_for_the_days_of_the_lever_and_no_longer_than_it_is_open(
    inputs_and_model: tuple[SimulationInputs, Hazard],
) -> None:
    inputs, hazard = inputs_and_model
    every = pl.DataFrame(
        {
            "account_key": inputs.panel.accounts,
            "opened_on": FIRST - timedelta(days=1),
            "resolved_on": FIRST + timedelta(days=19),
        }
    )
    disputed = replace(inputs, disputes=every)
    for days, free_from in ((10, 10), (90, 20)):
        calls = run_days(disputed, hazard, Policy(hold_dispute_days=days), Run(1, 0)).path("calls")
        begins = (FIRST - date(1970, 1, 1)).days - inputs.first
        assert calls[: begins + free_from].sum() == 0
        assert calls[begins + free_from] > 0


def test_a_promise_that_is_open_holds_for_the_days_of_the_lever(
    inputs_and_model: tuple[SimulationInputs, Hazard],
) -> None:
    """Where every talk ends in a promise for ten days on, a hold of ten days leaves fewer to call than one of two."""
    inputs, hazard = inputs_and_model
    asked = replace(inputs, promises=np.ones_like(inputs.promises), due_in=np.array([10]), calls=inputs.calls * 3)
    free, two, ten = (
        run_days(asked, hazard, Policy(hold_promise_days=days), Run(1, 0)).total("calls") for days in (0, 2, 10)
    )
    assert free >= two > ten
