"""What another book says of the same day: accounts whose standing changed between two published books, and why.

A past day's figures are not for ever: payments arrive late, are back-dated or taken back, the lender corrects a
snapshot, accounts are added or withdrawn. Both books are asked about one day with the same query, so whatever differs
comes from what was loaded and not from how it is counted.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from duewatch.books.published import Book, current_book, earlier_version, published_book
from duewatch.contract.errors import BookError
from duewatch.engines import Ask
from duewatch.reads import restatement as reads

REASONS = ("added", "removed", "reversal", "late_payment", "payment_gone", "plan", "snapshot")
"""In the order in which they are looked for: an account has the first that fits. added, removed: the account has a
snapshot on the day in one book only. reversal: reversals dated up to the day differ. late_payment, payment_gone: more,
or less, is paid by the day than the book before knew. plan: other instalments are due by the day. snapshot: none of
these, so the lender's own record was corrected, or the buckets are cut otherwise."""
STANDING = ("state", "days_past_due", "balance", "overdue_balance")
COLUMNS = (
    "currency",
    "account_id",
    "product",
    "branch",
    "restated_by",
    "change",
    "overdue_before",
    "overdue_after",
    "balance_before",
    "balance_after",
    "state_before",
    "state_after",
    "days_before",
    "days_after",
    "paid_more",
    "paid_later",
)


def two_books(books: Path, against: str | None = None) -> tuple[Book, Book]:
    """The book in service and the one it is held against: the named one, else the one published before it.
    Raises BookError where there is none."""
    current = current_book(books)
    version = against or earlier_version(books, current.version)
    if version is None:
        raise BookError(
            "there is only one book, so nothing can have been restated",
            where=str(books),
            next_step="run ingest again when new files have come",
        )
    return current, published_book(books, version)


def restated_accounts(current: Ask, before: Ask, *, as_of: date) -> pl.DataFrame:
    """One row for each account that stood otherwise on that day: COLUMNS, money exact, `change` is of the overdue
    balance. An account missing in one book has nothing on that side."""
    rows, rows_before = (reads.account_standing(ask, as_of=as_of) for ask in (current, before))
    joined = rows.join(rows_before, on=("account_id", "currency"), how="full", suffix="_then", coalesce=True)
    changed = joined.filter(~pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_then")) for name in STANDING))
    more = {name: _or_zero(name) - _or_zero(f"{name}_then") for name in ("paid", "reversed", "due")}
    return (
        changed.select(
            "currency",
            "account_id",
            pl.coalesce("product", "product_then").alias("product"),
            pl.coalesce("branch", "branch_then").alias("branch"),
            _reason(more).alias("restated_by"),
            (_or_zero("overdue_balance") - _or_zero("overdue_balance_then")).alias("change"),
            pl.col("overdue_balance_then").alias("overdue_before"),
            pl.col("overdue_balance").alias("overdue_after"),
            pl.col("balance_then").alias("balance_before"),
            pl.col("balance").alias("balance_after"),
            pl.col("state_then").alias("state_before"),
            pl.col("state").alias("state_after"),
            pl.col("days_past_due_then").alias("days_before"),
            pl.col("days_past_due").alias("days_after"),
            (more["paid"] + more["reversed"]).alias("paid_more"),
            pl.col("paid_later"),
        )
        .select(COLUMNS)
        .sort(pl.col("change").abs(), "account_id", descending=[True, False])
    )


def by_reason(rows: pl.DataFrame) -> pl.DataFrame:
    """Sums of `restated_accounts`: currency, restated_by, n_accounts, overdue_before, overdue_after, change; reasons in
    order."""
    order = pl.col("restated_by").replace_strict({name: n for n, name in enumerate(REASONS)}, return_dtype=pl.Int64)
    return (
        rows.group_by("currency", "restated_by")
        .agg(pl.len().cast(pl.Int64).alias("n_accounts"), pl.col("overdue_before", "overdue_after", "change").sum())
        .sort("currency", order)
    )


def _or_zero(name: str) -> pl.Expr:
    return pl.col(name).fill_null(0)


def _reason(more: dict[str, pl.Expr]) -> pl.Expr:
    return (
        pl.when(pl.col("state_then").is_null())
        .then(pl.lit("added"))
        .when(pl.col("state").is_null())
        .then(pl.lit("removed"))
        .when(more["reversed"] != 0)
        .then(pl.lit("reversal"))
        .when(more["paid"] > 0)
        .then(pl.lit("late_payment"))
        .when(more["paid"] < 0)
        .then(pl.lit("payment_gone"))
        .when(more["due"] != 0)
        .then(pl.lit("plan"))
        .otherwise(pl.lit("snapshot"))
    )
