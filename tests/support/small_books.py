"""Books made row by row, without ingest, so that a query can be asked about accounts a reader can count.

A row names the columns that matter to its test. `completed` adds what other columns of the same book already say (a
contact's debtor and currency are its account's), then every table is held against the schema: a column that the schema
requires and nobody gave, a value of another type, an unknown code, a key that no row has, is an error when the book is
made. Thus a query that is added later finds in these books whatever it finds in a real one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from duewatch.books.published import Book, Manifest, book_name, file_sha256, private_name
from duewatch.contract.schema import BOOK_TABLES, SOURCE_TABLES, Column, Kind, Table
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest.marts import fill_marts

Row = Mapping[str, object]
Tables = dict[str, Sequence[Row]]
STAMP = "20261101T000000000000Z"
PLENTY = 500
"""Rows from which a table is stored as a published one is, compressed."""
TYPES: dict[Kind, pa.DataType] = {
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.MOMENT: pa.timestamp("us"),
    Kind.MONEY: pa.decimal128(18, 2),
    Kind.RATE: pa.decimal128(9, 6),
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIME: pa.time64("us"),
    Kind.KEY: pa.int32(),
    Kind.IDS: pa.list_(pa.string()),
}
"""What is not named here is text."""
KEYS_OF = {"account_key": "accounts", "debtor_key": "debtors", "contact_key": "contacts"}


def made_book(folder: Path, **tables: Sequence[Row]) -> Book:
    """A book with the given rows. A table not given is empty, save for what others imply; buckets are the default.
    Marts are made from the facts, as ingest makes them."""
    path = folder / book_name(STAMP)
    shutil.copyfile(_empty_book(), path)
    with duckdb.connect(str(path), config={"threads": 1}) as con:
        if sum(map(len, tables.values())) < PLENTY:
            con.execute("set force_compression = 'uncompressed'")
        con.execute("begin")
        insert(con, checked(completed(tables)))
        fill_marts(con, Settings())
        con.execute("commit")
        con.execute("checkpoint")
    manifest = Manifest(STAMP, "2026-11-01T00:00:00Z", "test", {path.name: file_sha256(path)}, {}, {})
    return Book(STAMP, path, folder / private_name(STAMP), manifest)


def engine_over(folder: Path, **tables: Sequence[Row]) -> DuckDBEngine:
    return DuckDBEngine(made_book(folder, **tables), Settings())


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Every book table, empty."""
    for name, table in BOOK_TABLES.items():
        columns = ", ".join(f'"{column.name}" {column.sql_type}' for column in table.columns)
        con.execute(f"create table {name} ({columns})")


def insert(con: duckdb.DuckDBPyConnection, rows: Mapping[str, pa.Table]) -> None:
    """Checked rows into their tables."""
    for name, some in rows.items():
        con.register("given_rows", some)
        con.execute(f"insert into {name} select * from given_rows")
        con.unregister("given_rows")


@cache
def _empty_book() -> Path:
    path = Path(tempfile.mkdtemp(prefix="empty-book-")) / "empty.duckdb"
    with duckdb.connect(str(path)) as con:
        create_tables(con)
    return path


# --- what one row says of another ------------------------------------------------------------------------------------


def completed(tables: Mapping[str, Sequence[Row]]) -> Tables:
    """The tables with what follows from other rows: debtors of accounts, a contact's account, the spells of stretches.
    What is given stays, also where it is None."""
    rows: Tables = {"buckets": default_buckets(), **tables}
    accounts = {row["account_key"]: row for row in rows.get("accounts", ())}
    known = {row["debtor_key"] for row in rows.get("debtors", ())}
    more = {row["debtor_key"]: row["debtor_id"] for row in accounts.values() if row["debtor_key"] not in known}
    rows["debtors"] = [*rows.get("debtors", ()), *({"debtor_key": k, "debtor_id": name} for k, name in more.items())]
    for name, fill in FILLED.items():
        if rows.get(name):
            rows[name] = [{**fill(row, accounts.get(row.get("account_key"), {})), **row} for row in rows[name]]
    contacts = {row["contact_key"]: row for row in rows.get("contacts", ())}
    if rows.get("findings"):
        rows["findings"] = [
            {**_finding(contacts[row["contact_key"]], row, accounts), **row} for row in rows["findings"]
        ]
    return rows


def _contact(row: Row, account: Row) -> Row:
    debtor = row.get("debtor_key", account.get("debtor_key"))
    day, moment = row.get("local_date"), row.get("started_at")
    return {
        "contact_id": f"C{row['contact_key']}",
        "debtor_key": debtor,
        "person_key": debtor,
        "started_at": moment,
        "zone_basis": "missing" if day is None else "zone",
        "time_known": True,
        "local_isodow": day.isoweekday() if isinstance(day, date) else None,
        "currency": account.get("currency"),
        "product": account.get("product"),
    }


def _finding(contact: Row, row: Row, accounts: Mapping[object, Row]) -> Row:
    account = accounts[contact["account_key"]]
    rule = str(row.get("rule_id", "house.rule"))
    return {
        "finding_key": f"{rule}|{contact['contact_id']}|{account['account_id']}",
        "pack_id": rule.rsplit(".", 1)[0],
        "pack_version": "1",
        "rule_id": rule,
        "kind": "count_cap",
        "verdict": "breach",
        "modality": "must",
        "in_grace": False,
        "account_key": contact["account_key"],
        "debtor_key": contact["debtor_key"],
        "contact_id": contact["contact_id"],
        "account_id": account["account_id"],
        "debtor_id": account["debtor_id"],
        "person_id": contact.get("person_id") or account["debtor_id"],
        "channel": contact["channel"],
        "started_at": contact["started_at"],
        "local_date": contact.get("local_date"),
        "local_time": contact.get("local_time"),
        "evidence": [contact["contact_id"]],
        "reason": "counted",
        "cite": "1",
    }


