"""The columns of all queries, declared once in `queries/columns.toml`: type, meaning, and heading in each language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from duewatch.contract.errors import QueryError
from duewatch.contract.settings import PROJECT_ROOT

FILE = PROJECT_ROOT / "queries" / "columns.toml"
KEYS = {"type", "meaning", "en", "zh"}


@dataclass(frozen=True)
class DeclaredColumn:
    name: str
    type: str | None
    """None where queries give it different types; their headers say which."""
    meaning: str
    headings: dict[str, str]
    """Language to the words above the column."""


@cache
def column_dictionary() -> dict[str, DeclaredColumn]:
    """Name to column. Raises QueryError where an entry lacks its meaning or a heading, or has a key unknown here."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _declared(name, entry) for name, entry in entries.items()}


def _declared(name: str, entry: dict[str, str]) -> DeclaredColumn:
    wrong = sorted(KEYS - {"type"} - entry.keys()) + sorted(entry.keys() - KEYS)
    if wrong:
        raise QueryError(
            f"column '{name}' lacks or should not have {', '.join(wrong)}",
            where="queries/columns.toml",
            next_step="give it meaning, en, zh and (unless headers do) type",
        )
    return DeclaredColumn(name, entry.get("type"), entry["meaning"], {"en": entry["en"], "zh": entry["zh"]})
