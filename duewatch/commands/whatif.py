"""`whatif`: a scenario beside today."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from duewatch.answers import as_bytes, written
from duewatch.books import current_book
from duewatch.compliance.packs import load_packs
from duewatch.settings import books_dir, load_settings
from duewatch.whatif.result import Report
from duewatch.whatif.run import run
from duewatch.whatif.scenario import Scenario, read_scenario

FILE = click.Path(path_type=Path)


@click.command("whatif", short_help="Run a scenario beside today, and say how far each answer can be trusted.")
@click.argument("scenario_file", metavar="SCENARIO.toml", type=FILE)
@click.option("--books", type=FILE, help="Folder of published books (default: $DUEWATCH_BOOKS, else data/books).")
@click.option("--format", "file_format", type=click.Choice(("json", "csv")), default="json", show_default=True)
@click.option("--out", type=FILE, help="File to write (default: stdout).")
def whatif_command(scenario_file: Path, books: Path | None, file_format: str, out: Path | None) -> None:
    """Run a scenario beside today: one line a measure, with its rung.

    L0 is counted on history, L1 is arithmetic on inputs that are shown, L2 an adjusted model, L3 an experiment. What
    cannot be answered is refused, with the reason and the test that would answer it.

    Example: python -m duewatch whatif examples/scenarios/two_in_seven.toml --format json
    """
    scenario = read_scenario(scenario_file)
    report = run(current_book(books_dir(books)), load_packs(), scenario, settings=load_settings())
    if file_format == "csv":
        written(as_bytes(report.frame(), "csv"), out)
    else:
        written((json.dumps(as_json(scenario, report), ensure_ascii=False, indent=2) + "\n").encode(), out)
    n_refused = sum(line.rung == "refused" for line in report.lines)
    print(f"{len(report.lines)} lines, {n_refused} of them refused with a reason", file=sys.stderr)


def as_json(scenario: Scenario, report: Report) -> dict[str, object]:
    """The answer as plain values; days as text."""
    stamp = {
        name: str(value) if name.endswith(("_on", "_day")) else value for name, value in asdict(report.stamp).items()
    }
    stamp["packs"] = dict(report.stamp.packs)
    return {
        "scenario": {"title": scenario.title, "author": scenario.author, "levers": dict(scenario.levers)},
        "stamp": stamp,
        "lines": report.frame().to_dicts(),
    }
