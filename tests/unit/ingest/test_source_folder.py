"""What lies in a source folder, and the machine's own failures: told in one sentence, never skipped in silence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.contract.errors import BookError, DuewatchError, SourceError
from duewatch.contract.settings import Settings
from duewatch.ingest import ingest
from duewatch.ingest.failures import plain_failures
from tests.unit.ingest.conftest import ACCOUNT, ACCOUNTS, Source
from tests.unit.ingest.test_bad_input import HEADER, workbook

PAYMENTS = "payment_id,account_id,paid_on,amount\n"
PAYMENT = "P1,A1,2025-03-01,1\n"


@pytest.mark.parametrize("name", ["Accounts.CSV", "ACCOUNTS.csv", "accounts.Csv"])
def test_a_file_name_is_known_in_any_case(source: Source, name: str) -> None:
    (source.folder / "accounts.csv").unlink()
    source.write(name, ACCOUNTS + ACCOUNT)
    assert source.load().loads[0].files == (name,)


def test_hidden_files_and_excels_marks_are_passed_over(source: Source) -> None:
    for name in (".~lock.accounts.csv#", "~$accounts.xlsx", ".DS_Store", "payments/._1.csv", "payments/_SUCCESS"):
        source.write(name, b"\x00\x05")
    source.write("payments/1.csv", PAYMENTS + PAYMENT)
    report = source.load()
    assert (report.notes, report.loads[1].rows_accepted) == ((), 1)


@pytest.mark.parametrize("name", ["payments/2.csv.zip", "payments/sub/2.csv", "payments/readme.md"])
def test_what_cannot_be_a_part_is_refused_for_its_rows_would_be_missed(source: Source, name: str) -> None:
    source.write("payments/1.csv", PAYMENTS + PAYMENT)
    (source.folder / name).parent.mkdir(exist_ok=True)
    source.write(name, PAYMENTS + PAYMENT)
    with pytest.raises(SourceError, match="cannot be a part of payments"):
        source.load()


@pytest.mark.parametrize("target", ["payments.csv", "nowhere.csv"])
def test_a_link_that_leads_nowhere_or_round_is_refused(source: Source, target: str) -> None:
    (source.folder / "payments.csv").symlink_to(target)
    with pytest.raises(SourceError, match=r"payments\.csv: this is no file that can be opened"):
        source.load()


def test_a_file_in_place_of_a_folder_and_an_empty_folder_are_refused(source: Source, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place, sentence in (
        (source.folder / "accounts.csv", "not a folder"),
        (tmp_path / "empty", "no file of accounts or contacts"),
    ):
        with pytest.raises(SourceError, match=sentence):
            ingest(place, books=source.books)


def test_a_packed_accounts_file_is_named_where_accounts_are_missed(source: Source) -> None:
    (source.folder / "accounts.csv").rename(source.folder / "accounts.csv.zip")
    with pytest.raises(SourceError, match=r"left aside: accounts\.csv\.zip"):
        source.load()


def test_a_database_url_is_refused_without_its_password(source: Source) -> None:
    with pytest.raises(SourceError) as told:
        ingest(Path("postgresql://user:secret@host/db"), books=source.books)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ('[tables.contacts]\nfile = "催收"', "reads '催收', which is not here"),
        ('[source]\ndate_formats = ["%Y"]', "this form cannot be read"),
        ('[source]\ndate_formats = ["%Y%-m%-d"]', "can be read in two ways"),
        ('[source]\ninstant_formats = ["%Y-%m-%d"]', "this form cannot be read"),
    ],
)
def test_a_mapping_that_would_lose_or_guess_is_refused(source: Source, mapping: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        source.load(mapping)


def test_a_mapping_may_name_a_file_with_its_ending(source: Source) -> None:
    source.write("流水.csv", PAYMENTS + PAYMENT)
    assert source.load('[tables.payments]\nfile = "流水.csv"').loads[1].rows_accepted == 1


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("ACCOUNT_ID,x", "did you mean 'account_id'?"),
        ("Account ID,x", "did you mean 'account_id'?"),
        ("x" * 5000, "xxx..."),
        ("account_id,", "the required column 'debtor_id' is missing"),
    ],
)
def test_a_wrong_header_is_told_with_what_may_have_been_meant(source: Source, header: str, sentence: str) -> None:
    source.write("accounts.csv", f"{header}\n{ACCOUNT}")
    with pytest.raises(SourceError) as told:
        source.load()
    assert sentence in str(told.value)
    assert len(str(told.value)) < 400


def test_no_account_at_all_never_takes_the_place_of_a_book_in_service(source: Source) -> None:
    wrong = ACCOUNTS + ACCOUNT.replace("2025-01-10", "10/01/2025") * 3
    source.write("accounts.csv", wrong)
    with pytest.raises(
        SourceError, match=r"no account was accepted .*line 2, opened_on '10/01/2025': not_a_date \(3 rows"
    ):
        source.load()
    assert not list(source.books.glob("book-*"))
    source.write("accounts.csv", ACCOUNTS + ACCOUNT)
    good = source.load().book_version
    source.write("accounts.csv", wrong)
    with pytest.raises(SourceError, match="line 2, opened_on '10/01/2025'"):
        source.load()
    assert source.ask("select value from book_facts where fact = 'book_version'") == [(good,)]


def test_a_long_number_is_found_where_the_sheet_begins_in_a_later_column(source: Source) -> None:
    (source.folder / "accounts.csv").unlink()
    rows: list[list[object]] = [
        HEADER,
        [110101199001010011, "D1", "card", "CNY", "2025-01-10", 1],
        ["A2", "D1", "card", "CNY", "2025-01-10", 2],
    ]
    workbook(source.folder / "accounts.xlsx", [[None, *row] for row in rows])
    source.load()
    assert source.reasons() == [(2, "account_id", "scientific_id")]


def test_a_sheet_whose_first_rows_are_empty_is_read(source: Source) -> None:
    (source.folder / "accounts.csv").unlink()
    workbook(source.folder / "accounts.xlsx", [[], [], HEADER, ["A1", "D1", "card", "CNY", "2025-01-10", 1]])
    source.load()
    assert source.ask("select account_id, original_amount::varchar from accounts") == [("A1", "1.00")]


def test_ids_kept_as_floating_point_are_refused(source: Source) -> None:
    content = io.BytesIO()
    rows = {"payment_id": [1.0, 2.0], "account_id": ["A1"] * 2, "paid_on": ["2025-03-01"] * 2, "amount": [1.5, 2.0]}
    pl.DataFrame(rows).write_parquet(content)
    source.write("payments.parquet", content.getvalue())
    with pytest.raises(SourceError, match="'payment_id' holds Float64"):
        source.load()


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
@pytest.mark.parametrize("limit", [1_000, 300_000])
def test_a_full_disk_ends_in_one_sentence_and_leaves_nothing_behind(loaded: Source, limit: int) -> None:
    source, before = loaded, current_book(loaded.books).version
    command = [sys.executable, "-c", FULL_DISK, str(limit), "ingest", str(source.folder), "--books", str(source.books)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "the book could not be written (" in done.stderr
    assert source.ask("select value from book_facts where fact = 'book_version'") == [(before,)]
    assert not list(source.books.glob(".building-*"))


FULL_DISK = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from duewatch.cli import main
main()
"""


