"""`grades`: overdue accounts with their points, and whether the grades separate."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
import polars as pl

from duewatch.books.published import current_book
from duewatch.cli.open_book import queries_of
from duewatch.cli.options import BOOKS, DAY, FILE, FORMAT, OUT
from duewatch.compliance.scorecard import grade_accounts, load_scorecard, outcomes_by_group, separation
from duewatch.contract.errors import DuewatchError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.months import step_start
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines import Ask
from duewatch.metrics.intervals import Change
from duewatch.reads import portfolio, process


@click.command("grades")
@BOOKS
@click.option("--card", type=FILE, help="Another scorecard file (default: rules/risk_grade.toml).")
@click.option("--as-of", type=DAY, help="Snapshot day on which accounts are graded (default: the last but one).")
@click.option("--to", "to_day", type=DAY, help="Snapshot day of the outcome (default: the one a month after --as-of).")
@FORMAT
@OUT
def grades_command(
    books: Path | None,
    card: Path | None,
    as_of: datetime | None,
    to_day: datetime | None,
    file_format: str,
    out: Path | None,
) -> None:
    """Grade accounts overdue on a day by rules/risk_grade.toml: one row an account with its points, factor by factor.

    stderr says, for each currency, how many of each grade got worse by the later day, for the lender's own grade and
    for the scorecard, so that a changed file shows its effect before anybody works by it.

    Example: python -m duewatch grades --card my-card.toml --as-of 2026-09-30
    """
    scorecard = load_scorecard(card)
    settings = load_settings()
    with queries_of(current_book(books_dir(books)), settings) as ask:
        start, end = _days(ask, as_of, to_day)
        facts = process.overdue_facts(ask, as_of=start, to_date=end, **scorecard.params)
    scored = grade_accounts(facts, scorecard, start)
    print(_report(scored, f"{start} to {end}"), file=sys.stderr)
    write_output(as_bytes(scored, file_format), out)


def _days(ask: Ask, as_of: datetime | None, to_day: datetime | None) -> tuple[date, date]:
    days = portfolio.snapshot_days(ask)["as_of"].to_list()
    if len(days) < 2:
        raise DuewatchError("the book has fewer than two snapshot days", next_step="load snapshots of another day")
    start = as_of.date() if as_of else step_start(days, days[-1]) or days[0]
    ends = [day for day in days if step_start(days, day) == start]
    end = to_day.date() if to_day else ends[0] if ends else start
    for name, day in (("--as-of", start), ("--to", end)):
        if day not in days:
            last_days = ", ".join(str(known) for known in days[-3:])
            raise DuewatchError(
                f"the book has no snapshot on {day}", where=name, next_step=f"its last days are {last_days}"
            )
    return start, end


def _report(scored: pl.DataFrame, span: str) -> str:
    lines = [f"{span:<26}{'grade':<10}{'followed':>10}{'got worse':>11}{'share':>9}"]
    for currency in scored["currency"].unique().sort().to_list():
        accounts = scored.filter(pl.col("currency") == currency)
        for name, column in (("own grade", "risk_grade"), ("scorecard", "grade")):
            by_grade = outcomes_by_group(accounts, column)
            for row in by_grade.iter_rows(named=True):
                share = "-" if row["share_worse"] is None else f"{row['share_worse']:.1%}"
                label = f"{currency} {name}"
                grade = row["group_name"] or "none"
                lines.append(f"{label:<26}{grade:<10}{row['n_followed']:>10,}{row['n_worse']:>11,}{share:>9}")
            lines.append(f"{'':<26}{_separation_text(separation(by_grade))}")
    return "\n".join(lines)


def _separation_text(change: Change | None) -> str:
    if change is None:
        return "too few accounts to say whether these grades separate"
    way = "separates" if change.low > 0 else "stands the wrong way round" if change.high < 0 else "does not separate"
    return f"high less low {change.value:+.1%} ({change.low:+.1%} to {change.high:+.1%}): {way}"
