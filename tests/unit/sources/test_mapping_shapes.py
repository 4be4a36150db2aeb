"""What the second edition of the mapping can say, each on a file of a few lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.errors import SourceError
from duewatch.sources.written_numbers import NumberStyle, WrittenDays, written_days, written_number
from tests.unit.ingest.conftest import ACCOUNT, ACCOUNTS, Source


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


WIDE = """
[files.months]
[files.months.snapshots]
account_id = "id"
as_of = { column = "month", formats = ["%Y%m"], day = "last" }
days_past_due = "days"
balance = "balance"
wide = { key = "month", columns = { days = "DPD_(\\\\d+)", balance = "BAL_(\\\\d+)" } }
"""


def test_months_side_by_side_become_a_row_each(source: Source) -> None:
    source.write("months.csv", "id,DPD_202501,DPD_202502,BAL_202501,BAL_202502\nA1,0,28,1000,900\nA9,0,0,1,1\n")
    report = source.load(WIDE)
    assert source.ask("select as_of::varchar, days_past_due, balance::varchar from snapshots order by 1") == [
        ("2025-01-31", 0, "1000.00"),
        ("2025-02-28", 28, "900.00"),
    ]
    snapshots = report.loads[1]
    assert (snapshots.rows_read, snapshots.rows_accepted, snapshots.rows_rejected) == (4, 2, 2)
    assert source.ask("select line, reason, row_text from rejects") == [(3, "dangling_key", "A9,0,0,1,1")] * 2


def test_a_day_from_the_files_name_and_a_pattern_of_files(source: Source) -> None:
    for day, days in (("31.03.2025", 10), ("30.04.2025", 40)):
        source.write(f"{day}_base.csv", f"id;dpd;amount\nA1;{days};1.000,50\n")
    mapping = """
[files.base]
file = "*_base.csv"
decimal_mark = ","
[files.base.snapshots]
account_id = "id"
as_of = { file_name = '(\\d+\\.\\d+\\.\\d{4})_', formats = ["%d.%m.%Y"] }
days_past_due = "dpd"
balance = "amount"
"""
    source.load(mapping)
    assert source.ask("select as_of::varchar, days_past_due, balance::varchar from snapshots order by 1") == [
        ("2025-03-31", 10, "1000.50"),
        ("2025-04-30", 40, "1000.50"),
    ]


def test_rows_are_kept_by_a_condition_and_the_others_counted(source: Source) -> None:
    source.write(
        "txn.csv", "ref,acc,day,amt,state\n1,A1,2025-03-01,5,Successful\n2,A1,2025-03-02,6,Failed\n3,A1,2025-03-03,7,\n"
    )
    mapping = """
[files.txn]
[files.txn.payments]
payment_id = "ref"
account_id = "acc"
paid_on = "day"
amount = "amt"
keep = "state = 'Successful'"
"""
    report = source.load(mapping)
    payments = report.loads[1]
    assert (payments.rows_read, payments.rows_accepted, payments.rows_left_out) == (3, 1, 2)
    with pytest.raises(SourceError, match=r"files\.txn\.payments\.keep: the SQL of the mapping"):
        source.load(mapping.replace("state =", "stte ="))


def test_parts_of_a_key_factors_percents_and_constants(source: Source) -> None:
    source.write("loans.csv", "agreement,note,amt,rate\nX,1,12.5,18\nX,2,3,4.5\n")
    (source.folder / "accounts.csv").unlink()
    mapping = """
[files.loans]
[files.loans.accounts]
account_id = { join = ["agreement", "note"], separator = "/" }
debtor_id = "agreement"
product = { constant = "loan" }
currency = { constant = "CNY" }
opened_on = { constant = "2025-01-01" }
original_amount = { column = "amt", factor = 10000 }
annual_rate = { column = "rate", factor = 0.01 }
"""
    source.load(mapping)
    assert source.ask(
        "select account_id, original_amount::varchar, annual_rate::varchar, product from accounts order by 1"
    ) == [("X/1", "125000.00", "0.180000", "loan"), ("X/2", "30000.00", "0.045000", "loan")]


def test_one_file_of_sql_does_what_a_declaration_cannot(source: Source, tmp_path: Path) -> None:
    """Debit and credit stand in two rows of one entry; the query puts them together, and its rows keep the line."""
    source.write(
        "ledger.csv",
        "entry,side,acc,day,amt\nE1,D,BANK,2025-03-01,5.50\nE1,C,A1,2025-03-01,5.50\nE2,C,A7,2025-03-02,1\n",
    )
    (tmp_path / "payments.sql").write_text(
        "select line, entry as payment_id, acc as account_id, day as paid_on, amt as amount from ledger "
        "where side = 'C'",
        encoding="utf-8",
    )
    mapping = '[files.ledger]\n[tables.payments]\nsql = "payments.sql"\n'
    report = source.load(mapping)
    assert source.ask("select payment_id, amount::varchar from payments") == [("E1", "5.50")]
    assert source.ask("select line, reason from rejects") == [(4, "dangling_key")]
    assert (report.loads[1].rows_read, report.loads[1].files) == (2, ("tables.payments.sql",))


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/*')",
        "copy ledger to '/tmp/out'",
        "select nothing",
    ],
)
def test_the_sql_of_a_mapping_reaches_no_file_and_its_mistakes_are_one_sentence(
    source: Source, tmp_path: Path, query: str
) -> None:
    source.write("ledger.csv", "entry,acc\nE1,A1\n")
    (tmp_path / "payments.sql").write_text(query, encoding="utf-8")
    with pytest.raises(SourceError, match=r"tables\.payments\.sql: the SQL of the mapping cannot be worked out"):
        source.load('[files.ledger]\n[tables.payments]\nsql = "payments.sql"\n')


def test_codes_have_a_rest_and_one_result_gives_outcome_and_response(source: Source) -> None:
    source.write("log.csv", "acc,at,result\nA1,2025-03-01 9:05,PTP\nA1,2025-03-02 10:00,XYZ\nA1,2025-03-03,NA\n")
    mapping = """
