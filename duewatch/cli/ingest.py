"""`ingest`: source files become a book in service, or are checked only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import click

from duewatch.cli.language import cli_words
from duewatch.cli.options import BOOKS, FILE
from duewatch.cli.progress import say
from duewatch.contract.i18n import Words
from duewatch.contract.settings import books_dir, load_settings

if TYPE_CHECKING:
    from duewatch.ingest import IngestReport, TableLoad

EXAMPLES_SHOWN = 20
"""First rejects, one for each table, column and reason, that ingest prints."""
MAPPING = click.option(
    "--mapping",
    type=FILE,
    help="TOML file that says how your files become tables (docs/mapping.md), or the name of a preset.",
)


@click.command("ingest")
@click.argument("source")
@BOOKS
@MAPPING
@click.option("--strict", is_flag=True, help="Exit with 1 where any row was rejected.")
@click.option(
    "--check", "check_only", is_flag=True, help="Read all, publish nothing, tell every problem; exit 1 if any is lost."
)
def ingest_command(source: str, books: Path | None, mapping: Path | None, strict: bool, check_only: bool) -> int:
    """Read a folder of source files, check every row, and put a new book in service.

    Example: python -m duewatch ingest data/demo --mapping my-system.toml
    """
    words = cli_words()
    mapping = mapping_file(mapping)
    from duewatch.ingest import check, ingest  # only after the mapping is known to be right: reading loads much

    if check_only:
        from duewatch.cli.check_text import check_text

        found = check(Path(source), mapping=mapping, settings=load_settings(), progress=say)
        print(check_text(found, words))
        return 1 if found.loses_something else 0
    report = ingest(Path(source), books=books_dir(books), mapping=mapping, settings=load_settings(), progress=say)
    print(_load_table(report, words))
    return 1 if strict and any(load.rows_rejected for load in report.loads) else 0


def mapping_file(given: Path | None) -> Path | None:
    """The mapping's path, read once so that a mistake in it is told at once. A preset may stand in for a file."""
    from duewatch.sources.mapping import read_mapping
    from duewatch.sources.presets import preset_mapping, preset_names

    if given is not None and not given.exists() and str(given) in preset_names():
        given = preset_mapping(str(given))
    read_mapping(given)
    return given


def load_lines(loads: tuple[TableLoad, ...], words: Words) -> list[str]:
    """Rows read, accepted, rejected and left out, a table."""
    heads = [words(f"ingest.{name}") for name in ("table", "read", "accepted", "rejected", "left_out", "why")]
    lines = ["".join(padded(head, width) for head, width in zip(heads, (14, -14, -14, -12, -12), strict=False))]
    lines[0] += f"  {heads[-1]}"
    for load in loads:
        why = ", ".join(f"{reason} {count:,}" for reason, count in sorted(load.reasons.items(), key=lambda r: -r[1]))
        counts = f"{load.rows_read:>14,}{load.rows_accepted:>14,}{load.rows_rejected:>12,}{load.rows_left_out:>12,}"
        lines.append(f"{load.table:<14}{counts}  {why}".rstrip())
    return lines


def _load_table(report: IngestReport, words: Words) -> str:
    lines = load_lines(report.loads, words)
    lines += [words("ingest.example", example=example) for example in report.examples[:EXAMPLES_SHOWN]]
    if len(report.examples) > EXAMPLES_SHOWN:
        lines.append(words("ingest.example", example=words("ingest.further")))
    if report.missing_tables:
        lines.append(words("ingest.not_given", tables=", ".join(report.missing_tables)))
    lines += [words("ingest.note", note=note) for note in report.note_sentences(words)]
    lines.append(words("ingest.in_service", version=report.book_version))
    return "\n".join(lines)


def padded(text: str, width: int) -> str:
    """Filled up to `width` columns of a terminal, on the left where it is negative; a Chinese character takes two."""
    missing = " " * max(0, abs(width) - sum(2 if east_asian_width(char) in "WF" else 1 for char in text))
    return missing + text if width < 0 else text + missing
