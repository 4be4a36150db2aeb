"""TOML files read into a checked type: a wrong value is told with file, line, field and what is allowed.

The type is a pydantic model or dataclass; `make docs` writes its JSON schema to docs/schemas/, so that an editor
completes and checks the file as it is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from duewatch.contract.errors import DuewatchError

Checked = TypeVar("Checked")
Place = tuple[str | int, ...]
"""Keys and positions from the top of the file to a value, as pydantic gives them."""


def read_toml(
    path: Path, type_: type[Checked], *, error: type[DuewatchError] = DuewatchError, shown: str = ""
) -> Checked:
    """The file as `type_`; `shown` is how the sentence names it. Raises `error`, one sentence for the first mistake."""
    where = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise error("this is not UTF-8", where=where, next_step="save the file as UTF-8") from None
    except OSError as cause:
        raise error(
            f"it cannot be opened ({cause.strerror})", where=where, next_step="give the path of a TOML file"
        ) from None
    return checked_toml(text, type_, error=error, shown=where)


def checked_toml(text: str, type_: type[Checked], *, error: type[DuewatchError], shown: str) -> Checked:
    """The text of a TOML file as `type_`. Raises `error`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise error(f"this is not valid TOML: {cause}", where=shown, next_step="mend that line") from None
    adapter = TypeAdapter(type_)
    try:
        return adapter.validate_python(content)
    except ValidationError as cause:
        mistake = cause.errors(include_url=False)[0]
    place: Place = tuple(mistake["loc"])
    line = line_of(text, place)
    what, next_step = _sentence(place, dict(mistake), adapter.json_schema())
    raise error(what, where=f"{shown}, line {line}" if line else shown, next_step=next_step)


def line_of(text: str, place: Place) -> int | None:
    """The line of a value, or of the nearest table above it, as a person counts; None where neither is found."""
    best, best_length = None, 0
    table: Place = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[{1,2}\s*([\w.\"'-]+)\s*\]{1,2}\s*(?:#.*)?$", line):
            table = tuple(part.strip("\"'") for part in head[1].split("."))
            if line.lstrip().startswith("[["):
                counts[head[1]] = counts.get(head[1], -1) + 1
                table = (*table, counts[head[1]])
            here = table
        elif key := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            here = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        if here == place[: len(here)] and len(here) > best_length:
            best, best_length = number, len(here)
    return best


def _sentence(place: Place, mistake: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, and what to do next."""
    name = ".".join(str(part) for part in place if isinstance(part, str)) or "the file"
    kind, value = mistake["type"], mistake["input"]
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        fields = sorted(_at(schema, place[:-1]).get("properties", {}))
        return f"there is no '{name}'", one_of(fields, str(place[-1]))
    if kind == "missing":
        return f"{name} is missing", f"add {place[-1]}"
    what = f"{name} is {_written(value)}"
    if kind == "value_error":
        return what, str(mistake["ctx"]["error"])
    return what, f"give {_allowed(_at(schema, place), schema) or mistake['msg']}"


def one_of(words: Sequence[str], word: str) -> str:
    """The nearest known word, or all of them."""
    near = get_close_matches(word, words, 1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(words)}"


def _written(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _at(schema: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The part of a JSON schema that describes a value; empty where the way to it branches."""
    here: Mapping[str, Any] = schema
    for part in place:
        here = _resolved(here, schema)
        if isinstance(part, int):
            here = here.get("items", {})
        else:
            here = here.get("properties", {}).get(part) or here.get("additionalProperties") or {}
        if not isinstance(here, Mapping):
            return {}
    return _resolved(here, schema)


def _resolved(here: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = here.get("$ref")
    return schema["$defs"][reference.rsplit("/", 1)[-1]] if reference else here


def _allowed(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a value may be, in words; empty where its schema does not say."""
    if "enum" in field or "const" in field:
        return "one of " + ", ".join(str(word) for word in field.get("enum", [field.get("const")]))
    if "anyOf" in field:
        choices = [_allowed(_resolved(choice, schema), schema) for choice in field["anyOf"]]
        return " or ".join(choice for choice in choices if choice)
    names = {
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "array": "a list [...]",
        "object": "a table of keys and values",
        "string": "a text in quotes",
    }
    if field.get("format") == "date":
        return "a day such as 2026-10-31, without quotes"
    name = names.get(field.get("type", ""), "")
    if field.get("type") == "string" and field.get("pattern"):
        return f"a text like {field['pattern']}"
    return f"{name}{_range(field)}" if name else ""


def _range(field: Mapping[str, Any]) -> str:
    low, above, high = field.get("minimum"), field.get("exclusiveMinimum"), field.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    parts = [f"of {low} or more"] if low is not None else []
    parts += [f"above {above:g}"] if above is not None else []
    parts += [f"at most {high:g}"] if high is not None else []
    return f" {', '.join(parts)}" if parts else ""
