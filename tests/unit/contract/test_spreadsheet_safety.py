from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import polars as pl
import pytest

from duewatch.contract.spreadsheet_safety import as_csv, as_xlsx, harmless

ABOUT = [("Definition", "Sum of balances"), ("Book version", "20261101"), ("Total", "-2.50 CNY")]
FRAME = pl.DataFrame(
    {"account_id": ["A1", "=1+1"], "amount": [Decimal("-2.50"), Decimal("10.10")]},
    schema={"account_id": pl.String, "amount": pl.Decimal(18, 2)},
)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "  ="])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    assert harmless(pl.DataFrame({"x": [f"{start}cmd"]}))["x"][0] == f"'{start}cmd"


def test_plain_text_null_and_negative_numbers_are_left_alone() -> None:
    frame = pl.DataFrame({"x": ["A-1", None, "贷款"], "y": ["a", "b", "c"], "n": [-1, -2, -3]})
    assert harmless(frame).equals(frame)


def test_a_csv_says_what_it_is_and_reads_back_to_the_cent() -> None:
    content = as_csv(FRAME, ABOUT).decode("utf-8-sig")
    assert content.startswith("# Definition: Sum of balances\n# Book version: 20261101\n")
    read = pl.read_csv(io.StringIO(content), comment_prefix="#", schema_overrides={"amount": pl.Decimal(18, 2)})
    assert read["amount"].to_list() == FRAME["amount"].to_list()
    assert read["account_id"].to_list() == ["A1", "'=1+1"]


def test_an_excel_file_has_the_rows_and_what_must_be_known_of_them() -> None:
    content = as_xlsx(FRAME, ABOUT)
    rows = pl.read_excel(io.BytesIO(content), sheet_name="rows")
    assert rows["amount"].to_list() == [-2.5, 10.1]
    assert rows["account_id"].to_list() == ["A1", "'=1+1"]
    assert pl.read_excel(io.BytesIO(content), sheet_name="about")["about"].to_list() == [name for name, _ in ABOUT]


def test_excel_shows_a_small_share_and_every_cent() -> None:
    frame = pl.DataFrame({"share": [0.000456], "balance": [Decimal("1234567.80")], "n": [3]})
    with zipfile.ZipFile(io.BytesIO(as_xlsx(frame, ABOUT))) as file:
        styles = file.read("xl/styles.xml").decode()
        cells = file.read("xl/worksheets/sheet1.xml").decode()
    assert 'formatCode="0.00####"' in styles
    assert 'formatCode="#,##0.00"' in styles
    assert "<v>0.000456</v>" in cells
    assert "<v>1234567.80</v>" in cells
