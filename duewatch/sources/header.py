"""The header of a file against the contract: exact names, or one sentence that names the column."""

from __future__ import annotations

import re
from difflib import get_close_matches

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES, Table
from duewatch.sources.mapping import TableMapping
from duewatch.sources.source_folder import SourceFile

MAX_SHOWN = 60


def contract_names(source: SourceFile, header: tuple[str, ...], mapping: TableMapping) -> dict[str, str]:
    """Source header -> contract column, without the ignored ones. Raises SourceError on a header that is
    repeated, missing or unknown."""
    table = SOURCE_TABLES[source.table]
    _refuse_repeats(source, header)
    for name in (*mapping.ignore, *mapping.columns):
        if name in mapping.columns and name not in header:
            raise _header_error(source, f"the mapping names a column '{name}' that is not in the header", "correct it")
    names = {name: mapping.columns.get(name, name) for name in header if name not in mapping.ignore}
    for name, target in names.items():
        if target not in table.column_names:
            raise _header_error(
                source, f"'{short_name(name)}' is no column of {table.name}", _advice(name, table, names)
            )
    _refuse_repeats(source, tuple(names.values()))
    for required in table.required_names:
        if required not in names.values():
            raise _header_error(
                source, f"the required column '{required}' is missing", "add it, or name yours in a mapping file"
            )
    return names


def _refuse_repeats(source: SourceFile, header: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise _header_error(source, f"the column '{short_name(name)}' stands there twice", "remove or rename one")
        seen.add(name)


def short_name(name: str) -> str:
    """A column name for a sentence: a name of a thousand characters helps nobody."""
    return name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}..."


def _advice(name: str, table: Table, names: dict[str, str]) -> str:
    free = [column for column in table.column_names if column not in names]
    near = get_close_matches(re.sub(r"[\s-]+", "_", name.lower()), free, 1)
    hint = f"did you mean '{near[0]}'? Else " if near else ""
    return f"{hint}say what it is under 'columns', or list it under 'ignore', of tables.{table.name} in a mapping file"


def _header_error(source: SourceFile, what: str, next_step: str) -> SourceError:
    return SourceError(what, where=f"{source.name}, line 1", next_step=next_step)
