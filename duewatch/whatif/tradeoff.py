"""What each cap costs and keeps: contacts left, their cost, breaches left, and recovery where the model stands.

Counted (L0): the contacts that enforcing a cap would have let through, and those of them past a limit of law. Modelled
(L2): the same caps at several capacities through the model's own door, one fit for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from duewatch.compliance import policy_recount as recount
from duewatch.contract.scope import Scope
from duewatch.engines import Ask
from duewatch.whatif.arithmetic import cost_of
from duewatch.whatif.caps import arrays, day_number, in_scope, mark_stopped
from duewatch.whatif.query_session import Period
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import REPORTING_LEVERS, Scenario

NUMBERS, WINDOWS = (1, 2, 3, 4, 5, 6, 8, 10), (1, 3, 7, 14, 30)
"""Caps that are counted: contacts, and dates."""
MODEL_NUMBERS, MODEL_WINDOWS, CAPACITIES = (1, 2, 4, 8), (7, 30), (0.7, 1.0, 1.3)
"""Those that are modelled, and today's calls a day times these. The model moves whole days: no window of one date."""
FEW_DRAWS = 8
Limit = tuple[int, int]
"""Contacts, and in how many dates."""


@dataclass(frozen=True)
class Point:
    """What one cap at one capacity keeps and costs."""

    cap: Limit | None  # None: none enforced
    calls: int | None  # calls a day; None: as today
    n_contacts: float  # left under the cap
    n_over: int | None = None  # of these past the limit of law
    cost: float | None = None
    cash: float | None = None  # recovery; None where it is not modelled
    low: float | None = None  # 95 % limits of the recovery
    high: float | None = None


def counted_points(
    contacts: pl.DataFrame, scope: Scope, period: Period, law: Limit, prices: Mapping[str, float | None]
) -> list[Point]:
    """No cap, then every one of NUMBERS in WINDOWS. `law`: contacts allowed in so many trailing dates. `prices`:
    per_contact, per_hour and minutes (a call), each None where it is not known."""
    days, place = arrays(contacts)
    scopes = np.cumsum(place == 1)
    counts = in_scope(contacts, scope, period)
    is_call = (contacts["channel"] == "call").to_numpy()
    begins = day_number(period[0])
    caps = [None, *((n, width) for width in WINDOWS for n in NUMBERS)]
    points = []
    for cap in caps:
        is_left = np.ones(len(days), dtype=bool)
        if cap is not None:
            most, widths = (np.full(len(days), number, dtype=np.int64) for number in cap)
            is_left = ~mark_stopped(days, place, most, widths, begins)
        over = np.zeros(len(days), dtype=bool)
        over[is_left] = recount.counted_over(days[is_left], _places(scopes[is_left]), *law)
        n, n_calls = int((is_left & counts).sum()), int((is_left & counts & is_call).sum())
        points.append(Point(cap, None, float(n), int((over & counts).sum()), cost_of(n, n_calls, prices)))
    return points


def _places(scopes: Any) -> Any:
    """1 for the first of its scope, 2 for the next; scopes lie together."""
    starts = np.flatnonzero(np.diff(scopes, prepend=-1))
    lengths = np.diff(np.append(starts, len(scopes)))
    return np.arange(1, len(scopes) + 1) - np.repeat(starts, lengths)


def best_point(points: Sequence[Point]) -> Point | None:
    """Of the points without a breach left, the one that keeps most contacts, or brings in most where that is told."""
    clean = [point for point in points if point.n_over == 0]
    return max(clean, key=lambda point: (point.cash or 0.0, point.n_contacts), default=None)


def to_model(scenario: Scenario, calls_today: int | None) -> list[Scenario]:
    """The scenarios to ask the model for, today's own way of calling first."""
    reporting = {name: value for name, value in scenario.levers if name in REPORTING_LEVERS}
    caps: list[Limit | None] = [None, *((n, width) for width in MODEL_WINDOWS for n in MODEL_NUMBERS)]
    scenarios = []
    for times in CAPACITIES if calls_today else (1.0,):
        for cap in caps:
            levers = dict(reporting)
            if cap is not None:
                levers |= {"cap_max": cap[0], "cap_days": cap[1]}
            if times != 1.0:
                levers["calls_per_day"] = round((calls_today or 0) * times)
            if len(levers) > len(reporting):
                scenarios.append(replace(scenario, title="", levers=tuple(sorted(levers.items()))))
    return scenarios


def few_draws(fitted: Any) -> Any:
    """The same fit with fewer draws: each point of a picture needs its limits less exactly than an answer does."""
    parts = {name: part and replace(part, draws=part.draws[:FEW_DRAWS]) for name, part in fitted.parts.items()}
    return replace(fitted, parts=parts)


def modelled_points(
    model: ModuleType,
    ask: Ask,
    fitted: Any,
    scenarios: Sequence[Scenario],
    currency: str,
    period: tuple[date, date],
    tell: Callable[[float], None],
) -> tuple[list[Point], Line | None]:
    """Points with recovery; or none, and the line that refuses the first. `tell`: the share done; what it raises stops
    the work."""
    fit_with_few_draws = few_draws(fitted)
    quick = replace(
        model.ModelSettings(), replicates=1, draws=FEW_DRAWS, multipliers=(1.0,), hidden_judgement="refuse"
    )  # a point has no place for a band of confounding
    points: list[Point] = []
    for number, scenario in enumerate(scenarios):
        tell(number / len(scenarios))
        answer = model.answer(
            ask,
            scenario,
            today=scenario.today,
            period=period,
            settings=quick,
            seed=scenario.seed,
            fitted=fit_with_few_draws,
            progress=lambda _step, _done: None,
        )
        lines = {line.measure: line for line in answer.lines if line.currency == currency}
        refused = next((lines[name] for name in LINES_DRAWN if lines[name].rung == "refused"), None)
        if refused:
            return [], refused
        if not points:
            points.append(_point(lines, None, None, is_today=True))
        levers = dict(scenario.levers)
        cap = (int(levers["cap_max"]), int(levers["cap_days"])) if "cap_max" in levers else None
        calls = int(levers["calls_per_day"]) if "calls_per_day" in levers else None
        points.append(_point(lines, cap, calls))
    tell(1.0)
    return points, None


LINES_DRAWN = ("model_cash", "model_talks")
"""Lines of the model that a point is drawn from."""


def _point(lines: Mapping[str, Line], cap: Limit | None, calls: int | None, *, is_today: bool = False) -> Point:
    cash, talks, over = lines["model_cash"], lines["model_talks"], lines.get("model_breaches")

    def side(line: Line) -> float | None:
        return line.today if is_today else line.scenario

    n_over = None if over is None or side(over) is None else round(side(over) or 0.0)
    limits = (None, None) if is_today else (cash.low, cash.high)
    return Point(cap, calls, side(talks) or 0.0, n_over, None, side(cash), *limits)
