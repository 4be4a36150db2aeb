"""What a figure draws is what its frame says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from duewatch.charts.aging import aging_bars, aging_stack
from duewatch.charts.completeness import completeness_bars
from duewatch.charts.effects import Effect, effect_bars
from duewatch.charts.migration import migration_matrix
from duewatch.charts.net_flow import net_flow_lines
from duewatch.charts.theme import DARK, LIGHT, Labels, Palette, contrast, finding_of, ink_on, mixed, round_ticks
from duewatch.charts.timeline import finding_timeline
from duewatch.charts.utilisation import utilisation_bars
from duewatch.charts.vintage import vintage_curves
from duewatch.charts.waterfall import waterfall

BUCKETS = ["M0", "M1", "M2"]
MONTHS = [date(2026, 9, 30), date(2026, 10, 31)]


def percent(share: float) -> str:
    return f"{share:.0%}"


def test_the_waterfall_floats_each_movement_on_what_came_before() -> None:
    amounts = {"opening": 100, "new_entry": 30, "cured": -20, "residual": 0, "closing": 110}
    frame = pl.DataFrame(
        {"position": [1, 2, 3, 6, 7], "component": list(amounts), "amount": [Decimal(a) for a in amounts.values()]}
    )
    figure = waterfall(frame, Labels("F", False, y="CNY"), text_of=str, names={name: name for name in amounts})
    assert [(bar.base[0], bar.y[0]) for bar in figure.data] == [(0, 100), (100, 30), (110, 20), (110, 0), (0, 110)]
    assert finding_of(figure) == "F"
    assert figure.layout.yaxis.range[0] == 0, "bars stand on zero"


def test_aging_bars_show_an_empty_bucket_as_zero_and_label_value_and_share() -> None:
    frame = pl.DataFrame({"bucket": ["M0", "M2"], "balance": [Decimal(75), Decimal(25)], "share_balance": [0.75, 0.25]})
    figure = aging_bars(
        frame, Labels("F", True, x="CNY"), measure="balance", text_of=str, percent=percent, buckets=BUCKETS
    )
    assert list(figure.data[0].x) == [75, 0, 25]
    assert figure.data[0].text[2] == "25.0 · 25%"


def test_the_stack_leaves_the_current_bucket_out_and_keeps_every_other_value() -> None:
    frame = pl.DataFrame({"as_of": [*MONTHS, MONTHS[1]], "bucket": ["M1", "M1", "M2"], "n_accounts": [5, 7, 3]})
    figure = aging_stack(frame, Labels("F", False, y="n"), measure="n_accounts", text_of=str, buckets=BUCKETS)
    assert {trace.name: list(trace.y) for trace in figure.data} == {"M1": [5, 7], "M2": [0, 3]}


def test_a_move_that_no_account_made_is_blank_and_not_zero() -> None:
    frame = pl.DataFrame({"from_bucket": ["M1", "M1"], "to_bucket": ["M0", "exit"], "share_accounts": [0.6, 0.4]})
    figure = migration_matrix(
        frame, Labels("F", False, x="to", y="from"), share="share_accounts", percent=percent, buckets=BUCKETS, names={}
    )
    assert list(figure.data[0].z[0]) == [0.6, None, None, None, None, 0.4]
    assert [note.text for note in figure.layout.annotations] == ["60", "40"]


def test_a_net_flow_that_cannot_be_told_leaves_a_gap() -> None:
    frame = pl.DataFrame(
        {"as_of": MONTHS, "from_bucket": ["M0"] * 2, "to_bucket": ["M1"] * 2, "to_no": [1, 1], "rate": [None, 0.1]}
    )
    figure = net_flow_lines(frame, Labels("F", False, y="x"), percent=percent, accented="M1")
    assert list(figure.data[0].y) == [None, 0.1]
    assert not figure.data[0].connectgaps
    assert figure.layout.annotations[0].text == "M0 → M1  10%"


def test_an_incomplete_cohort_is_not_drawn() -> None:
    frame = pl.DataFrame(
        {
            "cohort": [date(2026, 1, 1), date(2026, 1, 1), date(2025, 1, 1)],
            "months_on_book": [0, 1, 12],
            "share_balance": [0.0, 0.02, 0.9],
            "is_complete": [True, True, False],
        }
    )
    figure = vintage_curves(frame, Labels("F", True, x="months", y="share"), percent=percent)
    assert [trace.name for trace in figure.data] == ["2026-01"]
    assert list(figure.data[0].y) == [0.0, 0.02]


def test_a_column_that_no_file_has_is_hatched_and_an_empty_one_is_zero() -> None:
    frame = pl.DataFrame({"column_name": ["a", "b"], "is_provided": [True, False], "share_filled": [0.0, None]})
    figure = completeness_bars(frame, Labels("F", False, x="share"), percent=percent, absent="not given")
    assert list(figure.data[0].text) == ["0%", ""]
    assert list(figure.data[1].x) == [0.0, 1.0]
    assert figure.data[1].marker.pattern.shape


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_number_in_a_cell_always_has_aa_contrast(colours: Palette) -> None:
    for step in range(101):
        cell = mixed(*colours.heat, step / 100)
        assert contrast(ink_on(cell), cell) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_worse_bucket_stands_out_more_from_the_paper(colours: Palette) -> None:
    contrasts = [contrast(colour, colours.paper) for colour in colours.ramp]
    assert contrasts == sorted(contrasts)
    assert len(set(contrasts)) == len(contrasts)


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (23.0, [0, 10, 20]),
        (0.0, [0]),
        (1.0, [0, 0.25, 0.5, 0.75, 1.0]),
        (2.4e7, [0, 1e7, 2e7]),
        (0.034, [0, 0.01, 0.02, 0.03]),
    ],
)
def test_ticks_are_round_and_start_at_zero(top: float, ticks: list[float]) -> None:
    assert round_ticks(top) == pytest.approx(ticks)


def test_the_bars_of_a_used_limit_name_both_axes_and_draw_every_step_up_to_the_limit() -> None:
    counts = pl.DataFrame({"used": [1, 4], "n": [5, 2]})
    figure = utilisation_bars(counts, Labels("F", False, x="used", y="debtors"), limit=3, text_of=str)
    assert list(figure.data[0].y) == [5, 0, 0, 2]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("used", "debtors")


@pytest.mark.parametrize(("days", "tells_hours"), [([16, 16], True), ([15, 16], False)])
def test_a_finding_within_one_day_is_drawn_on_the_hours_of_that_day(days: list[int], tells_hours: bool) -> None:
    frame = pl.DataFrame(
        {
            "local_date": [date(2026, 10, day) for day in days],
            "local_time": ["09:00:00", "14:00:00"],
            "channel": ["call", "call"],
            "is_counted": [True, True],
            "is_judged": [False, True],
            "place": [1, 2],
            "contact_id": ["C1", "C2"],
        }
    )
    axis = finding_timeline(frame, Labels("F", False), names={}, limit=None).layout.xaxis
    assert ("%H:%M" in axis.tickformat) == tells_hours
    assert axis.range == (("2026-10-16T00:00:00", "2026-10-16T23:59:59") if tells_hours else None)


@pytest.mark.parametrize("is_dark", [False, True])
def test_bars_of_rate_and_mix_stand_out_from_the_paper_in_both_themes(is_dark: bool) -> None:
    figure = effect_bars(
        [Effect("all", 0.01, -0.02)], Labels("F", is_dark, x="points"), names=("rate", "mix"), points=percent
    )
    paper = (DARK if is_dark else LIGHT).paper
    assert all(contrast(bar.marker.color, paper) >= 3 for bar in figure.data), "WCAG 2.2, 1.4.11"
