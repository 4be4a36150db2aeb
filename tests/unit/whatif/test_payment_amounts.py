"""What a payment brings: fitted cash against cash counted by a plain loop, and instalments only while the plan runs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.whatif import backtest, model, model_fit
from duewatch.whatif.call_policy import Policy
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.contact_features import AGE_FROM, DEPTH_FROM, LATE, behind_band, depth_band, falls_due
from duewatch.whatif.hazard import fit_hazard, sample_of
from duewatch.whatif.payment_amounts import MOST, amounts_of
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.simulation import Run, _today, run_days
from duewatch.whatif.simulation_inputs import AGE, BEHIND, TEAM, begin, learn

PERIOD = (date(2026, 9, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def panel(demo_book: Path) -> PersonDays:
    with closing(DuckDBEngine(current_book(demo_book), replace(Settings(), query_seconds=60))) as engine:
        told = model_fit.history(lambda n, p: engine.run(n, p, WHOLE_BOOK), PERIOD, model.ModelSettings())
    return build(told.spells.filter(currency="CNY"), told.happened, told.first, told.last, told.known)


def test_cures_and_part_payments_add_up_to_what_came_early_and_late(panel: PersonDays) -> None:
    for multiplier in (1.0, 0.5, 0.0):
        told = amounts_of(panel, panel.paid > 0, multiplier=multiplier).of(panel.codes, panel.promise, panel.touched)
        as_counted(panel, *told)


def as_counted(panel: PersonDays, cures: np.ndarray, shares: np.ndarray) -> None:
    for late in (False, True):
        cured, expected, part, told = 0, 0.0, 0.0, 0.0
        for row in np.flatnonzero((panel.paid > 0) & ((panel.codes[AGE] >= LATE) == late)):
            cured, expected = cured + bool(panel.is_last[row]), expected + float(cures[row])
            if not panel.is_last[row] and panel.owed[row] > 0:
                part += min(panel.amount[row], MOST * panel.owed[row])
                told += float(shares[row]) * panel.owed[row]
        assert cured > 50
        assert expected == pytest.approx(cured, rel=0.01)
        assert told == pytest.approx(part, rel=0.01)


def test_calls_and_promises_move_what_a_payment_brings_and_by_none_of_it_where_their_effect_is_none(
    panel: PersonDays,
) -> None:
    rows = np.flatnonzero((panel.paid > 0) & (panel.codes[AGE] < LATE))[:50]
    codes, none, near = panel.codes[:, rows], np.zeros(len(rows), dtype=np.int64), np.full(len(rows), 2)
    dialled = np.ones_like(none)
    for told, moved in (((none, dialled), (near, dialled)), ((none, none), (none, dialled))):
        gaps = []
        for multiplier in (1.0, 0.5, 0.0):
            amounts = amounts_of(panel, panel.paid > 0, multiplier=multiplier)
            odds = [np.log(each / (1 - each)) for each in (amounts.of(codes, *seen)[0] for seen in (told, moved))]
            gaps.append(odds[1] - odds[0])
        assert (gaps[0] < -0.5).all()
        assert gaps[1] == pytest.approx(gaps[0] / 2, rel=1e-6)
        assert gaps[2] == pytest.approx(np.zeros(len(rows)), abs=1e-9)


def test_depth_counts_instalments_past_due() -> None:
    owed, instalment = np.array([0.0, 50.0, 100.0, 260.0, 900.0, 10.0]), np.array([100.0, 100, 100, 100, 100, 0])
    by_loop = [
        0 if o == 0 or i == 0 else 1 + sum(o / i >= start for start in DEPTH_FROM)
        for o, i in zip(owed, instalment, strict=True)
    ]
    assert depth_band(owed, instalment).tolist() == by_loop == [0, 1, 2, 4, 8, 0]


def test_days_behind_are_those_of_the_oldest_unpaid_instalment() -> None:
    age = np.array([40, 40, 40, 75, 75, 75, 20, 40, 31, 32, 92])
    owed, instalment = np.array([200.0, 100, 30, 300, 204, 206, 100, 0, 100, 100, 300]), np.full(11, 100.0)
    # 40 days: two are due, of which one or all of one was paid; 75 days: three; a fee of 4 is no instalment, 6 is. The
    # second of 31 days and the fourth of 92 may not be due yet, where the months before are long; that of 32 is
    days = [40, 10, 10, 75, 45, 75, 20, 40, 31, 2, 92]
    by_loop = [sum(day >= start for start in AGE_FROM) for day in days]
    assert behind_band(age, owed, instalment).tolist() == by_loop


def test_an_instalment_falls_due_once_a_month() -> None:
    age = np.arange(1, 366)
    due = age[falls_due(age)]
    assert len(due) == 11
    assert set(np.diff(due).tolist()) == {30, 31}
    assert due[0] == 31


def test_a_debt_changes_hands_where_a_band_of_days_past_due_begins_and_goes_back_when_a_part_is_paid(
    panel: PersonDays,
) -> None:
    first, last = ((day - date(1970, 1, 1)).days for day in PERIOD)
    listed, held = propensity(panel, ridge=1.0, seed=1), np.zeros((len(panel.accounts), last - first + 1), dtype=bool)
    inputs = learn(panel, listed, first, last, held, np.ones(panel.size, dtype=bool))
    counts = np.zeros(inputs.moves.shape)
    for at in range(1, panel.size - 1):
        same = panel.spell[at - 1] == panel.spell[at]
        if same and panel.codes[BEHIND, at] != panel.codes[BEHIND, at - 1]:
            then = at + 1 if panel.spell[at + 1] == panel.spell[at] else at
            counts[panel.codes[BEHIND, at], panel.codes[TEAM, at - 1], panel.codes[TEAM, then]] += 1
    shares = np.diff(inputs.moves, axis=2, prepend=0.0)
    for behind, team in zip(*np.nonzero(counts.sum(axis=2) > 30), strict=True):
        assert shares[behind, team] == pytest.approx(counts[behind, team] / counts[behind, team].sum(), abs=0.01)
    rows = panel.codes[BEHIND]
    usual = [np.bincount(panel.codes[TEAM, rows == band], minlength=shares.shape[1]).argmax() for band in (3, LATE)]
    assert shares[LATE, usual[0], usual[0]] < 0.5, "after the first month most debts are handed on"
    assert counts[:LATE, usual[1]].sum() > 10
    assert shares[3, usual[1], usual[1]] < 0.5, "and who has paid a part of two months comes back"


def test_no_instalment_falls_due_after_the_plan_has_ended(panel: PersonDays) -> None:
    first, last = ((day - date(1970, 1, 1)).days for day in PERIOD)
    listed, held = propensity(panel, ridge=1.0, seed=1), np.zeros((len(panel.accounts), last - first + 1), dtype=bool)
    inputs = learn(panel, listed, first, last, held, np.ones(panel.size, dtype=bool))
    for to_come, grows in ((1, True), (-2, False)):
        state = begin(inputs)
        state.planned_to[:] = first + 1 + to_come
        state.entry[:], state.age[:] = first, 61
        before, live = state.owed.copy(), np.flatnonzero(state.instalment > 0)
        _today(inputs, state, live, first + 1, np.zeros(len(live)))
        added = (state.owed - before)[live]
        known = before[live] > 0
        assert known.sum() > 100
        assert added[known] == pytest.approx(state.instalment[live][known] if grows else np.zeros(known.sum()))


def test_a_past_forecast_is_of_the_fit_that_tells_the_lines_or_is_not_made(
    panel: PersonDays, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = int(panel.day.max())
    held = np.zeros((len(panel.accounts), last - int(panel.day.min()) + 1), dtype=bool)
    plan = backtest.Plan((30,), 1, 3, 1.0, 1)
    plain, led = (
        [each.forecast for each in backtest.cells_of(panel, held, last=last, plan=each) if each.method == "model"]
        for each in (plan, replace(plan, is_led=True))
    )
    assert len(plain) == len(led) > 0
    assert plain != led
    monkeypatch.setattr(backtest, "hidden_factor", lambda *_, **__: None)
    assert backtest.cells_of(panel, held, last=last, plan=replace(plan, is_led=True)) == []


def test_a_run_pays_no_more_than_was_owed_and_falls_due(panel: PersonDays) -> None:
    first, last = ((day - date(1970, 1, 1)).days for day in PERIOD)
    listed, held = propensity(panel, ridge=1.0, seed=1), np.zeros((len(panel.accounts), last - first + 1), dtype=bool)
    inputs = learn(panel, listed, first, last, held, np.ones(panel.size, dtype=bool))
    state = begin(inputs)
    most = (state.owed + state.instalment * (1 + (last - first) // 30)).sum()
    actual = run_days(inputs, fit_hazard(sample_of(panel, 1), ridge=1.0), Policy(), Run(1, 0))
    assert 0 < actual.total("cash") <= most
