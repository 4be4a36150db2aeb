"""What an ingest did: rows read, accepted and rejected, a table; and how the book tells it (loads, presence, facts)."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.build_connection import BuildConnection, fill
from duewatch.ingest.stage import FILE, StagedFile
from duewatch.sources.reject_reasons import Reason

SHOWN = 40
"""Characters of a rejected value that the terminal shows."""


@dataclass(frozen=True)
class TableLoad:
    """One table. rows_read = rows_accepted + rows_rejected; rows_repeated are among the rejected."""

    table: str
    files: tuple[str, ...]
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class IngestReport:
    """`missing_tables`: tables of the contract that the source does not have. `notes`: plain sentences.
    `examples`: for each table, column and reason the first reject and how many there are, most first."""

    book_version: str
    loads: tuple[TableLoad, ...]
    missing_tables: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...] = ()

    @property
    def rows_rejected(self) -> int:
        return sum(load.rows_rejected for load in self.loads)


def fill_loads(shop: BuildConnection, staged: list[StagedFile]) -> None:
    """One row a file in book.loads. Raises AssertionError where rows read are not accepted + rejected."""
    for one in staged:
        late = "from late where file_no = {n}"
        rejected = one.rows_failed + shop.count("select count(*) " + late, n=one.source.number)
        repeated = shop.count(
            "select count(*) " + late + " and reason = '{reason}'", n=one.source.number, reason=Reason.REPEATED_ROW
        )
        accepted = shop.count(
            "select count(*) from valid_{t} where {file} = {n}", t=one.source.table, file=FILE, n=one.source.number
        )
        if one.rows_read != accepted + rejected:
            raise AssertionError(f"{one.source.name}: {one.rows_read} read, {accepted} accepted, {rejected} rejected")
        shop.con.execute(
            "insert into book.loads values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                one.source.table,
                one.source.name,
                one.sha256,
                one.n_bytes,
                one.encoding,
                one.delimiter or None,
                one.rows_read,
                accepted,
                rejected,
                repeated,
            ],
        )


def fill_presence(shop: BuildConnection, staged: list[StagedFile]) -> None:
    """Which columns of the contract any file has, and in how many accepted rows they are filled."""
    for table in SOURCE_TABLES.values():
        provided = {name for one in staged if one.source.table == table.name for name in one.names.values()}
        counts = ", ".join(f'count("{name}")' for name in table.column_names)
        asked = fill("select count(*), {counts} from valid_{t}", counts=counts, t=table.name)
        row = shop.con.execute(asked).fetchone() or ()
        told = [
            [table.name, column.name, column.required, column.name in provided, row[0], filled]
            for column, filled in zip(table.columns, row[1:], strict=True)
        ]
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(told))
        cells = [cell for line in told for cell in line]
        shop.con.execute(f"insert into book.column_presence values {marks}", cells)  # noqa: S608 - marks only


def table_loads(shop: BuildConnection) -> tuple[TableLoad, ...]:
    """The loads by table, in contract order."""
    reasons = shop.rows("select table_name, reason, count(*) as n from book.rejects group by all order by n desc, 2")
    loads = shop.rows("select * exclude (sha256, n_bytes, encoding, delimiter) from book.loads order by file")
    return tuple(_table_load(name, loads, reasons) for name in SOURCE_TABLES if name in set(loads["table_name"]))


def reject_examples(shop: BuildConnection) -> tuple[str, ...]:
    """`accounts.csv, line 3, opened_on '2025/01/10': not_a_date (12 rows)`. Personal values are masked."""
    rows = shop.rows(
        """select reason, column_name, count(*) as n, arg_min(file, {at}) as file, arg_min(line, {at}) as line,
                  arg_min(value, {at}) as value
           from book.rejects group by table_name, column_name, reason
           order by n desc, table_name, column_name, reason""",
        at="(file, line)",
    )
    return tuple(_example(**row) for row in rows.iter_rows(named=True))


def _example(reason: str, column_name: str | None, n: int, file: str, line: int, value: str | None) -> str:
    cut = value if value is None or len(value) <= SHOWN else f"{value[:SHOWN]}..."
    column = f", {column_name}" if column_name else ""
    shown = f" '{' '.join(cut.split())}'" if cut else ""
    return f"{file}, line {line}{column}{shown}: {reason} ({n:,} {'row' if n == 1 else 'rows'})"


def _table_load(name: str, loads: pl.DataFrame, reasons: pl.DataFrame) -> TableLoad:
    own = loads.filter(pl.col("table_name") == name)
    why = reasons.filter(pl.col("table_name") == name)
    return TableLoad(
        name,
        tuple(own["file"]),
        int(own["rows_read"].sum()),
        int(own["rows_accepted"].sum()),
        int(own["rows_rejected"].sum()),
        int(own["rows_repeated"].sum()),
        dict(zip(why["reason"], why["n"], strict=True)),
    )
