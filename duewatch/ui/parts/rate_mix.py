"""Which ratios are taken apart into rate and mix, where their segments come from, and the sentence about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from duewatch.charts.effects import Effect
from duewatch.contract.i18n import Words
from duewatch.contract.settings import load_settings
from duewatch.metrics.decided_days import decided
from duewatch.metrics.intervals import Change, Proportion, change_between, wilson
from duewatch.metrics.metric import Metric
from duewatch.metrics.rate_mix import Decomposition, Parts, Segment
from duewatch.reads import portfolio, promises, recovery
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.shell.frame import PageContext

SIDES = ("part", "whole")
"""Numerator and denominator."""
AMOUNTS = {
    "stock": ("balance", "balance"),
    "step": ("balance_from", "balance_from"),
    "recovery": ("collected", "overdue_balance"),
    "kept": ("promised", "promised"),
}
"""By kind of ratio: the money column of the rows of either side."""


@dataclass(frozen=True)
class Span:
    """The earlier and the later period, first and last day each; of a stock one day, of a step two snapshot days."""

    before: tuple[date, date]
    now: tuple[date, date]


def days_of(days: tuple[date, date]) -> str:
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()} – {end.isoformat()}"


def span_of(ctx: PageContext, ratio: Metric) -> Span | None:
    """None where the book does not reach back far enough."""
    since = ctx.previous
    if ratio.segments.kind == "kept":
        window = decided(ctx.as_of, load_settings())
        return Span((window.before.start, window.before.end), (window.start, window.end))
    if since is None:
        return None
    if ratio.segments.kind == "stock":
        return Span((since, since), (ctx.as_of, ctx.as_of))
    earlier = ctx.day_before(since)
    if earlier is None:
        return None
    lag = timedelta(days=1 if ratio.segments.kind == "recovery" else 0)
    return Span((earlier + lag, since), (since + lag, ctx.as_of))


def segments_of(ctx: PageContext, ratio: Metric, by: str, days: tuple[date, date]) -> pl.DataFrame:
    """The segments of one period: their names under `segment`, and numerator and denominator."""
    start, end = days
    if ratio.segments.kind == "stock":
        return portfolio.overdue_by_segment(ctx.ask, segment_by=by, as_of=end)
    if ratio.segments.kind == "step":
        return portfolio.moves_by_segment(
            ctx.ask, segment_by=by, from_bucket=ratio.segments.bucket, from_date=start, to_date=end
        )
    if ratio.segments.kind == "recovery":
        return recovery.recovery_by_segment(ctx.ask, segment_by=by, from_date=start, to_date=end)
    return promises.kept_by_segment(ctx.ask, segment_by=by, from_date=start, to_date=end, **promise_params(ctx))


def promise_params(ctx: PageContext) -> dict[str, Any]:
    settings = load_settings()
    return {"as_of": ctx.as_of, "grace_days": settings.promise_grace_days, "tolerance": settings.promise_tolerance}


def parts_of(frame: pl.DataFrame, ratio: Metric) -> Parts:
    return {
        row["segment"] or "": (row[ratio.segments.part], row[ratio.segments.whole])
        for row in frame.iter_rows(named=True)
    }


def accounts_of(ctx: PageContext, ratio: Metric, days: tuple[date, date], side: str = "part") -> pl.DataFrame:
    """The rows of the numerator (part) or the denominator (whole) in one period, with product, branch and, where it has
    one, bucket."""
    start, end = days
    is_whole = side == "whole"
    if ratio.segments.kind == "stock":
        rows = portfolio.accounts_in_bucket(ctx.ask, bucket="all" if is_whole else "overdue", as_of=end)
        return (
            rows if is_whole or ratio.segments.part == "overdue_balance" else rows.filter(pl.col("days_past_due") > 90)
        )
    if ratio.segments.kind == "step":
        rows = portfolio.segment_moves(ctx.ask, from_bucket=ratio.segments.bucket, from_date=start, to_date=end)
        direction = {"n_worse": "is_worse", "n_cured": "is_cured"}[ratio.segments.part]
        return rows if is_whole else rows.filter(pl.col(direction)).drop("is_worse", "is_cured")
    if ratio.segments.kind == "recovery":
        rows = recovery.recovery_accounts(ctx.ask, bucket="all", from_date=start, to_date=end)
        return rows if is_whole else rows.filter(pl.col("collected") != 0)
    state = "matured" if is_whole else "kept"
    return promises.promises_in_state(ctx.ask, state=state, from_date=start, to_date=end, **promise_params(ctx))


def in_segment(rows: pl.DataFrame, by: str, segment: str) -> pl.DataFrame:
    """`segment` is empty for rows that do not say."""
    column = "from_bucket" if by == "bucket" and "from_bucket" in rows.columns else by
    return rows.filter(pl.col(column).fill_null("") == segment)


def change_of_ratio(
    ctx: PageContext, ratio: Metric, span: Span, decomposition: Decomposition, sizes: tuple[int, int]
) -> Change | None:
    """The change with its limits, as the tile of the same metric has it. `sizes`: denominators of a count."""
    if ratio.segments.kind == "stock":
        code = "overdue_balance" if ratio.segments.part == "overdue_balance" else "ninety_plus_balance"
        rates = portfolio.rate_changes(ctx.ask, from_date=span.before[1], to_date=span.now[1])
        rows = rates.filter(pl.col("rate") == code).to_dicts()
        if not rows or rows[0]["change"] is None or rows[0]["change_low"] is None:
            return None
        return Change(rows[0]["change"], rows[0]["change_low"], rows[0]["change_high"])
    if ratio.segments.kind == "recovery":
        ends = [recovery.recovery_share(ctx.ask, from_date=a, to_date=b).to_dicts() for a, b in (span.before, span.now)]
        if any(not rows or rows[0]["share_low"] is None for rows in ends):
            return None
        return change_between(*(_proportion(rows[0]) for rows in ends))
    shares = (float(decomposition.total_from), float(decomposition.total_to))
    return change_between(
        *(Proportion(share, *wilson(round(share * n), n), n) for share, n in zip(shares, sizes, strict=True))
    )


def _proportion(row: dict[str, Any]) -> Proportion:
    return Proportion(row["share_collected"], row["share_low"], row["share_high"], int(row["n_accounts"]))


def finding(
    words: Words, numbers: Numbers, ratio: Metric, by: str, decomposition: Decomposition, change: Change | None
) -> str:
    """From what to what, by how much of it rate and mix, and whether the parts and the whole moved opposite ways."""
    rate, mix = rounded_parts(decomposition)
    title = words(
        "moved.title",
        name=words(f"metric.{ratio.id}.name"),
        before=numbers.percent(float(decomposition.total_from)),
        now=numbers.percent(float(decomposition.total_to)),
        change=numbers.points(rate + mix),
        rate=numbers.points(rate),
        mix=numbers.points(mix),
    )
    remarks = [words(key, by=words(f"moved.by_{by}")) for key in _remarks(ratio, decomposition, change)]
    return ("" if words.language == "zh" else " ").join([title, *remarks])


def bare_points(numbers: Numbers, change: float) -> str:
    """Points with their sign and without their unit, for a bar whose axis names it."""
    return numbers.percent(change, signed=True).rstrip("%")


def _remarks(ratio: Metric, decomposition: Decomposition, change: Change | None) -> list[str]:
    keys = []
    if decomposition.one_way and decomposition.one_way * decomposition.change < 0:
        better = (decomposition.one_way > 0) == ratio.segments.is_good_up
        keys.append("moved.all_better" if better else "moved.all_worse")
    if change is not None and not change.is_evident:
        keys.append("moved.not_evident")
    return keys


def rounded_parts(decomposition: Decomposition) -> tuple[float, float]:
    """Rate and mix to a tenth of a point; the mix takes the rounding, so that the printed parts add up."""
    total = round(float(decomposition.change), 3)
    rate = round(float(decomposition.rate), 3)
    return rate, round(total - rate, 3)


def effects(words: Words, decomposition: Decomposition) -> list[Effect]:
    rows = [Effect(words("moved.all"), float(decomposition.rate), float(decomposition.mix))]
    for segment in decomposition.segments:
        rows.append(Effect(segment_name(words, segment.name), float(segment.rate), float(segment.mix)))
    return rows


def segment_name(words: Words, name: str) -> str:
    if not name:
        return words("column.not_given")
    return words(f"code.{name}") if words.has(f"code.{name}") else name


def table(words: Words, decomposition: Decomposition) -> pl.DataFrame:
    """One row a segment: share of the denominator and rate before and after, and the two effects, as shares."""
    return pl.DataFrame(
        [_row(words, segment) for segment in decomposition.segments],
        schema={
            "segment": pl.String,
            "share_from": pl.Float64,
            "share_to": pl.Float64,
            "rate_from": pl.Float64,
            "rate_to": pl.Float64,
            "rate_effect": pl.Float64,
            "mix_effect": pl.Float64,
        },
    )


def _row(words: Words, segment: Segment) -> dict[str, object]:
    return {
        "segment": segment_name(words, segment.name),
        "share_from": float(segment.share_from),
        "share_to": float(segment.share_to),
        "rate_from": None if segment.rate_from is None else float(segment.rate_from),
        "rate_to": None if segment.rate_to is None else float(segment.rate_to),
        "rate_effect": float(segment.rate),
        "mix_effect": float(segment.mix),
    }
