"""The row of the column names: declared, or the first that holds the names in use, below any title rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from unicodedata import normalize

from duewatch.contract.localised_errors import LocalisedText
from duewatch.sources.layout import Layout

ROWS_LOOKED_AT = 50
NO_WIDTH = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f"))


@dataclass(frozen=True)
class Row:
    """A row near the top of a file; `line` as a person counts."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class HeaderRow:
    """`names`: clean, empty where a column has none. `n_wanted`: how many of the names in use it holds. `at`: the
    place of its lowest row among the rows looked at."""

    names: tuple[str, ...]
    at: int
    n_wanted: int
    has_groups: bool = False
    """Some names come from the row above, where cells were merged."""


def find_header(rows: Sequence[Row], layout: Layout, wanted: frozenset[str]) -> HeaderRow | None:
    """None where no row is left to hold it."""
    found = [_header(rows, at, depth, wanted) for at, depth in _windows(rows, layout)]
    if not found or layout.header_row:
        return found[0] if found else None
    best = max(found, key=lambda header: header.n_wanted)
    return best if best.n_wanted >= min(2, len(wanted)) else found[0]


def header_notes(name: str, row: Row, header: HeaderRow) -> list[LocalisedText]:
    """What was passed over above the names."""
    notes = []
    if row.line > 1:
        notes.append(LocalisedText("reading.title_rows", {"name": name, "line": row.line, "n": row.line - 1}))
    if header.has_groups:
        notes.append(LocalisedText("reading.group_names", {"name": name, "line": row.line - 1}))
    return notes


def clean_name(name: str) -> str:
    return " ".join(name.translate(NO_WIDTH).split())


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Every column has a name of its own: `column 3` where it has none, `amount (2)` where it has another's. The first
    column of a name keeps it."""
    given = tuple(names)
    taken = set(given)
    found: list[str] = []
    for number, name in enumerate(given, start=1):
        if name and name not in found:
            found.append(name)
            continue
        wish = name or f"column {number}"
        others = (f"{wish} ({n})" for n in count(2))
        found.append(next(new for new in chain([wish], others) if new not in taken))
        taken.add(found[-1])
    return tuple(found)


def _windows(rows: Sequence[Row], layout: Layout) -> list[tuple[int, int]]:
    """(lowest row, how many rows) of every place where the names may stand, from the top."""
    if layout.header_row:
        last_line = layout.header_row + layout.header_rows - 1
        return [(at, layout.header_rows) for at, row in enumerate(rows) if row.line == last_line]
    if layout.header_rows > 1:
        return [(at, layout.header_rows) for at in range(layout.header_rows - 1, len(rows)) if not rows[at].is_blank]
    windows: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        if not row.is_blank:
            windows.append((at, 1))
            if at and _fills(rows[at - 1], row):
                windows.append((at, 2))
    return windows


def _fills(above: Row, below: Row) -> bool:
    return any(name and not cell for name, cell in zip(above.cells, below.cells, strict=False))


def _header(rows: Sequence[Row], at: int, depth: int, wanted: frozenset[str]) -> HeaderRow:
    lowest, *above = [rows[n].cells for n in range(at, max(at - depth, -1), -1)]
    width = max(len(cells) for cells in (lowest, *above))
    names = list(lowest) + [""] * (width - len(lowest))
    for cells in above:
        names = [name or cell for name, cell in zip(names, cells + ("",) * (width - len(cells)), strict=True)]
    keys = {loose_name(name) for name in names if name}
    n_wanted = len(keys & {loose_name(name) for name in wanted})
    return HeaderRow(tuple(names), at, n_wanted, has_groups=depth > 1 and names[: len(lowest)] != list(lowest))


def loose_name(name: str) -> str:
    """Two ways of writing one name are one: full width, letter case and spaces do not matter. The names themselves stay
    as written."""
    return "".join(normalize("NFKC", clean_name(name)).casefold().split())
