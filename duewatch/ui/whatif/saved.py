"""Scenarios on the desk: save one, and open those of others."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import streamlit as st

from duewatch.contract.errors import DuewatchError
from duewatch.contract.localised_errors import LocalisedText, localised_sentence
from duewatch.desk import SavedScenario
from duewatch.ui.parts.review import desk_here
from duewatch.ui.parts.table import draw_table
from duewatch.ui.shell.access import person
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.whatif.scenario import Scenario, from_toml


def section(ctx: PageContext, scenarios: list[Scenario], active: int) -> None:
    """A desk that does not answer takes nothing else from the page."""
    words = ctx.words
    try:
        _save(ctx, scenarios[active])
        saved = desk_here().scenarios().reverse()
    except DuewatchError as error:
        st.warning(localised_sentence(words, error), icon=":material/warning:")
        return
    if saved.is_empty():
        st.caption(words("whatif.none_saved"))
        return
    draw_table(
        ctx, saved.select("scenario_id", "title", "author", "saved_at", "book_version"), alt=words("whatif.saved")
    )
    titles = {row["scenario_id"]: f"{row['scenario_id']} · {row['title']}" for row in saved.iter_rows(named=True)}
    ids = st.multiselect(
        words("whatif.open_saved"),
        list(titles),
        format_func=lambda no: titles[no],
        max_selections=whatif.MOST,
        key="saved",
    )
    if st.button(words("whatif.open"), disabled=not ids, key="open_saved"):
        _open(saved, ids)


def _save(ctx: PageContext, scenario: Scenario) -> None:
    words = ctx.words
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = scenario.title or whatif.levers_text(ctx.words, scenario)[:200]
        title = st.text_input(words("whatif.title"), name, max_chars=200, key=f"save_title_{scenario.as_address()}")
        if st.button(words("whatif.save"), icon=":material/save:", key="save", disabled=not title.strip()):
            saved_at = datetime.now(UTC).replace(tzinfo=None)
            scenario_to_save = Scenario(
                title.strip(), person(), scenario.first_day, scenario.last_day, scenario.seed, scenario.levers
            )
            number = desk_here().save_scenario(
                SavedScenario(
                    scenario_to_save.title,
                    scenario_to_save.author,
                    saved_at,
                    scenario_to_save.as_toml(),
                    ctx.book.version,
                )
            )
            st.success(words("whatif.is_saved", n=number))


def _open(saved: pl.DataFrame, ids: list[int]) -> None:
    rows = {row["scenario_id"]: row["toml"] for row in saved.iter_rows(named=True)}
    whatif.to_address([from_toml(rows[no], LocalisedText("refused.saved", {"n": no})) for no in ids])
    st.session_state["_active"] = 0
    st.rerun()
