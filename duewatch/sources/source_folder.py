"""Which file of a source folder is which table, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.folder_files import entries, matching, plain_name
from duewatch.sources.mapping import Mapping


@dataclass(frozen=True)
class SourceFile:
    """One file of a table. `name` is its path inside the source folder; `number` counts files over the whole load."""

    table: str
    path: Path
    name: str
    number: int


@dataclass(frozen=True)
class SourceFolder:
    """The files of a source by table, and sentences about what was left aside."""

    name: str
    files: dict[str, tuple[SourceFile, ...]]
    notes: tuple[str, ...]


def find_sources(folder: Path, mapping: Mapping) -> SourceFolder:
    """Raises SourceError where the folder is missing, holds no accounts, holds one table twice, or lacks a file
    that the mapping names."""
    tables = _tables_by_file(mapping)
    paths: dict[str, tuple[Path, ...]] = {}
    used: set[Path] = set()
    inside = entries(folder)
    for file, table in tables.items():
        if found := matching(folder, file):
            paths[table] = found
            used |= {folder / path.relative_to(folder).parts[0] for path in found}
    notes = [_left_aside(entry, tables) for entry in inside if entry not in used]
    _refuse_missing(folder, mapping, paths, notes)
    files = _numbered({name: paths[name] for name in SOURCE_TABLES if name in paths}, folder)
    return SourceFolder(folder.resolve().name, files, tuple(notes))


def _tables_by_file(mapping: Mapping) -> dict[str, str]:
    tables: dict[str, str] = {}
    for name in SOURCE_TABLES:
        file = plain_name(mapping.table(name).file)
        if file in tables:
            raise SourceError(
                f"the mapping gives {tables[file]} and {name} one file, '{mapping.table(name).file}'",
                where=f"tables.{name}.file",
                next_step="one file holds one table: export them apart",
            )
        tables[file] = name
    return tables


def _left_aside(entry: Path, tables: dict[str, str]) -> str:
    table = tables.get(entry.name.split(".")[0].casefold())
    if table:
        return f"{entry.name} was left aside: {table} is read as text, .gz of it, .parquet, .xlsx, .xls or .ods only"
    return f"{entry.name} is not a table of the contract and was left aside"


def _refuse_missing(folder: Path, mapping: Mapping, paths: dict[str, tuple[Path, ...]], notes: list[str]) -> None:
    for name in mapping.tables:
        if name not in paths and plain_name(mapping.table(name).file) != name:
            raise SourceError(
                f"the mapping says that {name} is in '{mapping.table(name).file}', which is not here",
                where=str(folder),
                next_step=f"add the file, or correct 'file' of tables.{name}",
            )
    if "accounts" not in paths:
        near = next((f" ({note})" for note in notes if "accounts is read as" in note), "")
        raise SourceError(
            f"there is no accounts file{near}",
            where=str(folder),
            next_step="add accounts.csv, .parquet or .xlsx, or name your file in a mapping",
        )


def _numbered(paths: dict[str, tuple[Path, ...]], folder: Path) -> dict[str, tuple[SourceFile, ...]]:
    files: dict[str, tuple[SourceFile, ...]] = {}
    number = 0
    for table, parts in paths.items():
        files[table] = tuple(
            SourceFile(table, part, part.relative_to(folder).as_posix(), number + n) for n, part in enumerate(parts)
        )
        number += len(parts)
    return files
