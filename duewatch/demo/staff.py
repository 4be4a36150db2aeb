"""Collectors: own teams and agencies; most are alike, a few truly differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duewatch.demo.parameters import Parameters
from duewatch.demo.timeline import Floats, Ints

TEAMS = ("早期一组", "早期二组", "中期组", "后期组", "US desk")
AGENCIES = ("AG01", "AG02", "AGUS")
ACCOUNTS_PER_COLLECTOR = 400
FEWEST = 20
DESKS = 6
"""Chinese early, middle, late; American early, middle, late."""


@dataclass(frozen=True)
class Staff:
    """By collector: `team` and `agency` as numbers (agency -1: own staff), `desk` 0-5, and how far the effect of a
    talk on the log-hazard of paying differs from everybody's (0 for most)."""

    team: Ints
    agency: Ints
    desk: Ints
    log_hazard: Floats
    promise_log_odds: Floats

    @property
    def size(self) -> int:
        return len(self.team)

    def of_desk(self, desk: Ints, draw: Floats) -> Ints:
        """One collector for each desk, by a number drawn from [0, 1)."""
        collectors = np.zeros(len(desk), dtype=np.int64)
        for number in range(DESKS):
            pool = np.flatnonzero(self.desk == number)
            chosen = desk == number
            collectors[chosen] = pool[(draw[chosen] * len(pool)).astype(np.int64)]
        return collectors


def draw_staff(rng: np.random.Generator, terms: Parameters, accounts: int) -> Staff:
    n = max(FEWEST, accounts // ACCOUNTS_PER_COLLECTOR)
    place = np.arange(n) * 20 // n
    desk = np.searchsorted((8, 13, 16, 18, 19), place, side="right")
    late = np.flatnonzero(desk == 2)
    team = np.where(desk >= 3, 4, np.where(desk == 0, np.arange(n) % 2, desk + 1))
    agency = np.where(desk >= 3, 2, -1)
    agency[late] = np.arange(len(late)) % 3 - 1
    differing = rng.permutation(n)[: max(2, round(terms.collector_share_differing * n) // 2 * 2)]
    sign = np.zeros(n)
    sign[differing] = np.where(np.arange(len(differing)) % 2 == 0, 1.0, -1.0)
    return Staff(
        team=team,
        agency=agency,
        desk=desk,
        log_hazard=sign * terms.collector_log_hazard,
        promise_log_odds=sign * terms.collector_promise_log_odds,
    )
