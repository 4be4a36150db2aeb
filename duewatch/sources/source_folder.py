"""Which file of a source folder is which table, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.mapping import Mapping

FORMS = {".csv": "text", ".tsv": "text", ".parquet": "parquet", ".xlsx": "xlsx"}
PARTS = (".csv", ".tsv", ".parquet")
ONLY_PARTS = "put only .parquet parts, or only .csv parts,"
HIDDEN = (".", "~$")
"""A hidden file, or Excel's mark beside a workbook that is open."""


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
    """Raises SourceError where the folder is missing, holds no accounts, holds one table twice, or lacks a file
    that the mapping names."""
    entries = _entries(folder, "folder of source files")
    tables = _tables_by_file(mapping)
    paths: dict[str, list[Path]] = {}
    notes: list[str] = []
    for entry in entries:
        table = tables.get(_plain_name(entry.name if entry.is_dir() else entry.stem))
        if table and (entry.is_dir() or entry.suffix.lower() in FORMS):
            paths.setdefault(table, []).append(entry)
        else:
            notes.append(_left_aside(entry, tables))
    _refuse_missing(folder, mapping, paths, notes)
    files = _numbered({name: _paths(folder, name, paths[name]) for name in SOURCE_TABLES if name in paths}, folder)
    return SourceFolder(folder.resolve().name, files, tuple(notes))


def _entries(folder: Path, what: str) -> list[Path]:
    """What lies in a folder, by name, without hidden files and the marks of programs that have a file open."""
    if not folder.is_dir():
        problem = "this is not a folder" if folder.exists() else "there is no such folder"
        raise SourceError(problem, where=str(folder), next_step=f"give a {what}")
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith(HIDDEN))
    except OSError as error:
        raise SourceError(
            f"the folder cannot be opened ({error.strerror})", where=str(folder), next_step="check its rights"
        ) from None


def _plain_name(name: str) -> str:
    """Accounts.CSV, ACCOUNTS.csv and accounts.csv are one name; so is a mapping's name with or without ending."""
    path = Path(name)
    return (path.stem if path.suffix.lower() in FORMS else name).casefold()


def _tables_by_file(mapping: Mapping) -> dict[str, str]:
    tables: dict[str, str] = {}
    for name in SOURCE_TABLES:
        file = _plain_name(mapping.table(name).file)
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
        return f"{entry.name} was left aside: {table} is read as .csv, .tsv, .parquet or .xlsx only, not packed"
    return f"{entry.name} is not a table of the contract and was left aside"


def _refuse_missing(folder: Path, mapping: Mapping, paths: dict[str, list[Path]], notes: list[str]) -> None:
    for name in mapping.tables:
        if name not in paths and _plain_name(mapping.table(name).file) != name:
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


def _paths(folder: Path, table: str, entries: list[Path]) -> list[Path]:
    if len(entries) > 1:
        names = " and ".join(entry.name for entry in entries)
        raise SourceError(f"{names} both hold {table}", where=str(folder), next_step="keep one of them")
    if entries[0].is_dir():
        return _parts(entries[0], table)
    if not entries[0].is_file():
        raise SourceError(
            "this is no file that can be opened (a link that leads nowhere?)",
            where=entries[0].name,
            next_step="put the file itself there",
        )
    return entries


def _parts(folder: Path, table: str) -> list[Path]:
    """Every file of the folder is a part: one that cannot be read is told, for its rows would be missed."""
    parts = [part for part in _entries(folder, "folder of parts") if not part.name.startswith("_")]
    for part in parts:
        if part.suffix.lower() not in PARTS or not part.is_file():
            raise SourceError(
                f"'{part.name}' cannot be a part of {table}", where=folder.name, next_step=f"{ONLY_PARTS} there"
            )
    forms = {FORMS[part.suffix.lower()] for part in parts}
    if len(forms) != 1:
        what = f"the parts of {table} come in {len(forms)} forms" if forms else f"there are no parts of {table} here"
        raise SourceError(what, where=folder.name, next_step=f"{ONLY_PARTS} there")
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
