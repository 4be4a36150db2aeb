"""Text files: which encoding, which delimiter, which header. Strict: no byte is guessed at or replaced."""

from __future__ import annotations

import codecs
import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.sources.source_folder import SourceFile

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
PIECE = 1 << 22
MAX_HEADER = 1 << 20


@dataclass(frozen=True)
class TextFile:
    """A text file ready to be split: `path` is UTF-8 (a converted copy where the source is not); rows begin at
    byte `start`."""

    source: SourceFile
    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    start: int
    sha256: str
    n_bytes: int


def open_text(source: SourceFile, scratch: Path) -> TextFile:
    """Find out how the file is written; a copy in UTF-8 is made in `scratch` where needed. Raises SourceError."""
    with source.path.open("rb") as stream:
        head = stream.read(4)
    bom, encoding = next(((mark, name) for mark, name in BOMS if head.startswith(mark)), (b"", ""))
    sha256, n_bytes, bad_at = _scan(source.path, encoding == "" or encoding == "utf-8")
    if n_bytes <= len(bom):
        raise SourceError("the file is empty", where=source.name, next_step="export it again, with its header")
    if encoding == "utf-8" and bad_at is not None:
        raise _neither(source, bad_at, "begins as UTF-8 but is not UTF-8 throughout")
    encoding = encoding or ("utf-8" if bad_at is None else "gb18030")
    path, skip = source.path, len(bom)
    if encoding != "utf-8":
        if encoding == "gb18030":
            _refuse_mixture(source, bad_at or 0)
        path, skip = _as_utf8(source, encoding, scratch, len(bom), bad_at or 0), 0
    line, start = _header_line(source, path, skip)
    delimiter = "\t" if line.count("\t") > line.count(",") else ","
    return TextFile(source, path, encoding, delimiter, _split_header(source, line, delimiter), start, sha256, n_bytes)


def _scan(path: Path, check_utf8: bool) -> tuple[str, int, int | None]:
    """Hash, size and the offset of the first byte that is not UTF-8 (None where all are), in one pass."""
    digest, size, bad_at = hashlib.sha256(), 0, None
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
            if check_utf8 and bad_at is None:
                bad_at = _bad_offset(decoder, piece, size, final=len(piece) < PIECE)
            size += len(piece)
    return digest.hexdigest(), size, bad_at


def _bad_offset(decoder: codecs.IncrementalDecoder, piece: bytes, base: int, *, final: bool) -> int | None:
    waiting = len(decoder.getstate()[0])
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError as error:
        return base - waiting + error.start
    return None


def _refuse_mixture(source: SourceFile, bad_at: int) -> None:
    """GB18030 reads almost any bytes: a file most of whose lines are UTF-8 is a damaged UTF-8 file, not GB18030."""
    as_utf8 = as_other = 0
    with source.path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    as_utf8 += 1
                except UnicodeDecodeError:
                    as_other += 1
    if as_utf8 > as_other:
        raise _neither(source, bad_at, "is written in two encodings")


def _as_utf8(source: SourceFile, encoding: str, scratch: Path, skip: int, bad_at: int) -> Path:
    copy = scratch / f"utf8-{source.number}.csv"
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with source.path.open("rb") as stream, copy.open("wb") as out:
        stream.seek(skip)
        try:
            while piece := stream.read(PIECE):
                out.write(decoder.decode(piece).encode("utf-8"))
            out.write(decoder.decode(b"", True).encode("utf-8"))
        except UnicodeError:
            raise _neither(source, bad_at, f"is neither UTF-8 nor {encoding.upper()} throughout") from None
    return copy


def _neither(source: SourceFile, bad_at: int, what: str) -> SourceError:
    with source.path.open("rb") as stream:
        line = stream.read(bad_at).count(b"\n") + 1
    return SourceError(
        f"the file {what}", where=f"{source.name}, line {line}", next_step="save it as UTF-8 and load it again"
    )


def _header_line(source: SourceFile, path: Path, skip: int) -> tuple[str, int]:
    with path.open("rb") as stream:
        stream.seek(skip)
        line = stream.readline(MAX_HEADER)
        start = stream.tell()
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if not text.strip():
        raise SourceError("line 1 is empty", where=source.name, next_step="put the column names on line 1")
    if "\x00" in text or "\r" in text:
        raise SourceError(
            "line 1 is not a line of text (UTF-16 without a mark, or another kind of file)",
            where=source.name,
            next_step="save it as UTF-8 with line ends \\n or \\r\\n",
        )
    return text, start


def _split_header(source: SourceFile, line: str, delimiter: str) -> tuple[str, ...]:
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    except csv.Error:
        raise SourceError(
            "the header is badly quoted", where=f"{source.name}, line 1", next_step="mend its quotes"
        ) from None
    return tuple(cell.strip() for cell in cells)
