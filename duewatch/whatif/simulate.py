"""The days run again: capacity, the order of the list, then caps, waits and holds, then who answers, then who pays.

Both sides of a comparison run through `run_days` with the same random numbers: a scenario that moves nothing equals
today exactly. A call is one account and day with at least one dial; capacity that a cap or a wait sets free goes to the
next account of the list. Arrears are not followed: a payment is the mean of its kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.hazard import Hazard, chance
from duewatch.whatif.riskset import AGE_FROM, NAMES, NEVER, SINCE_FROM, Floats, Ints, Panel, month_band, seen_terms

MEMORY = 31
AGE, GRADE, SINCE, WEEKDAY, MONTH = (NAMES.index(name) for name in ("age", "grade", "since", "weekday", "month"))
MANY = 1_000_000


@dataclass(frozen=True)
class Policy:
    """Levers of one side. `capacity`: times today's; `cap`: calls in so many dates, None for no cap enforced;
    `wait_days`: days overdue before the first call; `order`: as_logged, balance, days_past_due, payment_chance."""

    capacity: float = 1.0
    cap: tuple[int, int] | None = None
    wait_days: int = 0
    order: str = "as_logged"


@dataclass(frozen=True)
class Floor:
    """What both sides share: tables learned from the panel. `calls`: of each day from `first`; `listed`: log-odds of
    being called; `answers`, `cures`: by age band; `worth`: mean payment by age band and product; `held`: spells by
    day on hold."""

    panel: Panel
    first: int
    last: int
    calls: Ints
    listed: Floats
    answers: Floats
    cures: Floats
    worth: Floats
    held: NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """By day from the first."""

    cash: Floats
    cured: Floats
    talks: Floats
    calls: Floats

    def total(self, name: str) -> float:
        return float(getattr(self, name).sum())


def run_days(
    floor: Floor, hazard: Hazard, policy: Policy, *, seed: int, replicate: int, capacity_share: float | None = None
) -> Outcome:
    """The period once more for every spell that is open in it, from its first day of it to payment in full.
    `capacity_share`: calls of a day as a share of the accounts open on it, in place of floor.calls."""
    panel, n_days = floor.panel, floor.last - floor.first + 1
    spells, codes, entry, age, ring_tried, ring_seen, since = _begin(floor)
    n = len(spells)
    is_open = np.ones(n, dtype=np.bool_)
    found = Outcome(*(np.zeros(n_days) for _ in range(4)))
    for at in range(n_days):
        day = floor.first + at
        drawn = np.random.default_rng([seed, 3, replicate, at]).random((5, n))
        age = age + (entry < day)
        codes[AGE] = np.minimum(np.searchsorted(AGE_FROM, age, "right"), panel.levels[AGE] - 1)
        codes[SINCE] = np.where(since >= NEVER, len(SINCE_FROM) + 1, np.searchsorted(SINCE_FROM, since, "right"))
        codes[SINCE] = np.minimum(codes[SINCE], panel.levels[SINCE] - 1)
        codes[WEEKDAY] = (day + 3) % 7
        codes[MONTH] = month_band(np.array([day]))[0]
        live = is_open & (entry <= day)
        seen = seen_terms(ring_seen[:, -1:].sum(1), ring_seen[:, -3:].sum(1), ring_seen[:, -7:].sum(1))
        p = chance(summed(codes, panel.levels, hazard.base) + hazard.effect @ seen)
        may = live & ~floor.held[spells, at] & (age >= policy.wait_days)
        if policy.cap is not None:
            may &= ring_tried[:, MEMORY - (policy.cap[1] - 1) :].sum(1) < policy.cap[0]
        order = _order(policy.order, summed(codes, panel.levels, floor.listed), drawn[0], codes, age, p, floor.worth)
        called = np.zeros(n, dtype=np.bool_)
        able = np.flatnonzero(may)
        calls = floor.calls[at] if capacity_share is None else capacity_share * live.sum()
        called[able[np.argsort(-order[able], kind="stable")[: round(calls * policy.capacity)]]] = True
        talks = called & (drawn[1] < floor.answers[codes[AGE]])
        pays = live & (drawn[2] < p)
        cured = pays & (drawn[3] < floor.cures[codes[AGE]])
        found.cash[at] = floor.worth[codes[AGE], codes[2]][pays].sum()
        found.cured[at], found.talks[at], found.calls[at] = cured.sum(), talks.sum(), called.sum()
        ring_tried, ring_seen = _turned(ring_tried, called), _turned(ring_seen, talks)
        since = np.where(pays, 1, np.minimum(since + 1, NEVER))
        is_open &= ~cured
    return found


def learn(
    panel: Panel,
    listed: Floats,
    first: int,
    last: int,
    held: NDArray[np.bool_],
    use: NDArray[np.bool_],
    calls: Ints | None = None,
) -> Floor:
    """Tables from the rows of `use`; each shrunk to the mean by ten rows of it. `calls`: capacity, else the log's."""
    row = panel.codes[AGE]
    n = panel.levels[AGE]
    tried, paid = use & (panel.dials > 0), use & (panel.paid > 0)
    answers = _by(row, panel.reached > 0, tried, n)
    cures = _by(row, panel.is_last, paid, n)
    mean = float(panel.amount[paid].mean()) if paid.any() else 0.0
    key, size = row * panel.levels[2] + panel.codes[2], n * panel.levels[2]
    worth = np.bincount(key[paid], panel.amount[paid], minlength=size) + 10 * mean
    worth = (worth / (np.bincount(key[paid], minlength=size) + 10)).reshape(n, panel.levels[2])
    if calls is None:
        inside = (panel.day >= first) & (panel.day <= last) & (panel.dials > 0)
        calls = np.bincount(panel.day[inside] - first, minlength=last - first + 1)
    return Floor(panel, first, last, calls, listed, answers, cures, worth, held)


