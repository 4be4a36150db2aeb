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

from duewatch.metrics.migration import shrinkage
from duewatch.whatif import run_off
from duewatch.whatif.projection import (
    DRAWS,
    LEAST_MONTHS,
    Change,
    Floats,
    Forecast,
    Moves,
    Path,
    Score,
    banded,
    changed,
    divided,
    drawn,
    overdue,
    path,
    paths,
    pooled,
    scored,
    unchanged,
)
from duewatch.whatif.run_off import BACK, HORIZON, History, Pairs, Run

BY = ("product", "branch")
BACK_DRAWS = 200


@dataclass(frozen=True)
class Segments:
    """The histories of the segments (largest overdue balance first) and of the whole book, and by segment and bucket
    the weight of its own moves."""

    by: str
    whole: History
    parts: Mapping[str, History]
    weights: Mapping[str, Floats]


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
    counts = {name: np.sum([month.counts for month in each], axis=0) for name, each in months.items()}
    n_buckets = next(iter(counts.values())).shape[0] if counts else 0
    found = {name: np.zeros(n_buckets) for name in counts}
    for bucket in range(n_buckets):
        _, shrunk = shrinkage({name: each[bucket] for name, each in counts.items()})
        for name, row in shrunk.items():
            found[name][bucket] = row.weight
    return found


def blended(own: tuple[Floats, Floats], whole: tuple[Floats, Floats], weight: Floats) -> tuple[Floats, Floats]:
    """Chances and what is carried, so that the balance that arrives is the weighted mean of both."""
    share = weight[:, None]
    chances = share * own[0] + (1 - share) * whole[0]
    arriving = share * own[0] * own[1] + (1 - share) * whole[0] * whole[1]
    return chances, divided(arriving, chances)


def project(known: Segments, change: Change, seed: int, draws: int = DRAWS) -> Projected:
    """HORIZON months from the newest snapshot on; the same seed draws the same months for all."""
    all_drawn = drawn(known.whole.months, HORIZON, draws, np.random.default_rng(seed))
    runs: dict[str, Run] = {}
    totals: dict[str, Floats] = {}
    for name, part in known.parts.items():
        start, weight = part.starts[-1], known.weights[name]
        chances, carried = blended(pooled(part.months), pooled(known.whole.months), weight)
        centre = path(start, changed(chances, change), carried, HORIZON)
        mine = drawn(part.months, HORIZON, draws, np.random.default_rng(seed), _own(seed, name))
        again, kept = blended(mine, all_drawn, weight)
        told = paths(start, changed(again, change), kept)
        totals = {measure: totals.get(measure, np.zeros_like(each)) + each for measure, each in told.items()}
        runs[name] = Run(centre, banded(told))
    return Projected(runs, Run(_added([run.path for run in runs.values()]), banded(totals)))


def _own(seed: int, name: str) -> np.random.Generator:
    """For the moves of one segment's accounts, which are not those of another's."""
    return np.random.default_rng([seed, crc32(name.encode())])


def _added(each: Sequence[Path]) -> Path:
    sums = (np.sum([getattr(one, name) for one in each], axis=0) for name in ("balances", "collected", "written_off"))
    return Path(*sums)


Futures = Callable[[int, int], tuple[Floats, Floats]]
"""Of the overdue balance at an origin for so many months: by month, and by draw and month. A number of draw means the
same months for every segment."""


def backtests(known: Segments, seed: int) -> dict[str, list[Score]]:
    """Per segment, with only what was known at each origin: its blended chain, the whole book's moves in its place, and
    no change. The sum of the segments stands under the empty name, beside the whole book in one chain; its band is that
    of the draws added up one by one."""
    at_origin = _weights_by_origin(known)
    futures = {name: _futures(known, part, name, at_origin, seed) for name, part in known.parts.items()}
    found = {name: _tested(known, part, futures[name]) for name, part in known.parts.items()}
    return found | {"": _tested(known, known.whole, _sum_of(tuple(futures.values())))}


def _tested(known: Segments, part: History, futures: Futures) -> list[Score]:
    ways = {"chain": _forecast(futures), "whole_book": _unblended(known, part), "no_change": unchanged(part.starts)}
    return scored(ways, len(part.starts), part.came, BACK)


def _forecast(futures: Futures) -> Forecast:
    def told(origin: int, steps: int) -> tuple[Floats, Floats, Floats]:
        centre, draws = futures(origin, steps)
        bands = banded({"overdue": draws})["overdue"]
        return centre, bands["low_80"], bands["high_80"]

    return told


def _sum_of(parts: Sequence[Futures]) -> Futures:
    def told(origin: int, steps: int) -> tuple[Floats, Floats]:
        each = [futures(origin, steps) for futures in parts]
        return np.sum([centre for centre, _ in each], axis=0), np.sum([draws for _, draws in each], axis=0)

    return told


def _weights_by_origin(known: Segments) -> dict[int, dict[str, Floats]]:
    n = len(known.whole.starts)
    return {
        origin: weights_of({name: part.months[:origin] for name, part in known.parts.items()})
        for origin in range(LEAST_MONTHS, n)
        if any(at == origin for at, _ in known.whole.came)
    }


def _futures(
    known: Segments, part: History, name: str, at_origin: Mapping[int, Mapping[str, Floats]], seed: int
) -> Futures:
    @cache  # asked for by the segment and by the sum
    def told(origin: int, steps: int) -> tuple[Floats, Floats]:
        own, whole, weight = part.months[:origin], known.whole.months[:origin], at_origin[origin][name]
        centre = path(part.starts[origin], *blended(pooled(own), pooled(whole), weight), steps)
        again = blended(
            drawn(own, steps, BACK_DRAWS, np.random.default_rng(seed), _own(seed, name)),
            drawn(whole, steps, BACK_DRAWS, np.random.default_rng(seed)),
            weight,
        )
        return overdue(centre), paths(part.starts[origin], *again)["overdue"]

    return told


def _unblended(known: Segments, part: History) -> Forecast:
    def told(origin: int, steps: int) -> tuple[Floats, None, None]:
        return overdue(path(part.starts[origin], *pooled(known.whole.months[:origin]), steps)), None, None

    return told
