"""`audit`: rule packs over the contact log, one row a finding."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import polars as pl

from duewatch.books.published import current_book
from duewatch.cli.options import BOOKS, DAY, FORMAT, OUT, PACKS
from duewatch.cli.stale import tell_stale
from duewatch.compliance.compiled_rules import FOREVER
from duewatch.compliance.law_asked import coverage_by_contact, coverage_sentence, coverage_summary
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import (
    NEVER,
    SECONDS,
    VERDICTS,
    AuditChoice,
    chosen_pack,
    findings_and_counts,
    packs_in_use,
)
from duewatch.compliance.verdict_reasons import sentence
from duewatch.contract.file_formats import as_bytes, write_output
from duewatch.contract.i18n import Words
from duewatch.contract.settings import books_dir, load_settings
from duewatch.engines.duckdb_engine import DuckDBEngine

CONTRACT = (
    "pack_id",
    "pack_version",
    "rule_id",
    "kind",
    "verdict",
    "modality",
    "contact_id",
    "account_id",
    "debtor_id",
    "person_id",
    "collector_id",
    "agency_id",
    "started_at",
    "local_date",
    "counted",
    "limit",
    "evidence",
    "reason",
    "cite",
    "reason_code",
    "detail",
    "in_grace",
)
"""Columns of a finding: those of the source contract, then the reason's code, its particulars and the grace period."""


@click.command("audit")
@BOOKS
@PACKS
@click.option("--from", "from_day", type=DAY, help="First local day of the contacts shown.")
@click.option("--to", "to_day", type=DAY, help="Last local day, included.")
@click.option("--coverage", "with_coverage", is_flag=True, help="Which law was asked about each contact, not findings.")
@click.option("--all", "with_all", is_flag=True, help="Contacts that are ok or exempt as well.")
@click.option(
    "--as-known",
    type=click.Choice(["now", "then"]),
    default="now",
    show_default=True,
    help="Judge by what is known now, or by what was known at each contact.",
)
@FORMAT
@OUT
def audit_command(
    books: Path | None,
    packs: tuple[str, ...],
    from_day: datetime | None,
    to_day: datetime | None,
    with_coverage: bool,
    with_all: bool,
    as_known: str,
    file_format: str,
    out: Path | None,
) -> None:
    """Judge every contact by the rule packs: one row a finding, with the clause and the contacts that prove it.

    Windows always look back over the whole log; --from and --to choose the contacts shown. Counts of all four verdicts
    go to stderr. --coverage tells of each contact and jurisdiction whether its law was asked when the book was built:
    judged, not_in_force, not_bound, cannot_place (and what is missing) or no_pack.

    Example: python -m duewatch audit --pack us.reg_f --from 2026-10-01 --to 2026-10-31 --format json
    """
    book, all_packs, settings = current_book(books_dir(books)), load_packs(), load_settings()
    period = (from_day.date() if from_day else NEVER, to_day.date() if to_day else FOREVER)
    with closing(DuckDBEngine(book, replace(settings, query_seconds=SECONDS))) as engine:
        print(coverage_sentence(coverage_summary(engine, period), Words("en")), file=sys.stderr)
        if with_coverage:
            rows = coverage_by_contact(engine, period, [chosen_pack(all_packs, name) for name in packs])
            write_output(as_bytes(rows, file_format), out)
            return
    choice = AuditChoice(
        pack_ids=packs,
        from_date=from_day and from_day.date(),
        to_date=to_day and to_day.date(),
        verdicts=VERDICTS if with_all else ("breach", "unknown"),
        as_known=as_known,
    )
    chosen = [chosen_pack(all_packs, name) for name in packs] or packs_in_use(all_packs, settings)
    tell_stale(chosen, settings)
    findings, counts = findings_and_counts(book, all_packs, choice, settings)
    print(_tally(counts), file=sys.stderr)
    write_output(as_bytes(as_contract(findings), file_format), out)


def as_contract(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings with the contract's columns, reasons as English sentences."""
    sentences = [sentence(row, "en") for row in findings.iter_rows(named=True)]
    return findings.rename({"limit_count": "limit", "reason": "reason_code"}).with_columns(
        pl.Series("reason", sentences, pl.String)
    )[list(CONTRACT)]


def _tally(counts: dict[str, dict[str, int]]) -> str:
    """All four verdicts, rule by rule."""
    lines = [f"{'rule':<36}" + "".join(f"{verdict:>10}" for verdict in VERDICTS)]
    for rule_id, by_verdict in sorted(counts.items()):
        lines.append(f"{rule_id:<36}" + "".join(f"{by_verdict.get(verdict, 0):>10,}" for verdict in VERDICTS))
    return "\n".join(lines)
