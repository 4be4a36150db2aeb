"""The chance of a loss from each bucket: by the product of net flows, and by a chain of moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from duewatch.charts.aging_views import LossEstimate, loss_chart
from duewatch.contract.i18n import Words
from duewatch.contract.months import steps_start
from duewatch.metrics.migration import GONE, Floats, chances, loss_chance_limits, loss_chances, rates_to_loss
from duewatch.reads import portfolio
from duewatch.ui.parts.code_labels import code_text
from duewatch.ui.parts.definition import definition_buttons
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.table import draw_account_rows, draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

STEPS_POOLED = 6
"""Steps before the as-of day that the chance is worked out from."""


@dataclass(frozen=True)
class PooledFlow:
    """The net flow from one bucket into the next."""

    from_bucket: str
    to_bucket: str
    last: float | None
    """Of the last step; None where it is not known."""
    pooled: float | None
    """Of all steps, their balances added up; None where it is not known."""


def draw_loss(ctx: PageContext, buckets: list[str]) -> None:
    words, numbers = ctx.words, ctx.numbers
    span: dict[str, Any] = {"from_date": steps_start(ctx.days, ctx.as_of, STEPS_POOLED), "to_date": ctx.as_of}
    frame = portfolio.flow_to_loss(ctx.ask, **span)
    if frame.is_empty():
        empty(words("guard.no_history"))
        return
    flows = pooled_flows(frame, ctx.as_of, buckets)
    estimates = loss_estimates(flows, portfolio.step_moves(ctx.ask, **span), buckets)
    left, right = st.columns(2, gap="large")
    with left:
        figure = loss_chart(
            estimates[1:],
            ctx.labels(loss_finding(words, numbers, estimates), x=words("further.loss_axis")),
            names=(words("further.by_product"), words("further.by_chain")),
            percent=numbers.percent,
        )
        draw(ctx, figure, "loss")
    with right:
        table = loss_table(flows, estimates)
        columns = table.drop("to_bucket", "loss_low", "loss_high")
        draw_table(ctx, columns, alt=words("further.view_loss"))
        st.caption(words("further.loss_note", n=frame["as_of"].n_unique(), day=span["from_date"], as_of=ctx.as_of))
        definition_buttons(ctx, "roll_to_loss", "loss_chance")
        offer(ctx, Export(table, metric="roll_to_loss", title=words("further.view_loss")))
    with st.expander(words("further.loss_rows")):
        _loss_rows(ctx, frame, flows)


def _loss_rows(ctx: PageContext, frame: pl.DataFrame, flows: list[PooledFlow]) -> None:
    """The accounts in the later bucket of a pair, or those written off in the last step."""
    words = ctx.words
    last_step = frame.filter(pl.col("as_of") == ctx.as_of)
    names = {f.to_bucket: f"{f.from_bucket} → {code_text(words, f.to_bucket)}" for f in flows}
    ends = [to_bucket for to_bucket in names if to_bucket in set(last_step["to_bucket"].to_list())]
    to_bucket = st.selectbox(
        words("further.pair"), ends, index=len(ends) - 1, format_func=names.__getitem__, key="pair"
    )
    expected = Decimal(last_step.filter(pl.col("to_bucket") == to_bucket)["balance_to"][0])
    if to_bucket == "written_off" and ctx.previous is not None:
        moves = portfolio.account_moves(ctx.ask, from_date=ctx.previous, to_date=ctx.as_of)
        rows, amount = moves.filter(pl.col("to_bucket") == to_bucket).drop("from_no", "to_no"), "balance_from"
    else:
        rows, amount = portfolio.accounts_in_bucket(ctx.ask, bucket=to_bucket, as_of=ctx.as_of), "balance"
    draw_account_rows(ctx, rows, metric="roll_to_loss", title=names[to_bucket], amount=amount, expected=expected)


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
    """Accounts and balance by bucket and state (the buckets, then GONE), all steps of step_moves pooled. A cure ends
    the chain, as paying off does: otherwise the chain would follow a loan through all its later overdue spells."""
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
    products, chain = rates_to_loss([flow.pooled for flow in flows]), loss_chances(chances(weights))
    band = loss_chance_limits(counts, weights)
    return [
        LossEstimate(bucket, products[no], chain[no], *(band[no] or (None, None))) for no, bucket in enumerate(buckets)
    ]


def loss_finding(words: Words, numbers: Numbers, estimates: Sequence[LossEstimate]) -> str:
    """The bucket where the two ways are furthest apart among those from M1 on."""
    estimated = [estimate for estimate in estimates[1:] if estimate.product is not None and estimate.chain is not None]
    if not estimated:
        return words("further.loss_unknown")
    first = estimated[0]
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
