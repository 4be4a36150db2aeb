"""The database in which a book is put together: the book and the private file attached, staged rows as views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import duckdb
import polars as pl

from duewatch.contract.errors import DuewatchError
from duewatch.contract.schema import BOOK_TABLES, PRIVATE_TABLES, SOURCE_TABLES, Column, Kind, Table
from duewatch.ingest.validate import typed_names

LATE = (
    "create table late (table_name varchar, file_no integer, line bigint, part smallint, column_name varchar, "
    "reason varchar)"
)

DUCKDB_SHARE = 0.7


def fill(statement: str, **parts: object) -> str:
    """A statement with its {names} filled in: names from the schema and numbers of ours, never a source's text."""
    for name, value in parts.items():
        statement = statement.replace("{" + name + "}", str(value))
    return statement


class BuildConnection:
    """One connection, closed at the end. `book` and `personal` are the attached files; all else is scratch."""

    def __init__(self, scratch: Path, book: Path, private: Path, memory_limit: str) -> None:
        self.scratch = scratch
        self.con = _connect(memory_limit, scratch / "spill")
        self.run(f"attach '{_quoted(book)}' as book")
        self.run(f"attach '{_quoted(private)}' as personal")
        for database, tables in (("book", BOOK_TABLES), ("personal", PRIVATE_TABLES)):
            for table in tables.values():
                self.run(_create(database, table))
        self.run(LATE)
        for table in SOURCE_TABLES.values():
            self._show_staged(table)

    def __enter__(self) -> BuildConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.con.close()

    def run(self, statement: str, **parts: object) -> None:
        self.con.execute(fill(statement, **parts))

    def rows(self, statement: str, **parts: object) -> pl.DataFrame:
        return self.con.cursor().sql(fill(statement, **parts)).pl()

    def count(self, statement: str, **parts: object) -> int:
        (value,) = self.con.execute(fill(statement, **parts)).fetchone() or (0,)
        return int(value or 0)

    def insert(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """A few rows of a table of the book, in one statement; each has all its columns."""
        if rows:
            names = BOOK_TABLES[table].column_names
            marks = ", ".join("(" + ", ".join("?" for _ in names) + ")" for _ in rows)
            statement = fill("insert into book.{table} values {marks}", table=table, marks=marks)
            self.con.execute(statement, [row[name] for row in rows for name in names])

    def keep_frame(self, name: str, frame: pl.DataFrame) -> None:
        """A small Polars frame as a table, by way of Parquet (scanning frames in place has given wrong rows)."""
        path = self.scratch / f"{name}.parquet"
        frame.write_parquet(path)
        self.run("create table {name} as from read_parquet('{path}')", name=name, path=_quoted(path))

    def _show_staged(self, table: Table) -> None:
        """`staged_<table>`: every contract column, null where no file has it; `valid_<table>`: without late rejects."""
        paths = sorted(self.scratch.glob(f"{table.name}-[0-9]*.parquet"))
        columns = [part for column in table.columns for part in _parts(column)]
        empty = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns)
        empty = fill(
            "select null::integer as file_no, null::bigint as line, null::smallint as part, {empty} where false",
            empty=empty,
        )
        source = f"({empty})"
        if paths:
            files = ", ".join(f"'{_quoted(path)}'" for path in paths)
            source = f"({empty} union all by name from read_parquet([{files}], union_by_name = true))"
        casts = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in columns)
        view = "create view staged_{t} as select file_no, line, part, {casts} from {source}"
        self.run(view, t=table.name, casts=casts, source=source)
        self.run(
            "create view valid_{t} as from staged_{t} s where not exists (from late l where l.table_name = '{t}' "
            "and l.file_no = s.file_no and l.line = s.line and l.part = s.part)",
            t=table.name,
        )


def _connect(memory_limit: str, spill: Path) -> duckdb.DuckDBPyConnection:
    """Polars and Python keep memory of their own beside DuckDB's, so DuckDB takes only a share of the limit."""
    try:
        con = duckdb.connect(config={"memory_limit": memory_limit, "temp_directory": str(spill)})
    except duckdb.Error:
        raise DuewatchError(
            f"memory_limit is '{memory_limit}'", where="duewatch.toml", next_step="give a size such as 4GB"
        ) from None
    (limit,) = con.execute("select current_setting('memory_limit')").fetchone() or ("",)
    size, unit = str(limit).split()
    con.execute(f"set memory_limit = '{float(size) * DUCKDB_SHARE:.2f} {unit}'")
    return con


def _parts(column: Column) -> list[tuple[str, str]]:
    """The staged columns of a contract column and their SQL types."""
    kinds = (column.sql_type, "SMALLINT", "BOOLEAN")
    return list(zip(typed_names(column), kinds, strict=False))


def _create(database: str, table: Table) -> str:
    columns = ", ".join(
        f'"{column.name}" {column.sql_type}{" not null" if column.required and column.kind is Kind.KEY else ""}'
        for column in table.columns
    )
    return f'create table {database}."{table.name}" ({columns})'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
