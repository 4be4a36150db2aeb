"""Every preset reads its own sample of invented rows, and its README says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewatch.cli.ingest import mapping_file
from duewatch.contract.errors import SourceError
from duewatch.sources.presets import preset_mapping, preset_names, preset_sample
from tests.support.loaded import Loaded, loaded

NAMES = (
    "asterisk-cdr",
    "cn-case-sheet",
    "erpnext",
    "fannie-mae",
    "fineract",
    "genesys",
    "invoice-list",
    "loan-tape",
    "vicidial",
)
STATES = (
    "select account_id, as_of::varchar, days_past_due, days_past_due_to, balance::varchar, state "
    "from snapshots join accounts using (account_key) {} order by 1, 2"
)
CONTACTS = (
    "select account_id, local_date::varchar, local_time::varchar, direction, outcome, response "
    "from contacts join accounts using (account_key) order by 2, 3, 1"
)
PAYMENTS = (
    "select account_id, paid_on::varchar, amount::varchar from payments join accounts using (account_key) order by 1, 2"
)


def of_sample(name: str, tmp_path: Path) -> Loaded:
    return loaded(preset_sample(name), tmp_path / "books", preset_mapping(name))


def test_every_preset_has_a_sample_and_a_readme_with_its_command_line() -> None:
    assert preset_names() == NAMES
    for name in NAMES:
        folder = preset_mapping(name).parent
        assert any(preset_sample(name).iterdir()), name
        readme = (folder / "README.md").read_text(encoding="utf-8")
        assert f"python -m duewatch ingest FOLDER --mapping {name}\n" in readme
        assert all(word in readme for word in ("**Set**", "**Not read**")), name


def test_a_preset_stands_in_for_a_mapping_file_and_another_name_is_refused() -> None:
    assert mapping_file(Path("genesys")) == preset_mapping("genesys")
    with pytest.raises(SourceError, match="genesys"):
        preset_mapping("genisys")


def test_cn_case_sheet(tmp_path: Path) -> None:
    book = of_sample("cn-case-sheet", tmp_path)
    assert book.ask(STATES.format("")) == [
        ("AJ001", "2026-10-08", 45, None, "6120.50", "M2"),
        ("AJ002", "2026-10-08", 95, None, "18300.00", "M4"),
    ]
    assert book.ask("select original_amount::varchar, annual_rate::varchar from accounts order by account_id") == [
        ("10000.00", "0.180000"),
        ("20000.00", "0.240000"),
    ]
    assert book.ask(CONTACTS) == [
        ("AJ001", "2026-10-09", "09:05:12", "out", "conversation", "promise"),
        ("AJ001", "2026-10-09", "18:30:00", "out", "no_answer", None),
        ("AJ002", "2026-10-10", "20:15:00", "out", "third_party_answered", None),
    ]
    assert book.ask(PAYMENTS) == [("AJ001", "2026-10-14", "500.00"), ("AJ002", "2026-10-20", "1000.00")]
    assert book.ask("select amount::varchar, due_on::varchar from promises") == [("500.00", "2026-10-15")]
    assert b"990000199001010010" not in book.public_bytes


def test_vicidial(tmp_path: Path) -> None:
    """11:30 and 13:00 in New York are 08:30 and 10:00 in Los Angeles."""
    assert of_sample("vicidial", tmp_path).ask(CONTACTS) == [
        ("A1", "2026-03-10", "08:30:05", "out", "no_answer", None),
        ("A1", "2026-03-10", "10:00:00", "out", "voicemail_left", None),
        ("A2", "2026-03-10", "12:31:05", "out", "conversation", "promise"),
    ]


def test_asterisk_cdr(tmp_path: Path) -> None:
    """The call between two extensions is left out."""
    book = of_sample("asterisk-cdr", tmp_path)
    assert book.counts["contacts"] == (4, 3, 0, 1)
    assert book.ask(CONTACTS) == [
        ("A1", "2026-03-10", "08:30:00", "out", "conversation", None),
        ("A2", "2026-03-10", "11:40:00", "out", "no_answer", None),
        ("A2", "2026-03-10", "12:02:00", "in", "conversation", None),
    ]
    assert book.ask("select distinct collector_id from contacts") == [("104",)]


def test_genesys(tmp_path: Path) -> None:
    """The callback is left out; the second call is found by its number."""
    book = of_sample("genesys", tmp_path)
    assert book.counts["contacts"] == (4, 3, 0, 1)
    assert book.ask(CONTACTS) == [
        ("A1", "2026-03-10", "08:30:00", "out", "conversation", "promise"),
        ("A2", "2026-03-10", "21:05:00", "out", "no_answer", None),
        ("A2", "2026-03-11", "10:00:00", "in", "conversation", None),
    ]


def test_fineract(tmp_path: Path) -> None:
    """Loan 1: 520 + 515.50 due, 520 paid; the second is due on 5 March, 26 days before the 31st. Loan 2: 612 due on 10
    February, 100 paid on 31 March; the payment that was reversed is no cash."""
    book = of_sample("fineract", tmp_path)
    assert book.counts["accounts"] == (3, 2, 0, 1)
    assert book.ask(STATES.format("where as_of = '2026-03-31'")) == [
        ("1", "2026-03-31", 26, None, "515.50", "M1"),
        ("2", "2026-03-31", 49, None, "512.00", "M2"),
    ]
    assert book.ask(PAYMENTS) == [("1", "2026-02-05", "520.00"), ("2", "2026-03-31", "100.00")]


def test_erpnext(tmp_path: Path) -> None:
    """10,600 payable less 2,650 paid; an invoice of 1,200 due on 1 May is 60 days late on 30 June. The sheet is of that
    day alone, so the month-ends before it come from the due date and the 500 paid on 20 May."""
    book = of_sample("erpnext", tmp_path)
    assert book.ask(STATES.format("")) == [
        ("ACC-LOAN-2026-00001", "2026-06-30", 31, None, "7950.00", "M2"),
        ("ACC-LOAN-2026-00002", "2026-06-30", 0, None, "0.00", "paid_off"),
        ("ACC-SINV-2026-00001", "2026-04-30", 0, None, "1200.00", "M0"),
        ("ACC-SINV-2026-00001", "2026-05-31", 30, None, "700.00", "M1"),
        ("ACC-SINV-2026-00001", "2026-06-30", 60, None, "700.00", "M2"),
    ]
    assert book.ask(PAYMENTS) == [
        ("ACC-LOAN-2026-00001", "2026-02-06", "2650.00"),
        ("ACC-LOAN-2026-00002", "2026-02-06", "510.00"),
        ("ACC-SINV-2026-00001", "2026-05-20", "500.00"),
    ]


def test_loan_tape(tmp_path: Path) -> None:
    assert of_sample("loan-tape", tmp_path).ask(STATES.format("")) == [
        ("L1", "2026-06-30", 0, None, "7499.50", "M0"),
        ("L2", "2026-06-30", 31, 60, "4000.00", "M2"),
        ("L3", "2026-06-30", 121, 9999, "5000.00", "M5"),
        ("L4", "2026-06-30", 0, 9999, "2500.00", "written_off"),
        ("L5", "2026-06-30", 0, None, "0.00", "paid_off"),
    ]


def test_invoice_list(tmp_path: Path) -> None:
    """Due on 25 February and open: 64 days on 30 April (3 + 31 + 30)."""
    book = of_sample("invoice-list", tmp_path)
    assert book.ask(STATES.format("where as_of = '2026-04-30'")) == [
        ("9002", "2026-04-30", 64, None, "61.74", "M3"),
        ("9003", "2026-04-30", 0, None, "0.00", "paid_off"),
    ]
    assert book.ask(PAYMENTS) == [("9001", "2026-02-15", "55.94"), ("9003", "2026-04-30", "65.88")]


def test_fannie_mae(tmp_path: Path) -> None:
    """A status of n months is 30 n to 30 n + 29 days; XX is not known and rejected; 01 left the book paid off."""
    book = of_sample("fannie-mae", tmp_path)
    assert book.ask(STATES.format("")) == [
        ("100000000001", "2025-11-30", 0, 29, "190000.00", "M0"),
        ("100000000001", "2025-12-31", 30, 59, "190000.00", "M1"),
        ("100000000001", "2026-01-31", 60, 89, "190000.00", "M2"),
        ("100000000002", "2025-11-30", 0, 29, "150000.00", "M0"),
        ("100000000002", "2025-12-31", 0, None, "0.00", "paid_off"),
        ("100000000004", "2026-01-31", 210, 239, "99000.00", "M7+"),
    ]
    assert book.ask("select column_name, reason, line from rejects") == [("days_past_due", "missing_value", 6)]
    assert book.ask("select distinct annual_rate::varchar, opened_on::varchar from accounts") == [
        ("0.035000", "2020-01-01")
    ]
