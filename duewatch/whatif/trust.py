"""Whether the model's answer stands: each check with what it found and what it asks for.

Today's payment cannot come from tomorrow's talk: where it seems to (among accounts that are called in the days after),
answering goes with willingness to pay, which no file holds. A check that cannot be made is not passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duewatch.whatif.hazard import Hazard, chance, dummies, fit_hazard, limits, logit, sample_of
from duewatch.whatif.riskset import Floats, Panel, after
from duewatch.whatif.simulate import Floor, Policy, learn, run_days

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


@dataclass(frozen=True)
class Backtest:
    """One measure of one horizon by one method, summed over the origins."""

    measure: str
    horizon_days: int
    method: str
    wape: float
    bias: float
    n_cells: int
    actual: float
    forecast: float


def placebo(panel: Panel, *, ridge: float, seed: int) -> Check:
    """Talks of the next days on today's payment, among accounts called in them as often; should be 0."""
    tries = after(panel.spell, panel.dials > 0, PLACEBO_DAYS)
    talks = after(panel.spell, panel.reached > 0, PLACEBO_DAYS)
    use = tries > 0
    asks = f"limits hold 0; at least {LEAST_EVENTS} payments"
    if int(panel.paid[use].sum()) < LEAST_EVENTS:
        return Check("placebo", None, None, None, asks, "not_assessable")
    sample = sample_of(panel, seed, use=use)
    base = sample.design[:, : sample.n_base]
    extra = np.stack([talks >= 1, *(tries >= k for k in range(2, 6))])[:, sample.at].T.astype(float)
    design = np.concatenate([base, extra], axis=1)
    at = base.shape[1]
    n, k = sample.weight, sample.weight * sample.paid
    beta = logit(design, n, k, ridge=ridge)
    p = chance(design @ beta)
    inverse = np.linalg.inv((design.T * (n * p * (1 - p))) @ design + np.diag([1e-9] + [ridge] * (design.shape[1] - 1)))
    names, row_of = np.unique(sample.debtor, return_inverse=True)
    score = (design * (k - n * p)[:, None]) @ inverse[at]
    by_debtor = np.bincount(row_of, score, minlength=len(names))
    half = 1.959964 * float(np.sqrt((by_debtor**2).sum()))
    low, high = float(beta[at]) - half, float(beta[at]) + half
    return Check("placebo", float(beta[at]), low, high, asks, "passed" if low <= 0 <= high else "failed")


def propensity(panel: Panel, *, ridge: float, seed: int) -> Floats:
    """Log-odds coefficients of being called on a day, by covariate."""
    at = np.arange(panel.size)
    if panel.size > 80_000:
        at = np.flatnonzero(np.random.default_rng([seed, 4]).random(panel.size) < 80_000 / panel.size)
    design = dummies(panel.codes[:, at], panel.levels)
    return logit(design, np.ones(len(at)), (panel.dials[at] > 0).astype(float), ridge=ridge)


