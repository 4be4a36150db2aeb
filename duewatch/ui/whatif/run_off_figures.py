"""The figures of the run-off: by month, bucket and segment, and how the same projection did on past months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from duewatch.ui.parts.numbers import DASH, Numbers
from duewatch.ui.parts.table import draw_table, full_height
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.whatif import run_off, segments
from duewatch.whatif.projection import Change, Score
from duewatch.whatif.scenario import Scenario

Sides = tuple[run_off.Run, run_off.Run]
"""As things go, and with the levers moved: one and the same where none was."""


@dataclass(frozen=True)
class RunOffBook:
    """What is followed: the whole book, the sum of its segments, or one segment."""

    segmentation: segments.Segments | None
    """None: the whole book in one chain."""
    whole: run_off.History
    segment: str
    """Empty: the sum of all segments."""

    @property
    def past(self) -> run_off.History:
        return self.segmentation.parts[self.segment] if self.segmentation and self.segment else self.whole

    @property
    def months(self) -> list[date]:
        return [run_off.month_end(self.whole.days[-1], n) for n in range(1, run_off.HORIZON + 1)]


def runs_of(ctx: PageContext, book: RunOffBook, scenario: Scenario) -> Sides:
    today_run = _run(ctx, book, Change(), scenario.seed)
    change = run_off.change_of(scenario)
    return (today_run, today_run) if change == Change() else (today_run, _run(ctx, book, change, scenario.seed))


def _run(ctx: PageContext, book: RunOffBook, change: Change, seed: int) -> run_off.Run:
    if book.segmentation is None:
        return _whole(ctx.scope_key(ctx.as_of), change, seed, _history=book.whole)
    projection = _parts(ctx.scope_key(ctx.as_of, book.segmentation.by), change, seed, _segments=book.segmentation)
    return projection.parts[book.segment] if book.segment else projection.total


@st.cache_data(max_entries=32, show_spinner=False)
def _whole(key: str, change: Change, seed: int, *, _history: run_off.History) -> run_off.Run:
    del key
    return run_off.run_of(_history, change, seed)


@st.cache_data(max_entries=32, show_spinner=False)
def _parts(key: str, change: Change, seed: int, *, _segments: segments.Segments) -> segments.Projected:
    del key
    return segments.project(_segments, change, seed)


def _scores(ctx: PageContext, book: RunOffBook, seed: int) -> dict[str, list[Score]]:
    """Of each segment and, under "", of their sum; of the whole book alone where it is not cut."""
    return _scored(ctx.scope_key(ctx.as_of, book.segmentation.by if book.segmentation else ""), seed, _book=book)


@st.cache_data(max_entries=32, show_spinner=False)
def _scored(key: str, seed: int, *, _book: RunOffBook) -> dict[str, list[Score]]:
    del key
    return (
        {"": run_off.scores_of(_book.whole, seed)}
        if _book.segmentation is None
        else segments.backtests(_book.segmentation, seed)
    )


def figures(ctx: PageContext, book: RunOffBook, scenarios: list[Scenario], runs: list[Sides], measure: str) -> None:
    """Month by month: as things go, and each scenario with its 80 % band."""
    columns: dict[str, Any] = {
        "as_of": book.months,
        "today": _money(ctx.numbers, run_off.by_month(runs[0][0], measure)),
    }
    names: dict[str, str] = {}
    for no, (_, scenario_run) in enumerate(runs):
        letter, band = whatif.LETTERS[no], scenario_run.bands[measure]
        columns[letter] = _money(ctx.numbers, run_off.by_month(scenario_run, measure))
        columns[f"{letter}_band"] = [
            _band(ctx.numbers, *band_ends) for band_ends in zip(band["low_80"], band["high_80"], strict=True)
        ]
        names |= {letter: whatif.name_of(ctx.words, letter, scenarios[no]), f"{letter}_band": f"{letter} · 80 %"}
    table = pl.DataFrame(columns)
    with st.expander(ctx.words("whatif.run_off_figures")):
        draw_table(ctx, table, alt=ctx.words("whatif.run_off"), names=names, height=full_height(table))
        offer(ctx, Export(table, metric="run_off", title=ctx.words("whatif.run_off"), names=names))


def buckets(ctx: PageContext, names: tuple[str, ...], book: RunOffBook, sides: Sides) -> None:
    """Balance by bucket at the end of each month, of the scenario that is looked at."""
    balances = sides[1].path.balances[1:]
    columns = {name: _money(ctx.numbers, balances[:, no]) for no, name in enumerate(names)}
    table = pl.DataFrame({"as_of": book.months, **columns})
    with st.expander(ctx.words("whatif.run_off_buckets")):
        draw_table(
            ctx,
            table,
            alt=ctx.words("whatif.run_off_buckets"),
            names={name: name for name in names},
            height=full_height(table),
        )


def by_segment(
    ctx: PageContext, segmentation: segments.Segments, whole: run_off.History, scenario: Scenario, measure: str
) -> None:
    """Each segment after twelve months, their sum, and the whole book in one chain to lay beside it."""
    words = ctx.words
    scores = _scores(ctx, RunOffBook(segmentation, whole, ""), scenario.seed)
    rows = []
    for name, part in segmentation.parts.items():
        sides = runs_of(ctx, RunOffBook(segmentation, whole, name), scenario)
        trust = _trust(ctx, scores[name], segmentation.weights[name])
        rows.append(_row(ctx.numbers, name, part, sides, measure) | trust)
    total, one_chain = (runs_of(ctx, RunOffBook(chain, whole, ""), scenario) for chain in (segmentation, None))
    whole_scores = _scores(ctx, RunOffBook(None, whole, ""), scenario.seed)[""]
    for key, sides, side_scores in (
        ("whatif.all_segments", total, scores[""]),
        ("whatif.whole_book", one_chain, whole_scores),
    ):
        rows.append(_row(ctx.numbers, words(key), whole, sides, measure) | _trust(ctx, side_scores, None))
    st.markdown(f"**{words('whatif.by_segment')}**")
    table = pl.DataFrame(rows)
    names = {"name": words(f"column.{segmentation.by}")}
    draw_table(ctx, table, alt=words("whatif.by_segment"), names=names)
    st.caption(words("whatif.by_segment_note"))
    offer(ctx, Export(table, metric="run_off", title=words("whatif.by_segment"), names=names))


def _row(numbers: Numbers, name: str, part: run_off.History, sides: Sides, measure: str) -> dict[str, str]:
    """What stands overdue now, and the measure after twelve months."""
    numbers, (today_run, scenario_run) = numbers, sides
    band = scenario_run.bands[measure]
    return {
        "name": name,
        "overdue_now": numbers.money(round(float(part.starts[-1][1:].sum()), 2)),
        "today": numbers.money(round(run_off.at_horizon(today_run, measure), 2)),
        "scenario": numbers.money(round(run_off.at_horizon(scenario_run, measure), 2)),
        "band_80": _band(numbers, band["low_80"][-1], band["high_80"][-1]),
    }


def _trust(ctx: PageContext, scores: list[Score], weights: Any) -> dict[str, str]:
    """How far a segment's own moves count, and how the projection did on past months."""
    if weights is None:
        shares = DASH
    elif len(weights) > 1:
        shares = " / ".join(ctx.numbers.percent(float(weight), digits=0) for weight in weights[1:4])
    else:
        shares = ctx.numbers.percent(float(np.max(weights)), digits=0)
    return {"own_moves": shares, "backtest": ctx.words(f"whatif.verdict.{run_off.verdict(scores)}")}


