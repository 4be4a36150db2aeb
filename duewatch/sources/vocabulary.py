"""What systems call the columns and codes of the contract: from vocabulary.toml, the presets and the contract."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.mapping import ANY, Mapping, file_columns, read_mapping
from duewatch.sources.presets import preset_mapping, preset_names

FILE = Path(__file__).parent / "vocabulary.toml"
Target = tuple[str, str]
"""Table and column of the contract."""


def plain(name: str) -> str:
    """A header for comparison: small letters and digits of any script, no spaces or marks."""
    return re.sub(r"[\W_]+", "", normalize("NFKC", name).casefold())


@lru_cache(maxsize=1)
def presets() -> dict[str, Mapping]:
    return {name: read_mapping(preset_mapping(name)) for name in preset_names()}


@lru_cache(maxsize=1)
def names_of_columns() -> dict[str, tuple[Target, ...]]:
    """Plain header to the columns that it may be, the likeliest first."""
    found: dict[str, list[Target]] = defaultdict(list)

    def add(name: str, target: Target) -> None:
        if target not in found[plain(name)]:
            found[plain(name)].append(target)

    for table in SOURCE_TABLES.values():
        for column in table.column_names:
            add(column, (table.name, column))
    for table_name, columns in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for column, names in columns.items():
            for name in names:
                add(name, (table_name, column))
    for mapping in presets().values():
        for file in mapping.files.values():
            for table_name, columns in file_columns(file).items():
                for column, source in columns.items():
                    for header in source.headers:
                        add(header, (table_name, column))
    for (table_name, column), targets in ALIKE.items():
        for known in list(found.values()):
            if (table_name, column) in known:
                known += [target for target in targets if target not in known]
    return {name: tuple(targets) for name, targets in found.items()}


ALIKE: dict[Target, tuple[Target, ...]] = {
    ("accounts", "account_id"): tuple(
        (name, "account_id") for name, table in SOURCE_TABLES.items() if "account_id" in table.column_names
    ),
    ("accounts", "debtor_id"): (("debtors", "debtor_id"), ("contacts", "debtor_id")),
}
"""A name of an account is one in every table."""


@lru_cache(maxsize=1)
def names_of_codes() -> dict[Target, dict[str, str]]:
    """Column to plain source code to code of the contract."""
    found: dict[Target, dict[str, str]] = defaultdict(dict)
    for table in SOURCE_TABLES.values():
        for column in table.columns:
            found[table.name, column.name] |= {plain(code): code for code in column.codes}
    for mapping in presets().values():
        for file in mapping.files.values():
            for table_name, columns in file_columns(file).items():
                for column_name, source in columns.items():
                    for code, value in source.codes.items():
                        if code != ANY and value:
                            found[table_name, column_name].setdefault(plain(code), value)
    return found


@lru_cache(maxsize=1)
def spellings() -> frozenset[str]:
    """Names as they are written, for finding the row of the column names."""
    written = {column for table in SOURCE_TABLES.values() for column in table.column_names}
    for columns in tomllib.loads(FILE.read_text(encoding="utf-8")).values():
        for names in columns.values():
            written |= set(names)
    for mapping in presets().values():
        for file in mapping.files.values():
            for columns in file_columns(file).values():
                written |= {header for source in columns.values() for header in source.headers}
    return frozenset(written)
