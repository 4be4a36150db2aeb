"""The scenario beside today: both sides run under the fit, each bootstrap draw and each assumption on the effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from duewatch.whatif import model_checks as trust
from duewatch.whatif.answer_frames import table
from duewatch.whatif.call_policy import ALL_HOURS, Policy
from duewatch.whatif.hazard import Hazard, fit_hazard, limits
from duewatch.whatif.hidden_confounder import HiddenFactor
from duewatch.whatif.model_types import CAPPED, MEASURES, TEST, WARNED, Fitted, ModelSettings, Part, Progress
from duewatch.whatif.payment_amounts import amounts_of
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario
from duewatch.whatif.simulation import Outcome, Run, run_days
from duewatch.whatif.simulation_inputs import SimulationInputs

ASSUMPTIONS = {0.0: "none", 0.5: "half", 1.0: "whole"}
FACTOR, CAP_TOLD_LESS = "hidden_factor", "cap_told_less"
Means = dict[str, tuple[np.ndarray, np.ndarray]]
Rows = list[dict[str, object]]
Limit = tuple[int, int]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Compared:
    """By measure: today and scenario by day; rows of the answer's frames."""

    sides: Means
    draws: Rows
    bands: Rows
    path: Rows


@dataclass(frozen=True)
class Sides:
    """`limit`: of today's cap, by which both sides' calls are judged."""

    part: Part
    today: Policy
    other: Policy
    limit: Limit | None
    seed: int

    def run_as(self, model: Hazard | HiddenFactor, replicate: int) -> tuple[Outcome, ...]:
        """Under the adjusted model, or the one with a hidden factor."""
        if isinstance(model, Hazard):
            return self.run(model, replicate)
        return self.run(model.hazard, replicate, replace(self.part.inputs, listed=model.listed), hidden=model)

    def run(
        self, hazard: Hazard, replicate: int, inputs: SimulationInputs | None = None, **more: object
    ) -> tuple[Outcome, ...]:
        how = replace(Run(self.seed, replicate, self.limit), **more)  # type: ignore[arg-type]
        return tuple(run_days(inputs or self.part.inputs, hazard, each, how) for each in (self.today, self.other))

    def moved(self, both: tuple[Outcome, ...], name: str) -> float:
        return (both[1].total(name) - both[0].total(name)) * self.part.scale


