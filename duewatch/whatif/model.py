"""L2: what the levers that change who is called would bring in, by an adjusted model that says how far to trust it.

Every call: the book's overdue spells day by day (riskset), a daily hazard of paying given who was reached (hazard), the
days run again under today's and the scenario's levers with the same random numbers (simulate), and the checks that
decide whether the answer stands or is refused (trust). No clock; the same seed gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.engines import Ask
from duewatch.reads import compliance, whatif
from duewatch.whatif import trust
from duewatch.whatif.hazard import Hazard, Sample, fit_hazard, limits, redrawn, sample_of
from duewatch.whatif.result import Line
from duewatch.whatif.riskset import Panel, build
from duewatch.whatif.scenario import Scenario
from duewatch.whatif.simulate import Floor, Outcome, Policy, learn, run_days
from duewatch.whatif.tables import table

Progress = Callable[[str, float], None]
"""Called with the step's id (history, fit, bootstrap, backtest, simulate) and the share done, 0-1. What it raises
stops the work and is passed on: that is how a caller cancels."""

LEVERS_OF_THE_MODEL = ("cap_max", "cap_days", "calls_per_day", "priority", "wait_hours")
"""Levers that the model answers; a scenario that moves none of them has no line here."""


@dataclass(frozen=True)
class ModelSettings:
    """What the model is run with and what its checks ask for; printed with every answer."""

    fit_days: int = 365
    """Days up to the end of the period from which the model learns."""
    most_debtors: int = 30_000
    """Above it a fixed part of the debtors is drawn by number, capacity is cut by the same share, results scaled up."""
    ridge: float = 1.0
    draws: int = 50
    replicates: int = 4
    """Times that each side is run with other random numbers, for the middle of the answer."""
    horizons: tuple[int, ...] = (30, 60, 90)
    origins: int = 3
    multipliers: tuple[float, ...] = (0.0, 0.5, 1.0)
    most_bias: float = 0.05
    least_overlap: float = 0.5
    propensity_low: float = 0.05
    propensity_high: float = 0.95
    least_payments: int = 200
    """Payments in the fitted days below which nothing is fitted."""


REFUSED = {
    "backtest": "the model did not forecast the past better than repeating it would have",
    "placebo": "today's payment seems to follow from tomorrow's talk, so answering goes with something the log lacks",
    "overlap": "too many account-days were always or never called",
    "unanswered_dials": "dials that nobody answered seem to move payment, so the list is aimed by something that the "
    "log lacks",
    "few": "too few payments in the fitted days",
    "cap": "the model moves whole days, and a cap within one date changes none",
}
TEST = "; record a random hold-out of 2-5 % of accounts, or assign this lever at random by debtor"
MEASURES = {"cash": "money", "cured": "accounts", "talks": "contacts"}


@dataclass(frozen=True)
class Fitted:
    """What depends on the book, scope, period, settings and seed alone: keep it by these, and answer many scenarios.
    `parts`: by currency; None where too few payments were made to fit anything."""

    parts: dict[str, Part | None]
    arms: pl.DataFrame


@dataclass(frozen=True)
class Part:
    floor: Floor
    panel: Panel
    sample: Sample
    hazard: Hazard
    draws: list[Hazard]
    checks: list[trust.Check]
    tested: list[trust.Backtest]
    scale: float
    """Debtors of the book by debtors drawn."""

    @property
    def failed(self) -> str:
        """The first check that was not passed, as a key of REFUSED; empty where all were."""
        gates = [each.check for each in self.checks if each.verdict in ("failed", "not_assessable")]
        return gates[0].split(" ")[0] if gates else ""


@dataclass(frozen=True)
class ModelAnswer:
    """`lines`: rung L2 (`low`, `high`: 95 % limits of the scenario's value, today's held; `confounding_*`: of the
    difference) or refused with the reason and the test that would answer it. Frames, each with `currency`:

    trust: check, value, low, high, wanted, verdict (passed, failed, not_assessable).
    backtest: measure (cash, cured), horizon_days, method (model, last_month, segment_mean), wape, bias, n_cells,
        actual, forecast.
    effects: estimate (naive_per_dial, adjusted), value (log-odds), low, high, e_value.
    dials: dials, n_spells, share_cured: the length-biased picture, shown to be disbelieved.
    confounding: measure, multiplier, difference.
    draws: measure, draw, difference: one row a bootstrap draw.
    path: day, measure (cash, cured, talks), today, scenario: the runs by day.
    arms: arm, n_accounts, n_paid, n_immature: a recorded random arm, where there is one (L3).
    """

    lines: tuple[Line, ...]
    trust: pl.DataFrame
    backtest: pl.DataFrame
    effects: pl.DataFrame
    dials: pl.DataFrame
    confounding: pl.DataFrame
    draws: pl.DataFrame
    path: pl.DataFrame
    arms: pl.DataFrame
    settings: ModelSettings
    period: tuple[date, date]
    seed: int


def fit(
    ask: Ask, *, period: tuple[date, date], settings: ModelSettings, seed: int, progress: Progress | None = None
) -> Fitted:
    """History read, model fitted with its bootstrap, checks run."""
    tell = progress or _silent
    tell("history", 0.0)
    first, last = max(period[1] - timedelta(days=settings.fit_days - 1), _log_start(ask)), period[1]
    found = whatif.overdue_spells(ask, from_date=first, to_date=last, permille=1000)
    n_debtors = found["debtor_key"].n_unique()
    permille = 1000 if n_debtors <= settings.most_debtors else max(1, 1000 * settings.most_debtors // n_debtors)
    drawn = found if permille == 1000 else whatif.overdue_spells(ask, from_date=first, to_date=last, permille=permille)
    happened = whatif.person_days(ask, from_date=first, to_date=last, permille=permille)
    holds = whatif.hard_holds(ask, from_date=first, to_date=last)
    arms = whatif.arms(ask, from_date=first, to_date=last, within_days=30, as_of=last)
    scale = n_debtors / max(drawn["debtor_key"].n_unique(), 1)
    parts: dict[str, Part | None] = {}
    for currency in sorted(found["currency"].unique().to_list()):
        spells = drawn.filter(pl.col("currency") == currency)
        parts[currency] = _part(spells, happened, holds, first, period, scale, settings, seed, tell)
    return Fitted(parts, arms.filter(pl.col("n_accounts") > 0))


def _part(
    spells: pl.DataFrame,
    happened: pl.DataFrame,
    holds: pl.DataFrame,
    first: date,
    period: tuple[date, date],
    scale: float,
    settings: ModelSettings,
    seed: int,
    tell: Progress,
) -> Part | None:
    tell("fit", 0.0)
    panel = build(spells, happened, first, period[1])
    if int(panel.paid.sum()) < settings.least_payments:
        return None
    start, end = (int((day - date(1970, 1, 1)).days) for day in period)
    held = _held(panel, holds, int(panel.day.min()), end)
    sample = sample_of(panel, seed)
    hazard = fit_hazard(sample, ridge=settings.ridge)
    tell("bootstrap", 0.0)
    draws = redrawn(sample, hazard, ridge=settings.ridge, draws=settings.draws, seed=seed)
    listed = trust.propensity(panel, ridge=settings.ridge, seed=seed)
    start = max(start, int(panel.day.min()))
    floor = learn(panel, listed, start, end, held[:, start - int(panel.day.min()) :], panel.day <= end)
    tell("backtest", 0.0)
    tested = trust.backtest(
        panel, held, last=end, horizons=settings.horizons, origins=settings.origins, ridge=settings.ridge, seed=seed
    )
    checks = [
        _gate(tested, settings),
        trust.placebo(panel, ridge=settings.ridge, seed=seed),
        trust.overlap(panel, listed, settings.propensity_low, settings.propensity_high, settings.least_overlap),
        trust.aimed(hazard, draws),
    ]
    return Part(floor, panel, sample, hazard, draws, checks, tested, scale)


def _gate(tested: list[trust.Backtest], settings: ModelSettings) -> trust.Check:
    """Cash of every horizon: nearer than both baselines, and without bias."""
    wanted = f"cash: below both baselines' error at each horizon, bias at most {settings.most_bias}"
    cash = {(each.horizon_days, each.method): each for each in tested if each.measure == "cash"}
    if not cash:
        return trust.Check("backtest", None, None, None, wanted, "not_assessable")
    horizons = sorted({horizon for horizon, _ in cash})
    beats = all(cash[h, "model"].wape < min(cash[h, "last_month"].wape, cash[h, "segment_mean"].wape) for h in horizons)
    bias = max((cash[h, "model"].bias for h in horizons), key=abs)
    is_right = beats and abs(bias) <= settings.most_bias
    return trust.Check("backtest", bias, None, None, wanted, "passed" if is_right else "failed")


def answer(
    ask: Ask,
    scenario: Scenario,
    *,
    today: Scenario,
    period: tuple[date, date],
    settings: ModelSettings,
    seed: int,
    progress: Progress | None = None,
    fitted: Fitted | None = None,
) -> ModelAnswer:
    """The scenario beside today. `fitted`: of `fit` with the same book, scope, period, settings and seed; made here
    where it is None."""
    tell = progress or _silent
    known = fitted or fit(ask, period=period, settings=settings, seed=seed, progress=progress)
    lines: list[Line] = []
    bands: list[dict[str, object]] = []
    drawn: list[dict[str, object]] = []
    path: list[dict[str, object]] = []
    mean = {name: _mean_calls(part) for name, part in known.parts.items()}
    for currency, part in known.parts.items():
        why = _why_not(part, scenario)
        if why or part is None:
            lines += [
                Line(
                    currency,
                    f"model_{n}",
                    u,
                    "refused",
                    reason=REFUSED[why or "few"] + TEST,
                    code=f"model_{why or 'few'}",
                )
                for n, u in MEASURES.items()
            ]
            continue
        sides = [_policy(each, sum(mean.values())) for each in (today, scenario)]
        found = _compare(part, sides[0], sides[1], settings, seed, tell)
        lines += _lines(currency, part, found)
        bands += [{"currency": currency, **row} for row in found["bands"]]
        drawn += [{"currency": currency, **row} for row in found["draws"]]
        path += [{"currency": currency, **row} for row in found["path"]]
    return ModelAnswer(
        tuple(lines),
        *_tables(known),
        table("confounding", bands),
        table("draws", drawn),
        table("path", path),
        known.arms,
        settings,
        period,
        seed,
    )


def _why_not(part: Part | None, scenario: Scenario) -> str:
    """Why nothing can be said, as a key of REFUSED; empty where it can."""
    if part is None:
        return "few"
    is_within_a_day = _cap(scenario) == (int(scenario.value("cap_max") or 0), 1)
    if scenario.is_set("cap_max") and is_within_a_day and scenario.value("cap_max"):
        return "cap"
    return part.failed


def _cap(scenario: Scenario) -> tuple[int, int] | None:
    n = scenario.value("cap_max")
    return None if n is None else (int(n), int(scenario.value("cap_days") or 1))


def _policy(scenario: Scenario, mean_calls: float) -> Policy:
    """Calls of all currencies in scope share what `calls_per_day` gives as they share today's."""
    calls = scenario.value("calls_per_day")
    capacity = 1.0 if calls is None else float(calls) / max(mean_calls, 1e-9)
    return Policy(
        capacity, _cap(scenario), ceil(int(scenario.value("wait_hours") or 0) / 24), str(scenario.value("priority"))
    )


