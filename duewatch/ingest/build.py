"""One ingest from source folder to published book: the order of the steps and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from duewatch import __version__
from duewatch.books.published import Manifest, book_name, file_sha256, pointed_version, private_name
from duewatch.compliance.packs import load_packs
from duewatch.compliance.process_rules import load_process
from duewatch.compliance.rule_verdicts import packs_in_use, rules_in_use
from duewatch.contract.errors import BookError, DuewatchError, SourceError
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.contract.settings import Settings
from duewatch.ingest.book_checks import check_book, control_totals, row_counts
from duewatch.ingest.book_tables import Assembly, assemble
from duewatch.ingest.build_connection import BuildConnection
from duewatch.ingest.derive import derive_states, last_day_of_source
from duewatch.ingest.failures import plain_failures
from duewatch.ingest.marts import fill_marts
from duewatch.ingest.pack_verdicts import judge_contacts
from duewatch.ingest.process_verdicts import judge_process
from duewatch.ingest.publish import BUILDING, new_stamp, prune, publishing_lock, put_in_service, sweep
from duewatch.ingest.report import IngestReport, fill_loads, fill_presence, reject_examples, table_loads
from duewatch.ingest.spells import derive_spells
from duewatch.ingest.stage import FILE, StagedFile, open_source, reject_later, stage
from duewatch.sources.mapping import Mapping, read_mapping
from duewatch.sources.source_folder import SourceFolder, find_sources

LOCK_SECONDS = 30.0
Progress = Callable[[str], None]


def no_progress(message: str) -> None:
    """Progress that says nothing."""


def ingest(
    source: Path,
    *,
    books: Path,
    mapping: Path | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    progress: Progress = no_progress,
    lock_seconds: float | None = None,
) -> IngestReport:
    """Read a folder of source files, validate, derive, build a book and publish it.

    A source that is refused (SourceError) or a book that fails its checks (BookError) leaves the book in
    service untouched. `lock_seconds`: how long to wait for another ingest (DUEWATCH_LOCK_SECONDS, else 30).
    """
    if "://" in str(source) or ":/" in str(source)[2:]:
        raise SourceError(
            "only folders of files are read so far",
            where=f"{str(source).split(':')[0]}://...",  # what follows may hold a password
            next_step="export to a folder",
        )
    mapping_rules = read_mapping(mapping)
    folder = find_sources(source, mapping_rules)
    zone = _default_zone(mapping_rules, settings)
    with publishing_lock(books, _wait_seconds() if lock_seconds is None else lock_seconds), plain_failures(books):
        sweep(books)
        stamp = new_stamp(books)
        build_folder = books / f"{BUILDING}{stamp}"
        build_folder.mkdir()
        try:
            return _Build(folder, mapping_rules, settings, zone, books, build_folder, stamp, progress).run()
        finally:
            shutil.rmtree(build_folder, ignore_errors=True)


def _wait_seconds() -> float:
    text = os.environ.get("DUEWATCH_LOCK_SECONDS") or str(LOCK_SECONDS)
    try:
        return float(text)
    except ValueError:
        raise DuewatchError(
            f"'{text}' is no number", where="DUEWATCH_LOCK_SECONDS", next_step="give seconds, such as 30"
        ) from None


def _default_zone(mapping: Mapping, settings: Settings) -> str:
    zone = mapping.source.default_time_zone or settings.default_time_zone
    if zone and zone not in available_timezones():
        raise DuewatchError(
            f"'{zone}' is no time zone", where="default_time_zone", next_step="give an IANA name such as Asia/Shanghai"
        )
    return zone


@dataclass
class _Build:
    """One build of a book."""

    folder: SourceFolder
    mapping: Mapping
    settings: Settings
    zone: str
    """Time zone of debtors without one; empty: none."""
    books: Path
    build_folder: Path
    """Where the files are made before they are published."""
    stamp: str
    """Version of the book."""
    progress: Progress

    def __post_init__(self) -> None:
        self.packs = load_packs()  # before hours of reading: a pack that does not load is told first
        self.process = load_process()
        self.scratch = self.build_folder / "scratch"
        self.scratch.mkdir()

    def run(self) -> IngestReport:
        staged = self._staged()
        notes = [*self.folder.notes, *(note for file in staged for note in file.notes)]
        book, private = self.build_folder / book_name(self.stamp), self.build_folder / private_name(self.stamp)
        with BuildConnection(self.scratch, book, private, self.settings.memory_limit) as build_db:
            job = Assembly(build_db, self.settings, self.zone, has_debtors="debtors" in self.folder.files)
            assemble(job, self.progress)
            self.progress("deriving states")
            tables = frozenset(self.folder.files)
            notes += derive_states(job, tables=tables, observed_until=self.mapping.source.observed_until)
            derive_spells(
                job, tables=tables, until=last_day_of_source(job.build_db, self.mapping.source.observed_until)
            )
            notes += self._autumn_notes(build_db)
            self._keep_rejects(build_db, staged)
            fill_loads(build_db, staged)
            fill_presence(build_db, staged)
            self._marts(build_db)
            packs = self._judge_contacts(build_db)
            judge_process(build_db, self.process, self.settings, self.progress)
            built_at = self._facts(build_db)
            self.progress("checking the book")
            check_book(build_db)
            loads, rows, totals = table_loads(build_db), row_counts(build_db), control_totals(build_db)
            examples = reject_examples(build_db)
            self._refuse_empty(rows, examples)
            for database in ("book", "personal"):
                build_db.run("checkpoint {place}", place=database)
        self.progress("publishing")
        self._publish(built_at, rows, totals, packs)
        missing = tuple(name for name in SOURCE_TABLES if name not in self.folder.files)
        return IngestReport(self.stamp, loads, missing, tuple(notes), examples)

    def _refuse_empty(self, rows: dict[str, int], examples: tuple[str, ...]) -> None:
        """A book without accounts may be a first try; it never takes the place of a book in service."""
        if rows["accounts"] == 0 and pointed_version(self.books):
            raise SourceError(
                f"no account was accepted ({examples[0]})",
                where=self.folder.name,
                next_step="mend the export or say in a mapping how it is written; the book in service stays",
            )

    def _staged(self) -> list[StagedFile]:
        """All headers first: a wrong one is told before hours of reading."""
        files = [source for parts in self.folder.files.values() for source in parts]
        staged = [open_source(source, self.mapping, self.scratch) for source in files]
        for staged_file in staged:
            self.progress(f"reading {staged_file.source.name}")
            stage(staged_file, self.mapping, self.scratch)
        if not any(staged_file.rows_read for staged_file in staged if staged_file.source.table == "accounts"):
            raise SourceError(
                "the accounts have no rows", where=self.folder.name, next_step="export them again; nothing was changed"
            )
        return staged

    def _keep_rejects(self, build_db: BuildConnection, staged: list[StagedFile]) -> None:
        late = build_db.rows("select {file}, line, column_name, reason from late", file=FILE)
        for staged_file in staged:
            failed = late.filter(late[FILE] == staged_file.source.number).drop(FILE)
            if failed.height:
                reject_later(staged_file, failed, self.scratch, "late")
        if not list(self.scratch.glob("rejects-*.parquet")):
            return
        build_db.run(
            "create view all_rejects as from read_parquet('{folder}/rejects-*.parquet')",
            folder=str(self.scratch).replace("'", "''"),
        )
        for database, value, text in (("book", "public_value", "public_row_text"), ("personal", "value", "row_text")):
            build_db.run(
                "insert into {place}.rejects select table_name, file, line, column_name, {value}, reason, {text} "
                "from all_rejects order by table_name, file, line",
                place=database,
                value=value,
                text=text,
            )

    def _marts(self, build_db: BuildConnection) -> None:
        build_db.run("use book")
        try:
            fill_marts(build_db.con, self.settings, self.progress)
        finally:
            build_db.run("use memory")

    def _judge_contacts(self, build_db: BuildConnection) -> dict[str, str]:
        """Judges every contact by the packs in use. Returns the hash of each pack's file."""
        packs = packs_in_use(self.packs, self.settings)
        judge_contacts(build_db, rules_in_use(self.packs, [pack.id for pack in packs], self.settings), self.progress)
        return {pack.id: pack.sha256 for pack in packs}

    def _autumn_notes(self, build_db: BuildConnection) -> list[str]:
        """Wall times that happened twice are read as the earlier instant, and that is said."""
        twice = build_db.count(
            """select count(*) from valid_contacts v join account_keys k on k.account_id = v.account_id
               join debtor_keys z on z.debtor_id = coalesce(v.debtor_id, k.debtor_id)
               join zone_wall w on w.zone = z.zone and not w.is_gap and v.started_at >= w.from_at
                    and v.started_at < w.to_at
               join zone_wall n on n.zone = w.zone and n.from_at = w.to_at and not n.is_gap
                    and v.started_at >= n.from_at - to_seconds(w.offset_seconds - n.offset_seconds)
               where v.started_at__offset is null and n.offset_seconds < w.offset_seconds"""
        )
        return [f"wall times of contacts that came twice in autumn, the earlier taken: {twice:,}"] if twice else []

    def _facts(self, build_db: BuildConnection) -> str:
        built_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        first, last = build_db.con.execute("select min(as_of), max(as_of) from book.snapshots").fetchone() or (
            None,
            None,
        )
        facts = {
            "book_version": self.stamp,
            "built_at": built_at,
            "code_version": __version__,
            "source_name": self.folder.name,
            "first_snapshot_day": first and first.isoformat(),
            "last_snapshot_day": last and last.isoformat(),
            "default_time_zone": self.zone,
            "bucket_starts": ",".join(map(str, self.settings.bucket_starts)),
            "days_of_grace": str(self.settings.days_of_grace),
            "due_date_is_day_one": str(int(self.settings.due_date_is_day_one)),
        }
        for fact, value in facts.items():
            build_db.con.execute("insert into book.book_facts values (?, ?)", [fact, value or ""])
        return built_at

    def _publish(self, built_at: str, rows: dict[str, int], totals: dict[str, str], packs: dict[str, str]) -> None:
        names = (book_name(self.stamp), private_name(self.stamp))
        for name in names:
            if (self.build_folder / f"{name}.wal").exists():
                raise BookError("the new book did not close cleanly", where=name, next_step="run ingest again")
        files = {name: file_sha256(self.build_folder / name) for name in names}
        manifest = Manifest(self.stamp, built_at, __version__, files, rows, totals, packs=packs)
        put_in_service(self.books, self.build_folder, manifest)
        prune(self.books, self.settings.books_kept)
