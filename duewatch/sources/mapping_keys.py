"""Writes docs/mapping-keys.md (`make docs`): every key of a mapping file with its meaning, from its types."""

from __future__ import annotations

import sys

from pydantic import BaseModel

from duewatch.contract.schema import SOURCE_TABLES
from duewatch.sources.mapping import ColumnSource, FileSection, FileSource, SourceSection, TableMapping, TableRows, Wide

HEAD = """# Keys of a mapping file

How to write one: [mapping.md](mapping.md). Editors that know JSON schemas complete it: `docs/schemas/mapping.json`.
"""
SECTIONS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("[source]", "For all files.", SourceSection),
    ("[files.NAME]", "A kind of file, under a name of your own.", FileSection),
    ("[files.NAME.TABLE]", "Which rows a table takes; beside these keys stand its columns.", TableRows),
    (
        "[files.NAME.TABLE] COLUMN = { ... }",
        'Where one column comes from. `"header"` alone is short for `{ column = "header" }`, and `["a", "b"]` for '
        '`{ join = ["a", "b"] }`.',
        ColumnSource,
    ),
    ("[files.NAME.TABLE] wide = { ... }", "Columns that stand side by side.", Wide),
    ("[tables.NAME]", "First edition: a table whose file has the contract's columns, or nearly.", TableMapping),
)


def mapping_keys_page() -> str:
    """docs/mapping-keys.md as text."""
    parts = [HEAD]
    for title, meaning, type_ in SECTIONS:
        rows = [f"| `{name}` | {_meaning(type_, name)} |" for name in type_.model_fields if name not in SOURCE_TABLES]
        parts.append(f"## `{title}`\n\n{meaning}\n\n| Key | Meaning |\n|---|---|\n" + "\n".join(rows) + "\n")
    tables = ", ".join(f"`{name}`" for name in FileSource.model_fields if name in SOURCE_TABLES)
    parts.append(f"## Tables\n\n{tables}. Their columns: [data-dictionary.md](data-dictionary.md).\n")
    return "\n".join(parts)


def _meaning(type_: type[BaseModel], name: str) -> str:
    return " ".join((type_.model_fields[name].description or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(mapping_keys_page())
