"""Shapes that the Data health page needs from the answers it gets."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from duewatch.capabilities import not_assessable
from duewatch.ui.numbers import Numbers
from duewatch.ui.words import Words


@dataclass(frozen=True)
class Loaded:
    """Sums over all files of a book: read = accepted + rejected."""

    files: int
    read: int
    accepted: int
    rejected: int
    repeated: int


def loaded(loads: pl.DataFrame) -> Loaded:
    names = ("rows_read", "rows_accepted", "rows_rejected", "rows_repeated")
    read, accepted, rejected, repeated = (int(loads[name].sum() or 0) for name in names)
    return Loaded(loads.height, read, accepted, rejected, repeated)


def headline(words: Words, numbers: Numbers, sums: Loaded) -> str:
    """How many rows were read, and how many of them are not in the book."""
    if not sums.files:
        return words("headline.data.none")
    read, files = numbers.count(sums.read), numbers.count(sums.files)
    if not sums.rejected:
        return words("headline.data.clean", read=read, files=files)
    return words(
        "headline.data.rejected",
        read=read,
        files=files,
        accepted=numbers.count(sums.accepted),
        rejected=numbers.count(sums.rejected),
        share=numbers.percent(sums.rejected / sums.read, digits=2),
    )


def with_sentences(rejects: pl.DataFrame, words: Words) -> pl.DataFrame:
    """rejects_by_reason with why, and what to do, in the reader's language; the code stays where words are missing."""

    def said(section: str) -> pl.Expr:
        known = {
            code: words(f"{section}.{code}")
            for code in rejects["reason"].drop_nulls().unique()
            if words.has(f"{section}.{code}")
        }
        return pl.col("reason").replace(known)

    return rejects.select(
        "table_name", "column_name", said("reason").alias("reason_sentence"), "n_rows", said("fix").alias("fix"),
        "first_file", "first_line",
    )  # fmt: skip


def cannot_be_said(presence: pl.DataFrame, words: Words) -> pl.DataFrame:
    """What this book cannot answer, and the columns that are missing for it."""
    lacking = not_assessable(presence)
    return pl.DataFrame(
        {
            "what": [words(f"capability.{capability.id}") for capability, _ in lacking],
            "missing": [", ".join(missing) for _, missing in lacking],
        },
        schema={"what": pl.String, "missing": pl.String},
    )


def columns_finding(presence: pl.DataFrame, words: Words) -> str:
    given = presence.filter(pl.col("is_provided"))
    return words(
        "health.columns_title",
        full=given.filter(pl.col("n_filled") == pl.col("n_rows")).height,
        provided=given.height,
        absent=presence.height - given.height,
        all=presence.height,
    )


def given_and_full(presence: pl.DataFrame) -> tuple[int, int, int]:
    """Columns given, columns full in every row, columns in the contract."""
    given = presence.filter(pl.col("is_provided"))
    return given.height, given.filter(pl.col("n_filled") == pl.col("n_rows")).height, presence.height


def of_table(presence: pl.DataFrame, table: str) -> pl.DataFrame:
    return presence.filter(pl.col("table_name") == table)


def latest_day(ranges: pl.DataFrame) -> str:
    """The last dated row of any table but instalments, whose due dates lie ahead."""
    days = ranges.filter(pl.col("table_name") != "instalments")["last_day"].drop_nulls()
    return str(days.max()) if days.len() else "—"
