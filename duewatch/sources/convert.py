"""Text to values, column by column, strictly: the pattern decides, the parser only converts.

Nothing here rounds, truncates or guesses unless the mapping says so. A cell that does not fit becomes null in the
typed column while its text stays beside it; `validate.py` turns that difference into a reason. What was read otherwise
than it is written (RMB as CNY, a word for no value) is told as an assumption.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import available_timezones

import polars as pl

from duewatch.contract.schema import Column, Kind
from duewatch.contract.zone_names import zone_name
from duewatch.sources.batch import Look
from duewatch.sources.cell_reading import EMPTY_IDS, EMPTY_WORDS, Assumption, ColumnReading
from duewatch.sources.time_formats import KNOWN_DAYS, KNOWN_MOMENTS, TimeFormat
from duewatch.sources.written_numbers import WrittenDays, currency_codes, written_days, written_number

TEXT = "text:"
"""Prefix of the column that holds a cell's cleaned text beside its typed value."""
OFFSET = "__offset"
"""Suffix: minutes east of UTC as written; null where the source gave wall time."""
IS_DATE = "__is_date"
"""Suffix: the source gave a bare date for a moment."""

DECIMALS = {Kind.MONEY: 2, Kind.RATE: 6, Kind.INTEGER: 0}
"""Kinds of numbers and the decimals that they keep."""
NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"
INTEGER = r"^[+-]?0*\d{1,18}(\.0+)?$"
MONEY_FITS = r"^[+-]?0*\d{1,16}(\.\d{1,2}|\.\d{2}0{2,})?$"
"""Two decimals; further ones only as a database writes them, four or more and zero: 12.500 may be a thousand."""
RATE_FITS = r"^[+-]?0*\d{1,3}(\.\d{1,6}0*)?$"
SCIENTIFIC = r"^[+-]?\d(\.\d+)?[eE][+-]?\d{1,3}$"
DAY = r"^\d{4}-\d{2}-\d{2}([T ]00:00:00(\.0+)?)?$"
PLAIN_INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-4]):?[0-5]\d)?$"
INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):?[0-5]\d)?$"
BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "是": True, "否": False}
BOOLEANS |= {"y": True, "n": False, "t": True, "f": False, "1.0": True, "0.0": False}
CURRENCY_NAMES = {"RMB": "CNY", "人民币": "CNY", "CNH": "CNY"}
ZONES = sorted(available_timezones())
PSEUDONYM_LENGTH = 20


@dataclass(frozen=True)
class Cells:
    """One column of a block."""

    text: pl.Series
    """Null where the cell is empty or was typed already (Parquet)."""
    typed: tuple[pl.Series, ...]
    """The value and, for instants, its offset and whether it was a bare date."""
    assumptions: tuple[Assumption, ...] = ()


def convert(column: Column, source: pl.Series, look: Look, reading: ColumnReading) -> Cells:
    """A source column, of whatever type, to the contract's type."""
    is_changed = bool(reading.codes or reading.default or reading.number.factor or reading.pseudonym_key)
    if not is_changed and (typed := _already_typed(column, source, reading)) is not None:
        return Cells(pl.Series(TEXT + column.name, [None], pl.String).new_from_index(0, len(source)), typed)
    text = _clean(column, source.cast(pl.String), look)
    notes: list[Assumption] = []
    text = _without_empty_words(column, text, reading, notes)
    text = _translated(text, reading)
    text = _named(column, text, notes)
    if reading.pseudonym_key:
        text = _pseudonyms(text, reading.pseudonym_key)
    if column.kind in DECIMALS:
        plain = _plain_numbers(column, text, reading, notes, DECIMALS[column.kind])
        text = plain.zip_with(plain.is_not_null(), text)
    typed = _typed(column, text, reading, notes)
    return Cells(text.alias(TEXT + column.name), typed, tuple(notes))


def _already_typed(column: Column, source: pl.Series, reading: ColumnReading) -> tuple[pl.Series, ...] | None:
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
        wall, offset, is_date = _typed_instant(source, dtype)
        return _instant_columns(column, wall, _log_offset(wall, offset, is_date, reading), is_date)
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
    """Padding (also U+3000) off; full-width digits, letters and marks to plain ones, except in free text. Other
    forms that look like digits (¹, ①, ½) stay as they are and fit nothing."""
    if look.padded or look.wide:
        text = text.str.strip_chars()
        text = text.replace("", None)
    if look.wide and column.kind is not Kind.TEXT:
        text = _plain_width(text)
    return text


