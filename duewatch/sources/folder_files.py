"""What lies in a source folder, and which files a name or a pattern means."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from unicodedata import normalize

from duewatch.contract.errors import SourceError
from duewatch.contract.localised_errors import localised_error

TEXT, PARQUET, WORKBOOK = "text", "parquet", "workbook"
FORMS = {
    ".csv": TEXT,
    ".tsv": TEXT,
    ".txt": TEXT,
    ".parquet": PARQUET,
    ".xlsx": WORKBOOK,
    ".xlsm": WORKBOOK,
    ".xls": WORKBOOK,
    ".ods": WORKBOOK,
}
PACKED = ".gz"
HIDDEN = (".", "~$")
"""A hidden file, or Excel's mark beside a workbook that is open."""
PATTERN = "*?["
OR = "|"
"""Between names or patterns of which any will do."""


def form_of(path: Path) -> str:
    """TEXT, PARQUET or WORKBOOK by the ending, `.csv.gz` too; empty where the file is none of them."""
    name = path.name.lower()
    form = FORMS.get(Path(name.removesuffix(PACKED)).suffix, "")
    return form if form == TEXT or not name.endswith(PACKED) else ""


def plain_name(name: str) -> str:
    """Accounts.CSV, ACCOUNTS.csv.gz and accounts are one name; composed and decomposed accents are the same."""
    plain = normalize("NFC", name).casefold()
    if not form_of(Path(plain)):
        return plain
    return Path(plain.removesuffix(PACKED)).stem


def entries(folder: Path) -> tuple[Path, ...]:
    """What lies in a folder, by name, without hidden files and the marks of programs that have a file open. Raises
    SourceError."""
    if not folder.is_dir():
        problem = "not_a_folder" if folder.exists() else "no_folder"
        raise localised_error(SourceError, f"reading.{problem}", where=str(folder))
    try:
        return tuple(sorted(entry for entry in folder.iterdir() if not entry.name.startswith(HIDDEN)))
    except OSError as error:
        raise localised_error(
            SourceError, "reading.folder_closed", where=str(folder), reason=error.strerror or ""
        ) from None


def matching(folder: Path, file: str) -> tuple[Path, ...]:
    """The files that `file` means, by name: a file with or without its ending, every file that fits a pattern, or all
    parts of a folder; of several with `|` between them each. Empty where nothing does. Raises SourceError where it is
    not clear which is meant, or where a part would be missed."""
    if OR in file:
        paths = [path for one in file.split(OR) for path in matching(folder, one.strip())]
        return tuple(sorted(set(paths)))
    inside = entries(folder)
    wanted = normalize("NFC", file).casefold()
    named = [entry for entry in inside if _is_readable(entry) and normalize("NFC", entry.name).casefold() == wanted]
    named = named or [entry for entry in inside if _is_readable(entry) and plain_name(entry.name) == plain_name(file)]
    if not named and any(mark in file for mark in PATTERN):
        return tuple(_existing(entry) for entry in inside if form_of(entry) and _fits(entry.name, wanted))
    if len(named) > 1:
        names = tuple(entry.name for entry in named)
        raise localised_error(SourceError, "reading.two_files", where=str(folder), names=names, file=file)
    if named and named[0].is_dir():
        return _parts(named[0])
    return tuple(_existing(entry) for entry in named)


def _is_readable(entry: Path) -> bool:
    return entry.is_dir() or bool(form_of(entry))


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(normalize("NFC", name).casefold(), pattern) or fnmatchcase(plain_name(name), pattern)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise localised_error(SourceError, "reading.dead_link", where=path.name)
    return path


def _parts(folder: Path) -> tuple[Path, ...]:
    """Every file of the folder is a part: one that cannot be read is told, for its rows would be missed."""
    parts = [part for part in entries(folder) if not part.name.startswith("_")]
    for part in parts:
        if not form_of(part) or not part.is_file():
            raise localised_error(SourceError, "reading.no_part", where=folder.name, name=part.name, folder=folder.name)
    forms = {form_of(part) for part in parts}
    if len(forms) > 1:
        raise localised_error(SourceError, "reading.mixed_parts", where=folder.name, folder=folder.name, n=len(forms))
    if not parts:
        raise localised_error(SourceError, "reading.no_parts", where=folder.name, folder=folder.name)
    return tuple(parts)
