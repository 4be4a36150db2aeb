"""The picture a cap is decided on: contacts left against breaches left, or recovery where the model stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.tradeoff import Mark, tradeoff
from duewatch.compliance.packs import load_packs
from duewatch.contract.settings import load_settings
from duewatch.reads import whatif as reads
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import DASH
from duewatch.ui.parts.table import draw_table_with_files
from duewatch.ui.shell.frame import PageContext
from duewatch.ui.whatif import model as whatif_model
from duewatch.ui.whatif import scenarios as whatif
from duewatch.whatif import cap_grid as grid
from duewatch.whatif import caps
from duewatch.whatif import tradeoff as engine
from duewatch.whatif.scenario import Scenario
from duewatch.whatif.tradeoff import Point

ACROSS = {"contacts": "whatif.across.contacts", "cost": "whatif.across.cost"}
Period = tuple[date, date]


def section(ctx: PageContext, scenarios: list[Scenario], active: int, today_cap: caps.Cap, period: Period) -> None:
    """Counted points; modelled ones in their place, once the model was asked and did not refuse."""
    words, scenario = ctx.words, scenarios[active]
    st.markdown(f"### {words('whatif.tradeoff')}")
    laws = _laws(ctx, today_cap)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        law_name = st.selectbox(words("whatif.judged_by"), list(laws), key=f"law_{ctx.currency}")
        across = one_of(words, "whatif.across.title", ACROSS, "tradeoff_across")
    points = _modelled_points(ctx, scenario, period)
    is_modelled = bool(points)
    if not points:
        points = _counted_points(ctx, scenario, today_cap, period, laws[law_name])
    if across == "cost" and not any(point.cost is not None for point in points):
        empty(words("whatif.no_cost_modelled" if is_modelled else "whatif.why.no_price"))
        across = "contacts"
    marks = [_mark(ctx, point, across, scenario, engine.best_point(points), is_modelled) for point in points]
    axis = words(f"whatif.across.{across}")
    figure = tradeoff(
        marks,
        ctx.labels(
            _finding(ctx, points, law_name, is_modelled),
            x=axis,
            y=words("measure.model_cash") if is_modelled else words("whatif.breaches_left"),
        ),
        x_text=ctx.numbers.count,
        y_text=ctx.numbers.money if is_modelled else ctx.numbers.count,
    )

    def clicked(point: dict[str, Any]) -> None:
        _open_point(scenarios, active, points[int(point["point_index"])])

    draw(ctx, figure, "tradeoff", on_click=clicked)
    st.caption(words("whatif.tradeoff_modelled_note" if is_modelled else "whatif.tradeoff_note", law=law_name))
    _by_hand(ctx, scenarios, active, points)


def _laws(ctx: PageContext, today_cap: caps.Cap) -> dict[str, engine.Limit]:
    """Limits that breaches can be counted by: those of law that count in dates, then today's own."""
    is_zh = ctx.words.language == "zh"
    today_dates = {ctx.words("recount.today"): (today_cap.limit.max_count, today_cap.limit.window.length)}
    walls = grid.walls(load_packs(), load_settings(), ctx.currency)
    return {wall.title_zh if is_zh else wall.title_en: wall.dates for wall in walls if wall.dates} | today_dates


def _counted_points(
    ctx: PageContext, scenario: Scenario, today_cap: caps.Cap, period: Period, law: engine.Limit
) -> list[Point]:
    prices = _prices(ctx, scenario, period)
    key = ctx.scope_key(today_cap.compiled_rule.rule.id, *period, law, repr(load_settings()), *prices.items())

    def count() -> list[Point]:
        contacts = caps.contacts_of(whatif.query_session_of(ctx).whole, today_cap, period)
        return engine.counted_points(contacts, ctx.scope.narrowed(currencies=(ctx.currency,)), period, law, prices)

    return _points(key, _count=count)


@st.cache_data(max_entries=32, show_spinner=False)
def _points(key: str, *, _count: Callable[[], list[Point]]) -> list[Point]:
    del key
    return _count()


def _log(ctx: PageContext, period: Period) -> dict[str, Any]:
    calls = reads.call_time(ctx.ask, from_date=period[0], to_date=period[1])
    own_rows = calls.filter(pl.col("currency") == ctx.currency)
    return own_rows.row(0, named=True) if own_rows.height else {}


def _prices(ctx: PageContext, scenario: Scenario, period: Period) -> dict[str, float | None]:
    """Prices of the scenario; without a length of call, the mean of the log."""
    names = {"per_contact": "cost_per_contact", "per_hour": "cost_per_hour", "minutes": "minutes_per_call"}
    in_scenario = {name: scenario.value(lever) for name, lever in names.items()}
    prices = {name: None if value is None else float(value) for name, value in in_scenario.items()}
    if prices["minutes"] is None:
        prices["minutes"] = _log(ctx, period).get("minutes_mean")
    return prices


