"""Which file of a source folder is which table, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from duewatch.errors import SourceError
from duewatch.ingest.mapping import Mapping
from duewatch.schema import SOURCE_TABLES

FORMS = {".csv": "text", ".tsv": "text", ".parquet": "parquet", ".xlsx": "xlsx"}
PARTS = (".csv", ".tsv", ".parquet")


@dataclass(frozen=True)
class SourceFile:
    """One file of a table. `name` is its path inside the source folder; `number` counts files over the whole load."""

    table: str
    path: Path
    name: str
    number: int

    @property
    def form(self) -> str:
        return FORMS[self.path.suffix.lower()]


@dataclass(frozen=True)
class SourceFolder:
    """The files of a source by table, and sentences about what was left aside."""

    name: str
    files: dict[str, tuple[SourceFile, ...]]
    notes: tuple[str, ...]


def find_sources(folder: Path, mapping: Mapping) -> SourceFolder:
    """Raises SourceError where the folder is missing, holds no table, or holds one table in two forms."""
    if not folder.is_dir():
        raise SourceError("there is no such folder", where=str(folder), next_step="give a folder of source files")
    tables = {mapping.table(name).file: name for name in SOURCE_TABLES}
    found: dict[str, list[Path]] = {}
    notes: list[str] = []
    for entry in sorted(folder.iterdir()):
        table = tables.get(entry.name if entry.is_dir() else entry.stem)
        if entry.name.startswith("."):
            continue
        if table and (entry.is_dir() or entry.suffix.lower() in FORMS):
            found.setdefault(table, []).append(entry)
        else:
            notes.append(f"{entry.name} is not a table of the contract and was left aside")
    files = _numbered({name: _paths(folder, name, found[name]) for name in SOURCE_TABLES if name in found}, folder)
    if "accounts" not in files:
        raise SourceError(
            "there is no accounts file",
            where=str(folder),
            next_step="add accounts.csv, .parquet or .xlsx, or name your file in a mapping",
        )
    return SourceFolder(folder.resolve().name, files, tuple(notes))


def _paths(folder: Path, table: str, entries: list[Path]) -> list[Path]:
    if len(entries) > 1:
        names = " and ".join(entry.name for entry in entries)
        raise SourceError(f"{names} both hold {table}", where=str(folder), next_step="keep one of them")
    if entries[0].is_file():
        return entries
    parts = sorted(part for part in entries[0].iterdir() if part.suffix.lower() in PARTS)
    forms = {FORMS[part.suffix.lower()] for part in parts}
    if len(forms) != 1:
        what = f"the parts of {table} come in {len(forms)} forms" if forms else f"there are no parts of {table} here"
        raise SourceError(what, where=str(entries[0]), next_step="put only .parquet parts, or only .csv parts, there")
    return parts


def _numbered(paths: dict[str, list[Path]], folder: Path) -> dict[str, tuple[SourceFile, ...]]:
    files: dict[str, tuple[SourceFile, ...]] = {}
    number = 0
    for table, parts in paths.items():
        files[table] = tuple(
            SourceFile(table, part, part.relative_to(folder).as_posix(), number + n) for n, part in enumerate(parts)
        )
        number += len(parts)
    return files
