"""Shapes that the Data health page needs from the answers it gets."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from duewatch.contract.capabilities import not_assessable
from duewatch.contract.i18n import Words
from duewatch.ui.parts.numbers import Numbers


@dataclass(frozen=True)
class Loaded:
    """Sums over all files of a book."""

    files: int
    read: int
    """Accepted, rejected and left out rows together."""
    accepted: int
    rejected: int
    left_out: int
    repeated: int


def loaded(loads: pl.DataFrame) -> Loaded:
    names = ("rows_read", "rows_accepted", "rows_rejected", "rows_left_out", "rows_repeated")
    return Loaded(loads.height, *(int(loads[name].sum() or 0) for name in names))


def headline(words: Words, numbers: Numbers, sums: Loaded) -> str:
    """How many rows were read, and how many of them are not in the book."""
    if not sums.files:
        return words("headline.data.none")
    read, files = numbers.count(sums.read), numbers.count(sums.files)
    if not sums.rejected and not sums.left_out:
        return words("headline.data.clean", read=read, files=files)
    return words(
        "headline.data.left_out" if sums.left_out else "headline.data.rejected",
        left_out=numbers.count(sums.left_out),
        read=read,
        files=files,
        accepted=numbers.count(sums.accepted),
        rejected=numbers.count(sums.rejected),
        share=numbers.percent(sums.rejected / sums.read, digits=2),
    )


def with_sentences(rejects: pl.DataFrame, words: Words) -> pl.DataFrame:
    """rejects_by_reason with why, and what to do, in the reader's language; the code stays where words are missing."""

    def sentence_of(section: str) -> pl.Expr:
        sentences = {
            code: words(f"{section}.{code}")
            for code in rejects["reason"].drop_nulls().unique()
            if words.has(f"{section}.{code}")
        }
        return pl.col("reason").replace(sentences)

    return rejects.select(
        "table_name",
        "column_name",
        sentence_of("reason").alias("reason_sentence"),
        "n_rows",
        sentence_of("fix").alias("fix"),
        "first_file",
        "first_line",
    )


def assumption_sentences(found: pl.DataFrame, words: Words) -> pl.DataFrame:
    """data/assumptions as sentences, with the table of each."""
    sentences = [
        words(
            f"reading.{row['kind']}",
            column=f"{row['table_name']}.{row['column_name']}",
            n=row["n_rows"],
            example=row["example"] or "",
            detail=row["detail"] or "",
            reason=words(f"reason.{row['detail']}") if row["kind"] == "unread" else "",
        )
        for row in found.iter_rows(named=True)
    ]
    return pl.DataFrame({"table_name": found["table_name"], "detail": sentences})


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
    provided = presence.filter(pl.col("is_provided"))
    return words(
        "health.columns_title",
        full=provided.filter(pl.col("n_filled") == pl.col("n_rows")).height,
        provided=provided.height,
        absent=presence.height - provided.height,
        all=presence.height,
    )


def column_counts(presence: pl.DataFrame) -> tuple[int, int, int]:
    """Columns given, columns full in every row, columns in the contract."""
    provided = presence.filter(pl.col("is_provided"))
    return provided.height, provided.filter(pl.col("n_filled") == pl.col("n_rows")).height, presence.height


def of_table(presence: pl.DataFrame, table: str) -> pl.DataFrame:
    return presence.filter(pl.col("table_name") == table)


def latest_day(ranges: pl.DataFrame) -> str:
    """The last dated row of any table but instalments, whose due dates lie ahead."""
    days = ranges.filter(pl.col("table_name") != "instalments")["last_day"].drop_nulls()
    return str(days.max()) if days.len() else "—"


@dataclass(frozen=True)
class Matrix:
    """A grid of fields by group."""

    rows: list[str]
    columns: list[str]
    shares: list[list[float | None]]
    """Share filled, 0-1; None where the group has no such accounts."""
    texts: list[list[str]]
    """The same in words."""
    finding: str
    """The sentence above the grid."""


def field_matrix(words: Words, numbers: Numbers, completeness: pl.DataFrame) -> Matrix:
    """field_completeness as a grid. The finding names the emptiest field, or the contacts made without one."""
    fields = completeness["field"].unique(maintain_order=True).to_list()
    groups = completeness["group_name"].unique(maintain_order=True).to_list()
    cell_of = {(row["field"], row["group_name"]): row for row in completeness.iter_rows(named=True)}
    cells = [[cell_of.get((field, group)) for group in groups] for field in fields]
    shares = [[cell["share_filled"] if cell else None for cell in row] for row in cells]
    texts = [[numbers.percent(cell["share_filled"]) if cell else "" for cell in row] for row in cells]
    totals = completeness.group_by("field").agg(pl.col("n_accounts", "n_filled", "n_contacted_lacking").sum())
    with_share = totals.with_columns(share=pl.col("n_filled") / pl.col("n_accounts"))
    worst = with_share.sort("share", "field").row(0, named=True)
    key = "health.fields_full" if worst["share"] == 1.0 else "health.fields_worst"
    finding = words(
        key,
        field=words(f"field.{worst['field']}"),
        share=numbers.percent(worst["share"]),
        n=numbers.count(worst["n_contacted_lacking"]),
        accounts=numbers.count(worst["n_accounts"]),
    )
    names = [words("process.not_known") if group is None else str(group) for group in groups]
    return Matrix([words(f"field.{field}") for field in fields], names, shares, texts, finding)
