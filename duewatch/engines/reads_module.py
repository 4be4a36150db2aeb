"""Writes duewatch/reads.py from the headers of the query files:
`python -m duewatch.engines.reads_module > duewatch/reads.py`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from duewatch.engines.parameters import Parameter
from duewatch.engines.query_files import QueryFile, query_file, query_names

WIDTH = 120
TYPES = {"text": "str", "date": "date", "integer": "int", "ratio": "float", "boolean": "bool", "money": "Decimal"}
TOP = '''\
"""Typed doors to `queries/`: a class a folder, a function a query, same name and parameters, a Polars frame back.

Generated from the headers in `queries/` by `make docs`; do not edit. A test fails when it is stale. Columns, units
and grain stand in the header of the query file; errors are QueryError and QueryTooSlowError.
"""

# ruff: noqa: E501, N801

from __future__ import annotations

{imports}

import polars as pl

from duewatch.engines import Ask
'''


def reads_module() -> str:
    """The whole module as text. A query that is for rules has no read: its parameters come from a rule of a pack."""
    queries = [query for query in map(query_file, query_names()) if query.caller != "rules"]
    classes = [
        f'\n\nclass {folder}:\n    """Queries of `queries/{folder}/`."""\n' + "".join(_read(query) for query in group)
        for folder, group in groupby(queries, key=lambda query: query.name.split("/")[0])
    ]
    body = "".join(classes)
    modules = {"datetime": "date", "decimal": "Decimal"}
    imports = [f"from {module} import {name}" for module, name in modules.items() if f": {name}" in body]
    return TOP.format(imports="\n".join(imports)) + body


def _read(query: QueryFile) -> str:
    params = sorted(query.params, key=lambda param: param.default is not None)
    arguments = ["ask: Ask", *(["*"] if params else []), *map(_argument, params)]
    values = [f'"{param.name}": {param.name}' for param in query.params]
    lines = [
        "    @staticmethod",
        *_wrapped(f"    def {query.read_name}(", arguments, ") -> pl.DataFrame:"),
        *textwrap.wrap(f'"""{query.question}"""', WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8),
        *_wrapped(f'        return ask("{query.name}", {{', values, "})"),
    ]
    return "\n" + "\n".join(lines) + "\n"


def _argument(param: Parameter) -> str:
    default = "" if param.default is None else f" = {_literal(param, param.default)}"
    return f"{param.name}: {TYPES[param.type]}{default}"


def _literal(param: Parameter, text: str) -> str:
    if param.type == "text":
        return f'"{text}"'
    return f'Decimal("{text}")' if param.type == "money" else repr(param.value_of(text))


def _wrapped(opening: str, items: Sequence[str], closing: str) -> list[str]:
    """Items in brackets: on one line where they fit, else as many on a line as fit."""
    if len(f"{opening}{', '.join(items)}{closing}") <= WIDTH:
        return [f"{opening}{', '.join(items)}{closing}"]
    indent = " " * (len(opening) - len(opening.lstrip()))
    lines = [f"{indent}   "]
    for item in items:
        if len(f"{lines[-1]} {item},") > WIDTH:
            lines.append(f"{indent}   ")
        lines[-1] += f" {item},"
    return [opening, *lines, f"{indent}{closing}"]


if __name__ == "__main__":
    print(reads_module(), end="")
