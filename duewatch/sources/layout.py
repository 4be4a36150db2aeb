"""How a file is laid out before any column has a meaning: where it lies, its header, its marks, its encoding."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from duewatch.contract.toml_file import CHECKED, FieldError, PositiveNumber, Text, YesNo

DECIMAL_MARKS = (".", ",")


class Section(BaseModel):
    """A table of the mapping file."""

    model_config = ConfigDict(**CHECKED, frozen=True)


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        raise ValueError("this is no encoding: give a name such as utf-8, gb18030 or windows-1252") from None


def _one_mark(mark: str) -> str:
    if mark and (len(mark) != 1 or mark in '"\r\n' or not mark.isascii()):
        raise ValueError('give one ASCII character, such as ";" or "\\t"')
    return mark


Encoding = Annotated[Text, AfterValidator(_encoding)]
Delimiter = Annotated[Text, AfterValidator(_one_mark)]


class Layout(Section):
    """What must be known to read a file's cells as text."""

    file: Text = ""
    """File name with or without ending, a pattern such as `*_base.xlsx`, or a folder of parts; several with `|`."""
    sheet: Text = ""
    """Sheet of a workbook; empty: the one named like the section or table, or the only one."""
    header_row: PositiveNumber | None = None
    """Line of the column names, from 1; empty: the first line that holds the names in use, below any title rows."""
    header_rows: PositiveNumber = 1
    """How many lines the column names take; of merged group headers the lowest name counts, the group's where a cell
    of the lowest line is empty."""
    header: tuple[Text, ...] = ()
    """The column names of a file that has none."""
    delimiter: Delimiter = ""
    """Mark between cells; empty: comma, tab, semicolon or vertical bar, whichever the header shows."""
    last_cell_takes_rest: YesNo = False
    """Where the last column is not quoted and holds the delimiter itself: all that is left of a line is its cell."""
    encoding: Encoding = ""
    """Empty: byte-order mark, strict UTF-8, or what the folder as a whole reads as."""

    @model_validator(mode="after")
    def _check_header(self) -> Layout:
        if self.header and self.header_row is not None:
            raise FieldError(
                "header_row",
                value=self.header_row,
                next_step="give header or header_row: a file with names needs no others",
            )
        return self


DecimalMark = Literal[".", ","]
