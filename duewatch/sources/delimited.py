"""Split a text file into rows and cells, strictly, in blocks of bounded size.

Polars fills a short row with nulls and DuckDB turns a ragged file into one column, both in silence; so the
number of cells is checked here, line by line, before Polars sees them. Lines without a quote are counted
vectorised; lines with quotes are matched against RFC 4180 one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import numpy.typing as npt
import polars as pl

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import localised_error
from duewatch.sources.batch import LINE, MAX_CELL, Batch, BrokenRow, Look, inner_name
from duewatch.sources.folder_encoding import line_place
from duewatch.sources.reject_reasons import Reason
from duewatch.sources.text_file import TextFile

BLOCK_BYTES = 32 << 20
MAX_LINE = 256 << 20
MAX_RECORD_LINES = 1_000
"""A quoted cell over more lines than this is an unclosed quote."""
NEWLINE, QUOTE, SPACE = 10, 34, 32
Bytes = npt.NDArray[np.uint8]


def text_blocks(text: TextFile, block_bytes: int = BLOCK_BYTES) -> Iterator[Batch]:
    """All rows of a file, in blocks. Line numbers are physical. Blank lines, and lines of empty cells, are no rows."""
    line, rest = text.first_line, b""
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        while True:
            data = stream.read(block_bytes)
            last = len(data) < block_bytes
            buffer = rest + data
            cut = len(buffer) if last else buffer.rfind(b"\n") + 1
            if len(buffer) - cut > MAX_LINE:
                raise localised_error(
                    SourceError, "reading.long_line", where=line_place(text.name, line), size=MAX_LINE >> 20
                )
            block, used, n_lines = _split(text, buffer[:cut], line, last)
            rest, line = buffer[used:], line + n_lines
            if block.n_read:
                yield block
            if last:
                return


def _split(text: TextFile, chunk: bytes, line: int, last: bool) -> tuple[Batch, int, int]:
    """One chunk of whole lines as a block, the bytes used and the lines used (an open record waits for more)."""
    if chunk and not chunk.endswith(b"\n"):
        chunk += b"\n"
    if b'"' not in chunk and not text.last_cell_takes_rest:
        return _plain_block(text, chunk, line), len(chunk), chunk.count(b"\n")
    sorter = _QuotedLines(text, line, last)
    used_lines = sorter.sort(chunk.splitlines(keepends=True) if b"\r" not in chunk else _lines(chunk))
    plain = _frame(text, b"".join(sorter.plain), np.array(sorter.plain_at, np.int64), None)
    quoted = _frame(text, b"".join(sorter.quoted), np.array(sorter.quoted_at, np.int64), '"')
    frame = pl.concat([plain, quoted]).sort(LINE)
    return Batch(frame, tuple(sorter.broken), _look(chunk, text.delimiter)), sorter.used_bytes, used_lines


def _lines(chunk: bytes) -> list[bytes]:
    """Lines by \\n alone: bytes.splitlines would also end one at a lone \\r."""
    return [part + b"\n" for part in chunk.split(b"\n")[:-1]]


def _plain_block(text: TextFile, chunk: bytes, line: int) -> Batch:
    """A chunk without quotes: every separator is a cell boundary, so cells are counted by counting bytes."""
    data = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(data == NEWLINE)
    lengths = np.diff(ends, prepend=-1)
    marks = np.flatnonzero(data == ord(text.delimiter))
    counts = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
    returns = (lengths > 1) & (data[np.maximum(ends - 1, 0)] == 13)
    blank = lengths == counts + returns
    surplus = _empty_surplus(marks, ends - returns, counts, len(text.header)) & ~blank
    good = (counts == len(text.header)) & ~blank | surplus
    numbers = line + np.arange(len(ends), dtype=np.int64)
    kept = None if bool(good.all()) else np.repeat(good, lengths)
    if surplus.any():
        row = np.searchsorted(ends, marks)
        place = np.arange(len(marks)) - np.searchsorted(marks, ends - lengths + 1)[row]
        kept = np.ones(len(data), np.bool_) if kept is None else kept
        kept[marks[surplus[row] & (place >= len(text.header) - 1)]] = False
    body = chunk if kept is None else data[kept].tobytes()
    broken = tuple(
        BrokenRow(int(numbers[n]), Reason.WRONG_FIELD_COUNT, _decoded(data[ends[n] - lengths[n] + 1 : ends[n]]))
        for n in np.flatnonzero(~good & ~blank)
    )
    broken = tuple(row for row in broken if row.text.strip(f" \r{text.delimiter}"))
    return Batch(_frame(text, body, numbers[good], None), broken, _look(chunk, text.delimiter))


def _empty_surplus(
    marks: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], n_cells: int
) -> npt.NDArray[np.bool_]:
    """Rows with cells beyond the header that are all empty, such as a separator at every end of a line: no cells."""
    surplus = counts - n_cells
    has = surplus > 0
    if not has.any():
        return has
    first = np.maximum(np.searchsorted(marks, ends) - surplus, 0)
    found = np.zeros(len(ends), np.bool_)
    found[has] = ends[has] - marks[first[has]] == surplus[has]
    return found


def _without_empty_surplus(body: bytes, surplus: int, mark: bytes) -> bytes:
    """The same for one row; unchanged where a cell beyond the header holds something."""
    return body[:-surplus] if surplus > 0 and body.endswith(mark * surplus) else body


def _decoded(data: Bytes) -> str:
    return data.tobytes().decode("utf-8").rstrip("\r")


def _frame(text: TextFile, body: bytes, lines: npt.NDArray[np.int64], quote: str | None) -> pl.DataFrame:
    """Checked rows as text columns. Raises AssertionError where Polars counts rows otherwise than we do."""
    if not body:
        return pl.DataFrame(schema={LINE: pl.Int64} | {inner_name(name): pl.String for name in text.header})
    frame = pl.read_csv(
        BytesIO(body),
        has_header=False,
        new_columns=[inner_name(name) for name in text.header],
        separator=text.delimiter,
        quote_char=quote,
        infer_schema=False,
    )
    if frame.height != len(lines):
        raise AssertionError(f"{text.name}: {len(lines)} rows were checked but {frame.height} were read")
    if quote:
        frame = frame.with_columns(pl.col(pl.String).replace("", None))
    return frame.insert_column(0, pl.Series(LINE, lines))


def _look(chunk: bytes, delimiter: str) -> Look:
    """What the chunk may contain, from its bytes alone: far cheaper than asking each cell."""
    data = np.frombuffer(chunk, np.uint8)
    lows = data[data < SPACE]
    control = bool(np.any((lows != NEWLINE) & (lows != 9) & (lows != 13))) or bool((data == 127).any())
    ends = np.flatnonzero(data == NEWLINE)
    longest = int(np.diff(ends, prepend=-1).max(initial=0))
    return Look(
        padded=_has_padding(data, delimiter),
        wide=not chunk.isascii(),
        control=control or (delimiter == "\t" and b"\r" in chunk.replace(b"\r\n", b"")),
        long=longest > MAX_CELL or b'"' in chunk,
    )


def _has_padding(data: Bytes, delimiter: str) -> bool:
    blanks = np.flatnonzero((data == SPACE) | (data == 9) & (delimiter != "\t"))
    if not len(blanks):
        return False
    edges = np.array([ord(delimiter), NEWLINE, 13, QUOTE], np.uint8)
    before, after = data[np.maximum(blanks - 1, 0)], data[np.minimum(blanks + 1, len(data) - 1)]
    return bool(np.isin(before, edges).any() or np.isin(after, edges).any() or blanks[0] == 0)


@dataclass
class _QuotedLines:
    """Sorts the lines of a chunk with quotes into plain rows, well-quoted rows and broken ones.

    A record with an odd number of quotes goes on to the next line. One that does not come out right costs
    only its first line, which is rejected; reading resumes at the next, so a stray quote never swallows
    good rows.
    """

    text: TextFile
    line: int
    last: bool
    plain: list[bytes] = field(default_factory=list)
    plain_at: list[int] = field(default_factory=list)
    quoted: list[bytes] = field(default_factory=list)
    quoted_at: list[int] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    used_bytes: int = 0

    def sort(self, lines: list[bytes]) -> int:
        """Returns the number of lines used; fewer than given where a record is open at the end of a chunk."""
        well_formed = _record_pattern(self.text.delimiter)
        mark, n_marks = self.text.delimiter.encode(), len(self.text.header) - 1
        at = 0
        while at < len(lines):
            record, span = lines[at], 1
            if self.text.last_cell_takes_rest and (whole := self._with_rest(record)):
                self.quoted.append(whole + b"\n")
                self.quoted_at.append(self.line + at)
            elif b'"' not in record:
                body = _without_empty_surplus(record.rstrip(b"\r\n"), record.count(mark) - n_marks, mark)
                self._plain(body + b"\n", self.line + at, body.count(mark) == n_marks)
            else:
                span = _span(lines, at)
                if span == 0 and not self.last and len(lines) - at < MAX_RECORD_LINES:
                    return at
                record = b"".join(lines[at : at + max(span, 1)])
                span = self._quoted(record, lines[at], self.line + at, span, well_formed)
            self.used_bytes += sum(map(len, lines[at : at + span]))
            at += span
        return at

    def _with_rest(self, record: bytes) -> bytes | None:
        """The line with all that is left of it as its last, quoted cell; None where it has no cell too many."""
        mark, body = self.text.delimiter.encode(), record.rstrip(b"\r\n")
        cell = rb'(?:"(?:[^"]|"")*+"|[^"' + re.escape(mark) + rb"\r\n]*+)" + re.escape(mark)
        head = re.match(rb"(?:%b){%d}" % (cell, len(self.text.header) - 1), body)
        rest = body[head.end() :] if head else b""
        return head[0] + b'"' + rest + b'"' if head and mark in rest and b'"' not in rest else None

    def _plain(self, record: bytes, line: int, fits: bool) -> None:
        mark = self.text.delimiter.encode()
        if not record.strip(b"\r\n" + mark):
            return
        if fits:
            self.plain.append(record)
            self.plain_at.append(line)
        elif record.strip(b" \r\n" + mark):
            self._reject(record, line, Reason.WRONG_FIELD_COUNT)

    def _quoted(self, record: bytes, first: bytes, line: int, span: int, well_formed: re.Pattern[bytes]) -> int:
        """Lines used: the whole record where it is well quoted, else its first line."""
        body = record.rstrip(b"\r\n")
        if span == 0 or not well_formed.fullmatch(body):
            self._reject(first, line, Reason.BAD_QUOTING)
            return 1
        surplus = _n_cells(body, self.text.delimiter) - len(self.text.header)
        body = _without_empty_surplus(body, surplus, self.text.delimiter.encode())
        if _n_cells(body, self.text.delimiter) != len(self.text.header):
            reason = Reason.WRONG_FIELD_COUNT if span == 1 else Reason.BAD_QUOTING
            self._reject(first, line, reason)
            return 1
        if not re.fullmatch(rb'(?:""|%b)*+' % re.escape(self.text.delimiter.encode()), body):
            self.quoted.append(body + b"\n")
            self.quoted_at.append(line)
        return span

    def _reject(self, record: bytes, line: int, reason: Reason) -> None:
        self.broken.append(BrokenRow(line, reason, record.decode("utf-8").rstrip("\r\n")))


def _span(lines: list[bytes], at: int) -> int:
    """Lines until the quotes of the record at `at` are even; 0 where they never are."""
    quotes = 0
    for n, record in enumerate(lines[at : at + MAX_RECORD_LINES], start=1):
        quotes += record.count(b'"')
        if quotes % 2 == 0:
            return n
    return 0


def _record_pattern(delimiter: str) -> re.Pattern[bytes]:
    mark = re.escape(delimiter.encode())
    cell = rb'(?:"(?:[^"]|"")*+"|[^"' + mark + rb"\r\n]*+)"
    return re.compile(cell + rb"(?:" + mark + cell + rb")*+")


def _n_cells(body: bytes, delimiter: str) -> int:
    return re.sub(rb'"(?:[^"]|"")*+"', b"", body).count(delimiter.encode()) + 1
