"""Which files of a folder give which tables, and how: the mapping held against what lies there."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.cell_reading import ColumnReading
from duewatch.sources.folder_files import entries, form_of, matching, plain_name
from duewatch.sources.layout import Layout
from duewatch.sources.mapping import ColumnSource, FileSection, Mapping, Reading, TableMapping, file_columns
from duewatch.sources.shape import TableShape
from duewatch.sources.workbook_file import sheet_names
from duewatch.sources.written_numbers import NumberStyle

NOWHERE = ColumnSource.model_construct()


@dataclass(frozen=True)
class SourceFile:
    """One table out of one file. `name` is the file's path inside the source folder; `number` counts over the load."""

    table: str
    path: Path
    name: str
    number: int
    shape: TableShape


@dataclass(frozen=True)
class RawTable:
    """A kind of file as text, under its name in the mapping, for the SQL files."""

    name: str
    layout: Layout
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class SourcePlan:
    """What a load reads."""

    name: str
    """The folder's."""
    folder: Path
    files: tuple[SourceFile, ...]
    raw_tables: tuple[RawTable, ...]
    queries: Dict[str, str]
    """Table of the contract to the SELECT that gives it."""
    query_shapes: Dict[str, TableShape]
    """The same tables to how their columns are read."""
    notes: tuple[LocalisedText, ...]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset({file.table for file in self.files} | set(self.queries))


def plan_sources(folder: Path, mapping: Mapping, pseudonym_key: bytes = b"") -> SourcePlan:
    """Raises SourceError where the folder is missing, holds a table twice, or lacks a file that the mapping names."""
    plan = _Plan(folder, mapping, pseudonym_key)
    plan.add_declared_files()
    plan.add_contract_files()
    plan.add_sheets()
    tables = {table for table, _, _ in plan.found} | {name for name, table in mapping.tables.items() if table.sql}
    if not tables & {"accounts", "contacts"}:
        raise localised_error(SourceError, "source.no_accounts_file", where=str(folder), files=plan.shown_rest())
    order = list(SOURCE_TABLES)
    found = sorted(plan.found, key=lambda part: order.index(part[0]))
    files = tuple(
        SourceFile(table, path, path.relative_to(folder).as_posix(), number, shape)
        for number, (table, path, shape) in enumerate(found)
    )
    queries = {name: table.sql for name, table in mapping.tables.items() if table.sql}
    shapes = {name: first_edition_shape(mapping, name, mapping.tables[name]) for name in queries}
    return SourcePlan(folder.resolve().name, folder, files, tuple(plan.raw_tables), queries, shapes, plan.notes())


