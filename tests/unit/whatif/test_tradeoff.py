"""What a cap keeps and leaves broken: by the grid, by a loop over contacts, and recovery by the model's own door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.whatif import cap_grid as grid
from duewatch.whatif import caps, tradeoff
from duewatch.whatif.arithmetic import cost_of
from duewatch.whatif.model_types import ModelSettings
from duewatch.whatif.query_session import open_session, period_of
from duewatch.whatif.result import Line
from duewatch.whatif.scenario import Scenario, scenario_of

LAW = (2, 3)
CNY = WHOLE_BOOK.narrowed(currencies=("CNY",))


@dataclass(frozen=True)
class Counted:
    contacts: pl.DataFrame
    period: tuple[date, date]
    points: dict[tuple[int, int] | None, tradeoff.Point] = field(default_factory=dict)


@pytest.fixture(scope="module")
def counted(demo_book: Path) -> Iterator[Counted]:
    with open_session(current_book(demo_book), Settings()) as asks:
        mine = grid.today_on(load_packs(), Scenario(), Settings())
        period = period_of(asks.scoped, Scenario())
        contacts = caps.contacts_of(asks.whole, mine, period)
        prices = {"per_contact": 0.5, "per_hour": None, "minutes": None}
        actual = tradeoff.counted_points(contacts, CNY, period, LAW, prices)
        yield Counted(contacts, period, {point.cap: point for point in actual})


def test_contacts_left_are_all_less_those_that_the_grid_stops(counted: Counted) -> None:
    cells = caps.frontier(counted.contacts, CNY, counted.period)
    stopped = {(r["max_count"], r["window_days"]): r["n_stopped"] for r in cells.iter_rows(named=True)}
    whole = counted.points[None]
    assert whole.n_contacts > 0
    for cap, point in counted.points.items():
        if cap is not None:
            assert point.n_contacts == whole.n_contacts - stopped[cap]
        assert point.cost == pytest.approx(point.n_contacts * 0.5)


def test_breaches_left_are_those_of_a_loop_over_the_contacts_left(counted: Counted) -> None:
    first = counted.period[0]
    for cap in (None, (1, 3), (3, 7), (2, 1), (4, 14)):
        let_through: list[date] = []
        n = n_over = 0
        for row in counted.contacts.iter_rows(named=True):
            if row["place"] == 1:
                let_through = []
            day = row["local_date"]
            if cap and day >= first:
                recent = [each for each in let_through if (day - each).days < cap[1]]
                if len(recent) >= cap[0]:
                    continue
            before = [each for each in let_through if each > day - timedelta(days=LAW[1])]
            let_through.append(day)
            if row["currency"] == "CNY" and day >= first:
                n += 1
                n_over += len(before) >= LAW[0]
        assert (counted.points[cap].n_contacts, counted.points[cap].n_over) == (n, n_over), cap
    assert counted.points[None].n_over, "the demo must break it, or nothing is shown"
    assert counted.points[1, 3].n_over == 0


def test_the_best_keeps_most_of_those_without_a_breach(counted: Counted) -> None:
    actual = tradeoff.best_point(list(counted.points.values()))
    assert actual is not None
    clean = [point.n_contacts for point in counted.points.values() if point.n_over == 0]
    assert actual.n_contacts == max(clean)
    assert tradeoff.best_point([tradeoff.Point(None, None, 5.0, 2)]) is None


def test_a_cost_is_told_only_where_prices_and_minutes_are() -> None:
    assert cost_of(10, 4, {"per_contact": 0.5, "per_hour": 30.0, "minutes": 2.0}) == 10 * 0.5 + 4 * 2 / 60 * 30
    assert cost_of(10, 4, {"per_hour": 30.0, "minutes": None}) is None
    assert cost_of(10, 4, {}) is None


@dataclass(frozen=True)
class Part:
    draws: list[int]


@dataclass(frozen=True)
class Fitted:
    parts: dict[str, Part | None]


def model_that(refuses: bool, asked: list[tuple[Scenario, int]]) -> ModuleType:
    def answer(_ask: object, scenario: Scenario, **given: object) -> SimpleNamespace:
        asked.append((scenario, len(given["fitted"].parts["CNY"].draws)))  # type: ignore[attr-defined]
        if refuses:
            return SimpleNamespace(lines=(Line("CNY", "model_cash", "money", "refused", code="model_few"),))
        n = 100.0 * float(scenario.value("cap_max") or 9)
        cash = Line("CNY", "model_cash", "money", "L2", 900.0, n, n - 5, n + 5)
        return SimpleNamespace(lines=(cash, Line("CNY", "model_talks", "contacts", "L2", 90.0, n / 10)))

    return SimpleNamespace(answer=answer, ModelSettings=ModelSettings)  # type: ignore[return-value]


def test_one_fit_serves_every_point_and_today_stands_among_them() -> None:
    asked: list[tuple[Scenario, int]] = []
    fitted = Fitted({"CNY": Part(list(range(50))), "USD": None})
    scenarios = tradeoff.to_model(scenario_of({"levers": {"wait_hours": 24, "cost_per_contact": 1}}, "here"), 1000)
    days = (date(2026, 8, 1), date(2026, 10, 31))
    told: list[float] = []
    actual, why = tradeoff.modelled_points(model_that(False, asked), None, fitted, scenarios, "CNY", days, told.append)  # type: ignore[arg-type]
    assert why is None
    assert actual[0].cap is None
    assert actual[0].calls is None
    assert actual[0].cash == 900.0
    assert len(actual) == len(asked) + 1 == len(scenarios) + 1
    assert {n for _, n in asked} == {tradeoff.FEW_DRAWS}
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert all("wait_hours" not in dict(each.levers) for each, _ in asked), (
        "only caps and capacities are on the picture"
    )
    assert {point.calls for point in actual} == {None, 700, 1300}


def test_a_refusal_is_asked_once_and_draws_nothing() -> None:
    asked: list[tuple[Scenario, int]] = []
    days = (date(2026, 8, 1), date(2026, 10, 31))
    fitted, scenarios = Fitted({"CNY": Part([1])}), tradeoff.to_model(Scenario(), None)
    actual, why = tradeoff.modelled_points(
        model_that(True, asked), None, fitted, scenarios, "CNY", days, lambda _: None
    )  # type: ignore[arg-type]
    assert actual == []
    assert why is not None
    assert why.code == "model_few"
    assert len(asked) == 1
