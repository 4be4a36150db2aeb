"""L2: what the levers that change who is called would bring in, by an adjusted model that says how far to trust it.

Every call: the book's overdue spells day by day (person_days), a daily hazard of paying given who was reached (hazard),
the days run again under today's and the scenario's levers with the same random numbers (simulation), and the checks
that decide whether the answer stands or is refused (model_checks, backtest). No clock; the same seed gives the same
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from duewatch.compliance.packs import load_packs
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.whatif import caps
from duewatch.whatif.answer_frames import table
from duewatch.whatif.arm_checks import arm_lines
from duewatch.whatif.counterfactual import Limit, Rows, Sides, cap_of, compare, lines_of, mean_calls, policy_of, tables
from duewatch.whatif.model_fit import fit, silent
from duewatch.whatif.model_types import (
    LEVERS_OF_THE_MODEL,
    MEASURES,
    REFUSED,
    TEST,
    Fitted,
    ModelAnswer,
    ModelSettings,
    Part,
    Progress,
)
from duewatch.whatif.result import Counting, Line
from duewatch.whatif.scenario import Scenario

__all__ = [
    "LEVERS_OF_THE_MODEL",
    "MEASURES",
    "REFUSED",
    "Fitted",
    "ModelAnswer",
    "ModelSettings",
    "Part",
    "Progress",
    "answer",
    "fit",
]
DAYS_OF = {"local_date": 1, "day": 1, "week": 7, "month": 30}


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
    counted: Mapping[str, Counting] | None = None,
) -> ModelAnswer:
    """The scenario beside today. `counted`: of `counting_gap.counting_by_currency`, for the breaches. `fitted`:
    of `fit` with the same book, scope, period, settings and seed; made here where it is None."""
    fit_used = fitted or fit(ask, period=period, settings=settings, seed=seed, progress=progress)
    rows: dict[str, Rows] = {"confounding": [], "draws": [], "path": []}
    calls, limit = sum(mean_calls(part) for part in fit_used.parts.values()), limit_of(today)
    lines: list[Line] = []
    for currency, part in fit_used.parts.items():
        why = {name: _why_not(part, scenario, settings, name) for name in MEASURES}
        refused = {name: _refused(currency, name, unit, why[name]) for name, unit in MEASURES.items() if why[name]}
        if part is None or len(refused) == len(MEASURES):
            lines += refused.values()
        else:
            sides = Sides(part, policy_of(today, calls), policy_of(scenario, calls), limit, seed)
            comparison = compare(sides, settings, progress or silent)
            new_lines = lines_of(currency, part, comparison, _warning_key(part.warned_by(settings), scenario))
            lines += [
                refused.get(name, replace(line, counting=(counted or {}).get(currency)) if name == "breaches" else line)
                for name, line in zip(MEASURES, new_lines, strict=True)
            ]
            for name, new_rows in zip(rows, (comparison.bands, comparison.draws, comparison.path), strict=True):
                rows[name] += [{"currency": currency, **row} for row in new_rows if row["measure"] not in refused]
        lines += arm_lines(currency, _of(fit_used.arms, currency))
    confounding, draws, path = (table(name, new_rows) for name, new_rows in rows.items())
    checks, tested, effects, dials = tables(fit_used)
    return ModelAnswer(
        tuple(lines), checks, tested, effects, dials, confounding, draws, path, fit_used.arms, settings, period, seed
    )


def limit_of(today: Scenario) -> Limit | None:
    """Calls in so many dates that today's cap allows; None where it does not count in days."""
    limit = caps.cap_of(load_packs(), today, Settings()).limit
    days = DAYS_OF.get(limit.window.unit)
    return None if days is None else (limit.max_count, days * limit.window.length)


def _of(arms: pl.DataFrame, currency: str) -> pl.DataFrame:
    return arms.filter(pl.col("currency") == currency)


def _refused(currency: str, measure: str, unit: str, why: str) -> Line:
    return Line(currency, f"model_{measure}", unit, "refused", reason=REFUSED[why] + TEST, code=f"model_{why}")


def _warning_key(warned: str, scenario: Scenario) -> str:
    """Key of what is told beside a line that is shown: a failed check that allows it, and what a cap leaves open."""
    if cap_of(scenario) is None:
        return warned
    return f"{warned}_cap" if warned else "cap"


def _why_not(part: Part | None, scenario: Scenario, settings: ModelSettings, measure: str) -> str:
    """Why nothing can be said of a measure, as a key of REFUSED; empty where it can."""
    if part is None:
        return "few"
    cap = cap_of(scenario)
    if cap is not None and cap[0] and cap[1] == 1:
        return "cap"
    return part.refused_by(settings, measure)
