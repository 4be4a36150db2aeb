"""The run-off by segment: weights and blending by hand, sums that add up, a backtest that knows only what was known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.contract.settings import Settings
from duewatch.metrics.migration import shrinkage
from duewatch.reads import portfolio
from duewatch.whatif import run_off, segments
from duewatch.whatif.projection import Change, Moves, overdue_by_month, path, pool_moves
from duewatch.whatif.query_session import open_session
from duewatch.whatif.run_off import History, Pairs
from tests.unit.whatif.test_projection import CARRIED, CHANCES, START

SURE = Change(cure=1.3, roll=0.8)


def history(n_months: int, seed: int, accounts: int, chances: np.ndarray = CHANCES, times: float = 1.0) -> History:
    draw = np.random.default_rng(seed)
    months = []
    for _ in range(n_months):
        counts = np.array([draw.multinomial(accounts, row) for row in chances], dtype=float)
        months.append(Moves(counts, counts * 10.0, CARRIED))
    starts = tuple(START * times for _ in range(n_months + 1))
    came = {(t, h): float(START[1:].sum() * times) for t in range(3, n_months) for h in (1, 2, 3) if t + h <= n_months}
    return History((), starts, tuple(months), came)


def added(parts: list[History]) -> History:
    months = tuple(
        Moves(sum(m.counts for m in each), sum(m.weights for m in each), CARRIED)  # type: ignore[arg-type]
        for each in zip(*(part.months for part in parts), strict=True)
    )
    starts = tuple(np.sum(each, axis=0) for each in zip(*(part.starts for part in parts), strict=True))
    return History((), starts, months, {at: sum(part.came[at] for part in parts) for at in parts[0].came})


def segments_of_parts(*parts: History) -> segments.Segments:
    named = {f"s{number}": part for number, part in enumerate(parts)}
    weights = segments.weights_of({name: part.months for name, part in named.items()})
    return segments.Segments("product", added(list(parts)), named, weights)


def test_a_thin_segment_is_drawn_to_the_whole_book_and_a_thick_one_stands_alone() -> None:
    other = CHANCES.copy()
    other[1] = [0.2, 0.2, 0.6, 0, 0, 0]
    thick, thin, third = history(6, 1, 3000), history(6, 2, 8, other), history(6, 3, 3000, other)
    weights = segments_of_parts(thick, thin, third).weights
    assert weights["s0"][1] > 0.9
    assert weights["s1"][1] < weights["s0"][1]
    counts = {f"s{number}": sum(m.counts[1] for m in part.months) for number, part in enumerate((thick, thin, third))}
    _, shrunk = shrinkage(counts)  # type: ignore[arg-type]
    assert {name: weights[name][1] for name in weights} == {name: row.weight for name, row in shrunk.items()}


def test_segments_of_one_kind_are_the_whole_book_split() -> None:
    """Where likelihood finds no difference every row is the whole book's, and the sum is the whole book to the cent."""
    split = segments_of_parts(*(history(6, 7, 500, times=times) for times in (1.0, 2.0)))
    split = replace(split, weights={name: np.zeros(3) for name in split.weights})
    run = segments.project(split, SURE, 1)
    whole = run_off.run_of(split.whole, SURE, 1)
    assert np.allclose(run.total.path.balances, whole.path.balances)
    assert np.allclose(run.total.path.collected, whole.path.collected)
    assert np.allclose(run.total.bands["overdue"]["low_80"], whole.bands["overdue"]["low_80"])


def test_blending_is_the_weighted_mean_of_what_arrives_by_plain_loops() -> None:
    own, whole = (CHANCES, CARRIED), (CHANCES[::-1].copy(), np.full_like(CARRIED, 0.5))
    weight = np.array([1.0, 0.25, 0.0])
    chances, carried = segments.blended(own, whole, weight)
    for bucket in range(3):
        for state in range(6):
            w = weight[bucket]
            chance = w * own[0][bucket, state] + (1 - w) * whole[0][bucket, state]
            arrives = w * own[0][bucket, state] * own[1][bucket, state]
            arrives += (1 - w) * whole[0][bucket, state] * whole[1][bucket, state]
            assert chances[bucket, state] == pytest.approx(chance)
            assert chances[bucket, state] * carried[bucket, state] == pytest.approx(arrives)
    assert np.allclose(chances.sum(axis=1), 1)


def test_levers_move_every_segment_and_nothing_moves_nothing() -> None:
    split = segments_of_parts(history(6, 1, 900), history(6, 2, 40))
    now, again, moved = (segments.project(split, each, 4) for each in (Change(), Change(), SURE))
    for name in split.parts:
        assert np.array_equal(now.parts[name].path.balances, again.parts[name].path.balances)
        assert np.array_equal(now.parts[name].bands["overdue"]["low_95"], again.parts[name].bands["overdue"]["low_95"])
        assert run_off.at_horizon(moved.parts[name], "overdue") < run_off.at_horizon(now.parts[name], "overdue")
    for measure in run_off.MEASURES:
        parts = sum(run_off.at_horizon(run, measure) for run in moved.parts.values())
        assert run_off.at_horizon(moved.total, measure) == pytest.approx(parts)


