"""The command line answers exactly, exits with the contract's codes and says one sentence when it cannot."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import POINTER, manifest_name
from tests.support.commands import called
from tests.support.small_books import STAMP, account, made_book, snapshot

ROOT = Path(__file__).resolve().parents[3]
LAST = "2026-10-31"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three accounts on one day, published by hand."""
    folder = tmp_path_factory.mktemp("books")
    day = date.fromisoformat(LAST)
    book = made_book(
        folder,
        accounts=[account(key, branch="north" if key < 3 else "south") for key in (1, 2, 3)],
        snapshots=[snapshot(key, day, days, "100.50") for key, days in ((1, 0), (2, 5), (3, 40))],
    )
    (folder / manifest_name(STAMP)).write_text(book.manifest.to_json(), encoding="utf-8")
    (folder / POINTER).write_text(STAMP, encoding="ascii")
    return folder


def duewatch(*args: str, books: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return called(*args, env={"DUEWATCH_BOOKS": str(books)} if books else {})


def in_a_process(*args: str, books: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "duewatch", *args],
        cwd=ROOT,
        env={**os.environ, "DUEWATCH_BOOKS": str(books)},
        capture_output=True,
        timeout=120,
    )


def one_sentence(done: subprocess.CompletedProcess[bytes]) -> str:
    """What stderr says, held to the contract: exit 2, nothing on stdout, one line that ends with a full stop."""
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b""), said
    assert said.startswith("duewatch: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1
    return said


def test_a_query_prints_csv(books: Path) -> None:
    done = duewatch("query", "portfolio/aging_buckets", "--as-of", LAST, books=books)
    assert (done.returncode, done.stderr) == (0, b"")
    rows = done.stdout.decode().splitlines()
    assert rows[0] == "currency,bucket,n_accounts,balance,share_accounts,share_balance"
    assert [row.split(",")[:4] for row in rows[1:]] == [["CNY", f"M{n}", "1", "100.50"] for n in (0, 1, 2)]


def test_a_query_takes_the_scope_that_pages_have(books: Path) -> None:
    asked = ("query", "portfolio/accounts_in_bucket", "--bucket", "all", "--as-of", LAST)
    done = duewatch(*asked, "--branch", "south", books=books)
    assert [row.split(",")[1] for row in done.stdout.decode().splitlines()[1:]] == ["A3"]
    done = duewatch(*asked, "--branch", "south", "--branch", "north", "--currency", "CNY", books=books)
    assert len(done.stdout.splitlines()) == 1 + 3
    assert "no account has the branch 'sout'; did you mean 'south'? It takes north, south." in one_sentence(
        duewatch(*asked, "--branch", "sout", books=books)
    )
    done = duewatch(*asked, "--known-on", "2026-10-30", books=books)
    assert len(done.stdout.splitlines()) == 1, "the snapshot of the 31st was not known on the 30th"


@pytest.mark.parametrize(
    ("args", "code"), [(("query", "portfolio/aging_buckets", "--as-of", LAST), 0), (("query", "portfolio/aging"), 2)]
)
def test_a_process_writes_and_ends_as_the_call_that_the_other_tests_make(
    args: tuple[str, ...], code: int, books: Path
) -> None:
    alone, within = in_a_process(*args, books=books), duewatch(*args, books=books)
    assert within.returncode == code
    assert within.stdout or within.stderr
    assert (alone.returncode, alone.stdout, alone.stderr) == (within.returncode, within.stdout, within.stderr)


def test_a_query_prints_json_and_writes_parquet(books: Path, tmp_path: Path) -> None:
    asked = ("query", "portfolio/aging_buckets", f"--as-of={LAST}")
    rows = json.loads(duewatch(*asked, "--format", "json", books=books).stdout)
    assert [row["bucket"] for row in rows] == ["M0", "M1", "M2"]
    out = tmp_path / "answer.parquet"
    done = duewatch(*asked, "--format", "parquet", "--out", str(out), "--books", str(books))
    assert (done.returncode, done.stdout) == (0, b"")
    assert pl.read_parquet(io.BytesIO(out.read_bytes()))["n_accounts"].to_list() == [1, 1, 1]


def test_a_day_without_a_snapshot_is_said_and_not_shown_as_an_empty_book(books: Path) -> None:
    done = duewatch("query", "portfolio/aging_buckets", "--as-of", "2026-11-05", books=books)
    assert done.returncode == 0
    assert "the book has no snapshot on 2026-11-05; its last days are 2026-10-31" in done.stderr.decode()


def test_queries_are_listed_with_their_question_and_described_with_their_parameters() -> None:
    listed = duewatch("query", "--list").stdout.decode()
    assert "portfolio/aging_buckets" in listed
    assert "How does the book spread over aging buckets on one day?" in listed
    described = duewatch("query", "portfolio/vintage", "--help").stdout.decode()
    assert "--min-bucket" in described
    assert "(default M2)" in described
    assert duewatch("query", "portfolio/vintage", "--sql").stdout.decode().startswith("with month_closes as")


@pytest.mark.parametrize("command", ["demo", "ingest", "query", "run"])
def test_each_command_explains_itself_with_an_example(command: str) -> None:
    done = duewatch(command, "--help")
    assert done.returncode == 0
    assert "Example:" in done.stdout.decode()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("query", "portfolio/aging"), "there is no query 'portfolio/aging'; the nearest are portfolio/aging"),
        (("query", "portfolio/aging_buckets"), "needs parameter 'as_of' (the snapshot day); give --as-of"),
        (
            ("query", "portfolio/aging_buckets", "--as-of", "31.10.2026"),
            "'31.10.2026' is not a date; write it as 2026-10-31",
        ),
        (("query", "portfolio/aging_buckets", "--as-of"), "--as-of has no value"),
        (("query", "portfolio/aging_buckets", "--day", LAST), "there is no parameter 'day'; it takes as_of"),
        (("query", "portfolio/aging_buckets", LAST), f"'{LAST}' stands alone"),
        (("query", "portfolio/aging_buckets", "--as-of", LAST, "--format", "xml"), "'xml' is not one of"),
        (("query",), "name a query; see 'python -m duewatch query --list'"),
        (("demo",), "Missing option '--out'"),
        (("dashboard",), "No such command 'dashboard'"),
        (("query", "aging"), "the nearest are portfolio/aging_by_day, portfolio/aging_buckets"),
        (("audit", "--from", "2026-02-30"), "'2026-02-30' is no day of the calendar; write it as 2026-10-31"),
        (("audit", "--from", "x"), "see 'python -m duewatch audit --help'"),
        (("demo", "--out", "x", "--call-cap", "1"), "--call-cap and --call-cap-from go together"),
        (("ingest", "no/such/folder"), "no/such/folder"),
        (("ingest", "postgresql://host/db"), "only folders"),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_2(books: Path, args: tuple[str, ...], sentence: str) -> None:
    assert sentence in one_sentence(duewatch(*args, books=books))