def _plain_width(text: pl.Series) -> pl.Series:
    has_wide = text.str.contains("[\uff01-\uff5e\u3000]").fill_null(False)
    if not has_wide.any():
        return text
    wide = text.filter(has_wide).unique()
    plain = [str(value).translate(_WIDE) for value in wide]
    return text.replace(wide, pl.Series(plain))


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def _without_empty_words(column: Column, text: pl.Series, reading: ColumnReading, notes: list[Assumption]) -> pl.Series:
    """Cells that say in words that they hold nothing become null and are counted."""
    known = () if column.kind is Kind.TEXT else EMPTY_IDS if column.kind is Kind.ID else EMPTY_WORDS
    if "*" in reading.codes:
        known = ()
    own = {code.lower() for code in (*reading.codes, *column.codes)}
    words = {*known, *(word.lower() for word in reading.missing)} - own
    if not words:
        return text
    is_word = text.str.len_bytes().le(max(len(word.encode()) for word in words)) & text.str.to_lowercase().is_in(
        sorted(words)
    )
    return _emptied(text, is_word.fill_null(False), "empty_word", column, notes)


def _emptied(text: pl.Series, where: pl.Series, kind: str, column: Column, notes: list[Assumption]) -> pl.Series:
    if not where.any():
        return text
    _note(notes, kind, column, text.filter(where))
    return text.set(where, None)


def _note(notes: list[Assumption], kind: str, column: Column, cells: pl.Series, detail: str = "") -> None:
    notes.append(Assumption(kind, column.name, len(cells), str(cells[0]), detail))


def _translated(text: pl.Series, reading: ColumnReading) -> pl.Series:
    if reading.codes:
        codes = {code: value or None for code, value in reading.codes.items() if code != "*"}
        if "*" in reading.codes:
            codes |= {value: reading.codes["*"] or None for value in text.unique().drop_nulls() if value not in codes}
        text = text.replace(list(codes), pl.Series(list(codes.values()), dtype=pl.String))
    return text.fill_null(reading.default) if reading.default else text


def _named(column: Column, text: pl.Series, notes: list[Assumption]) -> pl.Series:
    """A currency by another name or in small letters becomes its code, a dialler's letters (EST) the zone that they
    mean; both are told."""
    if column.name == "time_zone":
        return _zone_names(column, text, notes)
    if column.name != "currency":
        return text
    names = {}
    for value in text.unique().drop_nulls():
        code = CURRENCY_NAMES.get(str(value).upper(), str(value).upper())
        if code != value and code in currency_codes():
            names[value] = code
            kind = "currency_case" if value.upper() == code else "currency_name"
            _note(notes, kind, column, text.filter(text == value), code)
    return text.replace(names) if names else text


def _zone_names(column: Column, text: pl.Series, notes: list[Assumption]) -> pl.Series:
    """A fixed offset such as GMT-5 is no place and stays unread."""
    names = {name: zone_name(name) for name in text.drop_nulls().unique()}
    for name, zone in names.items():
        if zone != name:
            _note(notes, "zone_name", column, text.filter(text == name), zone)
    return text.replace(names)


def _pseudonyms(text: pl.Series, key: bytes) -> pl.Series:
    """A keyed hash of each id: the same id gives the same hash as long as the key stays."""
    ids = text.unique().drop_nulls()
    hashes = [hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_LENGTH] for value in ids]
    return text.replace_strict(ids, pl.Series(hashes, dtype=pl.String), default=None) if len(ids) else text


