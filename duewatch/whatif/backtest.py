"""How well the model would have forecast: fitted on the days up to an origin alone, run forward for the accounts open
on it, by bucket and product, beside last month's rate and the mean of the months before.

The band of a forecast holds both doubts: each run has parameters of another bootstrap draw, and who answers, pays and
cures in it is drawn anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.backtest_table import Cell
from duewatch.whatif.call_policy import Policy
from duewatch.whatif.call_propensity import propensity
from duewatch.whatif.features_as_of import Floats, Ints
from duewatch.whatif.hazard import fit_hazard, redrawn, sample_of
from duewatch.whatif.hidden_confounder import HiddenFactor, hidden_factor
from duewatch.whatif.hidden_confounder import redrawn as hidden_redrawn
from duewatch.whatif.person_days import PersonDays
from duewatch.whatif.simulation import Outcome, Run, run_days
from duewatch.whatif.simulation_inputs import SimulationInputs, learn

BUCKETS = ((1, "M1"), (31, "M2"), (61, "M3"), (91, "M4+"))
"""Days in the spell at which each begins: as the aging buckets, where nothing was paid in part."""
LEAST_ACCOUNTS = 30
"""Open accounts below which a bucket and product is no cell of its own; those are told together."""
POOLED = "pooled"
LOW, HIGH = 0.1, 0.9
MEASURES = ("cash", "cured", "rolled")
METHODS = ("model", "last_month", "segment_mean")
FEWEST_DAYS = 60


@dataclass(frozen=True)
class Plan:
    """`is_led`: whether a factor that no file holds is fitted to each past and stands in its forecast; where its search
    does not settle there is no forecast, since another model's would say nothing of this one."""

    horizons: tuple[int, ...]
    origins: int
    draws: int
    ridge: float
    seed: int
    is_led: bool = False


def cells_of(panel: PersonDays, held: NDArray[np.bool_], *, last: int, plan: Plan) -> list[Cell]:
    """Every forecast of every origin that has two months behind it. `held`: spells by day from the panel's first."""
    first_day = int(panel.day.min())
    origins = (last - max(plan.horizons) - 30 * back for back in range(plan.origins))
    return [
        cell
        for origin in origins
        if origin - first_day >= FEWEST_DAYS
        for cell in _at(panel, held[:, origin - first_day], origin, plan)
    ]


def _at(panel: PersonDays, held_now: NDArray[np.bool_], origin: int, plan: Plan) -> list[Cell]:
    known = panel.until(origin)
    past = panel.only(known)
    sample = sample_of(past, plan.seed)
    fitted = fit_hazard(sample, ridge=plan.ridge)
    draws = redrawn(sample, fitted, ridge=plan.ridge, draws=plan.draws, seed=plan.seed)
    longest = max(plan.horizons)
    inputs = _floor(panel, past, held_now, origin, longest, plan)
    names, segment = segments(panel, origin)
    shares = _shares(past, origin)
    run = Run(plan.seed, 0, shares=shares, segment=segment, again=False)
    if not plan.is_led:
        runs = [run_days(inputs, each, Policy(), replace(run, replicate=k)) for k, each in enumerate(draws)]
    elif (hidden := hidden_factor(past, inputs, fitted, ridge=plan.ridge, seed=plan.seed)) is not None:
        again = enumerate(hidden_redrawn(hidden, plan.draws, plan.seed))
        runs = [_led(inputs, each, replace(run, replicate=k, hidden=each)) for k, each in again]
    else:
        return []
    ahead = panel.only(cohort_of(panel, origin))
    n_open = np.bincount(segment[panel.spell[_open_on(panel, origin)]], minlength=len(names))
    return [
        cell
        for horizon in plan.horizons
        for measure in MEASURES
        for cell in _cells(panel, ahead, runs, (origin, horizon, measure), names, segment, n_open)
    ]


def _led(inputs: SimulationInputs, hidden: HiddenFactor, run: Run) -> Outcome:
    return run_days(replace(inputs, listed=hidden.listed), hidden.hazard, Policy(), run)


def _floor(
    panel: PersonDays, past: PersonDays, held_now: NDArray[np.bool_], origin: int, longest: int, plan: Plan
) -> SimulationInputs:
    """Tables from the past; who is on hold at the origin stays so, since how long is not known then."""
    listed = propensity(past, ridge=plan.ridge, seed=plan.seed)
    held = np.repeat(held_now[:, None], longest, axis=1)
    inputs = learn(past, listed, origin + 1, origin + longest, held, np.ones(past.size, dtype=np.bool_))
    near = panel.until(origin) & (panel.day > origin - 40)
    return replace(inputs, panel=panel.only(near | (cohort_of(panel, origin) & (panel.day <= origin + longest))))


