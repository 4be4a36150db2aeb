"""The mapping file: how a lender's own file names, column names, codes and date forms become the contract's.

TOML; every key is checked and an unknown one is refused by name. `docs/mapping.md` shows a whole example.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES, Column, Kind

SOURCE_KEYS = ("default_time_zone", "observed_until", "date_formats", "instant_formats")
TABLE_KEYS = ("file", "sheet", "columns", "codes", "ignore", "date_formats", "instant_formats")
DIRECTIVES = {
    "%Y": r"\d{4}",
    "%m": r"\d{2}",
    "%d": r"\d{2}",
    "%-m": r"\d{1,2}",
    "%-d": r"\d{1,2}",
    "%H": r"\d{2}",
    "%-H": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
}
BOOLEAN_WORDS = ("true", "false")


@dataclass(frozen=True)
class TimeFormat:
    """A declared way of writing dates or wall times: the pattern decides, `strptime` only converts."""

    strptime: str
    pattern: str

    @classmethod
    def parse(cls, text: str) -> TimeFormat | None:
        """None where the text uses a directive that is not in DIRECTIVES."""
        parts = re.split(r"(%-?[A-Za-z%])", text)
        if any(part.startswith("%") and part not in DIRECTIVES for part in parts):
            return None
        pattern = "".join(DIRECTIVES.get(part, re.escape(part)) for part in parts)
        return cls(text.replace("%-", "%"), f"^{pattern}$")


@dataclass(frozen=True)
class TableMapping:
    """What the mapping file says of one table. `columns` maps a source header to a contract column."""

    file: str
    sheet: str = ""
    columns: Dict[str, str] = field(default_factory=dict)
    codes: Dict[str, Dict[str, str]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    date_formats: tuple[TimeFormat, ...] = ()
    instant_formats: tuple[TimeFormat, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """The whole mapping; `table(name)` gives the plain contract for a table it does not mention."""

    default_time_zone: str = ""
    observed_until: dt.date | None = None
    date_formats: tuple[TimeFormat, ...] = ()
    instant_formats: tuple[TimeFormat, ...] = ()
    tables: Dict[str, TableMapping] = field(default_factory=dict)

    def table(self, name: str) -> TableMapping:
        return self.tables.get(name) or TableMapping(
            name, date_formats=self.date_formats, instant_formats=self.instant_formats
        )


def read_mapping(path: Path | None) -> Mapping:
    """The mapping in a file; the plain contract where there is none. Raises SourceError."""
    if path is None:
        return Mapping()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SourceError(
            "there is no such mapping file", where=str(path), next_step="give the path of a TOML file"
        ) from None
    except OSError as error:
        raise SourceError(
            f"it cannot be opened ({error.strerror})", where=str(path), next_step="give the path of a TOML file"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"this is not valid TOML: {error}", where=str(path), next_step="mend that line") from None
    return _MappingReader(path.name).read(content)


@dataclass(frozen=True)
class _MappingReader:
    """Turns parsed TOML into a Mapping; `name` is the file's name, for the sentences."""

    name: str

    def read(self, content: dict[str, Any]) -> Mapping:
        self._known(content, ("source", "tables"), "")
        source = self._dict(content.get("source", {}), "source")
        self._known(source, SOURCE_KEYS, "source")
        dates, instants = self._formats(source, "source")
        tables = self._dict(content.get("tables", {}), "tables")
        self._known(tables, tuple(SOURCE_TABLES), "tables")
        return Mapping(
            self._zone(source.get("default_time_zone", "")),
            self._day(source.get("observed_until")),
            dates,
            instants,
            {name: self._table(name, part, dates, instants) for name, part in tables.items()},
        )

    def _table(
        self, name: str, part: object, dates: tuple[TimeFormat, ...], instants: tuple[TimeFormat, ...]
    ) -> TableMapping:
        place = f"tables.{name}"
        given = self._dict(part, place)
        self._known(given, TABLE_KEYS, place)
        own_dates, own_instants = self._formats(given, place)
        return TableMapping(
            self._text(given.get("file", name), f"{place}.file"),
            self._text(given.get("sheet", ""), f"{place}.sheet"),
            self._columns(name, self._dict(given.get("columns", {}), f"{place}.columns")),
            self._codes(name, self._dict(given.get("codes", {}), f"{place}.codes")),
            self._texts(given.get("ignore", []), f"{place}.ignore"),
            own_dates or dates,
            own_instants or instants,
        )

    def _columns(self, table: str, given: dict[str, Any]) -> dict[str, str]:
        place = f"tables.{table}.columns"
        names = SOURCE_TABLES[table].column_names
        taken: dict[str, str] = {}
        for source, target in given.items():
            if target not in names:
                raise self._error(f"'{target}' is no column of {table}", f"{place}.{source}", _one_of(names, target))
            if target in taken:
                raise self._error(
                    f"'{source}' and '{taken[target]}' both become {target}", place, "keep one and ignore the other"
                )
            taken[target] = source
        return dict(given)

    def _codes(self, table: str, given: dict[str, Any]) -> dict[str, dict[str, str]]:
        place = f"tables.{table}.codes"
        self._known(given, SOURCE_TABLES[table].column_names, place)
        return {
            name: self._code_table(SOURCE_TABLES[table].column(name), self._dict(part, f"{place}.{name}"), place)
            for name, part in given.items()
        }

    def _code_table(self, column: Column, given: dict[str, Any], place: str) -> dict[str, str]:
        allowed = {Kind.CODE: column.codes, Kind.BOOLEAN: BOOLEAN_WORDS, Kind.TEXT: ()}.get(column.kind)
        if allowed is None:
            raise self._error(f"{column.name} holds no codes", f"{place}.{column.name}", "remove this part")
        for code, target in given.items():
            if not isinstance(target, str) or (allowed and target not in allowed):
                where = f"{place}.{column.name}.{code}"
                raise self._error(f"'{target}' is no code of {column.name}", where, _one_of(allowed, str(target)))
        return dict(given)

    def _formats(self, given: dict[str, Any], place: str) -> tuple[tuple[TimeFormat, ...], tuple[TimeFormat, ...]]:
        dates, instants = (
            tuple(
                self._format(text, f"{place}.{key}", needed)
                for text in self._texts(given.get(key, []), f"{place}.{key}")
            )
            for key, needed in (("date_formats", "Ymd"), ("instant_formats", "YmdHM"))
        )
        return dates, instants

    def _format(self, text: str, place: str, needed: str) -> TimeFormat:
        """`needed`: the parts without which a day, or a minute, is not told."""
        parsed = TimeFormat.parse(text)
        if parsed is None or any(text.replace("-", "").count(f"%{part}") != 1 for part in needed):
            parts = ", ".join(f"%{part}" for part in needed)
            raise self._error(
                f"'{text}' is not a form that can be read", place, f"use each of {parts} once (%-m: one digit or two)"
            )
        if re.search(r"%-[A-Za-z]%", text):
            raise self._error(f"'{text}' can be read in two ways", place, "use two digits, or put a mark between parts")
        return parsed

    def _zone(self, value: object) -> str:
        zone = self._text(value, "source.default_time_zone")
        if zone and zone not in available_timezones():
            raise self._error(
                f"'{zone}' is no time zone", "source.default_time_zone", "give an IANA name such as Asia/Shanghai"
            )
        return zone

    def _day(self, value: object) -> dt.date | None:
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        raise self._error(f"'{value}' is not a date", "source.observed_until", "write it as 2026-10-31, without quotes")

    def _known(self, given: Dict[str, object], allowed: tuple[str, ...], place: str) -> None:
        for key in given:
            if key not in allowed:
                raise self._error(f"there is no key '{key}' here", place or "top level", _one_of(allowed, key))

    def _dict(self, value: object, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error("a table of keys and values is expected here", place, "see docs/mapping.md")
        return value

    def _text(self, value: object, place: str) -> str:
        if not isinstance(value, str):
            raise self._error("text is expected here", place, "put it in quotes")
        return value

    def _texts(self, value: object, place: str) -> tuple[str, ...]:
        if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
            raise self._error("a list of texts is expected here", place, 'write it as ["first", "second"]')
        return tuple(value)

    def _error(self, what: str, place: str, next_step: str) -> SourceError:
        return SourceError(what, where=f"{self.name}, {place}", next_step=next_step)


def _one_of(allowed: tuple[str, ...], given: str) -> str:
    near = get_close_matches(given, allowed, 1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(allowed)}"
