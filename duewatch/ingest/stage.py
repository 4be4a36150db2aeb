"""Stage a source: each file read in blocks, judged, and written as typed Parquet beside its rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from duewatch.books.published import file_sha256
from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.rejects import RejectWriter
from duewatch.ingest.validate import check_rows
from duewatch.sources.batch import LINE, Batch
from duewatch.sources.delimited import text_blocks
from duewatch.sources.header import contract_names
from duewatch.sources.mapping import Mapping
from duewatch.sources.parquet_file import parquet_blocks, parquet_header, refuse_damaged_ids
from duewatch.sources.source_folder import SourceFile
from duewatch.sources.text_file import open_text
from duewatch.sources.workbook_file import sheet_block, sheet_frame

FILE = "file_no"


@dataclass
class StagedFile:
    """One file after reading."""

    source: SourceFile
    sha256: str
    n_bytes: int
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    names: dict[str, str]
    """Source header to column of the contract."""
    blocks: Callable[[], Iterator[Batch]]
    """Reads the file again, to keep rows whole that are rejected later."""
    rows_read: int = 0
    rows_failed: int = 0
    """Rows with an invalid cell; later steps may reject more."""
    notes: list[str] = field(default_factory=list)

    @property
    def writer(self) -> RejectWriter:
        mark = "\t" if self.delimiter == "tab" else ","
        return RejectWriter(self.source.table, self.source.name, self.header, self.names, mark)


def open_source(source: SourceFile, mapping: Mapping, scratch: Path) -> StagedFile:
    """Check what can be checked without reading the rows: form, encoding, header. Raises SourceError."""
    table_mapping = mapping.table(source.table)
    _refuse_unreadable(source)
    if source.form == "text":
        text = open_text(source, scratch)
        names = contract_names(source, text.header, table_mapping)
        delimiter = "tab" if text.delimiter == "\t" else "comma"
        staged = StagedFile(
            source, text.sha256, text.n_bytes, text.encoding, delimiter, text.header, names, lambda: text_blocks(text)
        )
        if text.encoding != "utf-8":
            staged.notes.append(f"{source.name} was read as {text.encoding}")
        return staged
    if source.form == "parquet":
        header, blocks = parquet_header(source), lambda: parquet_blocks(source)
    else:
        frame = sheet_frame(source, table_mapping.sheet)
        header = tuple(name.removesuffix(" ") for name in frame.columns if name != LINE)
        blocks = lambda: iter([sheet_block(frame)])  # noqa: E731
    names = contract_names(source, header, table_mapping)
    if source.form == "parquet":
        refuse_damaged_ids(source, names)
    size = source.path.stat().st_size
    return StagedFile(source, file_sha256(source.path), size, source.form, "", header, names, blocks)


def _refuse_unreadable(source: SourceFile) -> None:
    try:
        with source.path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise SourceError(
            f"the file cannot be opened ({error.strerror})",
            where=source.name,
            next_step="check its rights and that no other program holds it",
        ) from None


def stage(staged: StagedFile, mapping: Mapping, scratch: Path) -> None:
    """Read one file: valid rows to `<table>-<file>-<block>.parquet`, the others to `rejects-...parquet`."""
    table, table_mapping = SOURCE_TABLES[staged.source.table], mapping.table(staged.source.table)
    for number, block in enumerate(staged.blocks()):
        checked_rows = check_rows(table, block, staged.names, table_mapping)
        if block.n_read != checked_rows.accepted.height + checked_rows.failed.height + len(block.broken):
            raise AssertionError(f"{staged.source.name}: rows were lost between reading and judging")
        staged.rows_read += block.n_read
        staged.rows_failed += checked_rows.failed.height + len(block.broken)
        stem = f"{table.name}-{staged.source.number:04d}-{number:05d}.parquet"
        if checked_rows.accepted.height:
            rows = checked_rows.accepted.insert_column(
                0, pl.repeat(staged.source.number, checked_rows.accepted.height, dtype=pl.Int32, eager=True).alias(FILE)
            )
            rows.write_parquet(scratch / stem, compression="lz4")
        write_rejects(
            scratch / f"rejects-{stem}",
            staged.writer.of_rows(block, checked_rows.failed),
            staged.writer.of_broken(block.broken),
        )
    if not staged.rows_read:
        staged.notes.append(f"{staged.source.name} has a header and no rows")


def reject_later(staged: StagedFile, failed: pl.DataFrame, scratch: Path, step: str) -> None:
    """Keep rows whole that a later step rejected: the file is read again for their text. `failed` as in Judged."""
    for number, block in enumerate(staged.blocks()):
        rows = staged.writer.of_rows(block, failed)
        write_rejects(scratch / f"rejects-{step}-{staged.source.number:04d}-{number:05d}.parquet", rows)


def write_rejects(path: Path, *parts: pl.DataFrame) -> None:
    rows = pl.concat(parts)
    if rows.height:
        rows.write_parquet(path, compression="lz4")
