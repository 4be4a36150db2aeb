"""`process`: is the collection process followed, by the rules as they stand in rules/process.toml now?"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
import polars as pl

from duewatch.books.published import current_book
from duewatch.cli.open_book import queries_of
from duewatch.cli.options import BOOKS, DAY, FORMAT, OUT
from duewatch.compliance.process_rules import load_process, process_verdicts, with_values
from duewatch.compliance.rule_verdicts import SECONDS
from duewatch.contract.errors import DuewatchError, RuleError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines import Ask
from duewatch.reads import data, process

VERDICTS = ("breach", "not_assessable", "kept")


@click.command("process")
@BOOKS
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="RULE.SETTING=VALUE",
    help="Try another value, such as call_without_wait.wait_hours=48 or stages.early_days=15.",
)
@click.option("--rule", "rule_names", multiple=True, help="A rule, such as first_touch; may be given again.")
@click.option("--from", "from_day", type=DAY, help="First day.")
@click.option("--to", "to_day", type=DAY, help="Last day, included.")
@click.option("--verdict", type=click.Choice(VERDICTS), default="breach", show_default=True)
@FORMAT
@OUT
def process_command(
    books: Path | None,
    assignments: tuple[str, ...],
    rule_names: tuple[str, ...],
    from_day: datetime | None,
    to_day: datetime | None,
    verdict: str,
    file_format: str,
    out: Path | None,
) -> None:
    """Judge spells, promises, disputes, contacts and accounts by the rules of rules/process.toml.

    The rules are read now, so a changed number shows what it would change before a new book is built: stderr has each
    rule's counts beside those that the book in service holds.

    Example: python -m duewatch process --set call_without_wait.wait_hours=48 --from 2026-08-01
    """
    settings = load_settings()
    rules = with_values(load_process(), dict(_pair(text) for text in assignments))
    unknown = set(rule_names) - {rule.name for rule in rules.rules}
    if unknown:
        raise RuleError(
            f"there is no rule '{sorted(unknown)[0]}'",
            where="--rule",
            next_step=f"use one of {', '.join(sorted({rule.name for rule in rules.rules}))}",
        )
    with queries_of(current_book(books_dir(books)), replace(settings, query_seconds=SECONDS)) as ask:
        first, last = _known_days(ask)
        start, end = from_day.date() if from_day else first, to_day.date() if to_day else last
        verdicts = process_verdicts(ask, rules, settings, as_of=last, period=(start, end), rule_names=rule_names)
        before = process.checks(ask, from_date=start, to_date=end)
    print(_tally(verdicts, before), file=sys.stderr)
    write_output(as_bytes(verdicts.filter(pl.col("verdict") == verdict), file_format), out)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise RuleError(
            f"'{text}' names no value", where="--set", next_step="write it as call_without_wait.wait_hours=48"
        )
    return name.strip(), value.strip()


def _known_days(ask: Ask) -> tuple[date, date]:
    """The first and last day that snapshots and contacts tell of."""
    ranges = data.date_ranges(ask).filter(pl.col("table_name").is_in(["snapshots", "contacts"]))
    days = [day for name in ("first_day", "last_day") for day in ranges[name].drop_nulls().to_list()]
    if not days:
        raise DuewatchError("the book has neither snapshots nor contacts", next_step="load them and run ingest again")
    return min(days), max(days)


def _tally(verdicts: pl.DataFrame, before: pl.DataFrame) -> str:
    """Counts of all verdicts, rule by rule, and the breaches that the book holds."""
    lines = [f"{'rule':<32}{'kept':>10}{'breach':>10}{'in book':>10}{'not assessable':>16}"]
    in_book = dict(zip(before["rule_id"], before["n_breach"], strict=True))
    counts = (
        {(rule, verdict): n for rule, verdict, n in verdicts.group_by("rule_id", "verdict").len().iter_rows()}
        if verdicts.height
        else {}
    )
    for rule_id in sorted({rule for rule, _ in counts}):
        kept, breach, not_assessable = (
            counts.get((rule_id, verdict), 0) for verdict in ("kept", "breach", "not_assessable")
        )
        lines.append(f"{rule_id:<32}{kept:>10,}{breach:>10,}{in_book.get(rule_id, 0):>10,}{not_assessable:>16,}")
    return "\n".join(lines)