def policy_of(scenario: Scenario, mean_calls: float) -> Policy:
    """Calls of all currencies in scope share what `calls_per_day` gives as they share today's."""
    calls = scenario.value("calls_per_day")
    hours = tuple(int(scenario.value(name) or usual) for name, usual in zip(HOURS, ALL_HOURS, strict=True))
    return Policy(
        capacity=1.0 if calls is None else float(calls) / max(mean_calls, 1e-9),
        cap=cap_of(scenario),
        wait_days=-(-int(scenario.value("wait_hours") or 0) // 24),
        order=str(scenario.value("priority")),
        hours=(hours[0], hours[1]),
        closed_hours=str(scenario.value("closed_hours")),
        hold_dispute_days=int(scenario.value("hold_dispute_days") or 0),
        hold_promise_days=int(scenario.value("hold_promise_days") or 0),
    )


HOURS = ("hours_from", "hours_to")


def cap_of(scenario: Scenario) -> Limit | None:
    n = scenario.value("cap_max")
    return None if n is None else (int(n), int(scenario.value("cap_days") or 1))


def mean_calls(part: Part | None) -> float:
    return 0.0 if part is None else float(part.inputs.calls.mean()) * part.scale


def compare(sides: Sides, settings: ModelSettings, tell: Progress) -> Compared:
    """The fit (several replicates), each draw (one replicate) and each assumption."""
    part, n = sides.part, settings.replicates + settings.draws
    middle, drawn = [], []
    for replicate in range(settings.replicates):
        tell("simulate", replicate / n)
        middle.append(sides.run_as(part.leading, replicate))
    for number, drawn_as in enumerate(part.leading_draws[: settings.draws]):
        tell("simulate", (settings.replicates + number) / n)
        both = sides.run_as(drawn_as, 0)
        drawn += [{"measure": name, "draw": number, "difference": sides.moved(both, name)} for name in MEASURES]
    bands: Rows = [
        {
            "measure": name,
            "assumption": assumption,
            "multiplier": times,
            "difference": float(np.mean([sides.moved(each, name) for each in both])),
        }
        for assumption, times, both in _assumed(sides, settings)
        for name in MEASURES
    ]
    bands += [row for name in MEASURES for row in twice(bands, name)]
    means = {
        name: (
            np.mean([each[0].path(name) for each in middle], axis=0) * part.scale,
            np.mean([each[1].path(name) for each in middle], axis=0) * part.scale,
        )
        for name in MEASURES
    }
    bands += _further(sides, settings, means)
    return Compared(means, drawn, bands, list(_path(part.inputs.first, means)))


def _assumed(sides: Sides, settings: ModelSettings) -> Iterator[tuple[str, float | None, list[tuple[Outcome, ...]]]]:
    """Both sides under each assumption, as often as the line itself is run, so that its point lies in the band."""
    part, runs = sides.part, range(settings.replicates)
    for times in settings.multipliers:
        hazard = fit_hazard(part.sample, ridge=settings.ridge, multiplier=times)
        inputs = replace(part.inputs, amounts=amounts_of(part.panel, _paid_by(part), multiplier=times))
        yield ASSUMPTIONS.get(times, f"times {times:g}"), times, [sides.run(hazard, n, inputs) for n in runs]
    if part.hidden is not None:
        yield FACTOR, None, [sides.run_as(part.hidden, n) for n in runs]


def _paid_by(part: Part) -> Bools:
    return np.asarray(part.panel.until(part.inputs.last) & (part.panel.paid > 0))


def twice(bands: Rows, measure: str) -> Rows:
    """The shift that the hidden factor makes, taken twice: it is fitted on what the log tells of it, and that is
    little."""
    told = {row["assumption"]: float(str(row["difference"])) for row in bands if row["measure"] == measure}
    if FACTOR not in told or "whole" not in told:
        return []
    far = 2 * told[FACTOR] - told["whole"]
    return [{"measure": measure, "assumption": f"{FACTOR}_twice", "multiplier": None, "difference": far}]


def _further(sides: Sides, settings: ModelSettings, means: Means) -> Rows:
    """How far cured accounts may change under a cap, or other calls a day, of which the model tells too little."""
    if sides.other.cap is None and sides.other.capacity == sides.today.capacity:
        return []
    one, two = (float(side.sum()) for side in means["cured"])
    row = {"measure": "cured", "assumption": CAP_TOLD_LESS, "multiplier": None}
    return [row | {"difference": (two - one) / settings.cap_told}]


def _path(first: int, means: Means) -> Iterator[dict[str, object]]:
    for name, (days, others) in means.items():
        for at, (one, two) in enumerate(zip(days, others, strict=True)):
            day = date(1970, 1, 1) + timedelta(days=first + at)
            yield {"day": day, "measure": name, "today": float(one), "scenario": float(two)}


def lines_of(currency: str, part: Part, found: Compared, warned: str = "") -> list[Line]:
    """`warned`: key of WARNED or CAPPED, told beside each line."""
    reason, code = ((WARNED | CAPPED)[warned] + TEST, f"model_warned_{warned}") if warned else ("", "")
    fit = part.rests_on
    lines = []
    for name, unit in MEASURES.items():
        one, two = (float(side.sum()) for side in found.sides[name])
        low, high = limits(two, np.array([row["difference"] for row in found.draws if row["measure"] == name]))
        bands = [float(str(row["difference"])) for row in found.bands if row["measure"] == name]
        line = Line(
            currency, f"model_{name}", unit, "L2", one, two, low, high, min(bands), max(bands), fit.account_days
        )
        lines.append(replace(line, n_of="account_days", fit=fit, reason=reason, code=code))
    return lines


def tables(fitted: Fitted) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """trust, backtest, effects, dials."""
    rows: dict[str, Rows] = {name: [] for name in ("trust", "backtest", "effects", "dials")}
    for currency, part in fitted.parts.items():
        if part is None:
            continue
        slope, dials = trust.naive(part.panel)
        told = {
            "trust": [asdict(each) for each in part.checks],
            "backtest": [asdict(each) for each in part.tested],
            "effects": [*effects(part), _effect("naive_per_dial", slope)],
            "dials": dials,
        }
        for name, some in told.items():
            rows[name] += [{"currency": currency, **row} for row in some]
    return tuple(table(name, some) for name, some in rows.items())  # type: ignore[return-value]


def effects(part: Part) -> Rows:
    """Of a talk on each of the three days after it: adjusted, with one hidden factor, and the band of both."""
    middle = part.hazard.log_odds
    low, high = limits(middle, np.array([each.log_odds for each in part.draws]))
    found = [_effect("adjusted", middle, low, high, trust.e_value(middle))]
    if part.hidden is not None:
        found.append(_effect(FACTOR, part.hidden.value, part.hidden.low, part.hidden.high))
    ends = [0.0, *(float(str(row[name])) for row in found for name in ("low", "high"))]
    return [*found, _effect("band", None, min(ends), max(ends))]


def _effect(
    estimate: str,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    e_value: float | None = None,
) -> dict[str, object]:
    return {"estimate": estimate, "value": value, "low": low, "high": high, "e_value": e_value}
