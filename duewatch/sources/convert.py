"""Text to values, column by column, strictly: the pattern decides, the parser only converts.

Nothing here rounds, truncates or guesses. A cell that does not fit becomes null in the typed column while its
text stays beside it; `validate.py` turns that difference into a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

import polars as pl

from duewatch.contract.schema import Column, Kind
from duewatch.contract.zone_names import zone_name
from duewatch.sources.batch import Look
from duewatch.sources.mapping import TableMapping, TimeFormat

TEXT = "text:"
"""Prefix of the column that holds a cell's cleaned text beside its typed value."""
OFFSET = "__offset"
"""Suffix: minutes east of UTC as written; null where the source gave wall time."""
IS_DATE = "__is_date"
"""Suffix: the source gave a bare date for a moment."""

TEXTS = (Kind.ID, Kind.TEXT, Kind.CODE)
NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"
INTEGER = r"^[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})$"
MONEY_FITS = r"^[+-]?0*\d{1,16}(\.\d{1,2}|\.\d{2}0{2,})?$"
"""Two decimals; further ones only as a database writes them, four or more and zero: 12.500 may be a thousand."""
RATE_FITS = r"^[+-]?0*\d{1,3}(\.\d{1,6}0*)?$"
SCIENTIFIC = r"^[+-]?\d(\.\d+)?[eE][+-]?\d{1,3}$"
CURRENCY = r"^[A-Z]{3}$"
DAY = r"^\d{4}-\d{2}-\d{2}([T ]00:00:00(\.0+)?)?$"
PLAIN_INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-4]):?[0-5]\d)?$"
INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)?$"
BARE_DATE = r"^\d{4}-\d{2}-\d{2}$"
BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "是": True, "否": False}
ZONES = sorted(available_timezones())


@dataclass(frozen=True)
class Cells:
    """One column of a block."""

    text: pl.Series
    """Null where the cell is empty or was typed already (Parquet)."""
    typed: tuple[pl.Series, ...]
    """The value and, for instants, its offset and whether it was a bare date."""


def convert(column: Column, source: pl.Series, look: Look, mapping: TableMapping) -> Cells:
    """A source column, of whatever type, to the contract's type."""
    if (typed := _already_typed(column, source)) is not None:
        return Cells(pl.Series(TEXT + column.name, [None], pl.String).new_from_index(0, len(source)), typed)
    text = _clean(column, source.cast(pl.String), look)
    if column.name in mapping.codes:
        text = text.replace(dict(mapping.codes[column.name]))
    if column.name == "time_zone":
        text = text.replace({name: zone_name(name) for name in text.drop_nulls().unique()})
    return Cells(text.alias(TEXT + column.name), _typed(column, text, mapping))


def _already_typed(column: Column, source: pl.Series) -> tuple[pl.Series, ...] | None:
    """Parquet columns of the right type, taken as they are; None where the text road is needed."""
    kind, dtype, name = column.kind, source.dtype, column.name
    if kind is Kind.BOOLEAN and dtype == pl.Boolean:
        return (source.alias(name),)
    if kind is Kind.DATE and dtype == pl.Date:
        return (source.alias(name),)
    if kind is Kind.INTEGER and dtype.is_integer() and dtype != pl.UInt64:
        return (source.cast(pl.Int64).alias(name),)
    if kind is Kind.MONEY and isinstance(dtype, pl.Decimal) and dtype.scale <= 2 and _n_whole(dtype) <= 16:
        return (source.cast(pl.Decimal(18, 2)).alias(name),)
    if kind in (Kind.INSTANT, Kind.MOMENT) and isinstance(dtype, pl.Datetime):
        return _instant_columns(column, *_typed_instant(source, dtype))
    if kind is Kind.MOMENT and dtype == pl.Date:
        wall = source.cast(pl.Datetime("us"))
        return _instant_columns(column, wall, _nulls(source, pl.Int16), source.is_not_null())
    return None


def _typed_instant(source: pl.Series, dtype: pl.Datetime) -> tuple[pl.Series, pl.Series, pl.Series]:
    offset = _nulls(source, pl.Int16)
    if dtype.time_zone:
        source = source.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        offset = pl.select(pl.when(source.is_not_null()).then(pl.lit(0, pl.Int16))).to_series()
    return source.cast(pl.Datetime("us")), offset, _falses(source)


def _clean(column: Column, text: pl.Series, look: Look) -> pl.Series:
    """Padding (also U+3000) off; full-width digits and letters to plain ones, except in free text."""
    if look.padded or look.wide:
        text = text.str.strip_chars()
        text = text.replace("", None)
    if look.wide and column.kind is not Kind.TEXT:
        text = text.str.normalize("NFKC")
    return text


