"""The effect of a talk if one factor that no file holds drove who is dialled, who answers and who pays.

A sensitivity run, not a proof: the factor is one normal number per spell. The log speaks of it by how often like debts
were dialled, answered and paid, so its three weights and the effect are fitted together (the integral over the factor
by quadrature, steps by the outer product of the scores, limits from the same). Unanswered dials are taken to do
nothing, which is what lets the dials tell of the factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.call_eligibility import is_spared
from duewatch.whatif.call_propensity import logged_odds, summed
from duewatch.whatif.contact_features import EFFECT, EXPOSURES, is_ripe
from duewatch.whatif.features_as_of import Floats, Ints
from duewatch.whatif.hazard import Hazard, Z, dummies
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.simulation_inputs import AGE, SimulationInputs

NODES = 7
STEPS = 40
MOST_ROWS = 240_000
STARTS = (-0.6, -0.3, 0.6, -0.3)
"""Weights in paying, keeping a promise, dialling and answering that the search begins with; at 0 it could not leave."""
_AT, _WEIGHT = np.polynomial.hermite_e.hermegauss(NODES)
_PRIOR = np.log(_WEIGHT / _WEIGHT.sum())


@dataclass(frozen=True)
class HiddenFactor:
    """`dial`, `answer`, `pay`, `keep` (paying where a promise is ripe): what one standard deviation of the factor adds
    to the log-odds. `hazard`, `listed`: the model with the factor taken out. `value`: of a talk, as Hazard.log_odds.
    `factor`: drawn for each spell from what the log tells of it before the days that are run again. `spread`: the
    coefficients' covariance, of paying, being dialled and answering one after the other, so many as `sizes` says."""

    dial: float
    answer: float
    pay: float
    keep: float
    answer_level: float
    hazard: Hazard
    listed: Floats
    value: float
    low: float
    high: float
    factor: Floats
    spread: Floats
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """One of the three logits: `hit` on rows `at` of the panel with what the fit said as the start. `load`: which of
    the factor's weights, the last coefficients, a row has, 0 or 1 each."""

    at: Ints
    hit: Floats
    design: Floats
    offset: Floats
    load: Floats

    def odds(self, theta: Floats) -> Floats:
        """Rows by node."""
        n = self.design.shape[1]
        return np.asarray((self.offset + self.design @ theta[:n])[:, None] + (self.load @ theta[n:])[:, None] * _AT)

    @property
    def size(self) -> int:
        return int(self.design.shape[1] + self.load.shape[1])


def hidden_factor(
    panel: PersonDays, inputs: SimulationInputs, fitted: Hazard, *, ridge: float, seed: int
) -> HiddenFactor | None:
    """None where the search does not settle."""
    whole = parts_of(panel, inputs, fitted)
    rows = _some(panel, seed)
    parts = [_cut(part, rows) for part in whole]
    sizes = [part.size for part in parts]
    found = _search(parts, panel.spell, sizes, ridge)
    if found is None:
        return None
    theta, spread = found
    pay, dial, answer = _split(theta, sizes)
    n_base = parts[0].design.shape[1] - len(EXPOSURES)
    base, listed = fitted.beta[: len(fitted.base)].copy(), inputs.listed.copy()
    base[:n_base] += pay[:n_base]
    listed[: len(dial) - 1] += dial[:-1]
    effect = pay[n_base:-2]
    value = float(EFFECT @ effect)
    mine = spread[n_base : n_base + len(EXPOSURES), n_base : n_base + len(EXPOSURES)]
    half = Z * float(np.sqrt(EFFECT @ mine @ EFFECT))
    hazard = Hazard(base, effect, np.zeros_like(fitted.marks), fitted.beta)
    before = [_cut(part, panel.day < inputs.first) for part in whole]
    factor = _drawn(before, panel, _split(theta, sizes), seed)
    return HiddenFactor(
        float(dial[-1]),
        float(answer[-1]),
        float(pay[-2]),
        float(pay[-1]),
        float(answer[0]),
        hazard,
        listed,
        value,
        value - half,
        value + half,
        factor,
        spread,
        tuple(sizes),
    )


