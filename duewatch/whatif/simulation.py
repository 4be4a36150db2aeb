"""The days run again: capacity, the order of the list, then caps, waits and holds, then who answers, then who pays.

Both sides of a comparison run through `run_days` with the same random numbers: a scenario that moves nothing equals
today exactly. A call is one account and day with at least one dial; capacity that a cap or a wait sets free goes to the
next account of the list; that of hours that are closed is lost, or moved into the others where the scenario says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.call_policy import Policy, able, first, hours, in_last, may, order_of, stands_of
from duewatch.whatif.call_propensity import summed
from duewatch.whatif.contact_features import (
    AGE_FROM,
    FRESH_DAYS,
    LATE,
    NEVER,
    TALK_DAYS,
    balance_band,
    behind_band,
    depth_band,
    falls_due,
    is_ripe,
    month_band,
    since_band,
    told_terms,
)
from duewatch.whatif.features_as_of import Floats, Ints, promise_band
from duewatch.whatif.hazard import Hazard, chance
from duewatch.whatif.hidden_confounder import HiddenFactor
from duewatch.whatif.person_days import NAMES
from duewatch.whatif.simulation_inputs import (
    AGE,
    BALANCE,
    BEHIND,
    PRODUCT,
    SINCE,
    TEAM,
    SimulationInputs,
    begin,
    seats_of,
)
from duewatch.whatif.spell_state import MEMORY, State

WEEKDAY, MONTH, DEPTH, LATE_BALANCE = (NAMES.index(name) for name in ("weekday", "month", "depth", "late_balance"))
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    cash: Floats  # this and the next four: days by segment
    cured: Floats
    talks: Floats
    calls: Floats
    breaches: Floats
    entry: Ints  # by spell: place of its first day in the run
    age: Ints  # by spell: days overdue on its first day
    paid_at: Ints  # by spell: place of the day of its first payment, -1 never

    def path(self, name: str) -> Floats:
        return np.asarray(getattr(self, name).sum(axis=1))

    def total(self, name: str) -> float:
        return float(getattr(self, name).sum())


@dataclass(frozen=True)
class Run:
    """How a run is made, beside its policy."""

    seed: int
    replicate: int
    limit: tuple[int, int] | None = None  # calls in so many dates above which they count as breaches
    shares: Floats | None = None  # calls as a share of the accounts open, by weekday, in place of the log's
    segment: Ints | None = None  # by spell
    hidden: HiddenFactor | None = None  # a factor that no file holds
    again: bool = True  # who is paid up may fall late again before history's spell ended


def run_days(inputs: SimulationInputs, hazard: Hazard, policy: Policy, run: Run) -> Outcome:
    """The days once more for every spell that is open in them, from its first day of them to payment in full, and from
    the next missed instalment on."""
    state, n_days = begin(inputs), inputs.last - inputs.first + 1
    n = len(state.spells)
    segment = np.zeros(n, dtype=np.int64) if run.segment is None else run.segment[state.spells]
    n_segments = 1 if run.segment is None else int(run.segment.max()) + 1
    cash, cured_by, talked, dialled, over_by = (np.zeros((n_days, n_segments)) for _ in range(5))
    entry, age = state.entry - inputs.first, state.age.copy()
    found = Outcome(cash, cured_by, talked, dialled, over_by, entry, age, np.full(n, -1, dtype=np.int64))
    allowed, (share, answers) = may(inputs, policy), hours(inputs, policy)
    seats = seats_of(inputs, state)
    for at in range(n_days):
        day = inputs.first + at
        drawn = np.random.default_rng([run.seed, 3, run.replicate, at]).random((10, n))
        live = seats.live(day, drawn[8] if run.again else np.ones(n))
        codes, seen, promise = _today(inputs, state, live, day, drawn[7, live])
        p = _chance(inputs, hazard, codes, seen, live, state, run.hidden)
        stands = stands_of(inputs, state, seats, live, day, promise)
        order = order_of(inputs, policy.order, codes, stands, p, drawn[0, live], state, live, run.hidden)
        free = able(inputs, policy, state, live, day, stands) & allowed[state.spells[live], at]
        wanted = inputs.calls[at] if run.shares is None else run.shares[(day + 3) % 7] * len(live)
        pays = drawn[2, live] < p
        free &= ~pays | (drawn[9, live] < inputs.payers_called)
        called = first(order, free, round(wanted * policy.capacity * share))
        talks = called & (drawn[1, live] < _answers(answers[codes[AGE]], state, live, run.hidden))
        cures, part = inputs.amounts.of(codes, promise, state.touched[live])
        cured = pays & (drawn[3, live] < cures)
        paid = _paid(inputs, state, live, codes, pays, np.where(cured, 1.0, part))
        dials = np.where(called, _drawn(inputs.dials, drawn[6, live], 1), 0)
        over = _over(state, live, day, dials, run.limit)
        for name, what in (("cash", paid), ("cured", cured), ("talks", talks), ("calls", called), ("breaches", over)):
            getattr(found, name)[at] = np.bincount(segment[live], what, minlength=n_segments)
        found.paid_at[live[pays & (found.paid_at[live] < 0)]] = at
        _promise(inputs, state, live, day, talks & (drawn[4, live] < inputs.promises[codes[AGE]]), drawn[5, live])
        state.tried[live, day % MEMORY], state.seen[live, day % MEMORY] = dials, talks
        state.touched[live] = np.maximum(state.touched[live], np.where(talks, 2, np.where(called, 1, 0)))
        state.since[live] = np.where(pays, 1, np.minimum(state.since[live] + 1, NEVER))
        state.age[live] += 1
        seats.cure(live[cured], day)
    return found


def _today(inputs: SimulationInputs, state: State, live: Ints, day: int, drawn: Floats) -> tuple[Ints, Ints, Ints]:
    """Covariates, terms of EXPOSURES and promise band of the open spells. Instalments that fall due are added while
    the plan runs, and where a band of days past due begins the debt may go to another team."""
    levels, age = inputs.panel.levels, state.age[live]
    falls = falls_due(age) & (state.entry[live] < day) & (state.owed[live] > 0)
    falls &= day <= state.planned_to[live] + 1
    state.owed[live] += np.where(falls, state.instalment[live], 0.0)
    codes = state.codes[:, live]
    band = np.minimum(np.searchsorted(AGE_FROM, age, "right"), levels[AGE] - 1)
    behind = np.minimum(behind_band(age, state.owed[live], state.instalment[live]), levels[BEHIND] - 1)
    team = np.minimum((inputs.moves[behind, codes[TEAM]] < drawn[:, None]).sum(axis=1), levels[TEAM] - 1)
    codes[TEAM] = np.where(behind != codes[BEHIND], team, codes[TEAM])
    codes[AGE], codes[BEHIND] = band, behind
    state.codes[:, live] = codes
    codes[SINCE] = np.minimum(since_band(state.since[live]), levels[SINCE] - 1)
    codes[WEEKDAY] = min((day + 3) % 7, levels[WEEKDAY] - 1)
    codes[MONTH] = min(month_band(np.array([day]))[0], levels[MONTH] - 1)
    codes[BALANCE] = np.minimum(balance_band(state.owed[live], inputs.panel.cuts), levels[BALANCE] - 1)
    codes[DEPTH] = np.minimum(depth_band(state.owed[live], state.instalment[live]), levels[DEPTH] - 1)
    codes[LATE_BALANCE] = np.where(band >= LATE, codes[BALANCE], 0)
    talks = np.stack([in_last(state.seen, live, day, n) for n in TALK_DAYS])
    promise = promise_band(day, state.made[live], state.due[live], state.since[live])
    return codes, told_terms(talks, promise, day - state.made[live] <= FRESH_DAYS, codes[AGE]), promise


def _chance(
    inputs: SimulationInputs,
    hazard: Hazard,
    codes: Ints,
    seen: Ints,
    live: Ints,
    state: State,
    hidden: HiddenFactor | None,
) -> Floats:
    odds = summed(codes, inputs.panel.levels, hazard.base) + hazard.effect @ seen
    if hidden is None:
        return chance(odds)
    return chance(odds + np.where(is_ripe(seen), hidden.keep, hidden.pay) * hidden.factor[state.spells[live]])


def _answers(share: Floats, state: State, live: Ints, hidden: HiddenFactor | None) -> Floats:
    if hidden is None:
        return share
    odds = np.log(np.clip(share, 1e-6, 1 - 1e-6) / np.clip(1 - share, 1e-6, 1))
    return chance(odds + hidden.answer_level + hidden.answer * hidden.factor[state.spells[live]])


def _paid(inputs: SimulationInputs, state: State, live: Ints, codes: Ints, pays: Bools, share: Floats) -> Floats:
    """A share of the arrears, all of them where it cures; the mean of the kind where arrears are not known."""
    owed = state.owed[live]
    paid = np.where(pays, np.where(owed > 0, share * owed, inputs.worth[codes[AGE], codes[PRODUCT]]), 0.0)
    state.owed[live] = np.where(owed > 0, owed - np.minimum(paid, owed), owed)
    return paid


def _drawn(sorted_values: Ints, drawn: Floats, otherwise: int) -> Ints:
    """As in the log: the value at that share of it."""
    if not len(sorted_values):
        return np.full(len(drawn), otherwise)
    return np.asarray(sorted_values[(drawn * len(sorted_values)).astype(np.int64)])


def _over(state: State, live: Ints, day: int, dials: Ints, limit: tuple[int, int] | None) -> Ints:
    """Dials of the day past the limit in its window, as the log counts them."""
    if limit is None:
        return np.zeros(len(live), dtype=np.int64)
    earlier = in_last(state.tried, live, day, limit[1] - 1)
    return np.asarray(np.minimum(dials, np.maximum(earlier + dials - limit[0], 0)), dtype=np.int64)


def _promise(inputs: SimulationInputs, state: State, live: Ints, day: int, asked: Bools, drawn: Floats) -> None:
    state.made[live[asked]] = day
    state.due[live[asked]] = day + _drawn(inputs.due_in, drawn[asked], 7)
