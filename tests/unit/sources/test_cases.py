"""Small files of everyday shapes that once went wrong, each with what is right (tests/cases/any_file)."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.contract.errors import SourceError
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.sources.presets import preset_mapping
from tests.support.loaded import FEW_RULES, Loaded, loaded

CASES = PROJECT_ROOT / "tests" / "cases" / "any_file"


def load(tmp_path: Path, case: str, mapping: str | Path = "", settings: Settings = FEW_RULES) -> Loaded:
    path = mapping if isinstance(mapping, Path) else tmp_path / "mapping.toml"
    if isinstance(mapping, str):
        path.write_text(mapping, encoding="utf-8")
    books = tmp_path / "books"
    return loaded(CASES / case, books, path if mapping else None, settings)


def test_a_chinese_case_sheet_loads_by_preset_whole_and_without_identity_numbers(tmp_path: Path) -> None:
    book = load(tmp_path, "cn_case_sheet", preset_mapping("cn-case-sheet"))
    assert book.counts == {
        "debtors": (6, 5, 1, 0),
        "accounts": (6, 5, 1, 0),
        "snapshots": (6, 5, 1, 0),
        "payments": (3, 3, 0, 0),
        "contacts": (8, 8, 0, 0),
        "promises": (8, 1, 0, 7),
        "assignments": (2, 1, 0, 1),
    }
    assert book.ask("select distinct reason from rejects") == [("total_row",)]
    assert "payments: 1 rows equal another in every cell; all were kept, and may be one thing exported twice" in (
        book.notes
    )
    assert book.ask("select count(distinct payment_id), sum(amount)::varchar from payments") == [(3, "2200.00")]
    assert book.ask("select distinct annual_rate::varchar, currency from accounts") == [("0.180000", "CNY")]
    assert book.ask(
        "select local_time::varchar, epoch(ended_at - started_at)::int, outcome, response from contacts "
        "where response = 'promise'"
    ) == [("09:05:12", 65, "conversation", "promise")]
    assert book.ask("select count(*) from promises p join contacts c using (contact_id) where amount = 500") == [(1,)]
    assert b"990000199001010001" not in book.public_bytes, "no identity number in the public book"
    assert book.ask("select count(*) from debtors where id_number like '99000019900101000_'", private=True) == [(5,)]


def test_a_diallers_call_report_finds_its_account_by_number_or_is_counted_apart(tmp_path: Path) -> None:
    book = load(tmp_path, "vicidial", preset_mapping("vicidial"))
    assert book.counts["contacts"] == (3, 2, 1, 0)
    assert book.ask("select channel, direction, count(*) from contacts group by all") == [("call", "out", 2)]
    assert book.ask("select reason from rejects") == [("no_account",)]


CHILE = """
[source]
decimal_mark = ","
date_formats = ["%d/%m/%Y"]
default_time_zone = "America/Santiago"
clear_ids = ["accounts.debtor_id"]

[files.cartera]
[files.cartera.accounts]
account_id = "NRO_FACTURA"
debtor_id = "RUT_DEUDOR"
product = { constant = "invoice" }
currency = "MONEDA"
opened_on = "VENCIMIENTO"
original_amount = "MONTO_PENDIENTE"

