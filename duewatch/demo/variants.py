"""Spellings that ingest must accept as they are: thousand separators and full-width digits in a few amounts."""

from __future__ import annotations

import polars as pl

EVERY = 500
SEPARATED, FULL_WIDTH = 3, 4
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
COLUMN = "original_amount"


def vary(accounts: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Accounts with their amounts as text, one in EVERY with separators and one with full-width digits; and how
    many of each."""
    number = accounts["account_id"].str.slice(1).cast(pl.Int64) % EVERY
    texts = accounts[COLUMN].cast(pl.String).to_list()
    separated, wide = (number == SEPARATED).arg_true().to_list(), (number == FULL_WIDTH).arg_true().to_list()
    for row in separated:
        whole, cents = texts[row].split(".")
        texts[row] = f"{int(whole):,}.{cents}"
    for row in wide:
        texts[row] = texts[row].translate(WIDE)
    varied = accounts.with_columns(pl.Series(COLUMN, texts, dtype=pl.String))
    return varied, {"thousand_separators": len(separated), "full_width_digits": len(wide)}
