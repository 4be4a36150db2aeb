"""Raw rows to rows of one table of the contract: which columns, which rows, how many of each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.contract.schema import SOURCE_TABLES, Kind
from duewatch.sources.batch import LINE, Batch, inner_name
from duewatch.sources.cell_reading import ColumnReading
from duewatch.sources.header_row import loose_name
from duewatch.sources.layout import Layout
from duewatch.sources.mapping import ColumnSource, Wide

PART = "part"
"""0, or the number of the month of a row that held several side by side."""
CONTENT_LENGTH = 16


@dataclass(frozen=True)
class TableShape:
    """How one table of the contract is made from one kind of file."""

    table: str
    layout: Layout
    columns: Mapping[str, ColumnSource]
    """Column of the contract to where it comes from; also headers named like a column, unless `declared_only`."""
    readings: Mapping[str, ColumnReading]
    """Column of the contract to how its cells are read."""
    section: str
    """Where the mapping says so, for sentences: `files.cases.accounts`."""
    is_first_edition: bool = False
    """A header that is neither a column of the contract nor ignored is refused."""
    ignore: tuple[str, ...] = ()
    keep: str = ""
    distinct: bool = False
    on_conflict: str = "reject"
    wide: Wide | None = None

    @property
    def wanted(self) -> frozenset[str]:
        """Headers by which the line of the column names is found."""
        declared = {header for source in self.columns.values() for header in source.headers}
        declared -= {self.wide.key, *self.wide.columns} if self.wide else set()
        return frozenset(declared or SOURCE_TABLES[self.table].required_names)


@dataclass(frozen=True)
class FittedShape:
    """A shape held against the header of one file."""

    shape: TableShape
    header: tuple[str, ...]
    file_name: str
    columns: Mapping[str, ColumnSource]
    months: tuple[tuple[str, Mapping[str, str]], ...] = ()
    """For columns side by side: the key, and name to header."""
    notes: tuple[LocalisedText, ...] = ()

    @property
    def used_headers(self) -> frozenset[str]:
        side_by_side = {header for _, names in self.months for header in names.values()}
        named = {header for source in self.columns.values() for header in source.headers}
        expressions = " ".join((self.shape.keep, *(source.sql for source in self.columns.values())))
        in_sql = {header for header in self.header if re.search(rf"(?<!\w){re.escape(header)}(?!\w)", expressions)}
        return frozenset((named | side_by_side | in_sql) & set(self.header))

    def targets(self, header: str) -> tuple[str, ...]:
        """Columns of the contract that are made from a source header."""
        names = {name for _, month in self.months for name, of in month.items() if of == header} | {header}
        return tuple(column for column, source in self.columns.items() if names & set(source.headers))


@dataclass(frozen=True)
class ShapedRows:
    """Rows of one table."""

    frame: pl.DataFrame
    """`line`, `part` and columns of the contract: text, or as typed in Parquet."""
    n_left_out: int = 0
    """Rows that `keep` left out."""
    is_plain: bool = True
    """Every column is a source column as it stands, so that what is known of the block's cells holds of these."""
    left_out: frozenset[int] = field(default_factory=frozenset)


def fit(shape: TableShape, header: tuple[str, ...], file_name: str) -> FittedShape:
    """Which columns the file can fill. Raises SourceError where a required one cannot be made."""
    table = SOURCE_TABLES[shape.table]
    months = _months(shape, header)
    made = {name for _, names in months for name in names} | ({shape.wide.key} if shape.wide else set())
    as_written = _as_written(shape, header)
    columns: dict[str, ColumnSource] = {}
    notes: list[LocalisedText] = []
    for column in table.column_names:
        source = shape.columns.get(column)
        if source is not None:
            source = source.renamed(as_written)
        if source is None and column in header and not any(column in s.headers for s in shape.columns.values()):
            source = ColumnSource(column=column)
        if source is None:
            continue
        missing = [name for name in source.headers if name not in header and name not in made]
        if not missing or source.default or (not source.column and len(missing) < len(source.headers)):
            columns[column] = source
        elif column not in table.required_names:
            notes.append(_absent(shape, file_name, column, missing[0], header))
    for required in table.required_names:
        if required not in columns:
            raise _cannot_make(shape, file_name, required, header)
    notes += _zone_of_log(shape, file_name, columns)
    return FittedShape(shape, header, file_name, columns, months, tuple(notes))


def shape_rows(fitted: FittedShape, batch: Batch) -> ShapedRows:
    """The rows of a block. Raises SourceError where an SQL expression of the mapping cannot be worked out."""
    shape, frame = fitted.shape, batch.frame
    n_left_out, left_out = 0, frozenset[int]()
    if shape.keep:
        kept = _evaluated(fitted, frame, shape.keep, f"{shape.section}.keep").cast(pl.Boolean, strict=False)
        kept = kept.fill_null(False)
        left_out = frozenset(frame[LINE].filter(~kept))
        frame, n_left_out = frame.filter(kept), int((~kept).sum())
    if not fitted.months:
        rows = _table_rows(fitted, frame, 0)
        return ShapedRows(rows, n_left_out, _is_plain(fitted), left_out)
    parts = []
    for number, (key, names) in enumerate(fitted.months):
        cells = [pl.col(inner_name(header)).alias(name) for name, header in names.items()]
        month = frame.with_columns(pl.lit(key).alias(shape.wide.key if shape.wide else "key"), *cells)
        parts.append(_table_rows(fitted, month, number))
    return ShapedRows(pl.concat(parts).sort(LINE, PART), n_left_out, False, left_out)


def _is_plain(fitted: FittedShape) -> bool:
    return all(source.column and not source.sql for source in fitted.columns.values())


