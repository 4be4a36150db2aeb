"""`clear`: planned contacts against history, one answer a line of the plan."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from duewatch.books.published import current_book
from duewatch.cli.options import BOOKS, FILE, OUT, PACKS
from duewatch.cli.stale import tell_stale
from duewatch.compliance.clearance import clear_plan
from duewatch.compliance.contact_plan import read_plan
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import chosen_pack, packs_in_use
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.settings import books_dir, load_settings


@click.command("clear")
@click.argument("plan", type=FILE)
@BOOKS
@PACKS
@click.option("--format", "file_format", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 where any row is blocked.")
@OUT
def clear_command(
    plan: Path, books: Path | None, packs: tuple[str, ...], file_format: str, strict: bool, out: Path | None
) -> int:
    """Judge contacts that have not happened yet (a dialler's list) against the log: allowed, blocked or unknown, the
    clause, and the next allowed time. One answer a line, in the file's order.

    PLAN is a CSV with account_id, planned_at and channel, and what else is known: docs/clear.md.

    Example: python -m duewatch clear tomorrow.csv --pack us.reg_f --format json
    """
    book, planned = current_book(books_dir(books)), read_plan(plan)
    all_packs, settings = load_packs(), load_settings()
    tell_stale([chosen_pack(all_packs, name) for name in packs] or packs_in_use(all_packs, settings), settings)
    answers = clear_plan(book, all_packs, planned, pack_ids=packs, settings=settings)
    counts = Counter(answers["status"].to_list())
    print(", ".join(f"{name} {counts[name]:,}" for name in ("allowed", "blocked", "unknown")), file=sys.stderr)
    write_output(as_bytes(answers, file_format), out)
    return 1 if strict and counts["blocked"] else 0
