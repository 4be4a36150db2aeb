"""What the tiles of this page open."""

from __future__ import annotations

from datetime import date

import polars as pl

from duewatch.metrics.segments import Days
from duewatch.reads import portfolio
from duewatch.ui.parts.drill_down import DrillDown, DrillDowns
from duewatch.ui.parts.metric_rows import of_metric
from duewatch.ui.shell.frame import PageContext


def tile_rows(ctx: PageContext, totals: pl.DataFrame, rates: pl.DataFrame, since: date | None) -> DrillDowns:
    """`totals`: book_totals; `rates`: rate_changes, both as the tiles have them."""
    share_of = dict(rates.select("rate", "share_to").iter_rows())
    today = Days(ctx.as_of, ctx.as_of, ctx.as_of)
    rows = {
        "overdue_balance": DrillDown(lambda: _overdue(ctx), totals["overdue_balance"][0], "balance"),
        "overdue_rate": of_metric(ctx, "overdue_rate", today, share_of.get("overdue_balance")),
        "ninety_plus_share": of_metric(ctx, "ninety_plus_share", today, share_of.get("ninety_plus_balance")),
    }
    if since is None:
        return rows
    step = Days(ctx.as_of, since, ctx.as_of)
    moves = {row["from_bucket"]: row for row in _moves(ctx, since).iter_rows(named=True)}
    for metric, bucket, direction in (
        ("entry_rate", "M0", "worse"),
        ("roll_rate", "M1", "worse"),
        ("cure_rate", "M1", "cured"),
    ):
        if bucket in moves:
            rows[metric] = of_metric(ctx, metric, step, moves[bucket][f"share_{direction}"])
    return rows


def _overdue(ctx: PageContext) -> pl.DataFrame:
    return portfolio.accounts_in_bucket(ctx.ask, bucket="overdue", as_of=ctx.as_of)


def _moves(ctx: PageContext, since: date) -> pl.DataFrame:
    return portfolio.roll_and_cure(ctx.ask, from_date=since, to_date=ctx.as_of)
