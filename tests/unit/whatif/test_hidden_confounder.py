"""One hidden factor in worlds where it is known: the band of the effect holds the truth, and is narrow without one."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from duewatch.books.published import current_book
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.demo import write_demo
from duewatch.demo.parameters import Parameters
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from duewatch.whatif import hidden_confounder as hidden_module
from duewatch.whatif import model_fit
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.hazard import Z, fit_hazard, sample_of
from duewatch.whatif.hidden_confounder import HiddenFactor, hidden_factor, redrawn
from duewatch.whatif.model_types import REFUSED, ModelSettings
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.simulation_inputs import learn
from tests.support.worlds import FIRST, world

TRUTH = 0.8
JUDGED = {"hidden": 0.8, "share": 0.2}


def effects(seed: int, accounts: int = 3000, **how: float) -> tuple[float, HiddenFactor]:
    """The adjusted effect, and the one with a hidden factor."""
    spells, happened, _ = world(seed, accounts=accounts, **how)  # type: ignore[arg-type]
    panel = build(spells, happened, FIRST, FIRST + timedelta(days=29))
    fitted = fit_hazard(sample_of(panel, seed, most=200_000), ridge=1.0)
    first, last = int(panel.day.min()), int(panel.day.max())
    held = np.zeros((len(panel.accounts), last - first + 1), dtype=np.bool_)
    listed = propensity(panel, ridge=1.0, seed=seed)
    inputs = learn(panel, listed, first, last, held, panel.until(last))
    hidden = hidden_factor(panel, inputs, fitted, ridge=1.0, seed=seed)
    assert hidden is not None
    return fitted.log_odds, hidden


def test_a_factor_that_moves_dials_answers_and_payments_is_found_with_its_signs() -> None:
    adjusted, hidden = effects(3, **JUDGED)
    assert hidden.dial > 0.5
    assert hidden.answer < -0.4
    assert hidden.pay < -0.4
    assert abs(hidden.value - TRUTH) < abs(adjusted - TRUTH)


@pytest.mark.slow
def test_with_hidden_judgement_the_limits_hold_the_true_effect_in_nearly_all_worlds() -> None:
    """And the adjusted effect alone is off by more, in each of them."""
    told = [effects(seed, 4000, **JUDGED) for seed in range(1, 13)]
    assert sum(each.low <= TRUTH <= each.high for _, each in told) >= 10
    assert sum(abs(each.value - TRUTH) < abs(adjusted - TRUTH) for adjusted, each in told) >= 11


@pytest.mark.slow
def test_without_hidden_judgement_the_factor_moves_the_effect_little_and_the_limits_stay_narrow() -> None:
    told = [effects(seed, 4000) for seed in range(1, 9)]
    assert np.mean([abs(each.value - adjusted) for adjusted, each in told]) < 0.15
    assert max(each.high - each.low for _, each in told) < 0.5
    assert sum(each.low <= TRUTH <= each.high for _, each in told) >= 6


def test_the_same_seed_gives_the_same_factor() -> None:
    one, two = (effects(2, 800)[1] for _ in range(2))
    assert (one.value, one.factor.tolist()) == (two.value, two.factor.tolist())


def test_redrawn_coefficients_spread_as_their_covariance_says_and_move_the_effect_by_its_limits() -> None:
    _, hidden = effects(2, 1500, **JUDGED)
    draws = redrawn(hidden, 400, 5)
    values = np.array([each.value for each in draws])
    half = (hidden.high - hidden.low) / 2
    assert values.mean() == pytest.approx(hidden.value, abs=half / 5)
    assert Z * values.std(ddof=1) == pytest.approx(half, rel=0.1)
    ends = np.cumsum(hidden.sizes) - 1
    for name, end in (("pay", ends[0] - 1), ("keep", ends[0]), ("dial", ends[1]), ("answer", ends[2])):
        told = np.array([getattr(each, name) for each in draws])
        assert told.std(ddof=1) == pytest.approx(float(np.sqrt(hidden.spread[end, end])), rel=0.1)
        assert told.mean() == pytest.approx(getattr(hidden, name), abs=3 * told.std() / 20)
    assert redrawn(hidden, 2, 5)[1].hazard.base == pytest.approx(draws[1].hazard.base, abs=1e-9)


def test_a_search_that_does_not_settle_is_none_and_every_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidden_module, "STEPS", 1)
    with pytest.raises(AssertionError):
        effects(2, 800)
    (check,) = model_fit._band(None)
    assert (check.check, check.verdict) == ("hidden_factor", "not_assessable")
    assert check.check in REFUSED
    for language in LANGUAGES:
        assert words_in(language).has(f"whatif.why.model_{check.check}")


def test_a_search_that_settles_adds_no_check() -> None:
    assert model_fit._band(effects(2, 800)[1]) == []


@pytest.mark.slow
def test_the_judgement_of_the_invented_lender_is_found_again(tmp_path: Path) -> None:
    """Its collectors call by a normal number that no file holds: it adds so much to the log-odds of a call, takes so
    much from the log of the hazard, and moves neither who answers nor who keeps a promise."""
    terms = Parameters()
    write_demo(tmp_path / "source", accounts=20_000, months=12, seed=1, as_of=date(2026, 10, 31))
    ingest(tmp_path / "source", books=tmp_path / "books")
    settings = replace(ModelSettings(), origins=1, horizons=(30,), forecasts=2, draws=10)
    with closing(DuckDBEngine(current_book(tmp_path / "books"), replace(Settings(), query_seconds=300))) as engine:
        known = model_fit.fit(
            lambda name, params: engine.run(name, params, WHOLE_BOOK),
            period=(date(2026, 9, 1), date(2026, 10, 31)),
            settings=settings,
            seed=1,
        )
    part = known.parts["CNY"]
    assert part is not None
    assert part.leading is part.hidden
    assert part.hidden is not None
    assert part.hidden.dial == pytest.approx(terms.call_judgement_log_odds, abs=0.1)
    assert part.hidden.pay == pytest.approx(terms.judgement_log_hazard, abs=0.2)
    assert part.hidden.answer == pytest.approx(0, abs=0.1)
    assert part.hidden.keep == pytest.approx(0, abs=0.2)
    assert part.hidden.low <= terms.contact_log_hazard <= part.hidden.high
