"""`whatif`: a scenario beside today."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from duewatch.answers import as_bytes, written
from duewatch.books import current_book
from duewatch.commands.desk import opened
from duewatch.compliance.packs import load_packs
from duewatch.desk import SavedScenario
from duewatch.errors import ScenarioError
from duewatch.settings import books_dir, load_settings
from duewatch.whatif.model import ModelAnswer
from duewatch.whatif.result import Report
from duewatch.whatif.run import run, run_model
from duewatch.whatif.scenario import Scenario, from_toml, read_scenario

FILE = click.Path(path_type=Path)


@click.command("whatif", short_help="Run a scenario beside today, and say how far each answer can be trusted.")
@click.argument("scenario_file", metavar="[SCENARIO.toml]", type=FILE, required=False)
@click.option("--books", type=FILE, help="Folder of published books (default: $DUEWATCH_BOOKS, else data/books).")
@click.option("--format", "file_format", type=click.Choice(("json", "csv")), default="json", show_default=True)
@click.option("--out", type=FILE, help="File to write (default: stdout).")
@click.option("--save", is_flag=True, help="Keep the scenario on the desk too.")
@click.option("--by", "author", help="Who saves it (default: this account's name).")
@click.option("--saved", "number", type=int, help="Run the scenario of that number on the desk.")
@click.option("--list", "is_list", is_flag=True, help="List the scenarios on the desk, and run none.")
@click.option("--model", "with_model", is_flag=True, help="Also ask the adjusted model (L2): a minute or more.")
def whatif_command(
    scenario_file: Path | None, books: Path | None, file_format: str, out: Path | None, save: bool,
    author: str | None, number: int | None, is_list: bool, with_model: bool,
) -> None:  # fmt: skip
    """Run a scenario beside today: one line a measure, with its rung.

    L0 is counted on history, L1 is arithmetic on inputs that are shown, L2 an adjusted model, L3 an experiment. What
    cannot be answered is refused, with the reason and the test that would answer it.

    Example: python -m duewatch whatif examples/scenarios/two_in_seven.toml --format json
    """
    if is_list:
        saved = opened(books).scenarios().to_dicts()
        plain = [{name: each if isinstance(each, int) else str(each) for name, each in row.items()} for row in saved]
        written((json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode(), out)
        return
    scenario = _chosen(scenario_file, number, books)
    book, settings = current_book(books_dir(books)), load_settings()
    report = run(book, load_packs(), scenario, settings=settings)
    said = run_model(book, scenario, settings=settings) if with_model else None
    if said is not None:
        report = replace(report, lines=(*report.lines, *said.lines))
    if file_format == "csv":
        written(as_bytes(report.frame(), "csv"), out)
    else:
        told = as_json(scenario, report) | ({} if said is None else {"model": model_as_json(said)})
        written((json.dumps(told, default=str, ensure_ascii=False, indent=2) + "\n").encode(), out)
    n_refused = sum(line.rung == "refused" for line in report.lines)
    print(f"{len(report.lines)} lines, {n_refused} of them refused with a reason", file=sys.stderr)
    if save:
        print(f"saved as scenario {_kept(scenario, author, books, book.version)}", file=sys.stderr)


def _chosen(scenario_file: Path | None, number: int | None, books: Path | None) -> Scenario:
    """The scenario of the file, or of that number on the desk. Raises ScenarioError."""
    if (scenario_file is None) == (number is None):
        raise ScenarioError("no scenario is named, or two", next_step="give a file, or --saved NUMBER")
    if scenario_file is not None:
        return read_scenario(scenario_file)
    texts = {row["scenario_id"]: row["toml"] for row in opened(books).scenarios().iter_rows(named=True)}
    if number not in texts:
        raise ScenarioError(f"the desk has no scenario {number}", next_step="see 'python -m duewatch whatif --list'")
    return from_toml(texts[number], f"scenario {number}")


def _kept(scenario: Scenario, author: str | None, books: Path | None, book_version: str) -> int:
    """Saves it and returns its number. Raises ScenarioError where it has no title, DeskError."""
    if not scenario.title:
        raise ScenarioError("a scenario without a title cannot be found again", next_step='write title = "..."')
    made = replace(scenario, author=author or scenario.author or getpass.getuser())
    now = datetime.now(UTC).replace(tzinfo=None)
    return opened(books).save_scenario(SavedScenario(made.title, made.author, now, made.as_toml(), book_version))


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


def model_as_json(said: ModelAnswer) -> dict[str, object]:
    """What the model's answer rests on: its checks, its past forecasts, its settings."""
    names = ("trust", "backtest", "effects", "dials", "confounding", "arms")
    tables = {name: getattr(said, name).to_dicts() for name in names}
    return {"settings": asdict(said.settings), "seed": said.seed, **tables}
