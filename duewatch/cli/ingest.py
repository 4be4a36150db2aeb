"""`ingest`: source files become a book in service."""

from __future__ import annotations

from pathlib import Path

import click

from duewatch.cli.options import BOOKS, FILE
from duewatch.cli.progress import say
from duewatch.contract.i18n import words_in
from duewatch.contract.settings import books_dir, load_settings
from duewatch.ingest import IngestReport, ingest

EXAMPLES_SHOWN = 20
"""First rejects, one for each table, column and reason, that ingest prints."""


@click.command("ingest")
@click.argument("source")
@BOOKS
@click.option("--mapping", type=FILE, help="TOML file that names your columns and codes (docs/mapping.md).")
@click.option("--strict", is_flag=True, help="Exit with 1 where any row was rejected.")
def ingest_command(source: str, books: Path | None, mapping: Path | None, strict: bool) -> int:
    """Read a folder of source files, check every row, and put a new book in service.

    Example: python -m duewatch ingest data/demo --mapping my-system.toml
    """
    report = ingest(Path(source), books=books_dir(books), mapping=mapping, settings=load_settings(), progress=say)
    print(_load_table(report))
    return 1 if strict and any(load.rows_rejected for load in report.loads) else 0


def _load_table(report: IngestReport) -> str:
    lines = [f"{'table':<14}{'read':>14}{'accepted':>14}{'rejected':>12}{'left out':>12}  why"]
    for load in report.loads:
        why = ", ".join(f"{reason} {count:,}" for reason, count in sorted(load.reasons.items(), key=lambda r: -r[1]))
        counts = f"{load.rows_read:>14,}{load.rows_accepted:>14,}{load.rows_rejected:>12,}{load.rows_left_out:>12,}"
        lines.append(f"{load.table:<14}{counts}  {why}".rstrip())
    lines += [f"rejected: {example}" for example in report.examples[:EXAMPLES_SHOWN]]
    if len(report.examples) > EXAMPLES_SHOWN:
        lines.append("rejected: further kinds, see Data health")
    if report.missing_tables:
        lines.append(f"not given: {', '.join(report.missing_tables)}")
    lines += [f"note: {note}" for note in report.note_sentences(words_in("en"))]
    lines.append(f"book {report.book_version} is in service")
    return "\n".join(lines)
