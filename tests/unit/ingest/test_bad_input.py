"""Every kind of bad input that we know of: refused with a sentence, or rejected row by row with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from duewatch.books.published import current_book
from duewatch.contract.errors import SourceError
from duewatch.ingest import ingest
from duewatch.sources.packed_file import MAX_WORKBOOK
from tests.unit.ingest.conftest import ACCOUNT, ACCOUNTS, Source

Loader = Callable[[str], Source]


BAD_ROWS = [
    ("A2,D1,card,CNY,2025-02-30,1.00", "opened_on", "not_a_date"),
    ("A2,D1,card,CNY,01/02/2025,1.00", "opened_on", "not_a_date"),
    ("A2,D1,card,CNY,45717,1.00", "opened_on", "not_a_date"),
    ("A2,D1,card,CNY,2025-13-1,1.00", "opened_on", "not_a_date"),
    ("A2,D1,card,CNY,2025-02-01,0x1F", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,1_000", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,1e3", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,nan", "original_amount", "missing_value"),
    ("A2,D1,card,CNY,2025-02-01,inf", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,1e400", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,abc", "original_amount", "not_a_number"),
    ('A2,D1,card,CNY,2025-02-01,"12,34.50"', "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,1.005", "original_amount", "too_many_digits"),
    ("A2,D1,card,CNY,2025-02-01,10.000", "original_amount", "too_many_digits"),
    ("A2,D1,card,CNY,2025-02-01,12345678901234567.89", "original_amount", "too_many_digits"),
    ("A2,D1,card,CNY,2025-02-01,-1.00", "original_amount", "below_minimum"),
    ("A2,D1,card,CNY,2025-02-01,(1.00)", "original_amount", "below_minimum"),
    ("A2,D1,card,CNY,2025-02-01,1234.5¹", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,①②③", "original_amount", "not_a_number"),
    ("A2,D1,card,CNY,2025-02-01,12.5%", "original_amount", "not_a_number"),
    ("A2,D1,card,XXZ,2025-02-01,1", "currency", "unknown_code"),
    ("A2,D1,card,CNY,2025-02-01,", "original_amount", "missing_value"),
    ("1.10101E+17,D1,card,CNY,2025-02-01,1.00", "account_id", "scientific_id"),
    ("A2,D1,card,yuan,2025-02-01,1.00", "currency", "unknown_code"),
    ("A2,D1,card,CNY,2025-02-01", None, "wrong_field_count"),
    ("A2,D1,card,CNY,2025-02-01,1.00,more", None, "wrong_field_count"),
    ('A2,D1,"card"x,CNY,2025-02-01,1.00', None, "bad_quoting"),
    ('A2,D1,ca"rd,CNY,2025-02-01,1.00', None, "bad_quoting"),
    ('A2,D1,"card,CNY,2025-02-01,1.00', None, "bad_quoting"),
    ("A\x002,D1,card,CNY,2025-02-01,1.00", "account_id", "bad_text"),
    (f"A2,D1,{'x' * 10_001},CNY,2025-02-01,1.00", "product", "too_long"),
    ("合计,,,,,1000.00", "account_id", "total_row"),
    ("Total:,,,,,1000.00", "account_id", "total_row"),
    (ACCOUNT.strip(), None, "repeated_row"),
]


def test_a_bad_row_is_rejected_whole_with_its_reason_and_costs_no_other(accounts: Loader) -> None:
    """All in one file, each with a good row behind it."""
    good = [f"G{n},D1,card,CNY,2025-02-01,5.00" for n in range(len(BAD_ROWS))]
    pairs = zip((line for line, _, _ in BAD_ROWS), good, strict=True)
    source = accounts("".join(f"{line}\n" for pair in pairs for line in pair))
    told = source.ask("select row_text, column_name, reason, line from rejects order by line")
    assert told == [(*row, 3 + 2 * n) for n, row in enumerate(BAD_ROWS)]
    whole = (f"{1000 + 5 * len(good)}.00", 1 + len(good))
    assert source.ask("select sum(original_amount)::varchar, count(*) from accounts") == [whole]


WRITTEN = {
    "１２．５０": "12.50",
    '"1,234.50"': "1234.50",
    '"１，２３４"': "1234.00",
    " 7 ": "7.00",
    "\u30007\u3000": "7.00",
    "100.0000": "100.00",
    "1234567890123456.78": "1234567890123456.78",
}


def test_full_width_digits_separators_and_padding_are_understood(accounts: Loader) -> None:
    source = accounts("".join(f"B{n},D1,card,CNY,2025-02-01,{text}\n" for n, text in enumerate(WRITTEN)))
    found = source.ask("select original_amount::varchar from accounts where account_id like 'B%' order by account_id")
    assert dict(zip(WRITTEN, (amount for (amount,) in found), strict=True)) == WRITTEN


def test_leading_zeros_of_ids_stay(accounts: Loader) -> None:
    source = accounts("000123,000007,card,CNY,2025-02-01,5\n")
    assert source.ask("select account_id, debtor_id from accounts where account_id like '0%'") == [("000123", "000007")]


def test_a_key_with_two_contents_rejects_both(accounts: Loader) -> None:
    source = accounts("A2,D1,card,CNY,2025-02-01,5\nA2,D1,card,CNY,2025-02-01,6\n")
    assert source.reasons() == [(3, "account_id", "conflicting_key"), (4, "account_id", "conflicting_key")]
    assert source.ask("select account_id from accounts") == [("A1",)]


def test_an_invalid_twin_does_not_make_a_duplicate(accounts: Loader) -> None:
    source = accounts("A2,D1,card,CNY,2025-02-30,5\nA2,D1,card,CNY,2025-02-01,6\n")
    assert source.reasons() == [(3, "opened_on", "not_a_date")]


def test_children_of_a_rejected_parent_are_dangling(source: Source) -> None:
    source.write("accounts.csv", ACCOUNTS + ACCOUNT + "A2,D1,card,CNY,2025-02-30,1\n")
    source.write("payments.csv", "payment_id,account_id,paid_on,amount\nP1,A2,2025-03-01,1\nP2,A1,2025-03-01,2.50\n")
    report = source.load()
    assert source.reasons()[1:] == [(2, "account_id", "dangling_key")]
    payments = report.loads[1]
    assert (payments.rows_read, payments.rows_accepted, payments.reasons) == (2, 1, {"dangling_key": 1})


def test_a_reversal_of_a_missing_payment_is_dangling_and_a_good_one_counts_negative(source: Source) -> None:
    header = "payment_id,account_id,paid_on,amount,reverses_payment_id\n"
    source.write(
        "payments.csv",
        header + "P1,A1,2025-03-01,5,\nP2,A1,2025-03-02,5,P1\nP3,A1,2025-03-02,5,PX\nP4,A1,2025-03-02,5,P3\n",
    )
    source.load()
    assert source.ask("select payment_id, net_amount::varchar from payments") == [("P1", "5.00"), ("P2", "-5.00")]
    assert [row[2] for row in source.reasons()] == ["dangling_key"] * 2


def test_blank_lines_are_not_rows_and_line_numbers_stay_physical(accounts: Loader) -> None:
    source = accounts('\nA2,D1,"two\nlines",CNY,2025-02-01,5\n\r\nA3,D1,card,CNY,bad,5\n')
    assert source.reasons() == [(7, "opened_on", "not_a_date")]
    assert source.ask("select rows_read from loads") == [(3,)]


def test_an_unclosed_quote_costs_one_row_and_no_other(accounts: Loader) -> None:
    good = "".join(f"A{n},D1,card,CNY,2025-02-01,5\n" for n in range(10, 60))
    source = accounts('A2,D1,"card,CNY,2025-02-01,5\n' + good + 'A3,D1,"card",CNY,2025-02-01,5\n')
    assert source.reasons() == [(3, None, "bad_quoting")]
    assert source.ask("select count(*) from accounts") == [(52,)]


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16-le")]
)
def test_the_encoding_is_found_and_recorded(source: Source, encoding: str, told: str) -> None:
    source.write("accounts.csv", (ACCOUNTS + "A1,D1,消费贷𠀀,CNY,2025-01-10,1000.00\n").encode(encoding))
    source.load()
    assert source.ask("select product from accounts") == [("消费贷𠀀",)]
    assert source.ask("select encoding from loads") == [(told,)]


def test_crlf_tabs_and_a_missing_last_line_end_are_read(source: Source) -> None:
    source.write("accounts.csv", (ACCOUNTS + ACCOUNT.strip()).replace(",", "\t").replace("\n", "\r\n"))
    source.load()
    assert source.ask("select delimiter, rows_accepted from loads") == [("tab", 1)]


REFUSED = {
    "empty file": ("accounts.csv", b"", "the file is empty"),
    "header only": ("accounts.csv", ACCOUNTS.encode(), "no rows"),
    "two encodings": (
        "accounts.csv",
        (ACCOUNTS + "A1,D1,消费贷款,CNY,2025-01-10,1\n" * 3).encode() + "A2,D1,消费,CNY,2025-01-10,1\n".encode("gbk"),
        "accounts.csv, line 5",
    ),
    "neither encoding": ("accounts.csv", ACCOUNTS.encode() + b"A1,D1,\xff\xff,CNY,2025-01-10,1\n", "line 2"),
    "utf-16 without mark": ("accounts.csv", (ACCOUNTS + ACCOUNT).encode("utf-16-le"), "save it as UTF-8"),
    "repeated header": ("accounts.csv", b"account_id,account_id\n", "'account_id (2)' is no column of accounts"),
    "unknown column": (
        "accounts.csv",
        (ACCOUNTS.replace("product", "produkt") + ACCOUNT).encode(),
        "did you mean 'product'?",
    ),
    "missing column": ("accounts.csv", b"account_id,product\nA1,x\n", "required column 'debtor_id' is missing"),
    "half Parquet": ("payments.parquet", b"PAR1\x00\x01half", "damaged or is no Parquet"),
    "fake workbook": ("payments.xlsx", b"payment_id,account_id\n", "not an .xlsx workbook"),
    "two forms": ("accounts.tsv", b"account_id\n", "both hold accounts"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_in_one_sentence_and_the_book_before_stays(loaded: Source, case: str) -> None:
    source, before = loaded, current_book(loaded.books).version
    name, content, sentence = REFUSED[case]
    source.write(name, content)
    with pytest.raises(SourceError) as told:
        source.load()
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)
    assert source.ask("select value from book_facts where fact = 'book_version'") == [(before,)]
    assert not list(source.books.glob(".building-*"))


def test_a_missing_folder_and_a_database_url_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", Path("postgresql://host/db")):
        with pytest.raises(SourceError):
            ingest(place, books=tmp_path / "books")


def test_a_parquet_cut_in_half_is_refused(source: Source) -> None:
    whole = io.BytesIO()
    pl.DataFrame({"payment_id": ["P1"] * 100}).write_parquet(whole)
    source.write("payments.parquet", whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(SourceError, match="cut off"):
        source.load()


def workbook(path: Path, rows: list[list[object]], sheet: str = "Sheet1") -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)


HEADER = ACCOUNTS.strip().split(",")


def test_a_workbook_is_read_as_text_and_a_long_number_for_an_id_is_rejected(source: Source) -> None:
    (source.folder / "accounts.csv").unlink()
    workbook(
        source.folder / "accounts.xlsx",
        [
            HEADER,
            ["000123", "D1", "card", "CNY", "2025-01-10", 1000.5],
            [110101199001010011, "D1", "card", "CNY", "2025-01-10", 1],
            ["220100", "D1", "card", "CNY", "2025-01-10", "#N/A"],
            ["220101", "D1", "card", "CNY", "2025-01-10", 2],
        ],
    )
    source.load()
    assert source.reasons() == [(3, "account_id", "scientific_id"), (4, "original_amount", "missing_value")]
    assert source.ask("select account_id, original_amount::varchar from accounts order by 1") == [
        ("000123", "1000.50"),
        ("220101", "2.00"),
    ]


def test_title_rows_of_a_workbook_are_passed_over_and_told(source: Source) -> None:
    (source.folder / "accounts.csv").unlink()
    row = ["A1", "D1", "card", "CNY", "2025-01-10", 1]
    workbook(source.folder / "accounts.xlsx", [["Accounts of October"], [], HEADER, row, [], ["A2", "D1"]])
    assert source.notes() == ("accounts.xlsx: the column names stand on line 3; 2 lines above it were passed over",)
    assert source.reasons() == [(6, "product", "missing_value")]
    assert source.ask("select rows_read, rows_accepted from loads") == [(2, 1)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(source: Source) -> None:
    with zipfile.ZipFile(source.folder / "payments.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:  # noqa: SIM117 - one line would not fit
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(MAX_WORKBOOK // (16 << 20) + 1):
                sheet.write(b" " * (16 << 20))
    with pytest.raises(SourceError, match="would unpack"):
        source.load()


def test_unknown_files_are_left_aside_with_a_note(source: Source) -> None:
    source.write("readme.txt", "hello")
    assert source.notes() == ("readme.txt is not a table of the contract and was left aside",)


def test_personal_data_is_nowhere_in_the_public_file(source: Source) -> None:
    canary = "CANARY7391"
    source.write(
        "debtors.csv",
        "debtor_id,name,id_number,phone,email,address,time_zone\n"
        + "".join(f"D{n},{canary}n,{canary}i,{canary}p,{canary}e,{canary}a,Asia/Shanghai\n" for n in (1, 2))
        + f"D1,{canary}n,{canary}x,{canary}p,{canary}e,{canary}a,Mars/Base\nD3,{canary}\n",
    )
    source.write("collectors.csv", f"collector_id,name\nK1,{canary}\n")
    source.write(
        "contacts.csv",
        "contact_id,account_id,started_at,channel,direction,outcome,contact_point,note\n"
        f"C1,A1,2025-02-01T10:00:00Z,call,out,no_answer,{canary},{canary}\n"
        f"C2,A1,2025-02-01T10:00:00Z,call,out,what,{canary},{canary}\n",
    )
    source.load('[tables.contacts]\nignore = ["note"]\n')
    (book,) = source.books.glob("book-*.duckdb")
    (private,) = source.books.glob("private-*.duckdb")
    assert canary.encode() not in book.read_bytes()
    assert canary.encode() in private.read_bytes()
    assert source.ask(f"select count(*) from rejects where row_text like '%{canary}%'", private=True) == [(3,)]
    assert source.ask("select reason from rejects where row_text like '%•••%' order by 1") == [
        ("unknown_code",),
        ("unknown_time_zone",),
        ("wrong_field_count",),
    ]


def test_a_row_whose_cells_have_slipped_brings_nothing_personal_into_the_public_book(source: Source) -> None:
    """The name stands where the id should: the row would pass but for one value that cannot be read."""
    source.write(
        "debtors.csv",
        "debtor_id,name,id_number,phone,email,address,time_zone,region\n"
        "李CANARY7,D1,1,13800000007,x@y.z,addr,CANARY8,Sichuan\n"
        "D1,Someone,2,13800000008,x@y.z,addr,Asia/Shanghai,Sichuan\n",
    )
    source.load()
    assert source.reasons() == [(2, "time_zone", "perhaps_shifted")]
    (book,) = source.books.glob("book-*.duckdb")
    assert b"CANARY" not in book.read_bytes()
    assert source.ask("select value from rejects", private=True) == [("CANARY8",)]