def _begin(floor: Floor):  # type: ignore[no-untyped-def]
    """State of each spell on its first row of the period, with what the log tells of the days before."""
    panel = floor.panel
    rows = np.flatnonzero((panel.day >= floor.first) & (panel.day <= floor.last))
    spells, at = np.unique(panel.spell[rows], return_index=True)
    at = rows[at]
    tried, seen = np.zeros((len(at), MEMORY), dtype=np.int64), np.zeros((len(at), MEMORY), dtype=np.int64)
    for back in range(1, MEMORY + 1):
        row = at - back
        same = (row >= 0) & (panel.spell[np.maximum(row, 0)] == spells)
        tried[:, -back] = same & (panel.dials[row] > 0)
        seen[:, -back] = same & (panel.reached[row] > 0)
    since_floor = np.concatenate(([1], SINCE_FROM, [NEVER]))
    since = since_floor[np.minimum(panel.codes[SINCE, at], len(SINCE_FROM) + 1)]
    return spells, panel.codes[:, at].copy(), panel.day[at], panel.age[at], tried, seen, since


def _order(order: str, listed: Floats, drawn: Floats, codes: Ints, age: Ints, p: Floats, worth: Floats) -> Floats:
    """Larger first. as_logged: drawn without replacement by the odds of being called."""
    noise = -np.log(-np.log(np.clip(drawn, 1e-12, 1 - 1e-12)))
    if order == "days_past_due":
        return age + drawn / 2
    if order == "payment_chance":
        return p
    if order == "balance":
        return np.asarray(worth[codes[AGE], codes[2]] + drawn / 100)
    return np.asarray(listed + noise)


def _by(row: Ints, hit: NDArray[np.bool_], use: NDArray[np.bool_], n: int) -> Floats:
    mean = float(hit[use].mean()) if use.any() else 0.0
    return np.asarray(
        (np.bincount(row[use & hit], minlength=n) + 10 * mean) / (np.bincount(row[use], minlength=n) + 10)
    )


def summed(codes: Ints, levels: tuple[int, ...], beta: Floats) -> Floats:
    """`dummies(codes, levels) @ beta`, by looking up."""
    total, at = np.full(codes.shape[1], beta[0]), 1
    for row, size in zip(codes, levels, strict=True):
        total += np.concatenate(([0.0], beta[at : at + size - 1]))[row]
        at += size - 1
    return total


def _turned(ring: Ints, now: NDArray[np.bool_]) -> Ints:
    ring[:, :-1] = ring[:, 1:]
    ring[:, -1] = now
    return ring
