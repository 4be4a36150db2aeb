"""Sixteen public shapes of files load by a mapping or preset alone, with the values that their rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.contract.errors import SourceError
from duewatch.contract.settings import PROJECT_ROOT
from tests.support.loaded import Loaded, loaded
from tests.support.public_shapes import SHAPES

ROWS = 24


def load(tmp_path: Path, number: int) -> Loaded:
    source = tmp_path / "source"
    source.mkdir()
    SHAPES[number].write(source, ROWS)
    return loaded(source, tmp_path / "books", SHAPES[number].mapping)


def test_invoices_with_the_day_of_settlement(tmp_path: Path) -> None:
    """Invoice 1001 of 2 January is due on 1 February: 27 days on 28 February. Twelve are paid: 12 x 61 + 12 x 0.25."""
    book = load(tmp_path, 1)
    assert book.counts["payments"] == (24, 12, 0, 12)
    assert book.ask("select sum(amount)::varchar from payments") == [("735.00",)]
    assert book.ask(
        "select days_past_due, balance::varchar, state from snapshots join accounts using (account_key) "
        "where account_id = '1001' and as_of = '2025-02-28'"
    ) == [(27, "51.25", "M1")]


def test_a_telecoms_tables_with_the_primary_number_by_sql(tmp_path: Path) -> None:
    """Payments are n + 0.5 for n from 1 to 24: 300 + 12."""
    book = load(tmp_path, 2)
    assert {table: counts[1] for table, counts in book.counts.items()} == {
        "debtors": 24,
        "accounts": 24,
        "snapshots": 24,
        "payments": 24,
        "promises": 24,
    }
    assert book.ask("select sum(amount)::varchar from payments") == [("312.00",)]
    assert book.ask(
        "select days_past_due, balance::varchar, state from snapshots join accounts using (account_key) "
        "where account_id = '12'"
    ) == [(12, "12.75", "M1")]
    assert book.ask("select name, phone from debtors where debtor_id = '12'", private=True) == [
        ("Ada Name12", "3305550012")
    ]


def test_messages_of_a_day_and_payments_that_failed(tmp_path: Path) -> None:
    book = load(tmp_path, 3)
    assert book.counts["payments"] == (24, 18, 0, 6)
    assert book.ask("select count(*), bool_or(time_known) from contacts") == [(24, False)]
    assert book.ask("select channel, count(*) from contacts group by 1 order by channel::varchar") == [
        ("call", 6),
        ("email", 6),
        ("letter", 6),
        ("sms", 6),
    ]
    assert book.ask("select count(*) from contacts where outcome = 'undelivered'") == [(4,)]


def test_slips_whose_last_cell_holds_the_mark_between_cells(tmp_path: Path) -> None:
    """Due on 1 and 3 October, so 30 and 28 days at its end."""
    book = load(tmp_path, 4)
    assert book.counts == {"accounts": (24, 24, 0, 0), "instalments": (24, 24, 0, 0), "payments": (24, 8, 0, 16)}
    assert book.ask(
        "select account_id, days_past_due, balance::varchar from snapshots join accounts using (account_key) "
        "where as_of = '2025-10-31' and account_id in ('60000', '60001', '60002') order by 1"
    ) == [("60000", 30, "1161.41"), ("60001", 0, "0.00"), ("60002", 28, "750.50")]


def test_a_chilean_list_keeps_its_ruts_out_of_the_book(tmp_path: Path) -> None:
    book = load(tmp_path, 5)
    assert book.ask(
        "select days_past_due, balance::varchar, opened_on::varchar from snapshots join accounts using (account_key) "
        "where account_id = 'F3'"
    ) == [(3, "1000003.00", "2025-01-04")]
    assert b"10000003-K" not in book.public_bytes
    assert book.ask("select id_number from debtors where name = 'Deudor Nº 3'", private=True) == [("10000003-K",)]


def test_a_diallers_clock_and_accounts_found_by_number(tmp_path: Path) -> None:
    """08:30 in New York is 05:30 in Los Angeles."""
    book = load(tmp_path, 6)
    assert book.ask("select distinct local_time::varchar from contacts") == [("05:30:00",)]
    assert book.ask("select count(distinct account_key) from contacts") == [(24,)]
    assert any(
        note.startswith("contacts without account: 8 found by debtor or number, 0 could be") for note in book.notes
    )
    name = "EXPORT_CALL_REPORT_20250301.txt"
    assert f"{name}: times without an offset were read by the clock of America/New_York" in book.notes


def test_call_records_without_a_line_of_names(tmp_path: Path) -> None:
    """10:00 in New York is 07:00 in Los Angeles; every fourth call comes in."""
    book = load(tmp_path, 7)
    assert book.ask("select direction, count(*), min(local_time)::varchar from contacts group by 1 order by 2") == [
        ("in", 6, "07:00:00"),
        ("out", 18, "07:00:00"),
    ]
    assert book.ask("select outcome, count(*) from contacts group by 1 order by 2, outcome::varchar") == [
        ("no_answer", 6),
        ("not_connected", 6),
        ("conversation", 12),
    ]
    assert book.ask("select count(distinct account_key) from contacts") == [(24,)]


def test_amounts_in_ten_thousands_and_days_in_chinese(tmp_path: Path) -> None:
    book = load(tmp_path, 8)
    assert book.ask(
        "select original_amount::varchar, opened_on::varchar, balance::varchar, days_past_due "
        "from accounts join snapshots using (account_key) where account_id = 'HT00005'"
    ) == [("125000.00", "2024-06-06", "55000.00", 5)]
    assert book.counts["accounts"] == (24, 24, 0, 0), "empty rows are no rows"


def test_a_key_of_two_columns_and_periods_in_place_of_days(tmp_path: Path) -> None:
    book = load(tmp_path, 9)
    assert book.counts["accounts"] == (24, 24, 0, 0)
    assert book.ask(
        "select currency, annual_rate::varchar, days_past_due, days_past_due_to, state, overdue_amount::varchar "
        "from accounts join snapshots using (account_key) where account_id = '181444525316-102'"
    ) == [("CNY", "0.084000", 61, 90, "M3", "3000.00")]


def test_days_counted_from_1960_and_loans_charged_off_with_days_unknown(tmp_path: Path) -> None:
    """15,095 days: 41 years with 11 leap days are 14,976; 119 more from 1 January 2001 end on 30 April."""
    book = load(tmp_path, 10)
    assert book.ask("select distinct opened_on::varchar from accounts") == [("2001-04-30",)]
    assert book.ask(
        "select state, days_past_due, days_past_due_to, count(*) from snapshots group by all order by 4"
    ) == [("written_off", 0, 9999, 8), ("paid_off", 0, None, 16)]


def test_delinquency_in_words_is_a_range_of_days(tmp_path: Path) -> None:
    book = load(tmp_path, 11)
    assert book.ask(
        "select state, days_past_due, days_past_due_to, balance::varchar, count(*) from snapshots group by all "
        "order by state"
    ) == [
        ("M0", 0, None, "6499.50", 4),
        ("M2", 31, 60, "6499.50", 4),
        ("M5", 121, 9999, "6499.50", 4),
        ("paid_off", 0, None, "0.00", 4),
        ("written_off", 0, 9999, "6499.50", 8),
    ]
    assert book.ask("select distinct annual_rate::varchar, opened_on::varchar from accounts") == [
        ("0.183500", "2013-06-01")
    ]


def test_three_ways_of_writing_a_day_and_a_direction_inside_the_channel(tmp_path: Path) -> None:
    """10/05 and 05/12 fit two forms, three rows of each. 8.6 minutes are 516 seconds."""
    book = load(tmp_path, 12)
    assert book.counts["accounts"] == (25, 24, 0, 1)
    assert book.counts["payments"] == (24, 8, 0, 16)
    assert (
        "contacts.started_at: 6 cells such as '10/05/2025' fit more than one declared form (%d/%m/%Y, %m/%d/%Y); "
        "the first was taken" in book.notes
    )
    counts = book.ask("select channel, direction, count(*) from contacts group by all")
    assert set(counts) == {("call", "in", 4), ("letter", "out", 4), ("sms", "out", 4), ("call", "out", 12)}
    assert book.ask("select distinct duration_seconds from contacts where channel = 'call'") == [(516,)]
    assert book.ask("select local_date::varchar from contacts where contact_id = 'COM7'") == [("2025-05-16",)]


def test_a_contact_log_alone_makes_a_book(tmp_path: Path) -> None:
    """5.68 minutes are 340.8 seconds. A call_id that comes again is no key: both calls stay."""
    book = load(tmp_path, 13)
    assert book.counts["contacts"] == (24, 24, 0, 0)
    assert book.ask("select count(*), min(currency) from accounts") == [(24, "INR")]
    assert book.ask("select distinct local_time::varchar, duration_seconds from contacts") == [("15:40:00", 341)]


def test_sums_by_agent_and_month_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file of accounts or contacts") as refused:
        load(tmp_path, 14)
    assert "agent_performance.csv" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "books").exists() or not list((tmp_path / "books").glob("book-*"))


def test_twelve_workbooks_with_their_day_in_the_name(tmp_path: Path) -> None:
    """Two invoices a month; the balance is one less each month, and a week more past due."""
    book = load(tmp_path, 15)
    assert book.counts["accounts"] == (24, 2, 0, 22)
    assert book.ask(
        "select count(*), min(as_of)::varchar, max(as_of)::varchar, max(balance)::varchar, min(days_past_due) "
        "from snapshots"
    ) == [(24, "2026-01-24", "2026-12-24", "1233.50", 7)]
    assert book.ask("select distinct opened_on::varchar from accounts") == [("2025-11-03",)]
    assert b"5250000001" not in book.public_bytes


def test_two_sheets_with_titles_totals_and_three_decimals(tmp_path: Path) -> None:
    book = load(tmp_path, 16)
    assert book.counts == {"accounts": (25, 24, 1, 0), "snapshots": (25, 24, 1, 0)}
    assert book.ask("select distinct reason from rejects") == [("total_row",)]
    assert book.ask("select distinct original_amount::varchar from accounts") == [("1000.13",)]
    assert book.ask("select sum(balance)::varchar from snapshots") == [("21612.00",)]


def test_the_table_of_the_documentation_has_a_row_for_every_shape() -> None:
    text = (PROJECT_ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [shape.number for shape in SHAPES.values() if f"| {shape.number} {shape.what} |" not in text] == []
