"""How the cells of one column are read, and what was assumed while reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from duewatch.sources.time_formats import TimeFormat
from duewatch.sources.written_numbers import NumberStyle

EMPTY_WORDS = ("-", "--", "—", "/", "n/a", "#n/a", "na", "null", "none", "nan", "nil", "\\n", "无", "空")
"""Ways of writing "no value" in cells that hold no free text and no id; in lower case."""
EMPTY_IDS = ("null", "#n/a", "nan", "\\n", "n/a", "none")
"""The same for ids, of which "-" or "NA" may be one."""


PLAIN = NumberStyle()


@dataclass(frozen=True)
class ColumnReading:
    """What a mapping says of one column."""

    formats: tuple[TimeFormat, ...] = ()
    """Declared ways of writing days and wall times, before those known anyway."""
    number: NumberStyle = PLAIN
    missing: tuple[str, ...] = ()
    """Further words for no value, as declared."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Source code to value; "*" is any other, an empty value is none."""
    default: str = ""
    """Where the cell is empty."""
    log_time_zone: str = ""
    """Zone of wall times without offset; empty: the debtor's."""
    last_day: bool = False
    """A month alone means its last day, else its first."""
    day_of_time: bool = False
    """A day is wanted and the column's own form holds a time: the time is left off. Else only midnight is."""
    pseudonym_key: bytes = b""
    """Ids become keyed hashes; empty: they stay."""


@dataclass(frozen=True)
class Assumption:
    """Something that was read otherwise than it is written."""

    kind: str
    """`empty_word`, `currency_name`, `day_range` ...; the locales hold `reading.KIND`."""
    column: str
    rows: int
    example: str = ""
    """As written."""
    detail: str = ""
