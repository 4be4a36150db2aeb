"""Sentences and tiles computed from frames: what changed, by how much, and whether there is evidence for it.

Pure functions: frames and words in, text and tiles out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Change, Proportion, change_between
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile

MOVEMENTS = ("new_entry", "cured", "paid_down", "written_off", "residual")
NAMED_AT_MOST = 3


def amount_of(bridge: pl.DataFrame, component: str) -> Decimal:
    """The amount of one component of the waterfall; 0 where the bridge is empty."""
    amounts = bridge.filter(pl.col("component") == component)["amount"].to_list()
    return Decimal(amounts[0]) if amounts else Decimal(0)


def overview_headline(words: Words, numbers: Numbers, bridge: pl.DataFrame, since: date) -> str:
    """Overdue balance rose 2.1% to ¥41.2m since 30 Sep 2026: +3.0% from new entries, ..."""
    opening, closing = amount_of(bridge, "opening"), amount_of(bridge, "closing")
    day, closing_text = numbers.day(since), numbers.money(closing)
    if opening == 0:
        return words("headline.overview.from_zero", closing=closing_text, day=day)
    change = (closing - opening) / opening
    rounded = numbers.percent(abs(change))
    direction = "flat" if rounded == numbers.percent(Decimal(0)) else "rose" if change > 0 else "fell"
    parts = words("headline.overview.join").join(_parts(words, numbers, bridge, opening))
    return words(f"headline.overview.{direction}", share=rounded, closing=closing_text, day=day, parts=parts)


def _parts(words: Words, numbers: Numbers, bridge: pl.DataFrame, opening: Decimal) -> list[str]:
    """The largest movements by name and the others together, so that the parts add up to the change."""
    amounts = sorted(((name, amount_of(bridge, name)) for name in MOVEMENTS), key=lambda pair: -abs(pair[1]))
    named = [(name, _as_printed(amount / opening)) for name, amount in amounts[:NAMED_AT_MOST]]
    change = _as_printed(sum((amount for _, amount in amounts), Decimal(0)) / opening)
    rest = change - sum((share for _, share in named), Decimal(0))
    parts = [*named, *([("rest", rest)] if rest else [])]
    return [
        words(
            "headline.overview.part",
            share=numbers.percent(share, signed=True),
            component=words(f"component_in_sentence.{name}"),
        )
        for name, share in parts
    ]


def _as_printed(share: Decimal) -> Decimal:
    """A share rounded as the headline prints it (0.1 %), so that the printed parts add up and not only the exact."""
    return share.quantize(Decimal("0.001"), ROUND_HALF_EVEN)


def overdue_tile(
    words: Words, numbers: Numbers, totals: pl.DataFrame, bridge: pl.DataFrame, trend: list[float], since: date | None
) -> Tile:
    """The exact overdue balance and its change in per cent of the opening balance."""
    row = totals.row(0, named=True)
    opening = amount_of(bridge, "opening")
    change = (row["overdue_balance"] - opening) / opening if since and opening else None
    note = f"{words('tile.accounts', n=numbers.count(row['n_overdue']))} · {words('tile.no_interval')}"
    counted = words(
        "tile.counted", part=numbers.exact_money(row["overdue_balance"]), whole=numbers.exact_money(row["balance"])
    )
    change_text = numbers.percent(change, signed=True) if change else ""
    return Tile(
        "overdue_balance",
        numbers.money(row["overdue_balance"]),
        change_text,
        change > 0 if change else None,
        note=note,
        counted=counted,
        trend=trend,
        since=since,
    )


def rate_tile(
    words: Words,
    numbers: Numbers,
    rates: pl.DataFrame,
    rate: str,
    metric: str,
    *,
    since: date | None,
    trend: list[float] | None = None,
    remark: str = "",
    counted: str = "",
) -> Tile:
    """A rate of the balance with its paired change (rate_changes)."""
    rows = rates.filter(pl.col("rate") == rate).to_dicts()
    if not rows or rows[0]["share_to"] is None:
        return Tile(metric, numbers.percent(None))
    row = rows[0]
    is_known = since is not None and row["change"] is not None and row["change_low"] is not None
    change = Change(row["change"], row["change_low"], row["change_high"]) if is_known else None
    notes = [
        words("tile.interval", interval=numbers.interval(row["share_low"], row["share_high"])),
        words("tile.n", n=numbers.count(row["n_accounts"])),
    ]
    note = " · ".join([*notes, remark] if remark else notes)
    return _with_change(
        Tile(metric, numbers.percent(row["share_to"]), note=note, counted=counted, trend=trend or (), since=since),
        numbers,
        change,
    )


def step_tile(
    words: Words,
    numbers: Numbers,
    current: pl.DataFrame,
    before: pl.DataFrame | None,
    *,
    bucket: str,
    kind: str,
    metric: str,
    since: date | None,
) -> Tile:
    """A share of one bucket's accounts that got worse, or cured, in the last step against the step before.
    `kind`: worse or cured."""
    later = proportion_of(current, bucket, kind)
    if later is None:
        return Tile(metric, numbers.percent(None))
    earlier = None if before is None else proportion_of(before, bucket, kind)
    notes = [
        words("tile.interval", interval=numbers.interval(later.low, later.high)),
        words("tile.n", n=numbers.count(later.n)),
    ]
    counted = words("tile.counted", part=numbers.count(round(later.share * later.n)), whole=numbers.count(later.n))
    change = change_between(earlier, later) if earlier else None
    tile = Tile(
        metric,
        numbers.percent(later.share),
        is_good_up=kind == "cured",
        note=" · ".join(notes),
        counted=counted,
        since=since,
    )
    return _with_change(tile, numbers, change)


def proportion_of(frame: pl.DataFrame, bucket: str, kind: str) -> Proportion | None:
    """One row of roll_and_cure as a proportion; None where the bucket had no accounts."""
    rows = frame.filter(pl.col("from_bucket") == bucket).to_dicts()
    if not rows:
        return None
    row = rows[0]
    return Proportion(row[f"share_{kind}"], row[f"{kind}_low"], row[f"{kind}_high"], row["n_accounts"])


def _with_change(tile: Tile, numbers: Numbers, change: Change | None) -> Tile:
    if change is None:
        return tile
    change_text = numbers.points(change.value)
    is_none = change_text == numbers.points(0)
    return replace(tile, change=change_text, rises=None if is_none else change.value > 0, is_evident=change.is_evident)
