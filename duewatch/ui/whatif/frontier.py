"""The frontier of the What-if page: every cap of contacts and dates at once, today's marked, the law as walls."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.cap_grid import CapGrid, Wall, frontier
from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import DuewatchError, ScenarioError
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised_sentence
from duewatch.contract.settings import load_settings
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import scenarios as whatif
from duewatch.ui.whatif import tradeoff as whatif_tradeoff
from duewatch.whatif import cap_grid as grid
from duewatch.whatif import caps
from duewatch.whatif.query_session import period_of
from duewatch.whatif.scenario import Scenario

WALLS_SHOWN, MOST_WALLS = 2, 3
"""Drawn at first, and at most: more cannot be told apart."""
MEASURES = {"n_stopped": "measure.contacts_stopped", "n_over": "measure.breaches_counted"}


def section(ctx: PageContext, scenarios: list[Scenario], active: int) -> None:
    """The picture, and the cell that is chosen as a scenario."""
    words, scenario = ctx.words, scenarios[active]
    try:
        period = period_of(ctx.ask, scenario)
        today_cap = grid.today_on(load_packs(), scenario, load_settings())
    except DuewatchError as error:
        is_of_dates = not (isinstance(error, ScenarioError) and error.where == "cap_rule")
        empty(localised_sentence(words, error) if is_of_dates else words("whatif.frontier_not_dates"))
        return
    key = ctx.scope_key(today_cap.compiled_rule.rule.id, *period, repr(load_settings()))
    cells = _cells(key, _ctx=ctx, _cap=today_cap, _period=period)
    if not cells["n_stopped"].sum():
        empty(words("guard.nothing_counted"))
        return
    measure = one_of(words, "whatif.coloured", MEASURES, "frontier_measure")
    walls_by_name = {wall.name: wall for wall in _walls(ctx)}
    walls_shown = st.multiselect(
        words("whatif.walls"),
        list(walls_by_name),
        default=list(walls_by_name)[:WALLS_SHOWN],
        max_selections=MOST_WALLS,
        key=f"walls_{ctx.currency}",
    )
    scenario_cell = grid.cell_of(scenario)
    cap_grid = CapGrid(
        cells,
        (today_cap.limit.max_count, today_cap.limit.window.length),
        scenario_cell,
        words("recount.today"),
        words("whatif.frontier_told"),
    )
    finding = _finding(ctx, cells, _cell(cells, scenario_cell) if scenario_cell else None)
    labels = ctx.labels(finding, x=words("recount.grid_x"), y=words("recount.grid_y"))
    walls = [walls_by_name[name] for name in walls_shown]
    figure = frontier(cap_grid, labels, measure=measure, walls=walls, count=ctx.numbers.count)
    draw(ctx, figure, "frontier", on_click=lambda point: _clicked(scenarios, active, point))
    st.caption(words("whatif.frontier_note", from_day=ctx.numbers.day(period[0]), to_day=ctx.numbers.day(period[1])))
    _by_hand(ctx.words, scenarios, active)
    offer(ctx, Export(cells, metric="recount_stopped", title=words("whatif.frontier")))
    whatif_tradeoff.section(ctx, scenarios, active, today_cap, period)


@st.cache_data(max_entries=16, show_spinner=False)
def _cells(key: str, *, _ctx: PageContext, _cap: caps.Cap, _period: tuple[date, date]) -> pl.DataFrame:
    del key
    return grid.cells_of(whatif.query_session_of(_ctx), _cap, _period, _ctx.currency)


def _cell(cells: pl.DataFrame, key: tuple[int, int]) -> dict[str, Any] | None:
    rows = cells.filter((pl.col("max_count") == key[0]) & (pl.col("window_days") == key[1]))
    return None if rows.is_empty() else rows.row(0, named=True)


def _finding(ctx: PageContext, cells: pl.DataFrame, cell: dict[str, Any] | None) -> str:
    if cell is None:
        return ctx.words("whatif.frontier_finding_none", n=cells.height)
    return ctx.words(
        "whatif.frontier_finding",
        n=cell["max_count"],
        days=cell["window_days"],
        over=ctx.numbers.count(cell["n_over"]),
        stopped=ctx.numbers.count(cell["n_stopped"]),
    )


def _walls(ctx: PageContext) -> list[Wall]:
    is_zh = ctx.words.language == "zh"
    walls = grid.walls(load_packs(), load_settings(), ctx.currency)
    return [Wall(wall.title_zh if is_zh else wall.title_en, list(wall.steps)) for wall in walls]


def _clicked(scenarios: list[Scenario], active: int, point: dict[str, Any]) -> None:
    """A cell becomes the scenario's cap."""
    if point.get("curve_number", 1) == 1:
        whatif.to_address(_with_cap(scenarios, active, int(point["y"]), int(point["x"])))


def _with_cap(scenarios: list[Scenario], active: int, most: int, days: int) -> list[Scenario]:
    original = scenarios[active]
    levers = {**dict(original.levers), "cap_max": most, "cap_days": days}
    changed = Scenario(
        "", original.author, original.first_day, original.last_day, original.seed, tuple(sorted(levers.items()))
    )
    return [changed if no == active else scenario for no, scenario in enumerate(scenarios)]


def _by_hand(words: Words, scenarios: list[Scenario], active: int) -> None:
    """The same choice without a pointer."""
    words, cell = words, grid.cell_of(scenarios[active]) or (2, 7)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = st.number_input(words("lever.cap_max"), 1, 10, min(max(cell[0], 1), 10), key=f"cell_max_{cell}")
        days = st.number_input(words("lever.cap_days"), 1, 30, cell[1], key=f"cell_days_{cell}")
        if st.button(words("whatif.open_cell"), key="open_cell"):
            whatif.to_address(_with_cap(scenarios, active, int(most), int(days)))
            st.rerun()
