"""Stage a source: each file read in blocks, shaped, judged, and written as typed Parquet beside its rejects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from duewatch.contract.localised_errors import LocalisedText
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.rejects import RejectWriter
from duewatch.ingest.validate import FAILURE, check_rows, total_lines
from duewatch.sources.batch import LINE, Look
from duewatch.sources.cell_reading import Assumption
from duewatch.sources.raw_file import RawFile
from duewatch.sources.shape import PART, FittedShape, shape_rows
from duewatch.sources.source_plan import SourceFile

FILE = "file_no"
AssumptionKey = tuple[str, str, str]
"""Column, kind and detail of an assumption."""


@dataclass
class StagedFile:
    """One table of one file after reading."""

    source: SourceFile
    raw: RawFile
    fitted: FittedShape
    writer: RejectWriter
    rows_read: int = 0
    rows_failed: int = 0
    """Rows with an invalid cell; later steps may reject more."""
    rows_left_out: int = 0
    """Rows that the mapping's `keep` leaves out; later steps may leave out more."""
    assumptions: Counter[AssumptionKey] = field(default_factory=Counter)
    examples: dict[AssumptionKey, str] = field(default_factory=dict)
    notes: list[LocalisedText] = field(default_factory=list)


def stage(staged: StagedFile, scratch: Path) -> None:
    """Read one file: valid rows to `<table>-<file>-<block>.parquet`, the others to `rejects-...parquet`."""
    table, fitted = SOURCE_TABLES[staged.source.table], staged.fitted
    for number, block in enumerate(staged.raw.blocks()):
        totals = total_lines(block.frame)
        rows = shape_rows(fitted, block)
        look = block.look if rows.is_plain else Look()
        checked = check_rows(table, rows.frame, look, fitted.shape.readings, totals)
        n_rows = rows.frame.height + len(block.broken)
        if n_rows != checked.accepted.height + checked.failed.height + len(block.broken):
            raise AssertionError(f"{staged.source.name}: rows were lost between reading and judging")
        staged.rows_read += n_rows + rows.n_left_out
        staged.rows_left_out += rows.n_left_out
        staged.rows_failed += checked.failed.height + len(block.broken)
        _count_assumptions(staged, checked.assumptions)
        stem = f"{table.name}-{staged.source.number:04d}-{number:05d}.parquet"
        if checked.accepted.height:
            file_no = pl.Series(FILE, [staged.source.number], pl.Int32).new_from_index(0, checked.accepted.height)
            checked.accepted.insert_column(0, file_no).write_parquet(scratch / stem, compression="lz4")
        write_rejects(
            scratch / f"rejects-{stem}",
            staged.writer.of_rows(block, checked.failed),
            staged.writer.of_broken(block.broken),
        )
        write_unread(scratch / f"unread-{stem}", staged, checked.unread)
    if not staged.rows_read:
        staged.notes.append(LocalisedText("reading.no_rows", {"file": staged.source.name}))


def _count_assumptions(staged: StagedFile, found: tuple[Assumption, ...]) -> None:
    for assumption in found:
        key = (assumption.column, assumption.kind, assumption.detail)
        staged.assumptions[key] += assumption.rows
        staged.examples.setdefault(key, assumption.example)


def reject_later(staged: StagedFile, failed: pl.DataFrame, scratch: Path, step: str) -> None:
    """Keep rows whole that a later step rejected: the file is read again for their text. `failed`: line, part,
    column_name and reason."""
    for number, block in enumerate(staged.raw.blocks()):
        here = failed.filter(pl.col(LINE).is_in(block.frame[LINE].implode()))
        if here.height:
            shaped = shape_rows(staged.fitted, block).frame
            rows = staged.writer.of_rows(block, _with_values(here, shaped))
            write_rejects(scratch / f"rejects-{step}-{staged.source.number:04d}-{number:05d}.parquet", rows)


def _with_values(failed: pl.DataFrame, shaped: pl.DataFrame) -> pl.DataFrame:
    wanted = {*failed["column_name"].drop_nulls(), "account_id"}
    names = [name for name in shaped.columns if name in wanted]
    cells = shaped.select(LINE, PART, *(pl.col(name).cast(pl.String).alias(f"{name}|") for name in names))
    found = failed.join(cells, on=[LINE, PART], how="left", maintain_order="left")
    value = pl.lit(None, pl.String)
    for name in names:
        value = pl.when(pl.col("column_name") == name).then(pl.col(f"{name}|")).otherwise(value)
    account = pl.col("account_id|") if "account_id" in names else pl.lit(None, pl.String)
    return found.with_columns(value.alias("value"), account.alias("account_id")).select(*FAILURE)


def write_rejects(path: Path, *parts: pl.DataFrame) -> None:
    rows = pl.concat(parts)
    if rows.height:
        rows.write_parquet(path, compression="lz4")


def write_unread(path: Path, staged: StagedFile, unread: pl.DataFrame) -> None:
    """Values that could not be read, of rows that are accepted without them."""
    if unread.height:
        shown = staged.writer.public_values(unread["column_name"], unread["value"])
        unread.select(
            pl.lit(staged.source.number, pl.Int32).alias(FILE),
            LINE,
            PART,
            pl.lit(staged.source.table).alias("table_name"),
            pl.lit(staged.source.name).alias("file"),
            "column_name",
            "value",
            shown.alias("public_value"),
            "reason",
        ).write_parquet(path, compression="lz4")