def _shares(past: PersonDays, origin: int) -> Floats:
    """Calls by account open, by weekday, in the four weeks before."""
    near = past.day > origin - 28
    day = (past.day[near] + 3) % 7
    return np.bincount(day[past.dials[near] > 0], minlength=7) / np.maximum(np.bincount(day, minlength=7), 1)


def _open_on(panel: PersonDays, origin: int) -> NDArray[np.bool_]:
    return np.asarray((panel.day == origin) & ~panel.is_last, dtype=np.bool_)


def cohort_of(panel: PersonDays, origin: int) -> NDArray[np.bool_]:
    """Rows after `origin` of the spells that are open at its end."""
    open_then = np.zeros(int(panel.spell.max()) + 1, dtype=np.bool_)
    open_then[panel.spell[_open_on(panel, origin)]] = True
    return open_then[panel.spell] & (panel.day > origin)


def segments(panel: PersonDays, origin: int) -> tuple[list[str], Ints]:
    """Names, and the place among them of each spell that is open at the end of a day (others: 0)."""
    rows = _open_on(panel, origin)
    bucket = np.searchsorted([start for start, _ in BUCKETS], panel.age[rows], "right") - 1
    told = np.array([f"{BUCKETS[b][1]} {panel.products[p]}" for b, p in zip(bucket, panel.codes[2, rows], strict=True)])
    kinds, counts = np.unique(told, return_counts=True)
    large = {str(kind) for kind, n in zip(kinds, counts, strict=True) if n >= LEAST_ACCOUNTS}
    names = sorted(large) + ([POOLED] if len(large) < len(kinds) else [])
    place = np.zeros(int(panel.spell.max()) + 1, dtype=np.int64)
    place[panel.spell[rows]] = [names.index(each if each in large else POOLED) for each in told.tolist()]
    return names, place


def _cells(
    panel: PersonDays,
    ahead: PersonDays,
    runs: list[Outcome],
    key: tuple[int, int, str],
    names: list[str],
    segment: Ints,
    n_open: Ints,
) -> list[Cell]:
    origin, horizon, measure = key
    size = len(names)
    rows = ahead.until(origin + horizon)
    actual = np.bincount(segment[ahead.spell[rows]], _what(ahead, measure)[rows], minlength=size)
    source = "cash" if measure == "cash" else "cured"
    drawn = np.stack([_padded(getattr(run, source)[:horizon].sum(axis=0), size) for run in runs])
    told = {"last_month": _repeated(panel, measure, origin, horizon, 30, segment, size)}
    told["segment_mean"] = _repeated(panel, measure, origin, horizon, 90, segment, size)
    if measure == "rolled":
        actual, drawn = n_open - actual, n_open - drawn
        told = {name: n_open - each for name, each in told.items()}
    low, high = np.quantile(drawn, (LOW, HIGH), axis=0)
    inside = (actual >= low) & (actual <= high)
    told["model"] = drawn.mean(axis=0)
    return [
        Cell(
            origin,
            name,
            horizon,
            measure,
            method,
            float(actual[at]),
            float(told[method][at]),
            bool(inside[at]) if method == "model" else None,
        )
        for method in METHODS
        for at, name in enumerate(names)
    ]


def _padded(values: Floats, size: int) -> Floats:
    return np.pad(values, (0, max(size - len(values), 0)))[:size]


def _what(panel: PersonDays, measure: str) -> Floats:
    return panel.amount * (panel.paid > 0) if measure == "cash" else panel.is_last.astype(float)


def _repeated(
    panel: PersonDays, measure: str, origin: int, horizon: int, back: int, segment: Ints, size: int
) -> Floats:
    """What the accounts open `back` days before brought in the `horizon` days after, by age band and product, for those
    open now; where the horizon is longer than `back`, from so far back."""
    then = origin - max(back, horizon)
    n = panel.levels[0] * panel.levels[2]
    key = panel.codes[0] * panel.levels[2] + panel.codes[2]
    start = _open_on(panel, then)
    window = cohort_of(panel, then) & panel.until(then + horizon)
    kind = np.zeros(int(panel.spell.max()) + 1, dtype=np.int64)
    kind[panel.spell[start]] = key[start]
    brought = np.bincount(kind[panel.spell[window]], _what(panel, measure)[window], minlength=n)
    each = brought / np.maximum(np.bincount(key[start], minlength=n), 1)
    now = _open_on(panel, origin)
    return np.bincount(segment[panel.spell[now]], each[key[now]], minlength=size).astype(np.float64)
