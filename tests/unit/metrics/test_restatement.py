"""Two books about one day: each change has its reason, and the changes add up to the difference of the totals."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from duewatch.books.published import earlier_version, published_versions
from duewatch.cli.program import app
from duewatch.contract.errors import BookError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Ask
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest
from duewatch.metrics.restatement import REASONS, by_reason, restated_accounts, two_books
from tests.unit.ingest.conftest import ACCOUNTS, Source

DAY = date(2025, 8, 31)
UNTIL = "[source]\nobserved_until = 2025-09-30\n"
FIRST = ("A1", "A2", "A3", "A4", "A5", "A6")
"""On DAY A1 and A3, who paid 100, are 16 days past due with 200 outstanding; the others 31 days with 300."""
PAYMENTS = ("P1,A1,2025-08-01,2025-08-01T09:00:00Z,100.00,\n", "P3,A3,2025-08-01,2025-08-01T09:00:00Z,100.00,\n")
LATER_PAYMENTS = (
    PAYMENTS[0],  # and P3 is gone
    "R1,A1,2025-08-05,2025-09-03T09:00:00Z,100.00,P1\n",
    "P2,A2,2025-08-20,2025-09-03T09:00:00Z,150.00,\n",
    "P9,A6,2025-09-05,2025-09-05T09:00:00Z,300.00,\n",
)
"""A6 pays after DAY, which changes nothing on it."""
WANTED: dict[str, dict[str, object]] = {
    "A1": {
        "restated_by": "reversal",
        "change": "100.00",
        "state_before": "M1",
        "state_after": "M2",
        "paid_more": "-100.00",
        "paid_later": "0.00",
    },
    "A2": {
        "restated_by": "late_payment",
        "change": "-150.00",
        "state_before": "M2",
        "state_after": "M1",
        "paid_more": "150.00",
        "paid_later": "150.00",
    },
    "A3": {
        "restated_by": "payment_gone",
        "change": "100.00",
        "days_before": 16,
        "days_after": 31,
        "paid_more": "-100.00",
    },
    "A4": {"restated_by": "plan", "change": "-100.00", "days_before": 31, "days_after": 16, "paid_more": "0.00"},
    "A5": {"restated_by": "removed", "change": "-300.00", "overdue_before": "300.00", "overdue_after": None},
    "A7": {"restated_by": "added", "change": "300.00", "overdue_before": None, "overdue_after": "300.00"},
}
SNAPSHOTS = "account_id,as_of,days_past_due,balance\n"


def write(source: Source, accounts: Sequence[str], payments: Sequence[str], *without: str) -> None:
    """Each account with 100 due on 31 July, 15 August and 15 October, but for the lines left out."""
    source.write("accounts.csv", ACCOUNTS + "".join(f"{a},D{a},card,CNY,2025-01-10,300.00\n" for a in accounts))
    dues = [(a, on, n) for a in accounts for n, on in enumerate(("2025-07-31", "2025-08-15", "2025-10-15"), 1)]
    lines = [f"{a},{on},100.00,{n}\n" for a, on, n in dues]
    assert set(without) <= set(lines)
    source.write("instalments.csv", "account_id,due_on,amount,seq\n" + "".join(x for x in lines if x not in without))
    source.write(
        "payments.csv", "payment_id,account_id,paid_on,posted_at,amount,reverses_payment_id\n" + "".join(payments)
    )


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Source:
    source = Source(tmp_path_factory.mktemp("restated"))
    write(source, FIRST, PAYMENTS)
    source.load(UNTIL)
    return source


@pytest.fixture(scope="module")
def books(alone: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two books: the second with a change of each kind."""
    folder = tmp_path_factory.mktemp("two") / "books"
    shutil.copytree(alone.books, folder)
    accounts = [name for name in (*FIRST, "A7") if name != "A5"]
    write(alone, accounts, LATER_PAYMENTS, "A4,2025-07-31,100.00,1\n")
    (folder.parent / "mapping.toml").write_text(UNTIL, encoding="utf-8")
    ingest(alone.folder, books=folder, mapping=folder.parent / "mapping.toml")
    return folder


