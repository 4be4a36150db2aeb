"""`whatif`: up to four scenarios beside today."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from duewatch.books.published import current_book
from duewatch.cli.desk import open_desk
from duewatch.cli.options import BOOKS, FILE, OUT
from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import ScenarioError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.settings import books_dir, load_settings
from duewatch.desk import SavedScenario
from duewatch.whatif.comparison import MOST
from duewatch.whatif.report.table import as_text
from duewatch.whatif.report.values import ScenarioReport, Sections, answers, as_values
from duewatch.whatif.scenario import Scenario, from_toml, read_scenario
from duewatch.whatif.segments import BY

FORMATS = ("table", "json", "csv")


@click.command("whatif")
@click.argument("scenario_files", metavar="[SCENARIO.toml]...", type=FILE, nargs=-1)
@BOOKS
@click.option("--format", "file_format", type=click.Choice(FORMATS), help="Default: table on a terminal, else json.")
@OUT
@click.option("--arms", is_flag=True, help="Also the recorded random arms, and how large and long a test must be.")
@click.option(
    "--within",
    "within_days",
    type=click.IntRange(7, 120),
    default=30,
    show_default=True,
    help="With --arms: payments within so many days of the assignment.",
)
@click.option("--grid", is_flag=True, help="Also every cap of 1-10 contacts in 1-30 dates, with the law as walls.")
@click.option("--run-off", is_flag=True, help="Also the book in twelve months, with its backtest.")
@click.option("--segments", type=click.Choice(BY), default=BY[0], show_default=True, help="Of the run-off.")
@click.option("--model", "with_model", is_flag=True, help="Also the adjusted model (L2): a minute or more.")
@click.option("--all", "with_all", is_flag=True, help="The same as --arms --grid --run-off --model.")
@click.option("--save", is_flag=True, help="Keep the scenarios on the desk too.")
@click.option("--by", "author", help="Who saves them (default: this account's name).")
@click.option("--saved", "numbers", type=int, multiple=True, help="Run the scenario of that number on the desk.")
@click.option("--list", "is_list", is_flag=True, help="List the scenarios on the desk, and run none.")
def whatif_command(
    scenario_files: tuple[Path, ...],
    books: Path | None,
    file_format: str | None,
    out: Path | None,
    arms: bool,
    within_days: int,
    grid: bool,
    run_off: bool,
    segments: str,
    with_model: bool,
    with_all: bool,
    save: bool,
    author: str | None,
    numbers: tuple[int, ...],
    is_list: bool,
) -> None:
    """Run up to four scenarios beside today: one line a measure, with its rung.

    L0 is counted on history, L1 is arithmetic on inputs that are shown, L2 an adjusted model, L3 an experiment. What
    cannot be answered is refused, with the reason and the test that would answer it.

    \b
    Examples:
      python -m duewatch whatif examples/scenarios/two_in_seven.toml
      python -m duewatch whatif two_in_seven.toml m1_waits.toml --format json
      python -m duewatch whatif two_in_seven.toml --grid --arms --run-off --format json --out answer.json
      python -m duewatch whatif two_in_seven.toml --save
      python -m duewatch whatif --saved 1 --saved 2
    """
    if is_list:
        _write_json(open_desk(books).scenarios().to_dicts(), out)
        return
    output_format = file_format or ("table" if out is None and sys.stdout.isatty() else "json")
    scenarios = _scenarios_named(scenario_files, numbers, books)
    sections = Sections(
        arms or with_all, grid or with_all, run_off or with_all, with_model or with_all, within_days, segments
    )
    if output_format == "csv" and (len(scenarios) > 1 or arms or grid or run_off or with_all):
        raise ScenarioError("a CSV file holds the lines of one scenario", next_step="use --format json")
    book = current_book(books_dir(books))
    reports = answers(book, load_packs(), scenarios, sections, settings=load_settings(), progress=_progress())
    if output_format == "csv":
        write_output(as_bytes(reports[0].report.frame(), "csv"), out)
    elif output_format == "table":
        write_output(as_text(reports).encode(), out)
    else:
        _write_json(as_values(reports), out)
    lines = [line for report in reports for line in report.report.lines]
    n_refused = sum(line.rung == "refused" for line in lines)
    print(f"{len(lines)} lines, {n_refused} of them refused with a reason", file=sys.stderr)
    if save:
        for report in reports:
            print(f"saved as scenario {_save(report, author, books)}", file=sys.stderr)


def _progress() -> Any:
    """Steps of the model on a terminal only, so that a pipe stays quiet."""
    if not sys.stderr.isatty():
        return None
    lines: list[str] = []

    def progress(step: str, done: float) -> None:
        text = f"{step} {100 * done:.0f} %"
        if text not in lines[-1:]:
            lines.append(text)
            print(f"\r{text:<24}", end="" if done < 1 else "\n", file=sys.stderr, flush=True)

    return progress


def _write_json(values: object, out: Path | None) -> None:
    plain = json.dumps(values, default=_plain, ensure_ascii=False, indent=2)
    write_output((plain + "\n").encode(), out)


def _plain(value: object) -> str:
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _scenarios_named(files: Sequence[Path], numbers: Sequence[int], books: Path | None) -> list[Scenario]:
    """The scenarios of the files, then those of these numbers on the desk. Raises ScenarioError."""
    n_named = len(files) + len(numbers)
    if not 1 <= n_named <= MOST:
        what = "no scenario is named" if not n_named else f"{n_named} scenarios are named"
        raise ScenarioError(what, next_step=f"give one to {MOST} files, or --saved NUMBER")
    scenarios = [read_scenario(path) for path in files]
    texts = (
        {row["scenario_id"]: row["toml"] for row in open_desk(books).scenarios().iter_rows(named=True)}
        if numbers
        else {}
    )
    for number in numbers:
        if number not in texts:
            raise ScenarioError(
                f"the desk has no scenario {number}", next_step="see 'python -m duewatch whatif --list'"
            )
        scenarios.append(from_toml(texts[number], f"scenario {number}"))
    return scenarios


def _save(answer: ScenarioReport, author: str | None, books: Path | None) -> int:
    """Saves it and returns its number. Raises ScenarioError where it has no title, DeskError."""
    scenario = answer.scenario
    if not scenario.title:
        raise ScenarioError("a scenario without a title cannot be found again", next_step='write title = "..."')
    signed = replace(scenario, author=author or scenario.author or getpass.getuser())
    now = datetime.now(UTC).replace(tzinfo=None)
    version = answer.report.stamp.book_version
    return open_desk(books).save_scenario(SavedScenario(signed.title, signed.author, now, signed.as_toml(), version))
