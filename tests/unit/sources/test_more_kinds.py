"""Further forms of everyday files: what the rows say is what lands."""

from __future__ import annotations

import gzip
from datetime import date, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from duewatch.sources.delimited import text_blocks
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.layout import Layout
from duewatch.sources.text_file import open_text
from tests.support.loaded import Loaded, loaded
from tests.unit.sources.conftest import Open, broken, notes, rows

ACCOUNTS = "account_id,debtor_id,product,currency,opened_on,original_amount\n"


def load(tmp_path: Path, mapping: str = "", **files: str | bytes) -> Loaded:
    """Files by their names, `__` for the dot; beside them the mapping."""
    source = tmp_path / "source"
    source.mkdir()
    for name, content in files.items():
        (source / name.replace("__", ".")).write_bytes(content.encode() if isinstance(content, str) else content)
    path = tmp_path / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    return loaded(source, tmp_path / "books", path if mapping else None)


def amounts(book: Loaded) -> dict[object, object]:
    return dict(book.ask("select account_id, original_amount::varchar from accounts"))  # type: ignore[arg-type]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_separator_at_every_end_of_a_line_is_no_cell(opened: Open, end: str, quote: str) -> None:
    lines = ["a,b", f"1,{quote}2{quote},", f"3,{quote}4{quote},,", "5,6", "7,8,9"]
    raw = opened("accounts.csv", end.join(lines) + end)
    assert rows(raw) == [(2, "1", "2"), (3, "3", "4"), (4, "5", "6")]
    assert broken(raw) == [(5, "wrong_field_count")]


@given(st.lists(st.lists(st.sampled_from(["", "x", "yy"]), min_size=1, max_size=5), min_size=1, max_size=12))
def test_every_line_is_a_row_a_broken_row_or_blank(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]
) -> None:
    """Three columns: cells beyond them count only where they hold something; a line of empty cells is no row."""
    folder = tmp_path_factory.mktemp("lines")
    path = folder / "accounts.csv"
    path.write_text("a,b,c\n" + "".join(",".join(line) + "\n" for line in lines))
    text = open_text(path, path.name, Layout(), frozenset(), folder, FolderEncodings([path]))
    found = [(row[0], *(cell or "" for cell in row[1:])) for block in text_blocks(text) for row in block.frame.rows()]
    bad = [row.line for block in text_blocks(text) for row in block.broken]
    right, wrong = [], []
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        if len(line) == 3 or (len(line) > 3 and not any(line[3:])):
            right.append((number, *line[:3]))
        else:
            wrong.append(number)
    assert found == right
    assert bad == wrong


def test_names_are_given_from_the_left_where_the_file_has_more_columns_or_fewer(opened: Open) -> None:
    wide = opened("log.txt", "1|x|9|8\n2|y|9|8\n", header=("id", "name"))
    assert wide.header == ("id", "name", "column 3", "column 4")
    assert rows(wide) == [(1, "1", "x", "9", "8"), (2, "2", "y", "9", "8")]
    assert notes(wide) == ["log.txt: 2 names are declared and the file has 4 columns; names were given from the left"]
    narrow = opened("old.txt", "1;x\n", header=("id", "name", "newer"))
    assert narrow.header == ("id", "name")


def test_the_last_cell_takes_the_rest_of_its_line(opened: Open) -> None:
    raw = opened("notes.csv", 'id,note\n1,called, no answer\n2,"paid, thanks"\n3,short\n', last_cell_takes_rest=True)
    assert rows(raw) == [(2, "1", "called, no answer"), (3, "2", "paid, thanks"), (4, "3", "short")]


def test_any_of_several_names_of_a_file_will_do(tmp_path: Path) -> None:
    mapping = '[files.log]\nfile = "Master*|*lease*"\n[files.log.accounts]\naccount_id = "account_id"\n'
    book = load(tmp_path, mapping, leases__csv=ACCOUNTS + "A1,D1,card,EUR,2025-01-01,10\n")
    assert amounts(book) == {"A1": "10.00"}


def test_a_workbooks_day_and_time_of_day_apart_are_one_moment(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with xlsxwriter.Workbook(source / "log.xlsx") as book:
        sheet = book.add_worksheet()
        day, hour = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm:ss"})
        sheet.write_row(0, 0, ["no", "loan", "day", "time", "result"])
        sheet.write_row(1, 0, ["1", "A1"])
        sheet.write_datetime(1, 2, date(2026, 3, 10), day)
        sheet.write_datetime(1, 3, time(9, 5, 12), hour)
        sheet.write_row(2, 0, ["2", "A1"])
        sheet.write_datetime(2, 2, date(2026, 3, 11), day)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[source]\ncurrency = "CNY"\n[files.log.contacts]\ncontact_id = "no"\naccount_id = "loan"\n'
        'started_at = ["day", "time"]\nchannel = { constant = "call" }\ndirection = { constant = "out" }\n'
        'outcome = { constant = "no_answer" }\n'
    )
    found = loaded(source, tmp_path / "books", mapping)
    assert found.ask(
        "select contact_id, local_date::varchar, local_time::varchar, time_known from contacts order by 1"
    ) == [("1", "2026-03-10", "09:05:12", True), ("2", "2026-03-11", "00:00:00", False)]


