"""Sentences and tiles computed from frames: what changed, by how much, and whether there is evidence for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import Change, Proportion, change_between
from duewatch.reads import portfolio
from duewatch.ui.parts.changes import with_change
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.tiles import Tile
from duewatch.ui.shell.frame import PageContext

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
    """The largest movements by name, and all others as one, so that the parts add up to the change."""
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


def rate_tile(words: Words, numbers: Numbers, rates: pl.DataFrame, rate: str, tile: Tile) -> Tile:
    """`tile` with the rate of the balance, its limits and its paired change (rate_changes). A note that the tile has
    already stands behind the limits."""
    rows = rates.filter(pl.col("rate") == rate).to_dicts()
    if not rows or rows[0]["share_to"] is None:
        return Tile(tile.metric, numbers.percent(None))
    row = rows[0]
    is_known = tile.since is not None and row["change"] is not None and row["change_low"] is not None
    change = Change(row["change"], row["change_low"], row["change_high"]) if is_known else None
    notes = [
        words("tile.interval", interval=numbers.interval(row["share_low"], row["share_high"])),
        words("tile.n", n=numbers.count(row["n_accounts"])),
        *([tile.note] if tile.note else []),
    ]
    return with_change(replace(tile, value=numbers.percent(row["share_to"]), note=" · ".join(notes)), numbers, change)


@dataclass(frozen=True)
class StepMeasure:
    """A share of one bucket's accounts in a step from snapshot to snapshot."""

    bucket: str
    kind: str
    """worse or cured."""
    metric: str


STEP_MEASURES = (
    StepMeasure("M0", "worse", "entry_rate"),
    StepMeasure("M1", "worse", "roll_rate"),
    StepMeasure("M1", "cured", "cure_rate"),
)


def step_tiles(ctx: PageContext, since: date) -> list[Tile]:
    """What the last step did to M0 and M1, against the step before."""
    current = portfolio.roll_and_cure(ctx.ask, from_date=since, to_date=ctx.as_of)
    earlier = ctx.day_before(since)
    before = portfolio.roll_and_cure(ctx.ask, from_date=earlier, to_date=since) if earlier else None
    tiles = [_step_tile(ctx.words, ctx.numbers, current, before, measure) for measure in STEP_MEASURES]
    return [replace(tile, since=since) for tile in tiles]


def _step_tile(
    words: Words, numbers: Numbers, current: pl.DataFrame, before: pl.DataFrame | None, measure: StepMeasure
) -> Tile:
    later = proportion_of(current, measure)
    if later is None:
        return Tile(measure.metric, numbers.percent(None))
    earlier = None if before is None else proportion_of(before, measure)
    notes = [
        words("tile.interval", interval=numbers.interval(later.low, later.high)),
        words("tile.n", n=numbers.count(later.n)),
    ]
    tile = Tile(
        measure.metric,
        numbers.percent(later.share),
        is_good_up=measure.kind == "cured",
        note=" · ".join(notes),
        counted=words("tile.counted", part=numbers.count(round(later.share * later.n)), whole=numbers.count(later.n)),
    )
    return with_change(tile, numbers, change_between(earlier, later) if earlier else None)


def proportion_of(frame: pl.DataFrame, measure: StepMeasure) -> Proportion | None:
    """One row of roll_and_cure as a proportion; None where the bucket had no accounts."""
    rows = frame.filter(pl.col("from_bucket") == measure.bucket).to_dicts()
    if not rows:
        return None
    row, kind = rows[0], measure.kind
    return Proportion(row[f"share_{kind}"], row[f"{kind}_low"], row[f"{kind}_high"], row["n_accounts"])


@dataclass(frozen=True)
class History:
    """One value a snapshot day, oldest first, for the sparklines."""

    overdue: list[float]
    overdue_share: list[float]
    ninety_plus: list[float]
    """Empty where no bucket starts at day 91."""


def rate_history(by_day: pl.DataFrame, bucket_starts: tuple[int, ...]) -> History:
    """From aging_by_day of one currency and the first day past due of each bucket."""
    late = bucket_starts.index(91) if 91 in bucket_starts else len(bucket_starts)
    days = (
        by_day.group_by("as_of")
        .agg(
            pl.col("balance").filter(pl.col("bucket_no") > 0).sum().alias("overdue"),
            pl.col("balance").filter(pl.col("bucket_no") >= late).sum().alias("late"),
            pl.col("balance").sum(),
        )
        .sort("as_of")
    )
    overdue = [float(value) for value in days["overdue"].to_list()]
    whole = [float(value) for value in days["balance"].to_list()]
    ninety = [float(value) for value in days["late"].to_list()] if late < len(bucket_starts) else []
    return History(overdue, _shares(overdue, whole), _shares(ninety, whole) if ninety else [])


def _shares(parts: list[float], wholes: list[float]) -> list[float]:
    return [part / whole if whole else 0.0 for part, whole in zip(parts, wholes, strict=True)]