class _Plan:
    def __init__(self, folder: Path, mapping: Mapping, pseudonym_key: bytes) -> None:
        self.folder, self.mapping, self.key = folder, mapping, pseudonym_key
        self.entries = entries(folder)
        self.used: set[Path] = set()
        self.found: list[tuple[str, Path, TableShape]] = []
        self.raw_tables: list[RawTable] = []
        self._notes: list[LocalisedText] = []

    def add_declared_files(self) -> None:
        for section, file in self.mapping.files.items():
            wanted = file.file or section
            paths = matching(self.folder, wanted)
            if not paths and not file.optional:
                raise localised_error(
                    SourceError,
                    "source.file_not_there",
                    where=str(self.folder),
                    file=wanted,
                    section=f"files.{section}",
                )
            if not paths:
                self._notes.append(
                    LocalisedText("reading.optional_absent", {"file": wanted, "section": f"files.{section}"})
                )
            self._use(paths)
            self.raw_tables.append(RawTable(section, _layout(file), paths))
            for table in file_columns(file):
                shape = declared_shape(self.mapping, section, file, table, self.key)
                self.found += [(table, path, shape) for path in paths]

    def add_contract_files(self) -> None:
        for name in SOURCE_TABLES:
            table = self.mapping.tables.get(name, TableMapping())
            if table.sql:
                continue
            paths = matching(self.folder, table.file or name)
            if not table.file:
                paths = tuple(path for path in paths if path not in self.used)
            if table.file and not paths and plain_name(table.file) != name:
                raise localised_error(
                    SourceError,
                    "source.file_not_there",
                    where=str(self.folder),
                    file=table.file,
                    section=f"tables.{name}",
                )
            self._use(paths)
            shape = first_edition_shape(self.mapping, name, table)
            self.found += [(name, path, shape) for path in paths]

    def add_sheets(self) -> None:
        """A workbook that is no table by its name may hold tables as its sheets."""
        for path in self.entries:
            if path in self.used or path.suffix.lower() not in (".xlsx", ".xls", ".ods"):
                continue
            for sheet in sheet_names(path):
                if (table := plain_name(sheet)) in SOURCE_TABLES:
                    shape = first_edition_shape(self.mapping, table, TableMapping(sheet=sheet))
                    self.found.append((table, path, shape))
                    self._use((path,))

    def _use(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.used |= {path, path.parent}

    def rest(self) -> list[Path]:
        return [entry for entry in self.entries if entry not in self.used]

    def shown_rest(self) -> str:
        return ", ".join(entry.name for entry in self.rest()[:8]) or "-"

    def notes(self) -> tuple[LocalisedText, ...]:
        for entry in self.rest():
            key = "reading.left_aside" if form_of(entry) else "reading.left_aside_form"
            self._notes.append(LocalisedText(key, {"file": entry.name}))
        return tuple(self._notes)


def declared_shape(mapping: Mapping, section: str, file: FileSection, table: str, key: bytes) -> TableShape:
    """The shape of a table under `[files.SECTION]`."""
    rows = getattr(file, table)
    columns = file_columns(file)[table]
    readings = {
        column.name: _reading(table, columns.get(column.name, NOWHERE), file, mapping.source, key)
        for column in SOURCE_TABLES[table].columns
    }
    place = f"files.{section}.{table}"
    return TableShape(
        table,
        _layout(file),
        columns,
        readings,
        place,
        False,
        file.ignore,
        rows.keep,
        rows.distinct,
        rows.on_conflict,
        rows.wide,
    )


def first_edition_shape(mapping: Mapping, name: str, table: TableMapping) -> TableShape:
    """The shape of a file that is written in the contract's columns, or renamed by `[tables.NAME]`."""
    columns = {
        column: ColumnSource.model_construct(column=header, codes=table.codes.get(column, {}))
        for header, column in table.columns.items()
    }
    columns |= {
        column: ColumnSource.model_construct(column=column, codes=codes)
        for column, codes in table.codes.items()
        if column not in columns
    }
    readings = {
        column.name: _reading(name, columns.get(column.name, NOWHERE), table, mapping.source, b"")
        for column in SOURCE_TABLES[name].columns
    }
    layout = Layout(file=table.file or name, sheet=table.sheet)
    return TableShape(name, layout, columns, readings, f"tables.{name}", True, table.ignore)


def _layout(file: FileSection) -> Layout:
    """What of `[files.NAME]` says how the file is laid out, alike for all its tables."""
    return Layout.model_construct(**{name: getattr(file, name) for name in Layout.model_fields})


def _reading(
    table: str, source: ColumnSource, file: TableMapping | FileSection, all_files: Reading, key: bytes
) -> ColumnReading:
    of_file = file if isinstance(file, Reading) else Reading()
    days = file.date_formats or all_files.date_formats
    moments = file.instant_formats or all_files.instant_formats
    rounds = of_file.round_amounts if of_file.round_amounts is not None else all_files.round_amounts
    style = NumberStyle(
        source.decimal_mark or of_file.decimal_mark or all_files.decimal_mark or ".",
        source.factor,
        2 if rounds else None,
        credit_sign=1 if table == "payments" else -1,
    )
    return ColumnReading(
        formats=source.formats or (*days, *moments),
        number=style,
        missing=(*of_file.missing, *all_files.missing),
        codes=source.codes,
        default=source.default,
        log_time_zone=of_file.log_time_zone or all_files.log_time_zone,
        last_day=source.day == "last",
        day_of_time=bool(source.formats),
        pseudonym_key=key if source.pseudonymise else b"",
    )
