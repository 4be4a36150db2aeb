"""Reviews of findings: an officer marks a breach, with a reason, an owner and a due date; nothing is overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from duewatch.contract.errors import DeskError
from duewatch.contract.settings import Settings
from duewatch.desk.tables import (
    ALONE,
    GUARDS,
    RAISED_FROM,
    SCHEMA_VERSION,
    exports,
    facts,
    metadata,
    reviews,
    scenarios,
)

STATES = ("confirmed", "exempt", "remediated", "reopened")
LONGEST = {
    "reason": 2000,
    "owner": 200,
    "made_by": 200,
    "finding_key": 400,
    "kind": 40,
    "choice": 2000,
    "file_name": 200,
    "sha256": 64,
    "book_version": 40,
    "title": 200,
    "author": 200,
    "toml": 4000,
}
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Control characters, and those that turn a line round or hide what stands beside them. Joiners, which some scripts
need, are let in."""
KEYS_PER_QUERY = 10_000
"""Findings named in one question: SQLite takes 32,766 values, PostgreSQL 65,535."""
BUSY_SECONDS = 10
Schema = dict[str, pl.DataType | type[pl.DataType]]
FRAME: Schema = {
    "review_id": pl.Int64,
    "finding_key": pl.String,
    "number": pl.Int64,
    "state": pl.String,
    "reason": pl.String,
    "owner": pl.String,
    "due_on": pl.Date,
    "made_by": pl.String,
    "made_at": pl.Datetime("us"),
}
EXPORTS: Schema = {
    "export_id": pl.Int64,
    "made_by": pl.String,
    "made_at": pl.Datetime("us"),
    "kind": pl.String,
    "choice": pl.String,
    "file_name": pl.String,
    "sha256": pl.String,
    "book_version": pl.String,
    "n_rows": pl.Int64,
}


SCENARIOS: Schema = {
    "scenario_id": pl.Int64,
    "title": pl.String,
    "author": pl.String,
    "saved_at": pl.Datetime("us"),
    "toml": pl.String,
    "book_version": pl.String,
}


@dataclass(frozen=True)
class Review:
    """A decision about a finding."""

    finding_key: str
    state: str  # one of STATES
    reason: str
    made_by: str
    made_at: datetime  # UTC without offset
    owner: str = ""
    due_on: date | None = None
    after: int = 0  # how many decisions its maker had seen


def desk_url(settings: Settings, books: Path) -> str:
    """The settings' desk, or a SQLite file beside the books."""
    return settings.desk_url or f"sqlite:///{(books / 'desk.sqlite').resolve()}"


@dataclass(frozen=True)
class Export:
    """A file that left the house."""

    made_by: str
    made_at: datetime  # UTC without offset
    kind: str
    choice: str  # what was chosen of the book
    file_name: str
    sha256: str
    book_version: str
    n_rows: int


@dataclass(frozen=True)
class SavedScenario:
    """A what-if scenario that was saved."""

    title: str
    author: str
    saved_at: datetime  # UTC without offset
    toml: str  # the whole scenario
    book_version: str  # the book that it was looked at on


