"""A block: some rows of one source file as they stand there, with their line numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from duewatch.sources.reject_reasons import Reason

LINE = "line"
MAX_CELL = 10_000
"""Longest cell in characters; longer ones are damage (an unclosed quote), not data."""
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def inner_name(header: str) -> str:
    """A source may have a column called 'line'; ours keeps the name, theirs gets a mark."""
    return f"{header} " if header == LINE else header


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not be split into the header's cells; `text` is the whole of it."""

    line: int
    reason: Reason
    text: str


@dataclass(frozen=True)
class Look:
    """What cells of the block may contain. False spares the work of looking at each cell; True is always safe."""

    padded: bool = True
    wide: bool = True  # any character outside ASCII
    control: bool = True
    long: bool = True


@dataclass(frozen=True)
class Batch:
    """`frame`: the column `line` and one column per header, under the header's own names. Text as it stands in
    the file, null where empty; Parquet columns keep their type. `read` counts rows: frame and broken."""

    frame: pl.DataFrame
    broken: tuple[BrokenRow, ...] = ()
    look: Look = field(default_factory=Look)

    @property
    def n_read(self) -> int:
        return self.frame.height + len(self.broken)
