"""The mapping file: how a lender's own file names, column names, codes and date forms become the contract's.

TOML; every key is checked and an unknown one is refused by name. `docs/mapping.md` shows a whole example.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, model_validator

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES, Column, Kind
from duewatch.contract.toml_file import CHECKED, Day, FieldError, Text, one_of, read_toml

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


def _time_format(text: Any, required: str) -> TimeFormat:
    """`required`: the parts without which a day, or a minute, is not known."""
    time_format = TimeFormat.parse(text) if isinstance(text, str) else None
    if time_format is None or any(text.replace("-", "").count(f"%{part}") != 1 for part in required):
        parts = ", ".join(f"%{part}" for part in required)
        raise ValueError(f"this form cannot be read: use each of {parts} once (%-m: one digit or two)")
    if re.search(r"%-[A-Za-z]%", text):
        raise ValueError("this can be read in two ways: use two digits, or put a mark between parts")
    return time_format


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError("this is no time zone: give an IANA name such as Asia/Shanghai")
    return name


DateFormat = Annotated[TimeFormat, PlainValidator(partial(_time_format, required="Ymd"), json_schema_input_type=str)]
InstantFormat = Annotated[
    TimeFormat, PlainValidator(partial(_time_format, required="YmdHM"), json_schema_input_type=str)
]


class Section(BaseModel):
    """A table of the mapping file."""

    model_config = ConfigDict(**CHECKED, frozen=True)


class SourceSection(Section):
    """`[source]`: what holds for all tables."""

    default_time_zone: Annotated[Text, AfterValidator(_zone)] = ""
    """IANA zone of debtors whose row names none."""
    observed_until: Day | None = None
    """The day on which the export was made."""
    date_formats: tuple[DateFormat, ...] = ()
    """Further ways of writing days, such as `%Y/%-m/%-d`."""
    instant_formats: tuple[InstantFormat, ...] = ()
    """Further ways of writing wall times."""


class TableMapping(Section):
    """`[tables.NAME]`: how one table of the contract is written in the source."""

    file: Text = ""
    """File name, with or without ending, or folder of parts. Empty: the table's name."""
    sheet: Text = ""
    """Sheet of a workbook. Empty: the table's name, or the only sheet."""
    columns: dict[Text, Text] = {}
    """Source header to column of the contract."""
    codes: dict[Text, dict[Text, Text]] = {}
    """Column of the contract to its codes: source code to code of the contract."""
    ignore: tuple[Text, ...] = ()
    """Source headers that are left aside."""
    date_formats: tuple[DateFormat, ...] = ()
    """In place of those of `[source]`."""
    instant_formats: tuple[InstantFormat, ...] = ()
    """In place of those of `[source]`."""


class Mapping(Section):
    """The whole mapping file."""

    source: SourceSection = SourceSection()
    tables: dict[Text, TableMapping] = {}
    """Table of the contract to its mapping."""

    @model_validator(mode="after")
    def _check_names(self) -> Mapping:
        for name, mapping in self.tables.items():
            if name not in SOURCE_TABLES:
                raise FieldError(
                    "tables", name, what=f"there is no table '{name}'", next_step=one_of(tuple(SOURCE_TABLES), name)
                )
            _check_columns(name, mapping.columns)
            _check_codes(name, mapping.codes)
        return self

    def table(self, name: str) -> TableMapping:
        """The mapping of one table with what `[source]` says; the plain contract where the file does not name it."""
        mapping = self.tables.get(name, TableMapping())
        return mapping.model_copy(
            update={
                "file": mapping.file or name,
                "date_formats": mapping.date_formats or self.source.date_formats,
                "instant_formats": mapping.instant_formats or self.source.instant_formats,
            }
        )


def read_mapping(path: Path | None) -> Mapping:
    """The mapping in a file; the plain contract where there is none. Raises SourceError."""
    return read_toml(path, Mapping, error=SourceError, shown=path.name) if path else Mapping()


def _check_columns(table: str, columns: Dict[str, str]) -> None:
    names = SOURCE_TABLES[table].column_names
    header_of: dict[str, str] = {}
    for header, column in columns.items():
        place = ("tables", table, "columns", header)
        if column not in names:
            raise FieldError(*place, what=f"'{column}' is no column of {table}", next_step=one_of(names, column))
        if column in header_of:
            what = f"'{header}' and '{header_of[column]}' both become {column}"
            raise FieldError(*place, what=what, next_step="keep one and ignore the other")
        header_of[column] = header


def _check_codes(table: str, codes: Dict[str, Dict[str, str]]) -> None:
    names = SOURCE_TABLES[table].column_names
    for name, code_table in codes.items():
        place = ("tables", table, "codes", name)
        if name not in names:
            raise FieldError(*place, what=f"'{name}' is no column of {table}", next_step=one_of(names, name))
        allowed = _codes_of(SOURCE_TABLES[table].column(name))
        if allowed is None:
            raise FieldError(*place, what=f"{name} holds no codes", next_step="remove this part")
        for source_code, code in code_table.items():
            if allowed and code not in allowed:
                what = f"'{code}' is no code of {name}"
                raise FieldError(*place, source_code, what=what, next_step=one_of(allowed, code))


def _codes_of(column: Column) -> tuple[str, ...] | None:
    """The codes that a column may hold; empty: any text; None: the column holds no codes."""
    return {Kind.CODE: column.codes, Kind.BOOLEAN: BOOLEAN_WORDS, Kind.TEXT: ()}.get(column.kind)