WRITTEN_AMOUNTS = """
[source]
clear_ids = []

[files.list]
file = "list"
[files.list.accounts]
account_id = "id"
debtor_id = "id"
product = { constant = "loan" }
currency = { constant = "INR" }
opened_on = { column = "day", formats = ["%d-%b-%y", "%d %B %Y"] }
original_amount = "amount"
"""


def test_amounts_of_several_countries_and_days_with_names_of_months(tmp_path: Path) -> None:
    text = (
        "\ufeffid;day;amount\r\n"
        'A1;05-Mar-24;"1,23,456.00"\r\n'
        "A2;17-Jan-25;1'234'567.50\r\n"
        "A3;3 May 2024;₹ 12,345.10\r\n"
        "A4;03 May 2024;1 234 567.25\r\n"
        'A5;03 May 2024;"12,34.00"\r\n'
    )
    book = load(tmp_path, WRITTEN_AMOUNTS, list__csv=text)
    assert amounts(book) == {"A1": "123456.00", "A2": "1234567.50", "A4": "1234567.25"}
    assert book.ask("select opened_on::varchar from accounts order by account_id") == [
        ("2024-03-05",),
        ("2025-01-17",),
        ("2024-05-03",),
    ]
    assert book.ask("select reason, value from rejects order by line") == [
        ("not_a_date", "3 May 2024"),
        ("not_a_number", "12,34.00"),
    ]


CLOCKS = """
[source]
currency = "USD"
default_time_zone = "America/Chicago"

[files.log.contacts]
contact_id = "id"
account_id = "loan"
started_at = {{ column = "at", formats = ["{form}"] }}
channel = {{ constant = "call" }}
direction = {{ constant = "out" }}
outcome = {{ constant = "no_answer" }}
"""


@pytest.mark.parametrize(
    ("form", "cell", "local"),
    [
        ("%-m/%-d/%Y %-I:%M %p", "3/9/2025 12:05 AM", "2025-03-09 00:05:00"),
        ("%-m/%-d/%Y %-I:%M %p", "3/10/2025 12:05 PM", "2025-03-10 12:05:00"),
        ("%d.%m.%Y %H:%M", "10.03.2025 21:15", "2025-03-10 21:15:00"),
        # 1741651200 is 2025-03-11 00:00 UTC, seven in the evening of the 10th in Chicago (UTC-5 in summer)
        ("seconds since 1970-01-01", "1741651200", "2025-03-10 19:00:00"),
        ("milliseconds since 1970-01-01", "1741651200000", "2025-03-10 19:00:00"),
        # a workbook's day number: 45726 is 2025-03-10, a quarter of it is six in the morning
        ("days since 1899-12-30", "45726", "2025-03-10 00:00:00"),
    ],
)
def test_clocks_of_twelve_hours_and_counts_of_seconds(tmp_path: Path, form: str, cell: str, local: str) -> None:
    book = load(tmp_path, CLOCKS.format(form=form), log__csv=f"id,loan,at\n1,A1,{cell}\n")
    assert book.ask("select (local_date + local_time)::varchar from contacts") == [(local,)]


def test_months_side_by_side_become_snapshots(tmp_path: Path) -> None:
    mapping = """
[files.card]
[files.card.accounts]
account_id = "ID"
debtor_id = "ID"
product = { constant = "card" }
currency = { constant = "TWD" }
opened_on = { constant = "2005-01-01" }
original_amount = "LIMIT"
[files.card.snapshots]
wide = { key = "month", columns = { bill = "BILL_(\\\\d{4}-\\\\d{2})", days = "DPD_(\\\\d{4}-\\\\d{2})" } }
account_id = "ID"
as_of = { column = "month", formats = ["%Y-%m"], day = "last" }
days_past_due = "days"
balance = "bill"
"""
    text = "ID,LIMIT,BILL_2005-08,DPD_2005-08,BILL_2005-09,DPD_2005-09\n1,20000,3913.00,0,3102.00,31\n2,100,7,0,,\n"
    book = load(tmp_path, mapping, card__csv=text)
    assert book.ask(
        "select as_of::varchar, days_past_due, balance::varchar from snapshots order by account_key, 1"
    ) == [("2005-08-31", 0, "3913.00"), ("2005-09-30", 31, "3102.00"), ("2005-08-31", 0, "7.00")]
    assert book.counts["snapshots"] == (4, 3, 1, 0)


