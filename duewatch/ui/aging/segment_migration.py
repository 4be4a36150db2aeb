"""For analysts, on the Aging page: segments' moves drawn toward the whole book, and whether the chain has a memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import streamlit as st

from duewatch.contract.i18n import Words
from duewatch.contract.months import steps_start
from duewatch.metrics.migration import GONE, Floats, OrderTest, ShrunkRow, order_test, shrinkage
from duewatch.reads import portfolio
from duewatch.ui.aging.loss_view import STEPS_POOLED
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.parts.rate_mix import segment_name
from duewatch.ui.parts.table import draw_counted_rows, draw_table
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

CUTS = {"product": "moved.by_product", "branch": "moved.by_branch"}


def for_analysts(ctx: PageContext, buckets: list[str]) -> None:
    """Closed at first, and only reckoned when it is opened."""
    with st.expander(ctx.words("analysts.heading")):
        if not st.toggle(ctx.words("analysts.reckon"), key="analysts"):
            return
        if ctx.previous is None:
            empty(ctx.words("guard.no_history"))
            return
        _memory(ctx)
        _segments(ctx, buckets)


def _memory(ctx: PageContext) -> None:
    words = ctx.words
    st.markdown(f"##### {words('analysts.order')}")
    frame = portfolio.triple_moves(ctx.ask, from_date=ctx.days[0], to_date=ctx.as_of)
    test = order_test(paths_of(frame))
    st.markdown(f"**{order_sentence(words, ctx.numbers, test)}**")
    st.caption(words("analysts.order_note"))
    definition_button(ctx, "order_test")


def paths_of(frame: pl.DataFrame) -> dict[tuple[int, int], dict[str, int]]:
    """triple_moves of one currency as (before, from) to accounts by state."""
    paths: dict[tuple[int, int], dict[str, int]] = {}
    for row in frame.iter_rows(named=True):
        paths.setdefault((row["before_no"], row["from_no"]), {})[row["to_state"]] = row["n_accounts"]
    return paths


def order_sentence(words: Words, numbers: Numbers, test: OrderTest | None) -> str:
    if test is None:
        return words("analysts.order_none")
    p = "< 0.001" if test.p < 0.001 else f"= {test.p:.3f}"
    values = {"chi": f"{test.statistic:,.1f}", "df": test.df, "p": p, "n": numbers.count(test.n)}
    return words("analysts.order_second" if test.p < 0.05 else "analysts.order_first", **values)


def _segments(ctx: PageContext, buckets: list[str]) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.markdown(f"##### {words('analysts.shrink')}")
    with st.container(horizontal=True):
        cut = one_of(words, "moved.by", CUTS, "analysts_cut")
        bucket = st.segmented_control(
            words("aging.rows_pick_bucket"), buckets, default=buckets[1], required=True, key="analysts_bucket"
        )
    start = steps_start(ctx.days, ctx.as_of, STEPS_POOLED)
    moves = portfolio.step_moves(ctx.ask, from_date=start, to_date=ctx.as_of, segment_by=cut)
    strength, rows = shrinkage(counts_of(moves, bucket, buckets))
    if not rows:
        empty(words("analysts.nobody", bucket=bucket))
        return
    values = {"bucket": bucket, "day": start, "as_of": ctx.as_of}
    if strength is None:
        st.markdown(f"**{words('analysts.alike', **values)}**")
    else:
        st.markdown(f"**{words('analysts.strength', strength=numbers.count(round(strength)), **values)}**")
    table = shrunk_table(words, rows, bucket, buckets)
    draw_table(ctx, table, alt=words("analysts.shrink"))
    st.caption(words("analysts.shrink_note"))
    definition_button(ctx, "shrunk_moves")
    offer(ctx, Export(table, metric="shrunk_moves", title=words("analysts.shrink")))
    _rows(ctx, moves, rows, cut, bucket)


def counts_of(moves: pl.DataFrame, bucket: str, buckets: Sequence[str]) -> dict[str, Floats]:
    """Accounts of one bucket by state (the buckets, then GONE) for each segment, all steps pooled."""
    states = [*buckets, *GONE]
    counts: dict[str, Floats] = {}
    for row in moves.filter(pl.col("from_bucket") == bucket).iter_rows(named=True):
        row_counts = counts.setdefault(row["segment"] or "", np.zeros(len(states)))
        row_counts[states.index(row["to_bucket"])] += row["n_accounts"]
    return counts


def shrunk_table(words: Words, rows: dict[str, ShrunkRow], bucket: str, buckets: Sequence[str]) -> pl.DataFrame:
    """One row a segment: accounts, weight of its own moves, and the shares that cured and got worse, as counted and as
    drawn toward the whole book."""
    bucket_no = list(buckets).index(bucket)
    worse = [*range(bucket_no + 1, len(buckets)), len(buckets) + GONE.index("written_off")]
    cured = [*([0] if bucket_no else []), len(buckets) + GONE.index("paid_off")]
    return pl.DataFrame(
        [
            {
                "segment": segment_name(words, name),
                "n_accounts": row.n,
                "own_weight": row.weight,
                "cured_own": float(row.own[cured].sum()),
                "cured_shrunk": float(row.shrunk[cured].sum()),
                "worse_own": float(row.own[worse].sum()),
                "worse_shrunk": float(row.shrunk[worse].sum()),
            }
            for name, row in sorted(rows.items(), key=lambda item: -item[1].n)
        ]
    )


def _rows(ctx: PageContext, moves: pl.DataFrame, rows: dict[str, ShrunkRow], cut: str, bucket: str) -> None:
    """The accounts of a segment in the last of the pooled steps."""
    words = ctx.words
    if ctx.previous is None:
        return
    segment = st.selectbox(
        words("analysts.rows"), list(rows), key=f"analysts_{cut}", format_func=lambda name: segment_name(words, name)
    )
    last = moves.filter((pl.col("as_of") == ctx.as_of) & (pl.col("from_bucket") == bucket))
    n_expected = int(last.filter(pl.col("segment").fill_null("") == segment)["n_accounts"].sum())
    last_moves = portfolio.account_moves(ctx.ask, from_date=ctx.previous, to_date=ctx.as_of).drop("from_no", "to_no")
    segment_rows = last_moves.filter((pl.col("from_bucket") == bucket) & (pl.col(cut).fill_null("") == segment))
    title = f"{bucket}: {segment_name(words, segment)}"
    draw_counted_rows(
        ctx,
        segment_rows.sort("balance_from", descending=True),
        metric="shrunk_moves",
        title=title,
        amount="balance_from",
        expected=n_expected,
    )
