"""The answer to one scenario or several as plain values, for JSON: the same figures that the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from duewatch.books.published import Book
from duewatch.compliance.pack_types import Pack
from duewatch.contract.errors import ScenarioError
from duewatch.contract.localised_errors import localised_error
from duewatch.contract.settings import Settings
from duewatch.whatif import counting_gap as counting
from duewatch.whatif import model
from duewatch.whatif import report_sections as sections
from duewatch.whatif import scenario_run as run
from duewatch.whatif.comparison import LETTERS, MOST, Row, side_by_side
from duewatch.whatif.model import ModelAnswer, ModelSettings, Progress
from duewatch.whatif.query_session import QuerySession, asking, period_of, snapshot_of
from duewatch.whatif.result import Report
from duewatch.whatif.scenario import Scenario

Values = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is asked beside the lines; each takes its time, so none comes unasked."""

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
    """A scenario with its lines (those of the model too) and the sections that were asked for."""

    letter: str
    scenario: Scenario
    report: Report
    sections: Values


def answers(
    book: Book,
    packs: Mapping[str, Pack],
    scenarios: Sequence[Scenario],
    wanted: Wanted,
    *,
    settings: Settings,
    progress: Progress | None = None,
) -> list[ScenarioReport]:
    """Every scenario over one reading of the book. Raises ScenarioError, RuleError, QueryError."""
    if not 1 <= len(scenarios) <= MOST:
        raise localised_error(ScenarioError, "how_many", n=len(scenarios), most=MOST)
    with asking(book, settings) as asks:
        return [
            _answer(letter, book, packs, each, wanted, asks, settings, progress)
            for letter, each in zip(LETTERS, scenarios, strict=False)
        ]


def _answer(
    letter: str,
    book: Book,
    packs: Mapping[str, Pack],
    scenario: Scenario,
    wanted: Wanted,
    asks: QuerySession,
    settings: Settings,
    progress: Progress | None,
) -> ScenarioReport:
    report = run.report(book, packs, scenario, asks, settings)
    period = period_of(asks.scoped, scenario)
    as_of = snapshot_of(asks.scoped, period[1])
    currencies = list(dict.fromkeys(line.currency for line in report.lines))
    told: Values = {}
    if wanted.arms:
        told["arms"] = [sections.arms_told(asks, as_of or period[1], each, wanted.within_days) for each in currencies]
    if wanted.grid:
        told["grid"] = [sections.grid_told(asks, packs, scenario, settings, period, each) for each in currencies]
    if wanted.run_off:
        told["run_off"] = [sections.run_off_told(asks, scenario, as_of, each, wanted.by) for each in currencies]
    if wanted.model:
        said = model.answer(
            asks.scoped,
            scenario,
            today=scenario.today,
            period=period,
            settings=ModelSettings(),
            seed=scenario.seed,
            progress=progress,
            counted=counting.counted(asks, packs, scenario, settings, period),
        )
        report = replace(report, lines=(*report.lines, *said.lines))
        told["model"] = model_told(said)
    return ScenarioReport(letter, scenario, report, told)


def as_values(found: Sequence[ScenarioReport]) -> Values:
    """One scenario as it stands; several as a list, with their lines side by side."""
    if len(found) == 1:
        return one_told(found[0])
    rows = side_by_side([(each.letter, each.report.lines) for each in found])
    letters = [each.letter for each in found]
    return {
        "scenarios": [{"letter": each.letter, **one_told(each)} for each in found],
        "compared": [_row(row, letters) for row in rows],
    }


def one_told(answer: ScenarioReport) -> Values:
    """Days and amounts as plain values."""
    scenario, stamp = answer.scenario, asdict(answer.report.stamp)
    stamp["packs"] = dict(answer.report.stamp.packs)
    return {
        "scenario": {"title": scenario.title, "author": scenario.author, "levers": dict(scenario.levers)},
        "stamp": stamp,
        "lines": answer.report.frame().to_dicts(),
        **answer.sections,
    }


def _row(row: Row, letters: Sequence[str]) -> Values:
    """`today` is null where the scenarios are not compared with one thing; each line then says with what."""
    told: Values = {"currency": row.currency, "measure": row.measure, "unit": row.first.unit, "today": row.today}
    for letter in letters:
        line = row.lines.get(letter)
        told[letter] = line and {"scenario": line.scenario, "difference": line.difference, "rung": line.rung}
    return told


def model_told(said: ModelAnswer) -> Values:
    """What the model's answer rests on: its checks, its past forecasts, its settings."""
    names = ("trust", "backtest", "effects", "dials", "confounding", "arms")
    tables = {name: getattr(said, name).to_dicts() for name in names}
    return {"settings": asdict(said.settings), "seed": said.seed, **tables}