def redrawn(hidden: HiddenFactor, draws: int, seed: int) -> list[HiddenFactor]:
    """The same with coefficients drawn by their covariance, for the limits."""
    rng = np.random.default_rng([seed, 8])
    moved = rng.multivariate_normal(np.zeros(sum(hidden.sizes)), hidden.spread, draws, method="cholesky")
    return [_moved(hidden, each) for each in moved]


def _moved(hidden: HiddenFactor, by: Floats) -> HiddenFactor:
    pay, dial, answer = _split(by, hidden.sizes)
    n_base = len(pay) - 2 - len(EXPOSURES)
    base, listed = hidden.hazard.base.copy(), hidden.listed.copy()
    base[:n_base] += pay[:n_base]
    listed[: len(dial) - 1] += dial[:-1]
    effect = hidden.hazard.effect + pay[n_base:-2]
    return replace(
        hidden,
        dial=hidden.dial + float(dial[-1]),
        answer=hidden.answer + float(answer[-1]),
        answer_level=hidden.answer_level + float(answer[0]),
        pay=hidden.pay + float(pay[-2]),
        keep=hidden.keep + float(pay[-1]),
        listed=listed,
        hazard=replace(hidden.hazard, base=base, effect=effect),
        value=float(EFFECT @ effect),
    )


def parts_of(panel: PersonDays, inputs: SimulationInputs, fitted: Hazard) -> list[Part]:
    """Paying (free: level, age, grade, exposures), being dialled (level, age), answering (level). Days with a payment
    say nothing about dialling: who has paid in the morning is not called any more."""
    n_base, every = len(fitted.base), np.arange(panel.size)
    grades = dummies(panel.codes[:2], panel.levels[:2])
    pay = np.concatenate([grades, panel.seen.T], axis=1)
    known = summed(panel.codes, panel.levels, fitted.beta[:n_base])
    free = np.flatnonzero((panel.paid == 0) & ~_held(panel, inputs) & ~is_spared(panel.stands, inputs.spared))
    odds = logged_odds(panel, inputs.listed)
    dialled = np.flatnonzero(panel.dials > 0)
    share = inputs.answered.sum(1) / np.maximum(inputs.dialled.sum(1), 1)
    answers = np.clip(share, 0.01, 0.99)[panel.codes[AGE, dialled]]
    ripe = is_ripe(panel.seen)
    load = np.stack([~ripe, ripe], axis=1).astype(float)
    return [
        Part(every, panel.paid.astype(float), pay, known, load),
        Part(
            free,
            (panel.dials[free] > 0).astype(float),
            dummies(panel.codes[:1, free], panel.levels[:1]),
            odds[free],
            np.ones((len(free), 1)),
        ),
        Part(
            dialled,
            (panel.reached[dialled] > 0).astype(float),
            np.ones((len(dialled), 1)),
            np.log(answers / (1 - answers)),
            np.ones((len(dialled), 1)),
        ),
    ]


def _held(panel: PersonDays, inputs: SimulationInputs) -> NDArray[np.bool_]:
    at = panel.day - inputs.first
    inside = (at >= 0) & (at < inputs.held.shape[1])
    held = np.zeros(panel.size, dtype=np.bool_)
    held[inside] = inputs.held[panel.spell[inside], at[inside]]
    return held


def _some(panel: PersonDays, seed: int) -> NDArray[np.bool_]:
    """Whole spells, so many that their rows are not more than MOST_ROWS."""
    share = min(1.0, MOST_ROWS / max(panel.size, 1))
    kept = np.random.default_rng([seed, 5]).random(int(panel.spell.max()) + 1) < share
    return np.asarray(kept[panel.spell])


def _cut(part: Part, rows: NDArray[np.bool_]) -> Part:
    kept = rows[part.at]
    return Part(part.at[kept], part.hit[kept], part.design[kept], part.offset[kept], part.load[kept])