def overlap(panel: Panel, listed: Floats, low: float, high: float, least: float) -> Check:
    """Share of account-days that could as well have been called as not."""
    p = np.concatenate(
        [
            chance(dummies(part, panel.levels) @ listed)
            for part in np.array_split(panel.codes, panel.size // 100_000 + 1, axis=1)
        ]
    )
    share = float(((p >= low) & (p <= high)).mean())
    return Check("overlap", share, None, None, f"at least {least}", "passed" if share >= least else "failed")


def aimed(fitted: Hazard, draws: list[Hazard]) -> Check:
    """What unanswered dials seem to do: away from 0 the list is aimed by something that is not in the log,
    and then even the band of a weaker effect need not hold the truth."""
    middle = float(fitted.attempts[:2].sum())
    low, high = limits(middle, np.array([each.attempts[:2].sum() for each in draws]))
    return Check("unanswered_dials", middle, low, high, "limits hold 0", "passed" if low <= 0 <= high else "failed")


def e_value(log_odds: float) -> float:
    """How strongly something unlogged must go with both talks and payment to explain the effect away (rare events)."""
    ratio = float(np.exp(abs(log_odds)))
    return ratio + float(np.sqrt(ratio * (ratio - 1)))


def backtest(
    panel: Panel,
    held: NDArray[np.bool_],
    *,
    last: int,
    horizons: tuple[int, ...],
    origins: int,
    ridge: float,
    seed: int,
) -> list[Backtest]:
    """Fitted on the days up to each origin alone, then run forward for the accounts open on it, beside last month's
    rate and the mean of their age in the days before. Cash and cures."""
    cells: dict[tuple[str, int, str], list[tuple[float, float]]] = {}
    first_day = int(panel.day.min())
    for origin in (last - max(horizons) - 30 * back for back in range(origins)):
        if origin - first_day < 60:
            continue
        known = panel.until(origin)
        hazard = fit_hazard(sample_of(panel, seed, use=known), ridge=ridge)
        cohort = cohort_of(panel, origin)
        for horizon in horizons:
            for name, pair in _forecasts(panel, held, hazard, cohort, origin, horizon, ridge, seed).items():
                cells.setdefault((name[0], horizon, name[1]), []).extend(pair)
    return [_score(*key, pairs) for key, pairs in sorted(cells.items())]


def cohort_of(panel: Panel, origin: int) -> NDArray[np.bool_]:
    """Rows after `origin` of the spells that are open at its end."""
    open_then = np.zeros(int(panel.spell.max()) + 1, dtype=np.bool_)
    open_then[panel.spell[(panel.day == origin) & ~panel.is_last]] = True
    return open_then[panel.spell] & (panel.day > origin)


def _forecasts(
    panel: Panel,
    held: NDArray[np.bool_],
    hazard: Hazard,
    cohort: NDArray[np.bool_],
    origin: int,
    horizon: int,
    ridge: float,
    seed: int,
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    ahead = cohort & (panel.day <= origin + horizon)
    part = only(panel, panel.until(origin) & (panel.day > origin - 40) | ahead)
    before = panel.until(origin) & (panel.day > origin - 30)
    calls = float((before & (panel.dials > 0)).sum()) / max(int(before.sum()), 1)
    n_open = int((panel.day[ahead] == origin + 1).sum())
    listed = propensity(only(panel, panel.until(origin)), ridge=ridge, seed=seed)
    floor = learn(
        panel,
        listed,
        origin + 1,
        origin + horizon,
        held[:, origin + 1 - int(panel.day.min()) :],
        panel.until(origin),
        np.full(horizon, round(calls * n_open)),
    )
    floor = Floor(
        only(part, part.day > origin - 40),
        floor.first,
        floor.last,
        floor.calls,
        floor.listed,
        floor.answers,
        floor.cures,
        floor.worth,
        floor.held,
    )
    runs = [run_days(floor, hazard, Policy(), seed=seed, replicate=r, capacity_share=calls) for r in range(3)]
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for name, actual_of in (("cash", panel.amount * (panel.paid > 0)), ("cured", panel.is_last.astype(float))):
        actual = float(actual_of[ahead].sum())
        found[name, "model"] = [(actual, float(np.mean([each.total(name) for each in runs])))]
        found[name, "last_month"] = [(actual, _repeated(panel, actual_of, origin, horizon, 30))]
        found[name, "segment_mean"] = [(actual, _repeated(panel, actual_of, origin, horizon, 90))]
    return found


def _repeated(panel: Panel, what: Floats, origin: int, horizon: int, back: int) -> float:
    """What the accounts open `back` days before brought in the `horizon` days after, by age band, for those open now;
    for a longer horizon than `back` the rate is carried on."""
    then = origin - max(back, horizon)
    window = panel.until(origin) & cohort_of(panel, then) & (panel.day <= then + horizon)
    size = panel.levels[0]
    start = (panel.day == then) & ~panel.is_last
    band = np.zeros(int(panel.spell.max()) + 1, dtype=np.int64)
    band[panel.spell[start]] = panel.codes[0, start]
    brought = np.bincount(band[panel.spell[window]], what[window], minlength=size)
    n = np.maximum(np.bincount(panel.codes[0, start], minlength=size), 1)
    now = np.bincount(panel.codes[0, (panel.day == origin) & ~panel.is_last], minlength=size)
    return float((brought / n * now).sum())


def only(panel: Panel, rows: NDArray[np.bool_]) -> Panel:
    """The panel cut to some rows; spells keep their numbers."""
    cut = {
        name: getattr(panel, name)[..., rows]
        for name in (
            "spell",
            "debtor",
            "day",
            "age",
            "codes",
            "dials",
            "reached",
            "seen",
            "tried",
            "paid",
            "amount",
            "is_last",
        )
    }
    return Panel(**cut, levels=panel.levels, accounts=panel.accounts)


def _score(measure: str, horizon: int, method: str, pairs: list[tuple[float, float]]) -> Backtest:
    actual, forecast = sum(a for a, _ in pairs), sum(f for _, f in pairs)
    missed = sum(abs(f - a) for a, f in pairs)
    base = max(actual, 1e-9)
    return Backtest(measure, horizon, method, missed / base, (forecast - actual) / base, len(pairs), actual, forecast)


def naive(panel: Panel) -> tuple[float, list[dict[str, object]]]:
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
