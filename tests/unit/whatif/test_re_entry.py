"""An account is in one spell at a time; who is paid up may miss the next instalment where history cannot tell; and who
has paid on a day is called on it as often as the log says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from duewatch.books.published import current_book
from duewatch.whatif.call_policy import Policy
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.hazard import fit_hazard, sample_of
from duewatch.whatif.person_day_rows import build
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.re_entry import ReEntry, Seats, learn_re_entry
from duewatch.whatif.simulation import Run, run_days
from duewatch.whatif.simulation_inputs import begin, learn, seats_of
from tests.support.worlds import FIRST, world
from tests.unit.whatif.test_call_eligibility import simulation_inputs_of
from tests.unit.whatif.test_features_as_of import PERIOD, panel_of


@pytest.fixture(scope="module")
def panel(demo_book: Path) -> PersonDays:
    return panel_of(current_book(demo_book), PERIOD[1])[0]


def test_the_share_that_misses_the_next_instalment_is_what_a_plain_loop_finds(panel: PersonDays) -> None:
    spells: dict[int, list[tuple[int, int, bool, int, int]]] = {}
    for at in range(panel.size):
        if at + 1 == panel.size or panel.spell[at + 1] != panel.spell[at]:
            account, day = int(panel.accounts[panel.spell[at]]), int(panel.day[at])
            told = (day - int(panel.age[at]), day, bool(panel.is_last[at]), int(panel.codes[1, at]))
            spells.setdefault(account, []).append((*told, int(panel.planned_to[at])))
    last = int(panel.day.max())
    n, k = np.zeros(panel.levels[1]), np.zeros(panel.levels[1])
    for rows in spells.values():
        for number, (_, end, is_paid, grade, planned_to) in enumerate(rows):
            if is_paid and end < last - 30 and planned_to > end:
                n[grade] += 1
                k[grade] += number + 1 < len(rows) and rows[number + 1][0] <= end + 30
    actual = learn_re_entry(panel, panel.day <= last).missed
    assert n.sum() > 300
    assert 0 < k.sum() < n.sum()
    assert actual == pytest.approx((k + 10 * k.sum() / n.sum()) / (n + 10))


@pytest.mark.parametrize("cap", [None, (0, 30)])
def test_an_account_is_never_in_two_spells_on_a_day(
    panel: PersonDays, cap: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = int(panel.day.max()) - 60
    inputs = simulation_inputs_of(panel, first, first + 60)
    plain, counts, again = Seats.live, [], []

    def watched(self: Seats, day: int, drawn: np.ndarray) -> np.ndarray:
        live = plain(self, day, drawn)
        counts.append(np.bincount(self._account[live]).max())
        again.append(int((self.started_again == day - 1).sum()))
        return live

    monkeypatch.setattr(Seats, "live", watched)
    run_days(inputs, fit_hazard(sample_of(panel, 1), ridge=1.0), Policy(cap=cap), Run(1, 0))
    assert max(counts) == 1
    assert sum(again) > 0
    accounts = panel.accounts[begin(inputs).spells]
    assert len(np.unique(accounts)) < len(accounts), "some accounts have two spells in the days"


START, PLANNED = 20_000, 20_400
BY_SEAT = ("spells", "tried", "seen", "since", "touched", "made", "due")


def seats(panel: PersonDays, ends: list[int], accounts: list[int], entries: list[int], missed: float) -> Seats:
    """Spells whose first day past due is START and later, each first run again on its second day."""
    n = len(ends)
    state = begin(simulation_inputs_of(panel, int(panel.day.max()) - 60, int(panel.day.max())))
    fields = {name: getattr(state, name)[..., :n].copy() for name in ("codes",)}
    by_seat = {name: getattr(state, name)[:n].copy() for name in BY_SEAT}
    state = replace(
        state,
        **fields,
        **by_seat,
        entry=np.array(entries),
        age=np.ones(n, dtype=np.int64),
        owed=np.full(n, 50.0),
        instalment=np.full(n, 100.0),
        planned_to=np.full(n, PLANNED),
    )
    again = ReEntry(np.full(panel.levels[1], missed), 2, 0)
    return Seats(again, state, np.array(accounts), np.array(ends))


def days_open(found: Seats, until: int, cured: dict[int, int], drawn: float = 0.5) -> dict[int, list[int]]:
    """Days from START on which each seat is open; `cured`: seat by day."""
    told: dict[int, list[int]] = {}
    for day in range(START, START + until):
        for seat in found.live(day, np.full(len(found.ends), drawn)).tolist():
            told.setdefault(seat, []).append(day - START)
        for seat, on in cured.items():
            if on == day - START:
                found.cure(np.array([seat]), day)
    return told


def test_a_spell_that_goes_on_stands_for_the_next_of_its_account_and_takes_over_its_end(panel: PersonDays) -> None:
    ends, entries = [START + 12, START + 70, START + 20], [START + 1, START + 31, START + 31]
    open_on = days_open(seats(panel, ends, [7, 7, 8], entries, 0.0), 60, {0: 40})
    assert open_on == {0: list(range(1, 41)), 2: list(range(31, 60))}
    actual = seats(panel, ends, [7, 7, 8], entries, 0.0)
    assert days_open(actual, 60, {0: 20})[1] == list(range(31, 60)), "paid up before: the next begins as in history"
    late = seats(panel, ends, [7, 7, 8], entries, 1.0)
    assert days_open(late, 75, {0: 40})[0] == [*range(1, 41), *range(62, 75)], "history was open until day 70"


@pytest.mark.parametrize(
    ("ends", "cured", "missed", "wanted"),
    [
        (90, 10, 1.0, [*range(1, 11), *range(32, 60)]),
        (90, 10, 0.4, list(range(1, 11))),
        (25, 10, 1.0, list(range(1, 11))),
        (90, 31, 1.0, list(range(1, 32))),
        (90, 30, 1.0, [*range(1, 31), *range(32, 60)]),
    ],
    ids=["misses", "pays", "history was paid up", "paid with the instalment", "paid the day before it"],
)
def test_a_paid_up_account_falls_late_with_its_next_instalment_where_history_was_still_late(
    panel: PersonDays, ends: int, cured: int, missed: float, wanted: list[int]
) -> None:
    actual = seats(panel, [START + ends], [7], [START + 1], missed)
    assert days_open(actual, 60, {0: cured})[0] == wanted
    state, fell = actual.state, wanted[-1] > cured
    assert (state.owed[0], state.codes[3, 0] > 0) == ((100.0, True) if fell else (50.0, state.codes[3, 0] > 0))
    if fell:
        told = actual.standing(np.array([[3], [1], [6]], dtype=np.int8), np.array([0]), START + 32)
        assert told[:, 0].tolist() == [0, 1, 0], "no state any more, the same arm, not yet reminded"
        later = actual.standing(np.array([[3], [1], [6]], dtype=np.int8), np.array([0]), START + 41)
        assert later[2, 0] == 6


@pytest.mark.parametrize(("calls_payers", "wanted"), [(False, 0.0), (True, 1.0)])
def test_who_has_paid_is_called_that_day_as_the_log_says(calls_payers: bool, wanted: float) -> None:
    spells, happened, _ = world(4, accounts=3000)
    panel = build(spells, happened, FIRST, FIRST + timedelta(days=29))
    if calls_payers:
        drawn = np.random.default_rng(1).random(panel.size) < (panel.dials[panel.paid == 0] > 0).mean()
        panel = replace(panel, dials=np.where(panel.paid > 0, drawn, panel.dials).astype(np.int64))
    first, last = int(panel.day.min()), int(panel.day.max())
    held = np.zeros((len(panel.accounts), last - first + 1), dtype=np.bool_)
    inputs = learn(panel, propensity(panel, ridge=1.0, seed=1), first, last, held, panel.day <= last)
    assert inputs.payers_called == pytest.approx(wanted, abs=0.12)
    assert seats_of(inputs, begin(inputs)).ends.min() >= first
