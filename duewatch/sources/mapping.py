"""The mapping file: how a lender's own files become the contract's tables. `docs/mapping.md` shows whole examples.

TOML; every key is checked and an unknown one is refused by name. `[files.NAME]` describes a kind of file, and
`[files.NAME.TABLE]` where each column of a table comes from. The first edition, `[tables.NAME]`, still loads.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, create_model, model_validator

from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES, Column, Kind
from duewatch.contract.toml_file import Day, FieldError, FilledText, Text, YesNo, one_of, read_toml, text_of
from duewatch.sources.layout import DecimalMark, Layout, Section
from duewatch.sources.time_formats import DAY_PARTS, MOMENT_PARTS, TimeFormat, time_format

BOOLEAN_WORDS = ("true", "false")
ANY = "*"
"""In codes: every other value."""


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError("this is no time zone: give an IANA name such as Asia/Shanghai")
    return name


def _one_group(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"this is no pattern ({error}): mend it, with the part that is wanted in brackets") from None
    if pattern and groups != 1:
        raise ValueError("put the part that is wanted in one pair of brackets")
    return pattern


def _form(parts: tuple[str, ...]) -> Any:
    return PlainValidator(partial(time_format, parts=parts), json_schema_input_type=str)


def _file_name(name: str) -> str:
    if name != Path(name).name:
        raise ValueError("give the name of a file beside the mapping, without a path")
    return name


Zone = Annotated[Text, AfterValidator(_zone)]
Pattern = Annotated[Text, AfterValidator(_one_group)]
DateFormat = Annotated[TimeFormat, _form(DAY_PARTS)]
InstantFormat = Annotated[TimeFormat, _form(MOMENT_PARTS)]
AnyFormat = Annotated[TimeFormat, _form(("year", "month"))]


class Reading(Section):
    """How cells are read: for the whole source, or for one kind of file in its place."""

    date_formats: tuple[DateFormat, ...] = ()
    """Further ways of writing days, such as `%d/%m/%Y` or `days since 1899-12-30`."""
    instant_formats: tuple[InstantFormat, ...] = ()
    """Further ways of writing wall times."""
    decimal_mark: DecimalMark | None = None
    """"," where amounts are written 1.234,50; else "."."""
    round_amounts: YesNo | None = None
    """Amounts with more than two decimals are rounded (half up) and counted, in place of rejected."""
    missing: tuple[Text, ...] = ()
    """Further words for "no value"."""
    log_time_zone: Zone = ""
    """IANA zone of the clock that wrote the times, where they have no offset; empty: the debtor's own."""


class SourceSection(Reading):
    """`[source]`: what holds for all files."""

    default_time_zone: Zone = ""
    """IANA zone of debtors whose row names none."""
    observed_until: Day | None = None
    """The day on which the export was made."""
    currency: Text = ""
    """ISO 4217 code of the accounts of a contact log that comes without a file of accounts."""
    clear_ids: tuple[Text, ...] = ()
    """Columns such as `debtors.debtor_id` whose ids look personal and may stand in the book all the same."""


class TableMapping(Section):
    """`[tables.NAME]`: a table whose file is written in the contract's columns, or nearly."""

    file: Text = ""
    """File name, with or without ending, or folder of parts. Empty: the table's name."""
    sheet: Text = ""
    """Sheet of a workbook. Empty: the table's name, or the only sheet."""
    columns: dict[Text, Text] = Field(default_factory=dict)
    """Source header to column of the contract."""
    codes: dict[Text, dict[Text, Text]] = Field(default_factory=dict)
    """Column of the contract to its codes: source code to code of the contract."""
    ignore: tuple[Text, ...] = ()
    """Source headers that are left aside."""
    date_formats: tuple[DateFormat, ...] = ()
    """In place of those of `[source]`."""
    instant_formats: tuple[InstantFormat, ...] = ()
    """In place of those of `[source]`."""
    sql: Annotated[Text, AfterValidator(_file_name)] = ""
    """File with a SELECT over the files of `[files.NAME]`, beside the mapping: the table is what it returns."""


