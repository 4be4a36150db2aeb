"""The header of a file in the contract's columns: exact names, or one sentence that names the column."""

from __future__ import annotations

import re
from difflib import get_close_matches
from fnmatch import fnmatchcase

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText
from duewatch.contract.schema import SOURCE_TABLES, Table
from duewatch.sources.mapping import ColumnSource
from duewatch.sources.shape import FittedShape, TableShape

MAX_SHOWN = 60


def fit_contract_header(shape: TableShape, header: tuple[str, ...], file_name: str) -> FittedShape:
    """Every header is a column of the contract, renamed to one, or ignored; a column without a name (the index of a
    table, a separator at the end of the header) is left aside and told. Raises SourceError on a header that is
    missing or unknown, or where two become one column."""
    table = SOURCE_TABLES[shape.table]
    target_of = {header: column for column, source in shape.columns.items() for header in source.headers}
    for name, column in target_of.items():
        if name not in header and name != column:
            raise _header_error(
                file_name, f"the mapping names a column '{name}' that is not in the header", "correct it"
            )
    names = {
        name: target_of.get(name, name)
        for name in header
        if not (any(fnmatchcase(name, pattern) for pattern in shape.ignore) or _has_no_name(name, target_of))
    }
    for name, target in names.items():
        if target not in table.column_names:
            raise _header_error(
                file_name, f"'{short_name(name)}' is no column of {table.name}", _advice(name, table, names)
            )
    _refuse_repeats(file_name, tuple(names.values()))
    for required in table.required_names:
        if required not in names.values():
            raise _header_error(
                file_name, f"the required column '{required}' is missing", "add it, or name yours in a mapping file"
            )
    columns = {
        target: shape.columns.get(target, ColumnSource.model_construct(column=name)) for name, target in names.items()
    }
    nameless = tuple(name for name in header if name not in names and _has_no_name(name, target_of))
    notes = (LocalisedText("reading.unused", {"file": file_name, "headers": nameless}),) if nameless else ()
    return FittedShape(shape, header, file_name, columns, notes=notes)


def _has_no_name(name: str, target_of: dict[str, str]) -> bool:
    return re.fullmatch(r"column \d+", name) is not None and name not in target_of


def _refuse_repeats(file_name: str, names: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise _header_error(
                file_name, f"the column '{short_name(name)}' stands there twice", "remove or rename one"
            )
        seen.add(name)


def short_name(name: str) -> str:
    """A column name for a sentence: a name of a thousand characters helps nobody."""
    return name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}..."


def _advice(name: str, table: Table, names: dict[str, str]) -> str:
    free = [column for column in table.column_names if column not in names]
    near = get_close_matches(re.sub(r"[\s-]+", "_", name.lower()), free, 1)
    hint = f"did you mean '{near[0]}'? Else " if near else ""
    return f"{hint}say what it is under 'columns', or list it under 'ignore', of tables.{table.name} in a mapping file"


def _header_error(file_name: str, what: str, next_step: str) -> SourceError:
    return SourceError(what, where=f"{file_name}, line 1", next_step=next_step)
