"""Sentences and shapes of the further views of the Aging page: ways to loss, rates by bucket, entry, cures, stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from duewatch.charts.aging_views import LossEstimate
from duewatch.charts.shares import Share
from duewatch.contract.i18n import Words
from duewatch.metrics.intervals import wilson
from duewatch.metrics.migration import GONE, Floats, absorbed, absorbed_band, chances, rolled
from duewatch.ui.parts.numbers import Numbers

STEPS_POOLED = 6
"""Steps before the as-of day that ways to loss are reckoned from."""
HOLD_DAYS = 30


@dataclass(frozen=True)
class PooledFlow:
    """One pair of neighbours: net flow of the last step and of all steps pooled (balances added up); None: unknown."""

    from_bucket: str
    to_bucket: str
    last: float | None
    pooled: float | None


def pooled_flows(frame: pl.DataFrame, as_of: date, buckets: Sequence[str]) -> list[PooledFlow]:
    """From flow_to_loss of one currency, in the order of the buckets; a pair never seen is unknown."""
    flows = []
    for no, bucket in enumerate(buckets):
        rows = frame.filter(pl.col("from_bucket") == bucket)
        next_bucket = buckets[no + 1] if no + 1 < len(buckets) else "written_off"
        start, end = rows["balance_from"].sum(), rows["balance_to"].sum()
        last = rows.filter(pl.col("as_of") == as_of)["rate"].to_list()
        flows.append(
            PooledFlow(bucket, next_bucket, last[0] if last else None, float(end) / float(start) if start else None)
        )
    return flows


def matrices(moves: pl.DataFrame, buckets: Sequence[str]) -> tuple[Floats, Floats]:
    """Accounts and balance by bucket and state (the buckets, then GONE), all steps of step_moves pooled. A cure is an
    end here like being paid off: else the chain would follow a loan over its whole life, falling overdue anew."""
    states = [*buckets, *GONE]
    counts = np.zeros((len(buckets), len(states)))
    weights = np.zeros_like(counts)
    for row in moves.iter_rows(named=True):
        end = "paid_off" if row["to_bucket"] == buckets[0] else row["to_bucket"]
        cell = buckets.index(row["from_bucket"]), states.index(end)
        counts[cell] += row["n_accounts"]
        weights[cell] += float(row["balance_from"])
    return counts, weights


def loss_estimates(flows: Sequence[PooledFlow], moves: pl.DataFrame, buckets: Sequence[str]) -> list[LossEstimate]:
    """Both ways for each bucket; from M0 the chain is that of falling overdue next and being lost in that spell."""
    counts, weights = matrices(moves, buckets)
    products, chain = rolled([flow.pooled for flow in flows]), absorbed(chances(weights))
    band = absorbed_band(counts, weights)
    return [
        LossEstimate(bucket, products[no], chain[no], *(band[no] or (None, None))) for no, bucket in enumerate(buckets)
    ]


def loss_finding(words: Words, numbers: Numbers, estimates: Sequence[LossEstimate]) -> str:
    """The bucket where the two ways are furthest apart among those from M1 on."""
    known = [estimate for estimate in estimates[1:] if estimate.product is not None and estimate.chain is not None]
    if not known:
        return words("further.loss_unknown")
    first = known[0]
    return words(
        "further.loss_title",
        bucket=first.bucket,
        product=numbers.percent(first.product),
        chain=numbers.percent(first.chain),
        interval=numbers.interval(first.low, first.high),
    )


def loss_table(flows: Sequence[PooledFlow], estimates: Sequence[LossEstimate]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "from_bucket": [flow.from_bucket for flow in flows],
            "to_bucket": [flow.to_bucket for flow in flows],
            "rate_last": [flow.last for flow in flows],
            "rate_pooled": [flow.pooled for flow in flows],
            "to_loss": [estimate.product for estimate in estimates],
            "loss_chain": [estimate.chain for estimate in estimates],
            "loss_low": [estimate.low for estimate in estimates],
            "loss_high": [estimate.high for estimate in estimates],
        },
        schema_overrides=dict.fromkeys(
            ("rate_last", "rate_pooled", "to_loss", "loss_chain", "loss_low", "loss_high"), pl.Float64
        ),
    )


def rates_finding(words: Words, numbers: Numbers, rates: pl.DataFrame, rate: str) -> str | None:
    """The first bucket's rate now and a year or so ago; None where nothing is known."""
    first = rates.filter(pl.col("bucket_no") == 1).drop_nulls(rate).sort("as_of")
    if first.is_empty():
        return None
    latest, earliest = first.row(-1, named=True), first.row(0, named=True)
    return words(
        f"further.{rate}_title",
        bucket=latest["bucket"],
        now=numbers.percent(latest[rate], digits=2),
        then=numbers.percent(earliest[rate], digits=2),
        day=numbers.day(earliest["as_of"]),
        as_of=numbers.day(latest["as_of"]),
    )


def month_points(frame: pl.DataFrame, share: str, low: str, high: str, n: str) -> list[Share]:
    """One point a month of entry_by_due_month or first_payment_default."""
    return [
        Share(str(row["due_month"])[:7], row[share], row[low], row[high], row[n], str(row["due_month"]))
        for row in frame.sort("due_month").iter_rows(named=True)
    ]


def month_finding(words: Words, numbers: Numbers, key: str, points: Sequence[Share], **values: object) -> str:
    """The newest month against the pooled share of those before it."""
    last, before = points[-1], points[:-1]
    in_text = {"month": last.name, "share": numbers.percent(last.share), "n": numbers.count(last.n)} | values
    in_text["interval"] = numbers.interval(last.low, last.high)
    if not before:
        return words(f"{key}_short", **in_text)
    pooled = sum(point.share * point.n for point in before) / sum(point.n for point in before)
    inside = last.low <= pooled <= last.high
    return words(f"{key}_{'same' if inside else 'other'}", usual=numbers.percent(pooled), **in_text)


def watched_step(days: Sequence[date], as_of: date) -> tuple[date, date] | None:
    """The last step whose end lies at least HOLD_DAYS before as_of; None where there is none."""
    ends = [day for day in days if day + timedelta(days=HOLD_DAYS) <= as_of]
    return (ends[-2], ends[-1]) if len(ends) > 1 else None


def cures_finding(words: Words, numbers: Numbers, cures: pl.DataFrame, end: date) -> str | None:
    """Over all buckets, with Wilson limits; None where nothing cured."""
    n_cured, n_held = int(cures["n_cured"].sum()), int(cures["n_held"].sum())
    if not n_cured:
        return None
    return words(
        "further.cures_title",
        n=numbers.count(n_cured),
        day=numbers.day(end),
        held=numbers.count(n_held),
        share=numbers.percent(n_held / n_cured),
        interval=numbers.interval(*wilson(n_held, n_cured)),
        days=HOLD_DAYS,
    )


def stage_texts(numbers: Numbers, words: Words, stages: pl.DataFrame) -> list[str]:
    return [
        f"{numbers.money(row['balance'])} · {numbers.percent(row['share_balance'])} · "
        f"{words('tile.accounts', n=numbers.count(row['n_accounts']))}"
        for row in stages.sort("stage_no").iter_rows(named=True)
    ]


def in_stage(rows: pl.DataFrame, stage_no: int) -> pl.DataFrame:
    """accounts_in_bucket rows of one stage by days past due alone."""
    days = pl.col("days_past_due")
    return rows.filter({1: days <= 30, 2: (days > 30) & (days <= 90), 3: days > 90}[stage_no])
