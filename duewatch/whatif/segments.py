"""The book run off by segment: a chain each, drawn toward the whole book's where a segment is thin, and their sum.

A segment's row of moves stands with the weight n / (n + strength) that shrinkage by likelihood gives it
(`duewatch/metrics/migration.py`); the rest is the row of the whole book. All segments draw the same months, and within
them the moves of their own accounts, so that their sum has a band of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np

from duewatch.metrics.migration import Floats, shrinkage
from duewatch.whatif import run_off
from duewatch.whatif.projection import (
    DRAWS,
    LEAST_MONTHS,
    Change,
    Forecast,
    Moves,
    Path,
    Score,
    bands_of,
    draw_futures,
    no_change,
    overdue_by_month,
    path,
    path_draws,
    pool_moves,
    ratio,
    score_forecasts,
    with_change,
)
from duewatch.whatif.run_off import BACK, HORIZON, History, Pairs, Run

BY = ("product", "branch")
BACK_DRAWS = 200
ChancesAndCarried = tuple[Floats, Floats]


@dataclass(frozen=True)
class Segments:
    by: str  # product or branch
    whole: History  # the whole book
    parts: Mapping[str, History]  # by segment, largest overdue balance first
    weights: Mapping[str, Floats]  # by segment and bucket: how much its own moves weigh


@dataclass(frozen=True)
class Projected:
    """Each segment's run, and all of them added up."""

    parts: Mapping[str, Run]
    total: Run


def segments_of(pairs: Pairs, by: str) -> Segments:
    """Segments that had an account on any of the days."""
    names = sorted({name for frame in pairs.frames.values() for name in frame[by].unique().to_list()})
    parts = {name: run_off.history_from(pairs, by, name) for name in names}
    order = sorted(names, key=lambda name: (-float(parts[name].starts[-1][1:].sum()), name))
    whole = run_off.history_from(pairs)
    ordered = {name: parts[name] for name in order}
    weights = weights_of({name: part.months for name, part in ordered.items()})
    return Segments(by, whole, ordered, weights)


def weights_of(months: Mapping[str, Sequence[Moves]]) -> dict[str, Floats]:
    """Segment to, by bucket, how much of its row is its own; 0 where it had nobody."""
    counts = {
        name: np.sum([month.counts for month in segment_months], axis=0) for name, segment_months in months.items()
    }
    n_buckets = next(iter(counts.values())).shape[0] if counts else 0
    weights = {name: np.zeros(n_buckets) for name in counts}
    for bucket in range(n_buckets):
        _, shrunk = shrinkage({name: rows[bucket] for name, rows in counts.items()})
        for name, row in shrunk.items():
            weights[name][bucket] = row.weight
    return weights


def blended(own: ChancesAndCarried, whole: ChancesAndCarried, weight: Floats) -> ChancesAndCarried:
    """Chances and what is carried, so that the balance that arrives is the weighted mean of both."""
    share = weight[:, None]
    chances = share * own[0] + (1 - share) * whole[0]
    arriving = share * own[0] * own[1] + (1 - share) * whole[0] * whole[1]
    return chances, ratio(arriving, chances)


def project(segments: Segments, change: Change, seed: int, draws: int = DRAWS) -> Projected:
    """HORIZON months from the newest snapshot on; the same seed draws the same months for all."""
    all_drawn = draw_futures(segments.whole.months, HORIZON, draws, np.random.default_rng(seed))
    runs: dict[str, Run] = {}
    totals: dict[str, Floats] = {}
    for name, part in segments.parts.items():
        start, weight = part.starts[-1], segments.weights[name]
        chances, carried = blended(pool_moves(part.months), pool_moves(segments.whole.months), weight)
        centre = path(start, with_change(chances, change), carried, HORIZON)
        own_draws = draw_futures(part.months, HORIZON, draws, np.random.default_rng(seed), _own(seed, name))
        chance_draws, carried_draws = blended(own_draws, all_drawn, weight)
        draws_by_measure = path_draws(start, with_change(chance_draws, change), carried_draws)
        totals = {
            measure: totals.get(measure, np.zeros_like(values)) + values for measure, values in draws_by_measure.items()
        }
        runs[name] = Run(centre, bands_of(draws_by_measure))
    return Projected(runs, Run(_sum_of_paths([run.path for run in runs.values()]), bands_of(totals)))