class ColumnSource(Section):
    """Where one column of the contract comes from. A text alone is a source header, a list of them is joined."""

    column: Text = ""
    """Source header."""
    join: tuple[Text, ...] = ()
    """Source headers whose filled cells are put one behind the other: date and time, parts of a key."""
    separator: Text = " "
    """Between joined cells."""
    first_of: tuple[Text, ...] = ()
    """Source headers of which the first filled cell counts; those that a file lacks are passed over."""
    constant: Text = ""
    """The same value in every row."""
    file_name: Pattern = ""
    """Pattern with one pair of brackets, found in the file's name."""
    content: YesNo = False
    """An id made from the whole row, where the source has none; equal rows are numbered."""
    sql: Text = ""
    """An SQL expression over the source headers, all text."""
    default: Text = ""
    """Where the cell is empty."""
    codes: dict[Text, Text] = Field(default_factory=dict)
    """Source code to value of the contract; "*" is every other code, "" is no value."""
    factor: Decimal | None = None
    """Amounts and numbers are multiplied by it: 10000 where the column counts 万, 0.01 for percent."""
    formats: tuple[AnyFormat, ...] = ()
    """Ways of writing days or wall times, in place of the file's."""
    day: Literal["first", "last"] | None = None
    """Which day of the month is meant where a form names only the month."""
    decimal_mark: DecimalMark | None = None
    """In place of the file's."""
    pseudonymise: YesNo = False
    """The book holds a keyed hash in place of the id: for identity and telephone numbers."""

    @model_validator(mode="after")
    def _check_origin(self) -> ColumnSource:
        ways = [name for name in ORIGINS if getattr(self, name)]
        if len(ways) > 1 or not (ways or self.default):
            what = f"{' and '.join(ways)} are given together" if ways else "nothing says where the value comes from"
            raise FieldError(ways[-1] if ways else "column", what=what, next_step=f"give one of {', '.join(ORIGINS)}")
        for form in self.formats:
            if not form.has_day and self.day is None:
                raise FieldError(
                    "day", value=form.text, what=f"{form.text} names no day", next_step='say day = "last" or "first"'
                )
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Source headers that it names (not those within `sql`)."""
        return (self.column,) if self.column else (*self.join, *self.first_of)

    def renamed(self, names: dict[str, str]) -> ColumnSource:
        """The same with other source headers."""
        column = names.get(self.column, self.column)
        join, first_of = (tuple(names.get(name, name) for name in of) for of in (self.join, self.first_of))
        return self.model_copy(update={"column": column, "join": join, "first_of": first_of})


ORIGINS = ("column", "join", "first_of", "constant", "file_name", "content", "sql")


class Wide(Section):
    """Months, or the like, that stand side by side: one row becomes one for each."""

    key: FilledText
    """Name for what the bracketed part of a header says, to be used like a source header."""
    columns: dict[FilledText, Pattern]
    """Name for the cells, to be used like a source header, to the pattern of their headers: `BILL_(\\d+)`."""


class TableRows(Section):
    """`[files.NAME.TABLE]`, beside its columns: which rows the table takes."""

    keep: Text = ""
    """An SQL condition over the source headers, all text: other rows are left out and counted."""
    distinct: YesNo = False
    """Rows that are the same in every column of the table are one row: the debtor of a case list."""
    on_conflict: Literal["reject", "last"] = "reject"
    """Rows of one key with different content: all are rejected, or the last one stands."""
    wide: Wide | None = None
    """Months, or the like, that stand side by side in one row."""


def _column_source(value: Any) -> Any:
    if isinstance(value, str):
        return {"column": value}
    return {"join": value} if isinstance(value, list) else value


def _table_source(name: str) -> type[TableRows]:
    """The type of `[files.NAME.TABLE]`: its keys are the contract's columns, so that editors complete them."""
    fields: dict[str, Any] = {}
    for column in SOURCE_TABLES[name].columns:
        kind = Annotated[ColumnSource | None, BeforeValidator(_column_source)]
        fields[f"{column.name}_"] = (kind, Field(None, alias=column.name, description=column.meaning))
    return create_model(f"{name.title().replace('_', '')}Source", __base__=TableRows, **fields)