def _table_rows(fitted: FittedShape, frame: pl.DataFrame, part: int) -> pl.DataFrame:
    columns = [frame[LINE], pl.Series(PART, [part], pl.Int16).new_from_index(0, frame.height)]
    for column, source in fitted.columns.items():
        columns.append(_column(fitted, frame, column, source).alias(column))
    return pl.DataFrame(columns)


def _column(fitted: FittedShape, frame: pl.DataFrame, column: str, source: ColumnSource) -> pl.Series:
    if source.column:
        name = inner_name(source.column)
        return frame[name] if name in frame.columns else _constant(frame, None)
    if source.join:
        names = [name for header in source.join if (name := inner_name(header)) in frame.columns]
        cells = [_as_part(pl.col(name).cast(pl.String).str.strip_chars()).replace("", None) for name in names]
        joined = pl.concat_str(cells, separator=source.separator, ignore_nulls=True).replace("", None)
        return frame.select(joined.alias(column))[column]
    if source.first_of:
        names = [name for header in source.first_of if (name := inner_name(header)) in frame.columns]
        filled = [pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in names]
        return frame.select(pl.coalesce(filled).alias(column))[column] if filled else _constant(frame, None)
    if source.constant:
        return _constant(frame, source.constant)
    if source.file_name:
        found = re.search(source.file_name, fitted.file_name)
        return _constant(frame, found[1] if found else None)
    if source.content:
        return _content_ids(frame, fitted.header)
    if source.sql:
        place = f"{fitted.shape.section}.{column}.sql"
        return _evaluated(fitted, frame, source.sql, place).cast(pl.String)
    return _constant(frame, None)


def _as_part(cell: pl.Expr) -> pl.Expr:
    """A workbook's day without its midnight, and its time of day without the day before all days."""
    return cell.str.replace(r"^(?:1899-12-3[01]|1900-01-0[01]) (\d{2}:\d{2}:\d{2})", "$1").str.replace(
        r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1"
    )


def _constant(frame: pl.DataFrame, value: str | None) -> pl.Series:
    return pl.Series([value], dtype=pl.String).new_from_index(0, frame.height)


def _content_ids(frame: pl.DataFrame, header: tuple[str, ...]) -> pl.Series:
    """The same row has the same id wherever it stands; equal rows of a load are numbered afterwards."""
    names = [inner_name(name) for name in header if inner_name(name) in frame.columns]
    cells = [pl.col(name).cast(pl.String).fill_null("") for name in names]
    texts = frame.select(pl.concat_str(cells, separator="\x1f").alias("row"))["row"]
    ids = [hashlib.blake2b(text.encode(), digest_size=CONTENT_LENGTH // 2).hexdigest() for text in texts]
    return pl.Series(ids, dtype=pl.String)


def _evaluated(fitted: FittedShape, frame: pl.DataFrame, sql: str, place: str) -> pl.Series:
    try:
        value = frame.select(pl.sql_expr(sql).alias("value"))["value"]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        raise localised_error(
            SourceError, "source.mapping_sql", where=place, file=fitted.file_name, reason=reason
        ) from None
    return value.new_from_index(0, frame.height) if len(value) == 1 != frame.height else value


def _months(shape: TableShape, header: tuple[str, ...]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Key to the headers that hold its cells, in the order of the header."""
    if shape.wide is None:
        return ()
    months: dict[str, dict[str, str]] = {}
    for name in header:
        for cells, pattern in shape.wide.columns.items():
            if found := re.fullmatch(pattern, name):
                months.setdefault(found[1], {})[cells] = name
    whole = {key: names for key, names in months.items() if len(names) == len(shape.wide.columns)}
    return tuple((key, names) for key, names in whole.items())


def _as_written(shape: TableShape, header: tuple[str, ...]) -> dict[str, str]:
    """Declared header to that of the file, where they differ only in width, letter case or spaces, and one fits."""
    by_key: dict[str, list[str]] = {}
    for name in header:
        by_key.setdefault(loose_name(name), []).append(name)
    declared = {name for source in shape.columns.values() for name in source.headers if name not in header}
    found = {name: by_key.get(loose_name(name), []) for name in declared}
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _zone_of_log(shape: TableShape, file_name: str, columns: Mapping[str, ColumnSource]) -> list[LocalisedText]:
    """By which clock the times of a table are read, where the mapping says so: a preset may name another's."""
    of_time = [c.name for c in SOURCE_TABLES[shape.table].columns if c.kind in (Kind.MOMENT, Kind.INSTANT)]
    zones = {shape.readings[name].log_time_zone for name in of_time if name in columns and name in shape.readings}
    return [LocalisedText("reading.log_zone", {"file": file_name, "zone": zone}) for zone in sorted(zones - {""})]


def _absent(shape: TableShape, file_name: str, column: str, missing: str, header: tuple[str, ...]) -> LocalisedText:
    near = get_close_matches(missing, header, 1)
    key = "reading.absent_near" if near else "reading.absent"
    values = {
        "file": file_name,
        "column": f"{shape.table}.{column}",
        "header": missing,
        "near": near[0] if near else "",
    }
    return LocalisedText(key, values)


def _cannot_make(shape: TableShape, file_name: str, column: str, header: tuple[str, ...]) -> SourceError:
    source = shape.columns.get(column)
    if source is None:
        return localised_error(
            SourceError,
            "source.column_not_mapped",
            where=file_name,
            table=shape.table,
            column=column,
            section=shape.section,
        )
    named = next(name for name in source.headers if name not in header)
    near = get_close_matches(named, header, 1) or [", ".join(header[:12])]
    return localised_error(
        SourceError,
        "source.header_not_there",
        where=file_name,
        header=named,
        column=f"{shape.table}.{column}",
        near=near[0],
    )
