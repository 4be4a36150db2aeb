"""One account, one spell at a time: in days that are run again a debt may be open still when history's next spell of it
begins, or be paid up when history's was open, and then its next instalment may be missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.call_eligibility import reminded_band, usual_lag
from duewatch.whatif.contact_features import INSTALMENT_DAYS, NEVER, falls_due
from duewatch.whatif.features_as_of import LONG_AGO, Floats, Ints
from duewatch.whatif.person_days import NAMES, PersonDays
from duewatch.whatif.spell_state import State

GRADE, PAST, TEAM, BEHIND = (NAMES.index(name) for name in ("grade", "past", "team", "behind"))
STILL_OPEN = 1_000_000
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ReEntry:
    missed: Floats  # share of paid-up accounts that miss the next instalment, by grade
    lag: int  # days from a spell's first day to its first reminder
    team: int  # that a spell begins with


def learn_re_entry(panel: PersonDays, use: Bools) -> ReEntry:
    """From the spells that ended so early that the month after them is over; each grade shrunk to all by ten spells."""
    rows = np.flatnonzero(use)
    fresh = rows[panel.age[rows] == 1]
    team = int(np.bincount(panel.codes[TEAM, fresh]).argmax()) if len(fresh) else 0
    known_to = int(panel.day[rows].max()) if len(rows) else 0
    ended = rows[panel.is_last[rows]]
    ended = ended[(panel.day[ended] < known_to - INSTALMENT_DAYS) & (panel.planned_to[ended] > panel.day[ended])]
    account, starts = panel.accounts[panel.spell], panel.day - panel.age
    begun = np.unique(np.stack([account[rows], starts[rows]]), axis=1)
    place = np.searchsorted(_key(*begun), _key(account[ended], panel.day[ended]))
    nearest = np.minimum(place, begun.shape[1] - 1)
    within = begun[1, nearest] <= panel.day[ended] + INSTALMENT_DAYS
    again = (place < begun.shape[1]) & (begun[0, nearest] == account[ended]) & within
    grade, n = panel.codes[GRADE, ended], panel.levels[GRADE]
    mean = float(again.mean()) if len(ended) else 0.0
    missed = (np.bincount(grade[again], minlength=n) + 10 * mean) / (np.bincount(grade, minlength=n) + 10)
    return ReEntry(missed, usual_lag(panel), team)


def _key(account: Ints, day: Ints) -> Ints:
    return np.asarray(account * STILL_OPEN + day, dtype=np.int64)


class Seats:
    """Which spells of a run are open. `seat`: one of each spell of the log that has a row in the days, used again when
    its account falls late again where history's spell was still open."""

    def __init__(self, again: ReEntry, state: State, accounts: Ints, ends: Ints) -> None:
        """`accounts`: of each seat; `ends`: day on which history's spell was paid up, STILL_OPEN where it was not."""
        self.again, self.state, self.ends = again, state, ends.copy()
        self.starts = state.entry - state.age
        self._account = np.unique(accounts, return_inverse=True)[1]
        self._open = np.zeros(len(accounts), dtype=np.bool_)
        self._waits = np.ones(len(accounts), dtype=np.bool_)
        self._paid_up_on = np.full(len(accounts), STILL_OPEN)
        self.started_again = np.full(len(accounts), LONG_AGO)

    def live(self, day: int, drawn: Floats) -> Ints:
        """Seats open on the day; `drawn`: by seat, for who misses an instalment."""
        self._begin(np.flatnonzero(self._waits & (self.state.entry <= day)))
        self._fall_late(day, drawn)
        return np.flatnonzero(self._open)

    def cure(self, seats: Ints, day: int) -> None:
        self._open[seats], self._paid_up_on[seats] = False, day

    def _begin(self, fresh: Ints) -> None:
        """As history has it, unless the account's earlier spell goes on: that one then stands for both."""
        self._waits[fresh] = False
        holder = self._holders()[self._account[fresh]]
        self._open[fresh[holder < 0]] = True
        late = holder >= 0
        self.ends[holder[late]] = self.ends[fresh[late]]

    def _holders(self) -> Ints:
        """The open seat of each account, -1 none."""
        found = np.full(int(self._account.max(initial=-1)) + 1, -1)
        found[self._account[self._open]] = np.flatnonzero(self._open)
        return found

    def _fall_late(self, day: int, drawn: Floats) -> None:
        state, since = self.state, day - self.starts
        falls = (self._paid_up_on < day - 1) & falls_due(since - 1) & (day - 1 <= state.planned_to + 1)
        falls &= (day <= self.ends) & (state.instalment > 0)
        falls &= drawn < self.again.missed[state.codes[GRADE]]
        seats = np.flatnonzero(falls & (self._holders() < 0)[self._account])
        seats = seats[np.unique(self._account[seats], return_index=True)[1]]
        self._open[seats], self._paid_up_on[seats], self.started_again[seats] = True, STILL_OPEN, day - 1
        state.age[seats], state.owed[seats], state.since[seats] = 1, state.instalment[seats], NEVER
        state.made[seats], state.due[seats], state.seen[seats], state.touched[seats] = LONG_AGO, LONG_AGO, 0, 0
        state.codes[PAST, seats] = np.minimum(state.codes[PAST, seats] + 1, 2)
        state.codes[TEAM, seats], state.codes[BEHIND, seats] = self.again.team, 0

    def standing(self, told: NDArray[np.int8], live: Ints, day: int) -> Ints:
        """`told` (SimulationInputs.standing) of the live seats. An account that fell late again is in no state and is
        reminded after the usual days."""
        later = self.started_again[live]
        is_again = later > LONG_AGO
        band = reminded_band(np.full(len(live), day), later + self.again.lag)
        return np.stack([np.where(is_again, 0, told[0]), told[1], np.where(is_again, band, told[2])])
