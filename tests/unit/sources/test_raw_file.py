"""One small table in every form that is read: the same header and the same cells, with the lines where they stand."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from duewatch.contract.errors import SourceError
from tests.unit.sources.conftest import Open, broken, notes, rows

HEADER = ("account_id", "name", "amount")
TABLE = [("A1", "王小明", "1.50"), ("A2", None, "2")]
TEXT = "account_id,name,amount\nA1,王小明,1.50\nA2,,2\n"


def delimited(mark: str) -> bytes:
    return TEXT.replace(",", mark).encode()


def workbook(table: list[list[object]], sheets: tuple[str, ...] = ("Sheet1",)) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page, *_ = [book.add_worksheet(name) for name in sheets]
        for number, row in enumerate(table):
            page.write_row(number, 0, row)
    return content.getvalue()


def open_document(body: str) -> bytes:
    """The smallest .ods: `body` is the table's rows."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = f'xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"'
    sheet = f'<table:table table:name="Sheet1">{body}</table:table>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2"><office:body>'
            f"<office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
    return content.getvalue()


def ods_row(*cells: str | None, repeated: str = "") -> str:
    texts = (
        f'<table:table-cell office:value-type="string" {repeated}><text:p>{cell}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f"<table:table-row>{''.join(texts)}</table:table-row>"


def parquet() -> bytes:
    content = io.BytesIO()
    pl.DataFrame(TABLE, schema=list(HEADER), orient="row").write_parquet(content)
    return content.getvalue()


FORMS = {
    "comma.csv": (delimited(","), "utf-8", "comma"),
    "mark.csv": (b"\xef\xbb\xbf" + delimited(","), "utf-8", "comma"),
    "tab.txt": (delimited("\t"), "utf-8", "tab"),
    "semicolon.csv": (delimited(";"), "utf-8", "semicolon"),
    "bar.TXT": (delimited("|"), "utf-8", "bar"),
    "excel.csv": (b"sep=;\n" + delimited(";"), "utf-8", "semicolon"),
    "utf16.csv": (TEXT.encode("utf-16"), "utf-16-le", "comma"),
    "chinese.csv": (TEXT.encode("gb18030"), "gb18030", "comma"),
    "packed.csv.gz": (gzip.compress(delimited(",")), "utf-8", "comma"),
    "packed.txt.gz": (gzip.compress(TEXT.replace(",", "\t").encode("gb18030")), "gb18030", "tab"),
    "book.xlsx": (workbook([list(HEADER), *map(list, TABLE)]), "xlsx", ""),
    "book.ods": (open_document("".join(ods_row(*row) for row in (HEADER, *TABLE))), "ods", ""),
    "table.parquet": (parquet(), "parquet", ""),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_table_comes_out_of_every_form(opened: Open, name: str) -> None:
    content, encoding, delimiter = FORMS[name]
    raw = opened(name, content, HEADER)
    first = {"excel.csv": 3, "table.parquet": 1}.get(name, 2)
    assert (raw.header, rows(raw)) == (HEADER, [(first, *TABLE[0]), (first + 1, *TABLE[1])])
    assert (raw.encoding, raw.delimiter, raw.n_bytes) == (encoding, delimiter, len(content))
    assert rows(raw) == rows(raw)


def test_an_old_workbook_is_read_with_its_days_its_numbers_and_what_excel_spoilt(opened: Open, tmp_path: Path) -> None:
    """fixtures/accounts.xls: a title, an empty row, the names, a row, an empty row, a row; a second sheet is empty.
    The number 110101199001010011 lost its last digits in Excel; the text in the next cell kept them."""
    content = (Path(__file__).parent / "fixtures" / "accounts.xls").read_bytes()
    raw = opened("accounts.xls", content, ("account_id", "amount"))
    assert raw.header == ("account_id", "debtor_id", "opened_on", "amount")
    assert rows(raw) == [
        (4, "000123", "王小明", "2026-10-01 00:00:00", "1000.5"),
        (6, "1.10101199001010E+17", "110101199001010011", "1 Oct", "40"),
    ]


def test_unnamed_and_repeated_columns_keep_their_cells(opened: Open) -> None:
    raw = opened("a.csv", ",id,amount,amount,line,\n0,A1,1,2,3,4\n")
    assert raw.header == ("column 1", "id", "amount", "amount (2)", "line", "column 6")
    assert rows(raw) == [(2, "0", "A1", "1", "2", "3", "4")]


def test_a_column_of_a_sheet_without_name_and_cells_is_none(opened: Open) -> None:
    raw = opened("a.xlsx", workbook([["id", "", "amount", ""], ["A1", "", "1", ""], ["A2", "", "2", "x"]]))
    assert (raw.header, rows(raw)) == (("id", "amount", "column 4"), [(2, "A1", "1", None), (3, "A2", "2", "x")])


def test_blank_rows_are_no_rows_and_every_other_line_is_told(opened: Open) -> None:
    raw = opened("a.csv", 'id,amount\n\nA1,1\n,\n"",""\nA2\n , \nA3,"""x"""\n,\r\n')
    assert rows(raw) == [(3, "A1", "1"), (7, " ", " "), (8, "A3", '"x"')]
    assert broken(raw) == [(6, "wrong_field_count")]


def test_an_amount_that_splits_its_row_stays_a_broken_row(opened: Open) -> None:
    raw = opened("a.csv", "id,amount,city\nA1,$ 1.161,41,Rio\nA2,$ 1,Rio\n")
    assert (rows(raw), broken(raw)) == ([(3, "A2", "$ 1", "Rio")], [(2, "wrong_field_count")])


def test_a_file_without_a_header_takes_the_declared_names(opened: Open) -> None:
    raw = opened(
        "cdr.csv", '"","100","2026-03-10 08:30:05"\n"","101","2026-03-10 08:31:05"\n', header=("a", "src", "at")
    )
    assert raw.header == ("a", "src", "at")
    assert rows(raw) == [(1, None, "100", "2026-03-10 08:30:05"), (2, None, "101", "2026-03-10 08:31:05")]
    sheet = opened("cdr.xlsx", workbook([["100", "x"], ["101", "y"]]), header=("src",))
    assert (sheet.header, rows(sheet)) == (("src", "column 2"), [(1, "100", "x"), (2, "101", "y")])


def test_a_declared_delimiter_and_sheet_win(opened: Open) -> None:
    assert opened("a.csv", "a;b,c;d\n1;2,3;4\n", delimiter=",").header == ("a;b", "c;d")
    book = workbook([["id"], ["A1"]], ("first", "second"))
    assert rows(opened("a.xlsx", book, sheet="first")) == [(2, "A1")]
    with pytest.raises(SourceError, match="no sheet 'third' among first, second"):
        opened("a.xlsx", book, sheet="third")


REFUSED = {
    "empty.csv": (b"", "the file is empty"),
    "mark.csv": (b"\xef\xbb\xbf", "the file is empty"),
    "blank.csv": (b"\n\n\n", "no line of column names"),
    "utf16.csv": ("id,amount\nA1,1\n".encode("utf-16-le"), "line 1: this is not a line of text"),
    "mac.csv": (b"id,amount\rA1,1\r", "line 1: this is not a line of text"),
    "quotes.csv": (b'id,"amount\nA1,1\n', "line 1: the header is badly quoted"),
    "cut.csv.gz": (gzip.compress(TEXT.encode() * 100)[:-20], "cannot be unpacked"),
    "plain.csv.gz": (TEXT.encode(), "cannot be unpacked"),
    "fake.xlsx": (TEXT.encode(), "not an .xlsx workbook"),
    "fake.xls": (TEXT.encode(), "the workbook cannot be read"),
    "other.xlsx": (open_document(""), "the workbook cannot be read"),
    "empty.xlsx": (workbook([]), "the sheet is empty"),
    "half.parquet": (parquet()[:40], "damaged or is no Parquet"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_sentence_with_the_file(opened: Open, name: str) -> None:
    content, sentence = REFUSED[name]
    with pytest.raises(SourceError) as told:
        opened(name, content)
    assert sentence in str(told.value)
    assert str(told.value).startswith(name)
    assert "\n" not in str(told.value)


def test_what_was_assumed_is_told_in_both_languages(opened: Open) -> None:
    raw = opened("a.csv", "贷款清单\n\n编号,金额\nA1,元\n".encode("gb18030"), ("编号", "金额"))
    assert notes(raw) == [
        "a.csv was read as gb18030",
        "a.csv: the column names stand on line 3; 2 lines above it were passed over",
    ]
    assert notes(raw, "zh") == ["a.csv 按 gb18030 读取", "a.csv：列名在第 3 行，其上 2 行未读取"]
