"""Who is called on a day: the order of the list, then what hours, caps, waits and holds leave of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.whatif.call_eligibility import TALKED_UP_TO, is_spared
from duewatch.whatif.call_propensity import list_odds
from duewatch.whatif.features_as_of import LONG_AGO, Floats, Ints
from duewatch.whatif.hidden_confounder import HiddenFactor
from duewatch.whatif.re_entry import Seats
from duewatch.whatif.simulation_inputs import AGE, PRODUCT, SimulationInputs, spread
from duewatch.whatif.spell_state import MEMORY, State

ALL_HOURS = (0, 24)
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Policy:
    """Levers of one side."""

    capacity: float = 1.0  # calls a day, times today's
    cap: tuple[int, int] | None = None  # calls in so many dates; None: no cap enforced
    wait_days: int = 0  # days overdue before the first call
    order: str = "as_logged"  # or balance, days_past_due, payment_chance
    hours: tuple[int, int] = ALL_HOURS  # in which calls are made
    closed_hours: str = "lost"  # or moved: into the hours that are open
    hold_dispute_days: int = 0  # days after a dispute, or a promise, without a call
    hold_promise_days: int = 0


def in_last(ring: Ints, live: Ints, day: int, n: int) -> Ints:
    """Sum of the ring over the n days before."""
    if n <= 0:
        return np.zeros(len(live), dtype=np.int64)
    return np.asarray(ring[np.ix_(live, (day - np.arange(1, n + 1)) % MEMORY)].sum(1), dtype=np.int64)


def order_of(
    inputs: SimulationInputs,
    order: str,
    codes: Ints,
    stands: Ints,
    p: Floats,
    drawn: Floats,
    state: State,
    live: Ints,
    hidden: HiddenFactor | None,
) -> Floats:
    """Larger first. as_logged: by the log-odds of being called and a logistic draw, so that whoever stands above a line
    is called with the very chance of the logit."""
    if order == "days_past_due":
        return np.asarray(state.age[live] + drawn / 2)
    if order == "payment_chance":
        return p
    if order == "balance":
        known = np.where(state.owed[live] > 0, state.owed[live], inputs.worth[codes[AGE], codes[PRODUCT]])
        return np.asarray(known + drawn / 100)
    odds = list_odds(inputs.panel, codes, stands, inputs.listed)
    if hidden is not None:
        odds = odds + hidden.dial * hidden.factor[state.spells[live]]
    even = np.clip(drawn, 1e-12, 1 - 1e-12)
    return np.asarray(odds + np.log(even) - np.log1p(-even))


def may(inputs: SimulationInputs, policy: Policy) -> Bools:
    """Spells by day that no hold of the law or of the lever keeps from a call."""
    if not policy.hold_dispute_days or inputs.disputes.is_empty():
        return ~inputs.held
    until = pl.min_horizontal(pl.col("opened_on") + pl.duration(days=policy.hold_dispute_days), pl.col("resolved_on"))
    rows = inputs.disputes.select(
        "account_key", (pl.col("opened_on") + pl.duration(days=1)).alias("from_on"), until.alias("to_on")
    )
    return ~inputs.held & ~spread(inputs.panel.accounts, rows, inputs.first, inputs.last)


def stands_of(inputs: SimulationInputs, state: State, seats: Seats, live: Ints, day: int, promise: Ints) -> Ints:
    """As PersonDays.stands, of the open spells."""
    rings = np.stack([state.seen[live, (day - back) % MEMORY] > 0 for back in range(1, TALKED_UP_TO + 1)])
    talked = np.where(rings.any(axis=0), rings.argmax(axis=0) + 1, 0)
    told = seats.standing(inputs.standing[:, state.spells[live], day - inputs.first], live, day)
    return np.concatenate([promise[None, :], told, talked[None, :]]).astype(np.int64)


def able(inputs: SimulationInputs, policy: Policy, state: State, live: Ints, day: int, stands: Ints) -> Bools:
    able = ~is_spared(stands, inputs.spared) & (state.age[live] >= policy.wait_days)
    if policy.cap is not None:
        calls = (state.tried > 0).astype(np.int64)
        able &= in_last(calls, live, day, policy.cap[1] - 1) < policy.cap[0]
    if policy.hold_promise_days:
        made, since = state.made[live], state.since[live]
        is_open = (made > LONG_AGO) & (state.due[live] >= day) & (since > day - made)
        able &= ~(is_open & (day - made <= policy.hold_promise_days))
    return able


def hours(inputs: SimulationInputs, policy: Policy) -> tuple[float, Floats]:
    """Share of history's calls that are made within the policy's hours (unknown hours too), and who answered then, by
    age. Calls are moved only into hours in which history called."""
    inside = np.zeros(25, dtype=np.bool_)
    inside[policy.hours[0] : policy.hours[1]] = inside[24] = True
    dialled, answered = inputs.dialled[:, inside].sum(1), inputs.answered[:, inside].sum(1)
    mean = float(answered.sum() / max(dialled.sum(), 1))
    share = float(dialled.sum() / max(inputs.dialled.sum(), 1))
    return float(share > 0) if policy.closed_hours == "moved" else share, (answered + 10 * mean) / (dialled + 10)


def first(order: Floats, able: Bools, n: int) -> Bools:
    called = np.zeros(len(order), dtype=np.bool_)
    places = np.flatnonzero(able)
    called[places[np.argsort(-order[places], kind="stable")[:n]]] = True
    return called
