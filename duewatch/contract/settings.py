"""Settings a lender may change, each with its default and meaning; read once, passed as a value.

A settings file is TOML (`duewatch.toml` beside `app.py`, or the path in DUEWATCH_SETTINGS). docs/settings.md and
docs/schemas/settings.json are made from this file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, Strict
from pydantic.dataclasses import dataclass

from duewatch.contract.toml_file import read_toml

PROJECT_ROOT = Path(__file__).resolve().parents[2]
BUCKET_STARTS = (0, 1, 31, 61, 91, 121, 151, 181)
"""First day past due of M0, M1 ... M7+ (the field's 30-day cut: docs/definitions.md)."""
MOST_GRACE = 60
"""Days; a longer grace would leave a promise undecided past the next one."""


def _rising(starts: tuple[int, ...]) -> tuple[int, ...]:
    if starts[:2] != (0, 1) or list(starts) != sorted(set(starts)):
        raise ValueError("give whole days that rise from 0, 1")
    return starts


Starts = Annotated[tuple[Annotated[int, Strict()], ...], AfterValidator(_rising)]
Text = Annotated[str, Strict()]
Share = Annotated[float, Strict(), Field(gt=0, le=1)]
Count = Annotated[int, Strict(), Field(ge=1)]
GraceDays = Annotated[int, Strict(), Field(ge=0, le=MOST_GRACE)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid", use_attribute_docstrings=True))
class Settings:
    """What a lender may set."""

    bucket_starts: Starts = BUCKET_STARTS
    """First day past due of each aging bucket, M0 first. Applied when a book is built."""
    default_time_zone: Text = ""
    """IANA zone of a debtor whose source row names none. Empty: unknown, and local times are not made up."""
    query_seconds: Annotated[float, Strict(), Field(gt=0)] = 20.0
    """Time limit of one query."""
    memory_limit: Text = "2GB"
    """What DuckDB may use in one process. It is not a ceiling: list and text functions can go past it."""
    books_kept: Count = 3
    """Published books that stay on disk."""
    packs: tuple[Text, ...] = ()
    """Rule packs that contacts are judged by, such as `["us.reg_f", "house"]`. Empty: every pack under `rules/` that
    was not withdrawn. Applied when a book is built, and by `audit` without `--pack`."""
    lender_kind: Text = ""
    """What the lender is, in the words of the packs' `applies_to.actors` (`bank`, `creditor`, `agency`, `debt_buyer`
    ...). Empty: every pack is taken to bind its own staff."""
    log_completeness: Share = 0.98
    """Share of contacts with outcome, party and zone below which counts of breaches are printed as at least that many
    ("≥")."""
    desk_url: Text = ""
    """Database of reviews, `postgresql+psycopg://...` or `sqlite:///...`. Empty: `desk.sqlite` beside the books."""
    promise_grace_days: GraceDays = 1
    """Days after a promise's due date on which a payment still counts for it."""
    promise_tolerance: Share = 1.0
    """Share of the promised amount that is enough to have kept a promise."""
    pack_stale_days: Count = 180
    """A rule pack that was last compared with its source more days ago is told as stale: on the Rulebook, by `audit`
    and by `clear`."""
    duplicate_seconds: Annotated[int, Strict(), Field(ge=0, le=60)] = 2
    """Calls of one account to one number that began within so many seconds are one call that two systems logged (the
    dialler and the collectors' log); 0: each row is a call. Applied when a book is built."""
    due_date_is_day_one: Annotated[bool, Strict()] = False
    """Whether an instalment not paid on its due date is one day past due on that very day (so in India), not on the day
    after it. For days past due that are made from instalments and payments; those of snapshots stay as they are given.
    Applied when a book is built."""
    days_of_grace: GraceDays = 0
    """An instalment that is paid within its first so many days past due was never past due; one that is not has been
    since day 1 all the same. Applied, like `due_date_is_day_one`, when a book is built from instalments and payments.
    """
    spell_reopen_days: GraceDays = 0
    """An account that is overdue again within so many days of a cure is still in the same spell. Applied when a book is
    built."""
    recovery_fee_share: Annotated[float, Strict(), Field(ge=0, le=1)] = 0.0
    """Share of what is collected after a write-off that agencies or courts keep, for the recovery net of fees."""
    smallest_group: Count = 10
    """On Explore a group of fewer accounts, promises or contacts is counted and has no value of its own."""
    show_legal_preparation: Annotated[bool, Strict()] = False
    """Whether the Process page has a card about accounts past the middle stage. Off by default: the process template
    only announces that stage."""

    @property
    def bucket_names(self) -> tuple[str, ...]:
        last = len(self.bucket_starts) - 1
        return tuple(f"M{n}+" if n == last else f"M{n}" for n in range(last + 1))


def books_dir(folder: str | os.PathLike[str] | None = None) -> Path:
    """Where books are: the argument, else DUEWATCH_BOOKS, else data/books of the project."""
    return Path(folder or os.environ.get("DUEWATCH_BOOKS") or PROJECT_ROOT / "data" / "books")


def load_settings(path: Path | None = None) -> Settings:
    """Settings from a TOML file; the defaults where there is none. Raises DuewatchError naming line and setting."""
    path = path or Path(os.environ.get("DUEWATCH_SETTINGS") or PROJECT_ROOT / "duewatch.toml")
    return read_toml(path, Settings) if path.exists() else Settings()
