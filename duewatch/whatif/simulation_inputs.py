"""What both sides of a comparison share: tables learned from the risk set, and each debt's state as its days begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.whatif.call_eligibility import by_day, spared_of
from duewatch.whatif.call_propensity import logged_odds
from duewatch.whatif.contact_features import NEVER, SINCE_FROM
from duewatch.whatif.features_as_of import Floats, Ints
from duewatch.whatif.hazard import chance
from duewatch.whatif.payment_amounts import Amounts, amounts_of
from duewatch.whatif.person_days import NAMES, PersonDays
from duewatch.whatif.re_entry import STILL_OPEN, ReEntry, Seats, learn_re_entry
from duewatch.whatif.spell_state import MEMORY, State

AGE, PRODUCT, SINCE, TEAM, BALANCE, BEHIND = (
    NAMES.index(name) for name in ("age", "product", "since", "team", "balance", "behind")
)


@dataclass(frozen=True)
class SimulationInputs:
    """What the days that are run again are made from."""

    panel: PersonDays
    first: int
    last: int
    calls: Ints  # account-days called, by day from `first`
    listed: Floats  # coefficients of the log-odds of being called
    dialled: Ints  # by age band and hour
    answered: Ints  # by age band and hour
    amounts: Amounts  # what a payment brings
    promises: Floats  # of talks, by age band
    moves: Floats
    """Chance of each team, summed up, as a band of days past due begins: by band and by the team before."""
    worth: Floats  # mean of a payment by age band and product, where arrears are unknown
    due_in: Ints  # days to the day promised
    dials: Ints  # of a called account-day
    held: NDArray[np.bool_]  # spells by day that nobody may call
    disputes: pl.DataFrame  # from when to when
    standing: NDArray[np.int8]  # state, arm and band of the reminder, by spell and day
    spared: list[NDArray[np.bool_]]
    """By row of PersonDays.stands and level: whether history calls nobody who stands so."""
    again: ReEntry  # who falls late again
    payers_called: float
    """Calls on the day of a payment as a share of what the list would make: who has paid in the morning is not called
    any more."""


def learn(
    panel: PersonDays,
    listed: Floats,
    first: int,
    last: int,
    held: NDArray[np.bool_],
    use: NDArray[np.bool_],
    disputes: pl.DataFrame | None = None,
) -> SimulationInputs:
    """Tables from the rows of `use`; each shrunk to the mean by ten rows of it."""
    row, n = panel.codes[AGE], panel.levels[AGE]
    tried, paid = use & (panel.dials > 0), use & (panel.paid > 0)
    hour = np.where(panel.hour < 0, 24, panel.hour)
    shape = (n, 25)
    place = row * 25 + hour
    talked = tried & (panel.reached > 0)
    asked = np.zeros(panel.size, dtype=np.bool_)
    asked[:-1] = (panel.made[1:] == panel.day[:-1]) & (panel.spell[1:] == panel.spell[:-1])
    ahead = np.zeros(panel.size, dtype=np.int64)
    ahead[:-1] = panel.due[1:] - panel.day[:-1]
    inside = (panel.day >= first) & (panel.day <= last) & (panel.dials > 0)
    return SimulationInputs(
        panel=panel,
        first=first,
        last=last,
        calls=np.bincount(panel.day[inside] - first, minlength=last - first + 1),
        listed=listed,
        dialled=np.bincount(place[tried], minlength=n * 25).reshape(shape),
        answered=np.bincount(place[talked], minlength=n * 25).reshape(shape),
        amounts=amounts_of(panel, paid),
        promises=shrunk(row, asked, talked, n) if asked[talked].any() else np.zeros(n),
        moves=_moves(panel, use),
        worth=_worth(panel, paid),
        due_in=np.sort(np.clip(ahead[talked & asked], 0, 60)),
        dials=np.sort(panel.dials[tried]),
        held=held,
        disputes=pl.DataFrame() if disputes is None else disputes,
        standing=by_day(panel, first, last),
        spared=spared_of(panel, use),
        again=learn_re_entry(panel, use),
        payers_called=_payers_called(panel, listed, use & (panel.paid > 0)),
    )


def shrunk(row: Ints, hit: NDArray[np.bool_], use: NDArray[np.bool_], n: int) -> Floats:
    """Share of `use` that has `hit`, by band, with ten rows of the mean added."""
    mean = float(hit[use].mean()) if use.any() else 0.0
    found = np.bincount(row[use & hit], minlength=n) + 10 * mean
    return np.asarray(found / (np.bincount(row[use], minlength=n) + 10))


def _worth(panel: PersonDays, paid: NDArray[np.bool_]) -> Floats:
    size = panel.levels[AGE] * panel.levels[PRODUCT]
    key = panel.codes[AGE] * panel.levels[PRODUCT] + panel.codes[PRODUCT]
    mean = float(panel.amount[paid].mean()) if paid.any() else 0.0
    total = np.bincount(key[paid], panel.amount[paid], minlength=size) + 10 * mean
    return np.asarray(
        (total / (np.bincount(key[paid], minlength=size) + 10)).reshape(panel.levels[AGE], panel.levels[PRODUCT])
    )


def _moves(panel: PersonDays, use: NDArray[np.bool_]) -> Floats:
    """Band of days past due, team before, team: most stay, and a tenth of a row of staying is added. A debt paid in
    part goes back. Seen on the second day of the band: a debt changes hands on the first, on file before the second."""
    n, teams = panel.levels[BEHIND], panel.levels[TEAM]
    behind, team = panel.codes[BEHIND], panel.codes[TEAM]
    at = np.flatnonzero(use[1:] & (panel.spell[1:] == panel.spell[:-1]) & (behind[1:] != behind[:-1])) + 1
    after = np.minimum(at + 1, panel.size - 1)
    then = np.where(panel.spell[after] == panel.spell[at], after, at)
    counts = np.bincount((behind[at] * teams + team[at - 1]) * teams + team[then], minlength=n * teams * teams)
    found = counts.reshape(n, teams, teams) + 0.1 * np.eye(teams)
    return np.asarray(np.cumsum(found / found.sum(axis=2, keepdims=True), axis=2))


def begin(inputs: SimulationInputs) -> State:
    """With what the log tells of the days before."""
    panel = inputs.panel
    rows = np.flatnonzero((panel.day >= inputs.first) & (panel.day <= inputs.last))
    spells, first = np.unique(panel.spell[rows], return_index=True)
    at = rows[first]
    tried, seen = (np.zeros((len(at), MEMORY), dtype=np.int64) for _ in range(2))
    entry = panel.day[at]
    for back in range(1, MEMORY + 1):
        row = at - back
        same = (row >= 0) & (panel.spell[np.maximum(row, 0)] == spells)
        place = (np.arange(len(at)), (entry - back) % MEMORY)
        tried[place] = np.where(same, panel.dials[row], 0)
        seen[place] = same & (panel.reached[row] > 0)
    since_from = np.concatenate(([1], SINCE_FROM, [NEVER]))
    since = since_from[np.minimum(panel.codes[SINCE, at], len(SINCE_FROM) + 1)]
    return State(
        spells,
        panel.codes[:, at].copy(),
        entry,
        panel.age[at].copy(),
        tried,
        seen,
        since,
        panel.touched[at].copy(),
        panel.made[at].copy(),
        panel.due[at].copy(),
        panel.owed[at].copy(),
        panel.instalment[at].copy(),
        panel.planned_to[at].copy(),
    )


def _payers_called(panel: PersonDays, listed: Floats, paid: NDArray[np.bool_]) -> float:
    wanted = float(chance(logged_odds(panel, listed)[paid]).sum())
    return min(1.0, float((panel.dials[paid] > 0).sum()) / wanted) if wanted else 1.0


def seats_of(inputs: SimulationInputs, state: State) -> Seats:
    """One of each spell of the days."""
    panel = inputs.panel
    ends = np.full(len(panel.accounts), STILL_OPEN)
    ends[panel.spell[panel.is_last]] = panel.day[panel.is_last]
    return Seats(inputs.again, state, panel.accounts[state.spells], ends[state.spells])


def spread(accounts: Ints, rows: pl.DataFrame, first: int, last: int) -> NDArray[np.bool_]:
    """Spells by day: inside one of the account's intervals `from_on` to `to_on`. `accounts`: of each spell."""
    n_days = last - first + 1
    place = pl.DataFrame({"account_key": accounts, "place": np.arange(len(accounts))})
    found = rows.with_columns(pl.col("account_key").cast(pl.Int64)).join(place, on="account_key")
    since, until = (found[name].to_physical().to_numpy().astype(np.int64) - first for name in ("from_on", "to_on"))
    some = (until >= 0) & (since < n_days) & (until >= since)
    edges = np.zeros((len(accounts), n_days + 1), dtype=np.int32)
    where = found["place"].to_numpy()[some]
    np.add.at(edges, (where, np.maximum(since[some], 0)), 1)
    np.add.at(edges, (where, np.minimum(until[some] + 1, n_days)), -1)
    return np.asarray(np.cumsum(edges, axis=1)[:, :n_days] > 0)
