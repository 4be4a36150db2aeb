"""The one door from the What-if page to the L2 model. Where this version has none, the page says so in one sentence."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import DuewatchError
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.settings import load_settings
from duewatch.ui.parts.numbers import DASH
from duewatch.ui.parts.table import draw_table, full_height
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif.scenarios import ScenarioAnswer
from duewatch.whatif import counting_gap as counting
from duewatch.whatif import tradeoff
from duewatch.whatif.backtest_table import ALL
from duewatch.whatif.query_session import ScenarioInputs
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario

MODULE = "duewatch.whatif.model"
FRAMES = ("trust", "backtest", "effects", "dials", "confounding")
"""What the model says of itself, in the order in which it is read."""
STEPS = {"history": 0.0, "fit": 0.1, "bootstrap": 0.2, "backtest": 0.4, "simulate": 0.7}
"""Where on the bar each step begins."""
MOST_ANSWERS, MOST_FITS = 32, 3
SHARES = ("wape", "bias", "coverage", "share_cured")
MONEY_OR_COUNT = ("actual", "forecast", "difference")
"""In the unit of the row's measure."""
UNITS = {"cash": "money", "cured": "accounts", "talks": "contacts", "breaches": "contacts"}
TIMES = ("multiplier", "e_value")
NUMBERS_OF_CHECKS = ("value", "low", "high")
SHARE_CHECKS = ("backtest", "overlap", "coverage", "arm")
"""Checks whose value is a share; the others' are log-odds."""
Values = dict[str, Any]


@dataclass
class ModelCache:
    """What the model said, for all sessions: the keys say what the reader may see. The oldest make room."""

    answers: dict[str, Any] = field(default_factory=dict)
    """By book version, scope and scenario."""
    fits: dict[str, Any] = field(default_factory=dict)
    """By book version, scope, days and seed."""


@st.cache_resource(show_spinner=False)
def model_cache() -> ModelCache:
    return ModelCache()


def _store(where: dict[str, Any], key: str, value: Any, most: int) -> Any:
    where[key] = value
    for old in list(where)[: max(0, len(where) - most)]:
        where.pop(old, None)
    return value


def model_module() -> ModuleType | None:
    """The model of this version, if it has one."""
    try:
        return importlib.import_module(MODULE)
    except ModuleNotFoundError:
        return None


def section(ctx: PageContext, answer: ScenarioAnswer) -> None:
    """What would have been recovered. A button starts it, because fitting takes a while."""
    words, model = ctx.words, model_module()
    st.markdown(f"**{words('whatif.model')}**")
    if model is None:
        st.caption(words("whatif.no_model"))
        return
    if not any(name in model.LEVERS_OF_THE_MODEL for name, _ in answer.scenario.levers):
        st.caption(words("whatif.model_nothing_moved"))
        return
    key = ctx.scope_key(answer.scenario.as_address())
    slot = st.empty()
    if key not in model_cache().answers:
        if not slot.button(words("whatif.model_run"), key="model_run"):
            return
        model_answer = _answer_of_model(ctx, answer, model, slot)
        if model_answer is None:
            return
        _store(model_cache().answers, key, model_answer, MOST_ANSWERS)
    _draw(ctx, model_cache().answers[key])


def _answer_of_model(ctx: PageContext, answer: ScenarioAnswer, model: ModuleType, slot: DeltaGenerator) -> Any:
    """The model's answer, None where it has none; its fit is kept for the next scenario of the same days."""
    period, settings = whatif.period_of(answer), model.ModelSettings()
    progress = running(ctx.words, slot)
    try:
        fitted = fit_of(ctx, model, period, answer.scenario.seed, progress)
        return model.answer(
            ctx.ask,
            answer.scenario,
            today=answer.scenario.today,
            fitted=fitted,
            period=period,
            settings=settings,
            seed=answer.scenario.seed,
            progress=progress,
            counted=counting.counting_by_currency(
                ScenarioInputs(load_packs(), load_settings(), whatif.query_session_of(ctx), period), answer.scenario
            ),
        )
    except (DuewatchError, NotImplementedError) as error:
        st.warning(
            localised_sentence(ctx.words, error) if isinstance(error, DuewatchError) else ctx.words("whatif.no_model")
        )
        return None
    finally:
        slot.empty()


def running(words: Words, slot: DeltaGenerator) -> Callable[[str, float], None]:
    """A progress bar with a button to stop: the button reruns the page, and the next step of the bar ends the old
    run."""
    with slot.container():
        bar = st.progress(0.0, text=words("whatif.model_runs"))
        st.button(words("whatif.model_stop"), icon=":material/stop:", key="model_stop")

    def progress(step: str, done: float) -> None:
        start = STEPS.get(step, 0.0)
        end = min((share for share in STEPS.values() if share > start), default=1.0)
        sentence = words(f"whatif.step.{step}") if words.has(f"whatif.step.{step}") else words("whatif.model_runs")
        bar.progress(start + (end - start) * min(max(done, 0.0), 1.0), text=sentence)

    return progress


def fit_of(
    ctx: PageContext, model: ModuleType, period: tuple[date, date], seed: int, progress: Callable[[str, float], None]
) -> Any:
    """The fit of these days: kept, or made."""
    key, fits = ctx.scope_key(period, seed), model_cache().fits
    if key not in fits:
        fit = model.fit(ctx.ask, period=period, settings=model.ModelSettings(), seed=seed, progress=progress)
        _store(fits, key, fit, MOST_FITS)
    return fits[key]


