"""A cap, a grid of caps and the audit of all packs, beside pandas, Polars and a bare scan of the columns, in one run.

    python bench/audit.py [CONTACTS] [--pandas]        (default 1,000,000)

The log is invented and seeded: skewed accounts in seven countries, 55 % calls. Every way of one cap (more than 7 calls
in 7 dates on one account) must find the same contacts. Read the ratios, not the seconds. pandas' `groupby.rolling` is
left out above 1,000,000 contacts unless asked for: it takes minutes there.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duewatch.books.published import Book, Manifest, book_name, file_sha256, private_name
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import CountCap, Filter, Window
from duewatch.compliance.rule_verdicts import AuditChoice, findings_and_counts
from duewatch.contract.schema import BOOK_TABLES
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_over
from tests.support.contact_logs import a_rule

STAMP = "20261101T000000000000Z"
COUNTRIES = {
    "CN": ("CNY", 8, 0.5),
    "US": ("USD", -5, 0.2),
    "IN": ("INR", 5, 0.1),
    "VN": ("VND", 7, 0.05),
    "KR": ("KRW", 9, 0.05),
    "AU": ("AUD", 10, 0.05),
    "RU": ("RUB", 3, 0.05),
}
"""Country to currency, hours from UTC, share of accounts."""
OUTCOMES = {
    "no_answer": 0.4,
    "not_connected": 0.1,
    "answered_dropped": 0.08,
    "conversation": 0.1,
    "voicemail_left": 0.05,
    "third_party_answered": 0.005,
    "wrong_number": 0.001,
    "delivered": 0.254,
    "unknown": 0.01,
}
FIRST, DAYS = date(2026, 5, 1), 183
ROUNDS = 3
MAX, WIDTH = 7, 7
SETTINGS = Settings(query_seconds=3600, memory_limit="2GB")


def make_book(folder: Path, n: int, seed: int = 1) -> Book:
    """A book of n contacts, stored as ingest stores them: by account, instant, contact id."""
    draw = np.random.default_rng(seed)
    n_accounts = max(10, n // 20)
    account = np.sort((draw.random(n) ** 1.5 * n_accounts).astype(np.int64)) + 1
    country = draw.choice(len(COUNTRIES), n_accounts + 1, p=[share for _, _, share in COUNTRIES.values()])
    names, offsets = list(COUNTRIES), np.array([hours for _, hours, _ in COUNTRIES.values()])
    second = np.where(draw.random(n) < 0.01, draw.integers(0, 86_400, n), draw.integers(8 * 3600, 21 * 3600, n))
    wall = draw.integers(0, DAYS, n) * 86_400 + second
    wall = wall[np.lexsort((wall, account))] + int(np.datetime64(FIRST, "s").astype(np.int64))
    is_call = draw.random(n) < 0.55
    of = country[account]
    rows = pl.DataFrame(
        {
            "contact_key": np.arange(1, n + 1),
            "account_key": account,
            "debtor_key": account,
            "person_key": account,
            "contact_point_key": account,
            "started_at": pl.Series((wall - offsets[of] * 3600) * 1_000_000).cast(pl.Datetime("us")),
            "wall": pl.Series(wall * 1_000_000).cast(pl.Datetime("us")),
            "channel": np.where(is_call, "call", np.where(draw.random(n) < 0.7, "sms", "app")),
            "outcome": draw.choice(list(OUTCOMES), n, p=list(OUTCOMES.values())),
            "country": np.array(names)[of],
            "collector": draw.integers(0, 300, n),
        }
    ).with_columns(
        contact_id=pl.format("C{}", pl.col("contact_key").cast(pl.String).str.zfill(9)),
        direction=pl.lit("out"),
        purpose=pl.lit("reminder"),
        style=pl.lit("interactive"),
        role=pl.lit("debtor"),
        product=pl.lit("loan"),
        place=pl.lit("mobile"),
        caller_type=pl.lit("human"),
        recorded_at=pl.col("started_at"),
        zone_basis=pl.lit("zone"),
        countries=pl.format("|{}|", "country"),
        collector_id=pl.format("K{}", "collector"),
        team=pl.format("T{}", pl.col("collector") // 30),
        local_date=pl.col("wall").dt.date(),
        local_time=pl.col("wall").dt.time(),
        local_isodow=pl.col("wall").dt.weekday(),
        currency=pl.col("country").replace_strict({name: values[0] for name, values in COUNTRIES.items()}),
    )
    accounts = rows.group_by("account_key", "debtor_key", "currency", "product").agg().sort("account_key")
    accounts = accounts.with_columns(account_id=pl.format("A{}", "account_key"), branch=pl.lit("north"))
    debtors = accounts.select("debtor_key", debtor_id=pl.format("D{}", "debtor_key"))
    return _written(
        folder, {"contacts": rows.drop("wall", "country", "collector"), "accounts": accounts, "debtors": debtors}
    )


def _written(folder: Path, tables: dict[str, pl.DataFrame]) -> Book:
    path = folder / book_name(STAMP)
    with duckdb.connect(str(path)) as con:
        for name, table in BOOK_TABLES.items():
            columns = ", ".join(f'"{column.name}" {column.sql_type}' for column in table.columns)
            con.execute(f"create table {name} ({columns})")
        for name, frame in tables.items():
            file = folder / f"{name}.parquet"
            frame.write_parquet(file)
            con.execute(f"insert into {name} by name select * from read_parquet('{file}')")
            file.unlink()
        con.execute("checkpoint")
    manifest = Manifest(STAMP, "2026-11-01T00:00:00Z", "bench", {path.name: file_sha256(path)}, {}, {})
    return Book(STAMP, path, folder / private_name(STAMP), manifest)


def ways_of_one_cap(book: Book, with_pandas: bool) -> dict[str, Callable[[], int]]:
    """Each gives the number of calls past the limit; `scan` gives nothing to compare."""
    engine = DuckDBEngine(book, SETTINGS)
    cap = a_rule("count_cap", CountCap(MAX, Window("local_date", WIDTH), ("debt",)), Filter(channel=("call",)))
    con = duckdb.connect(str(book.path), read_only=True)
    calls = "from contacts where channel = 'call'"
    con.execute(
        "create temp table ordered as select account_key::bigint * 1048576 "
        "+ date_diff('day', date '1970-01-01', local_date) as packed "
        f"{calls} order by account_key, local_date, started_at, contact_id"
    )
    frame = con.sql(f"select account_key, local_date, 1 as one {calls} order by account_key, started_at").pl()
    table = frame.to_pandas().astype({"local_date": "datetime64[ns]"}) if with_pandas else None
    over = query_over("compliance/as_counts", verdicts="compliance/count_cap")

    def by_duewatch() -> int:
        found = engine.run_query(over, {**cap.params, "rule_id": "tried"}, WHOLE_BOOK)
        return int(found.filter(pl.col("verdict") == "breach")["n_contacts"].sum())

    def by_array() -> int:
        packed = con.sql("select packed from ordered").fetchnumpy()["packed"]
        return int(np.count_nonzero(packed[MAX:] - packed[:-MAX] < WIDTH))

    def by_polars() -> int:
        counts = frame.rolling("local_date", period=f"{WIDTH}d", group_by="account_key").agg(pl.len())
        return _past(counts.rename({"len": "n"}).cast({"n": pl.Int64}))

    def by_pandas() -> int:
        assert table is not None
        counts = table.set_index("local_date").groupby("account_key")["one"].rolling(f"{WIDTH}D").sum()
        return _past(pl.from_pandas(counts.astype("int64").rename("n").reset_index()))

    def answer(sql: str) -> Callable[[], int]:
        return lambda: int(con.sql(sql).fetchone()[0])  # type: ignore[index]

    return {
        "bare scan of the two columns": answer(f"select max(account_key) + year(max(local_date)) {calls}"),
        "step back, one ordered array": by_array,
        "lag over (), one ordered column": answer(
            f"select count(*) from (select packed - lag(packed, {MAX}) over () as gap from ordered) where gap < {WIDTH}"
        ),
        "lag over (partition, order)": answer(
            f"select count(*) from (select local_date - lag(local_date, {MAX}) over (partition by account_key "
            f"order by local_date, started_at, contact_id) as gap {calls}) where gap < {WIDTH}"
        ),
        "Duewatch's rule, all four verdicts": by_duewatch,
        "Polars rolling": by_polars,
        **({"pandas groupby.rolling": by_pandas} if with_pandas else {}),
    }


def _past(by_day: pl.DataFrame) -> int:
    """Libraries differ in which of several contacts of one date sees which; made comparable by taking, of each account
    and date, as many as are past the limit."""
    of_day = by_day.group_by("account_key", "local_date").agg(pl.col("n").max(), pl.len().cast(pl.Int64).alias("ties"))
    return int(of_day.select(pl.min_horizontal(pl.col("n") - MAX, "ties").clip(0).sum()).item())


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(title: str, took: dict[str, float], base: str) -> None:
    print(f"\n{title:42} {'s':>8} {'times ' + base:>34}")
    for how, time_taken in took.items():
        print(f"{how:42} {time_taken:8.3f} {time_taken / took[base]:34.1f}")


def one_cap(book: Book, with_pandas: bool) -> None:
    ways = ways_of_one_cap(book, with_pandas)
    found = {how: way() for how, way in ways.items() if not how.startswith("bare")}
    assert len(set(found.values())) == 1, found
    rounds = {how: [] for how in ways}
    for _ in range(ROUNDS):
        for how, way in ways.items():
            rounds[how].append(seconds(way))
    took = {how: statistics.median(times) for how, times in rounds.items()}
    print(f"every way finds {next(iter(found.values())):,} calls past {MAX} in {WIDTH} dates")
    report("one cap", took, "bare scan of the two columns")


def whole_grid(book: Book) -> None:
    cap = a_rule("count_cap", CountCap(MAX, Window("local_date", WIDTH), ("debt",)), Filter(channel=("call",)))
    single = a_rule("count_cap", CountCap(3, Window("local_date", 10), ("debt",)), Filter(channel=("call",)))
    with closing(DuckDBEngine(book, SETTINGS)) as engine:
        over = query_over("compliance/as_counts", verdicts="compliance/count_cap")
        one = seconds(lambda: engine.run_query(over, {**single.params, "rule_id": "tried"}, WHOLE_BOOK))
    took = {
        "all 300 limits in one pass": seconds(lambda: recount.over_limits(recount.grid(book, cap, settings=SETTINGS))),
        "300 limits, one by one (one x 300)": one * 300,
        "one limit replayed (contacts stopped)": seconds(
            lambda: recount.replay_limit(book, cap, recount.limit_of(cap), settings=SETTINGS)
        ),
    }
    report("a grid of caps", took, "all 300 limits in one pass")


def all_packs(book: Book) -> None:
    """In a process of its own, so that its peak memory is its own."""
    program = (
        "import sys, time; sys.path.insert(0, '.'); from pathlib import Path; from bench.audit import audit_here\n"
        "audit_here(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, str(book.path)], check=True)


def audit_here(path: Path) -> None:
    manifest = Manifest(STAMP, "2026-11-01T00:00:00Z", "bench", {path.name: ""}, {}, {})
    book = Book(STAMP, path, path.parent / private_name(STAMP), manifest)
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        every = ", ".join(f"max({name})" for name in BOOK_TABLES["contacts"].column_names)
        scan = seconds(lambda: con.sql(f"select {every} from contacts").fetchall())
    start = time.perf_counter()
    found, counts = findings_and_counts(book, load_packs(), AuditChoice(verdicts=("breach", "unknown")), SETTINGS)
    took = {"bare scan of every column": scan, "audit of all packs": time.perf_counter() - start}
    status = Path("/proc/self/status").read_text() if Path("/proc/self/status").exists() else ""
    peak = next(
        (int(line.split()[1]) / 2**20 for line in status.splitlines() if line.startswith("VmHWM")), float("nan")
    )
    report("audit", took, "bare scan of every column")
    n_judged = sum(sum(of.values()) for of in counts.values())
    print(f"{len(counts)} rules, {n_judged:,} verdicts, {found.height:,} findings, peak {peak:.1f} GiB")


def main(n: int, with_pandas: bool) -> None:
    print(f"{n:,} contacts; duckdb {duckdb.__version__}, polars {pl.__version__}, pandas {pd.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        book = make_book(Path(folder), n)
        one_cap(book, with_pandas)
        whole_grid(book)
        all_packs(book)


if __name__ == "__main__":
    numbers = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    size = int(numbers[0].replace(",", "").replace("_", "")) if numbers else 1_000_000
    main(size, size <= 1_000_000 or "--pandas" in sys.argv)
