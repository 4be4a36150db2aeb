"""The answer to one scenario or several as plain values, for JSON: the same figures that the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from duewatch.books.published import Book
from duewatch.compliance.pack_types import Pack
from duewatch.contract.errors import DuewatchError, ScenarioError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.settings import Settings
from duewatch.whatif import arms, cap_grid, caps, run_off, segments, tradeoff
from duewatch.whatif.comparison import LETTERS, MOST, Row, side_by_side
from duewatch.whatif.experiment import LEAST_WEEKS, Arm, ReadOut
from duewatch.whatif.model import ModelAnswer, Progress
from duewatch.whatif.projection import Change, Score
from duewatch.whatif.query_session import ScenarioInputs, inputs_of, open_session, snapshot_of
from duewatch.whatif.result import Report
from duewatch.whatif.scenario import Scenario
from duewatch.whatif.scenario_run import model_answer, report

Values = dict[str, Any]
BANDS = ("low_95", "low_80", "high_80", "high_95")


@dataclass(frozen=True)
class Sections:
    """What is asked beside the lines. Each takes time, so none comes unasked."""

    arms: bool = False
    grid: bool = False
    run_off: bool = False
    model: bool = False
    within_days: int = 30
    """Payments within so many days of the assignment, for the arms."""
    by: str = "product"
    """Segments of the run-off: product or branch."""


@dataclass(frozen=True)
class ScenarioReport:
    letter: str
    scenario: Scenario
    report: Report
    """Its lines; those of the model too."""
    sections: Values
    """Those that were asked for, by name."""


def answers(
    book: Book,
    packs: Mapping[str, Pack],
    scenarios: Sequence[Scenario],
    sections: Sections,
    *,
    settings: Settings,
    progress: Progress | None = None,
) -> list[ScenarioReport]:
    """Every scenario over one reading of the book. Raises ScenarioError, RuleError, QueryError."""
    if not 1 <= len(scenarios) <= MOST:
        raise localised_error(ScenarioError, "how_many", n=len(scenarios), most=MOST)
    with open_session(book, settings) as session:
        return [
            _answer(letter, book, scenario, sections, inputs_of(packs, settings, session, scenario), progress)
            for letter, scenario in zip(LETTERS, scenarios, strict=False)
        ]


def _answer(
    letter: str, book: Book, scenario: Scenario, sections: Sections, inputs: ScenarioInputs, progress: Progress | None
) -> ScenarioReport:
    answer = report(book, inputs.packs, scenario, inputs.session, inputs.settings)
    as_of = snapshot_of(inputs.ask, inputs.period[1])
    currencies = list(dict.fromkeys(line.currency for line in answer.lines))
    values: Values = {}
    if sections.arms:
        day = as_of or inputs.period[1]
        values["arms"] = [arms_values(inputs, day, currency, sections.within_days) for currency in currencies]
    if sections.grid:
        values["grid"] = [grid_values(inputs, scenario, currency) for currency in currencies]
    if sections.run_off:
        values["run_off"] = [run_off_values(inputs, scenario, as_of, name, sections.by) for name in currencies]
    if sections.model:
        modelled = model_answer(inputs, scenario, progress=progress)
        answer = replace(answer, lines=(*answer.lines, *modelled.lines))
        values["model"] = model_values(modelled)
    return ScenarioReport(letter, scenario, answer, values)


def as_values(reports: Sequence[ScenarioReport]) -> Values:
    """One scenario as it stands; several as a list, with their lines side by side."""
    if len(reports) == 1:
        return report_values(reports[0])
    rows = side_by_side([(report.letter, report.report.lines) for report in reports])
    letters = [report.letter for report in reports]
    return {
        "scenarios": [{"letter": report.letter, **report_values(report)} for report in reports],
        "compared": [_row(row, letters) for row in rows],
    }


def report_values(answer: ScenarioReport) -> Values:
    """Days and amounts as plain values."""
    scenario, stamp = answer.scenario, answer.report.stamp
    return {
        "scenario": {"title": scenario.title, "author": scenario.author, "levers": dict(scenario.levers)},
        "stamp": asdict(stamp) | {"packs": dict(stamp.packs)},
        "lines": answer.report.frame().to_dicts(),
        **answer.sections,
    }


def _row(row: Row, letters: Sequence[str]) -> Values:
    """`today` is null where the scenarios are not compared with one thing; each line then says with what."""
    values: Values = {"currency": row.currency, "measure": row.measure, "unit": row.first.unit, "today": row.today}
    for letter in letters:
        line = row.lines.get(letter)
        values[letter] = line and {"scenario": line.scenario, "difference": line.difference, "rung": line.rung}
    return values


def model_values(answer: ModelAnswer) -> Values:
    """What the model's answer rests on: its checks, its past forecasts, its settings."""
    names = ("trust", "backtest", "effects", "dials", "confounding", "arms")
    tables = {name: getattr(answer, name).to_dicts() for name in names}
    return {"settings": asdict(answer.settings), "seed": answer.seed, **tables}