def _payment(row: Row, account: Row) -> Row:
    """Given by its amount, or by the signed one alone."""
    net = row.get("net_amount", row.get("amount"))
    return {"net_amount": net, "amount": abs(Decimal(str(net)))}


def _flag(row: Row, account: Row) -> Row:
    """A flag of whole days holds from midnight; a flag of instants, from the day they lie in."""
    since, on = row.get("valid_from"), row.get("valid_from_on")
    return {
        "debtor_key": account.get("debtor_key"),
        "valid_from": datetime.combine(on, time()) if isinstance(on, date) else None,
        "valid_from_on": since.date() if isinstance(since, datetime) else None,
    }


def _rule_run(row: Row, account: Row) -> Row:
    return {
        "pack_version": "1",
        "pack_title_en": "House rules",
        "pack_title_zh": "内部规则",
        "jurisdiction": "CN",
        "strength": "policy",
        "kind": "count_cap",
        "title_en": "A rule",
        "title_zh": "规则",
        "cite": "1",
        "source": "here",
        "verified_on": date(2026, 1, 1),
        "rule_text": "",
        "pack_sha256": "0" * 64,
    }


FILLED: dict[str, Callable[[Row, Row], Row]] = {
    "contacts": _contact,
    "spells": lambda row, account: {"basis": "daily"},
    "payments": _payment,
    "flags": _flag,
    "rules_run": _rule_run,
    "collectors": lambda row, account: {"has_name": False},
    "column_presence": lambda row, account: {
        "is_required": SOURCE_TABLES[str(row["table_name"])].column(str(row["column_name"])).required,
        "n_rows": 0,
        "n_filled": 0,
    },
}


# --- rows held against the schema ------------------------------------------------------------------------------------


def checked(tables: Mapping[str, Sequence[Row]]) -> dict[str, pa.Table]:
    """Each table that has rows, in its columns and types. Raises AssertionError with all that is wrong."""
    faults: list[str] = []
    columns = {name: _columns(BOOK_TABLES[name], rows, faults) for name, rows in tables.items() if rows}
    for name, values in columns.items():
        for key, whole in KEYS_OF.items():
            if key in values and name != whole:
                strays = set(values[key]) - {None} - set(columns.get(whole, {}).get(key, ()))
                faults += [f"{name}.{key} names none of {whole}: {', '.join(map(str, strays))}"] if strays else []
    assert not faults, "no valid book: " + "; ".join(faults)
    return {name: _typed(BOOK_TABLES[name], values) for name, values in columns.items()}


def _columns(table: Table, rows: Sequence[Row], faults: list[str]) -> dict[str, list[Any]]:
    unknown = {name for row in rows for name in row} - set(table.column_names)
    faults += [f"{table.name} has no {name}" for name in sorted(unknown)]
    values = {name: [row.get(name) for row in rows] for name in table.column_names}
    for column in table.columns:
        if column.required and None in values[column.name]:
            at = values[column.name].index(None)
            faults.append(f"{table.name}.{column.name} is required, and empty in row {at}")
        if column.codes and (strange := set(values[column.name]) - {None, *column.codes}):
            faults.append(f"{table.name}.{column.name}: no such code as {', '.join(map(str, strange))}")
    keys = Counter(zip(*(values[name] for name in table.key), strict=True))
    if len(keys) < len(rows):
        faults.append(f"{table.name} has two rows of one {', '.join(table.key)}: {keys.most_common(1)[0][0]}")
    return values


def _typed(table: Table, values: Mapping[str, list[Any]]) -> pa.Table:
    return pa.table({column.name: _array(table, column, values[column.name]) for column in table.columns})


def _array(table: Table, column: Column, values: list[Any]) -> pa.Array:
    if column.kind in (Kind.MONEY, Kind.RATE):
        values = [None if value is None else Decimal(str(value)) for value in values]
    assert not any(isinstance(value, float) for value in values), f"no valid book: {table.name}.{column.name} is binary"
    try:
        return pa.array(values, TYPES.get(column.kind, pa.string()))
    except (TypeError, pa.ArrowException) as error:
        raise AssertionError(f"no valid book: {table.name}.{column.name} is no {column.kind}: {error}") from error


def default_buckets() -> list[Row]:
    settings = Settings()
    starts = settings.bucket_starts
    return [
        {"bucket": name, "bucket_no": no, "from_days": start, "to_days": starts[no + 1] - 1 if no < 7 else None}
        for no, (name, start) in enumerate(zip(settings.bucket_names, starts, strict=True))
    ]


def bucket_of(days: int) -> str:
    """The default bucket by the definition's own words, not by the settings."""
    return "M0" if days == 0 else "M7+" if days > 180 else f"M{(days - 1) // 30 + 1}"


def account(key: int, **given: object) -> Row:
    made: dict[str, object] = {
        "account_key": key,
        "debtor_key": key,
        "account_id": f"A{key}",
        "product": "loan",
        "branch": "north",
        "currency": "CNY",
        "opened_on": date(2026, 1, 15),
        "original_amount": "1000.00",
        **given,
    }
    return {"debtor_id": f"D{made['debtor_key']}", **made}


def snapshot(key: int, as_of: date, days: int, balance: object, status: str | None = None) -> Row:
    state = status if status in ("paid_off", "written_off") else bucket_of(days)
    return {
        "account_key": key,
        "as_of": as_of,
        "days_past_due": days,
        "balance": balance,
        "status": status,
        "state": state,
        "is_derived": False,
    }