def test_a_packed_file_with_totals_in_the_middle_and_titles_of_another_form(tmp_path: Path) -> None:
    text = (
        "Loan list;;;;;\nprinted;2026-01-31;;;;\n;;;;;\n"
        + ACCOUNTS.replace(",", ";")
        + "A1;D1;card;EUR;2025-01-01;10\nSubtotal:;;;;;10\n;;;;;\nA2;D2;card;EUR;2025-01-01;20\nTOTAL;;;;;30\n"
    )
    book = load(tmp_path, accounts__csv__gz=gzip.compress(text.encode()))
    assert amounts(book) == {"A1": "10.00", "A2": "20.00"}
    assert book.ask("select reason, line from rejects order by 2") == [("total_row", 6), ("total_row", 9)]


def test_days_as_numbers_of_a_workbook(tmp_path: Path) -> None:
    """45726 is 2025-03-10: 45658 is 2025-01-01, and 68 days later comes the 10th of March."""
    source = tmp_path / "source"
    source.mkdir()
    with xlsxwriter.Workbook(source / "accounts.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ACCOUNTS.strip().split(","))
        sheet.write_row(1, 0, ["A1", "D1", "card", "EUR", 45726, 10.5])
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[source]\ndate_formats = ["days since 1899-12-30"]\n')
    found = loaded(source, tmp_path / "books", mapping)
    assert found.ask("select opened_on from accounts") == [(date(2025, 3, 10),)]


def test_a_header_is_found_by_other_widths_cases_and_spaces_and_the_first_filled_cell_counts(tmp_path: Path) -> None:
    mapping = """
[files.list]
[files.list.debtors]
debtor_id = "customer id"
phone = { first_of = ["手机号(本人)", "家庭电话", "单位电话"] }
[files.list.accounts]
account_id = "LOAN NO"
debtor_id = "customer id"
product = { constant = "loan" }
currency = { constant = "CNY" }
opened_on = { constant = "2025-01-01" }
original_amount = "贷款金额(元)"
"""
    head = "Loan No,CustomerID,手机号（本人）,家庭电话,贷款 金额（元）\n"
    text = head + "A1,D1,13900000000,021,10\nA2,D2,,022,20\nA3,D3,,,30\n"
    book = load(tmp_path, mapping, list__csv=text)
    assert amounts(book) == {"A1": "10.00", "A2": "20.00", "A3": "30.00"}
    assert book.ask("select phone from debtors order by debtor_id", private=True) == [
        ("13900000000",),
        ("022",),
        (None,),
    ]


def test_seconds_are_not_taken_for_milliseconds(tmp_path: Path) -> None:
    mapping = CLOCKS.format(form="milliseconds since 1970-01-01")
    book = load(tmp_path, mapping, log__csv="id,loan,at\n1,A1,1741651200000\n2,A1,1741651200\n")
    assert book.ask("select reason, value from rejects") == [("not_an_instant", "1741651200")]


def test_a_diallers_letters_mean_a_place_and_an_offset_is_none(tmp_path: Path) -> None:
    """16:00 UTC in July is 12:00 in New York, where EST is written all year; GMT-5 says nothing of summer time."""
    debtors = "debtor_id,time_zone\nD1,GMT-5\nD2,EST\nD3,us/eastern\nD4,Mars\n"
    accounts = ACCOUNTS + "".join(f"A{n},D{n},card,USD,2025-01-01,10\n" for n in range(1, 5))
    log = "contact_id,account_id,started_at,channel,direction,outcome\n"
    log += "".join(f"{n},A{n},2025-07-01T16:00:00Z,call,out,no_answer\n" for n in range(1, 4))
    book = load(tmp_path, debtors__csv=debtors, accounts__csv=accounts, contacts__csv=log)
    assert book.ask("select contact_id, local_time::varchar, zone_basis from contacts order by 1") == [
        ("1", None, "missing"),
        ("2", "12:00:00", "zone"),
        ("3", "12:00:00", "zone"),
    ]
    assert "debtors.time_zone: 1 cells 'EST' were read as America/New_York" in book.notes
    assert any(note.startswith("debtors.time_zone: 2 cells such as 'GMT-5' were left empty") for note in book.notes)


def test_a_column_without_a_name_is_left_aside_and_told(tmp_path: Path) -> None:
    text = "\ufeff,account_id,debtor_id,product,currency,opened_on,original_amount\r\n0,A1,D1,p,EUR,2025-01-01,10\r\n"
    book = load(tmp_path, accounts__csv=text)
    assert amounts(book) == {"A1": "10.00"}
    assert "accounts.csv: columns that no table reads: column 1" in book.notes
