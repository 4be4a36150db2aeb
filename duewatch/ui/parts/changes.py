"""The words of a change: on a tile, and of the last week or month against those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from duewatch.charts.shares import Share
from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Change
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile


def with_change(tile: Tile, numbers: Numbers, change: Change | None) -> Tile:
    """The tile with its change in percentage points. A change that rounds to 0 has no direction."""
    if change is None:
        return tile
    text = numbers.points(change.value)
    rises = None if text == numbers.points(0) else change.value > 0
    return replace(tile, change=text, rises=rises, is_evident=change.is_evident)


def pooled_share(points: Sequence[Share]) -> float:
    """The share of all points together."""
    return sum(point.share * point.n for point in points) / sum(point.n for point in points)


def week_finding(words: Words, numbers: Numbers, key: str, points: Sequence[Share]) -> str:
    """Whether the last week lies apart from those before it taken together. `key`: what the locale keys begin with."""
    last, earlier = points[-1], points[:-1]
    values = {"week": last.name, "share": numbers.percent(last.share), "n": numbers.count(last.n)}
    if not earlier:
        return words(f"{key}_short", **values)
    pooled = pooled_share(earlier)
    place = "within" if last.low <= pooled <= last.high else "above" if last.share > pooled else "below"
    return words(f"{key}_{place}", usual=numbers.percent(pooled), weeks=len(earlier), **values)