def arms_values(inputs: ScenarioInputs, as_of: date, currency: str, within_days: int) -> Values:
    """The recorded arms, each against the largest, and the sizes of another test. A difference is None where the
    arms' sizes do not fit the split that was meant."""
    recorded = arms.recorded_arms(inputs.ask, as_of, currency, within_days)
    values: Values = {"currency": currency, "as_of": as_of, "within_days": within_days}
    values["arms"] = [_arm(arm) for arm in recorded.arms]
    values["n_immature"] = int(recorded.frame["n_immature"].sum())
    values["read_outs"] = [_read_out(*read_out) for read_out in arms.read_outs(recorded)]
    if len(recorded.arms) < 2:
        values["reason"] = (
            "no two arms are recorded; hold a random 2-5 % of accounts out from now on and record the arm"
        )
    return values | {"sizes": [asdict(size) for size in arms.sizes(recorded)], "least_weeks": LEAST_WEEKS}


def _arm(arm: Arm) -> Values:
    paid = arm.proportion
    return {
        "arm": arm.name,
        "n_accounts": arm.n,
        "n_paid": arm.n_outcome,
        "share_paid": paid.share,
        "low": paid.low,
        "high": paid.high,
    }


def _read_out(arm: Arm, meant_share: float, read_out: ReadOut) -> Values:
    change = read_out.change if read_out.is_split_right else None
    return {
        "arm": arm.name,
        "meant_share": meant_share,
        "p_split": read_out.p_split,
        "is_split_right": read_out.is_split_right,
        "difference": change and change.value,
        "low": change and change.low,
        "high": change and change.high,
        "is_evident": change and change.is_evident,
        "n_more_wanted": read_out.n_wanted,
    }


def grid_values(inputs: ScenarioInputs, scenario: Scenario, currency: str) -> Values:
    """The 300 caps with their two counts, today's cap, the scenario's, and the walls; or the reason why not."""
    period = inputs.period
    values: Values = {"currency": currency, "from": period[0], "to": period[1]}
    try:
        cap = cap_grid.today_on(inputs.packs, scenario, inputs.settings)
    except DuewatchError as error:
        return values | {"reason": error.sentence, "cells": [], "walls": [], "left": []}
    cell = cap_grid.cell_of(scenario)
    walls = cap_grid.walls(inputs.packs, inputs.settings, currency)
    contacts = caps.contacts_of(inputs.session.whole, cap, period)
    scope = inputs.session.scope.narrowed(currencies=(currency,))
    return values | {
        "rule": cap.compiled_rule.rule.id,
        "today": {"max_count": cap.limit.max_count, "window_days": cap.limit.window.length},
        "scenario": cell and {"max_count": cell[0], "window_days": cell[1]},
        "cells": caps.frontier(contacts, scope, period).to_dicts(),
        "walls": [_wall(wall) for wall in walls],
        "left": [
            {"law": wall.rule_id, "points": _left(tradeoff.counted_points(contacts, scope, period, wall.dates, {}))}
            for wall in walls
            if wall.dates
        ],
    }


def _left(points: Sequence[tradeoff.Point]) -> list[Values]:
    """The contacts that each cap leaves, and how many of them still break the law; no cap first."""
    return [
        {
            "max_count": point.cap and point.cap[0],
            "window_days": point.cap and point.cap[1],
            "contacts_left": int(point.n_contacts),
            "breaches_left": point.n_over,
        }
        for point in points
    ]


