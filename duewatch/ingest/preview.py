"""The first rows of every table as they would land in the book."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from duewatch.books.pseudonyms import KEY_BYTES
from duewatch.contract.errors import SourceError
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.staging import open_plan
from duewatch.ingest.validate import check_rows, total_lines
from duewatch.sources.batch import LINE, Look
from duewatch.sources.convert import IS_DATE, OFFSET
from duewatch.sources.mapping import Mapping
from duewatch.sources.shape import PART, shape_rows
from duewatch.sources.source_plan import plan_sources

ROWS = 5
READ = 50
"""Rows that are read for them."""


def first_rows(source: Path, mapping: Mapping) -> tuple[dict[str, pl.DataFrame], list[SourceError]]:
    """Table to its first accepted rows, typed; and what would refuse the load. Times stay as written."""
    errors: list[SourceError] = []
    shown: dict[str, pl.DataFrame] = {}
    with TemporaryDirectory(prefix="duewatch-preview-") as folder:
        try:
            plan = plan_sources(source, mapping, secrets.token_bytes(KEY_BYTES))
            staged = open_plan(plan, Path(folder), errors)
        except SourceError as error:
            return {}, [error]
        for file in staged:
            table = SOURCE_TABLES[file.source.table]
            block = next(iter(file.raw.blocks()), None)
            if block is None or table.name in shown:
                continue
            block = replace(block, frame=block.frame.head(READ), broken=())
            try:
                rows = shape_rows(file.fitted, block).frame
            except SourceError as error:
                errors.append(error)
                continue
            found = check_rows(table, rows, Look(), file.fitted.shape.readings, total_lines(block.frame)).accepted
            inner = [name for name in found.columns if name in (LINE, PART) or name.endswith((OFFSET, IS_DATE))]
            shown[table.name] = found.drop(inner).head(ROWS)
    return shown, errors
