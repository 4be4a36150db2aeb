"""The frontier draws every cap once with its figures; the fan joins what was to what may come."""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.charts.cap_grid import CapGrid, Wall, frontier
from duewatch.charts.fan import Paths, fan
from duewatch.charts.theme import Labels
from duewatch.charts.tradeoff import Mark, tradeoff

CELLS = pl.DataFrame(
    [
        {"max_count": n, "window_days": days, "n_over": 10 * days // n, "n_stopped": 5 * days // n}
        for n in range(1, 11)
        for days in range(1, 31)
    ]
)


def drawn(walls: list[Wall], measure: str = "n_stopped"):  # type: ignore[no-untyped-def]
    grid = CapGrid(CELLS, (10, 1), (2, 7), "rule", "{n} in {days}: {over}, {stopped}")
    labels = Labels("F", False, x="x", y="y")
    return frontier(grid, labels, measure=measure, walls=walls, count=lambda value: f"{value:g}")


def test_every_cap_can_be_clicked_and_tells_its_own_figures() -> None:
    points = drawn([]).data[1]
    told = {(y, x): text for x, y, text in zip(points.x, points.y, points.customdata, strict=True)}
    assert len(told) == 300
    assert told[2, 7] == "2 in 7: 35, 17"


def test_the_colour_follows_the_measure_that_is_chosen() -> None:
    for measure in ("n_over", "n_stopped"):
        heat = drawn([], measure).data[0]
        most = CELLS[measure].max()
        wanted = CELLS.filter((pl.col("max_count") == 2) & (pl.col("window_days") == 7))[measure][0]
        assert abs(heat.z[1][6] ** 2 * most - wanted) < 1e-9


def test_two_walls_that_end_together_are_named_on_two_sides_and_one_nobody_can_keep_is_left_out() -> None:
    steps = [(days, 2) for days in range(1, 31)]
    never = Wall("never", [(days, 0) for days in range(1, 31)])
    figure = drawn([Wall("one", steps), Wall("other", steps), never])
    named = {note.text: note.yanchor for note in figure.layout.annotations}
    assert named["one"] == "bottom"
    assert named["other"] == "top"
    assert "never" not in named


def test_both_paths_of_a_fan_begin_where_the_past_ends() -> None:
    months = [date(2026, 11, 30), date(2026, 12, 31)]
    bands = {"low_95": [1, 1], "low_80": [2, 2], "high_80": [8, 8], "high_95": [9, 9]}
    names = {"past": "so far", "today": "goes on", "scenario": "moved"}
    labels, past = Labels("F", True, y="CNY"), [(date(2026, 10, 31), 5.0)]
    figure = fan(Paths(past, months, [6.0, 7.0], bands, [4.0, 3.0]), labels, names=names, text_of=str)
    lines = {trace.name: list(trace.y) for trace in figure.data if trace.name}
    assert lines == {"so far": [5.0], "goes on": [5.0, 6.0, 7.0], "moved": [5.0, 4.0, 3.0]}
    alone = fan(Paths(past, months, [6.0, 7.0], bands, None), labels, names=names, text_of=str)
    assert "moved" not in {trace.name for trace in alone.data}


def test_a_cap_that_leaves_no_breach_is_filled_and_todays_is_named() -> None:
    marks = [
        Mark(100.0, 5.0, "no cap", False, "today", "today"),
        Mark(60.0, 0.0, "one in seven", True, "best", "best"),
        Mark(80.0, 2.0, "two in seven", False, low=1.0, high=4.0),
    ]
    figure = tradeoff(marks, Labels("what a cap keeps", False, x="left", y="broken"), x_text=str, y_text=str)
    (points,) = figure.data
    assert list(points.marker.symbol) == ["circle-open", "circle", "circle-open"]
    assert list(points.customdata) == ["no cap", "one in seven", "two in seven"]
    assert [note.text for note in figure.layout.annotations] == ["today", "best"]
    assert list(points.error_y.array) == [0.0, 0.0, 2.0]
    assert list(points.error_y.arrayminus) == [0.0, 0.0, 1.0]
    assert figure.layout.meta["finding"] == "what a cap keeps"