def test_the_backtest_of_a_segment_knows_only_the_months_before_its_origin() -> None:
    parts = [history(6, 1, 700), history(6, 2, 60)]
    honest = segments.backtests(segments_of_parts(*parts), 1)
    assert set(honest) == {"s0", "s1", ""}
    assert {score.way for score in honest["s0"]} == {"chain", "whole_book", "no_change"}

    def spoiled(part: History) -> History:
        later = tuple(Moves(m.counts[::-1].copy(), m.weights * 3, m.carried * 0) for m in part.months[3:])
        came = {at: value for at, value in part.came.items() if at[0] == 3}
        return replace(part, months=(*part.months[:3], *later), came=came)

    def first(part: History) -> History:
        return replace(part, came={at: value for at, value in part.came.items() if at[0] == 3})

    one, other = (segments.backtests(segments_of_parts(*map(each, parts)), 1) for each in (spoiled, first))
    assert one == other


def far_and_near(part: History, share: float) -> History:
    """What came: near what the chain says at every second step, far off at the others."""
    came = {}
    for origin, steps in part.came:
        told = path(part.starts[origin], *pool_moves(part.months[:origin]), steps)
        came[origin, steps] = float(overdue_by_month(told)[-1]) * (1.0 if (origin + steps) % 2 else share)
    return replace(part, came=came)


def test_the_sum_of_one_segment_is_tested_as_the_segment_is() -> None:
    scores = segments.backtests(segments_of_parts(far_and_near(history(7, 3, 800), 3.0)), 1)
    assert 0 < (scores[""][0].coverage or 0) < 1
    assert scores[""] == scores["s0"]


def test_the_band_of_the_sum_is_that_of_one_chain_where_all_segments_move_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every row the whole book's: what the segments draw adds up to what one chain draws."""
    split = segments_of_parts(*(far_and_near(history(7, 5, 300, times=times), 2.0) for times in (1.0, 4.0)))
    monkeypatch.setattr(segments, "weights_of", lambda months: {name: np.zeros(3) for name in months})
    (mine, *_), (chain, *_) = segments.backtests(split, 2)[""], run_off.scores_of(split.whole, 2)
    assert mine.coverage == chain.coverage
    assert 0 < (mine.coverage or 0) < 1
    assert mine.wape == pytest.approx(chain.wape)


def test_segments_share_their_months_and_not_the_moves_of_their_accounts() -> None:
    """One month again and again: nothing is shared, and the noise of four parts adds up by squares."""
    counts = CHANCES * 200
    part = replace(history(5, 1, 200), months=(Moves(counts, counts * 10, CARRIED),) * 5)
    four = {f"s{number}": part for number in range(4)}
    alone = segments.Segments("product", added([part] * 4), four, {name: np.ones(3) for name in four})
    one = segments._futures(alone, part, "s0", {4: alone.weights}, 1)(4, 3)[1][:, 2]
    each = tuple(segments._futures(alone, part, name, {4: alone.weights}, 1) for name in four)
    total = segments._sum_of(each)(4, 3)[1][:, 2]
    assert total.std() == pytest.approx(2 * one.std(), rel=0.2)
    known_months = history(5, 1, 100_000, CHANCES)
    shared = [segments._futures(alone, known_months, name, {4: alone.weights}, 1)(4, 3)[1][:, 2] for name in four]
    assert np.corrcoef(shared).min() > 0.5, "months that differ move all of them together"


def test_the_band_of_the_sum_adds_draws_and_not_ends_of_bands() -> None:
    """By a plain loop over the draws: the same number of draw is one future for all segments."""
    other = CHANCES.copy()
    other[1] = [0.2, 0.2, 0.6, 0, 0, 0]
    split = segments_of_parts(history(7, 1, 300), history(7, 2, 300, other), history(7, 3, 20))
    weights = dict.fromkeys(range(3, 8), split.weights)
    parts = [segments._futures(split, part, name, weights, 1) for name, part in split.parts.items()]
    centre, low, high = segments._forecast(segments._sum_of(parts))(4, 3)
    ends = [segments._forecast(each)(4, 3) for each in parts]
    assert low is not None
    assert high is not None
    for month in range(3):
        draws = [sum(float(each(4, 3)[1][number, month]) for each in parts) for number in range(segments.BACK_DRAWS)]
        assert float(low[month]) == pytest.approx(np.quantile(draws, 0.1))
        assert float(high[month]) == pytest.approx(np.quantile(draws, 0.9))
        assert float(centre[month]) == pytest.approx(sum(float(each[0][month]) for each in ends))
    assert not np.allclose(low, sum(each[1] for each in ends))  # type: ignore[arg-type, misc]


def test_segments_of_a_book_add_up_to_the_whole(demo_book: Path) -> None:
    with open_session(current_book(demo_book), Settings()) as asks:
        days = portfolio.snapshot_days(asks.scoped)["as_of"].to_list()
        pairs: Pairs = run_off.pairs_of(asks.scoped, max(days), "CNY")
        aged = portfolio.aging_buckets(asks.scoped, as_of=max(days)).filter(pl.col("currency") == "CNY")
        whole = run_off.history_from(pairs)
        balances = dict(zip(aged["bucket"].to_list(), aged["balance"].to_list(), strict=True))
        assert [round(float(each), 2) for each in whole.starts[-1]] == [
            round(float(balances.get(bucket) or 0), 2) for bucket in pairs.buckets
        ]
        for by in segments.BY:
            actual = segments.segments_of(pairs, by)
            assert len(actual.parts) > 1
            for t, start in enumerate(whole.starts):
                assert np.allclose(sum(part.starts[t] for part in actual.parts.values()), start)
            for t, month in enumerate(whole.months):
                assert np.allclose(sum(part.months[t].counts for part in actual.parts.values()), month.counts)
            first = next(iter(actual.parts.values()))
            assert np.allclose(pool_moves(first.months)[0].sum(axis=1), 1)
