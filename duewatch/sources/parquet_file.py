"""Parquet files in blocks of row groups; columns keep their types. A row's line is its number, from 1."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES, Kind
from duewatch.sources.batch import LINE, Batch, Look, inner_name
from duewatch.sources.source_folder import SourceFile

BLOCK_ROWS = 500_000


def parquet_header(source: SourceFile) -> tuple[str, ...]:
    """Raises SourceError where the file is cut off or is no Parquet."""
    try:
        return tuple(pl.read_parquet_schema(source.path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(source, error) from None


def refuse_damaged_ids(source: SourceFile, names: dict[str, str]) -> None:
    """An id kept as a floating-point number has a tail (12.0) and, from 16 digits on, is no longer itself."""
    schema = pl.read_parquet_schema(source.path)
    for header, target in names.items():
        kind = schema[header]
        if SOURCE_TABLES[source.table].column(target).kind is Kind.ID and not _holds_ids(kind):
            raise SourceError(
                f"the id column '{header}' holds {kind}, in which ids are damaged",
                where=source.name,
                next_step="write it as text",
            )


def _holds_ids(kind: pl.DataType) -> bool:
    return kind.is_integer() or kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)


def parquet_blocks(source: SourceFile) -> Iterator[Batch]:
    try:
        height = int(pl.scan_parquet(source.path).select(pl.len()).collect().item())
        for start in range(0, height, BLOCK_ROWS):
            rows = pl.scan_parquet(source.path, glob=False).slice(start, BLOCK_ROWS).collect()
            _refuse_nested(source, rows)
            lines = pl.Series(LINE, range(start + 1, start + rows.height + 1), pl.Int64)
            if LINE in rows.columns:
                rows = rows.rename({LINE: inner_name(LINE)})
            yield Batch(rows.insert_column(0, lines), look=_look(rows))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(source, error) from None


def _look(rows: pl.DataFrame) -> Look:
    """Parquet has no bytes to look at cheaply, so every text cell is examined; a file without text is not."""
    has_text = any(kind in (pl.String, pl.Categorical, pl.Enum) for kind in rows.dtypes)
    return Look(has_text, has_text, has_text, has_text)


def _refuse_nested(source: SourceFile, rows: pl.DataFrame) -> None:
    for name, kind in rows.schema.items():
        if kind.is_nested() or kind in (pl.Binary, pl.Object):
            raise SourceError(
                f"the column '{name}' holds {kind}, not plain values",
                where=source.name,
                next_step="write it as text, number, date or timestamp",
            )


def _damaged(source: SourceFile, error: Exception) -> SourceError:
    first_line = str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
    return SourceError(
        f"the file is damaged or is no Parquet ({first_line})",
        where=source.name,
        next_step="copy or export it again; it may have been cut off",
    )