def _own(seed: int, name: str) -> np.random.Generator:
    """For the moves of one segment's accounts, which are not those of another's."""
    return np.random.default_rng([seed, crc32(name.encode())])


def _sum_of_paths(paths: Sequence[Path]) -> Path:
    sums = (
        np.sum([getattr(run_path, name) for run_path in paths], axis=0)
        for name in ("balances", "collected", "written_off", "exited")
    )
    return Path(*sums)


Futures = Callable[[int, int], tuple[Floats, Floats]]
"""Of the overdue balance at an origin for so many months: by month, and by draw and month. A number of draw means the
same months for every segment."""


def backtests(segments: Segments, seed: int) -> dict[str, list[Score]]:
    """Per segment, with only what was known at each origin: its blended chain, the whole book's moves in its place, and
    no change. The sum of the segments stands under the empty name, beside the whole book in one chain; its band is that
    of the draws added up one by one."""
    at_origin = _weights_by_origin(segments)
    futures = {name: _futures(segments, part, name, at_origin, seed) for name, part in segments.parts.items()}
    scores = {name: _tested(segments, part, futures[name]) for name, part in segments.parts.items()}
    return scores | {"": _tested(segments, segments.whole, _sum_of(tuple(futures.values())))}


def _tested(segments: Segments, part: History, futures: Futures) -> list[Score]:
    ways = {"chain": _forecast(futures), "whole_book": _unblended(segments, part), "no_change": no_change(part.starts)}
    return score_forecasts(ways, len(part.starts), part.came, BACK)


def _forecast(futures: Futures) -> Forecast:
    def forecast(origin: int, steps: int) -> tuple[Floats, Floats, Floats]:
        centre, draws = futures(origin, steps)
        bands = bands_of({"overdue": draws})["overdue"]
        return centre, bands["low_80"], bands["high_80"]

    return forecast


def _sum_of(parts: Sequence[Futures]) -> Futures:
    def summed_futures(origin: int, steps: int) -> tuple[Floats, Floats]:
        centres, draws = zip(*(futures(origin, steps) for futures in parts), strict=True)
        return np.sum(centres, axis=0), np.sum(draws, axis=0)

    return summed_futures


def _weights_by_origin(segments: Segments) -> dict[int, dict[str, Floats]]:
    n = len(segments.whole.starts)
    return {
        origin: weights_of({name: part.months[:origin] for name, part in segments.parts.items()})
        for origin in range(LEAST_MONTHS, n)
        if any(start == origin for start, _ in segments.whole.came)
    }


def _futures(
    segments: Segments, part: History, name: str, at_origin: Mapping[int, Mapping[str, Floats]], seed: int
) -> Futures:
    @cache  # asked for by the segment and by the sum
    def futures(origin: int, steps: int) -> tuple[Floats, Floats]:
        own_months, whole_months, weight = part.months[:origin], segments.whole.months[:origin], at_origin[origin][name]
        centre = path(part.starts[origin], *blended(pool_moves(own_months), pool_moves(whole_months), weight), steps)
        redrawn = blended(
            draw_futures(own_months, steps, BACK_DRAWS, np.random.default_rng(seed), _own(seed, name)),
            draw_futures(whole_months, steps, BACK_DRAWS, np.random.default_rng(seed)),
            weight,
        )
        return overdue_by_month(centre), path_draws(part.starts[origin], *redrawn)["overdue"]

    return futures


def _unblended(segments: Segments, part: History) -> Forecast:
    def forecast(origin: int, steps: int) -> tuple[Floats, None, None]:
        run_path = path(part.starts[origin], *pool_moves(segments.whole.months[:origin]), steps)
        return overdue_by_month(run_path), None, None

    return forecast
