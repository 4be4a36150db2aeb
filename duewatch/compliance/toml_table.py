"""A table of a TOML file that is read key by key, so that each wrong value and each unknown key is told by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Never

from duewatch.contract.errors import RuleError

_MISSING: Any = object()


@dataclass(frozen=True)
class Lines:
    """Where the fields of a TOML file stand: `file` for those before the first table, then one mapping a table. The
    empty name is the table's own line."""

    file: Mapping[str, int]
    tables: tuple[tuple[str, Mapping[str, int]], ...]

    def of(self, name: str, nth: int) -> Mapping[str, int]:
        """The nth table of that name, from 0."""
        return [lines for table, lines in self.tables if table == name][nth]


def lines_of(text: str) -> Lines:
    """The lines of a file's fields, as a person counts them."""
    file: dict[str, int] = {}
    tables: list[tuple[str, dict[str, int]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\[{1,2}(\w+)\]{1,2}\s*(#.*)?$", line):
            tables.append((head[1], {"": number}))
        elif field := re.match(r"(\w+)\s*=", line):
            (tables[-1][1] if tables else file).setdefault(field[1], number)
    return Lines(file, tuple(tables))


class TomlTable:
    """`where` says file and rule, `name` the table, `lines` where its fields stand. Every getter raises RuleError;
    `done` refuses what was not read."""

    def __init__(self, content: dict[str, Any], where: str, name: str, lines: Mapping[str, int] | None = None) -> None:
        self._content, self.where, self._name = content, where, name
        self.lines = lines or {}
        self._read: set[str] = set()

    def _place(self, key: str) -> str:
        line = self.lines.get(key, self.lines.get(""))
        return f"{self.where}, line {line}" if line else self.where

    def refuse(self, key: str, value: object, allowed: str) -> Never:
        field = key if self._name in ("file", "pack", "rule") else f"{self._name}.{key}"
        shown = value.isoformat() if isinstance(value, date) else repr(value)
        shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
        raise RuleError(f"{field} is {shown}", where=self._place(key), next_step=f"allowed: {allowed}")

    def done(self) -> None:
        for key in self._content:
            if key not in self._read:
                self.refuse(key, self._content[key], f"no such field; known here: {', '.join(sorted(self._read))}")

    def text(self, key: str, default: str = _MISSING, *, pattern: str = "") -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or (default is _MISSING and not value.strip() and not pattern):
            self.refuse(key, value, "a text that is not empty")
        if pattern and not re.fullmatch(pattern, value):
            self.refuse(key, value, f"a text like {pattern}")
        return value

    def one_of(self, key: str, words: tuple[str, ...], default: str = _MISSING) -> str:
        value = self._get(key, default)
        if value not in words:
            self.refuse(key, value, ", ".join(words))
        return str(value)

    def texts(self, key: str, default: tuple[str, ...] = _MISSING, *, words: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self._get(key, default)
        if isinstance(value, tuple):
            return value
        if not isinstance(value, list) or not all(isinstance(item, str) and item and "," not in item for item in value):
            self.refuse(key, value, "a list of texts without commas")
        for item in value:
            if words and item not in words:
                self.refuse(key, item, ", ".join(words))
        return tuple(value)

    def number(self, key: str, default: int = _MISSING, *, least: int = 0) -> int:
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.refuse(key, value, f"a whole number from {least}")
        return value

    def integer(self, key: str) -> int:
        """A whole number, below 0 too."""
        value = self._get(key, _MISSING)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key, value, "a whole number")
        return value

    def yes(self, key: str, default: bool = _MISSING) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, value, "true or false")
        return value

    def day(self, key: str, default: date = _MISSING) -> date:
        value = self._get(key, default)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(key, value, "a day such as 2025-02-28, without quotation marks")
        return value

    def day_or_none(self, key: str, default: date | None = None) -> date | None:
        return self.day(key) if key in self._content else default

    def table(self, key: str, *, optional: bool = False) -> TomlTable:
        value = self._get(key, {} if optional else _MISSING)
        if not isinstance(value, dict):
            self.refuse(key, value, "a table { ... }")
        line = self.lines.get(key)
        return TomlTable(value, self.where, key, {"": line} if line else None)

    def tables(self, key: str) -> list[TomlTable]:
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, value, f"[[{key}]]")
        return [TomlTable(item, self.where, key) for item in value]

    def has(self, key: str) -> bool:
        return key in self._content

    def _get(self, key: str, default: Any) -> Any:
        self._read.add(key)
        if key in self._content:
            return self._content[key]
        if default is _MISSING:
            raise RuleError(f"{self._name}.{key} is missing", where=self._place(key), next_step=f"add {key}")
        return default
