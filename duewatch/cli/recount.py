"""`recount`: what another limit, or another pack, would have meant for the contacts that were made."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
import polars as pl

from duewatch.books.published import current_book
from duewatch.cli.options import BOOKS, DAY, FORMAT, OUT
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.contract.errors import RuleError
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.settings import books_dir, load_settings

LISTED = (
    "contact_id",
    "account_id",
    "started_at",
    "local_date",
    "team",
    "collector_id",
    "agency_id",
    "channel",
    "branch",
    "product",
    "is_over",
    "is_stopped",
)
NOTE = "Counted on the contacts that were made. It says nothing about what would have been recovered."


@click.command("recount")
@BOOKS
@click.option("--rule", "rule_id", help="A rule that counts contacts, such as us.reg_f.call_frequency.")
@click.option("--pack", "pack_id", help="Instead of one rule: every rule of a pack, as if it bound every contact.")
@click.option("--max", "max_count", type=int, help="Contacts allowed, in place of the rule's number.")
@click.option("--days", type=int, help="Dates of the window, in place of the rule's window.")
@click.option("--grid", "whole_grid", is_flag=True, help="All limits of 1-10 contacts in 1-30 dates at once.")
@click.option("--list", "listing", is_flag=True, help="The contacts past the limit or stopped, not their number.")
@click.option("--everywhere", is_flag=True, help="Take the rule to bind every contact, whatever the country or day.")
@click.option("--from", "from_day", type=DAY, help="First local day of the contacts counted.")
@click.option("--to", "to_day", type=DAY, help="Last local day, included.")
@FORMAT
@OUT
def recount_command(
    books: Path | None,
    rule_id: str | None,
    pack_id: str | None,
    max_count: int | None,
    days: int | None,
    whole_grid: bool,
    listing: bool,
    everywhere: bool,
    from_day: datetime | None,
    to_day: datetime | None,
    file_format: str,
    out: Path | None,
) -> None:
    """Count the contacts of the log under another limit or another pack, by team.

    n_over: contacts past the limit as history went. n_stopped: contacts that enforcing it would have held back; a
    stopped contact does not count towards the next, so this is the smaller number.

    Example: python -m duewatch recount --rule cn.gbt_45251.notify_voice_daily --max 2 --days 7
    """
    book, packs, settings = current_book(books_dir(books)), load_packs(), load_settings()
    first, last = from_day and from_day.date(), to_day and to_day.date()
    if (rule_id is None) == (pack_id is None):
        raise RuleError("give either --rule or --pack", next_step="see 'python -m duewatch recount --help'")
    if pack_id is not None:
        if whole_grid or listing or max_count is not None or days is not None:
            raise RuleError("--grid, --list, --max and --days go with --rule", next_step="leave out --pack")
        if pack_id not in packs:
            raise RuleError(f"there is no rule pack '{pack_id}'", next_step=f"use one of {', '.join(sorted(packs))}")
        rows = recount.under_pack(book, packs[pack_id], from_date=first, to_date=last, settings=settings)
    else:
        cap = recount.cap_of(packs, rule_id or "", settings, everywhere=everywhere)
        if whole_grid:
            rows = recount.over_limits(
                recount.grid(book, cap, from_date=first, to_date=last, settings=settings), "team"
            )
        else:
            limit = recount.limit_of(cap, max_count, days)
            events = recount.replay_limit(book, cap, limit, from_date=first, to_date=last, settings=settings)
            rows = _contacts_past_limit(events) if listing else recount.by_group(events, "team")
    print(NOTE, file=sys.stderr)
    write_output(as_bytes(rows, file_format), out)


def _contacts_past_limit(events: pl.DataFrame) -> pl.DataFrame:
    return events.filter(pl.col("is_over") | pl.col("is_stopped")).select(LISTED)