@contextmanager
def both_books(books: Path) -> Iterator[list[Ask]]:
    """Both books, the one in service first."""
    with (
        closing(DuckDBEngine(two_books(books)[0], Settings())) as now,
        closing(DuckDBEngine(two_books(books)[1], Settings())) as then,
    ):
        yield [lambda name, given, engine=engine: engine.run(name, given, WHOLE_BOOK) for engine in (now, then)]


def overdue(ask: Ask) -> Decimal:
    return Decimal(ask("portfolio/book_totals", {"as_of": DAY})["overdue_balance"].sum())


def compared(books: Path) -> list[dict[str, Any]]:
    """The rows, once they are known to add up to the two books' own totals."""
    with both_books(books) as asks:
        rows = restated_accounts(asks[0], asks[1], as_of=DAY)
        difference = overdue(asks[0]) - overdue(asks[1])
    assert sum(rows["change"].to_list(), Decimal(0)) == difference
    assert sum(by_reason(rows)["change"].to_list(), Decimal(0)) == difference
    assert sum(by_reason(rows)["n_accounts"].to_list()) == rows.height
    return rows.to_dicts()


def test_each_change_is_told_with_its_reason_and_its_amount(books: Path) -> None:
    actual = {row["account_id"]: row for row in compared(books)}
    assert set(actual) == set(WANTED), "an account that pays after the day stands the same on it"
    for account_id, expected in WANTED.items():
        for name, value in expected.items():
            exact = Decimal(value) if isinstance(value, str) and "." in value else value
            assert actual[account_id][name] == exact, (account_id, name)


def test_a_snapshot_that_the_lender_corrected_is_told_and_the_same_files_again_restate_nothing(tmp_path: Path) -> None:
    source = Source(tmp_path)
    source.write("snapshots.csv", f"{SNAPSHOTS}A1,2025-08-31,10,500.00\n")
    source.load()
    source.write("snapshots.csv", f"{SNAPSHOTS}A1,2025-08-31,40,510.00\n")
    source.load()
    (row,) = compared(source.books)
    assert (row["restated_by"], row["change"]) == ("snapshot", Decimal("10.00"))
    assert (row["state_before"], row["state_after"]) == ("M1", "M2")
    source.load()
    assert compared(source.books) == []


def test_all_reasons_are_met_in_these_tests() -> None:
    assert {*(expected["restated_by"] for expected in WANTED.values()), "snapshot"} == set(REASONS)


def test_one_book_alone_is_one_sentence(alone: Source) -> None:
    assert earlier_version(alone.books, published_versions(alone.books)[0]) is None
    with pytest.raises(BookError, match="only one book"):
        two_books(alone.books)


def test_the_command_gives_rows_or_reasons_as_json(books: Path) -> None:
    values = ["restate", "--as-of", DAY.isoformat(), "--books", str(books), "--format", "json"]
    rows = json.loads(CliRunner().invoke(app, values, catch_exceptions=False).stdout)
    told = {row["account_id"]: (row["restated_by"], row["change"]) for row in rows}
    assert told == {account: (expected["restated_by"], expected["change"]) for account, expected in WANTED.items()}
    reasons = json.loads(CliRunner().invoke(app, [*values, "--by-reason"], catch_exceptions=False).stdout)
    assert [row["restated_by"] for row in reasons] == [reason for reason in REASONS if reason != "snapshot"]


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--as-of", "2025-08-30"], "no snapshot on"), (["--as-of", "2025-08-31", "--against", "x"], "no book x")],
)
def test_the_command_refuses_a_day_or_a_version_that_is_not_there(more: list[str], told: str, books: Path) -> None:
    values = ["restate", "--books", str(books), *more]
    with pytest.raises(BookError, match=told):
        CliRunner().invoke(app, values, catch_exceptions=False, standalone_mode=False)
