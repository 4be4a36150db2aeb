"""Loads and checks `rules/<jurisdiction>/<instrument>.toml`. A pack that does not load says file, rule, field, value,
and what is allowed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from duewatch.compliance.pack_types import Pack, PackFile
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.contract.toml_file import checked_toml, text_of

RULES = PROJECT_ROOT / "rules"
COVERAGE = "coverage.toml"
OTHER_FILES = (COVERAGE, "process.toml", "template.toml", "risk_grade.toml")


def load_packs(folder: Path = RULES) -> dict[str, Pack]:
    """Every pack of a folder by its id, sorted. Raises RuleError on the first thing that is not as it must be. Files
    that were not touched since are not read again."""
    paths = [path for path in sorted(folder.rglob("*.toml")) if path.name not in OTHER_FILES]
    return dict(_packs(tuple(as_touched(path) for path in paths)))


Touched = tuple[Path, int, int]


def as_touched(path: Path) -> Touched:
    """Path, time and size of a file: what is made of it may be remembered by these."""
    status = path.stat() if path.exists() else None
    return (path, status.st_mtime_ns, status.st_size) if status else (path, 0, 0)


@lru_cache(maxsize=8)
def _packs(files: tuple[Touched, ...]) -> Mapping[str, Pack]:
    packs: dict[str, Pack] = {}
    for path, _, _ in files:
        pack = read_pack(path)
        if pack.id in packs:
            raise RuleError(
                f"pack '{pack.id}' stands in {packs[pack.id].path.name} as well",
                where=project_path(path),
                next_step="give one of them another id",
            )
        packs[pack.id] = pack
    for pack in packs.values():
        if pack.supersedes and pack.supersedes not in packs:
            raise RuleError(
                f"supersedes is '{pack.supersedes}', which is no pack",
                where=project_path(pack.path),
                next_step=f"use one of {', '.join(packs)}",
            )
    return dict(sorted(packs.items()))


def read_pack(path: Path) -> Pack:
    """One pack file, checked; what was checked before with the same text is not checked again. Raises RuleError."""
    return _checked(path, text_of(path, error=RuleError, shown=project_path(path)))


@lru_cache(maxsize=256)
def _checked(path: Path, text: str) -> Pack:
    file = checked_toml(text, PackFile, error=RuleError, shown=project_path(path))
    rules = tuple(file.rule_of(entry, part) for entry, part in zip(file.rule, _rule_texts(text), strict=True))
    return Pack(**vars(file.pack), sha256=hashlib.sha256(text.encode()).hexdigest(), path=path, rules=rules)


def _rule_texts(text: str) -> list[str]:
    """Each rule as it is written, with the comments inside it."""
    parts = re.split(r"(?m)^\[\[rule\]\].*$", text)[1:]
    return [f"[[rule]]{part}".strip() for part in parts]


def project_path(path: Path) -> str:
    """The path as a person knows it: from the project on, or the bare name."""
    return str(path.relative_to(PROJECT_ROOT)) if path.is_relative_to(PROJECT_ROOT) else path.name