def _modelled_points(ctx: PageContext, scenario: Scenario, period: Period) -> list[Point]:
    """Asked for by a button. Where the model is refused the page says why, and what is counted stays."""
    log = _log(ctx, period)
    calls = round(log["n_calls"] / log["n_days"]) if log.get("n_days") else None
    modelled, why = whatif_model.points(ctx, scenario, period, engine.to_model(scenario, calls))
    if why is not None:
        st.warning(f"{ctx.words('whatif.tradeoff_refused')} {whatif.why(ctx.words, why)}", icon=":material/block:")
    return modelled


def _mark(
    ctx: PageContext, point: Point, across: str, scenario: Scenario, best: Point | None, is_modelled: bool
) -> Mark:
    words = ctx.words
    kind = "today" if point.cap is None and point.calls is None else ""
    if not kind and point.cap == grid.cell_of(scenario) and point.calls == scenario.value("calls_per_day"):
        kind = "tried"
    elif not kind and point == best:
        kind = "best"
    x = point.cost if across == "cost" and point.cost is not None else point.n_contacts
    y = point.cash if is_modelled else point.n_over
    return Mark(
        x,
        float(y or 0),
        name_of(ctx, point),
        point.n_over == 0,
        kind,
        words(f"whatif.mark.{kind}") if kind else "",
        point.low,
        point.high,
    )


def name_of(ctx: PageContext, point: Point) -> str:
    words, numbers = ctx.words, ctx.numbers
    name = words("whatif.no_cap") if point.cap is None else whatif.cap_words(ctx.words, *point.cap)
    parts = [name] if point.calls is None else [name, f"{words('lever.calls_per_day')} {numbers.count(point.calls)}"]
    parts.append(f"{words('whatif.across.contacts')} {numbers.count(round(point.n_contacts))}")
    if point.n_over is not None:
        parts.append(f"{words('whatif.breaches_left')} {numbers.count(point.n_over)}")
    if point.cash is not None:
        parts.append(f"{words('measure.model_cash')} {numbers.money(round(point.cash, 2))}")
    return words("whatif.dot").join(parts)


def _finding(ctx: PageContext, points: list[Point], law: str, is_modelled: bool) -> str:
    best = engine.best_point(points)
    if best is None or best.cap is None:
        return ctx.words("whatif.tradeoff_none" if best is None else "whatif.tradeoff_clean", law=law)
    return ctx.words(
        "whatif.tradeoff_best_modelled" if is_modelled else "whatif.tradeoff_best",
        law=law,
        cap=whatif.cap_words(ctx.words, *best.cap),
        contacts=ctx.numbers.count(round(best.n_contacts)),
        all=ctx.numbers.count(round(points[0].n_contacts)),
    )


def _open_point(scenarios: list[Scenario], active: int, point: Point) -> None:
    """The point as the scenario."""
    original = scenarios[active]
    levers = {name: value for name, value in original.levers if name not in ("cap_max", "cap_days", "calls_per_day")}
    if point.cap is not None:
        levers |= {"cap_max": point.cap[0], "cap_days": point.cap[1]}
    if point.calls is not None:
        levers["calls_per_day"] = point.calls
    changed = Scenario(
        "", original.author, original.first_day, original.last_day, original.seed, tuple(sorted(levers.items()))
    )
    whatif.to_address([changed if no == active else scenario for no, scenario in enumerate(scenarios)])


def _by_hand(ctx: PageContext, scenarios: list[Scenario], active: int, points: list[Point]) -> None:
    """The same points as a table, and the same choice without a pointer."""
    words, numbers = ctx.words, ctx.numbers
    with st.expander(words("whatif.tradeoff_table")):
        rows = [
            {
                "cap": words("whatif.no_cap") if p.cap is None else whatif.cap_words(ctx.words, *p.cap),
                "calls_per_day": DASH if p.calls is None else numbers.count(p.calls),
                "contacts_left": numbers.count(round(p.n_contacts)),
                "cost": DASH if p.cost is None else numbers.money(round(p.cost, 2)),
                "breaches_left": DASH if p.n_over is None else numbers.count(p.n_over),
                "recovered": DASH if p.cash is None else numbers.money(round(p.cash, 2)),
                "interval": DASH
                if p.low is None or p.high is None
                else f"{numbers.money(round(p.low, 2))}–{numbers.money(round(p.high, 2))}",
            }
            for p in points
        ]
        all_columns = pl.DataFrame(rows)
        table = all_columns.select(name for name in all_columns.columns if (all_columns[name] != DASH).any())
        draw_table_with_files(ctx, table, metric="recount_stopped", title=words("whatif.tradeoff"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            no = st.selectbox(
                words("whatif.point"),
                range(len(points)),
                format_func=lambda index: name_of(ctx, points[index]),
                key="tradeoff_point",
            )
            if st.button(words("whatif.open_cell"), key="open_point"):
                _open_point(scenarios, active, points[no])
                st.rerun()
