"""Packed files: what would unpack to far more than a table is refused before it fills memory or disk."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import localised_error
from duewatch.sources.folder_files import PACKED

PIECE = 1 << 22
MAX_RATIO = 200
SMALL = 10 << 20
"""Below this unpacked size any ratio is allowed: few and repeated values pack well."""
MAX_WORKBOOK = 400 << 20
"""A workbook is read whole."""
MAX_TEXT = 64 << 30
"""A text file goes through in pieces; this is what a disk should bear."""


def pieces(path: Path, name: str) -> Iterator[bytes]:
    """The bytes of a text file, unpacked. Raises SourceError."""
    if not path.name.lower().endswith(PACKED):
        with path.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece
        return
    packed, unpacked = max(1, path.stat().st_size), 0
    try:
        with gzip.open(path) as stream:
            while piece := _read(stream):
                unpacked += len(piece)
                refuse_bomb(name, packed, unpacked, MAX_TEXT)
                yield piece
    except (OSError, EOFError, zlib.error) as error:
        reason = (str(error) or type(error).__name__)[:120]
        raise localised_error(SourceError, "reading.bad_packing", where=name, reason=reason) from None


def _read(stream: gzip.GzipFile) -> bytes:
    """A whole piece where there is one: a packed stream may give less at a time."""
    parts, left = [], PIECE
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def refuse_bomb(name: str, packed: int, unpacked: int, most: int) -> None:
    if unpacked > most or (unpacked > SMALL and unpacked / packed > MAX_RATIO):
        raise localised_error(
            SourceError, "reading.unpacks_too_far", where=name, size=unpacked >> 20, times=unpacked // packed
        )


def check_zip(path: Path, name: str) -> None:
    """The sizes that a workbook declares, before anything of it is unpacked. Raises SourceError."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        raise localised_error(SourceError, "reading.no_workbook", where=name, ending=path.suffix.lower()) from None
    packed = max(1, sum(part.compress_size for part in parts))
    refuse_bomb(name, packed, sum(part.file_size for part in parts), MAX_WORKBOOK)
