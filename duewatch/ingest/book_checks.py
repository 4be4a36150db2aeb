"""Checks of a finished book before it may be published, and the totals that go into its manifest."""

from __future__ import annotations

from duewatch.contract.errors import BookError
from duewatch.contract.schema import BOOK_TABLES, PRIVATE_TABLES, Kind, Table
from duewatch.ingest.build_connection import BuildConnection, fill

ORDERED = {"contacts": "(account_key, started_at, contact_id)", "snapshots": "(as_of, account_key)"}
"""What rolling windows and month reads rely on: the stored order."""
COUNTED = ("accounts", "payments", "contacts", "promises", "flags", "disputes", "assignments", "instalments")
"""Tables of which every accepted row must be in the book, and nothing else."""
PARENTS = {"account_key": "accounts", "debtor_key": "debtors", "contact_key": "contacts"}


def check_book(build_db: BuildConnection) -> None:
    """Raises BookError on the first thing that does not hold; the previous book then stays in service."""
    _check_shape(build_db, "book", BOOK_TABLES)
    _check_shape(build_db, "personal", PRIVATE_TABLES)
    for ordered, key in ORDERED.items():
        unordered = build_db.count(
            "select count(*) filter (key < before) from (select key, lag(key) over () as before "
            "from (select {key} as key from book.{t}))",
            key=f"row{key}",
            t=ordered,
        )
        _require(unordered == 0, f"{unordered} rows of {ordered} are not stored by {key}")
    for table in BOOK_TABLES.values():
        for key, parent in PARENTS.items():
            if key in table.column_names and table.name != parent:
                lost = build_db.count(
                    "select count(*) from book.{t} c anti join book.{p} p using ({k}) where c.{k} is not null",
                    t=table.name,
                    p=parent,
                    k=key,
                )
                _require(lost == 0, f"{lost} rows of {table.name} point to no row of {parent}")
    _check_loads(build_db)


def _check_shape(build_db: BuildConnection, database: str, tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        described = build_db.con.execute(fill("describe {place}.{t}", place=database, t=name)).fetchall()
        columns = [(column.name, column.sql_type) for column in table.columns]
        stored_columns = [(row[0], row[1]) for row in described]
        _require(stored_columns == columns, f"the columns of {database}.{name} are not the schema's")


def _check_loads(build_db: BuildConnection) -> None:
    unbalanced = build_db.count(
        "select count(*) from book.loads where rows_read <> rows_accepted + rows_rejected + rows_left_out"
    )
    rejected = build_db.count("select coalesce(sum(rows_rejected), 0) from book.loads")
    for database in ("book", "personal"):
        stored_rejects = build_db.count("select count(*) from {place}.rejects", place=database)
        _require(
            stored_rejects == rejected,
            f"{rejected} rows were rejected but {stored_rejects} are kept in {database}.rejects",
        )
    _require(unbalanced == 0, f"in {unbalanced} files rows read are not accepted + rejected + left out")
    given = build_db.rows("select distinct table_name from book.loads")["table_name"].to_list()
    for table in (name for name in COUNTED if name in given):
        accepted = build_db.count(
            "select coalesce(sum(rows_accepted), 0) from book.loads where table_name='{t}'", t=table
        )
        stored = build_db.count("select count(*) from book.{t}", t=table)
        _require(accepted == stored, f"{accepted} rows of {table} were accepted but {stored} are in the book")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise BookError(f"the new book was not published: {what}", next_step="report this; the book before it stays")


def row_counts(build_db: BuildConnection) -> dict[str, int]:
    return {name: build_db.count("select count(*) from book.{t}", t=name) for name in BOOK_TABLES}


def control_totals(build_db: BuildConnection) -> dict[str, str]:
    """`table.column|currency` -> exact sum, for every money column of the book."""
    totals: dict[str, str] = {}
    for table in BOOK_TABLES.values():
        for column in table.columns:
            if column.kind is Kind.MONEY:
                rows = build_db.con.execute(
                    fill(
                        "select a.currency, sum(t.{c}) from book.{t} t join book.accounts a using (account_key) "
                        "group by 1 having sum(t.{c}) is not null order by 1",
                        t=table.name,
                        c=column.name,
                    )
                ).fetchall()
                totals |= {f"{table.name}.{column.name}|{currency}": str(total) for currency, total in rows}
    return totals
