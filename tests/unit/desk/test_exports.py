"""Exports are noted and never changed, an older desk opens, and many findings can be asked about at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from duewatch.contract.errors import DeskError
from duewatch.desk import Desk, Export, Review
from duewatch.desk.tables import SCHEMA_VERSION

Open = Callable[[], Desk]
AT = datetime(2026, 11, 2, 8, 30)  # noqa: DTZ001 - UTC, as the desk keeps it
EXPORT = Export("lin", AT, "evidence", "--rule r", "e.pdf", "0" * 64, "20261101T000000000000Z", 3)


def test_an_export_is_read_back_as_it_was_noted(open_desk: Open) -> None:
    open_desk().note_export(EXPORT)
    (row,) = open_desk().exports().drop("export_id").iter_rows(named=True)
    assert Export(**row) == EXPORT


@pytest.mark.parametrize("statement", ["update exports set sha256 = 'x'", "delete from exports"])
def test_the_database_itself_refuses_to_change_an_export(open_desk: Open, url: str, statement: str) -> None:
    desk = open_desk()
    desk.note_export(EXPORT)
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="only added"), engine.begin() as con:
        con.execute(text(statement))
    engine.dispose()
    assert desk.exports()["sha256"].to_list() == ["0" * 64]


def test_a_desk_of_version_1_is_raised_and_keeps_its_decisions(open_desk: Open, url: str) -> None:
    open_desk().mark(Review("r/C1/A1", "confirmed", "heard it", "lin", AT))
    engine = create_engine(url)
    with engine.begin() as con:
        con.execute(text("drop table exports"))
        con.execute(text("update desk_facts set value = '1' where fact = 'schema_version'"))
    desk = open_desk()
    desk.note_export(EXPORT)
    assert desk.latest()["finding_key"].to_list() == ["r/C1/A1"]
    with engine.begin() as con:
        assert con.execute(text("select value from desk_facts")).scalars().all() == [str(SCHEMA_VERSION)]
    engine.dispose()


@pytest.mark.parametrize("n", [70_000, pytest.param(300_000, marks=pytest.mark.slow)])
def test_more_findings_can_be_asked_about_than_a_statement_takes_parameters(open_desk: Open, n: int) -> None:
    """SQLite takes 32,766 in one statement and PostgreSQL 65,535."""
    desk = open_desk()
    for key in ("r/C7/A", f"r/C{n - 1}/A"):
        desk.mark(Review(key, "confirmed", "heard it", "lin", AT))
    keys = [f"r/C{at}/A" for at in range(n)]
    assert desk.latest(keys)["finding_key"].to_list() == [f"r/C{n - 1}/A", "r/C7/A"]
    assert desk.decisions(keys)["number"].to_list() == [1, 1]


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x1b", "\ufeff"])
def test_a_reason_that_turns_its_line_round_is_refused(open_desk: Open, sign: str) -> None:
    with pytest.raises(DeskError, match=f"U\\+{ord(sign):04X}"):
        open_desk().mark(Review("r/C1/A1", "confirmed", f"ok{sign}not", "lin", AT))
