"""All files of a source opened and staged: headers first, so that a wrong one is told before hours of reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import LocalisedText, localised_error
from duewatch.contract.schema import SOURCE_TABLES, Kind
from duewatch.ingest.content_ids import number_equal_rows
from duewatch.ingest.rejects import reject_writer
from duewatch.ingest.stage import StagedFile, stage
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.header import fit_contract_header
from duewatch.sources.layout import Layout
from duewatch.sources.parquet_file import refuse_damaged_ids
from duewatch.sources.personal_ids import personal_kind
from duewatch.sources.raw_file import RawFile, open_raw
from duewatch.sources.shape import FittedShape, TableShape, fit
from duewatch.sources.source_plan import SourceFile, SourcePlan
from duewatch.sources.sql_tables import sql_files

PERSONAL_COLUMNS = ("debtor_id", "account_id", "contract_no", "person_id", "contact_id", "payment_id", "collector_id")
"""Ids that stand in the public book."""


def open_plan(plan: SourcePlan, scratch: Path, errors: list[SourceError] | None = None) -> list[StagedFile]:
    """Every file opened and held against its shape. Raises SourceError for the first that does not fit, unless `errors`
    takes them all."""
    opened = _opened(plan, scratch, errors)
    fitted: list[tuple[SourceFile, RawFile, FittedShape]] = []
    for file, raw in opened:
        try:
            fitted.append((file, raw, _fitted(file, raw)))
        except SourceError as error:
            tell(error, errors)
    shapes: dict[tuple[Path, Layout], list[FittedShape]] = defaultdict(list)
    for file, _, shape in fitted:
        shapes[file.path, file.shape.layout].append(shape)
    staged: list[StagedFile] = []
    for file, raw, shape in fitted:
        of_sheet = shapes[file.path, file.shape.layout]
        notes = list(shape.notes)
        opened_file = StagedFile(file, raw, shape, reject_writer(file.name, of_sheet, shape, raw.mark), notes=notes)
        if shape is of_sheet[0]:
            notes += [*raw.notes, *_unused(opened_file, of_sheet)]
        staged.append(opened_file)
    return staged


def tell(error: SourceError, errors: list[SourceError] | None) -> None:
    """Raises the error, or puts it with the others."""
    if errors is None:
        raise error
    errors.append(error)


def _opened(plan: SourcePlan, scratch: Path, errors: list[SourceError] | None) -> list[tuple[SourceFile, RawFile]]:
    raws = _raw_files(plan, scratch, errors)
    opened = [(file, raw) for file in plan.files if (raw := raws.get((file.path, file.shape.layout))) is not None]
    try:
        return opened + sql_files(plan, scratch, first_number=len(plan.files))
    except SourceError as error:
        tell(error, errors)
        return opened


def stage_all(staged: list[StagedFile], scratch: Path, progress: Callable[[str], None]) -> list[LocalisedText]:
    """Reads every file. Returns notes."""
    for file in staged:
        progress(f"reading {file.source.name}")
        stage(file, scratch)
    return number_equal_rows(staged, scratch)


def personal_ids(staged: list[StagedFile], clear_ids: tuple[str, ...], scratch: Path) -> Iterator[SourceError]:
    """One error for each column of ids that look like identity numbers, telephone numbers or e-mail addresses and would
    stand in the book, unless the mapping makes pseudonyms of them or says that they may."""
    for file in staged:
        table = SOURCE_TABLES[file.source.table]
        parts = sorted(scratch.glob(f"{table.name}-{file.source.number:04d}-*.parquet"))
        for column in table.columns if parts else ():
            place = f"{table.name}.{column.name}"
            source = file.fitted.columns.get(column.name)
            if column.kind is not Kind.ID or column.private or column.name not in PERSONAL_COLUMNS:
                continue
            if source is None or source.pseudonymise or source.content or place in clear_ids:
                continue
            ids = pl.read_parquet(parts[0], columns=[column.name])[column.name]
            if kind := personal_kind(ids):
                yield localised_error(
                    SourceError,
                    "source.personal_ids",
                    where=file.source.name,
                    column=place,
                    holds=LocalisedText(f"refused.source.personal_kind.{kind}"),
                    section=file.fitted.shape.section,
                )


def _raw_files(plan: SourcePlan, scratch: Path, errors: list[SourceError] | None) -> dict[tuple[Path, Layout], RawFile]:
    """Each file once, for all the tables that it gives."""
    wanted: dict[tuple[Path, Layout], list[TableShape]] = defaultdict(list)
    for file in plan.files:
        wanted[file.path, file.shape.layout].append(file.shape)
    encodings = FolderEncodings(sorted({path for path, _ in wanted} | {p for t in plan.raw_tables for p in t.paths}))
    raws: dict[tuple[Path, Layout], RawFile] = {}
    for (path, layout), shapes in wanted.items():
        headers = frozenset[str]().union(*(shape.wanted for shape in shapes))
        tables = tuple(dict.fromkeys(shape.table for shape in shapes))
        name = path.relative_to(plan.folder).as_posix()
        try:
            raws[path, layout] = open_raw(path, name, layout, headers, scratch, encodings, tables)
        except SourceError as error:
            tell(error, errors)
    return raws


def _fitted(file: SourceFile, raw: RawFile) -> FittedShape:
    fitting = fit_contract_header if file.shape.is_first_edition else fit
    fitted = fitting(file.shape, raw.header, file.name)
    if raw.encoding == "parquet":
        refuse_damaged_ids(file.path, file.name, _id_headers(fitted))
    return fitted


def _id_headers(fitted: FittedShape) -> tuple[str, ...]:
    table = SOURCE_TABLES[fitted.shape.table]
    ids = [source for name, source in fitted.columns.items() if table.column(name).kind is Kind.ID]
    return tuple(header for source in ids for header in source.headers if header in fitted.header)


def _unused(file: StagedFile, shapes: list[FittedShape]) -> list[LocalisedText]:
    """Headers of a declared file that no table reads and that nobody set aside."""
    if file.fitted.shape.is_first_edition:
        return []
    used = frozenset().union(*(shape.used_headers for shape in shapes))
    rest = [
        name
        for name in file.raw.header
        if name not in used and not any(fnmatchcase(name, pattern) for pattern in file.fitted.shape.ignore)
    ]
    if not rest:
        return []
    return [LocalisedText("reading.unused", {"file": file.source.name, "headers": tuple(rest)})]
