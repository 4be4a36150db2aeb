"""Rejected rows, kept whole as text: once as they were (private file), once with personal values masked (book)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.batch import LINE, Batch, BrokenRow, inner_name

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
}

REJECT_COLUMN, REJECT_REASON = "column of the reject", "reason of the reject"
"""A source may have columns called 'reason' (disputes do) or 'column_name'; ours must not be taken for theirs."""


@dataclass(frozen=True)
class RejectWriter:
    """Writes the rejects of one file."""

    table: str
    file: str
    header: tuple[str, ...]
    names: dict[str, str]
    """Source header to column of the contract. Other headers were ignored: their content is unknown and is masked."""
    delimiter: str = ","

    def of_rows(self, block: Batch, failed: pl.DataFrame) -> pl.DataFrame:
        """`failed`: line, column_name, reason. Returns rows under SCHEMA."""
        rejects = failed.rename({"column_name": REJECT_COLUMN, "reason": REJECT_REASON})
        rows = block.frame.join(rejects, on=LINE, how="inner", maintain_order="right")
        text = [pl.col(inner_name(name)).cast(pl.String) for name in self.header]
        cells = rows.select(text)
        return pl.DataFrame(
            {
                "line": rows[LINE],
                "column_name": rows[REJECT_COLUMN],
                "value": self._values(cells, rows[REJECT_COLUMN]),
                "reason": rows[REJECT_REASON],
                "row_text": self._joined(cells, hide=False),
                "public_value": self._values(cells, rows[REJECT_COLUMN], hide=True),
                "public_row_text": self._joined(cells, hide=True),
            },
            strict=False,
        ).select(self._named())

    def of_broken(self, broken: tuple[BrokenRow, ...]) -> pl.DataFrame:
        """In a row that could not be split nobody knows which cell is which: masked whole in tables with personal
        columns, or where columns were ignored."""
        hide = any(self._is_private(name) for name in self.header)
        return pl.DataFrame(
            {
                "line": [row.line for row in broken],
                "column_name": [None] * len(broken),
                "value": [None] * len(broken),
                "reason": [str(row.reason) for row in broken],
                "row_text": [row.text for row in broken],
                "public_value": [None] * len(broken),
                "public_row_text": [MASK if hide else row.text for row in broken],
            },
            schema_overrides=SCHEMA,
            strict=False,
        ).select(self._named())

    def _named(self) -> list[pl.Expr]:
        constants = {"table_name": pl.lit(self.table), "file": pl.lit(self.file)}
        return [constants.get(name, pl.col(name)).cast(dtype).alias(name) for name, dtype in SCHEMA.items()]

    def _is_private(self, header: str) -> bool:
        target = self.names.get(header)
        return target is None or SOURCE_TABLES[self.table].column(target).private

    def _values(self, cells: pl.DataFrame, column: pl.Series, hide: bool = False) -> pl.Series:
        value = pl.lit(None, pl.String)
        for header, target in self.names.items():
            cell = pl.col(inner_name(header))
            visible = pl.when(cell.is_not_null()).then(pl.lit(MASK)) if hide and self._is_private(header) else cell
            value = pl.when(pl.col("column of reject") == target).then(visible).otherwise(value)
        return cells.with_columns(column.alias("column of reject")).select(value.alias("value"))["value"]

    def _joined(self, cells: pl.DataFrame, *, hide: bool) -> pl.Series:
        cells_text = [
            pl.when(pl.col(inner_name(name)).is_not_null()).then(pl.lit(MASK)).otherwise(pl.lit(""))
            if hide and self._is_private(name)
            else _quoted(pl.col(inner_name(name)), self.delimiter)
            for name in self.header
        ]
        return cells.select(pl.concat_str(cells_text, separator=self.delimiter).alias("row"))["row"]


def _quoted(cell: pl.Expr, delimiter: str) -> pl.Expr:
    needs = cell.str.contains(f'["\\n\\r{delimiter}]')
    quoted = pl.concat_str([pl.lit('"'), cell.str.replace_all('"', '""', literal=True), pl.lit('"')])
    return pl.when(needs).then(quoted).otherwise(cell).fill_null("")