def _mean_calls(part: Part | None) -> float:
    return 0.0 if part is None else float(part.floor.calls.mean()) * part.scale


def _compare(
    part: Part, today: Policy, other: Policy, settings: ModelSettings, seed: int, tell: Progress
) -> dict[str, Any]:
    """Both sides under the fit (several replicates), each draw (one replicate) and each multiplier."""

    def pair(hazard: Hazard, replicate: int) -> tuple[Outcome, Outcome]:
        one, two = (run_days(part.floor, hazard, each, seed=seed, replicate=replicate) for each in (today, other))
        return one, two

    def moved(both: tuple[Outcome, Outcome], name: str) -> float:
        return (both[1].total(name) - both[0].total(name)) * part.scale

    middle = []
    for replicate in range(settings.replicates):
        tell("simulate", replicate / (settings.replicates + settings.draws))
        middle.append(pair(part.hazard, replicate))
    draws = []
    for number, hazard in enumerate(part.draws):
        tell("simulate", (settings.replicates + number) / (settings.replicates + settings.draws))
        both = pair(hazard, 0)
        draws += [{"measure": name, "draw": number, "difference": moved(both, name)} for name in MEASURES]
    bands = []
    for times in settings.multipliers:
        both = pair(fit_hazard(part.sample, ridge=settings.ridge, multiplier=times), 0)
        bands += [{"measure": name, "multiplier": times, "difference": moved(both, name)} for name in MEASURES]
    sides = {
        name: [np.mean([getattr(each[side], name) for each in middle], axis=0) * part.scale for side in (0, 1)]
        for name in MEASURES
    }
    path = [
        {
            "day": date(1970, 1, 1) + timedelta(days=part.floor.first + at),
            "measure": name,
            "today": float(one),
            "scenario": float(two),
        }
        for name, (days, others) in sides.items()
        for at, (one, two) in enumerate(zip(days, others, strict=True))
    ]
    return {"sides": sides, "draws": draws, "bands": bands, "path": path}