def test_a_books_path_that_is_a_file_is_refused(source: Source) -> None:
    source.books.write_text("x")
    with pytest.raises(BookError, match="no book can be written here"):
        source.load()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (duckdb.IOException("IO Error: no space\nmore"), "IO Error: no space"),
        (duckdb.OutOfMemoryException("Out of Memory"), "raise memory_limit"),
        (pl.exceptions.ComputeError("underlying IO error"), "underlying IO error"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (AssertionError("5 read, 4 accepted"), "5 read, 4 accepted"),
    ],
)
def test_failures_of_the_machine_are_one_sentence(tmp_path: Path, error: Exception, told: str) -> None:
    with pytest.raises(BookError) as raised, plain_failures(tmp_path):
        raise error
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_stop_inside_a_statement_is_a_stop(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), plain_failures(tmp_path):
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="other"), plain_failures(tmp_path):
        raise RuntimeError("other")


def test_a_wrong_setting_of_lock_or_memory_is_told(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DuewatchError, match="memory_limit is 'lots'"):
        ingest(source.folder, books=source.books, settings=Settings(memory_limit="lots"))
    monkeypatch.setenv("DUEWATCH_LOCK_SECONDS", "soon")
    with pytest.raises(DuewatchError, match="'soon' is no number"):
        ingest(source.folder, books=source.books)
