"""No file takes the machine: stray cells, bombs and sheets without end are read in bounds or refused in a sentence."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.errors import SourceError
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.sources import packed_file, workbook_file
from duewatch.sources.sheet_extent import COLUMN_GAP, LAST_COLUMN, LAST_ROW, MANY_CELLS, column_number
from duewatch.sources.sheet_extent import without_stray_cells as cut
from tests.support.draws import draws
from tests.unit.sources.conftest import Open, notes, rows
from tests.unit.sources.test_raw_file import ods_row, open_document

BODY = [["payment_id", "amount"], ["P1", "5"], ["P2", "7"]]


def with_stray(*strays: tuple[int, int], fmt: tuple[int, int] | None = None) -> bytes:
    """The body in A1:B3 and a cell 'x' at each (row, column), from 0; a coloured empty cell at `fmt`."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet("payments")
        for number, row in enumerate(BODY):
            page.write_row(number, 0, row)
        for row_at, column_at in strays:
            page.write(row_at, column_at, "x")
        if fmt:
            page.write_blank(*fmt, None, book.add_format({"bg_color": "red"}))
    return content.getvalue()


@pytest.mark.parametrize(
    ("place", "where"), [((LAST_ROW - 1, LAST_COLUMN - 1), "XFD1048576"), ((LAST_ROW - 1, 9), "J1048576")]
)
def test_a_stray_cell_far_away_is_left_out_and_told(opened: Open, place: tuple[int, int], where: str) -> None:
    raw = opened("payments.xlsx", with_stray(place))
    assert (raw.header, rows(raw)) == (("payment_id", "amount"), [(2, "P1", "5"), (3, "P2", "7")])
    assert notes(raw) == [f"payments.xlsx: 1 cells far outside the table were left out: {where}"]


def test_a_stray_cell_that_makes_no_big_sheet_is_a_row_or_a_column(opened: Open) -> None:
    """Two columns of 1,048,576 rows are 2 million cells, three rows of 16,384 columns 49,152."""
    down = opened("payments.xlsx", with_stray((LAST_ROW - 1, 0)))
    assert rows(down)[2:] == [(LAST_ROW, "x", None)]
    wide = opened("wide.xlsx", with_stray((1, LAST_COLUMN - 1)))
    assert wide.header == ("payment_id", "amount", f"column {LAST_COLUMN}")
    assert rows(wide) == [(2, "P1", "5", "x"), (3, "P2", "7", None)]


def test_a_cell_that_excel_does_not_have_is_left_out(opened: Open) -> None:
    """A damaged file may name column ZZZZZ, the 12,356,630th: 26 + 26^2 + 26^3 + 26^4 + 26^5."""
    assert column_number(b"ZZZZZ") == 12_356_630
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(with_stray())) as good, zipfile.ZipFile(content, "w") as bad:
        for part in good.infolist():
            bad.writestr(part.filename, good.read(part).replace(b'r="B2"', b'r="ZZZZZ2"'))
    raw = opened("payments.xlsx", content.getvalue())
    assert rows(raw) == [(2, "P1", None), (3, "P2", "7")]
    assert "1 cells far outside the table were left out: ZZZZZ2" in notes(raw)[0]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells what a process used at most")
def test_reading_a_stray_cell_takes_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(with_stray((LAST_ROW - 1, LAST_COLUMN - 1)))
    asked = {"path": str(tmp_path / "a.xlsx"), "sheet": "payments", "named_like": [], "out": str(tmp_path / "out")}
    script = f"from {workbook_file.MODULE} import main; main(); print(open('/proc/self/status').read())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(asked | {"memory": workbook_file.MEMORY, "seconds": 60}),
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
    )
    assert '"stray": ["XFD1048576"]' in done.stdout
    (peak,) = re.findall(r"VmHWM:\s*(\d+) kB", done.stdout)
    assert int(peak) < 500 << 10


@draws(30)
@given(
    st.lists(st.tuples(st.integers(3, LAST_ROW - 1), st.integers(0, LAST_COLUMN - 1)), min_size=1, max_size=3),
    st.booleans(),
)
def test_wherever_cells_stray_the_table_is_read_and_no_cell_is_lost_unseen(
    tmp_path_factory: pytest.TempPathFactory, strays: list[tuple[int, int]], coloured: bool
) -> None:
    place = tmp_path_factory.mktemp("stray")
    (place / "a.xlsx").write_bytes(with_stray(*strays, fmt=(LAST_ROW - 1, 5) if coloured else None))
    found = cut(place / "a.xlsx", "payments", place)
    sheet = workbook_file.Layout(sheet="payments")
    read = workbook_file.open_sheet(place / "a.xlsx", "a.xlsx", sheet, frozenset(BODY[0]), place)
    kept = sum(cell == "x" for row in read.cells.rows() for cell in row)
    assert kept + (found.n_cells if found else 0) == len({*strays})
    assert [row[1:3] for row in read.cells.rows()[:2]] == [("P1", "5"), ("P2", "7")]
    area = max(row for row, _ in strays) * max(column for _, column in strays)
    assert found is not None or area <= 2 * MANY_CELLS


def test_a_wide_sheet_without_a_gap_stays_whole(opened: Open) -> None:
    raw = opened("payments.xlsx", with_stray((2, COLUMN_GAP), (2, COLUMN_GAP * 2)))
    assert len(raw.header) == 4
    assert notes(raw) == []


@pytest.mark.parametrize("n_rows", [6_000, 1 << 20])
def test_a_sheet_that_repeats_without_end_meets_a_limit(
    opened: Open, monkeypatch: pytest.MonkeyPatch, n_rows: int
) -> None:
    """An .ods of some hundred bytes that says: this cell 16,384 times, this row so often. 98 million cells need more
    than 1 GiB; 17,000 million are more than the reader itself takes."""
    monkeypatch.setattr(workbook_file, "MEMORY", 1 << 30)
    row = ods_row("x", repeated='table:number-columns-repeated="16384"')
    body = row.replace("<table:table-row>", f'<table:table-row table:number-rows-repeated="{n_rows}">')
    with pytest.raises(SourceError, match="needs more memory or time than one file may take"):
        opened("a.ods", open_document(body))


def test_a_packed_bomb_is_refused_as_it_unfolds(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b"id\n" + b"0" * (packed_file.SMALL + 1))
    with pytest.raises(SourceError, match=r"would unpack to 1\d MiB"):
        opened("a.csv.gz", bomb)
    monkeypatch.setattr(packed_file, "MAX_TEXT", 5)
    with pytest.raises(SourceError, match="would unpack"):
        opened("b.csv.gz", gzip.compress(b"id\nA1\nA2\n"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(opened: Open) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (packed_file.SMALL + 1))
    with pytest.raises(SourceError, match="would unpack"):
        opened("a.xlsx", content.getvalue())
