"""Writes docs/settings.md (`make docs`)."""

from __future__ import annotations

import json
import sys

from pydantic import TypeAdapter

from duewatch.contract.settings import Settings

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


def settings_page() -> str:
    """docs/settings.md as text."""
    properties = TypeAdapter(Settings).json_schema()["properties"]
    rows = [f"| `{name}` | {_default(field['default'])} | {_meaning(field)} |" for name, field in properties.items()]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def _default(value: object) -> str:
    return "empty" if value == "" else f"`{json.dumps(value)}`"


def _meaning(field: dict[str, object]) -> str:
    text = " ".join(str(field["description"]).split())
    low, high = field.get("minimum"), field.get("maximum")
    return f"{text} {low} to {high}." if low is not None and high is not None else text


if __name__ == "__main__":
    sys.stdout.write(settings_page())
