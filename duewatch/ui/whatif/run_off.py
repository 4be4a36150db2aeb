"""The run-off of the What-if page: the book of today followed for a year under each scenario, whole or by segment."""

from __future__ import annotations

from datetime import date

import streamlit as st

from duewatch.charts.fan import Paths, fan
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import run_off_figures as run_off_figures
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.run_off_figures import RunOffBook, Sides
from duewatch.whatif import run_off, segments
from duewatch.whatif.projection import LEAST_MONTHS, Change
from duewatch.whatif.scenario import Scenario

MEASURES = {name: f"measure.{name}_in_12_months" for name in run_off.MEASURES}
BY = {"": "whatif.whole_book", **{by: f"column.{by}" for by in segments.BY}}


def section(ctx: PageContext, scenarios: list[Scenario], active: int) -> None:
    """A fan for each scenario, side by side on one scale; then the segments of the scenario that is looked at."""
    words = ctx.words
    pairs = run_off.pairs_of(ctx.ask, ctx.picks.as_of, ctx.currency)
    history = run_off.history_from(pairs)
    if not history.is_long_enough:
        empty(words("whatif.short_history", wanted=LEAST_MONTHS + 1, n=len(history.days)))
        return
    measure = one_of(words, "whatif.run_off_measure", MEASURES, "run_off_measure")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = one_of(words, "whatif.run_off_by", BY, "run_off_by")
        segmentation = segments.segments_of(pairs, by) if by else None
        segment = (
            st.selectbox(
                words("whatif.segment"),
                ["", *segmentation.parts],
                key=f"segment_{by}",
                format_func=lambda name: name or words("whatif.all_segments"),
            )
            if segmentation
            else ""
        )
    book = RunOffBook(segmentation, history, segment)
    runs = [run_off_figures.runs_of(ctx, book, scenario) for scenario in scenarios]
    _fans(ctx, book, scenarios, runs, measure)
    st.caption(words("whatif.run_off_note"))
    run_off_figures.figures(ctx, book, scenarios, runs, measure)
    run_off_figures.buckets(ctx, pairs.buckets, book, runs[active])
    if segmentation:
        run_off_figures.by_segment(ctx, segmentation, history, scenarios[active], measure)
    run_off_figures.backtest(ctx, book, scenarios[active].seed)


def _fans(ctx: PageContext, book: RunOffBook, scenarios: list[Scenario], runs: list[Sides], measure: str) -> None:
    """All on the scale of the largest, so that they can be compared by eye."""
    past = _past(book.past, measure)
    top = max([*(value for _, value in past), *(float(run.bands[measure]["high_95"].max()) for _, run in runs)])
    several = len(scenarios) > 1
    grid = st.grid(2 if several else 1, min_column_width=340, gap="small")
    for no, (scenario, (today_run, scenario_run)) in enumerate(zip(scenarios, runs, strict=True)):
        finding = _finding(ctx, measure, today_run, scenario_run, run_off.change_of(scenario))
        if several:
            finding = f"{whatif.LETTERS[no]} · {finding}"
        paths = Paths(
            past,
            book.months,
            run_off.by_month(today_run, measure),
            {name: list(values) for name, values in scenario_run.bands[measure].items()},
            run_off.by_month(scenario_run, measure) if scenario_run is not today_run else None,
        )
        figure = fan(
            paths,
            ctx.labels(finding, y=ctx.words("whatif.run_off_axis", currency=ctx.currency)),
            names={name: ctx.words(f"whatif.line.{name}") for name in ("past", "today", "scenario")},
            text_of=ctx.numbers.money,
            top=top,
        )
        with grid.cell():
            draw(ctx, figure, f"run_off_{no}")


def _past(history: run_off.History, measure: str) -> list[tuple[date, float]]:
    """What stood overdue on each snapshot; what flows begins with the first month to come, at 0."""
    if measure == "overdue":
        return [(day, float(start[1:].sum())) for day, start in zip(history.days, history.starts, strict=True)]
    return [(history.days[-1], 0.0)]


def _finding(ctx: PageContext, measure: str, today_run: run_off.Run, scenario_run: run_off.Run, change: Change) -> str:
    numbers, band = ctx.numbers, scenario_run.bands[measure]
    values = {
        "measure": ctx.words(MEASURES[measure]),
        "value": numbers.money(round(run_off.at_horizon(scenario_run, measure), 2)),
        "low": numbers.money(round(float(band["low_80"][-1]), 2)),
        "high": numbers.money(round(float(band["high_80"][-1]), 2)),
        "today": numbers.money(round(run_off.at_horizon(today_run, measure), 2)),
        "cure": f"{change.cure:g}",
        "roll": f"{change.roll:g}",
    }
    return ctx.words("whatif.run_off_finding" if scenario_run is today_run else "whatif.run_off_moved", **values)
