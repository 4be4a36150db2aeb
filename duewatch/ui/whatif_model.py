"""The one door from the What-if page to the L2 model. Where this version has none, the page says so in one sentence."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import polars as pl
import streamlit as st

from duewatch.errors import DuewatchError
from duewatch.ui import whatif
from duewatch.ui.frame import Ctx
from duewatch.ui.rows import draw_table
from duewatch.ui.whatif import Told
from duewatch.whatif.result import Line

MODULE = "duewatch.whatif.model"
FRAMES = ("trust", "backtest", "effects", "confounding")
"""What the model says of itself, in the order in which it is read."""
_FITTED, _ANSWER = "_whatif_fitted", "_whatif_answer"
Values = dict[str, Any]


def model_here() -> ModuleType | None:
    """The model of this version, if it has one."""
    try:
        return importlib.import_module(MODULE)
    except ModuleNotFoundError:
        return None


def section(ctx: Ctx, one: Told) -> None:
    """What would have been recovered: asked for by a button, because fitting takes a while."""
    words, model = ctx.words, model_here()
    st.markdown(f"**{words('whatif.model')}**")
    if model is None:
        st.caption(words("whatif.no_model"))
        return
    if not any(name in model.LEVERS_OF_THE_MODEL for name, _ in one.scenario.levers):
        st.caption(words("whatif.model_nothing_moved"))
        return
    key = (ctx.book.version, ctx.scope.key, one.scenario.as_address())
    kept = st.session_state.get(_ANSWER)
    if st.button(words("whatif.model_run"), key="model_run"):
        kept = (key, _asked(ctx, one, model))
        st.session_state[_ANSWER] = kept
    if kept and kept[0] == key and kept[1] is not None:
        _draw(ctx, kept[1])


def _asked(ctx: Ctx, one: Told, model: ModuleType) -> Any:
    """The model's answer, None where it has none; its fit is kept for the next scenario of the same days."""
    bar = st.progress(0.0, text=ctx.words("whatif.model_runs"))
    period, settings, seed = whatif.period_of(one), model.ModelSettings(), one.scenario.seed

    def progress(step: str, done: float) -> None:
        del step
        bar.progress(min(max(done, 0.0), 1.0), text=ctx.words("whatif.model_runs"))

    shared: Values = {"period": period, "settings": settings, "seed": seed, "progress": progress}
    fit_key = (ctx.book.version, ctx.scope.key, period, seed)
    try:
        fitted = st.session_state.get(_FITTED)
        if not fitted or fitted[0] != fit_key:
            fitted = (fit_key, model.fit(ctx.ask, **shared))
            st.session_state[_FITTED] = fitted
        return model.answer(ctx.ask, one.scenario, today=one.scenario.today, fitted=fitted[1], **shared)
    except (DuewatchError, NotImplementedError) as error:
        st.warning(error.sentence if isinstance(error, DuewatchError) else ctx.words("whatif.no_model"))
        return None
    finally:
        bar.empty()


def _draw(ctx: Ctx, answer: Any) -> None:
    """Lines first, then how far to trust them."""
    words = ctx.words
    lines = [line for line in answer.lines if line.currency == ctx.currency]
    told = [line for line in lines if line.rung != "refused"]
    if told:
        draw_table(ctx, pl.DataFrame([_row(ctx, line) for line in told]), alt=words("whatif.model"))
    for line in lines:
        if line.rung == "refused":
            st.markdown(f"- {whatif.measure_name(ctx, line.measure)}: {whatif.why(ctx, line)}")
    st.caption(words("whatif.model_note"))
    for name in FRAMES:
        frame: pl.DataFrame = getattr(answer, name)
        mine = frame.filter(pl.col("currency") == ctx.currency).drop("currency")
        if not mine.is_empty():
            with st.expander(words(f"whatif.model_{name}")):
                st.dataframe(mine, hide_index=True, alt=words(f"whatif.model_{name}"), placeholder="")


def _row(ctx: Ctx, line: Line) -> dict[str, str]:
    limits = [whatif.written(ctx, line, value) for value in (line.low, line.high)]
    confounded = [
        whatif.written(ctx, line, value, signed=True) for value in (line.confounding_low, line.confounding_high)
    ]
    return {
        "measure": whatif.measure_name(ctx, line.measure), "today": whatif.written(ctx, line, line.today),
        "scenario": whatif.written(ctx, line, line.scenario),
        "difference": whatif.written(ctx, line, line.difference, signed=True), "interval": "–".join(limits),
        "confounding": "–".join(confounded), "rung": ctx.words(f"rung.{line.rung}"),
    }  # fmt: skip