def _typed(column: Column, text: pl.Series, reading: ColumnReading, notes: list[Assumption]) -> tuple[pl.Series, ...]:
    name = column.name
    match column.kind:
        case Kind.CODE:
            return (text.cast(pl.Enum(column.codes), strict=False).cast(pl.Categorical).alias(name),)
        case Kind.MONEY:
            return (_matching(text, MONEY_FITS).cast(pl.Decimal(18, 2), strict=False).alias(name),)
        case Kind.RATE:
            return (_matching(text, RATE_FITS).cast(pl.Decimal(9, 6), strict=False).alias(name),)
        case Kind.INTEGER:
            whole = _matching(text, INTEGER).str.replace(r"\.0+$", "")
            return (whole.cast(pl.Int64, strict=False).alias(name),)
        case Kind.BOOLEAN:
            lower = text.str.to_lowercase()
            return (lower.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean).alias(name),)
        case Kind.DATE:
            return (_days(column, text, reading, notes, midnight=True).alias(name),)
        case Kind.INSTANT | Kind.MOMENT:
            return _instant(column, text, reading, notes)
        case _:
            return (text.alias(name),)


def _plain_numbers(
    column: Column, text: pl.Series, reading: ColumnReading, notes: list[Assumption], decimals: int
) -> pl.Series:
    """Numbers as `-1234.50`; null where the cell is none."""
    style = replace(reading.number, percent=column.kind is Kind.RATE)
    if style.round_to is not None:
        style = replace(style, round_to=decimals)
    is_plain = text.str.contains(NUMBER).fill_null(True)
    if style.decimal_mark == "." and style.factor is None and style.round_to is None:
        plain = text.str.replace_all(",", "", literal=True).str.strip_prefix("+")
        others = text.filter(~is_plain).unique()
        if not len(others):
            return plain
    else:
        plain, is_plain, others = text, text.is_null(), text.unique().drop_nulls()
    written = {value: written_number(value, style) for value in others}
    values = text.replace_strict(list(written), pl.Series(list(written.values()), dtype=pl.String), default=None)
    if style.round_to is not None:
        rounded = text.filter(_decimals(text) > style.round_to)
        if len(rounded):
            _note(notes, "rounded", column, rounded)
    return plain.zip_with(is_plain, values)


def _decimals(text: pl.Series) -> pl.Series:
    return text.str.extract(r"[.,](\d+)\D*$", 1).str.strip_chars_end("0").str.len_bytes().fill_null(0)


def day_ranges(text: pl.Series, codes: ColumnReading) -> tuple[pl.Series, pl.Series, list[Assumption]]:
    """Days past due as worded by the source: first and last day as text, and what was assumed of them."""
    text = _translated(text.cast(pl.String).str.strip_chars(), codes)
    others = text.filter(~text.str.contains(r"^\d+$").fill_null(True)).unique()
    days = {value: written_days(value) for value in others}
    known = {value: found for value, found in days.items() if found is not None}
    notes: list[Assumption] = []
    column = Column("days_past_due", Kind.INTEGER, "")
    for kind, chosen in (
        ("not_yet_due", [value for value, found in known.items() if found.last < 0]),
        ("day_range", [value for value, found in known.items() if found.last != found.first]),
    ):
        cells = text.filter(text.is_in(chosen))
        if len(cells):
            _note(notes, kind, column, cells)
    return text.replace(_bounds(known, "first")), _last_days(text, known), notes


def _bounds(known: dict[str, WrittenDays], side: str) -> dict[str, str]:
    return {value: str(max(0, getattr(found, side))) for value, found in known.items()}


def _last_days(text: pl.Series, known: dict[str, WrittenDays]) -> pl.Series:
    ranges = {value: found for value, found in known.items() if found.first != found.last}
    if not ranges:
        return _nulls(text, pl.String)
    return text.replace_strict(_bounds(ranges, "last"), default=None, return_dtype=pl.String)


def _matching(text: pl.Series, pattern: str) -> pl.Series:
    """The text where it matches, else null."""
    return text.set(~text.str.contains(pattern).fill_null(True), None)


def _days(
    column: Column, text: pl.Series, reading: ColumnReading, notes: list[Assumption], *, midnight: bool
) -> pl.Series:
    """Days in ISO form, as declared, or with the year first. `midnight`: also with a midnight behind them."""
    iso = _matching(text, DAY if midnight else r"^\d{4}-\d{2}-\d{2}$")
    days = iso.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    declared = [form for form in reading.formats if not form.has_time]
    if days.null_count() == text.null_count() and not declared:
        return days
    _tell_two_forms(column, text, declared, reading, notes)
    for form in (*declared, *KNOWN_DAYS):
        days = days.zip_with(days.is_not_null(), _day_by(form, text, reading))
    for form in (form for form in reading.formats if form.has_time):
        moments = _moment_by(form, text)
        if not reading.day_of_time:
            moments = moments.set(moments.dt.time() != datetime.min.time(), None)
        days = days.zip_with(days.is_not_null(), moments.dt.date())
    return days


