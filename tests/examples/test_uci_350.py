"""A real public data set goes through the same door, and the book says what the raw file says."""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest import ingest

ROOT = Path(__file__).resolve().parents[2]
NAME = "UCI_Credit_Card.csv.gz"
PLACES = [
    Path(os.environ.get("UCI_350_CSV", "")),
    ROOT / "examples" / "uci_350" / NAME,
    ROOT.parent / "shared" / "samples" / "uci_taiwan" / NAME,
]
STATUS = {
    "2005-09-30": "X6",
    "2005-08-31": "X7",
    "2005-07-31": "X8",
    "2005-06-30": "X9",
    "2005-05-31": "X10",
    "2005-04-30": "X11",
}
BILL = {day: f"X{12 + n}" for n, day in enumerate(STATUS)}


@pytest.fixture(scope="module")
def sample() -> Path:
    found = next((path for path in PLACES if path.is_file()), None)
    if found is None:
        pytest.skip("UCI 350 is not here: set UCI_350_CSV to UCI_Credit_Card.csv.gz (examples/uci_350/README.md)")
    return found


@pytest.fixture(scope="module")
def engine(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    folder = tmp_path_factory.mktemp("uci_350")
    script = str(ROOT / "examples" / "uci_350" / "convert.py")
    subprocess.run(
        [sys.executable, script, str(sample), "--out", str(folder / "source")], check=True, capture_output=True
    )
    report = ingest(folder / "source", books=folder / "books")
    assert all(load.rows_rejected == 0 for load in report.loads)
    return DuckDBEngine(current_book(folder / "books"), Settings())


def raw(sample: Path) -> list[dict[str, str]]:
    with gzip.open(sample, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bucket(code: str) -> str:
    months = max(int(code), 0)
    return "M7+" if months >= 7 else f"M{months}"


@pytest.mark.parametrize("day", STATUS)
def test_the_book_ages_as_the_published_status_codes_say(engine: DuckDBEngine, sample: Path, day: str) -> None:
    counts: Counter[str] = Counter()
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for client in raw(sample):
        counts[bucket(client[STATUS[day]])] += 1
        balances[bucket(client[STATUS[day]])] += Decimal(client[BILL[day]])
    rows = engine.run("portfolio/aging_buckets", {"as_of": day}, WHOLE_BOOK).to_dicts()
    assert {row["bucket"]: row["n_accounts"] for row in rows} == counts
    assert {row["bucket"]: row["balance"] for row in rows} == balances
    assert {row["currency"] for row in rows} == {"TWD"}


def test_migration_agrees_with_the_raw_codes_client_by_client(engine: DuckDBEngine, sample: Path) -> None:
    moves = Counter((bucket(client["X7"]), bucket(client["X6"])) for client in raw(sample))
    asked = {"from_date": "2005-08-31", "to_date": "2005-09-30"}
    rows = engine.run("portfolio/transitions", asked, WHOLE_BOOK).to_dicts()
    assert {(row["from_bucket"], row["to_bucket"]): row["n_accounts"] for row in rows} == moves


def test_the_sample_is_the_one_that_was_published(sample: Path) -> None:
    clients = raw(sample)
    assert len(clients) == 30_000
    assert sum(client["Y"] == "1" for client in clients) == 6_636
    assert sum(Decimal(client[column]) < 0 for client in clients for column in BILL.values()) == 3_932


def test_another_file_is_refused_with_one_sentence(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("ID,X1\n1,2\n", encoding="utf-8")
    script = str(ROOT / "examples" / "uci_350" / "convert.py")
    done = subprocess.run(
        [sys.executable, script, str(other), "--out", str(tmp_path / "o")], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "not ID, X1 to X23, Y as published" in done.stderr
