"""Reviews of findings: an officer marks a breach, with a reason, an owner and a due date; nothing is overwritten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from duewatch.desk.tables import ALONE, GUARDS, SCHEMA_VERSION, facts, metadata, reviews
from duewatch.errors import DeskError
from duewatch.settings import Settings

STATES = ("confirmed", "exempt", "remediated", "reopened")
LONGEST = {"reason": 2000, "owner": 200, "made_by": 200, "finding_key": 400}
BUSY_SECONDS = 10
FRAME: dict[str, pl.DataType | type[pl.DataType]] = {
    "review_id": pl.Int64, "finding_key": pl.String, "number": pl.Int64, "state": pl.String, "reason": pl.String,
    "owner": pl.String, "due_on": pl.Date, "made_by": pl.String, "made_at": pl.Datetime("us"),
}  # fmt: skip


@dataclass(frozen=True)
class Review:
    """A decision about a finding. `made_at`: UTC without offset; `after`: how many decisions its maker had seen."""

    finding_key: str
    state: str
    reason: str
    made_by: str
    made_at: datetime
    owner: str = ""
    due_on: date | None = None
    after: int = 0


def desk_url(settings: Settings, books: Path) -> str:
    """The settings' desk, or a SQLite file beside the books."""
    return settings.desk_url or f"sqlite:///{(books / 'desk.sqlite').resolve()}"


class Desk:
    """Reviews in SQLite or PostgreSQL. Safe to share between threads. Raises DeskError, one plain sentence each."""

    def __init__(self, url: str) -> None:
        self._where = _shown(url)
        self._engine = _engine(url, self._where)
        self._begin()

    def mark(self, review: Review) -> int:
        """Adds a decision and returns its number. Refused where somebody decided since `review.after`."""
        _checked(review)
        row = {
            "finding_key": review.finding_key, "number": review.after + 1, "state": review.state,
            "reason": review.reason.strip(), "owner": review.owner.strip() or None, "due_on": review.due_on,
            "made_by": review.made_by, "made_at": review.made_at,
        }  # fmt: skip
        try:
            with self._engine.begin() as con:
                seen = self._n_decisions(con, review.finding_key)
                if seen != review.after:
                    raise self._overtaken(review)
                con.execute(insert(reviews).values(**row))
        except IntegrityError:
            raise self._overtaken(review) from None
        except DBAPIError as error:
            raise self._failed(error) from None
        return review.after + 1

    def latest(self, finding_keys: Sequence[str] | None = None) -> pl.DataFrame:
        """The last decision about each finding (of these, or of all): columns of `reviews`, sorted by finding."""
        newest = select(reviews.c.finding_key, func.max(reviews.c.number).label("number")).group_by(
            reviews.c.finding_key
        )
        if finding_keys is not None:
            newest = newest.where(reviews.c.finding_key.in_(list(finding_keys)))
        last = newest.subquery()
        same = (reviews.c.finding_key == last.c.finding_key) & (reviews.c.number == last.c.number)
        return self._frame(select(reviews).join(last, same).order_by(reviews.c.finding_key))

    def history(self, finding_key: str) -> pl.DataFrame:
        """Every decision about a finding, oldest first."""
        return self._frame(select(reviews).where(reviews.c.finding_key == finding_key).order_by(reviews.c.number))

    def overdue(self, on: date) -> pl.DataFrame:
        """Findings whose last decision has a due date before that day and is not exempt or remediated."""
        last = self.latest()
        return last.filter((pl.col("due_on") < on) & ~pl.col("state").is_in(["exempt", "remediated"]))

    def close(self) -> None:
        self._engine.dispose()

    def _begin(self) -> None:
        """Makes the tables where there are none; a desk of another version is told, not changed."""
        try:
            with self._engine.begin() as con:
                con.execute(text(ALONE[con.dialect.name]))
                metadata.create_all(con)
                for guard in GUARDS[con.dialect.name]:
                    con.execute(text(guard))
                found = con.execute(select(facts.c.value).where(facts.c.fact == "schema_version")).scalar()
                if found is None:
                    con.execute(insert(facts).values(fact="schema_version", value=str(SCHEMA_VERSION)))
        except IntegrityError:
            return  # another process wrote the version in the same instant
        except DBAPIError as error:
            raise self._failed(error) from None
        if found is not None and found != str(SCHEMA_VERSION):
            raise DeskError(
                f"this desk has version {found} and Duewatch wants {SCHEMA_VERSION}",
                where=self._where,
                next_step="use the Duewatch that wrote it, or another desk",
            )

    def _n_decisions(self, con: Connection, finding_key: str) -> int:
        return con.execute(select(func.count()).where(reviews.c.finding_key == finding_key)).scalar_one()

    def _overtaken(self, review: Review) -> DeskError:
        return DeskError(
            f"somebody decided about {review.finding_key} in the meantime",
            where=self._where,
            next_step="read the newest decision and decide again",
        )

    def _failed(self, error: DBAPIError) -> DeskError:
        return DeskError(
            f"the desk does not answer ({str(error.orig).splitlines()[0]})",
            where=self._where,
            next_step="check desk_url in the settings and that the database is up",
        )

    def _frame(self, query: object) -> pl.DataFrame:
        try:
            with self._engine.connect() as con:
                rows = con.execute(query).mappings().all()  # type: ignore[call-overload]
        except DBAPIError as error:
            raise self._failed(error) from None
        return pl.DataFrame([dict(row) for row in rows], schema=FRAME)


def _engine(url: str, where: str) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DeskError(
            f"this is no database that the desk can use ({error})",
            where=where,
            next_step="write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME (and install psycopg)",
        ) from None
    if engine.dialect.name not in GUARDS:
        raise DeskError(f"the desk cannot use {engine.dialect.name}", where=where, next_step="use SQLite or PostgreSQL")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("pragma journal_mode = wal")
    cursor.close()


def _checked(review: Review) -> None:
    if review.state not in STATES:
        raise DeskError(f"there is no state '{review.state}'", next_step=f"use one of {', '.join(STATES)}")
    for name in ("finding_key", "reason", "made_by", "owner"):
        value = getattr(review, name)
        if name != "owner" and not value.strip():
            raise DeskError(f"{name} is empty", next_step="say it in a few words")
        if len(value) > LONGEST[name]:
            raise DeskError(f"{name} has {len(value)} characters", next_step=f"use at most {LONGEST[name]}")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value):
            raise DeskError(f"{name} has a control character", next_step="type it anew")
    if review.made_at.tzinfo is not None:
        raise DeskError("made_at has an offset", next_step="give it in UTC, without one")


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "desk_url"
