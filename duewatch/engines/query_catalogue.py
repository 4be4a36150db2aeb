"""Writes docs/queries.md from the headers of the query files (`make docs`)."""

from __future__ import annotations

from duewatch.engines.query_files import QueryFile, query_file, query_names

INTRO = """# Queries

Generated from the headers in `queries/` by `make docs`; do not edit. A test fails when it is stale.

Each file answers one question. Run one with `python -m duewatch query NAME --PARAMETER VALUE`, read its SQL with
`--sql`. A value is refused by name where it is not what stands in brackets behind its parameter, and so is a from_date
later than the to_date. `--branch`, `--product` and `--currency` ask of a part of the book, `--known-on DAY` of what had
been posted, recorded and told by then. Dates are inclusive; money is never added over currencies; a ratio whose
denominator is 0 is null.
"""


def query_catalogue() -> str:
    """The whole document as Markdown."""
    return "\n".join([INTRO, *(_entry(query_file(name)) for name in query_names())])


def _entry(query: QueryFile) -> str:
    params = [
        f"`{p.name}` {p.type}{f' = {p.default}' if p.default is not None else ''}: {p.meaning}"
        f"{f' ({p.told})' if p.told else ''}"
        for p in query.params
    ]
    columns = ", ".join(f"`{column.name}`" for column in query.columns)
    lines = [
        f"## `{query.name}`\n",
        f"{query.question} One answer: {query.grain}.\n",
        *([f"Parameters: {'; '.join(params)}.\n"] if params else []),
        f"Columns: {columns}.\n",
        *([f"{query.notes[:1].upper()}{query.notes[1:]}.\n"] if query.notes else []),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(query_catalogue(), end="")
