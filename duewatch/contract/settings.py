"""Settings a lender may change, each with its default and meaning; read once, passed as a value.

A settings file is TOML (`duewatch.toml` beside `app.py`, or the path in DUEWATCH_SETTINGS).
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from duewatch.contract.errors import DuewatchError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
BUCKET_STARTS = (0, 1, 31, 61, 91, 121, 151, 181)
"""First day past due of M0, M1 ... M7+ (the field's 30-day cut: docs/definitions.md)."""
MOST_GRACE = 60
"""Days; a longer grace would leave a promise undecided past the next one."""


@dataclass(frozen=True)
class Settings:
    """`bucket_starts`: first day past due of each bucket, from M0. `default_time_zone`: used for a debtor
    whose source row names none; empty means unknown. `query_seconds`: time limit of one query.
    `memory_limit`: DuckDB's, per process. `books_kept`: how many published books stay on disk.
    `packs`: rule packs that contacts are judged by; empty means every pack under rules/ that was not withdrawn.
    `lender_kind`: what the lender itself is in the packs' words (bank, creditor, agency ...); empty means that every
    pack is taken to apply to its own staff. `log_completeness`: share of contacts with outcome, party and zone below
    which counts of breaches are printed as at least that many. `desk_url`: database of reviews; empty means a file
    beside the books. `promise_grace_days`: days after the due date on which a payment still counts for a promise.
    `promise_tolerance`: share of the promised amount that is enough to have kept it.
    `spell_reopen_days`: an account overdue again within so many days of a cure is still in the same spell.
    `smallest_group`: a group of fewer accounts, promises or contacts has no share of its own on Explore.
    `show_legal_preparation`: whether the Process page has a card about accounts past the middle stage."""

    bucket_starts: tuple[int, ...] = BUCKET_STARTS
    default_time_zone: str = ""
    query_seconds: float = 20.0
    memory_limit: str = "2GB"
    books_kept: int = 3
    packs: tuple[str, ...] = ()
    lender_kind: str = ""
    log_completeness: float = 0.98
    desk_url: str = ""
    promise_grace_days: int = 1
    promise_tolerance: float = 1.0
    spell_reopen_days: int = 0
    smallest_group: int = 10
    show_legal_preparation: bool = False

    @property
    def bucket_names(self) -> tuple[str, ...]:
        last = len(self.bucket_starts) - 1
        return tuple(f"M{n}+" if n == last else f"M{n}" for n in range(last + 1))


def books_dir(given: str | os.PathLike[str] | None = None) -> Path:
    """Where books are: the argument, else DUEWATCH_BOOKS, else data/books of the project."""
    return Path(given or os.environ.get("DUEWATCH_BOOKS") or PROJECT_ROOT / "data" / "books")


def load_settings(path: Path | None = None) -> Settings:
    """Settings from a TOML file; the defaults where there is none. An unknown key is refused by name."""
    path = path or Path(os.environ.get("DUEWATCH_SETTINGS") or PROJECT_ROOT / "duewatch.toml")
    if not path.exists():
        return Settings()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DuewatchError(f"this is not valid TOML: {error}", where=str(path), next_step="mend that line") from None
    known = {field.name for field in fields(Settings)}
    for name in given:
        if name not in known:
            raise DuewatchError(
                f"there is no setting '{name}'", where=str(path), next_step=f"use one of {', '.join(sorted(known))}"
            )
    for name in ("bucket_starts", "packs"):
        if name in given:
            given[name] = _as_tuple(name, given[name], path)
    return _checked(replace(Settings(), **given), path)


def _as_tuple(name: str, value: object, path: Path) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DuewatchError(f"{name} is not a list", where=str(path), next_step=f"write {name} = [...]")
    return tuple(value)


def _checked(settings: Settings, path: Path) -> Settings:
    starts = settings.bucket_starts
    if any(not isinstance(day, int) for day in starts) or starts[:2] != (0, 1) or list(starts) != sorted(set(starts)):
        raise DuewatchError(
            f"bucket_starts is {list(starts)}", where=str(path), next_step="give whole days that rise from 0, 1"
        )
    grace, enough = settings.promise_grace_days, settings.promise_tolerance
    if not isinstance(grace, int) or isinstance(grace, bool) or not 0 <= grace <= MOST_GRACE:
        raise DuewatchError(
            f"promise_grace_days is {grace!r}", where=str(path), next_step=f"give whole days from 0 to {MOST_GRACE}"
        )
    reopen = settings.spell_reopen_days
    if not isinstance(reopen, int) or isinstance(reopen, bool) or not 0 <= reopen <= MOST_GRACE:
        raise DuewatchError(
            f"spell_reopen_days is {reopen!r}", where=str(path), next_step=f"give whole days from 0 to {MOST_GRACE}"
        )
    least = settings.smallest_group
    if not isinstance(least, int) or isinstance(least, bool) or least < 1:
        raise DuewatchError(f"smallest_group is {least!r}", where=str(path), next_step="give a whole number from 1 on")
    if not isinstance(settings.show_legal_preparation, bool):
        raise DuewatchError(
            f"show_legal_preparation is {settings.show_legal_preparation!r}",
            where=str(path),
            next_step="write true or false",
        )
    if not isinstance(enough, int | float) or isinstance(enough, bool) or not 0 < enough <= 1:
        raise DuewatchError(
            f"promise_tolerance is {enough!r}", where=str(path), next_step="give a share above 0, at most 1"
        )
    return settings
