"""Ids made from a row's content: rows that are equal in every cell stay as many as they are, each with a number."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl

from duewatch.contract.localised_errors import LocalisedText
from duewatch.contract.schema import SOURCE_TABLES
from duewatch.ingest.stage import StagedFile


def number_equal_rows(staged: list[StagedFile], scratch: Path) -> list[LocalisedText]:
    """The second of two equal rows of a file gets `-2` behind its id, and so on. A row that stands in two files keeps
    its id, for the second is a later delivery of it. Returns notes: equal rows may also be one thing exported twice."""
    more: Counter[str] = Counter()
    for file in staged:
        key = SOURCE_TABLES[file.source.table].key[0]
        source = file.fitted.columns.get(key)
        if source is not None and source.content:
            more[file.source.table] += _numbered(file, key, scratch)
    return [LocalisedText("reading.equal_rows", {"table": table, "n": n}) for table, n in more.items() if n]


def _numbered(file: StagedFile, key: str, scratch: Path) -> int:
    """How many rows got a number."""
    paths = sorted(scratch.glob(f"{file.source.table}-{file.source.number:04d}-*.parquet"))
    if not paths:
        return 0
    counts = pl.scan_parquet(paths).group_by(key).len().filter(pl.col("len") > 1).collect()
    seen: Counter[str] = Counter()
    for path in paths if counts.height else ():
        rows = pl.read_parquet(path)
        ids = rows[key].to_list()
        for at in rows[key].is_in(counts[key].implode()).arg_true():
            seen[ids[at]] += 1
            ids[at] = ids[at] if seen[ids[at]] == 1 else f"{ids[at]}-{seen[ids[at]]}"
        rows.with_columns(pl.Series(key, ids, dtype=pl.String)).write_parquet(path, compression="lz4")
    return int(counts["len"].sum()) - counts.height
