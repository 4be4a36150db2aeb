"""The placebo can fail and can pass: payments drawn anew on the days of an invented world, knowing tomorrow or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from duewatch.whatif import model_checks as trust
from duewatch.whatif.contact_features import next_time
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.person_days import PersonDays
from tests.support.worlds import FIRST, world


def panel_of(seed: int) -> PersonDays:
    spells, happened, _ = world(seed, accounts=1500)
    return build(spells, happened, FIRST, FIRST + timedelta(days=29))


def with_drawn_payments(panel: PersonDays, seed: int, more: float) -> PersonDays:
    """Payments on 5 days of 100, and on `more` of those before a day of calls that is answered."""
    ahead = next_time(panel.spell, panel.dials > 0, trust.PLACEBO_DAYS)
    at = np.minimum(np.arange(panel.size) + ahead, panel.size - 1)
    answered = (ahead > 0) & (panel.reached[at] > 0)
    luck = np.random.default_rng(seed).random(panel.size)
    return replace(panel, paid=(luck < 0.05 + more * answered).astype(panel.paid.dtype))


def verdicts(more: float) -> list[str]:
    return [
        trust.placebo(with_drawn_payments(panel_of(3), seed, more), ridge=1.0, seed=seed).verdict for seed in range(12)
    ]


def test_payments_that_know_nothing_of_tomorrow_pass_in_about_95_of_100() -> None:
    """10 of 12 or more in 98 of 100 runs of a right check; the seeds are fixed."""
    assert verdicts(0.0).count("passed") >= 10


def test_payments_that_go_with_tomorrows_answer_fail() -> None:
    assert verdicts(0.05) == ["failed"] * 12


def test_days_without_payments_enough_cannot_be_assessed() -> None:
    panel = panel_of(3)
    none = replace(panel, paid=np.zeros_like(panel.paid))
    assert trust.placebo(none, ridge=1.0, seed=1).verdict == "not_assessable"
