"""The figures of the run-off: by month, bucket and segment, and how the same projection did on past months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from duewatch.ui.parts.numbers import DASH
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
    """What is followed: the whole book, the sum of its segments (`one` empty), or one segment."""

    known: segments.Segments | None
    whole: run_off.History
    one: str

    @property
    def past(self) -> run_off.History:
        return self.known.parts[self.one] if self.known and self.one else self.whole

    @property
    def months(self) -> list[date]:
        return [run_off.month_end(self.whole.days[-1], n) for n in range(1, run_off.HORIZON + 1)]


def projected(ctx: PageContext, book: RunOffBook, scenario: Scenario) -> Sides:
    today_run = _run(ctx, book, Change(), scenario.seed)
    change = run_off.change_of(scenario)
    return (today_run, today_run) if change == Change() else (today_run, _run(ctx, book, change, scenario.seed))


def _run(ctx: PageContext, book: RunOffBook, change: Change, seed: int) -> run_off.Run:
    if book.known is None:
        return _whole(*_key(ctx), change, seed, _history=book.whole)
    projection = _parts(*_key(ctx), book.known.by, change, seed, _known=book.known)
    return projection.parts[book.one] if book.one else projection.total


def _key(ctx: PageContext) -> tuple[str, str, str, date]:
    return str(ctx.book.path), ctx.book.version, ctx.scope.key, ctx.as_of


@st.cache_data(max_entries=32, show_spinner=False)
def _whole(
    path: str, version: str, scope_key: str, as_of: date, change: Change, seed: int, *, _history: run_off.History
) -> run_off.Run:
    del path, version, scope_key, as_of  # the key of the cache
    return run_off.run_of(_history, change, seed)


@st.cache_data(max_entries=32, show_spinner=False)
def _parts(
    path: str,
    version: str,
    scope_key: str,
    as_of: date,
    by: str,
    change: Change,
    seed: int,
    *,
    _known: segments.Segments,
) -> segments.Projected:
    del path, version, scope_key, as_of, by  # the key of the cache
    return segments.project(_known, change, seed)


@st.cache_data(max_entries=32, show_spinner=False)
def _scores(
    path: str, version: str, scope_key: str, as_of: date, by: str, seed: int, *, _book: RunOffBook
) -> dict[str, list[Score]]:
    del path, version, scope_key, as_of, by  # the key of the cache
    return {"": run_off.scores_of(_book.whole, seed)} if _book.known is None else segments.backtests(_book.known, seed)


def figures(ctx: PageContext, book: RunOffBook, scenarios: list[Scenario], runs: list[Sides], measure: str) -> None:
    """Month by month: as things go, and each scenario with its 80 % band."""
    columns: dict[str, Any] = {"as_of": book.months, "today": _money(ctx, run_off.by_month(runs[0][0], measure))}
    names: dict[str, str] = {}
    for no, (_, scenario_run) in enumerate(runs):
        letter, band = whatif.LETTERS[no], scenario_run.bands[measure]
        columns[letter] = _money(ctx, run_off.by_month(scenario_run, measure))
        columns[f"{letter}_band"] = [
            _band(ctx, *band_ends) for band_ends in zip(band["low_80"], band["high_80"], strict=True)
        ]
        names |= {letter: whatif.name_of(ctx, letter, scenarios[no]), f"{letter}_band": f"{letter} · 80 %"}
    table = pl.DataFrame(columns)
    with st.expander(ctx.words("whatif.run_off_figures")):
        draw_table(ctx, table, alt=ctx.words("whatif.run_off"), names=names, height=full_height(table))
        offer(ctx, Export(table, metric="run_off", title=ctx.words("whatif.run_off"), names=names))


def buckets(ctx: PageContext, names: tuple[str, ...], book: RunOffBook, sides: Sides) -> None:
    """Balance by bucket at the end of each month, of the scenario that is looked at."""
    balances = sides[1].path.balances[1:]
    columns = {name: _money(ctx, balances[:, no]) for no, name in enumerate(names)}
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
    scores = _scores(*_key(ctx), segmentation.by, scenario.seed, _book=RunOffBook(segmentation, whole, ""))
    rows = []
    for name, part in segmentation.parts.items():
        sides = projected(ctx, RunOffBook(segmentation, whole, name), scenario)
        rows.append(_row(ctx, name, part, sides, measure, scores[name], segmentation.weights[name]))
    total, one_chain = (projected(ctx, RunOffBook(chain, whole, ""), scenario) for chain in (segmentation, None))
    whole_scores = _scores(*_key(ctx), "", scenario.seed, _book=RunOffBook(None, whole, ""))[""]
    rows.append(_row(ctx, words("whatif.all_segments"), whole, total, measure, scores[""], None))
    rows.append(_row(ctx, words("whatif.whole_book"), whole, one_chain, measure, whole_scores, None))
    st.markdown(f"**{words('whatif.by_segment')}**")
    table = pl.DataFrame(rows)
    names = {"name": words(f"column.{segmentation.by}")}
    draw_table(ctx, table, alt=words("whatif.by_segment"), names=names)
    st.caption(words("whatif.by_segment_note"))
    offer(ctx, Export(table, metric="run_off", title=words("whatif.by_segment"), names=names))


def _row(
    ctx: PageContext, name: str, part: run_off.History, sides: Sides, measure: str, scores: list[Score], weights: Any
) -> dict[str, str]:
    today_run, scenario_run = sides
    band = scenario_run.bands[measure]
    weights_text = DASH if weights is None else f"{ctx.numbers.percent(float(np.max(weights)), digits=0)}"
    if weights is not None and len(weights) > 1:
        weights_text = " / ".join(ctx.numbers.percent(float(weight), digits=0) for weight in weights[1:4])
    return {
        "name": name,
        "overdue_now": ctx.numbers.money(round(float(part.starts[-1][1:].sum()), 2)),
        "today": ctx.numbers.money(round(run_off.told(today_run, measure), 2)),
        "scenario": ctx.numbers.money(round(run_off.told(scenario_run, measure), 2)),
        "band_80": _band(ctx, band["low_80"][-1], band["high_80"][-1]),
        "own_moves": weights_text,
        "backtest": ctx.words(f"whatif.verdict.{run_off.verdict(scores)}"),
    }


def backtest(ctx: PageContext, book: RunOffBook, seed: int) -> None:
    """How the chain did over past months, beside simpler ways."""
    words, numbers = ctx.words, ctx.numbers
    by = book.known.by if book.known else ""
    scores = _scores(*_key(ctx), by, seed, _book=book)[book.one]
    st.markdown(f"**{words('whatif.backtest')}**" + (f" · {book.one}" if book.one else ""))
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


def _money(ctx: PageContext, values: Any) -> list[str]:
    return [ctx.numbers.exact_money(round(float(value), 2)) for value in values]


def _band(ctx: PageContext, low: float, high: float) -> str:
    return f"{ctx.numbers.money(round(float(low), 2))}–{ctx.numbers.money(round(float(high), 2))}"
