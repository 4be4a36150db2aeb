"""The desk's tables. Rows are only ever added: triggers refuse what the code never asks for."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Integer, MetaData, String, Table

SCHEMA_VERSION = 3
"""Raised with every change of these tables."""
RAISED_FROM = {"1", "2"}
"""Versions that need no more than the tables they lack: 1 had no exports, 2 no scenarios."""

metadata = MetaData()

facts = Table(
    "desk_facts", metadata, Column("fact", String(40), primary_key=True), Column("value", String(200), nullable=False)
)

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", Integer, primary_key=True, autoincrement=True),
    Column("finding_key", String(400), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(2000), nullable=False),
    Column("owner", String(200)),
    Column("due_on", Date),
    Column("made_by", String(200), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Index("reviews_of_a_finding", "finding_key", "number", unique=True),
)
"""One row per decision; `number` counts the decisions about one finding from 1, so that of two officers who decide at
the same moment one is refused. `made_at` is UTC."""

exports = Table(
    "exports",
    metadata,
    Column("export_id", Integer, primary_key=True, autoincrement=True),
    Column("made_by", String(200), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("choice", String(2000), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("book_version", String(40), nullable=False),
    Column("n_rows", Integer, nullable=False),
)
"""One row per file that left the house; `made_at` is UTC, `sha256` that of the file, `choice` its scope in words."""

scenarios = Table(
    "scenarios",
    metadata,
    Column("scenario_id", Integer, primary_key=True, autoincrement=True),
    Column("title", String(200), nullable=False),
    Column("author", String(200), nullable=False),
    Column("saved_at", DateTime, nullable=False),
    Column("toml", String(4000), nullable=False),
    Column("book_version", String(40), nullable=False),
)
"""One row per scenario saved; `saved_at` is UTC, `toml` the whole scenario as text, `book_version` the book it was
looked at on. A changed scenario is another row."""

GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        *(
            f"create trigger if not exists {table}_no_{verb} before {verb} on {table} "
            f"begin select raise(abort, '{table} are only added'); end"
            for table in ("reviews", "exports", "scenarios")
            for verb in ("update", "delete")
        ),
        # `insert or replace` deletes without asking the trigger above
        "create trigger if not exists reviews_no_replace before insert on reviews when exists (select 1 from reviews "
        "where review_id = new.review_id or (finding_key = new.finding_key and number = new.number)) "
        "begin select raise(abort, 'reviews are only added'); end",
        "create trigger if not exists exports_no_replace before insert on exports when exists (select 1 from exports "
        "where export_id = new.export_id) begin select raise(abort, 'exports are only added'); end",
        "create trigger if not exists scenarios_no_replace before insert on scenarios when exists (select 1 from "
        "scenarios where scenario_id = new.scenario_id) begin select raise(abort, 'scenarios are only added'); end",
    ),
    "postgresql": tuple(
        statement
        for table in ("reviews", "exports", "scenarios")
        for statement in (
            f"create or replace function {table}_are_only_added() returns trigger language plpgsql as "
            f"$$ begin raise exception '{table} are only added'; end $$",
            f"create or replace trigger {table}_are_only_added before update or delete or truncate on {table} "
            f"for each statement execute function {table}_are_only_added()",
        )
    ),
}

ALONE = {"sqlite": "begin immediate", "postgresql": "select pg_advisory_xact_lock(7263001)"}
"""Lets one program at a time make the tables."""
