"""The second day adds to the first: what came again stands as the newest delivery says, and nothing goes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from duewatch.contract.settings import PROJECT_ROOT
from tests.unit.ingest.conftest import ACCOUNT, ACCOUNTS, Source

CASES = PROJECT_ROOT / "tests" / "cases" / "every_day"
OVERDUE = (
    "select as_of::varchar, sum(balance) filter (days_past_due > 0)::varchar, "
    "sum(balance) filter (days_past_due > 90)::varchar from snapshots group by 1 order by 1"
)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


def days(source: Source, case: str) -> Source:
    shutil.rmtree(source.folder)
    shutil.copytree(CASES / case, source.folder)
    return source


def test_an_account_that_moved_branch_stays_with_all_that_hangs_on_it(source: Source) -> None:
    days(source, "day1").load()
    assert source.ask(OVERDUE) == [("2026-03-30", "3900.00", "3000.00")]
    notes = days(source, "day2_parts").notes()
    assert source.ask("select account_id, branch from accounts order by 1") == [
        ("A1", "North"),
        ("A2", "North"),
        ("A3", "South"),
        ("A4", "South"),
    ]
    assert source.ask(OVERDUE) == [("2026-03-30", "3900.00", "3000.00"), ("2026-03-31", "3900.00", "3000.00")]
    assert source.ask("select * from attribute_changes") == [
        ("accounts", "A3", "branch", "North", "South", "accounts/2026-03-31.csv")
    ]
    assert "accounts.branch: 1 rows differ from an earlier delivery; the newest stands" in notes
    assert source.ask("select sum(rows_left_out), sum(rows_rejected) from loads where table_name = 'accounts'") == [
        (3, 0)
    ]


def test_the_same_delivery_twice_changes_nothing(source: Source) -> None:
    days(source, "day1")
    for table in ("accounts", "snapshots"):
        shutil.copy(source.folder / table / "2026-03-30.csv", source.folder / table / "2026-03-30b.csv")
    source.load()
    assert source.ask(OVERDUE) == [("2026-03-30", "3900.00", "3000.00")]
    assert source.ask("select count(*) from rejects") == [(0,)]
    assert source.ask("select count(*) from attribute_changes") == [(0,)]


def test_a_corrected_payment_stands_as_corrected_and_a_changed_telephone_is_told_without_it(source: Source) -> None:
    source.write("payments/1.csv", "payment_id,account_id,paid_on,amount\nP1,A1,2025-03-01,5\nP2,A1,2025-03-01,6\n")
    source.write("payments/2.csv", "payment_id,account_id,paid_on,amount\nP1,A1,2025-03-01,7\n")
    source.write("debtors/1.csv", "debtor_id,phone,region\nD1,100,North\n")
    source.write("debtors/2.csv", "debtor_id,phone,region\nD1,200,North\n")
    notes = source.notes()
    assert source.ask("select payment_id, amount::varchar from payments order by 1") == [("P1", "7.00"), ("P2", "6.00")]
    assert source.ask("select table_name, column_name, old_value, new_value from attribute_changes") == [
        ("debtors", "phone", None, None)
    ]
    assert "payments.amount: 1 rows differ from an earlier delivery; the newest stands" in notes


def test_two_contents_in_one_delivery_are_a_conflict_still(source: Source) -> None:
    source.write("accounts.csv", ACCOUNTS + ACCOUNT + "A2,D1,card,CNY,2025-02-01,5\nA2,D1,card,CNY,2025-02-01,6\n")
    source.load()
    assert [reason for _, _, reason in source.reasons()] == ["conflicting_key"] * 2


def test_two_kinds_of_file_are_no_deliveries_of_each_other(source: Source) -> None:
    source.write("a.csv", "id,acc,day,amt\nP1,A1,2025-03-01,5\n")
    source.write("b.csv", "id,acc,day,amt\nP1,A1,2025-03-01,7\n")
    table = (
        '[files.{0}]\n[files.{0}.payments]\npayment_id = "id"\naccount_id = "acc"\npaid_on = "day"\namount = "amt"\n'
    )
    source.load(table.format("a") + table.format("b"))
    assert [reason for _, _, reason in source.reasons()] == ["conflicting_key"] * 2


def test_a_log_without_ids_that_overlaps_the_day_before_is_counted_once(source: Source) -> None:
    """Two equal calls within one file stay two; the same two in the next day's file are these, and a third is new."""
    twice = "A1,2025-03-01 09:00,NA\n" * 2
    source.write("log/1.csv", "acc,at,result\n" + twice)
    source.write("log/2.csv", "acc,at,result\n" + twice + "A1,2025-03-02 09:00,NA\n")
    mapping = """
[files.log]
[files.log.contacts]
contact_id = { content = true }
account_id = "acc"
started_at = "at"
channel = { constant = "call" }
direction = { constant = "out" }
outcome = { column = "result", codes = { NA = "no_answer" } }
"""
    report = source.load(mapping)
    contacts = report.loads[1]
    assert (contacts.rows_read, contacts.rows_accepted, contacts.rows_rejected, contacts.rows_left_out) == (5, 3, 0, 2)
    assert source.ask("select local_date::varchar, count(*) from contacts group by 1 order by 1") == [
        ("2025-03-01", 2),
        ("2025-03-02", 1),
    ]