def _split(theta: Floats, sizes: Sequence[int]) -> list[Floats]:
    return np.split(theta, np.cumsum(sizes)[:-1])


def _search(parts: list[Part], spell: Ints, sizes: list[int], ridge: float) -> tuple[Floats, Floats] | None:
    """Coefficients and their covariance, by steps that never make the log less likely."""
    theta = np.zeros(sum(sizes))
    first = np.cumsum(sizes) - [part.load.shape[1] for part in parts]
    places = [at + k for at, part in zip(first, parts, strict=True) for k in range(part.load.shape[1])]
    theta[places] = STARTS
    names = np.unique(spell[np.concatenate([part.at for part in parts])])
    rows = [np.searchsorted(names, spell[part.at]) for part in parts]
    likely, scores = _scored(parts, rows, len(names), _split(theta, sizes), ridge)
    shrink = ridge * np.eye(len(theta))
    damp = 1.0
    for _ in range(STEPS):
        bend = scores.T @ scores + shrink
        step = np.linalg.solve(bend + damp * np.diag(np.diag(bend)), scores.sum(0) - ridge * theta)
        tried = theta + np.clip(step, -0.5, 0.5)
        found, fresh = _scored(parts, rows, len(names), _split(tried, sizes), ridge)
        if found > likely:
            gain, theta, likely, scores, damp = found - likely, tried, found, fresh, max(damp / 4, 1e-4)
            if gain < 0.02:
                break
        else:
            damp *= 8
            if damp > 1e6:
                break
    else:
        return None
    spread: Floats = np.asarray(np.linalg.inv(scores.T @ scores + shrink), dtype=np.float64)
    return (np.asarray(theta), spread) if np.isfinite(theta).all() and np.isfinite(likely) else None


def _posterior(
    parts: list[Part], rows: list[Ints], n: int, thetas: list[Floats]
) -> tuple[Floats, Floats, list[Floats]]:
    """Log-likelihood of each spell, the chance of each node given the spell's rows, and of a hit by row and node."""
    total, hits = np.tile(_PRIOR, (n, 1)), []
    for part, row, theta in zip(parts, rows, thetas, strict=True):
        odds = part.odds(theta)
        against = np.exp(-odds)
        told = -np.log1p(against) - (1 - part.hit[:, None]) * odds
        for node in range(NODES):
            total[:, node] += np.bincount(row, told[:, node], minlength=n)
        hits.append(1 / (1 + against))
    top = total.max(axis=1, keepdims=True)
    whole = top[:, 0] + np.log(np.exp(total - top).sum(axis=1))
    return whole, np.exp(total - whole[:, None]), hits


def _scored(parts: list[Part], rows: list[Ints], n: int, thetas: list[Floats], ridge: float) -> tuple[float, Floats]:
    """Log-likelihood less the ridge, and the scores by spell."""
    whole, chances, hits = _posterior(parts, rows, n, thetas)
    columns: list[Floats] = []
    for part, row, hit in zip(parts, rows, hits, strict=True):
        missed = (part.hit[:, None] - hit) * chances[row]
        mean = missed.sum(axis=1)
        columns += [np.bincount(row, mean * column, minlength=n).astype(np.float64) for column in part.design.T]
        weighed = missed @ _AT
        columns += [np.bincount(row, weighed * one, minlength=n).astype(np.float64) for one in part.load.T]
    flat = np.concatenate(thetas)
    return float(whole.sum() - ridge * (flat @ flat) / 2), np.stack(columns, axis=1)


def _drawn(parts: list[Part], panel: PersonDays, thetas: list[Floats], seed: int) -> Floats:
    """A node for each spell by its chance given these rows; of the prior where it has none."""
    n = len(panel.accounts)
    _, chances, _ = _posterior(parts, [panel.spell[part.at] for part in parts], n, thetas)
    drawn = np.random.default_rng([seed, 6]).random(n)
    node = np.minimum((chances.cumsum(axis=1) < drawn[:, None]).sum(axis=1), NODES - 1)
    return np.asarray(_AT[node])
