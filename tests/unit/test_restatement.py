"""Two books about one day: each change has its reason, and the changes add up to the difference of the totals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from duewatch.books import earlier_version, published_versions
from duewatch.cli import app
from duewatch.engines import Ask
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.errors import BookError
from duewatch.restatement import REASONS, by_reason, restated, two_books
from duewatch.scope import WHOLE_BOOK
from duewatch.settings import Settings
from tests.unit.ingest.conftest import ACCOUNTS, Source

DAY = date(2025, 8, 31)
UNTIL = "[source]\nobserved_until = 2025-09-30\n"
PAYMENTS = "payment_id,account_id,paid_on,posted_at,amount,reverses_payment_id\n"
FILES = {
    "accounts.csv": ACCOUNTS + "".join(f"A{n},D{n},card,CNY,2025-01-10,300.00\n" for n in (1, 2, 3)),
    "instalments.csv": "account_id,due_on,amount,seq\n"
    + "".join(f"A{n},2025-07-31,100.00,1\nA{n},2025-08-15,100.00,2\nA{n},2025-10-15,100.00,3\n" for n in (1, 2, 3)),
    "payments.csv": PAYMENTS + "P1,A1,2025-08-01,2025-08-01T09:00:00Z,100.00,\n",
}
"""On DAY: A1 is 16 days past due with 200 outstanding, A2 and A3 are 31 days past due with 300 each."""
Change = Callable[[dict[str, str]], None]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


def put(**added: str) -> Change:
    """Lines added to files, by the file's name."""

    def change(files: dict[str, str]) -> None:
        for name, lines in added.items():
            files[f"{name}.csv"] += lines

    return change


def drop(name: str, *lines: str) -> Change:
    def change(files: dict[str, str]) -> None:
        for line in lines:
            assert line in files[f"{name}.csv"]
            files[f"{name}.csv"] = files[f"{name}.csv"].replace(line, "")

    return change


A4 = {"accounts": "A4,D4,card,CNY,2025-01-10,80.00\n", "instalments": "A4,2025-08-10,80.00,1\n"}
CASES: dict[str, tuple[Change, dict[str, object]]] = {
    "late_payment": (
        put(payments="P2,A2,2025-08-20,2025-09-03T09:00:00Z,150.00,\n"),
        {"account_id": "A2", "change": "-150.00", "state_before": "M2", "state_after": "M1", "paid_more": "150.00",
         "paid_later": "150.00"},
    ),
    "reversal": (
        put(payments="R1,A1,2025-08-05,2025-09-03T09:00:00Z,100.00,P1\n"),
        {"account_id": "A1", "change": "100.00", "state_before": "M1", "state_after": "M2", "paid_more": "-100.00",
         "paid_later": "0.00"},
    ),
    "payment_gone": (
        drop("payments", "P1,A1,2025-08-01,2025-08-01T09:00:00Z,100.00,\n"),
        {"account_id": "A1", "change": "100.00", "days_before": 16, "days_after": 31, "paid_more": "-100.00"},
    ),
    "plan": (
        drop("instalments", "A3,2025-07-31,100.00,1\n"),
        {"account_id": "A3", "change": "-100.00", "days_before": 31, "days_after": 16, "paid_more": "0.00"},
    ),
    "added": (put(**A4), {"account_id": "A4", "change": "80.00", "overdue_before": None, "overdue_after": "80.00"}),
    "removed": (
        lambda files: [drop("accounts", "A3,D3,card,CNY,2025-01-10,300.00\n")(files),
                       drop("instalments", "A3,2025-07-31,100.00,1\n", "A3,2025-08-15,100.00,2\n",
                            "A3,2025-10-15,100.00,3\n")(files)][0],
        {"account_id": "A3", "change": "-300.00", "overdue_before": "300.00", "overdue_after": None},
    ),
}  # fmt: skip


def load(source: Source, files: dict[str, str], mapping: str = UNTIL) -> None:
    for name, text in files.items():
        source.write(name, text)
    source.load(mapping)


@contextmanager
def asked(books: Path) -> Iterator[list[Ask]]:
    """Both books, the one in service first."""
    with (
        closing(DuckDBEngine(two_books(books)[0], Settings())) as now,
        closing(DuckDBEngine(two_books(books)[1], Settings())) as then,
    ):
        yield [lambda name, given, engine=engine: engine.run(name, given, WHOLE_BOOK) for engine in (now, then)]


