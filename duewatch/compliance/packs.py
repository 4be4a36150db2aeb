"""Loads and checks `rules/<jurisdiction>/<instrument>.toml`. A pack that does not load says file, rule, field, value,
and what is allowed."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from duewatch.compliance.pack_types import (
    AllowedHours,
    Consent,
    CountCap,
    Filter,
    ForbidWhen,
    Pack,
    PartyRule,
    Precedence,
    QuietAfter,
    Require,
    RespectPreferences,
    Rule,
    Window,
)
from duewatch.compliance.rule_kinds import SPECS, filter_of
from duewatch.compliance.toml_table import TomlTable, lines_of
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import PROJECT_ROOT

__all__ = [
    "AllowedHours",
    "Consent",
    "CountCap",
    "Filter",
    "ForbidWhen",
    "Pack",
    "PartyRule",
    "Precedence",
    "QuietAfter",
    "Require",
    "RespectPreferences",
    "Rule",
    "Window",
    "load_packs",
    "project_path",
    "read_pack",
]

RULES = PROJECT_ROOT / "rules"
COVERAGE = "coverage.toml"
OTHER_FILES = (COVERAGE, "process.toml", "template.toml", "risk_grade.toml")
STRENGTHS = (
    "statute",
    "regulation",
    "presumption",
    "guidance",
    "recommended_standard",
    "self_regulation",
    "principle",
    "policy",
)
GRADES = ("primary", "secondary", "memory")
MODALITIES = ("must", "presumption", "should", "advised")
ZONES = ("all_candidates", "first")
EXCEPTABLE = ("outcome", "purpose", "role")


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
    return _checked(path, _text_of(path))


@lru_cache(maxsize=256)
def _checked(path: Path, text: str) -> Pack:
    content = _toml_in(text, path)
    lines = lines_of(text)
    top = TomlTable(content, project_path(path), "file", lines.file)
    head = top.table("pack")
    if head.lines == {} and "pack" in dict(lines.tables):
        head.lines = lines.of("pack", 0)
    pack = _pack(head, path, hashlib.sha256(text.encode()).hexdigest())
    parts = _rule_texts(text)
    rules = tuple(_rule(pack, table, parts[n], lines.of("rule", n)) for n, table in enumerate(top.tables("rule")))
    top.done()
    if not rules:
        raise RuleError("the pack has no rule", where=project_path(path), next_step="write at least one [[rule]]")
    _refuse_overlaps(rules, path)
    return replace(pack, rules=rules)


def toml_of(path: Path) -> tuple[str, dict[str, Any]]:
    """Text and content of a file. Raises RuleError where it is not UTF-8 or not TOML."""
    text = _text_of(path)
    return text, _toml_in(text, path)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RuleError("this is not UTF-8", where=project_path(path), next_step="save the file as UTF-8") from None


def _toml_in(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(
            f"this is not valid TOML: {error}", where=project_path(path), next_step="mend that line"
        ) from None


def _pack(head: TomlTable, path: Path, sha256: str) -> Pack:
    title = head.table("title")
    applies = head.table("applies_to", optional=True)
    pack = Pack(
        id=head.text("id", pattern=r"[a-z]+(\.[a-z0-9_]+)?"),
        version=head.text("version"),
        title_en=title.text("en"),
        title_zh=title.text("zh"),
        jurisdiction=head.text("jurisdiction", pattern=r"[A-Z]{2}|"),
        regions=head.texts("regions", ()),
        strength=head.one_of("strength", STRENGTHS),
        read=head.one_of("read", GRADES),
        verified_on=head.day("verified_on"),
        source=head.text("source"),
        effective_from=head.day("effective_from"),
        effective_to=head.day_or_none("effective_to"),
        grace_until=head.day_or_none("grace_until"),
        supersedes=head.text("supersedes", ""),
        withdrawn=head.yes("withdrawn", False),
        zones=head.one_of("zones", ZONES, "first"),
        actors=applies.texts("actors", ()),
        products=applies.texts("products", ()),
        debt_types=applies.texts("debt_types", ()),
        applies_note=applies.text("note", ""),
        sha256=sha256,
        path=path,
    )
    for table in (title, applies, head):
        table.done()
    _check_dates(head, pack.effective_from, pack.effective_to, pack.grace_until)
    return pack


def _rule(pack: Pack, table: TomlTable, text: str, lines: Mapping[str, int]) -> Rule:
    table.lines = lines
    own = table.text("id", pattern=r"[a-z0-9_]+")
    table.where = f"{table.where}, rule {own}"
    kind = table.one_of("kind", tuple(SPECS))
    title = table.table("title")
    start = table.day("effective_from", pack.effective_from)
    # a version that began after the pack's grace period has none
    grace = pack.grace_until if pack.grace_until and pack.grace_until >= start else None
    rule = Rule(
        pack_id=pack.id,
        id=f"{pack.id}.{own}",
        kind=kind,
        title_en=title.text("en"),
        title_zh=title.text("zh"),
        modality=table.one_of("modality", MODALITIES),
        cite=table.text("cite"),
        read=table.one_of("read", GRADES, pack.read),
        source=table.text("source", pack.source),
        verified_on=table.day("verified_on", pack.verified_on),
        effective_from=start,
        effective_to=table.day_or_none("effective_to", pack.effective_to),
        grace_until=table.day_or_none("grace_until", grace),
        events=filter_of(table.table("events", optional=True)),
        excepted=filter_of(table.table("except", optional=True), EXCEPTABLE),
        spec=SPECS[kind](table),
        text=text,
        note=table.text("note", ""),
    )
    title.done()
    table.done()
    _check_dates(table, rule.effective_from, rule.effective_to, rule.grace_until)
    if rule.read == "memory" and not pack.withdrawn:
        table.refuse("read", "memory", "primary or secondary: what is only remembered is not in force")
    return rule


def _check_dates(table: TomlTable, start: date, end: date | None, grace: date | None) -> None:
    if end is not None and end < start:
        table.refuse("effective_to", end, f"a day on or after effective_from ({start})")
    if grace is not None and grace < start:
        table.refuse("grace_until", grace, f"a day on or after effective_from ({start})")


def _refuse_overlaps(rules: tuple[Rule, ...], path: Path) -> None:
    """A rule may come again with other dates: a dated value. On one day only one of them holds."""
    by_id: Mapping[str, list[Rule]] = {rule.id: [r for r in rules if r.id == rule.id] for rule in rules}
    for rule_id, versions in by_id.items():
        versions.sort(key=lambda rule: rule.effective_from)
        for before, after in pairwise(versions):
            if before.effective_to is None or before.effective_to >= after.effective_from:
                raise RuleError(
                    f"rule {rule_id} stands there twice for {after.effective_from}",
                    where=project_path(path),
                    next_step="give one of them another id, or dates that do not overlap",
                )


def _rule_texts(text: str) -> list[str]:
    """Each rule as it is written, with the comments inside it."""
    parts = re.split(r"(?m)^\[\[rule\]\].*$", text)[1:]
    return [f"[[rule]]{part}".strip() for part in parts]


def project_path(path: Path) -> str:
    """The path as a person knows it: from the project on, or the bare name."""
    return str(path.relative_to(PROJECT_ROOT)) if path.is_relative_to(PROJECT_ROOT) else path.name