[files.cartera.snapshots]
account_id = "NRO_FACTURA"
as_of = { constant = "2025-03-31" }
days_past_due = "DIAS_MORA"
balance = "MONTO_PENDIENTE"
oldest_due_on = "VENCIMIENTO"
"""


def test_semicolons_marks_of_thousands_and_two_tables_of_one_file(tmp_path: Path) -> None:
    book = load(tmp_path, "chile_raw", CHILE)
    assert book.ask(
        "select account_id, balance::varchar, days_past_due, opened_on::varchar "
        "from snapshots join accounts using (account_key) order by 1"
    ) == [("F001", "1234567.00", 85, "2025-01-05"), ("F002", "98500.00", 39, "2025-02-20")]


def test_ids_that_are_people_are_not_published_without_a_word(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"accounts\.debtor_id holds identity numbers"):
        load(tmp_path, "chile_raw", CHILE.replace('clear_ids = ["accounts.debtor_id"]', ""))
    assert not list((tmp_path / "books").glob("book-*"))


def test_amounts_are_read_as_they_are_written(tmp_path: Path) -> None:
    book = load(tmp_path, "money")
    assert book.ask("select account_id, original_amount::varchar from accounts order by 1") == [
        ("A13", "0.00"),
        ("A5", "1234.50"),
        ("A8", "123456.00"),
    ]
    reasons = dict(book.ask("select row_text[:position(',' in row_text) - 1], reason from rejects"))
    negative, none = "below_minimum", "missing_value"
    assert reasons == {
        "A0": "too_many_digits",
        "A1": "too_many_digits",
        "A2": negative,
        "A3": negative,
        "A4": negative,
        "A6": "not_a_number",
        "A7": "not_a_number",
        "A9": negative,
        "A10": none,
        "A11": none,
        "A12": none,
        "A14": "not_a_number",
        "A15": "not_a_number",
    }


def test_amounts_are_rounded_and_commas_are_decimals_where_that_is_declared(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    book = load(tmp_path / "r", "money", "[source]\nround_amounts = true\n")
    assert dict(book.ask("select account_id, original_amount::varchar from accounts"))["A0"] == "1234.57"
    assert "accounts.original_amount: 2 cells such as '1234.567' were rounded" in book.notes
    (tmp_path / "c").mkdir()
    commas = load(tmp_path / "c", "money", '[source]\ndecimal_mark = ","\n')
    amounts = dict(commas.ask("select account_id, original_amount::varchar from accounts"))
    assert (amounts["A6"], amounts["A7"]) == ("1234.50", "1234.50")


def test_days_past_due_in_words_keep_what_is_uncertain(tmp_path: Path) -> None:
    book = load(tmp_path, "dpd")
    assert book.ask(
        "select as_of::varchar, days_past_due, days_past_due_to, state from snapshots order by account_key, as_of"
    ) == [
        ("2025-01-31", 40, None, "M2"),
        ("2025-02-28", 31, 60, "M2"),
        ("2025-03-31", 0, None, "M0"),
        ("2025-03-31", 1, None, "M1"),
    ]
    assert [reason for (reason,) in book.ask("select reason from rejects")] == ["missing_value"] * 2
    assert any("'31-60 DPD' name a range" in note for note in book.notes)
    assert any("'-3' were read as not yet due" in note for note in book.notes)


def test_two_forms_of_a_day_that_both_fit_are_counted_and_told(tmp_path: Path) -> None:
    book = load(tmp_path, "ambig", '[source]\ndate_formats = ["%m/%d/%Y", "%d/%m/%Y"]\n')
    assert book.ask("select opened_on::varchar from accounts order by account_id") == [("2025-04-05",), ("2024-05-23",)]
    assert (
        "accounts.opened_on: 1 cells such as '04/05/2025' fit more than one declared form (%m/%d/%Y, %d/%m/%Y); "
        "the first was taken" in book.notes
    )


def test_renminbi_by_its_other_name_is_cny_and_a_code_of_no_currency_is_refused(tmp_path: Path) -> None:
    book = load(tmp_path, "rmb")
    assert book.ask("select distinct currency from accounts") == [("CNY",)]
    assert book.ask("select reason, value from rejects where table_name = 'accounts'") == [("unknown_code", "XXZ")]
    assert "accounts.currency: 1 cells 'RMB' were read as CNY" in book.notes


def test_times_of_a_diallers_clock_become_the_debtors(tmp_path: Path) -> None:
    """08:30 in New York is 05:30 in Los Angeles; 23:30 on the 20th is 20:30 there."""
    book = load(tmp_path, "tz", '[source]\nlog_time_zone = "America/New_York"\n')
    assert book.ask("select contact_id, local_time::varchar, time_known from contacts order by 1") == [
        ("1", "05:30:00", True),
        ("2", "08:30:00", True),
        ("3", "02:30:00", True),
        ("4", "20:30:00", True),
    ]


def test_midnight_throughout_is_a_day_and_no_time(tmp_path: Path) -> None:
    book = load(tmp_path, "midnight")
    assert book.ask("select local_date::varchar, time_known from contacts") == [("2026-03-10", False)] * 2
    assert any(note.startswith("contacts in files whose every time is 00:00:00: 2") for note in book.notes)


def test_title_rows_and_a_workbook_of_two_tables_are_read(tmp_path: Path) -> None:
    titled = load(tmp_path, "x_title")
    assert titled.ask("select account_id, original_amount::varchar from accounts") == [("A1", "1000.10")]
    (tmp_path / "two").mkdir()
    of_book = '[tables.{}]\nfile = "book.xlsx"\nsheet = "{}"\n'
    sheets = of_book.format("accounts", "Loans") + of_book.format("snapshots", "Aging")
    both = load(tmp_path / "two", "x_one_book", sheets)
    assert both.ask("select days_past_due, balance::varchar from snapshots") == [(3, "900.00")]