def _wall(wall: cap_grid.LawWall) -> Values:
    steps = [{"window_days": days, "max_count": most} for days, most in wall.steps]
    return {"rule": wall.rule_id, "title": wall.title_en, "title_zh": wall.title_zh, "safe_up_to": steps}


def run_off_values(inputs: ScenarioInputs, scenario: Scenario, as_of: date | None, currency: str, by: str) -> Values:
    """Twelve months from a snapshot, as things go and with the scenario's multipliers, by month, bucket and segment;
    and how the same projection did on past months."""
    pairs, change = run_off.pairs_of(inputs.ask, as_of, currency), run_off.change_of(scenario)
    history, seed = run_off.history_from(pairs), scenario.seed
    values: Values = {"currency": currency, "as_of": as_of, "cure_times": change.cure, "roll_times": change.roll}
    values["by_bucket"] = [
        {"bucket": pairs.buckets[number], "cure_times": cure, "roll_times": roll}
        for number, cure, roll in change.by_bucket
    ]
    if not history.is_long_enough:
        empty: Values = {"months": [], "buckets": [], "backtest": [], "segments": []}
        return values | {"reason": history.why_too_short} | empty
    today = run_off.run_of(history, Change(), seed)
    changed = today if change == Change() else run_off.run_of(history, change, seed)
    months = [run_off.month_end(history.days[-1], number + 1) for number in range(run_off.HORIZON)]
    values |= {"months": _months(months, today, changed), "buckets": _buckets(months, pairs.buckets, today, changed)}
    values |= _backtest(run_off.scores_of(history, seed)) | {"segmented_by": by}
    return values | {"segments": _segments(segments.segments_of(pairs, by), pairs.buckets, change, seed)}


def _months(months: Sequence[date], today: run_off.Run, changed: run_off.Run) -> list[Values]:
    return [
        {
            "month": month,
            "measure": measure,
            "today": before,
            "scenario": after,
            **{band: float(changed.bands[measure][band][number]) for band in BANDS},
        }
        for measure in run_off.MEASURES
        for number, (month, before, after) in enumerate(
            zip(months, run_off.by_month(today, measure), run_off.by_month(changed, measure), strict=True)
        )
    ]


def _buckets(months: Sequence[date], names: Sequence[str], today: run_off.Run, changed: run_off.Run) -> list[Values]:
    """Balance by bucket at the end of each month."""
    return [
        {
            "month": month,
            "bucket": name,
            "today": float(today.path.balances[number, bucket]),
            "scenario": float(changed.path.balances[number, bucket]),
        }
        for number, month in enumerate(months, start=1)
        for bucket, name in enumerate(names)
    ]


def _backtest(scores: list[Score]) -> Values:
    return {"backtest": [asdict(score) for score in scores], "backtest_verdict": run_off.verdict(scores)}


def _segments(parts: segments.Segments, buckets: Sequence[str], change: Change, seed: int) -> list[Values]:
    """Each segment after twelve months, then their sum (segment null) to lay beside the whole book."""
    today, changed = (segments.project(parts, side, seed) for side in (Change(), change))
    scores = segments.backtests(parts, seed)
    rows: list[Values] = [
        {
            "segment": name,
            "overdue_now": float(history.starts[-1][1:].sum()),
            "own_weight": dict(zip(buckets, parts.weights[name].tolist(), strict=True)),
            **_year(today.parts[name], changed.parts[name]),
            **_backtest(scores[name]),
        }
        for name, history in parts.parts.items()
    ]
    overdue = sum(row["overdue_now"] for row in rows)
    total = _year(today.total, changed.total) | _backtest(scores[""])
    return [*rows, {"segment": None, "overdue_now": overdue, **total}]


def _year(today: run_off.Run, changed: run_off.Run) -> Values:
    return {
        measure: {
            "today": run_off.at_horizon(today, measure),
            "scenario": run_off.at_horizon(changed, measure),
            **{band: float(changed.bands[measure][band][-1]) for band in BANDS},
        }
        for measure in run_off.MEASURES
    }
