"""`export`: evidence packs, without the app."""

from __future__ import annotations

import getpass
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from duewatch.books.published import current_book
from duewatch.cli.desk import open_desk
from duewatch.cli.open_book import queries_of
from duewatch.cli.options import BOOKS, DAY, FILE
from duewatch.contract.errors import EvidenceError
from duewatch.contract.file_formats import write_output
from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.contract.settings import books_dir, load_settings
from duewatch.evidence import FORMATS, Choice, PackSource, Written, written_pack
from duewatch.evidence.selection import VERDICTS

SUMS = "SHA256SUMS"


@click.group("export")
def export_command() -> None:
    """Files for a supervisor or a court.

    Example: python -m duewatch export evidence --rule us.reg_f.hours --from 2026-10-01 --out hours.pdf
    """


@export_command.command("evidence")
@click.option("--rule", "rules", multiple=True, help="Only this rule (may be given again).")
@click.option("--account", "accounts", multiple=True, help="Only this account (may be given again).")
@click.option("--finding", "findings", multiple=True, help="Only this finding, breach or not (may be given again).")
@click.option("--from", "first", type=DAY, help="First day, in the debtor's zone.")
@click.option("--to", "last", type=DAY, help="Last day, included.")
@click.option("--verdict", type=click.Choice(VERDICTS), help="Default: breach; all where findings are named.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option("--out", type=FILE, required=True, help="FILE.xlsx, FILE.pdf, or a folder for both with their hashes.")
@click.option("--by", "made_by", help="Who makes it (default: this account's name).")
@BOOKS
def evidence_command(
    rules: tuple[str, ...],
    accounts: tuple[str, ...],
    findings: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    verdict: str | None,
    language: str,
    out: Path,
    made_by: str | None,
    books: Path | None,
) -> None:
    """Write the findings of a choice with all they rest on. The desk keeps who made it, and its hash."""
    kind = verdict or ("all" if findings else "breach")
    choice = Choice(rules, accounts, findings, first and first.date(), last and last.date(), kind)
    formats = _formats(out)
    packs = _packs(choice, formats, language, books)
    _write(packs, out, books, choice, made_by or getpass.getuser())


def _formats(out: Path) -> tuple[str, ...]:
    ending = out.suffix.removeprefix(".").lower()
    if ending in FORMATS and not out.is_dir():
        return (ending,)
    if ending and not out.is_dir():
        raise EvidenceError(
            f"there is no evidence pack as .{ending}", where=str(out), next_step="name FILE.xlsx, FILE.pdf or a folder"
        )
    return FORMATS


def _packs(choice: Choice, formats: tuple[str, ...], language: str, books: Path | None) -> list[Written]:
    settings, book, desk = load_settings(), current_book(books_dir(books)), open_desk(books)
    with queries_of(book, settings) as ask, closing(desk):
        source = PackSource(ask, book, words_in(language), settings, desk)
        return [written_pack(source, choice, file_format) for file_format in formats]


def _write(packs: list[Written], out: Path, books: Path | None, choice: Choice, made_by: str) -> None:
    """The files, each noted on the desk before it is there: none goes out unnoted."""
    is_folder = len(packs) > 1
    if is_folder:
        _make_folder(out)
    paths = [out / pack.name if is_folder else out for pack in packs]
    with closing(open_desk(books)) as desk:
        for pack, path in zip(packs, paths, strict=True):
            now = datetime.now(UTC).replace(tzinfo=None)
            desk.note_export(pack.export(choice, made_by, now, file_name=path.name))
            write_output(pack.content, path)
            click.echo(f"{path}: {pack.n_findings:,} findings, sha256 {pack.sha256}", err=True)
    if is_folder:
        lines = [f"{pack.sha256}  {pack.name}\n" for pack in packs]
        write_output("".join(lines).encode(), out / SUMS)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvidenceError(
            f"the folder cannot be made: {error.strerror}", where=str(out), next_step="choose another --out"
        ) from None
