"""Ids made from a row's content: rows that are equal in every cell stay as many as they are, each with a number."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polars as pl

from duewatch.contract.localised_errors import LocalisedText
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.stage import StagedFile


def number_equal_rows(staged: list[StagedFile], scratch: Path) -> list[LocalisedText]:
    """The second of two equal rows gets `-2` behind its id, and so on in the order of files and lines. Returns notes,
    for such rows may also be one thing exported twice."""
    files: dict[str, list[StagedFile]] = defaultdict(list)
    for file in staged:
        key = file.fitted.columns.get(SOURCE_TABLES[file.source.table].key[0])
        if key is not None and key.content:
            files[file.source.table].append(file)
    return [note for table, group in files.items() for note in _numbered(table, group, scratch)]


def _numbered(table: str, group: list[StagedFile], scratch: Path) -> list[LocalisedText]:
    key = SOURCE_TABLES[table].key[0]
    paths = [path for file in group for path in sorted(scratch.glob(f"{table}-{file.source.number:04d}-*.parquet"))]
    if not paths:
        return []
    counts = pl.scan_parquet(paths).group_by(key).len().filter(pl.col("len") > 1).collect()
    if not counts.height:
        return []
    seen: dict[str, int] = {}
    for path in paths:
        rows = pl.read_parquet(path)
        repeated = rows[key].is_in(counts[key].implode())
        if not repeated.any():
            continue
        ids = rows[key].to_list()
        for at in repeated.arg_true():
            seen[ids[at]] = number = seen.get(ids[at], 0) + 1
            ids[at] = ids[at] if number == 1 else f"{ids[at]}-{number}"
        rows.with_columns(pl.Series(key, ids, dtype=pl.String)).write_parquet(path, compression="lz4")
    more = int(counts["len"].sum()) - counts.height
    return [LocalisedText("reading.equal_rows", {"table": table, "n": more})]
