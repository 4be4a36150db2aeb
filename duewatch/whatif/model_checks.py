"""Whether the model's answer stands: each check with what it found and what it asks for.

Today's payment cannot come from tomorrow's talk: where it seems to (among accounts that are called in the days after),
answering goes with willingness to pay, which no file holds. A check that cannot be made is not passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duewatch.whatif.call_propensity import logged_odds
from duewatch.whatif.contact_features import next_time
from duewatch.whatif.features_as_of import Floats
from duewatch.whatif.hazard import Hazard, Z, chance, limits, logit, sample_of
from duewatch.whatif.person_days import PersonDays

PLACEBO_DAYS = 7
LEAST_EVENTS = 50


@dataclass(frozen=True)
class Check:
    """`verdict`: passed, failed or not_assessable."""

    check: str
    value: float | None
    low: float | None
    high: float | None
    wanted: str
    verdict: str


def placebo(panel: PersonDays, *, ridge: float, seed: int) -> Check:
    """Whether the next day of calls (within a week) is answered, on today's payment; should say nothing about it."""
    ahead = next_time(panel.spell, panel.dials > 0, PLACEBO_DAYS)
    use = ahead > 0
    asks = f"limits hold 0; at least {LEAST_EVENTS} payments"
    if int(panel.paid[use].sum()) < LEAST_EVENTS:
        return Check("placebo", None, None, None, asks, "not_assessable")
    sample = sample_of(panel, seed, use=use)
    answered = panel.reached[sample.at + ahead[sample.at]] > 0
    wait = np.stack([ahead[sample.at] == k for k in range(2, PLACEBO_DAYS + 1)]).T
    design = np.concatenate([sample.design, wait, answered[:, None]], axis=1).astype(np.float64)
    n, k = sample.weight, sample.weight * sample.paid
    beta = logit(design, n, k, ridge=ridge)
    p = chance(design @ beta)
    inverse = np.linalg.inv((design.T * (n * p * (1 - p))) @ design + np.diag([1e-9] + [ridge] * (design.shape[1] - 1)))
    names, row_of = np.unique(sample.debtor, return_inverse=True)
    score = (design * (k - n * p)[:, None]) @ inverse[-1]
    half = Z * float(np.sqrt((np.bincount(row_of, score, minlength=len(names)) ** 2).sum()))
    low, high = float(beta[-1]) - half, float(beta[-1]) + half
    return Check("placebo", float(beta[-1]), low, high, asks, "passed" if low <= 0 <= high else "failed")


def overlap(panel: PersonDays, listed: Floats, low: float, high: float, least: float) -> Check:
    """Share of account-days that could as well have been called as not."""
    p = chance(logged_odds(panel, listed))
    share = float(((p >= low) & (p <= high)).mean())
    return Check("overlap", share, None, None, f"at least {least}", "passed" if share >= least else "failed")


def aimed(fitted: Hazard, draws: list[Hazard]) -> Check:
    """What unanswered dials seem to do: away from 0 the list is aimed by something that is not in the log,
    and then even the band of a weaker effect need not hold the truth."""
    middle = float(fitted.marks[:2].sum())
    low, high = limits(middle, np.array([each.marks[:2].sum() for each in draws]))
    return Check("unanswered_dials", middle, low, high, "limits hold 0", "passed" if low <= 0 <= high else "failed")


def e_value(log_odds: float) -> float:
    """How strongly something unlogged must go with both talks and payment to explain the effect away (rare events)."""
    ratio = float(np.exp(abs(log_odds)))
    return ratio + float(np.sqrt(ratio * (ratio - 1)))


def naive(panel: PersonDays) -> tuple[float, list[dict[str, object]]]:
    """What not to believe: the logit of cure on dials by spell, and the share cured by number of dials. Who pays early
    is dialled less, whatever a dial does."""
    spells, row_of = np.unique(panel.spell, return_inverse=True)
    dials = np.bincount(row_of, panel.dials, minlength=len(spells))
    cured = np.bincount(row_of, panel.is_last, minlength=len(spells)) > 0
    design = np.stack([np.ones(len(spells)), dials], axis=1)
    slope = float(logit(design, np.ones(len(spells)), cured.astype(float), ridge=1e-6)[1])
    bands = (("0", 0, 0), ("1-3", 1, 3), ("4-8", 4, 8), ("9+", 9, np.inf))
    rows: list[dict[str, object]] = []
    for name, low, high in bands:
        mine = (dials >= low) & (dials <= high)
        rows.append(
            {
                "dials": name,
                "n_spells": int(mine.sum()),
                "share_cured": float(cured[mine].mean()) if mine.any() else None,
            }
        )
    return slope, rows
