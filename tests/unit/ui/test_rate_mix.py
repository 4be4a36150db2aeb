"""The sentences of rate and mix, of ways to loss and of what money paid say what their figures say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from duewatch.charts.aging_views import LossEstimate, loss_chart
from duewatch.charts.effects import effect_bars
from duewatch.charts.theme import Labels
from duewatch.contract.i18n import words_in
from duewatch.metrics.intervals import Change
from duewatch.metrics.rate_mix import decompose
from duewatch.metrics.registry import RATIOS
from duewatch.ui.aging.cures_view import watched_step
from duewatch.ui.aging.loss_view import PooledFlow, loss_estimates, pooled_flows
from duewatch.ui.aging.segment_migration import order_sentence, paths_of
from duewatch.ui.parts import rate_mix
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.recovery import summary as recovery

WORDS, NUMBERS = words_in("en"), Numbers("en", "CNY")
BETTER = decompose({"M1": (300, 600), "M2": (80, 400)}, {"M1": (260, 500), "M2": (110, 500)})


def test_every_bucket_improved_and_the_whole_got_worse_is_said() -> None:
    """The worked example of the definitions, read as a cure rate."""
    assert BETTER is not None
    said = rate_mix.finding(WORDS, NUMBERS, RATIOS["cure_overdue"], "bucket", BETTER, Change(-0.01, -0.02, -0.005))
    assert "38.0% → 37.0% (\u22121.0 pp)" in said
    assert "+2.0 pp because rates moved and \u22123.0 pp because the mix moved" in said
    assert "No segment got worse, and the whole still did" in said
    assert "no evidence" not in said


def test_the_same_figures_read_as_a_roll_rate_are_the_opposite_news() -> None:
    assert BETTER is not None
    said = rate_mix.finding(WORDS, NUMBERS, RATIOS["roll_overdue"], "bucket", BETTER, Change(-0.01, -0.02, 0.005))
    assert "No segment got better, and the whole still did" in said
    assert "no evidence of a change" in said


@pytest.mark.parametrize("scale", [1, 3, 7, 11, 13])
def test_the_printed_parts_add_up_to_the_printed_change(scale: int) -> None:
    found = decompose({"a": (10 * scale, 317), "b": (7, 411)}, {"a": (9, 290 + scale), "b": (13 * scale, 463)})
    assert found is not None
    rate, mix = rate_mix.rounded_parts(found)
    assert rate + mix == pytest.approx(round(float(found.change), 3))
    assert abs(rate - float(found.rate)) <= 0.0005 + 1e-12
    assert abs(mix - float(found.mix)) <= 0.001 + 1e-12


def test_the_bars_draw_the_whole_first_and_each_effect_with_its_sign() -> None:
    assert BETTER is not None
    figure = effect_bars(
        rate_mix.effects(WORDS, BETTER),
        Labels("F", is_dark=False, x="pp"),
        names=("rate", "mix"),
        points=lambda change: rate_mix.bare_points(NUMBERS, change),
    )
    rate, mix = figure.data
    assert rate.x[0] == pytest.approx(0.02)
    assert mix.x[0] == pytest.approx(-0.03)
    assert sum(rate.x[1:]) == pytest.approx(rate.x[0])
    assert sum(mix.x[1:]) == pytest.approx(mix.x[0])
    assert (rate.text[0], mix.text[0]) == ("+2.0", "\u22123.0")


def test_net_flows_are_pooled_by_balance_and_an_empty_bucket_is_unknown() -> None:
    days = [date(2026, 9, 30), date(2026, 10, 31)]
    frame = pl.DataFrame(
        {
            "as_of": [*days, days[1]],
            "from_bucket": ["M0", "M0", "M1"],
            "to_bucket": ["M1", "M1", "written_off"],
            "balance_from": [Decimal(100), Decimal(300), Decimal(50)],
            "balance_to": [Decimal(10), Decimal(90), Decimal(5)],
            "rate": [0.1, 0.3, 0.1],
        }
    )
    first, second = pooled_flows(frame, days[1], ["M0", "M1"])
    assert (first.last, first.pooled) == (0.3, 0.25)
    assert (second.to_bucket, second.pooled) == ("written_off", 0.1)
    empty = pooled_flows(frame.filter(pl.col("from_bucket") == "M0"), days[1], ["M0", "M1"])[1]
    assert (empty.last, empty.pooled) == (None, None)


def test_a_cure_is_an_end_of_the_chain_like_being_paid_off() -> None:
    moves = pl.DataFrame(
        {
            "from_bucket": ["M0", "M0", "M1", "M1"],
            "to_bucket": ["M0", "M1", "M0", "written_off"],
            "n_accounts": [9, 1, 3, 1],
            "balance_from": [Decimal(90), Decimal(10), Decimal(30), Decimal(10)],
        }
    )
    flows = [PooledFlow("M0", "M1", 0.1, 0.1), PooledFlow("M1", "written_off", 0.25, 0.25)]
    current, late = loss_estimates(flows, moves, ["M0", "M1"])
    assert late.chain == pytest.approx(0.25)
    assert current.chain == pytest.approx(0.1 * 0.25)
    assert current.product == pytest.approx(0.1 * 0.25)


def test_a_way_that_is_not_known_is_not_drawn() -> None:
    figure = loss_chart(
        [LossEstimate("M1", None, 0.1, 0.05, 0.2), LossEstimate("M2", 0.3, None)],
        Labels("F", True, x="x"),
        names=("p", "c"),
        percent=lambda share: f"{share:.0%}",
    )
    product, chain = figure.data
    assert (list(product.y), list(chain.y)) == (["M2"], ["M1"])
    assert (chain.error_x.array[0], chain.error_x.arrayminus[0]) == (pytest.approx(0.1), pytest.approx(0.05))


def test_only_a_step_that_ended_long_enough_ago_is_watched_for_relapse() -> None:
    days = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31))
    assert watched_step(days, days[3]) == (days[1], days[2])
    assert watched_step(days, date(2026, 10, 29)) == (days[0], days[1])
    assert watched_step(days[2:], days[3]) is None


def test_the_order_test_is_told_in_plain_words_either_way() -> None:
    def said(one: int, other: int) -> str:
        rows = [(0, 1, "M0", one), (0, 1, "M2", 100 - one), (1, 1, "M0", other), (1, 1, "M2", 100 - other)]
        frame = pl.DataFrame(rows, schema=["before_no", "from_no", "to_state", "n_accounts"], orient="row")
        from duewatch.metrics.migration import order_test

        return order_sentence(WORDS, NUMBERS, order_test(paths_of(frame)))

    assert said(50, 52).startswith("No evidence that it does")
    assert said(20, 70).startswith("Yes: where an account goes next depends")
    assert "df = 1" in said(20, 70)
    assert "p < 0.001" in said(20, 70)


def test_what_money_paid_leaves_what_cannot_be_told_out_of_the_shares() -> None:
    split = pl.DataFrame(
        {
            "state": ["M1", "M0"],
            "paid": [Decimal(100), Decimal(200)],
            "to_overdue": [Decimal(50), Decimal(0)],
            "to_current": [Decimal(0), Decimal(100)],
            "to_advance": [Decimal(50), Decimal(0)],
            "unassigned": [Decimal(0), Decimal(100)],
        }
    )
    said = recovery.split_finding(WORDS, NUMBERS, split)
    assert "¥300 came in: 25.0% of it paid overdue" in said
    assert "50.0% current ones and 25.0% was in advance" in said
    assert recovery.in_order(split, ["M0", "M1"])["state"].to_list() == ["M0", "M1"]