def _lines(currency: str, part: Part, found: dict[str, Any]) -> list[Line]:
    lines = []
    for name, unit in MEASURES.items():
        one, two = (float(side.sum()) for side in found["sides"][name])
        spread = [row["difference"] for row in found["draws"] if row["measure"] == name]
        low, high = limits(two, np.array(spread))
        bands = [row["difference"] for row in found["bands"] if row["measure"] == name]
        lines.append(
            Line(
                currency,
                f"model_{name}",
                unit,
                "L2",
                one,
                two,
                low,
                high,
                min(bands),
                max(bands),
                n=len(np.unique(part.panel.spell)),
            )
        )
    return lines


def _tables(known: Fitted) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """trust, backtest, effects, dials."""
    checks: list[dict[str, object]] = []
    tested: list[dict[str, object]] = []
    effects: list[dict[str, object]] = []
    dials: list[dict[str, object]] = []
    for currency, part in known.parts.items():
        if part is None:
            continue
        checks += [{"currency": currency, **asdict(each)} for each in part.checks]
        tested += [{"currency": currency, **asdict(each)} for each in part.tested]
        middle = part.hazard.log_odds
        low, high = limits(middle, np.array([each.log_odds for each in part.draws]))
        effects.append(
            {
                "currency": currency,
                "estimate": "adjusted",
                "value": middle,
                "low": low,
                "high": high,
                "e_value": trust.e_value(middle),
            }
        )
        value, rows = trust.naive(part.panel)
        effects.append(
            {
                "currency": currency,
                "estimate": "naive_per_dial",
                "value": value,
                "low": None,
                "high": None,
                "e_value": None,
            }
        )
        dials += [{"currency": currency, **row} for row in rows]
    return table("trust", checks), table("backtest", tested), table("effects", effects), table("dials", dials)


def _held(panel: Panel, holds: pl.DataFrame, first: int, last: int) -> NDArray[np.bool_]:
    """Spells by day: on a hold that no scenario calls through."""
    held = np.zeros((len(panel.accounts), last - first + 1), dtype=np.bool_)
    places: dict[int, list[int]] = {}
    for place, account in enumerate(panel.accounts.tolist()):
        places.setdefault(account, []).append(place)
    for row in holds.iter_rows(named=True):
        since, until = ((row[name] - date(1970, 1, 1)).days - first for name in ("from_on", "to_on"))
        for place in places.get(row["account_key"], ()):
            held[place, max(since, 0) : max(until + 1, 0)] = True
    return held


def _log_start(ask: Ask) -> date:
    known: date = compliance.judged_days(ask).row(0, named=True)["first_day"]
    return known


def _silent(step: str, share: float) -> None:
    """No one listens."""
