"""The run-off of the What-if page: the book of today followed for a year, with its bands and its own backtest."""

from __future__ import annotations

from datetime import date

import polars as pl
import streamlit as st

from duewatch.charts.fan import fan
from duewatch.ui.choices import one_of
from duewatch.ui.downloads import Export, offer
from duewatch.ui.figures import draw, empty
from duewatch.ui.frame import Ctx
from duewatch.ui.rows import draw_table
from duewatch.whatif import run_off
from duewatch.whatif.projection import LEAST_MONTHS, Change, Score
from duewatch.whatif.scenario import Scenario

MEASURES = {name: f"measure.{name}_in_12_months" for name in run_off.MEASURES}


def section(ctx: Ctx, scenario: Scenario) -> None:
    words = ctx.words
    history = run_off.history_of(ctx.ask, ctx.picks.as_of, ctx.currency)
    if not history.is_long_enough:
        empty(words("whatif.short_history", wanted=LEAST_MONTHS + 1, n=len(history.days)))
        return
    change = run_off.change_of(scenario)
    now, then, scores = _runs(
        str(ctx.book.path), ctx.book.version, ctx.scope.key, ctx.as_of, change.cure, change.roll, scenario.seed,
        _history=history,
    )  # fmt: skip
    measure = one_of(words, "whatif.run_off_measure", MEASURES, "run_off_measure")
    is_moved = change != Change()
    months = [run_off.month_end(history.days[-1], n) for n in range(1, run_off.HORIZON + 1)]
    figure = fan(
        _past(history, measure), months, run_off.by_month(now, measure),
        {k: list(v) for k, v in then.bands[measure].items()},
        run_off.by_month(then, measure) if is_moved else None, finding=_finding(ctx, measure, now, then, is_moved),
        axis=words("whatif.run_off_axis", currency=ctx.currency),
        names={name: words(f"whatif.line.{name}") for name in ("past", "today", "scenario")}, say=ctx.numbers.money,
        is_dark=ctx.is_dark,
    )  # fmt: skip
    draw(ctx, figure, "run_off")
    st.caption(words("whatif.run_off_note", cure=f"{change.cure:g}", roll=f"{change.roll:g}"))
    _figures(ctx, measure, months, now, then)
    _backtest(ctx, scores)


@st.cache_data(max_entries=32, show_spinner=False)
def _runs(
    path: str, version: str, scope_key: str, as_of: date, cure: float, roll: float, seed: int, *,
    _history: run_off.History,
) -> tuple[run_off.Run, run_off.Run, list[Score]]:  # fmt: skip
    del path, version, scope_key, as_of  # the key of the cache
    now = run_off.run_of(_history, Change(), seed)
    then = now if (cure, roll) == (1.0, 1.0) else run_off.run_of(_history, Change(cure, roll), seed)
    return now, then, run_off.scores_of(_history, seed)


def _past(history: run_off.History, measure: str) -> list[tuple[date, float]]:
    """What stood overdue on each snapshot; what flows begins with the first month to come, at 0."""
    if measure == "overdue":
        return [(day, float(start[1:].sum())) for day, start in zip(history.days, history.starts, strict=True)]
    return [(history.days[-1], 0.0)]


def _finding(ctx: Ctx, measure: str, now: run_off.Run, then: run_off.Run, is_moved: bool) -> str:
    low, high = (float(then.bands[measure][band][-1]) for band in ("low_80", "high_80"))
    told = {
        "measure": ctx.words(MEASURES[measure]), "value": ctx.numbers.money(round(run_off.told(then, measure), 2)),
        "low": ctx.numbers.money(round(low, 2)), "high": ctx.numbers.money(round(high, 2)),
        "today": ctx.numbers.money(round(run_off.told(now, measure), 2)),
    }  # fmt: skip
    return ctx.words("whatif.run_off_moved" if is_moved else "whatif.run_off_finding", **told)


def _figures(ctx: Ctx, measure: str, months: list[date], now: run_off.Run, then: run_off.Run) -> None:
    bands = then.bands[measure]
    table = pl.DataFrame(
        {
            "as_of": months,
            "today": [ctx.numbers.exact_money(round(v, 2)) for v in run_off.by_month(now, measure)],
            "scenario": [ctx.numbers.exact_money(round(v, 2)) for v in run_off.by_month(then, measure)],
            "interval": [
                f"{ctx.numbers.money(round(float(low), 2))}–{ctx.numbers.money(round(float(high), 2))}"
                for low, high in zip(bands["low_80"], bands["high_80"], strict=True)
            ],
        }
    )
    with st.expander(ctx.words("whatif.run_off_figures")):
        draw_table(ctx, table, alt=ctx.words("whatif.run_off"))
        offer(ctx, Export(table, metric="run_off", title=ctx.words("whatif.run_off")))


def _backtest(ctx: Ctx, scores: list[Score]) -> None:
    """How the chain did over past months, beside last month's moves and no change at all."""
    words, numbers = ctx.words, ctx.numbers
    st.markdown(f"**{words('whatif.backtest')}**")
    if not scores:
        st.caption(words("whatif.backtest_none"))
        return
    failing = run_off.failing(scores)
    st.markdown(words(f"whatif.backtest_{failing or 'passed'}"))
    rows = [
        {
            "way": words(f"whatif.way.{score.way}"), "wape": numbers.percent(score.wape),
            "bias": numbers.percent(score.bias, signed=True), "coverage": numbers.percent(score.coverage),
            "n": numbers.count(score.n),
        }
        for score in scores
    ]  # fmt: skip
    draw_table(ctx, pl.DataFrame(rows), alt=words("whatif.backtest"))
    st.caption(words("whatif.backtest_note", months=run_off.BACK))