def _tell_two_forms(
    column: Column, text: pl.Series, forms: list[TimeFormat], reading: ColumnReading, notes: list[Assumption]
) -> None:
    """Cells that two declared forms read as different days are counted: the first form decides."""
    for number, form in enumerate(forms):
        first = _day_by(form, text, reading)
        for other in forms[number + 1 :]:
            both = text.filter((first != _day_by(other, text, reading)).fill_null(False))
            if len(both):
                _note(notes, "two_forms", column, both, f"{form.text}, {other.text}")


def _day_by(form: TimeFormat, text: pl.Series, reading: ColumnReading) -> pl.Series:
    cells = _matching(text, form.pattern)
    if form.count_unit:
        return _counted(form, cells).dt.date()
    if form.has_day:
        return cells.str.to_date(form.strptime, strict=False)
    months = pl.select(pl.concat_str(pl.lit(cells), pl.lit(" 01"))).to_series()
    days = months.str.to_date(f"{form.strptime} %d", strict=False)
    return days.dt.month_end() if reading.last_day else days


def _moment_by(form: TimeFormat, text: pl.Series) -> pl.Series:
    cells = _matching(text, form.pattern)
    if form.count_unit:
        return _counted(form, cells)
    return cells.str.to_datetime(form.strptime, strict=False, time_unit="us")


def _counted(form: TimeFormat, cells: pl.Series) -> pl.Series:
    """A count of days, seconds or milliseconds from its first day, as a wall time."""
    unit = {"days": 86_400_000_000, "seconds": 1_000_000, "milliseconds": 1_000}[form.count_unit]
    microseconds = (cells.cast(pl.Decimal(30, 6), strict=False) * unit).cast(pl.Int64, strict=False)
    origin = pl.lit(form.origin, pl.Date).cast(pl.Datetime("us"))
    return pl.select(origin + pl.lit(microseconds).cast(pl.Duration("us"))).to_series()


def _instant(column: Column, text: pl.Series, reading: ColumnReading, notes: list[Assumption]) -> tuple[pl.Series, ...]:
    if bool(text.str.contains(PLAIN_INSTANT).all()):
        wall, offset = _wall(text), _offset(text)
    else:
        matching = _matching(text, INSTANT)
        wall, offset = _wall(_with_seconds(matching)) + _fraction(matching), _offset(matching)
        for form in (*(form for form in reading.formats if form.has_time), *KNOWN_MOMENTS):
            wall = wall.zip_with(wall.is_not_null(), _moment_by(form, text))
            if form.count_unit:
                offset = offset.zip_with(wall.is_null() | offset.is_not_null(), _utc_offset(wall))
    is_date = _falses(text)
    if column.kind is Kind.MOMENT and wall.null_count() > text.null_count():
        days = _days(column, text, reading, notes, midnight=False)
        is_date = wall.is_null() & days.is_not_null()
        wall = wall.zip_with(wall.is_not_null(), days.cast(pl.Datetime("us")))
    return _instant_columns(column, wall, _log_offset(wall, offset, is_date, reading), is_date)


def _utc_offset(wall: pl.Series) -> pl.Series:
    """A count of seconds is UTC wherever it is written."""
    return pl.select(pl.when(pl.lit(wall).is_not_null()).then(pl.lit(0, pl.Int16))).to_series()


def _log_offset(wall: pl.Series, offset: pl.Series, is_date: pl.Series, reading: ColumnReading) -> pl.Series:
    """Offsets of wall times that the clock of the log wrote; of an hour that came twice the earlier is taken, and one
    that never was has none."""
    if not reading.log_time_zone:
        return offset
    there = wall.dt.replace_time_zone(reading.log_time_zone, ambiguous="earliest", non_existent="null")
    utc = there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    minutes = (wall - utc).dt.total_minutes().cast(pl.Int16)
    return offset.zip_with(offset.is_not_null() | is_date | wall.is_null(), minutes)


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
