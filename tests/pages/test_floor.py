"""The pages Contacts and Teams: numbers equal to the queries, rows that add up, no ranking, nothing immature."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK, Scope
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ui.parts.numbers import Numbers
from duewatch.ui.shell import frame
from duewatch.ui.shell.access import Grant
from tests.support.pages import all_text, opened

PERIOD = {"from_date": "2026-10-01", "to_date": "2026-10-31"}
IN_YUAN = WHOLE_BOOK.narrowed(currencies=("CNY",))


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def asked(demo_book: Path, name: str, **params: object) -> list[dict[str, object]]:
    engine = DuckDBEngine(current_book(demo_book), Settings())
    rows = engine.run(name, params, IN_YUAN).to_dicts()  # type: ignore[arg-type]
    engine.close()
    return rows


def test_the_tiles_of_contacts_say_what_the_queries_say(demo_book: Path) -> None:
    at = opened("contacts", lang="en", currency="CNY")
    shown = {metric.label: metric.value for metric in at.metric}
    numbers = Numbers("en", "CNY")
    (reach,) = asked(demo_book, "contacts/reach_by", channel="call", **PERIOD)
    (cover,) = asked(demo_book, "contacts/coverage", channel="call", **PERIOD)
    assert shown["Attempts"] == numbers.count(reach["n_attempts"])  # type: ignore[arg-type]
    assert shown["Connect rate"] == numbers.percent(reach["share_connected"])  # type: ignore[arg-type]
    assert shown["Right-party rate"] == numbers.percent(reach["share_right_party"])  # type: ignore[arg-type]
    assert shown["Coverage"] == numbers.percent(cover["share_touched"])  # type: ignore[arg-type]
    assert shown["Intensity"] == numbers.short(cover["per_touched"])  # type: ignore[arg-type]


def test_the_denominator_of_the_right_party_rate_is_printed() -> None:
    text = all_text(opened("contacts", lang="en"))
    assert "measured on attempts, not on answers or accounts" in text
    assert "of" in text
    assert "attempts" in text


def test_the_attempts_of_every_bucket_and_channel_taken_apart_add_up_to_both_of_its_columns() -> None:
    at = opened("contacts", lang="en")
    assert len(at.selectbox(key="part_cell").options) > 3
    for side in ("before", "after"):
        at = at.segmented_control(key="part_side").set_value(side).run()
        for place in (0, len(at.selectbox(key="part_cell").options) - 1):
            at = at.selectbox(key="part_cell").select_index(place).run()
            assert not at.exception
            assert not at.error, "the section itself says so where rows do not add up"
        assert "reached the debtor: exactly the number they stand behind" in all_text(at)


@pytest.mark.parametrize("channel", ["call", "all"])
def test_the_rows_of_every_step_add_up_to_it(channel: str) -> None:
    at = opened("contacts", lang="en", channel=channel)
    assert at.selectbox(key="channel").value == channel, "a link opens with the channel it names"
    for step in ("attempts", "connected", "right_party", "promises", "kept"):
        at.selectbox(key="contact_step").set_value(step).run()
        assert not at.exception
        assert not at.error
        assert "exactly the number they stand behind" in all_text(at), step


@pytest.mark.parametrize(("weekday", "hour"), [(0, 19), (2, 18)])
def test_the_rows_of_an_hour_add_up_to_it(weekday: int, hour: int) -> None:
    at = opened("contacts", lang="en")
    at.selectbox(key="rows_weekday").set_value(weekday)
    at.selectbox(key="rows_hour").set_value(hour)
    at.selectbox(key="contact_step").set_value("right_party").run()
    assert not at.error
    assert "exactly the number they stand behind" in all_text(at)
    table = at.dataframe[-1].value
    assert set(table["hour"]) == {hour}
    assert table["is_right_party"].all()


@pytest.mark.parametrize("which", ["untouched", "touched", "all"])
def test_the_accounts_of_the_coverage_add_up_to_it(which: str) -> None:
    at = opened("contacts", lang="en")
    at.segmented_control(key="contact_rows").set_value("accounts").run()
    at.selectbox(key="accounts_which").set_value(which).run()
    assert not at.exception
    assert not at.error
    assert "exactly the number they stand behind" in all_text(at)


def test_every_bucket_has_its_hours_or_a_reason() -> None:
    at = opened("contacts", lang="en")
    for bucket in range(len(at.selectbox(key="hours_bucket").options)):
        at.selectbox(key="hours_bucket").select_index(bucket).run()
        assert not at.exception
        assert not at.error


def test_where_the_log_begins_within_the_days_before_no_change_is_told() -> None:
    at = opened("contacts", lang="en", **{"from": "2026-05-10", "to": "2026-10-31"})
    assert not at.exception
    assert "no earlier days to compare with" in all_text(at)
    assert "The log does not reach back" in all_text(at)


def test_a_period_without_contacts_is_one_sentence() -> None:
    at = opened("contacts", lang="en", **{"from": "2019-01-01", "to": "2019-01-31"})
    assert not at.exception
    assert [info.value for info in at.info] == [
        "No outbound contact lies between 2019-01-01 and 2019-01-31 in this choice. Choose other days."
    ]


@pytest.mark.parametrize("outcome", ["kept", "reached", "cured"])
def test_the_accounts_of_a_collector_add_up_to_observed_and_expected(outcome: str) -> None:
    at = opened("teams", lang="en")
    at.segmented_control(key="team_outcome").set_value(outcome).run()
    assert not at.exception
    assert not at.error
    for place in (0, -1):
        at.selectbox(key="team_group").select_index(place % len(at.selectbox(key="team_group").options)).run()
        assert not at.error
        assert "exactly the numbers they stand behind" in all_text(at)


def test_collectors_stand_in_the_order_of_their_ids_without_names_and_with_conduct_beside_cash(demo_book: Path) -> None:
    at = opened("teams", lang="en", currency="CNY")
    table = next(each.value for each in at.dataframe if "breaches_per_1000" in each.value.columns)
    listed = list(table["group_name"])
    assert listed == sorted(listed)
    assert all(name.startswith("K") for name in listed)
    assert {"collected", "breaches_per_1000", "against_expected"} <= set(table.columns)
    rows = asked(demo_book, "teams/observed_expected", as_of="2026-10-31", from_date="2026-05-01", to_date="2026-10-31")
    assert listed
    assert set(listed) <= {row["group_name"] for row in rows}


def test_expected_and_ratio_are_numbers_that_a_spreadsheet_reckons_with() -> None:
    at = opened("teams", lang="zh", currency="CNY")
    (table,) = [t.value for t in at.dataframe if "expected_cases" in t.value.columns]
    assert len(table) >= 2
    for row in table.to_dict("records"):
        assert isinstance(row["expected_cases"], Decimal)
        assert isinstance(row["ratio"], Decimal)
        rounded = Decimal("0.005") * (row["expected_cases"] + row["ratio"] + 1)
        assert abs(row["ratio"] * row["expected_cases"] - row["observed"]) <= rounded


def test_hidden_collectors_are_counted_and_not_listed() -> None:
    at = opened("teams", lang="en", currency="CNY")
    table = next(each.value for each in at.dataframe if "breaches_per_1000" in each.value.columns)
    shown = {metric.label: metric.value for metric in at.metric}
    assert shown["Compared"] == str(len(table))
    assert list(at.selectbox(key="team_group").options) == list(table["group_name"])


CHOICES = [
    pytest.param(unit, months, within, marks=() if (a + b + c) % 2 == 0 else pytest.mark.slow)
    for a, unit in enumerate(("collector", "team"))
    for b, months in enumerate(("3", "12"))
    for c, within in enumerate(("14", "60"))
]
"""Every pair of choices in the fast lane, every three in the slow one."""


@pytest.mark.parametrize(("unit", "months", "within"), CHOICES)
def test_every_choice_on_teams_draws_or_says_why_not(unit: str, months: str, within: str) -> None:
    at = opened("teams", lang="zh")
    for key, value in (("team_unit", unit), ("team_months", months), ("team_within", within)):
        at.segmented_control(key=key).set_value(value)
    at.run()
    assert not at.exception
    assert not at.error
    assert len(at.get("plotly_chart")) + len(at.info) == 1


def test_a_link_shows_teams_as_they_were_compared_and_names_what_is_not_there() -> None:
    at = opened("teams", lang="zh")
    at.segmented_control(key="team_unit").set_value("team").run()
    at.segmented_control(key="team_outcome").set_value("cured").run()
    other = at.selectbox(key="team_group").options[-1]
    at.selectbox(key="team_group").set_value(other).run()
    address = {name: "".join(value) for name, value in at.query_params.items()}
    assert address["team_unit"] == "team"
    assert "team_months" not in address  # the usual choice
    there = opened("teams", **{**address, "lang": "en"})
    assert there.segmented_control(key="team_unit").value == "team"
    assert there.segmented_control(key="team_outcome").value == "cured"
    assert there.selectbox(key="team_group").value == other
    assert not there.warning
    there.segmented_control(key="team_unit").set_value("collector").run()
    assert "team_unit" not in there.query_params
    wrong = opened("teams", lang="en", team_unit="nobody")
    assert wrong.segmented_control(key="team_unit").value == "collector"
    assert ["'nobody'" in warning.value for warning in wrong.warning] == [True]
    assert "team_unit" not in wrong.query_params


def test_a_limited_grant_compares_only_its_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    branch = opened("teams", lang="en").multiselect(key="pick_branch").options[0]
    monkeypatch.setattr(frame, "grant_of_session", lambda: Grant(Scope((branch,), None, None)))
    at = opened("teams", lang="en")
    assert not at.exception
    for table in at.dataframe:
        if "branch" in table.value.columns:
            assert set(table.value["branch"]) == {branch}
