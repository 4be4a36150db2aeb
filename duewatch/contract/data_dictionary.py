"""Writes docs/data-dictionary.md from schema.py (`make docs`)."""

from __future__ import annotations

from duewatch.contract.schema import BOOK_TABLES, PRIVATE_TABLES, SOURCE_TABLES, Column, Table

INTRO = """# Data dictionary

Generated from `duewatch/contract/schema.py` by `make docs`; do not edit. A test fails when it is stale.

Amounts are decimals in currency units and never rounded. Source instants are ISO 8601 with an offset, or wall time in
the debtor's zone when there is none; in the book they are UTC. `*` marks what a source file must have. A missing
optional column or table is allowed: what needs it says "not assessable" and names it.
"""


def data_dictionary() -> str:
    """The whole document as Markdown."""
    parts = [
        INTRO,
        "# Source files\n\nOne file a table, or a folder of parts, in the kinds of [sources.md](sources.md).\n",
        *(_table(table, with_required=True) for table in SOURCE_TABLES.values()),
        "# The book\n\nTables of `book-<stamp>.duckdb`, as queries see them.\n",
        *(_table(table, with_required=False) for table in BOOK_TABLES.values()),
        "# The private file\n\nTables of `private-<stamp>.duckdb`, opened only for those who may.\n",
        *(_table(table, with_required=False) for table in PRIVATE_TABLES.values()),
    ]
    return "\n".join(parts)


def _table(table: Table, *, with_required: bool) -> str:
    lines = [
        f"## {table.name}\n",
        f"{table.grain}. Key: {', '.join(f'`{name}`' for name in table.key)}.\n",
        "| Column | Type | Meaning |",
        "|---|---|---|",
        *(_line(column, with_required=with_required) for column in table.columns),
    ]
    return "\n".join(lines) + "\n"


def _line(column: Column, *, with_required: bool) -> str:
    mark = "\\*" if with_required and column.required else ""
    kind = str(column.kind) if with_required else column.sql_type
    meaning = column.meaning.replace("|", "\\|")
    if column.unit:
        meaning += f" ({column.unit})"
    if column.codes:
        meaning += ": " + ", ".join(f"`{code}`" for code in column.codes)
    if column.references and with_required:
        meaning += f"; must be in `{column.references}`"
    if column.private and with_required:
        meaning += "; personal, goes to the private file only"
    return f"| `{column.name}`{mark} | {kind} | {meaning} |"


if __name__ == "__main__":
    print(data_dictionary(), end="")