def _typed(column: Column, text: pl.Series, mapping: TableMapping) -> tuple[pl.Series, ...]:
    name = column.name
    match column.kind:
        case Kind.CODE:
            return (text.cast(pl.Enum(column.codes), strict=False).cast(pl.Categorical).alias(name),)
        case Kind.MONEY:
            return (_number(text, MONEY_FITS, pl.Decimal(18, 2)).alias(name),)
        case Kind.RATE:
            return (_number(text, RATE_FITS, pl.Decimal(9, 6)).alias(name),)
        case Kind.INTEGER:
            return (_number(text, INTEGER, pl.Int64()).alias(name),)
        case Kind.BOOLEAN:
            lower = text.str.to_lowercase()
            return (lower.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean).alias(name),)
        case Kind.DATE:
            return (_date(text, mapping.date_formats).alias(name),)
        case Kind.INSTANT | Kind.MOMENT:
            return _instant(column, text, mapping)
        case _:
            return (text.alias(name),)


def _number(text: pl.Series, fits: str, dtype: pl.DataType) -> pl.Series:
    well_formed = _matching(text, NUMBER)
    digits = well_formed.str.replace_all(",", "", literal=True).str.strip_prefix("+")
    return _matching(digits, fits).cast(dtype, strict=False)


def _matching(text: pl.Series, pattern: str) -> pl.Series:
    """The text where it matches, else null."""
    return text.set(~text.str.contains(pattern).fill_null(True), None)


def _date(text: pl.Series, formats: tuple[TimeFormat, ...]) -> pl.Series:
    days = _matching(text, DAY).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    for form in formats:
        days = days.zip_with(days.is_not_null(), _matching(text, form.pattern).str.to_date(form.strptime, strict=False))
    return days


def _instant(column: Column, text: pl.Series, mapping: TableMapping) -> tuple[pl.Series, ...]:
    if bool(text.str.contains(PLAIN_INSTANT).all()):
        wall, offset = _wall(text), _offset(text)
    else:
        matching = _matching(text, INSTANT)
        wall, offset = _wall(_with_seconds(matching)) + _fraction(matching), _offset(matching)
    for form in mapping.instant_formats:
        formatted = _matching(text, form.pattern).str.to_datetime(form.strptime, strict=False, time_unit="us")
        wall = wall.zip_with(wall.is_not_null(), formatted)
    is_date = _falses(text)
    if column.kind is Kind.MOMENT:
        days = _date(_matching(text, BARE_DATE), ()) if not mapping.date_formats else _date(text, mapping.date_formats)
        is_date = wall.is_null() & days.is_not_null()
        wall = wall.zip_with(wall.is_not_null(), days.cast(pl.Datetime("us")))
    return _instant_columns(column, wall, offset, is_date)


def _wall(text: pl.Series) -> pl.Series:
    head = text.str.slice(0, 19).str.replace(" ", "T", literal=True)
    return head.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")


def _with_seconds(text: pl.Series) -> pl.Series:
    return text.str.replace(r"^(.{10}[T ]\d{2}:\d{2})(Z|[+-].*)?$", "${1}:00${2}")


def _fraction(text: pl.Series) -> pl.Series:
    digits = text.str.extract(r"\.(\d{1,6})", 1).str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    return digits.cast(pl.Duration("us"))


def _offset(text: pl.Series) -> pl.Series:
    """Minutes east of UTC: +08:00 is 480, Z is 0, nothing is null."""
    frame = text.to_frame("t").lazy()
    tail = pl.col("t").str.slice(-6)
    has = tail.str.contains(r"([+-]\d{2}:\d{2}|[+-]\d{4})$") & (pl.col("t").str.len_bytes() > 16)
    sign = pl.when(tail.str.contains("-", literal=True)).then(-1).otherwise(1)
    digits = tail.str.replace_all(r"^.*[+-]|:", "")
    minutes = digits.str.slice(0, 2).cast(pl.Int16, strict=False) * 60 + digits.str.slice(2, 2).cast(
        pl.Int16, strict=False
    )
    zulu = pl.col("t").str.ends_with("Z")
    expression = pl.when(zulu).then(pl.lit(0, pl.Int16)).when(has).then((sign * minutes).cast(pl.Int16))
    return frame.select(expression.alias("t")).collect()["t"]


def _instant_columns(column: Column, wall: pl.Series, offset: pl.Series, is_date: pl.Series) -> tuple[pl.Series, ...]:
    columns = (wall.alias(column.name), offset.alias(column.name + OFFSET))
    return (*columns, is_date.alias(column.name + IS_DATE)) if column.kind is Kind.MOMENT else columns


def _nulls(like: pl.Series, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    return pl.Series([None], dtype=dtype).new_from_index(0, len(like))


def _falses(like: pl.Series) -> pl.Series:
    return pl.Series([False]).new_from_index(0, len(like))


def _n_whole(dtype: pl.Decimal) -> int:
    """Digits before the point; DECIMAL(18,2) has room for 16."""
    return dtype.precision - dtype.scale