def points(
    ctx: PageContext, scenario: Scenario, period: tuple[date, date], scenarios: list[Scenario]
) -> tuple[list[tradeoff.Point], Line | None]:
    """Many caps and capacities by one fit. Empty before the button is pressed; with the line that refuses, where the
    model refuses."""
    model, words = model_module(), ctx.words
    if model is None:
        return [], None
    key = ctx.scope_key(period, *(capped.as_address() for capped in scenarios))
    slot = st.empty()
    if key not in model_cache().answers:
        if not slot.button(words("whatif.tradeoff_run"), key="tradeoff_run", help=words("whatif.tradeoff_run_help")):
            return [], None
        progress = running(ctx.words, slot)
        try:
            fitted = fit_of(ctx, model, period, scenario.seed, progress)
            points_and_refusal = tradeoff.modelled_points(
                model, ctx.ask, fitted, scenarios, ctx.currency, period, lambda done: progress("simulate", done)
            )
        except DuewatchError as error:
            st.warning(localised_sentence(ctx.words, error))
            return [], None
        finally:
            slot.empty()
        _store(model_cache().answers, key, points_and_refusal, MOST_ANSWERS)
    result: tuple[list[tradeoff.Point], Line | None] = model_cache().answers[key]
    return result


def _draw(ctx: PageContext, answer: Any) -> None:
    """Lines first, then how far to trust them."""
    words = ctx.words
    lines = [line for line in answer.lines if line.currency == ctx.currency]
    answered = [line for line in lines if line.rung != "refused"]
    for sentence in whatif.warnings(ctx.words, answered):
        st.warning(sentence, icon=":material/warning:")
    if answered:
        draw_table(ctx, pl.DataFrame([_row(ctx, line) for line in answered]), alt=words("whatif.model"))
    if fit_text := whatif.fit_text(ctx, answered):
        st.caption(fit_text)
    if counted := whatif.counting_text(ctx, answered):
        st.caption(counted)
    for sentence in whatif.refusals(ctx.words, lines):
        st.markdown(f"- {sentence}")
    st.caption(words("whatif.model_note"))
    for name in FRAMES:
        frame: pl.DataFrame = getattr(answer, name)
        own_rows = frame.filter(pl.col("currency") == ctx.currency).drop("currency")
        if not own_rows.is_empty():
            with st.expander(words(f"whatif.model_{name}")):
                summary = own_rows.filter(pl.col("segment") == ALL) if "segment" in own_rows.columns else own_rows
                draw_table(ctx, in_words(ctx, summary), alt=words(f"whatif.model_{name}"), height=full_height(summary))
                if summary.height < own_rows.height:
                    st.markdown(words("whatif.model_cells", n=ctx.numbers.count(own_rows.height - summary.height)))
                    draw_table(
                        ctx,
                        in_words(ctx, own_rows.filter(pl.col("segment") != ALL)),
                        alt=words("whatif.model_backtest"),
                    )
                if words.has(f"whatif.model_{name}_note"):
                    st.caption(words(f"whatif.model_{name}_note"))


def _row(ctx: PageContext, line: Line) -> dict[str, str]:
    limits = [whatif.value_text(ctx.numbers, line, value) for value in (line.low, line.high)]
    confounded = [
        whatif.value_text(ctx.numbers, line, value, signed=True)
        for value in (line.confounding_low, line.confounding_high)
    ]
    return {
        "measure": whatif.measure_name(ctx.words, line.measure),
        "today": whatif.value_text(ctx.numbers, line, line.today),
        "scenario": whatif.value_text(ctx.numbers, line, line.scenario),
        "difference": whatif.value_text(ctx.numbers, line, line.difference, signed=True),
        "interval": "–".join(limits),
        "confounding": DASH if line.confounding_low is None else "–".join(confounded),
        "rung": ctx.words(f"rung.{line.rung}"),
        "n": whatif.n_text(ctx, line),
    }


def in_words(ctx: PageContext, frame: pl.DataFrame) -> pl.DataFrame:
    """Every cell as text in the reader's words and units."""
    rows = [{name: _cell_text(ctx, name, row) for name in frame.columns} for row in frame.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=dict.fromkeys(frame.columns, pl.String))


def _cell_text(ctx: PageContext, name: str, row: dict[str, Any]) -> str:
    value = row[name]
    if value is None:
        return DASH
    if name == "wanted":
        return _code_text(ctx.words, f"wanted_{_check(row)}", str(value))
    if name == "check":
        of = value.partition(" ")[2]
        return _code_text(ctx.words, _check(row), value) + (f": {_code_text(ctx.words, of, of)}" if of else "")
    if isinstance(value, str):
        return _code_text(ctx.words, value, value)
    if name in SHARES or (name in NUMBERS_OF_CHECKS and _check(row) in SHARE_CHECKS):
        return ctx.numbers.percent(value, signed=name == "bias")
    if name in MONEY_OR_COUNT:
        line = Line("", "", UNITS.get(str(row.get("measure")), "accounts"), "L2")
        return whatif.value_text(ctx.numbers, line, value, signed=name == "difference")
    if name in TIMES:
        return f"×{value:g}" if name == "multiplier" else f"{value:.2f}"
    return ctx.numbers.count(value) if isinstance(value, int) else f"{value:.3f}"


def _check(row: dict[str, Any]) -> str:
    """The check's id: what stands after a blank says where it was made."""
    return str(row.get("check", "")).split(" ")[0]


def _code_text(words: Words, code: str, default: str) -> str:
    key = f"whatif.code.{code}"
    return words(key) if words.has(key) else default
