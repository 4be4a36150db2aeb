"""Source files: CSV that grows chunk by chunk, or Parquet with one part a chunk for the big tables."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TextIO

import polars as pl

from duewatch.contract.errors import DuewatchError
from duewatch.contract.schema import SOURCE_TABLES

CSV, PARQUET = "csv", "parquet"
FORMATS = (CSV, PARQUET)
BIG = ("debtors", "accounts", "snapshots", "instalments", "payments", "contacts", "promises", "assignments")
ENCODINGS = {"flags": "utf-8-sig", "collectors": "gb18030"}
"""Tables written as some systems export them: with a byte order mark, or in the Chinese national encoding."""
TRUTH = "truth.json"
ROW_GROUP = 200_000


class Sink:
    """`rows`: data rows written by table."""

    def __init__(self, folder: Path, file_format: str) -> None:
        self.folder, self.file_format = folder, file_format
        self.rows: dict[str, int] = dict.fromkeys(SOURCE_TABLES, 0)
        self.parts: dict[str, int] = {}
        _empty(folder)

    def is_csv(self, table: str) -> bool:
        return self.file_format == CSV or table not in BIG

    def write(self, table: str, frame: pl.DataFrame) -> None:
        part = self.parts.get(table, 0)
        self.parts[table] = part + 1
        self.rows[table] += frame.height
        if not self.is_csv(table):
            path = self.folder / table / f"part-{part:05d}.parquet"
            path.parent.mkdir(exist_ok=True)
            frame.write_parquet(path, compression="zstd", row_group_size=ROW_GROUP, statistics=True)
            return
        text = frame.write_csv(include_header=part == 0)
        with self.path(table).open("ab") as file:
            encoding = ENCODINGS.get(table, "utf-8")
            file.write(text.encode("utf-8" if part and encoding == "utf-8-sig" else encoding))

    def append_lines(self, table: str, lines: list[str]) -> None:
        """Rows as raw text, at the end of a CSV file."""
        encoding = ENCODINGS.get(table, "utf-8").removesuffix("-sig")
        with self.path(table).open("ab") as file:
            file.write("".join(line + "\n" for line in lines).encode(encoding))
        self.rows[table] += len(lines)

    def first_lines(self, table: str, n: int) -> list[str]:
        """Header and first data lines of a CSV file."""
        with self.open_text(table) as file:
            return [line.rstrip("\n") for _, line in zip(range(n), file, strict=False)]

    def open_text(self, table: str) -> TextIO:
        """A CSV file to be read again, in its own encoding."""
        return self.path(table).open(encoding=ENCODINGS.get(table, "utf-8"))

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"


def _empty(folder: Path) -> None:
    """Take away an earlier demo; refuse a folder that holds anything else."""
    if folder.exists() and not folder.is_dir():
        raise DuewatchError("this is a file", where=str(folder), next_step="name a folder for the demo")
    folder.mkdir(parents=True, exist_ok=True)
    own = {TRUTH} | {f"{table}.csv" for table in SOURCE_TABLES} | set(SOURCE_TABLES)
    entries = sorted(folder.iterdir())
    strange = [entry.name for entry in entries if entry.name not in own]
    if strange or (entries and not (folder / TRUTH).exists()):
        raise DuewatchError(
            f"the folder holds files that are no earlier demo ({(strange or [e.name for e in entries])[0]})",
            where=str(folder),
            next_step="name a new or empty folder",
        )
    for entry in entries:
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
