"""Turns UCI 350 (default of credit card clients, Taiwan 2005) into source files of the contract.

    python examples/uci_350/convert.py UCI_Credit_Card.csv.gz --out data/uci_350
    python -m duewatch ingest data/uci_350

What is published and what is assumed is said in README.md beside this file. Status codes are used as published:
-2, -1 and 0 are not late, k is k months late; nothing is repaired.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

MONTH_ENDS = (
    date(2005, 9, 30),
    date(2005, 8, 31),
    date(2005, 7, 31),
    date(2005, 6, 30),
    date(2005, 5, 31),
    date(2005, 4, 30),
)
"""Columns X6-X11, X12-X17 and X18-X23 run from September back to April."""
HEADER = ["ID", *(f"X{n}" for n in range(1, 24)), "Y"]
WHOLE_AMOUNTS = ["X1", *(f"X{n}" for n in range(12, 24))]
DAYS_A_MONTH_LATE = 30
"""k months late is written as 30 k days past due, the last day of bucket Mk."""
BEFORE_THE_DATA = date(2005, 3, 31)
"""Opening dates are not published; the day before the first month stands in their place."""


def convert(source: Path, out: Path) -> dict[str, int]:
    """Writes debtors, accounts, snapshots and payments as CSV to `out`; returns rows by table.

    Raises ValueError with a plain sentence where the file is not UCI 350 as published.
    """
    clients = pl.read_csv(source, infer_schema=False)
    if clients.columns != HEADER:
        raise ValueError(f"{source}: the header is {clients.columns[:3]}..., not ID, X1 to X23, Y as published")
    clients = clients.with_columns(
        pl.col("ID").alias("account_id"), pl.format("C{}", "ID").alias("debtor_id"), _written_out(WHOLE_AMOUNTS)
    )
    tables = dict(_tables(clients))
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_csv(out / f"{name}.csv")
    return {name: table.height for name, table in tables.items()}


def _written_out(columns: list[str]) -> pl.Expr:
    """Whole amounts as digits: a few stand as 1.00E+05 in the published file. All are far below 2^53, so exact."""
    return pl.col(columns).cast(pl.Float64).cast(pl.Int64).cast(pl.String)


def _tables(clients: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    yield "debtors", clients.select("debtor_id", pl.lit("Asia/Taipei").alias("time_zone"))
    yield (
        "accounts",
        clients.select(
            "account_id",
            "debtor_id",
            pl.lit("credit card").alias("product"),
            pl.lit("TWD").alias("currency"),
            pl.lit(BEFORE_THE_DATA).alias("opened_on"),
            pl.col("X1").alias("original_amount"),
        ),
    )
    yield "snapshots", pl.concat(_snapshots(clients, n, day) for n, day in enumerate(MONTH_ENDS)).sort("as_of")
    yield "payments", pl.concat(_payments(clients, n, day) for n, day in enumerate(MONTH_ENDS)).sort("paid_on")


def _snapshots(clients: pl.DataFrame, n: int, day: date) -> pl.DataFrame:
    months_late = pl.col(f"X{6 + n}").cast(pl.Int64).clip(lower_bound=0)
    return clients.select(
        "account_id",
        pl.lit(day).alias("as_of"),
        (months_late * DAYS_A_MONTH_LATE).alias("days_past_due"),
        pl.col(f"X{12 + n}").alias("balance"),
    )


def _payments(clients: pl.DataFrame, n: int, day: date) -> pl.DataFrame:
    """The month's payment, where there was one. The day is not published: the month's last stands for it."""
    return clients.filter(pl.col(f"X{18 + n}").cast(pl.Int64) != 0).select(
        pl.format("{}-{}", "account_id", pl.lit(day.strftime("%Y%m"))).alias("payment_id"),
        "account_id",
        pl.lit(day).alias("paid_on"),
        pl.col(f"X{18 + n}").alias("amount"),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Turn UCI 350 into source files of the contract.")
    parser.add_argument("source", type=Path, help="UCI_Credit_Card.csv or .csv.gz, header ID, X1 to X23, Y")
    parser.add_argument("--out", type=Path, default=Path("data/uci_350"), help="folder to write to")
    given = parser.parse_args()
    try:
        rows = convert(given.source, given.out)
    except FileNotFoundError:
        print(f"{given.source}: there is no such file; download UCI 350 first (README.md says where).", file=sys.stderr)
        return 2
    except (ValueError, pl.exceptions.PolarsError) as error:
        print(f"{error}; take the CSV as published.", file=sys.stderr)
        return 2
    print("\n".join(f"{name}: {count:,} rows" for name, count in rows.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