class Desk:
    """Reviews, exports and scenarios in SQLite or PostgreSQL. Safe to share between threads. Raises DeskError."""

    def __init__(self, url: str) -> None:
        self._where = _without_password(url)
        self._engine = _engine(url, self._where)
        self._begin()

    def mark(self, review: Review) -> int:
        """Adds a decision and returns its number. Refused where somebody decided since `review.after`."""
        _check_review(review)
        row = {name: value for name, value in vars(review).items() if name != "after"}
        row |= {"reason": review.reason.strip(), "owner": review.owner.strip() or None, "number": review.after + 1}
        try:
            with self._engine.begin() as con:
                n_decisions = self._n_decisions(con, review.finding_key)
                if n_decisions != review.after:
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
        queries = [newest] if finding_keys is None else [newest.where(condition) for condition in _among(finding_keys)]
        frames = []
        for last in (query.subquery() for query in queries):
            is_last = (reviews.c.finding_key == last.c.finding_key) & (reviews.c.number == last.c.number)
            frames.append(self._frame(select(reviews).join(last, is_last)))
        return pl.concat([pl.DataFrame(schema=FRAME), *frames]).sort("finding_key")

    def decisions(self, finding_keys: Sequence[str]) -> pl.DataFrame:
        """Every decision about these findings, sorted by finding and number."""
        frames = [self._frame(select(reviews).where(condition)) for condition in _among(finding_keys)]
        return pl.concat([pl.DataFrame(schema=FRAME), *frames]).sort("finding_key", "number")

    def note_export(self, export: Export) -> None:
        """Keeps who took what out of the book."""
        for name in ("made_by", "kind", "choice", "file_name", "sha256", "book_version"):
            _check_text(name, getattr(export, name))
        _check_instant(export.made_at)
        self._add(exports, vars(export))

    def exports(self) -> pl.DataFrame:
        """Every export noted, oldest first."""
        return self._frame(select(exports).order_by(exports.c.export_id), EXPORTS)

    def save_scenario(self, saved: SavedScenario) -> int:
        """Adds a scenario and returns its number."""
        for name in ("title", "author", "toml", "book_version"):
            _check_text(name, getattr(saved, name))
        _check_instant(saved.saved_at)
        return self._add(scenarios, vars(saved))

    def scenarios(self) -> pl.DataFrame:
        """Every scenario saved, oldest first."""
        return self._frame(select(scenarios).order_by(scenarios.c.scenario_id), SCENARIOS)

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
                version = con.execute(select(facts.c.value).where(facts.c.fact == "schema_version")).scalar()
                if version in RAISED_FROM:
                    version = str(SCHEMA_VERSION)
                    con.execute(update(facts).where(facts.c.fact == "schema_version").values(value=version))
                if version is None:
                    con.execute(insert(facts).values(fact="schema_version", value=str(SCHEMA_VERSION)))
        except IntegrityError:
            return  # another process wrote the version in the same instant
        except DBAPIError as error:
            raise self._failed(error) from None
        if version is not None and version != str(SCHEMA_VERSION):
            raise DeskError(
                f"this desk has version {version} and Duewatch wants {SCHEMA_VERSION}",
                where=self._where,
                next_step="use the Duewatch that wrote it, or another desk",
            )

    def _add(self, table: Table, row: Mapping[str, object]) -> int:
        """Adds a row and returns its number."""
        try:
            with self._engine.begin() as con:
                return int(con.execute(insert(table).values(**row)).inserted_primary_key[0])  # type: ignore[index]
        except DBAPIError as error:
            raise self._failed(error) from None

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

    def _frame(self, query: object, schema: Schema = FRAME) -> pl.DataFrame:
        try:
            with self._engine.connect() as con:
                rows = con.execute(query).mappings().all()  # type: ignore[call-overload]
        except DBAPIError as error:
            raise self._failed(error) from None
        return pl.DataFrame([dict(row) for row in rows], schema=schema)


def _among(finding_keys: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together choose these findings, each small enough for the database."""
    keys = sorted(set(finding_keys))
    for start in range(0, len(keys), KEYS_PER_QUERY):
        yield reviews.c.finding_key.in_(keys[start : start + KEYS_PER_QUERY])


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


def _check_review(review: Review) -> None:
    if review.state not in STATES:
        raise DeskError(f"there is no state '{review.state}'", next_step=f"use one of {', '.join(STATES)}")
    for name in ("finding_key", "reason", "made_by", "owner"):
        _check_text(name, getattr(review, name), may_be_empty=name == "owner")
    _check_instant(review.made_at)


def _check_text(name: str, value: str, *, may_be_empty: bool = False) -> None:
    if not may_be_empty and not value.strip():
        raise DeskError(f"{name} is empty", next_step="say it in a few words")
    if len(value) > LONGEST[name]:
        raise DeskError(f"{name} has {len(value)} characters", next_step=f"use at most {LONGEST[name]}")
    unseen = UNSEEN.search(value)
    if unseen:
        raise DeskError(f"{name} has a control character (U+{ord(unseen[0]):04X})", next_step="type it anew")


def _check_instant(made_at: datetime) -> None:
    if made_at.tzinfo is not None:
        raise DeskError("made_at has an offset", next_step="give it in UTC, without one")


def _without_password(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "desk_url"
