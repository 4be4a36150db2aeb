"""Shapes that the Overview needs from the answers it gets."""

from __future__ import annotations

import polars as pl


def rate_history(by_day: pl.DataFrame) -> tuple[list[float], list[float]]:
    """Overdue balance and overdue share of the balance on each snapshot day, oldest first (sparklines)."""
    if by_day.is_empty():
        return [], []
    days = (
        by_day.group_by("as_of")
        .agg(pl.col("balance").filter(pl.col("bucket_no") > 0).sum().alias("overdue"), pl.col("balance").sum())
        .sort("as_of")
    )
    overdue = [float(value) for value in days["overdue"].to_list()]
    whole = [float(value) for value in days["balance"].to_list()]
    return overdue, [part / total if total else 0.0 for part, total in zip(overdue, whole, strict=True)]


def crossing_summary(rows: pl.DataFrame) -> pl.DataFrame:
    """about_to_cross by bucket: accounts, how many of them cross tomorrow, balance; worst bucket first."""
    return (
        rows.group_by("bucket", "next_bucket")
        .agg(
            pl.len().alias("n_accounts"),
            (pl.col("days_left") <= 1).sum().alias("n_tomorrow"),
            pl.col("balance").sum(),
        )
        .sort("bucket")
    )
