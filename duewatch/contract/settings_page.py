"""Writes docs/settings.md and the JSON schemas under docs/schemas/ (`make docs`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import TypeAdapter

from duewatch.contract.settings import PROJECT_ROOT, Settings

HEAD = """# Settings

A lender's settings stand in `duewatch.toml` beside `app.py`, or in the file that `DUEWATCH_SETTINGS` names.
A name or value that is not allowed is refused with its line. Editors that know JSON schemas complete the file:
`docs/schemas/settings.json`.

| Name | Default | Meaning |
|---|---|---|
"""
TAIL = """
| Environment | Meaning |
|---|---|
| `DUEWATCH_BOOKS` | Folder of published books (default `data/books`) |
| `DUEWATCH_SETTINGS` | Path of the settings file |
| `PORT` | Port of `make run` (default 8501) |
"""
SCHEMAS = PROJECT_ROOT / "docs" / "schemas"
TYPES: dict[str, type] = {"settings": Settings}
"""Name of a schema file to the type of the TOML file it describes."""


def settings_page() -> str:
    """docs/settings.md as text."""
    properties = schema_of(Settings)["properties"]
    rows = [f"| `{name}` | {_default(field['default'])} | {_meaning(field)} |" for name, field in properties.items()]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def schema_of(type_: type) -> dict[str, dict[str, dict[str, object]]]:
    """The JSON schema of a TOML file."""
    return TypeAdapter(type_).json_schema()


def schema_text(type_: type) -> str:
    return json.dumps(schema_of(type_), indent=1, ensure_ascii=False) + "\n"


def _default(value: object) -> str:
    return "empty" if value == "" else f"`{json.dumps(value)}`"


def _meaning(field: dict[str, object]) -> str:
    text = " ".join(str(field["description"]).split())
    low, high = field.get("minimum"), field.get("maximum")
    return f"{text} {low} to {high}." if low is not None and high is not None else text


def main() -> None:
    SCHEMAS.mkdir(exist_ok=True)
    for name, type_ in TYPES.items():
        (SCHEMAS / f"{name}.json").write_text(schema_text(type_), encoding="utf-8")
    Path(sys.argv[1]).write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
