"""Parquet: typed columns are taken as they are, floats only where they are exact, lines are row numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl

from tests.unit.ingest.conftest import Source


def test_typed_columns_and_parts_are_read(source: Source) -> None:
    day = dt.date(2025, 3, 1)
    typed = pl.DataFrame(
        {"payment_id": ["P1", "P2"], "account_id": ["A1", "A9"], "paid_on": [day, day], "amount": ["1.50", "2.00"]}
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 2)))
    floats = pl.DataFrame(
        {"payment_id": ["P3", "P4"], "account_id": "A1", "paid_on": "2025-03-01", "amount": [0.1, 0.125]}
    )
    (source.folder / "payments").mkdir()
    typed.write_parquet(source.folder / "payments" / "a.parquet")
    floats.write_parquet(source.folder / "payments" / "b.parquet")
    source.load()
    assert source.ask("select payment_id, amount from payments order by 1") == [
        ("P1", Decimal("1.50")),
        ("P3", Decimal("0.10")),
    ]
    assert source.ask("select file, line, reason from rejects order by file") == [
        ("payments/a.parquet", 2, "dangling_key"),
        ("payments/b.parquet", 2, "too_many_digits"),
    ]
