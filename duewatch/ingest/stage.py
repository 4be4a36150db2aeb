"""Stage a source: each file read in blocks, judged, and written as typed Parquet beside its rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from duewatch.contract.i18n import words_in
from duewatch.contract.localised_errors import localised
from duewatch.contract.schema import SOURCE_TABLES, Kind
from duewatch.ingest.rejects import RejectWriter
from duewatch.ingest.validate import check_rows
from duewatch.sources.batch import Batch
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.header import contract_names
from duewatch.sources.layout import Layout
from duewatch.sources.mapping import Mapping
from duewatch.sources.parquet_file import refuse_damaged_ids
from duewatch.sources.raw_file import DELIMITERS, open_raw
from duewatch.sources.source_folder import SourceFile

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
        mark = next((mark for mark, name in DELIMITERS.items() if name == self.delimiter), self.delimiter or ",")
        return RejectWriter(self.source.table, self.source.name, self.header, self.names, mark)


def open_source(source: SourceFile, mapping: Mapping, scratch: Path, encodings: FolderEncodings) -> StagedFile:
    """Check what can be checked without reading the rows: form, encoding, header. Raises SourceError."""
    table_mapping, table = mapping.table(source.table), SOURCE_TABLES[source.table]
    wanted = frozenset(table_mapping.columns) | frozenset(table.column_names)
    layout = Layout(sheet=table_mapping.sheet)
    raw = open_raw(source.path, source.name, layout, wanted, scratch, encodings, (source.table,))
    names = contract_names(source, raw.header, table_mapping)
    if raw.encoding == "parquet":
        ids = [header for header, target in names.items() if table.column(target).kind is Kind.ID]
        refuse_damaged_ids(raw.path, raw.name, ids)
    english = words_in("en")
    notes = [localised(english, note) for note in raw.notes]
    return StagedFile(
        source, raw.sha256, raw.n_bytes, raw.encoding, raw.delimiter, raw.header, names, raw.blocks, notes=notes
    )


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
