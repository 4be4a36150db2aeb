"""Rejected rows, kept whole as text: once as they were (private file), once with personal values masked (book)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.batch import LINE, Batch, BrokenRow, inner_name
from duewatch.sources.shape import FittedShape

MASK = "•••"
SCHEMA = {
    "table_name": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "column_name": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "row_text": pl.String,
    "public_value": pl.String,
    "public_row_text": pl.String,
    "account_id": pl.String,
}
SEEN_OFTEN = 5
"""A value that stands in so many failing rows of a block is a code of the system and no person's."""

REJECT_COLUMN, REJECT_REASON, REJECT_VALUE = "column of the reject", "reason of the reject", "value of the reject"
REJECT_ACCOUNT = "account of the reject"
"""A source may have columns called 'reason' (disputes do) or 'column_name'; ours must not be taken for theirs."""


@dataclass(frozen=True)
class RejectWriter:
    """Writes the rejects of one table of one file."""

    table: str
    file: str
    header: tuple[str, ...]
    private: frozenset[str]
    """Headers with personal values, and those that no column of the contract is made from: nobody knows what they
    hold."""
    private_columns: frozenset[str]
    """Columns of the contract that are made from personal values."""
    delimiter: str = ","

    def of_rows(self, block: Batch, failed: pl.DataFrame) -> pl.DataFrame:
        """`failed`: line, column_name, reason, value. Returns rows under SCHEMA."""
        rejects = failed.select(
            LINE,
            pl.col("column_name").alias(REJECT_COLUMN),
            pl.col("reason").alias(REJECT_REASON),
            pl.col("value").alias(REJECT_VALUE),
            pl.col("account_id").alias(REJECT_ACCOUNT),
        )
        rows = block.frame.join(rejects, on=LINE, how="inner", maintain_order="right")
        cells = rows.select([pl.col(inner_name(name)).cast(pl.String) for name in self.header])
        return pl.DataFrame(
            {
                "line": rows[LINE],
                "column_name": rows[REJECT_COLUMN],
                "value": rows[REJECT_VALUE],
                "reason": rows[REJECT_REASON],
                "row_text": self._joined(cells, hide=False),
                "public_value": self.public_values(rows[REJECT_COLUMN], rows[REJECT_VALUE]),
                "public_row_text": self._joined(cells, hide=True),
                "account_id": rows[REJECT_ACCOUNT],
            },
            strict=False,
        ).select(self._named())

    def of_broken(self, broken: tuple[BrokenRow, ...]) -> pl.DataFrame:
        """In a row that could not be split nobody knows which cell is which."""
        return pl.DataFrame(
            {
                "line": [row.line for row in broken],
                "column_name": [None] * len(broken),
                "value": [None] * len(broken),
                "reason": [str(row.reason) for row in broken],
                "row_text": [row.text for row in broken],
                "public_value": [None] * len(broken),
                "public_row_text": [MASK if self.private else row.text for row in broken],
                "account_id": [None] * len(broken),
            },
            schema_overrides=SCHEMA,
            strict=False,
        ).select(self._named())

    def public_values(self, column: pl.Series, value: pl.Series) -> pl.Series:
        """Failing values that the book may show. Where a file holds personal values a row may have slipped by a cell,
        so only what stands there often is shown."""
        if not self.private:
            return value
        frame = pl.DataFrame({"column": column, "value": value})
        often = pl.len().over("column", "value") >= SEEN_OFTEN
        shown = often & ~pl.col("column").is_in(self.private_columns)
        masked = pl.when(pl.col("value").is_null() | shown).then("value").otherwise(pl.lit(MASK))
        return frame.select(masked.alias("value"))["value"]

    def _named(self) -> list[pl.Expr]:
        constants = {"table_name": pl.lit(self.table), "file": pl.lit(self.file)}
        return [constants.get(name, pl.col(name)).cast(dtype).alias(name) for name, dtype in SCHEMA.items()]

    def _joined(self, cells: pl.DataFrame, *, hide: bool) -> pl.Series:
        hide = hide and bool(self.private)
        cells_text = [
            pl.when(pl.col(inner_name(name)).is_not_null()).then(pl.lit(MASK)).otherwise(pl.lit(""))
            if hide
            else _quoted(pl.col(inner_name(name)), self.delimiter)
            for name in self.header
        ]
        return cells.select(pl.concat_str(cells_text, separator=self.delimiter).alias("row"))["row"]


def reject_writer(file: str, shapes: Sequence[FittedShape], fitted: FittedShape, delimiter: str) -> RejectWriter:
    """`shapes`: every table that the file gives, for a cell may be personal in another one."""
    private = frozenset(header for header in fitted.header if _is_private(header, shapes))
    columns = frozenset(
        name
        for name in fitted.columns
        if SOURCE_TABLES[fitted.shape.table].column(name).private or fitted.columns[name].pseudonymise
    )
    return RejectWriter(fitted.shape.table, file, fitted.header, private, columns, delimiter)


def _is_private(header: str, shapes: Sequence[FittedShape]) -> bool:
    targets = [(shape, column) for shape in shapes for column in shape.targets(header)]
    return not targets or any(
        SOURCE_TABLES[shape.shape.table].column(column).private or shape.columns[column].pseudonymise
        for shape, column in targets
    )


def _quoted(cell: pl.Expr, delimiter: str) -> pl.Expr:
    needs = cell.str.contains(f'["\\n\\r{delimiter}]')
    quoted = pl.concat_str([pl.lit('"'), cell.str.replace_all('"', '""', literal=True), pl.lit('"')])
    return pl.when(needs).then(quoted).otherwise(cell).fill_null("")
