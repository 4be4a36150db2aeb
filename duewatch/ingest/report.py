"""What an ingest did: rows read, accepted and rejected, a table; and how the book tells it (loads, presence, facts)."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import LocalisedText, localised
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.build_connection import BuildConnection, fill
from duewatch.ingest.rejects import MASK
from duewatch.ingest.stage import FILE, StagedFile
from duewatch.sources.reject_reasons import LeftOut, Reason

SHOWN = 40
"""Characters of a rejected value that the terminal shows."""


@dataclass(frozen=True)
class TableLoad:
    """One table of the source."""

    table: str
    files: tuple[str, ...]
    rows_read: int
    """rows_accepted + rows_rejected + rows_left_out."""
    rows_accepted: int
    rows_rejected: int
    rows_left_out: int
    rows_repeated: int
    """Among the rejected."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Reason to rejected rows."""


@dataclass(frozen=True)
class IngestReport:
    """What one ingest did."""

    book_version: str
    loads: tuple[TableLoad, ...]
    missing_tables: tuple[str, ...]
    """Tables of the contract that the source does not have."""
    notes: tuple[LocalisedText, ...]
    """What was assumed or left out."""
    examples: tuple[str, ...] = ()
    """For each table, column and reason the first reject and how many there are, most first."""

    def note_sentences(self, words: Words) -> tuple[str, ...]:
        return tuple(localised(words, note) for note in self.notes)

    @property
    def rows_rejected(self) -> int:
        return sum(load.rows_rejected for load in self.loads)


def load_staged(build_db: BuildConnection, staged: list[StagedFile]) -> None:
    """`load_rules`: what the mapping says of repeats; `unread`: values that could not be read; book.assumptions."""
    build_db.run(
        "create table load_rules (file_no integer, is_distinct boolean, last_stands boolean, section varchar, "
        "file varchar)"
    )
    for file in staged:
        shape = file.fitted.shape
        row = [file.source.number, shape.distinct, shape.on_conflict == "last", shape.section, file.source.name]
        build_db.con.execute("insert into load_rules values (?, ?, ?, ?, ?)", row)
        for (column, kind, detail), n_rows in sorted(file.assumptions.items()):
            example = file.examples[column, kind, detail]
            shown = MASK if column in file.writer.private_columns else example
            cells = [file.source.table, file.source.name, column, kind, n_rows, shown, detail]
            build_db.con.execute("insert into book.assumptions values (?, ?, ?, ?, ?, ?, ?)", cells)
    columns = "file_no integer, line bigint, part smallint, table_name varchar, file varchar, column_name varchar"
    build_db.run(
        "create table unread ({columns}, value varchar, public_value varchar, reason varchar)", columns=columns
    )
    if any(build_db.scratch.glob("unread-*.parquet")):
        folder = str(build_db.scratch).replace("'", "''")
        build_db.run("insert into unread by name from read_parquet('{folder}/unread-*.parquet')", folder=folder)


def fill_unread(build_db: BuildConnection) -> None:
    """book.unread_values, of rows that no later step rejected."""
    build_db.run(
        """insert into book.unread_values
           select u.table_name, u.file, u.line, u.column_name, u.public_value, u.reason
           from unread u anti join late l on l.table_name = u.table_name and l.file_no = u.file_no
                and l.line = u.line and l.part = u.part
           order by u.table_name, u.file, u.line, u.column_name"""
    )


def assumption_notes(build_db: BuildConnection) -> list[LocalisedText]:
    """One sentence for each kind of cell that was read otherwise than written, or not at all."""
    rows = build_db.rows(
        """select table_name, column_name, kind, detail, sum(n_rows)::bigint as n, arg_min(example, file) as example
           from book.assumptions group by all order by n desc, table_name, column_name, kind, detail"""
    )
    notes = [
        LocalisedText(
            f"reading.{row['kind']}",
            {
                "column": f"{row['table_name']}.{row['column_name']}",
                "n": row["n"],
                "example": row["example"],
                "detail": row["detail"],
            },
        )
        for row in rows.iter_rows(named=True)
    ]
    unread = build_db.rows(
        """select table_name, column_name, reason, count(*) as n, arg_min(value, (file, line)) as example
           from book.unread_values group by all order by n desc, table_name, column_name, reason"""
    )
    return notes + [
        LocalisedText(
            "reading.unread",
            {
                "column": f"{row['table_name']}.{row['column_name']}",
                "n": row["n"],
                "example": row["example"] or "",
                "reason": LocalisedText(f"reason.{row['reason']}"),
            },
        )
        for row in unread.iter_rows(named=True)
    ]


