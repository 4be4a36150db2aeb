"""The files of the demo: their shape, their bytes, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest

from duewatch.contract.errors import DuewatchError
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.demo import write_demo
from duewatch.demo.broken_text import LONGEST_CELL
from duewatch.demo.skipped_hours import last_skipped
from duewatch.sources.batch import MAX_CELL
from duewatch.sources.reject_reasons import Reason
from tests.unit.demo.conftest import Demo

NOT_WRITTEN = ("snapshots.days_past_due_to", "payments.status", "contacts.duration_seconds")
"""Columns of the contract that the demo has no need of."""


@pytest.mark.parametrize("table", SOURCE_TABLES)
def test_a_file_has_the_columns_of_the_contract_in_its_order(demo: Demo, table: str) -> None:
    names = SOURCE_TABLES[table].column_names
    assert tuple(demo.header(table)) == tuple(name for name in names if f"{table}.{name}" not in NOT_WRITTEN)


@pytest.mark.parametrize("table", SOURCE_TABLES)
def test_written_rows_are_the_good_ones_and_the_faults(demo: Demo, table: str) -> None:
    rows = demo.truth["rows"][table]
    assert len(demo.lines(table)) - 1 == rows["written"] == rows["expected_accepted"] + rows["expected_rejected"]
    assert rows["expected_accepted"] > 0


def test_good_rows_have_one_key_each(demo: Demo) -> None:
    for table in SOURCE_TABLES.values():
        assert demo.good(table.name).select(table.key).is_duplicated().sum() == 0, table.name


def test_good_rows_fill_each_column_of_the_contract_somewhere(demo: Demo) -> None:
    empty = {
        f"{table}.{column}"
        for table in SOURCE_TABLES
        for column in demo.good(table).columns
        if demo.good(table)[column].null_count() == demo.good(table).height
    }
    assert empty == set()


def test_references_of_good_rows_hold(demo: Demo) -> None:
    for table in SOURCE_TABLES.values():
        for column in (column for column in table.columns if column.references):
            parent, key = column.references.split(".")
            dangling = demo.good(table.name)[column.name].drop_nulls().is_in(demo.good(parent)[key].implode()).not_()
            assert dangling.sum() == 0, f"{table.name}.{column.name}"


def test_each_fault_stands_on_the_lines_that_truth_names(demo: Demo) -> None:
    assert all(fault["count"] == len(fault["lines"]) > 0 for fault in demo.truth["data_faults"])
    totals = demo.faults("total_row")
    assert len(totals) == len(SOURCE_TABLES)
    assert all(line.startswith("合计,") for lines in totals.values() for line in lines)


def test_every_reason_for_a_reject_is_planted_somewhere(demo: Demo) -> None:
    only_in_values = {Reason.NOT_A_BOOLEAN, Reason.UNKNOWN_TIME_ZONE}
    without_account = {Reason.NO_ACCOUNT, Reason.SEVERAL_ACCOUNTS}
    assert {fault["reason"] for fault in demo.truth["data_faults"]} == set(Reason) - only_in_values - without_account


def test_only_the_collectors_have_ragged_rows_one_short_and_one_long(demo: Demo) -> None:
    width = len(demo.header("collectors"))
    ragged = demo.faults("wrong_field_count")
    assert {table: [len(row) for row in csv.reader(lines)] for table, lines in ragged.items()} == {
        "collectors": [width - 1, width + 1]
    }


@pytest.mark.parametrize("reader", ["polars", "duckdb", "python"])
def test_plain_readers_read_the_other_tables_row_by_row_in_spite_of_the_faults(demo: Demo, reader: str) -> None:
    """A stray quote that is planted swallows no neighbour, and no file is refused whole."""
    for table in set(SOURCE_TABLES) - {"collectors"}:
        path, n_rows = demo.folder / f"{table}.csv", demo.truth["rows"][table]["written"]
        if reader == "polars":
            found = pl.read_csv(path, infer_schema=False).height
        elif reader == "duckdb":
            query = "select count(*) from read_csv(?, all_varchar = true, header = true)"
            with duckdb.connect() as con:
                found = con.cursor().execute(query, [str(path)]).fetchall()[0][0]
        else:
            found = sum(1 for _ in csv.reader(path.open(encoding="utf-8", newline=""))) - 1
        assert (table, found) == (table, n_rows)


def test_stray_quotes_control_characters_and_endless_cells_are_what_they_are_called(demo: Demo) -> None:
    assert all('"' in line for lines in demo.faults("bad_quoting").values() for line in lines)
    assert all("\a" in line for lines in demo.faults("bad_text").values() for line in lines)
    assert LONGEST_CELL == MAX_CELL
    for lines in demo.faults("too_long").values():
        assert [max(map(len, row)) for row in csv.reader(lines)] == [MAX_CELL + 1] * len(lines)


def test_a_call_stands_at_a_wall_time_that_the_debtors_clocks_left_out(demo: Demo) -> None:
    zones = dict(demo.good("debtors").select("debtor_id", "time_zone").iter_rows())
    accounts = dict(demo.good("accounts").select("account_id", "debtor_id").iter_rows())
    lines = demo.faults("no_such_local_time")["contacts"]
    for row in csv.DictReader(lines, fieldnames=demo.header("contacts")):
        zone = ZoneInfo(zones[row["debtor_id"]].split("|")[0])
        wall = datetime.fromisoformat(row["started_at"])
        assert wall.tzinfo is None
        assert wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
        assert accounts[row["account_id"]] == row["debtor_id"]


@pytest.mark.parametrize(
    ("zone", "as_of", "found"),
    [
        ("America/New_York", date(2026, 10, 31), datetime(2026, 3, 8, 2, 30)),  # noqa: DTZ001 - wall time
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 2, 30)),  # noqa: DTZ001 - wall time
        ("America/New_York", date(2026, 3, 7), datetime(2025, 3, 9, 2, 30)),  # noqa: DTZ001 - wall time
        ("America/Phoenix", date(2026, 10, 31), None),
    ],
)
def test_the_last_skipped_hour_is_that_of_the_zone(zone: str, as_of: date, found: datetime | None) -> None:
    assert last_skipped(ZoneInfo(zone), as_of) == found


def test_a_few_amounts_are_spelt_with_separators_or_full_width_digits(demo: Demo) -> None:
    amounts = demo.good("accounts")["original_amount"]
    count = demo.truth["accepted_variants"]["count"]
    assert amounts.str.contains("^[\uff10-\uff19]+\uff0e").sum() == count["full_width_digits"] > 0
    assert 0 < amounts.str.contains(",").sum() <= count["thousand_separators"]


def test_flags_begin_with_a_byte_order_mark_and_collectors_are_in_gb18030(demo: Demo) -> None:
    assert (demo.folder / "flags.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        (demo.folder / "collectors.csv").read_bytes().decode("utf-8")


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path, file_format: str) -> None:
    code = (
        "import sys; from pathlib import Path; from duewatch.demo import write_demo; "
        f"write_demo(Path(sys.argv[1]), accounts=600, months=2, seed=5, file_format={file_format!r})"
    )
    for threads in ("1", "2"):
        environment = os.environ | {"POLARS_MAX_THREADS": threads}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / threads)], check=True, env=environment)
    assert _hashes(tmp_path / "1") == _hashes(tmp_path / "2")
    assert len(_hashes(tmp_path / "1")) == len(SOURCE_TABLES) + 1


def test_another_seed_gives_another_book(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_demo(tmp_path / str(seed), accounts=50, months=1, seed=seed)
    first, second = (_hashes(tmp_path / str(seed)) for seed in (1, 2))
    assert first["accounts.csv"] != second["accounts.csv"]


def test_parquet_holds_the_same_book_as_csv(tmp_path: Path) -> None:
    write_demo(tmp_path / "p", accounts=300, months=2, file_format="parquet")
    write_demo(tmp_path / "c", accounts=300, months=2, file_format="csv")
    parquet, csv = Demo(tmp_path / "p"), Demo(tmp_path / "c")
    for table in ("debtors", "contacts", "payments"):
        parts = pl.read_parquet(tmp_path / "p" / table / "*.parquet")
        assert parquet.truth["rows"][table]["expected_rejected"] == 0
        assert parts.select(pl.all().cast(pl.String)).equals(csv.good(table)), table


@pytest.mark.parametrize(
    "bad",
    [
        {"accounts": 0},
        {"months": 0},
        {"months": 1000},
        {"seed": -1},
        {"as_of": date(2026, 10, 30)},
        {"file_format": "xml"},
    ],
)
def test_an_argument_that_makes_no_sense_is_refused_by_name(tmp_path: Path, bad: dict[str, object]) -> None:
    with pytest.raises(DuewatchError, match=next(iter(bad))):
        write_demo(tmp_path / "out", **bad)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_folder_with_strange_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(DuewatchError, match=r"thesis\.doc"):
        write_demo(tmp_path, accounts=10, months=1)
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


def test_an_earlier_demo_is_replaced_whole(tmp_path: Path) -> None:
    write_demo(tmp_path, accounts=20, months=1, file_format="parquet")
    write_demo(tmp_path, accounts=20, months=1, file_format="csv")
    assert not any(path.is_dir() for path in tmp_path.iterdir())


def test_one_account_and_one_month_are_a_book(tmp_path: Path) -> None:
    write_demo(tmp_path, accounts=1, months=1)
    assert Demo(tmp_path).truth["rows"]["accounts"]["expected_accepted"] == 1
