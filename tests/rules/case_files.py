"""Cases of the rules as a lawyer writes them (TOML), and the source folder that all of them make together.

Each case is a world of its own: its debtor, accounts, people and numbers get the case's number in front of their ids.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from duewatch.contract.schema import SOURCE_TABLES

FOLDER = Path(__file__).parent
VERDICTS = ("breach", "ok", "exempt", "unknown")
CASE_KEYS = {
    "name",
    "source",
    "why",
    "zone",
    "region",
    "currency",
    "preferred_channel",
    "as_known",
    "each",
    "accounts",
    "contacts",
    "debts",
    "flags",
    "disputes",
    "snapshots",
    "payments",
    "expect",
}
LINKED = ("debtor_id", "account_id", "person_id", "contact_point", "thread_id", "creditor")
"""Columns whose values belong to one case alone."""
Row = dict[str, object]


@dataclass(frozen=True)
class Case:
    """`number` keeps ids of different cases apart; `given` is the case as written, with the file's defaults."""

    file: str
    number: int
    given: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.file}: {self.given['name']}"

    def id(self, local: str) -> str:
        return f"{self.number:03d}-{local}"

    @property
    def expected(self) -> Mapping[str, Mapping[str, Any]]:
        expected: Mapping[str, Mapping[str, Any]] = self.given["expect"]
        return expected

    @property
    def contacts(self) -> list[Row]:
        """One row a contact; a list of times under one id makes id1, id2 ..."""
        return list(self._contacts())

    def _contacts(self) -> Iterator[Row]:
        for written in self.given.get("contacts", ()):
            row = {"direction": "out", **self.given.get("each", {}), **written}
            times = row.pop("at")
            label = row.pop("id")
            for number, at in enumerate(times if isinstance(times, list) else [times], 1):
                yield {"contact_id": f"{label}{number}" if isinstance(times, list) else label, "started_at": at, **row}


def read_cases() -> list[Case]:
    cases: list[Case] = []
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for written in content["case"]:
            given = {**content.get("defaults", {}), **written}
            unknown = set(given) - CASE_KEYS
            assert not unknown, f"{path.name}, {given.get('name')}: unknown fields {sorted(unknown)}"
            cases.append(Case(path.stem, len(cases) + 1, given))
    return cases


def write_source(cases: list[Case], folder: Path) -> None:
    """All cases as the files of one source folder."""
    tables: dict[str, list[Row]] = {}
    for case in cases:
        for table, rows in _rows(case).items():
            tables.setdefault(table, []).extend(rows)
    for table, rows in ((name, rows) for name, rows in tables.items() if rows):
        columns = [name for name in SOURCE_TABLES[table].column_names if any(name in row for row in rows)]
        strange = {name for row in rows for name in row} - set(columns)
        assert not strange, f"{table} has no column {strange}"
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows([{name: _text(value) for name, value in row.items()} for row in rows])


def _rows(case: Case) -> dict[str, list[Row]]:
    given = case.given
    debtor = {"debtor_id": "D", "time_zone": given["zone"]}
    debtor |= {name: given[name] for name in ("region", "preferred_channel") if name in given}
    accounts = [_account(written) for written in given.get("accounts", ["A"])]
    first = accounts[0]["account_id"]
    base = {"currency": given["currency"], "product": "loan", "opened_on": "2010-01-01", "original_amount": "100.00"}
    tables: dict[str, list[Row]] = {
        "debtors": [debtor],
        "accounts": [{"debtor_id": "D", **base, **account} for account in accounts],
        "contacts": [{"account_id": first, **row} for row in case.contacts],
        "contact_debts": [dict(row) for row in given.get("debts", ())],
        "flags": [{"flag_id": f"F{n}", "debtor_id": "D", **row} for n, row in enumerate(given.get("flags", ()), 1)],
        "disputes": [
            {"dispute_id": f"P{n}", "account_id": first, **row} for n, row in enumerate(given.get("disputes", ()), 1)
        ],
        "snapshots": [{"account_id": first, "balance": "50.00", **row} for row in given.get("snapshots", ())],
        "payments": [
            {"payment_id": f"Y{n}", "account_id": first, **row} for n, row in enumerate(given.get("payments", ()), 1)
        ],
    }
    return {table: [_prefixed(case, row) for row in rows] for table, rows in tables.items()}


def _account(written: str | Row) -> Row:
    return {"account_id": written} if isinstance(written, str) else dict(written)


def _prefixed(case: Case, row: Row) -> Row:
    own = {"contact_id", "flag_id", "dispute_id", "payment_id", *LINKED}
    return {name: case.id(str(value)) if name in own and value else value for name, value in row.items()}


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value