def test_an_answer_that_cannot_be_written_is_one_sentence(books: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "no" / "folder" / "x.csv")
    done = duewatch("query", "portfolio/aging_buckets", "--as-of", LAST, "--out", out, books=books)
    assert "cannot be written" in one_sentence(done)


def test_a_folder_without_a_book_says_how_to_make_one(tmp_path: Path) -> None:
    done = duewatch("query", "portfolio/aging_buckets", "--as-of", LAST, books=tmp_path)
    assert "there is no book here yet; load your files with" in one_sentence(done)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    done = duewatch("demo", "--out", str(folder / "source"), "--accounts", "300", "--months", "3", "--seed", "5")
    assert done.returncode == 0, done.stderr
    return folder


def test_a_demo_is_written_ingested_and_asked_from_the_command_line(demo: Path) -> None:
    truth = json.loads((demo / "source" / "truth.json").read_text(encoding="utf-8"))
    done = duewatch("ingest", str(demo / "source"), "--books", str(demo / "books"))
    assert done.returncode == 0, done.stderr
    assert "is in service" in done.stdout.decode()
    for table, rows in truth["rows"].items():
        line = next(line for line in done.stdout.decode().splitlines() if line.startswith(f"{table} "))
        read, accepted, rejected = (int(text.replace(",", "")) for text in line.split()[1:4])
        assert (accepted, rejected) == (rows["expected_accepted"], rows["expected_rejected"]), table
        assert read == accepted + rejected
    asked = duewatch("query", "portfolio/aging_buckets", "--as-of", LAST, "--format", "json", books=demo / "books")
    assert sum(row["n_accounts"] for row in json.loads(asked.stdout)) > 100


def test_rejected_rows_end_a_strict_ingest_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process: the code is what a script that loads every night goes by."""
    settings = tmp_path / "duewatch.toml"
    settings.write_text('packs = ["house"]\n', encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    source = tmp_path / "source"
    source.mkdir()
    lines = (
        "account_id,debtor_id,product,currency,opened_on,original_amount",
        "A1,D1,card,CNY,2025-01-10,1000.00",
        "A2,D1,card,CNY,2025-01-10,many",
    )
    (source / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = in_a_process("ingest", str(source), "--strict", books=tmp_path / "books")
    assert done.returncode == 1, done.stderr
    assert "is in service" in done.stdout.decode()
    assert duewatch("ingest", str(source), books=tmp_path / "books").returncode == 0, "without --strict it is no fault"
