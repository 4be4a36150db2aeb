"""The files of one session: a folder of its own on this machine, gone when the session is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from duewatch.contract.errors import SourceError
from duewatch.contract.i18n import Words
from duewatch.contract.toml_file import checked_toml
from duewatch.sources.guess import guess_folder
from duewatch.sources.guess_text import guess_sentences, mapping_text
from duewatch.sources.mapping import Mapping
from duewatch.sources.presets import preset_mapping

MAPPING_FILE = "mapping.toml"


class DroppedFile(Protocol):
    """What Streamlit hands over."""

    name: str

    def getvalue(self) -> bytes: ...


@dataclass
class Upload:
    """`folder` holds the files, beside it the mapping. Names are taken without any path in them."""

    place: TemporaryDirectory[str] = field(default_factory=lambda: TemporaryDirectory(prefix="duewatch-upload-"))

    @property
    def folder(self) -> Path:
        return Path(self.place.name) / "files"

    @property
    def mapping_path(self) -> Path:
        return Path(self.place.name) / MAPPING_FILE

    def take(self, files: Iterable[DroppedFile]) -> None:
        """The folder holds these files and no others."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        kept = {Path(file.name).name: file for file in files}
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()
        for name, file in kept.items():
            content = file.getvalue()
            path = self.folder / name
            if not path.exists() or path.stat().st_size != len(content) or path.read_bytes() != content:
                path.write_bytes(content)

    def guess(self, words: Words) -> tuple[str, list[str]]:
        """A mapping to begin with, and what each file seems to be."""
        with TemporaryDirectory(prefix="duewatch-map-") as scratch:
            files = guess_folder(self.folder, Path(scratch))
        return mapping_text(files, words), guess_sentences(files, words)

    def write_mapping(self, text: str) -> Mapping:
        """Keeps the text for the load. Raises SourceError where it is no mapping."""
        mapping = checked_toml(text, Mapping, error=SourceError, shown=MAPPING_FILE)
        self.mapping_path.write_text(text, encoding="utf-8")
        return mapping


def preset_text(name: str) -> str:
    return preset_mapping(name).read_text(encoding="utf-8")