def fill_loads(build_db: BuildConnection, staged: list[StagedFile]) -> None:
    """One row a file and table in book.loads. Raises AssertionError where rows read are not accepted + rejected + left
    out."""
    for file in staged:
        late = dict(
            build_db.rows(
                "select reason, count(*) as n from late where file_no = {n} group by 1", n=file.source.number
            ).iter_rows()
        )
        n_left_out = file.rows_left_out + sum(late.pop(str(reason), 0) for reason in LeftOut)
        rejected = file.rows_failed + sum(late.values())
        accepted = build_db.count(
            "select count(*) from valid_{t} where {file} = {n}", t=file.source.table, file=FILE, n=file.source.number
        )
        if file.rows_read != accepted + rejected + n_left_out:
            raise AssertionError(
                f"{file.source.name}: {file.rows_read} read, {accepted} accepted, {rejected} rejected, "
                f"{n_left_out} left out"
            )
        build_db.con.execute(
            "insert into book.loads values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                file.source.table,
                file.source.name,
                file.raw.sha256,
                file.raw.n_bytes,
                file.raw.encoding,
                file.raw.delimiter or None,
                file.rows_read,
                accepted,
                rejected,
                n_left_out,
                late.get(str(Reason.REPEATED_ROW), 0),
            ],
        )


def fill_presence(build_db: BuildConnection, staged: list[StagedFile]) -> None:
    """Which columns of the contract any file has, and in how many accepted rows they are filled."""
    for table in SOURCE_TABLES.values():
        provided = {name for file in staged if file.source.table == table.name for name in file.fitted.columns}
        counts = ", ".join(f'count("{name}")' for name in table.column_names)
        statement = fill("select count(*), {counts} from valid_{t}", counts=counts, t=table.name)
        row = build_db.con.execute(statement).fetchone() or ()
        rows = [
            [table.name, column.name, column.required, column.name in provided, row[0], filled]
            for column, filled in zip(table.columns, row[1:], strict=True)
        ]
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
        cells = [cell for line in rows for cell in line]
        build_db.con.execute(f"insert into book.column_presence values {marks}", cells)  # noqa: S608 - marks only


def table_loads(build_db: BuildConnection) -> tuple[TableLoad, ...]:
    """The loads by table, in contract order."""
    reasons = build_db.rows(
        "select table_name, reason, count(*) as n from book.rejects group by all order by n desc, 2"
    )
    loads = build_db.rows("select * exclude (sha256, n_bytes, encoding, delimiter) from book.loads order by file")
    return tuple(_table_load(name, loads, reasons) for name in SOURCE_TABLES if name in set(loads["table_name"]))


def reject_examples(build_db: BuildConnection, staged: list[StagedFile]) -> tuple[str, ...]:
    """`accounts.csv, line 3, opened_on '2025/01/10': not_a_date (12 rows)`, for whoever loads the files. Values of
    personal columns are masked."""
    masked = masked_columns(staged)
    rows = build_db.rows(
        """select reason, column_name, count(*) as n, arg_min(file, {at}) as file, arg_min(line, {at}) as line,
                  arg_min(case when table_name || '.' || column_name in ({masked}) then '{mask}' else value end, {at})
                      as value
           from personal.rejects group by table_name, column_name, reason
           order by n desc, table_name, column_name, reason""",
        at="(file, line)",
        masked=", ".join(f"'{name}'" for name in sorted(masked)) or "''",
        mask=MASK,
    )
    return tuple(_example(**row) for row in rows.iter_rows(named=True))


def masked_columns(staged: list[StagedFile]) -> set[str]:
    """Columns as `table.column` that are made from personal values."""
    return {f"{file.source.table}.{name}" for file in staged for name in file.writer.private_columns}


def _example(reason: str, column_name: str | None, n: int, file: str, line: int, value: str | None) -> str:
    short_value = value if value is None or len(value) <= SHOWN else f"{value[:SHOWN]}..."
    column = f", {column_name}" if column_name else ""
    value_text = f" '{' '.join(short_value.split())}'" if short_value else ""
    return f"{file}, line {line}{column}{value_text}: {reason} ({n:,} {'row' if n == 1 else 'rows'})"


def _table_load(name: str, loads: pl.DataFrame, reasons: pl.DataFrame) -> TableLoad:
    rows = loads.filter(pl.col("table_name") == name)
    reason_counts = reasons.filter(pl.col("table_name") == name)
    return TableLoad(
        name,
        tuple(rows["file"]),
        int(rows["rows_read"].sum()),
        int(rows["rows_accepted"].sum()),
        int(rows["rows_rejected"].sum()),
        int(rows["rows_left_out"].sum()),
        int(rows["rows_repeated"].sum()),
        dict(zip(reason_counts["reason"], reason_counts["n"], strict=True)),
    )
