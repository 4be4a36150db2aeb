"""Load rate of contacts, CSV and Parquet: Duewatch's ingest beside plain Polars and plain DuckDB, in one run.

    python bench/load_contacts.py [ROWS]        (default 1,000,000)

Plain Polars and plain DuckDB convert types and write a file; ingest also validates every cell, keeps rejects,
checks keys and references, makes local time, sorts, checks, fsyncs and publishes. Read the ratios, not the rates.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duewatch.contract.schema import CHANNELS, OUTCOMES
from duewatch.ingest import ingest

ROWS_AN_ACCOUNT = 20
YEAR_SECONDS = 365 * 86_400


def contacts(n_rows: int, seed: int = 1) -> pl.DataFrame:
    """Seeded contacts in time order, as a log gives them."""
    draw = np.random.default_rng(seed)
    n_accounts = max(1, n_rows // ROWS_AN_ACCOUNT)
    seconds = np.sort(draw.integers(0, YEAR_SECONDS, n_rows)) + 1_735_689_600
    started = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return pl.DataFrame(
        {
            "contact_id": pl.Series(range(n_rows)).cast(pl.String).str.zfill(10),
            "account_id": pl.Series(draw.integers(0, n_accounts, n_rows)).cast(pl.String).str.zfill(8),
            "started_at": started,
            "channel": np.array(CHANNELS)[draw.integers(0, len(CHANNELS), n_rows)],
            "direction": "out",
            "outcome": np.array(OUTCOMES)[draw.integers(0, len(OUTCOMES), n_rows)],
            "right_party": draw.random(n_rows) < 0.2,
            "collector_id": pl.Series(draw.integers(0, 300, n_rows)).cast(pl.String).str.zfill(4),
        }
    )


def write_source(folder: Path, form: str, rows: pl.DataFrame) -> Path:
    folder.mkdir()
    ids = rows["account_id"].unique().sort()
    accounts = pl.DataFrame({"account_id": ids, "debtor_id": ids})
    accounts = accounts.with_columns(
        product=pl.lit("card"), currency=pl.lit("CNY"), opened_on=pl.lit("2024-01-01"), original_amount=pl.lit("1000")
    )
    accounts.write_csv(folder / "accounts.csv")
    path = folder / f"contacts.{form}"
    if form == "parquet":
        rows.write_parquet(path)
    else:
        rows.with_columns(pl.col("started_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ")).write_csv(path)
    return path


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def polars_load(path: Path, out: Path) -> None:
    scan = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, try_parse_dates=True)
    scan.sink_parquet(out)


def duckdb_load(path: Path, out: Path) -> None:
    reader = "read_parquet(?)" if path.suffix == ".parquet" else "read_csv(?, types = {'started_at': 'TIMESTAMPTZ'})"
    with duckdb.connect(str(out)) as con:
        con.execute("create table contacts as select * from " + reader, [str(path)])


def main(n_rows: int) -> None:
    rows = contacts(n_rows)
    print(f"{n_rows:,} contacts; duckdb {duckdb.__version__}, polars {pl.__version__}")
    print(f"{'form':8} {'how':8} {'s':>7} {'M rows/s':>9} {'times plain DuckDB':>19}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for form in ("csv", "parquet"):
            path = write_source(root / form, form, rows)
            report(form, n_rows, measure(path, root, form))


def measure(path: Path, root: Path, form: str) -> dict[str, float]:
    """Seconds of each way, one after the other on the same file."""
    return {
        "duckdb": seconds(lambda: duckdb_load(path, root / f"{form}.duckdb")),
        "polars": seconds(lambda: polars_load(path, root / f"{form}.out.parquet")),
        "ingest": seconds(lambda: ingest(path.parent, books=root / f"{form}.books")),
    }


def report(form: str, n_rows: int, took: dict[str, float]) -> None:
    for how, time_taken in took.items():
        print(
            f"{form:8} {how:8} {time_taken:7.2f} {n_rows / time_taken / 1e6:9.2f} {time_taken / took['duckdb']:19.2f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else 1_000_000)
