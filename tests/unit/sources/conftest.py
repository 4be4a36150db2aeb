"""Files as people send them, opened through the one door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from duewatch.contract.i18n import words_in
from duewatch.contract.localised_errors import localised
from duewatch.sources.folder_encoding import FolderEncodings
from duewatch.sources.folder_files import TEXT, form_of
from duewatch.sources.layout import Layout
from duewatch.sources.raw_file import RawFile, open_raw

Open = Callable[..., RawFile]
Cells = list[tuple[object, ...]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Writes a file (unless it is there) and opens it beside the other files of its folder."""
    folder, scratch = tmp_path / "source", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()

    def open_file(
        name: str, content: bytes | str | None = None, wanted: Iterable[str] = (), **layout: object
    ) -> RawFile:
        path = folder / name
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        encodings = FolderEncodings(file for file in sorted(folder.iterdir()) if form_of(file) == TEXT)
        return open_raw(path, name, Layout(**layout), frozenset(wanted), scratch, encodings, ("accounts",))

    return open_file


def rows(raw: RawFile) -> Cells:
    """(line, cells ...) of every row that could be split."""
    return [row for block in raw.blocks() for row in block.frame.rows()]


def broken(raw: RawFile) -> Cells:
    return [(row.line, str(row.reason)) for block in raw.blocks() for row in block.broken]


def notes(raw: RawFile, language: str = "en") -> list[str]:
    return [localised(words_in(language), note) for note in raw.notes]