def overdue(ask: Ask) -> Decimal:
    return Decimal(ask("portfolio/book_totals", {"as_of": DAY})["overdue_balance"].sum())


def compared(source: Source) -> list[dict[str, Any]]:
    """The rows, once they are known to add up to the two books' own totals."""
    with asked(source.books) as asks:
        rows = restated(asks[0], asks[1], as_of=DAY)
        difference = overdue(asks[0]) - overdue(asks[1])
    assert sum(rows["change"].to_list(), Decimal(0)) == difference
    assert sum(by_reason(rows)["change"].to_list(), Decimal(0)) == difference
    assert sum(by_reason(rows)["n_accounts"].to_list()) == rows.height
    return rows.to_dicts()


@pytest.mark.parametrize("reason", CASES)
def test_each_change_is_told_with_its_reason_and_its_amount(reason: str, source: Source) -> None:
    change, wanted = CASES[reason]
    files = dict(FILES)
    load(source, files)
    change(files)
    load(source, files)
    (row,) = compared(source)
    assert row["restated_by"] == reason
    for name, value in wanted.items():
        assert row[name] == (Decimal(value) if isinstance(value, str) and "." in value else value), name


def test_a_snapshot_that_the_lender_corrected_is_told_as_such(source: Source) -> None:
    header = "account_id,as_of,days_past_due,balance\n"
    load(source, {"snapshots.csv": f"{header}A1,2025-08-31,10,500.00\n"}, "")
    load(source, {"snapshots.csv": f"{header}A1,2025-08-31,40,510.00\n"}, "")
    (row,) = compared(source)
    assert (row["restated_by"], row["change"]) == ("snapshot", Decimal("10.00"))
    assert (row["state_before"], row["state_after"]) == ("M1", "M2")


def test_all_reasons_are_met_in_these_tests() -> None:
    assert {*CASES, "snapshot"} == set(REASONS)


def test_several_changes_at_once_add_up_and_a_later_payment_changes_nothing(source: Source) -> None:
    files = dict(FILES)
    load(source, files)
    for reason in ("late_payment", "reversal", "added"):
        CASES[reason][0](files)
    put(payments="P9,A3,2025-09-05,2025-09-05T09:00:00Z,300.00,\n")(files)
    load(source, files)
    found = {row["account_id"]: row["restated_by"] for row in compared(source)}
    assert found == {"A2": "late_payment", "A1": "reversal", "A4": "added"}


def test_the_same_files_again_restate_nothing(source: Source) -> None:
    load(source, FILES)
    load(source, FILES)
    assert compared(source) == []


def test_one_book_alone_is_one_sentence(source: Source) -> None:
    load(source, FILES)
    assert earlier_version(source.books, published_versions(source.books)[0]) is None
    with pytest.raises(BookError, match="only one book"):
        two_books(source.books)


def test_the_command_gives_rows_or_reasons_as_json(source: Source) -> None:
    files = dict(FILES)
    load(source, files)
    CASES["late_payment"][0](files)
    load(source, files)
    given = ["restate", "--as-of", DAY.isoformat(), "--books", str(source.books), "--format", "json"]
    rows = json.loads(CliRunner().invoke(app, given, catch_exceptions=False).stdout)
    assert [(row["account_id"], row["restated_by"], row["change"]) for row in rows] == [
        ("A2", "late_payment", "-150.00")
    ]
    reasons = json.loads(CliRunner().invoke(app, [*given, "--by-reason"], catch_exceptions=False).stdout)
    assert [(row["restated_by"], row["n_accounts"]) for row in reasons] == [("late_payment", 1)]


def test_the_command_refuses_a_day_or_a_version_that_is_not_there(source: Source) -> None:
    load(source, FILES)
    load(source, FILES)
    base = ["restate", "--books", str(source.books)]
    for more, told in (
        (["--as-of", "2025-08-30"], "no snapshot on"),
        (["--as-of", "2025-08-31", "--against", "x"], "no book x"),
    ):
        with pytest.raises(BookError, match=told):
            CliRunner().invoke(app, [*base, *more], catch_exceptions=False, standalone_mode=False)
