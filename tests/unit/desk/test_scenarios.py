"""Scenarios are put aside on the desk and never changed; a desk that knew none is raised and keeps what it had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from duewatch.contract.errors import DeskError
from duewatch.desk import Desk, Review, SavedScenario
from duewatch.desk.tables import SCHEMA_VERSION
from duewatch.whatif.scenario import from_toml, scenario_of

Open = Callable[[], Desk]
AT = datetime(2026, 11, 2, 8, 30)  # noqa: DTZ001 - UTC, as the desk keeps it
MADE = scenario_of(
    {"title": '两次 "seven"', "from": date(2026, 8, 1), "levers": {"cap_max": 2, "M7+": {"cap_max": 0}}}, "here"
)
SAVED = SavedScenario(MADE.title, "lin", AT, MADE.as_toml(), "20261101T000000000000Z")


def test_a_scenario_is_read_back_as_it_was_saved_and_opens(open_desk: Open) -> None:
    assert open_desk().save_scenario(SAVED) == 1
    assert open_desk().save_scenario(SAVED) == 2
    first, second = open_desk().scenarios().drop("scenario_id").iter_rows(named=True)
    assert SavedScenario(**first) == SavedScenario(**second) == SAVED
    assert from_toml(first["toml"], "the desk") == MADE


@pytest.mark.parametrize("statement", ["update scenarios set toml = 'x'", "delete from scenarios"])
def test_the_database_itself_refuses_to_change_a_scenario(open_desk: Open, url: str, statement: str) -> None:
    desk = open_desk()
    desk.save_scenario(SAVED)
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="only added"), engine.begin() as con:
        con.execute(text(statement))
    engine.dispose()
    assert desk.scenarios()["toml"].to_list() == [MADE.as_toml()]


def test_a_scenario_without_a_title_is_refused(open_desk: Open) -> None:
    with pytest.raises(DeskError, match="title is empty"):
        open_desk().save_scenario(SavedScenario(" ", "lin", AT, MADE.as_toml(), "b"))


def test_a_desk_of_version_2_is_raised_and_keeps_its_decisions(open_desk: Open, url: str) -> None:
    open_desk().mark(Review("r/C1/A1", "confirmed", "heard it", "lin", AT))
    engine = create_engine(url)
    with engine.begin() as con:
        con.execute(text("drop table scenarios"))
        con.execute(text("update desk_facts set value = '2' where fact = 'schema_version'"))
    desk = open_desk()
    desk.save_scenario(SAVED)
    assert desk.latest()["finding_key"].to_list() == ["r/C1/A1"]
    with engine.begin() as con:
        assert con.execute(text("select value from desk_facts")).scalars().all() == [str(SCHEMA_VERSION)]
    engine.dispose()
