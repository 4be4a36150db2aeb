"""Explore: every metric draws, the address is the view, the units behind a group add up, too few have no value."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from duewatch.contract.i18n import LANGUAGES, words_in
from duewatch.metrics.registry import EXPLORABLE
from duewatch.ui.parts import metric_groups
from tests.support.pages import all_text, opened


@pytest.fixture(autouse=True)
def _book(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_BOOKS", str(demo_book))


def at_view(**address: str) -> AppTest:
    """The page as a link to it shows it: the address is given when the page itself is run."""
    at = opened("explore", lang="en", currency="CNY")
    for name, value in address.items():
        at.query_params[name] = value
    return at.run()


@pytest.mark.parametrize("metric", EXPLORABLE)
def test_every_metric_draws_its_panels_and_its_units_add_up(metric: str) -> None:
    what = EXPLORABLE[metric]
    at = at_view(metric=metric, rows=what.units.dims[0], panels=what.units.dims[-1])
    assert not at.exception
    assert not at.error, "the page itself says so where units do not add up"
    assert at.selectbox(key="explore_metric").value == metric
    assert len(at.get("plotly_chart")) >= 1
    assert [tile.label for tile in at.metric] == [words_in("en")(f"metric.{metric}.name")]
    assert "exactly the group's" in all_text(at)
    assert "dim_1 = " + what.units.dims[0] in at.code[-2].value, "the query is shown with its parameters"


@pytest.mark.parametrize(("name", "label"), [("metric", "Metric"), ("rows", "Rows"), ("panels", "Panels")])
def test_a_bad_value_in_the_link_is_named_once_and_left_out(name: str, label: str) -> None:
    at = at_view(**{name: "no_such_thing"})
    assert not at.exception
    assert [warning.value for warning in at.warning] == [
        words_in("en")("explore.bad", label=label, value="no_such_thing")
    ]
    assert name not in at.query_params
    assert not at.run().warning


def test_what_is_picked_stands_in_the_address_and_a_link_brings_it_back() -> None:
    at = at_view()
    at.selectbox(key="explore_metric").set_value("kept_ratio").run()
    at.selectbox(key="explore_rows").set_value("team").run()
    at.selectbox(key="explore_panels").set_value("product").run()
    given = {name: at.query_params[name] for name in ("metric", "rows", "panels")}
    link = {name: value if isinstance(value, str) else value[0] for name, value in given.items()}
    assert link == {"metric": "kept_ratio", "rows": "team", "panels": "product"}
    again = at_view(**link)
    assert [element.value for element in again.subheader] == [element.value for element in at.subheader]


def test_a_dimension_that_another_metric_lacks_gives_way_in_silence() -> None:
    at = at_view(metric="kept_ratio", rows="team")
    at.selectbox(key="explore_metric").set_value("overdue_rate").run()
    assert not at.exception
    assert not at.warning
    assert at.selectbox(key="explore_rows").value in EXPLORABLE["overdue_rate"].units.dims


def test_the_units_of_a_picked_group_are_of_that_group_alone() -> None:
    at = at_view(metric="overdue_rate", rows="product")
    group = at.selectbox(key="explore_group").options[1]
    at.selectbox(key="explore_group").select_index(1).run()
    assert not at.exception
    assert not at.error
    groups, units = (table.value for table in at.dataframe)
    assert set(units["product"]) == {group}
    wanted = dict(zip(groups["product"], groups["numerator"], strict=True))[group]
    assert sum(units["numerator"], Decimal(0)) == wanted


def test_a_clicked_point_is_the_picked_group() -> None:
    at = at_view(metric="overdue_rate", rows="product")
    figure = json.loads(at.get("plotly_chart")[0].proto.spec)
    code = figure["data"][0]["customdata"][0]
    group, _, panel = code.partition(metric_groups.CODE)
    assert panel == "all"
    assert group in [str(option) for option in at.selectbox(key="explore_group").options]


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_of_too_few_say_so_and_show_no_value(
    language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "duewatch.toml"
    settings.write_text("smallest_group = 100000\n", encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    at = opened("explore", lang=language)
    assert not at.exception
    assert not at.get("plotly_chart"), "where the whole itself is too few nothing is drawn"
    told = words_in(language)("explore.few_in_all", least=100000)
    assert told in [info.value for info in at.info]


def test_a_group_below_the_least_size_keeps_its_count_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "duewatch.toml"
    settings.write_text("smallest_group = 150\n", encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_SETTINGS", str(settings))
    groups = at_view(metric="overdue_rate", rows="balance_band").dataframe[0].value
    few = groups[groups["n_units"] < 150]
    assert len(few)
    assert few[["numerator", "denominator", "value", "low", "high"]].isna().all().all()
    assert set(few["against_whole"]) == {words_in("en")("explore.apart_few")}
    assert groups[groups["n_units"] >= 150]["value"].notna().all()


def test_no_share_is_told_of_a_step_before_the_first_snapshot() -> None:
    at = opened("explore", lang="en", as_of="2026-05-31")
    at.selectbox(key="explore_metric").set_value("roll_rate").run()
    assert not at.exception
    assert any("first" in info.value for info in at.info)
