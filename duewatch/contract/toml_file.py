"""TOML files read into a checked type: a wrong value is told with file, line, field and what is allowed.

The type is a pydantic model or dataclass; `make docs` writes its JSON schema to docs/schemas/, so that an editor
completes and checks the file as it is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, Strict, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from duewatch.contract.errors import DuewatchError

Checked = TypeVar("Checked")
Place = tuple[str | int, ...]
"""Keys and positions from the top of the file to a value."""


class FieldError(ValueError):
    """A value that does not fit with others. A validator of a whole table raises it and names the field."""

    def __init__(self, *field: str | int, value: object = None, what: str = "", next_step: str = "") -> None:
        """`field`: the way from the table to the value; `what`: the sentence in place of "<field> is <value>". Without
        value, sentence and next step the field is missing."""
        super().__init__(next_step or f"add {field[-1]}")
        self.field, self.value, self.what = field, value, what
        self.is_missing = not next_step

    def inside(self, *place: str | int) -> FieldError:
        """The same in a table that stands at that place of the file."""
        return FieldError(*place, *self.field, value=self.value, what=self.what, next_step=str(self))


@dataclass(frozen=True)
class OneOf:
    """Annotation of a text that is one of some words: `Annotated[str, OneOf(CHANNELS)]`."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


def check_days(first: date, last: date | None, grace_until: date | None = None) -> None:
    """Raises FieldError where a dated value ends, or its grace period ends, before it begins."""
    for field, day in (("effective_to", last), ("grace_until", grace_until)):
        if day is not None and day < first:
            raise FieldError(field, value=day, next_step=f"give a day on or after effective_from ({first})")


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("give a text that is not empty")
    return text


def _without_comma(text: str) -> str:
    if not text or "," in text:
        raise ValueError("give a list of texts without commas")
    return text


Text = Annotated[str, Strict()]
FilledText = Annotated[Text, AfterValidator(_filled)]
Name = Annotated[Text, AfterValidator(_without_comma)]
"""A text in a list that becomes one comma-separated parameter of a query."""
Day = Annotated[date, Strict()]
WholeNumber = Annotated[int, Strict(), Field(ge=0)]
PositiveNumber = Annotated[int, Strict(), Field(ge=1)]
YesNo = Annotated[bool, Strict()]
MAX_BYTES = 1_000_000
"""Reading TOML takes far more time and memory than its size."""
CHECKED = ConfigDict(extra="forbid", use_attribute_docstrings=True, validate_by_name=True, validate_by_alias=True)
"""For every type that a file is read into: an unknown key is an error; a field's docstring is its description; a field
may have another name in the file than in Python (`from`, `except`)."""


def read_toml(
    path: Path, type_: type[Checked], *, error: type[DuewatchError] = DuewatchError, shown: str = ""
) -> Checked:
    """The file as `type_`; `shown` is how the sentence names it. Raises `error`, one sentence for the first mistake."""
    shown = shown or str(path)
    return checked_toml(text_of(path, error=error, shown=shown), type_, error=error, shown=shown)


def text_of(path: Path, *, error: type[DuewatchError], shown: str) -> str:
    """The text of a file in UTF-8. Raises `error`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise error("this is larger than 1 MB", where=shown, next_step="give a TOML file")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise error("this is not UTF-8", where=shown, next_step="save the file as UTF-8") from None
    except OSError as cause:
        raise error(
            f"it cannot be opened ({cause.strerror})", where=shown, next_step="give the path of a TOML file"
        ) from None


def checked_toml(text: str, type_: type[Checked], *, error: type[DuewatchError], shown: str) -> Checked:
    """The text of a TOML file as `type_`. Raises `error`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise error(f"this is not valid TOML: {cause}", where=shown, next_step="mend that line") from None
    return checked(content, type_, error=error, shown=shown, text=text)


