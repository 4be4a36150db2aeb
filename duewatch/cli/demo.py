"""`demo`: the source files of an invented lender."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from duewatch.cli.options import DAY, FILE
from duewatch.cli.progress import say
from duewatch.demo import write_demo


@click.command("demo")
@click.option("--out", type=FILE, required=True, help="Folder to write the source files and truth.json to.")
@click.option("--accounts", default=20_000, show_default=True, help="How many accounts.")
@click.option("--months", default=12, show_default=True, help="How many month-ends, the last at --as-of.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--as-of", type=DAY, default="2026-10-31", show_default=True, help="The last month-end.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    help="Form of the large tables (default: csv up to 200,000 accounts, parquet above).",
)
@click.option(
    "--judgement",
    type=click.Choice(["hidden", "logged"]),
    default="hidden",
    show_default=True,
    help="Whether collectors choose whom to call also by what no file holds, or only by what is logged.",
)
@click.option("--call-cap", type=int, help="Dates with a call that an account may have in --call-cap-days dates.")
@click.option("--call-cap-days", type=int, default=7, show_default=True, help="Dates that the cap counts in.")
@click.option("--call-cap-from", type=DAY, help="First day of the cap; the days before are those of a demo without it.")
def demo_command(
    out: Path,
    accounts: int,
    months: int,
    seed: int,
    as_of: datetime,
    file_format: str | None,
    judgement: str,
    call_cap: int | None,
    call_cap_days: int,
    call_cap_from: datetime | None,
) -> None:
    """Write an invented lender's files with planted faults, and truth.json that counts them.

    Example: python -m duewatch demo --out data/demo --accounts 2000 --months 6
    """
    if (call_cap is None) != (call_cap_from is None):
        raise click.UsageError("--call-cap and --call-cap-from go together: give both or neither")
    truth = write_demo(
        out,
        accounts=accounts,
        months=months,
        seed=seed,
        as_of=as_of.date(),
        file_format=file_format,
        judgement=judgement,
        progress=say,
        call_cap=None if call_cap is None or call_cap_from is None else (call_cap, call_cap_days, call_cap_from.date()),
    )
    print(truth)
