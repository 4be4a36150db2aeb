"""Tables that a mapping makes with SQL: a SELECT over the raw files as text, in a database with no way out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import localised_error
from duewatch.sources.batch import LINE, Batch
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.raw_file import RawFile, open_raw
from duewatch.sources.source_plan import RawTable, SourceFile, SourcePlan

MEMORY = "2GB"
FILE_COLUMN = "file"


def sql_files(plan: SourcePlan, scratch: Path, first_number: int) -> list[tuple[SourceFile, RawFile]]:
    """One file a query, numbered after the others. Raises SourceError where a query cannot be answered."""
    if not plan.queries:
        return []
    raw = scratch / "raw"
    raw.mkdir()
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(raw / "spill")}) as con:
        for table in plan.raw_tables:
            _load(con, plan, table, raw)
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        return [_answer(con, plan, table, number) for number, table in enumerate(plan.queries, start=first_number)]


def _load(con: duckdb.DuckDBPyConnection, plan: SourcePlan, table: RawTable, raw: Path) -> None:
    encodings = FolderEncodings(list(table.paths))
    parts: list[str] = []
    for number, path in enumerate(table.paths):
        name = path.relative_to(plan.folder).as_posix()
        opened = open_raw(path, name, table.layout, frozenset(), raw, encodings)
        for block_number, block in enumerate(opened.blocks()):
            part = raw / f"{len(parts):05d}-{number}-{block_number}.parquet"
            text = block.frame.with_columns(pl.exclude(LINE).cast(pl.String), pl.lit(name).alias(FILE_COLUMN))
            text.write_parquet(part)
            parts.append(str(part))
    if parts:
        con.execute(f'create table "{table.name}" as from read_parquet(?, union_by_name = true)', [parts])


def _answer(con: duckdb.DuckDBPyConnection, plan: SourcePlan, table: str, number: int) -> tuple[SourceFile, RawFile]:
    shape = plan.query_shapes[table]
    name = f"tables.{table}.sql"
    try:
        frame = con.sql(plan.queries[table]).pl()
    except duckdb.Error as error:
        reason = str(error).strip().splitlines()[0][:200]
        raise localised_error(SourceError, "source.mapping_sql", where=name, file=table, reason=reason) from None
    if LINE not in frame.columns or frame[LINE].null_count() or frame[LINE].n_unique() < frame.height:
        frame = frame.drop(LINE, strict=False).with_row_index(LINE, 1)
    frame = frame.select(pl.col(LINE).cast(pl.Int64), pl.exclude(LINE, FILE_COLUMN).cast(pl.String))
    frame = frame.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))

    def blocks() -> Iterator[Batch]:
        yield Batch(frame)

    header = tuple(column for column in frame.columns if column != LINE)
    digest = hashlib.sha256(plan.queries[table].encode()).hexdigest()
    path = plan.folder / name
    source = SourceFile(table, path, name, number, shape)
    return source, RawFile(path, name, digest, len(plan.queries[table]), "sql", "", ",", header, blocks)
