"""The days run again on a demo book: unchanged equals today, holds are hard, and what fails a check is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.reads import whatif
from duewatch.whatif import model, model_fit
from duewatch.whatif.arm_checks import arm_lines
from duewatch.whatif.call_policy import Policy
from duewatch.whatif.model_checks import Check
from duewatch.whatif.result import Counting, Fit, Line
from duewatch.whatif.scenario import Scenario, scenario_of
from duewatch.whatif.simulation import Run, run_days

PERIOD = (date(2026, 10, 1), date(2026, 10, 31))
SETTINGS = model.ModelSettings(draws=2, replicates=1, origins=1, horizons=(30,), forecasts=4)


@pytest.fixture(scope="module")
def ask(demo_book: Path) -> Iterator[Ask]:
    with closing(DuckDBEngine(current_book(demo_book), replace(Settings(), query_seconds=60))) as engine:
        yield lambda name, params: engine.run(name, params, WHOLE_BOOK)


@pytest.fixture(scope="module")
def fitted(ask: Ask) -> model.Fitted:
    return model.fit(ask, period=PERIOD, settings=SETTINGS, seed=1)


@pytest.fixture(scope="module")
def passed(fitted: model.Fitted) -> model.Fitted:
    """As if every check had been passed."""
    parts = {name: None if part is None else replace(part, checks=[]) for name, part in fitted.parts.items()}
    return replace(fitted, parts=parts)


def model_answer(ask: Ask, fitted: model.Fitted, levers: dict[str, object]) -> model.ModelAnswer:
    scenario = scenario_of({"levers": levers}, "here")
    return model.answer(ask, scenario, today=Scenario(), period=PERIOD, settings=SETTINGS, seed=1, fitted=fitted)


def test_a_scenario_that_moves_nothing_equals_today_exactly(ask: Ask, passed: model.Fitted) -> None:
    actual = [line for line in model_answer(ask, passed, {}).lines if line.rung == "L2"]
    assert len(actual) >= 4
    for line in actual:
        assert line.today == line.scenario == line.low == line.high
        assert line.today is not None
        assert line.today > 0 or line.measure == "model_breaches"
        assert (line.confounding_low, line.confounding_high) == (0, 0)


def test_a_line_rests_on_the_days_payments_and_talks_of_a_loop_over_spells(ask: Ask, passed: model.Fitted) -> None:
    lines = model_answer(ask, passed, {"calls_per_day": 5}).lines
    for currency in ("CNY", "USD"):
        rests_on_a_loop(ask, passed, currency, [line for line in lines if line.currency == currency])


def rests_on_a_loop(ask: Ask, passed: model.Fitted, currency: str, lines: list[Line]) -> None:
    told = model_fit.history(ask, PERIOD, SETTINGS)
    spells = whatif.overdue_spells(ask, from_date=told.first, to_date=told.last).filter(currency=currency)
    happened = {
        (row["account_key"], row["happened_on"]): row
        for row in whatif.person_days(ask, from_date=told.first, to_date=told.last).iter_rows(named=True)
    }
    n_days = n_paid = n_talks = 0
    for spell in spells.iter_rows(named=True):
        day = max(spell["started_on"] + timedelta(days=1), told.first)
        end = min((spell["ended_on"] or told.last) + timedelta(days=1), told.last)
        while day <= end:
            row = happened.get((spell["account_key"], day))
            n_days += 1
            n_paid += row is not None and row["amount"] > 0
            n_talks += row["n_reached"] if row else 0
            day += timedelta(days=1)
    n_debtors = len(set(spells["debtor_key"].to_list()))
    modelled = [each for each in lines if each.rung == "L2"]
    assert n_paid > 0
    assert n_talks > 0
    assert modelled or passed.parts[currency] is None
    for line in modelled:
        assert line.fit == Fit(n_days, n_paid, n_talks, n_debtors, n_debtors)
        assert (line.n, line.n_of) == (n_days, "account_days")
    for line in (each for each in lines if each.rung == "L3"):
        arm = passed.arms.filter(currency=currency, arm=line.measure.removeprefix("arm_paid_"))
        assert (line.n, line.n_of) == (arm["n_accounts"].item(), "accounts")


def test_breaches_alone_say_how_the_rule_counts(ask: Ask, passed: model.Fitted) -> None:
    told = {"CNY": Counting("house.daily_contacts", ("debtor",), 10, 1, 7, 5)}
    actual = model.answer(
        ask,
        scenario_of({"levers": {"calls_per_day": 5}}, "here"),
        today=Scenario(),
        period=PERIOD,
        settings=SETTINGS,
        seed=1,
        fitted=passed,
        counted=told,
    )
    assert {(each.currency, each.measure) for each in actual.lines if each.counting} == {("CNY", "model_breaches")}


def test_every_arm_has_a_line_of_its_own_and_no_share_above_1() -> None:
    """Two of two and none of three paid, beside 70 of 100."""
    arms = pl.DataFrame(
        {"currency": ["CNY"] * 3, "arm": ["standard", "all", "none"], "n_accounts": [100, 2, 3], "n_paid": [70, 2, 0]}
    )
    lines = {line.measure: line for line in arm_lines("CNY", arms)}
    assert set(lines) == {"arm_paid_all", "arm_paid_none"}
    assert [lines[f"arm_paid_{name}"].n for name in ("all", "none")] == [2, 3]
    every, none = lines["arm_paid_all"], lines["arm_paid_none"]
    assert (every.today, every.scenario, every.high) == (0.7, 1.0, 1.0)
    assert (none.scenario, none.low) == (0.0, 0.0)
    assert none.high is not None
    assert none.high > 0
    assert every.low is not None
    assert every.low < 0.7


def test_a_draw_of_debtors_says_how_many_of_how_many(ask: Ask) -> None:
    told = model_fit.history(ask, PERIOD, replace(SETTINGS, most_debtors=100))
    every = model_fit.history(ask, PERIOD, SETTINGS)
    for currency, (drawn, whole) in told.debtors.items():
        assert drawn < whole == every.debtors[currency][0] == every.debtors[currency][1]
        assert drawn == told.spells.filter(currency=currency)["debtor_key"].n_unique()


def test_no_call_means_no_talk_and_less_cash(ask: Ask, passed: model.Fitted) -> None:
    actual = model_answer(ask, passed, {"calls_per_day": 0})
    lines = {line.measure: line for line in actual.lines if line.currency == "CNY"}
    assert lines["model_talks"].scenario == 0
    assert lines["model_cash"].difference is not None
    assert lines["model_cash"].difference < 0
    (further,) = actual.confounding.filter(currency="CNY", assumption="cap_told_less")["difference"]
    assert lines["model_cured"].difference == pytest.approx(further * SETTINGS.cap_told)
    bands = actual.confounding.filter(currency="CNY", measure="cash")
    assert bands.filter(assumption="none")["difference"].to_list() == [0]
    assert lines["model_cash"].confounding_high == bands["difference"].max()


def test_the_same_seed_gives_the_same_answer(ask: Ask, passed: model.Fitted) -> None:
    levers = {"cap_max": 2, "cap_days": 7}
    assert model_answer(ask, passed, levers).lines == model_answer(ask, passed, levers).lines


def test_a_failed_check_refuses_every_line_with_the_reason_and_a_test(ask: Ask, fitted: model.Fitted) -> None:
    actual = model_answer(ask, failing(fitted, "overlap"), {"calls_per_day": 10}).lines
    assert {line.rung for line in actual} == {"refused", "L3"}
    refused = [line for line in actual if line.rung == "refused"]
    assert {line.measure for line in refused} == {f"model_{name}" for name in model.MEASURES}
    assert all("random" in line.reason for line in refused)
    assert all(line.scenario is None for line in refused)


OTHERS = {"cash": {"cured", "talks", "breaches"}, "cured": {"cash"}}


@pytest.mark.parametrize(
    ("check", "measure"),
    [
        ("backtest", "cash"),
        ("coverage", "cured"),
        *(pytest.param(*pair, marks=pytest.mark.slow) for pair in (("backtest", "cured"), ("coverage", "cash"))),
    ],
)
def test_a_line_stands_on_the_past_forecasts_of_its_own_measure(
    ask: Ask, fitted: model.Fitted, check: str, measure: str
) -> None:
    stand = OTHERS[measure]
    actual = model_answer(ask, failing(fitted, f"{check} {measure}"), {"calls_per_day": 10})
    lines = [line for line in actual.lines if line.currency == "CNY" and line.rung != "L3"]
    assert {line.measure for line in lines if line.rung == "L2"} == {f"model_{name}" for name in stand}
    assert {line.code for line in lines if line.rung == "refused"} == {f"model_{check}"}
    assert set(actual.confounding.filter(currency="CNY")["measure"]) == stand


def aimed(fitted: model.Fitted, *others: str) -> model.Fitted:
    return failing(fitted, "unanswered_dials", *others)


def failing(fitted: model.Fitted, *names: str) -> model.Fitted:
    """With these checks failed and every other passed."""
    parts = {
        name: part and replace(part, checks=[Check(each, 0.5, 0.4, 0.6, "limits hold 0", "failed") for each in names])
        for name, part in fitted.parts.items()
    }
    return replace(fitted, parts=parts)


def of_the_model(ask: Ask, fitted: model.Fitted, **settings: str) -> set[tuple[str, str]]:
    """Rung and code of the lines in CNY; every warned line has its reason and a band."""
    actual = model.answer(
        ask,
        scenario_of({"levers": {"calls_per_day": 5}}, "here"),
        today=Scenario(),
        period=PERIOD,
        seed=1,
        settings=replace(SETTINGS, **settings),
        fitted=fitted,
    )
    lines = [each for each in actual.lines if each.currency == "CNY" and each.rung != "L3"]
    for line in lines:
        if line.code.startswith("model_warned"):
            assert "band of confounding" in line.reason
            assert line.confounding_low is not None
            assert line.confounding_high is not None
            assert line.confounding_low <= line.confounding_high
    return {(each.rung, each.code) for each in lines}


def test_hidden_judgement_warns_where_its_factor_is_known_and_refuses_otherwise(ask: Ask, fitted: model.Fitted) -> None:
    part = fitted.parts["CNY"]
    assert part is not None
    assert part.hidden is not None
    warned, refused = ("L2", "model_warned_unanswered_dials"), ("refused", "model_unanswered_dials")
    assert of_the_model(ask, aimed(fitted)) == {warned}
    assert of_the_model(ask, aimed(fitted), hidden_judgement="refuse") == {refused}
    assert of_the_model(ask, aimed(fitted, "overlap")) == {("refused", "model_overlap")}
    blind = replace(fitted, parts={name: each and replace(each, hidden=None) for name, each in fitted.parts.items()})
    assert of_the_model(ask, aimed(blind)) == {refused}
    for language in LANGUAGES:
        assert words_in(language).has(f"whatif.why.{warned[1]}")


def test_where_the_list_is_aimed_by_what_the_log_lacks_the_hidden_factor_tells_the_line(
    ask: Ask, fitted: model.Fitted
) -> None:
    """With one run a side the line is the very difference of one row of the confounding frame: of the adjusted effect
    as it is, or of the hidden factor. Its limits come of draws of the same."""
    clean, draws = failing(fitted), []
    for known, assumption in ((clean, "whole"), (aimed(fitted), "hidden_factor")):
        part = known.parts["CNY"]
        assert part is not None
        assert part.leading is (part.hazard if known is clean else part.hidden)
        assert len(part.leading_draws) == SETTINGS.draws
        actual = model_answer(ask, known, {"calls_per_day": 5})
        draws.append(actual.draws["difference"].to_list())
        for line in actual.lines:
            if (line.currency, line.rung) != ("CNY", "L2"):
                continue
            assert line.scenario is not None
            assert line.today is not None
            told = actual.confounding.filter(currency="CNY", measure=line.measure.removeprefix("model_"))
            (difference,) = told.filter(assumption=assumption)["difference"]
            assert line.scenario - line.today == pytest.approx(difference, abs=1e-6)
    assert draws[0] != draws[1]


def test_every_line_about_a_cap_says_that_cured_accounts_may_fall_further(ask: Ask, fitted: model.Fitted) -> None:
    clean = {
        name: part and replace(part, checks=[each for each in part.checks if each.verdict == "passed"])
        for name, part in fitted.parts.items()
    }
    for known, code in ((replace(fitted, parts=clean), "cap"), (aimed(fitted), "unanswered_dials_cap")):
        asked = [({"cap_max": 1, "cap_days": 7}, f"model_warned_{code}"), ({"wait_hours": 72}, None)]
        for levers, told in asked if code == "cap" else asked[:1]:
            actual = model.answer(
                ask,
                scenario_of({"levers": levers}, "here"),
                today=Scenario(),
                period=PERIOD,
                seed=1,
                settings=SETTINGS,
                fitted=known,
            )
            lines = [each for each in actual.lines if each.currency == "CNY" and each.rung == "L2"]
            assert len(lines) == len(model.MEASURES)
            for line in lines:
                assert ("may fall further" in line.reason) == (told is not None)
                assert told is None or line.code == told
            stretched = actual.confounding.filter(currency="CNY", assumption="cap_told_less")
            assert stretched["measure"].to_list() == (["cured"] if told else [])
            (cured,) = (each for each in lines if each.measure == "model_cured")
            if told:
                assert cured.difference == pytest.approx(stretched["difference"][0] * SETTINGS.cap_told)
                assert cured.confounding_low is not None
                assert cured.confounding_low <= stretched["difference"][0]
        for language in LANGUAGES:
            assert words_in(language).has(f"whatif.why.model_warned_{code}")


def test_every_check_of_the_model_is_printed_with_what_it_asks_for(ask: Ask, fitted: model.Fitted) -> None:
    actual = model_answer(ask, fitted, {}).trust
    assert set(actual["check"]) == {
        "backtest cash",
        "backtest cured",
        "coverage cash",
        "coverage cured",
        "placebo",
        "overlap",
        "unanswered_dials",
        "arm holdout",
    }
    assert actual["wanted"].str.len_chars().min() > 5


def test_no_spell_is_called_on_a_hold_nor_more_than_the_list_holds(passed: model.Fitted) -> None:
    part = passed.parts["CNY"]
    assert part is not None
    every = replace(part.inputs, held=np.ones_like(part.inputs.held))
    assert run_days(every, part.hazard, Policy(), Run(1, 0)).total("calls") == 0
    actual = run_days(part.inputs, part.hazard, Policy(), Run(1, 0))
    assert (actual.path("calls") <= part.inputs.calls).all()
    assert actual.total("calls") > 0


def test_the_risk_set_holds_every_payment_of_a_spell_and_one_row_a_day(ask: Ask, fitted: model.Fitted) -> None:
    """Counted again by a plain loop over spells and payments."""
    first = model_fit._log_start(ask)
    spells = whatif.overdue_spells(ask, from_date=first, to_date=PERIOD[1], permille=1000)
    paid = {
        (row["account_key"], row["happened_on"])
        for row in whatif.person_days(ask, from_date=first, to_date=PERIOD[1], permille=1000).iter_rows(named=True)
        if row["amount"] > 0
    }
    rows, payments = 0, 0
    for spell in spells.filter(currency="CNY").iter_rows(named=True):
        begin = max(spell["started_on"].toordinal() + 1, first.toordinal())
        stop = min((spell["ended_on"] or PERIOD[1]).toordinal() + 1, PERIOD[1].toordinal())
        for day in range(begin, stop + 1):
            rows += 1
            payments += (spell["account_key"], date.fromordinal(day)) in paid
    part = fitted.parts["CNY"]
    assert part is not None
    assert (part.panel.size, int(part.panel.paid.sum())) == (rows, payments)


def test_what_the_listener_raises_stops_the_work(ask: Ask) -> None:
    def stop(step: str, share: float) -> None:
        raise KeyboardInterrupt(step)

    with pytest.raises(KeyboardInterrupt, match="history"):
        model.fit(ask, period=PERIOD, settings=SETTINGS, seed=1, progress=stop)
