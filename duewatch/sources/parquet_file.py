"""Parquet files in blocks of row groups; columns keep their types. A row's line is its number, from 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import localised_error
from duewatch.sources.batch import LINE, Batch, Look, inner_name
from duewatch.sources.header_row import clean_name, distinct

BLOCK_ROWS = 500_000


def parquet_header(path: Path, name: str) -> tuple[str, ...]:
    """Raises SourceError where the file is cut off or is no Parquet."""
    return distinct(map(clean_name, _schema(path, name)))


def refuse_damaged_ids(path: Path, name: str, id_headers: Iterable[str]) -> None:
    """An id kept as a floating-point number has a tail (12.0) and, from 16 digits on, is no longer itself.
    `id_headers`: the columns that become ids. Raises SourceError."""
    schema = _schema(path, name)
    kinds = dict(zip(distinct(map(clean_name, schema)), schema.values(), strict=True))
    for header in id_headers:
        if not _holds_ids(kinds[header]):
            raise localised_error(
                SourceError, "reading.damaged_ids", where=name, header=header, holds=str(kinds[header])
            )


def _schema(path: Path, name: str) -> dict[str, pl.DataType]:
    try:
        return dict(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(name, error) from None


def _holds_ids(kind: pl.DataType) -> bool:
    return kind.is_integer() or kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)


def parquet_blocks(path: Path, name: str) -> Iterator[Batch]:
    header = [inner_name(column) for column in parquet_header(path, name)]
    try:
        height = int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        for start in range(0, height, BLOCK_ROWS):
            rows = pl.scan_parquet(path, glob=False).slice(start, BLOCK_ROWS).collect()
            _refuse_nested(name, rows)
            rows.columns = header
            lines = pl.Series(LINE, range(start + 1, start + rows.height + 1), pl.Int64)
            yield Batch(rows.insert_column(0, lines), look=_look(rows))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(name, error) from None


def _look(rows: pl.DataFrame) -> Look:
    """Parquet has no bytes to look at cheaply, so every text cell is examined; a file without text is not."""
    has_text = any(kind in (pl.String, pl.Categorical, pl.Enum) for kind in rows.dtypes)
    return Look(has_text, has_text, has_text, has_text)


def _refuse_nested(name: str, rows: pl.DataFrame) -> None:
    for column, kind in rows.schema.items():
        if kind.is_nested() or kind in (pl.Binary, pl.Object):
            raise localised_error(SourceError, "reading.nested", where=name, column=column, holds=str(kind))


def _damaged(name: str, error: Exception) -> SourceError:
    reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
    return localised_error(SourceError, "reading.bad_parquet", where=name, reason=reason)
