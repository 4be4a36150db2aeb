"""One ingest from source folder to published book: the order of the steps and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import available_timezones

from duewatch import __version__
from duewatch.books.pseudonyms import KEY_BYTES, pseudonym_key
from duewatch.books.published import Manifest, book_name, file_sha256, private_name
from duewatch.compliance.packs import load_packs
from duewatch.compliance.process_rules import load_process
from duewatch.compliance.rule_verdicts import packs_in_use, rules_in_use
from duewatch.contract.errors import BookError, DuewatchError, SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.contract.settings import Settings
from duewatch.ingest.book_checks import check_book, control_totals, row_counts
from duewatch.ingest.book_tables import Assembly, assemble
from duewatch.ingest.build_connection import BuildConnection
from duewatch.ingest.check_report import CheckReport, check_report
from duewatch.ingest.derive import derive_states, last_day_of_source
from duewatch.ingest.failures import plain_failures
from duewatch.ingest.marts import fill_marts
from duewatch.ingest.pack_verdicts import judge_contacts
from duewatch.ingest.process_verdicts import judge_process
from duewatch.ingest.publish import BUILDING, new_stamp, prune, publishing_lock, put_in_service, sweep
from duewatch.ingest.report import (
    IngestReport,
    assumption_notes,
    fill_loads,
    fill_presence,
    fill_unread,
    load_staged,
    reject_examples,
    table_loads,
)
from duewatch.ingest.spells import derive_spells
from duewatch.ingest.stage import FILE, StagedFile, reject_later
from duewatch.ingest.staging import open_plan, personal_ids, stage_all, tell
from duewatch.sources.mapping import Mapping, read_mapping, uses_pseudonyms
from duewatch.sources.reject_reasons import LeftOut
from duewatch.sources.source_plan import SourcePlan, plan_sources

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
    zone = _default_zone(mapping_rules, settings)
    with publishing_lock(books, _wait_seconds() if lock_seconds is None else lock_seconds), plain_failures(books):
        plan = plan_sources(source, mapping_rules, pseudonym_key(books) if uses_pseudonyms(mapping_rules) else b"")
        sweep(books)
        stamp = new_stamp(books)
        build_folder = books / f"{BUILDING}{stamp}"
        build_folder.mkdir()
        try:
            return Build(plan, mapping_rules, settings, zone, books, build_folder, stamp, progress).run()
        finally:
            shutil.rmtree(build_folder, ignore_errors=True)


def check(
    source: Path,
    *,
    mapping: Path | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    progress: Progress = no_progress,
) -> CheckReport:
    """Read a folder as `ingest` would, publish nothing, and tell everything at once. Raises SourceError where nothing
    can be read at all (no folder, a mapping that is wrong)."""
    mapping_rules = read_mapping(mapping)
    zone = _default_zone(mapping_rules, settings)
    with TemporaryDirectory(prefix="duewatch-check-") as folder, plain_failures(Path(folder)):
        build_folder = Path(folder)
        plan = plan_sources(source, mapping_rules, secrets.token_bytes(KEY_BYTES))
        return Build(plan, mapping_rules, settings, zone, build_folder, build_folder, "check", progress).check()


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
class Build:
    """One build of a book."""

    plan: SourcePlan
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
        self.notes: list[LocalisedText] = []

    def run(self) -> IngestReport:
        """Builds the book and publishes it."""
        staged = self._staged()
        with self._connection() as build_db:
            self._assemble(build_db, staged)
            examples = reject_examples(build_db, staged)
            self._refuse_empty(row_counts(build_db), examples)
            self._marts(build_db)
            packs = self._judge_contacts(build_db)
            judge_process(build_db, self.process, self.settings, self.progress)
            built_at = self._facts(build_db)
            self.progress("checking the book")
            check_book(build_db)
            loads, rows, totals = table_loads(build_db), row_counts(build_db), control_totals(build_db)
            for database in ("book", "personal"):
                build_db.run("checkpoint {place}", place=database)
        self.progress("publishing")
        self._publish(built_at, rows, totals, packs)
        missing = tuple(name for name in SOURCE_TABLES if name not in self.plan.tables)
        return IngestReport(self.stamp, loads, missing, tuple(self.notes), examples)

    def check(self) -> CheckReport:
        """Reads and checks everything and publishes nothing."""
        errors: list[SourceError] = []
        staged = self._staged(errors)
        with self._connection() as build_db:
            self._assemble(build_db, staged)
            try:
                self._refuse_empty(row_counts(build_db), reject_examples(build_db, staged))
            except SourceError as error:
                tell(error, errors)
            return check_report(build_db, staged, errors, tuple(self.notes))

    def _connection(self) -> BuildConnection:
        book, private = self.build_folder / book_name(self.stamp), self.build_folder / private_name(self.stamp)
        return BuildConnection(self.scratch, book, private, self.settings.memory_limit)

    def _assemble(self, build_db: BuildConnection, staged: list[StagedFile]) -> None:
        """Book tables from the staged rows, with the rejects, loads and presence of columns."""
        tables, observed_until = self.plan.tables, self.mapping.source.observed_until
        job = Assembly(build_db, self.settings, self.zone, tables, self.mapping.source.currency, self.packs.values())
        load_staged(build_db, staged)
        self.notes += assemble(job, self.progress)
        self.progress("deriving states")
        self.notes += derive_states(job, tables=tables, observed_until=observed_until)
        derive_spells(job, tables=tables, until=last_day_of_source(job.build_db, observed_until))
        self.notes += self._autumn_notes(build_db)
        self._keep_rejects(build_db, staged)
        fill_loads(build_db, staged)
        fill_presence(build_db, staged)
        self.notes += assumption_notes(build_db)

    def _refuse_empty(self, rows: dict[str, int], examples: tuple[str, ...]) -> None:
        """A book without accounts says nothing, and never takes the place of a book in service."""
        if rows["accounts"] == 0:
            raise localised_error(
                SourceError, "source.no_account_accepted", where=self.plan.name, example=next(iter(examples), "-")
            )

    def _staged(self, errors: list[SourceError] | None = None) -> list[StagedFile]:
        """`errors`: takes what would refuse the load, so that all of it can be told at once; None: it is raised."""
        staged = open_plan(self.plan, self.scratch, errors)
        notes = stage_all(staged, self.scratch, self.progress)
        self.notes += [*self.plan.notes, *(note for file in staged for note in file.notes), *notes]
        first = "accounts" if "accounts" in self.plan.tables else "contacts"
        if not any(file.rows_read for file in staged if file.source.table == first):
            tell(localised_error(SourceError, "source.no_rows", where=self.plan.name, table=first), errors)
        for error in personal_ids(staged, self.mapping.source.clear_ids, self.scratch):
            tell(error, errors)
        return staged

    def _keep_rejects(self, build_db: BuildConnection, staged: list[StagedFile]) -> None:
        late = build_db.rows(
            "select {file}, line, part, column_name, reason from late where reason not in ({left_out})",
            file=FILE,
            left_out=", ".join(f"'{reason}'" for reason in LeftOut),
        )
        for staged_file in staged:
            failed = late.filter(late[FILE] == staged_file.source.number).drop(FILE)
            if failed.height:
                reject_later(staged_file, failed, self.scratch, "late")
        fill_unread(build_db)
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

    def _autumn_notes(self, build_db: BuildConnection) -> list[LocalisedText]:
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
        return [LocalisedText("reading.autumn", {"n": twice})] if twice else []

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
            "source_name": self.plan.name,
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
