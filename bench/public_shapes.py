"""Sixteen public shapes of files: seconds from the files to a book, beside a bare read with Polars, in one run.

    python bench/public_shapes.py [ROWS]        (default 20,000; writes the table in docs/sources.md)

A bare read makes text columns of the same files and nothing else; ingest also shapes, checks, derives and publishes.
Read the ratios: a book of few rows is mostly the making of a book.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duewatch.contract.errors import SourceError
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.ingest import ingest
from tests.support.public_shapes import SHAPES, Shape

PAGE = PROJECT_ROOT / "docs" / "sources.md"
BEGIN, END = "<!-- made by bench/public_shapes.py -->\n", "<!-- end of the table -->\n"
FEW_RULES = Settings(packs=("house",))
ENCODINGS = {"chile": "windows-1252", "loan-notes": "gb18030"}


def bare_read(shape: Shape, folder: Path) -> tuple[float, int]:
    """Seconds of a read with Polars, and rows."""
    started, rows = time.perf_counter(), 0
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            rows += sum(frame.height for frame in pl.read_excel(path, sheet_id=0).values())
            continue
        rows += pl.read_csv(
            path,
            has_header=shape.name != "asterisk",
            separator={"vicidial": "\t" if path.suffix == ".txt" else ",", "chile": ";"}.get(shape.name, ","),
            encoding=ENCODINGS.get(shape.name, "utf8"),
            infer_schema=False,
            truncate_ragged_lines=True,
        ).height
    return time.perf_counter() - started, rows


def load(shape: Shape, folder: Path, books: Path) -> tuple[float, str]:
    """Seconds from the files to a book, and how it ended."""
    started = time.perf_counter()
    try:
        report = ingest(folder, books=books, mapping=shape.mapping, settings=FEW_RULES)
    except SourceError:
        return time.perf_counter() - started, "one sentence"
    seconds = time.perf_counter() - started
    accepted, rejected = (
        sum(getattr(load, name) for load in report.loads) for name in ("rows_accepted", "rows_rejected")
    )
    return seconds, f"{accepted:,} rows" + (f", {rejected:,} rejected" if rejected else "")


def table(rows: int) -> str:
    lines = [
        f"{rows:,} rows in the largest file of each shape; times of one run on one machine with two cores.",
        "",
        "| Shape | What is declared | Landed | Seconds | Bare read | Ratio |",
        "|---|---|---|--:|--:|--:|",
    ]
    for shape in SHAPES.values():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "source"
            folder.mkdir()
            shape.write(folder, rows)
            bare, n_read = bare_read(shape, folder)
            seconds, landed = load(shape, folder, Path(scratch) / "books")
        how = f"preset `{shape.preset}`: {shape.declared}" if shape.preset else shape.declared
        cells = [f"{shape.number} {shape.what}", how, landed, f"{seconds:.1f}", f"{bare:.2f}", f"{seconds / bare:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
        print(f"{lines[-1]} ({n_read:,} rows read)", file=sys.stderr)
    return "\n".join(lines) + "\n"


def main() -> None:
    made = table(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(before + BEGIN + made + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