def backtest(ctx: PageContext, book: RunOffBook, seed: int) -> None:
    """How the chain did over past months, beside simpler ways."""
    words, numbers = ctx.words, ctx.numbers
    scores = _scores(ctx, book, seed)[book.segment]
    st.markdown(f"**{words('whatif.backtest')}**" + (f" · {book.segment}" if book.segment else ""))
    if not scores:
        st.caption(words("whatif.backtest_none"))
        return
    st.markdown(words(f"whatif.backtest_{run_off.verdict(scores)}"))
    rows = [
        {
            "way": words(f"whatif.way.{score.way}"),
            "wape": numbers.percent(score.wape),
            "bias": numbers.percent(score.bias, signed=True),
            "coverage": DASH if score.coverage is None else numbers.percent(score.coverage),
            "n": numbers.count(score.n),
        }
        for score in scores
    ]
    draw_table(ctx, pl.DataFrame(rows), alt=words("whatif.backtest"))
    st.caption(words("whatif.backtest_note", months=run_off.BACK))


def _money(numbers: Numbers, values: Any) -> list[str]:
    return [numbers.exact_money(round(float(value), 2)) for value in values]


def _band(numbers: Numbers, low: float, high: float) -> str:
    return f"{numbers.money(round(float(low), 2))}–{numbers.money(round(float(high), 2))}"