class FileSection(Layout, Reading):
    """`[files.NAME]`: one kind of file."""

    ignore: tuple[Text, ...] = ()
    """Source headers, or patterns such as `Unnamed*`, that are left aside without a word."""
    optional: YesNo = False
    """The load goes on where there is no such file."""


_FILE_TABLES: dict[str, Any] = {
    name: (_table_source(name) | None, Field(None, description=table.grain)) for name, table in SOURCE_TABLES.items()
}
if TYPE_CHECKING:
    FileSource = FileSection
else:
    FileSource = create_model("FileSource", __base__=FileSection, **_FILE_TABLES)


class Mapping(Section):
    """The whole mapping file."""

    source: SourceSection = SourceSection()
    tables: dict[Text, TableMapping] = Field(default_factory=dict)
    """Table of the contract to its file, where that is written in the contract's columns."""
    files: dict[Text, FileSource] = Field(default_factory=dict)
    """Kinds of file, under names of your own."""

    @model_validator(mode="after")
    def _check_names(self) -> Mapping:
        for name, mapping in self.tables.items():
            if name not in SOURCE_TABLES:
                raise FieldError(
                    "tables", name, what=f"there is no table '{name}'", next_step=one_of(tuple(SOURCE_TABLES), name)
                )
            _check_columns(name, mapping.columns)
            for column, codes in mapping.codes.items():
                _check_codes(name, column, codes, ("tables", name, "codes", column))
        for name, file in self.files.items():
            for table, columns in file_columns(file).items():
                for column, source in columns.items():
                    if source.codes:
                        _check_codes(table, column, source.codes, ("files", name, table, column))
        return self


def file_columns(file: FileSection) -> dict[str, dict[str, ColumnSource]]:
    """Table to its declared columns, for the tables that a kind of file gives."""
    return {
        table: {
            column.name: source
            for column in SOURCE_TABLES[table].columns
            if (source := getattr(rows, f"{column.name}_")) is not None
        }
        for table in SOURCE_TABLES
        if (rows := getattr(file, table)) is not None
    }


def read_mapping(path: Path | None) -> Mapping:
    """The mapping in a file, its SQL files read; the plain contract where there is none. Raises SourceError."""
    if path is None:
        return Mapping()
    mapping = read_toml(path, Mapping, error=SourceError, shown=path.name)
    tables = {
        name: table.model_copy(update={"sql": text_of(path.parent / table.sql, error=SourceError, shown=table.sql)})
        if table.sql
        else table
        for name, table in mapping.tables.items()
    }
    return mapping.model_copy(update={"tables": tables})


def uses_pseudonyms(mapping: Mapping) -> bool:
    """Whether any id becomes a keyed hash."""
    return any(
        source.pseudonymise
        for file in mapping.files.values()
        for columns in file_columns(file).values()
        for source in columns.values()
    )


def _check_columns(table: str, columns: dict[str, str]) -> None:
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


def _check_codes(table: str, name: str, codes: dict[str, str], place: tuple[str, ...]) -> None:
    names = SOURCE_TABLES[table].column_names
    if name not in names:
        raise FieldError(*place, what=f"'{name}' is no column of {table}", next_step=one_of(names, name))
    allowed = _codes_of(SOURCE_TABLES[table].column(name))
    for source_code, code in codes.items():
        if allowed and code and code not in allowed:
            what = f"'{code}' is no code of {name}"
            raise FieldError(*place, source_code, what=what, next_step=one_of(allowed, code))


def _codes_of(column: Column) -> tuple[str, ...]:
    """The codes that a column may hold; empty: any text."""
    return {Kind.CODE: column.codes, Kind.BOOLEAN: BOOLEAN_WORDS}.get(column.kind, ())
