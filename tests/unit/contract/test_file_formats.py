"""An answer keeps every digit and every day in each format."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from duewatch.contract.errors import DuewatchError
from duewatch.contract.file_formats import as_bytes

FRAME = pl.DataFrame(
    {
        "day": [date(2026, 10, 31), None],
        "balance": pl.Series([Decimal("12345678901234567.89"), Decimal("-0.10")], dtype=pl.Decimal(38, 2)),
        "name": ['欠款, "x"', None],
        "share": [0.25, None],
    }
)


def test_csv_keeps_amounts_to_the_cent_and_leaves_nulls_empty() -> None:
    lines = as_bytes(FRAME, "csv").decode().splitlines()
    assert lines == ["day,balance,name,share", '2026-10-31,12345678901234567.89,"欠款, ""x""",0.25', ",-0.10,,"]


def test_json_is_readable_and_gives_amounts_as_exact_text() -> None:
    rows = json.loads(as_bytes(FRAME, "json"))
    assert rows[0] == {"day": "2026-10-31", "balance": "12345678901234567.89", "name": '欠款, "x"', "share": 0.25}
    assert rows[1] == {"day": None, "balance": "-0.10", "name": None, "share": None}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  ="])
def test_no_text_of_a_csv_runs_as_a_formula_and_other_formats_keep_it(start: str) -> None:
    frame = pl.DataFrame({"reason": [f"{start}1+1"], "items": [[f"{start}2", "x"]], "amount": [-5]})
    _, row = csv.reader(io.StringIO(as_bytes(frame, "csv").decode(), newline=""))
    assert row == [f"'{start}1+1", f"'{start}2|x", "-5"]
    assert json.loads(as_bytes(frame, "json"))[0]["reason"] == f"{start}1+1"


def test_an_empty_answer_is_an_empty_list() -> None:
    assert json.loads(as_bytes(FRAME.clear(), "json")) == []


def test_parquet_gives_the_same_frame_back() -> None:
    assert pl.read_parquet(io.BytesIO(as_bytes(FRAME, "parquet"))).equals(FRAME)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(DuewatchError, match="use csv, json, parquet"):
        as_bytes(FRAME, "xml")