def checked(
    content: Mapping[str, Any], type_: type[Checked], *, error: type[DuewatchError], shown: str, text: str = ""
) -> Checked:
    """Tables and values as `type_`; lines are looked up in `text`. Raises `error`."""
    adapter = TypeAdapter(type_)
    try:
        return adapter.validate_python(content)
    except ValidationError as cause:
        mistake: dict[str, Any] = {**cause.errors(include_url=False)[0]}
    field_error = mistake.get("ctx", {}).get("error")
    place = _place_in(content, tuple(mistake["loc"]), is_missing=mistake["type"] == "missing")
    if isinstance(field_error, FieldError):
        place = (*place, *field_error.field)
        mistake |= {"input": field_error.value}
    elif mistake["type"].startswith("union_tag"):
        place = (*place, mistake["ctx"]["discriminator"].strip("'"))
        mistake |= {"input": mistake["ctx"].get("tag")}
    line = line_of(text, place)
    what, next_step = _sentence(place, mistake, adapter.json_schema(), content)
    where = f"{shown}{_item_name(content, place)}"
    raise error(what, where=f"{where}, line {line}" if line else where, next_step=next_step)


def _place_in(content: Any, place: Place, *, is_missing: bool) -> Place:
    """The place without the names that pydantic adds for members of a union. `is_missing`: the last step is missing."""
    steps: list[str | int] = []
    for step in place:
        if step in content if isinstance(content, dict) else isinstance(step, int):
            content = content[step]
            steps.append(step)
    return (*steps, place[-1]) if is_missing else tuple(steps)


def _item_name(content: Mapping[str, Any], place: Place) -> str:
    """`, rule <id>` for a place inside [[rule]]; empty where the item has no id."""
    if len(place) < 2 or not isinstance(place[1], int):
        return ""
    item = content[str(place[0])][place[1]]
    name = item.get("id") if isinstance(item, dict) else None
    return f", {place[0]} {name}" if isinstance(name, str) else ""


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
        elif best is None and here[: len(place)] == place:
            best = number
    return best


def _sentence(
    place: Place, mistake: Mapping[str, Any], schema: Mapping[str, Any], content: Mapping[str, Any]
) -> tuple[str, str]:
    """What is wrong, and what to do next."""
    name = ".".join(str(part) for part in place if isinstance(part, str)) or "the file"
    kind, value = mistake["type"], mistake["input"]
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        fields = sorted(_at(schema, place[:-1], content).get("properties", {}))
        return f"there is no '{name}'", one_of(fields, str(place[-1]))
    cause = mistake.get("ctx", {}).get("error")
    if kind in ("missing", "union_tag_not_found") or getattr(cause, "is_missing", False):
        return f"{name} is missing", f"add {place[-1]}"
    what = f"{name} is {_written(value)}"
    if kind == "value_error":
        return getattr(cause, "what", "") or what, str(cause)
    if kind == "union_tag_invalid":
        return what, "give one of " + mistake["ctx"]["expected_tags"].replace("'", "")
    return what, f"give {_allowed(_at(schema, place, content), schema) or mistake['msg']}"


def one_of(words: Sequence[str], word: str) -> str:
    """The nearest known word, or all of them."""
    near = get_close_matches(word, words, 1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(words)}"


def _written(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _at(schema: Mapping[str, Any], place: Place, content: Any) -> Mapping[str, Any]:
    """The part of a JSON schema that describes a value; empty where the way to it branches."""
    here: Mapping[str, Any] = schema
    for part in place:
        here = _resolved(here, schema, content)
        if isinstance(part, int):
            here = here.get("items", {})
        else:
            here = here.get("properties", {}).get(part) or here.get("additionalProperties") or {}
        if not isinstance(here, Mapping):
            return {}
        is_there = part in content if isinstance(content, dict) else isinstance(content, list)
        content = content[part] if is_there else None
    return _resolved(here, schema, content)


def _resolved(here: Mapping[str, Any], schema: Mapping[str, Any], content: Any = None) -> Mapping[str, Any]:
    if "discriminator" in here and isinstance(content, dict):
        tags = here["discriminator"]
        here = {"$ref": tags["mapping"][content[tags["propertyName"]]]}
    choices = [choice for choice in here.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        here = choices[0]
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
        return f"a text like {field['pattern'].strip('^$')}"
    return f"{name}{_range(field)}" if name else ""


def _range(field: Mapping[str, Any]) -> str:
    low, above, high = field.get("minimum"), field.get("exclusiveMinimum"), field.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    parts = [f"of {low} or more"] if low is not None else []
    parts += [f"above {above:g}"] if above is not None else []
    parts += [f"at most {high:g}"] if high is not None else []
    return f" {', '.join(parts)}" if parts else ""