[files.log]
[files.log.contacts]
contact_id = { content = true }
account_id = "acc"
started_at = "at"
channel = { constant = "call" }
direction = { constant = "out" }
outcome = { column = "result", codes = { PTP = "conversation", NA = "no_answer", "*" = "unknown" } }
response = { column = "result", codes = { PTP = "promise", "*" = "" } }
"""
    source.load(mapping)
    assert source.ask(
        "select local_date::varchar, outcome, response, time_known from contacts order by started_at"
    ) == [
        ("2025-03-01", "conversation", "promise", True),
        ("2025-03-02", "unknown", None, True),
        ("2025-03-03", "no_answer", None, False),
    ]


def test_of_a_debtor_who_stands_in_several_rows_the_last_one_holds(source: Source) -> None:
    source.write("cases.csv", "case,who,phone\nA1,D1,100\nA2,D1,100\nA3,D1,200\n")
    mapping = """
[files.cases]
[files.cases.debtors]
distinct = true
on_conflict = "last"
debtor_id = "who"
phone = "phone"
"""
    report = source.load(mapping)
    debtors = report.loads[0]
    assert (debtors.rows_read, debtors.rows_accepted, debtors.rows_rejected, debtors.rows_left_out) == (3, 1, 0, 2)
    assert source.ask("select phone from debtors", private=True) == [("200",)]


def test_an_id_made_a_pseudonym_is_the_same_in_the_next_book_and_shows_nothing(source: Source) -> None:
    source.write("accounts.csv", ACCOUNTS + ACCOUNT.replace("D1", "110101199001010011"))
    mapping = """
[files.list]
file = "accounts.csv"
[files.list.accounts]
account_id = "account_id"
debtor_id = { column = "debtor_id", pseudonymise = true }
"""
    with pytest.raises(SourceError, match="holds identity numbers"):
        source.load()
    source.load(mapping)
    first = source.ask("select debtor_id from accounts")
    source.load(mapping)
    assert source.ask("select debtor_id from accounts") == first
    assert b"110101199001010011" not in next(iter(source.books.glob("book-*.duckdb"))).read_bytes()
    assert (source.books / "private-pseudonyms.key").stat().st_mode & 0o077 == 0


MARKS = {".": ("", ",", " ", "'"), ",": ("", ".", " ", "'")}


@given(
    st.integers(0, 10**12),
    st.integers(0, 99),
    st.sampled_from([".", ","]),
    st.integers(0, 3),
    st.sampled_from("+-("),
    st.booleans(),
)
def test_an_amount_is_read_as_it_was_written(
    whole: int, cents: int, mark: str, gap: int, sign: str, has_mark: bool
) -> None:
    digits = f"{whole:,}".replace(",", MARKS[mark][gap]) + f"{mark}{cents:02}"
    text = f"({digits})" if sign == "(" else f"{sign}{'$' if has_mark else ''}{digits}"
    value = Decimal(f"{whole}.{cents:02}") * (1 if sign == "+" else -1)
    read = written_number(text, NumberStyle(mark))
    assert read is not None
    assert Decimal(read) == value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12.5万", "125000"),
        ("1,200.00元", "1200.00"),
        ("CHF 1'234.50", "1234.50"),
        ("Rs. 1,23,456.00", "123456.00"),
        ("500 CR", "-500"),
        ("500 DR", "500"),
        ("10.000", "10.000"),
        ("12,34.5", None),
        ("1.234,5", None),
        ("1E+05", None),
        ("XQZ 5", None),
        ("--5", None),
        ("(-5)", None),
        ("5 %", None),
    ],
)
def test_marks_units_and_signs_of_amounts(text: str, read: str | None) -> None:
    assert written_number(text, NumberStyle()) == read


def test_a_credit_is_a_payment_where_payments_are_listed() -> None:
    assert written_number("500 CR", NumberStyle(credit_sign=1)) == "500"
    assert written_number("500 DR", NumberStyle(credit_sign=1)) == "-500"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("40.0", (40, 40)),
        ("1 day", (1, 1)),
        ("30天", (30, 30)),
        ("-3", (-3, -3)),
        ("31-60 DPD", (31, 60)),
        ("Past Due (31-60 days)", (31, 60)),
        ("120+", (120, 9999)),
        (">90", (91, 9999)),
        (">= 90 days", (90, 9999)),
        ("60-31", None),
        ("M2", None),
        ("soon", None),
    ],
)
def test_days_past_due_in_words(text: str, days: tuple[int, int] | None) -> None:
    assert written_days(text) == (WrittenDays(*days) if days else None)
