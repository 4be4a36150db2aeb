"""Shapes that the Overview needs from the answers it gets."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class History:
    """One value a snapshot day, oldest first (sparklines). `ninety_plus` is empty where no bucket starts at day 91."""

    overdue: list[float]
    overdue_share: list[float]
    ninety_plus: list[float]


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


def crossing_summary(rows: pl.DataFrame) -> pl.DataFrame:
    """about_to_cross by bucket: accounts, how many of them cross tomorrow, balance; worst bucket first."""
    return (
        rows.group_by("bucket", "next_bucket")
        .agg(
            pl.len().alias("n_accounts"), (pl.col("days_left") <= 1).sum().alias("n_tomorrow"), pl.col("balance").sum()
        )
        .sort("bucket")
    )
