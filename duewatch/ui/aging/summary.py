"""Sentences of the Aging & migration page, computed from frames: which bucket leaks, where the book stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import mean, stdev

import polars as pl

from duewatch.charts.vintage import drawable, newest_cohort
from duewatch.contract.i18n import Words
from duewatch.ui.parts.numbers import Numbers

STEPS_NEEDED = 5
"""Earlier steps without which nothing is called usual."""
TOO_FEW = 10
"""Accounts below which a share is shown in its cell and not made a headline."""
NOISE = 2.0
"""Standard deviations of the earlier steps within which a rate is not called a leak."""


@dataclass(frozen=True)
class Flow:
    """One net flow rate against its own past."""

    from_bucket: str
    to_bucket: str
    rate: float
    past_mean: float | None
    """None where there are too few steps."""
    past_spread: float | None
    """Standard deviation; None where there are too few steps."""
    n_before: int
    """Steps before the last."""

    @property
    def excess(self) -> float:
        """How many spreads above its past; 0 where that cannot be told."""
        return (
            (self.rate - self.past_mean) / self.past_spread if self.past_mean is not None and self.past_spread else 0.0
        )

    @property
    def is_leak(self) -> bool:
        return self.excess > NOISE


def flows(by_day: pl.DataFrame, as_of: date) -> list[Flow]:
    """Each net flow rate of the step that ends on as_of, with the mean and spread of the steps before."""
    net_flows = []
    for row in by_day.filter(pl.col("as_of") == as_of).sort("to_no").iter_rows(named=True):
        past = by_day.filter((pl.col("to_bucket") == row["to_bucket"]) & (pl.col("as_of") < as_of))["rate"].drop_nulls()
        has_enough = len(past) >= STEPS_NEEDED
        past_mean, spread = (mean(past), stdev(past)) if has_enough else (None, None)
        if row["rate"] is not None:
            net_flows.append(Flow(row["from_bucket"], row["to_bucket"], row["rate"], past_mean, spread, len(past)))
    return net_flows


def worst_flow(net_flows: list[Flow]) -> Flow | None:
    """The rate furthest above its own past; where no rate is, the highest one."""
    if not net_flows:
        return None
    return max(net_flows, key=lambda flow: (flow.is_leak, flow.excess if flow.is_leak else -1, flow.rate))


def headline(words: Words, numbers: Numbers, net_flows: list[Flow], rolls: pl.DataFrame, as_of: date) -> str:
    """Names the bucket whose net flow rose beyond noise; without one, the largest balance that got worse."""
    worst, day = worst_flow(net_flows), numbers.day(as_of)
    if worst is not None and worst.excess > NOISE:
        return words(
            "headline.aging.leak",
            pair=pair(worst),
            rate=numbers.percent(worst.rate),
            from_bucket=worst.from_bucket,
            day=day,
            usual=numbers.percent(worst.past_mean),
            n=worst.n_before,
        )
    overdue = rolls.filter(pl.col("from_bucket") != "M0")
    row = (overdue if overdue.height else rolls).sort("balance_worse", descending=True).row(0, named=True)
    has_past = any(flow.past_mean is not None for flow in net_flows)
    return words(
        f"headline.aging.{'usual' if has_past else 'short'}",
        bucket=row["from_bucket"],
        balance=numbers.money(row["balance_worse"]),
        share=numbers.percent(row["share_worse_balance"]),
        day=day,
    )


def pair(flow: Flow) -> str:
    return f"{flow.from_bucket} → {flow.to_bucket}"


def flow_finding(words: Words, numbers: Numbers, flow: Flow) -> str:
    rate = numbers.percent(flow.rate)
    if flow.past_mean is None:
        return words("aging.flow_title_short", pair=pair(flow), rate=rate)
    return words(
        "aging.flow_title" if flow.is_leak else "aging.flow_title_usual",
        pair=pair(flow),
        rate=rate,
        usual=numbers.percent(flow.past_mean),
        n=flow.n_before,
    )


def standing_finding(words: Words, numbers: Numbers, aging: pl.DataFrame, measure: str, as_of: date) -> str:
    """What share is overdue, and the bucket that holds most of it."""
    share = {"balance": "share_balance", "n_accounts": "share_accounts"}[measure]
    overdue = aging.filter(pl.col("bucket") != "M0")
    if overdue.is_empty():
        return words("aging.now_title_none", day=numbers.day(as_of))
    largest = overdue.sort(measure, descending=True)["bucket"][0]
    unit = "balance" if measure == "balance" else "count"
    return words(f"aging.now_title_{unit}", share=numbers.percent(overdue[share].sum()), bucket=largest)


def history_finding(words: Words, numbers: Numbers, by_day: pl.DataFrame, measure: str) -> str:
    totals = by_day.filter(pl.col("bucket_no") > 0).group_by("as_of").agg(pl.col(measure).sum()).sort("as_of")
    if totals.is_empty():
        return words("aging.history")
    text_of = numbers.money if measure == "balance" else numbers.count
    unit = "balance" if measure == "balance" else "count"
    first, last = totals[measure][0], totals[measure][-1]
    return words(f"aging.history_title_{unit}", first=text_of(first), first_day=totals["as_of"][0], last=text_of(last))


def matrix_finding(
    words: Words, numbers: Numbers, moves: pl.DataFrame, share: str, buckets: list[str], days: tuple[date, date]
) -> str:
    """Names the bucket, M0 aside, whose largest share moved to a worse one."""
    bucket_no = {bucket: number for number, bucket in enumerate(buckets)} | {"written_off": len(buckets)}
    worsened = moves.with_columns(
        pl.col("from_bucket").replace_strict(bucket_no, default=None).alias("from_no"),
        pl.col("to_bucket").replace_strict(bucket_no, default=-1).alias("to_no"),
    ).filter((pl.col("to_no") > pl.col("from_no")) & (pl.col("from_no") > 0))
    if worsened.is_empty():
        return words("aging.matrix")
    sizes = moves.group_by("from_bucket").agg(pl.col("n_accounts").sum().alias("n_start"))
    worse = worsened.group_by("from_bucket").agg(pl.col(share).sum()).join(sizes, on="from_bucket")
    worse = worse.filter(pl.col("n_start") >= TOO_FEW).sort(share, descending=True)
    if worse.is_empty():
        return words("aging.matrix")
    row = worse.row(0, named=True)
    return words(
        "aging.matrix_title",
        bucket=row["from_bucket"],
        share=numbers.percent(row[share]),
        from_day=numbers.day(days[0]),
        to_day=numbers.day(days[1]),
    )


def vintage_finding(words: Words, numbers: Numbers, vintages: pl.DataFrame) -> str | None:
    """The newest cohort against the older ones at the same age; None where nothing may be drawn."""
    rows = drawable(vintages)
    newest = newest_cohort(rows)
    if newest is None:
        return None
    last = rows.filter(pl.col("cohort") == newest).sort("months_on_book").row(-1, named=True)
    older = rows.filter((pl.col("cohort") < newest) & (pl.col("months_on_book") == last["months_on_book"]))
    values = {"newest": str(newest)[:7], "share": numbers.percent(last["share_balance"]), "age": last["months_on_book"]}
    if older.is_empty():
        return words("aging.vintage_title_short", **values)
    return words("aging.vintage_title", usual=numbers.percent(mean(older["share_balance"])), **values)


def cell_total(moves: pl.DataFrame, start: str, end: str) -> Decimal:
    """The balance behind one cell of the matrix."""
    return Decimal(moves.filter((pl.col("from_bucket") == start) & (pl.col("to_bucket") == end))["balance_from"][0])


def bucket_total(aging: pl.DataFrame, bucket: str) -> Decimal:
    return Decimal(aging.filter(pl.col("bucket") == bucket)["balance"][0])


def targets(moves: pl.DataFrame, start: str) -> list[str]:
    """Where the accounts of one bucket went, as the matrix has them."""
    return list(moves.filter(pl.col("from_bucket") == start)["to_bucket"].to_list())
