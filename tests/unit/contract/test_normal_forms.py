"""Regions, numbers, agreements and zones as people write them, each to one form or to none."""

from __future__ import annotations

from datetime import time

import pytest

from duewatch.contract.contact_points import one_form
from duewatch.contract.flag_terms import Term, terms_of
from duewatch.contract.regions import region_code
from duewatch.contract.zone_names import zone_name


@pytest.mark.parametrize(
    ("code", "country", "written"),
    [
        (
            "US-MA",
            "US",
            ["US-MA", "ma", "Mass.", "massachusetts ", "Commonwealth of Massachusetts", "Boston, MA", "麻省"],
        ),
        ("US-DC", "US", ["DC", "D.C.", "Washington, D.C.", "District of Columbia", "华盛顿特区"]),
        ("US-WV", "US", ["WV", "W. Va.", "West Virginia", "西弗吉尼亚州"]),
        ("US-WA", "US", ["WA", "Washington", "Wash."]),
        ("CN-GD", "CN", ["广东", "广东省", "Guangdong", "CN-GD"]),
        ("CN-SH", "CN", ["上海", "上海市", "Shanghai"]),
        ("CN-NM", "CN", ["内蒙古", "内蒙古自治区", "Inner Mongolia"]),
        ("CA-QC", "CA", ["QC", "Québec", "Quebec", "魁北克省"]),
        ("AU-NSW", "AU", ["NSW", "N.S.W.", "New South Wales"]),
    ],
)
def test_a_region_has_one_code_however_it_is_written(code: str, country: str, written: list[str]) -> None:
    assert {text: region_code(text, [country]) for text in written} == dict.fromkeys(written, code)


@pytest.mark.parametrize("text", ["", " ", None, "N/A", "unknown", "US-XX", "Miss.", "New", "-", "大区"])
def test_what_is_no_region_or_may_be_two_is_none(text: str | None) -> None:
    assert region_code(text, ["US"]) is None


def test_a_number_of_one_country_has_one_form() -> None:
    written = [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "+8613800000001",
        "008613800000001",
        "１３８０００００００１",
    ]
    assert {one_form(text, "CN") for text in written} == {"+8613800000001"}
    american = ["(617) 555-0100", "617.555.0100", "1-617-555-0100", "tel:+16175550100"]
    assert {one_form(text, "US") for text in american} == {"+16175550100"}
    assert one_form("617 555 0100 x12", "US") == "+16175550100;ext=12"


def test_other_numbers_stay_apart_and_other_text_keeps_its_words() -> None:
    assert one_form("13800000001", "CN") != one_form("13800000002", "CN")
    assert one_form("Ann@Example.com ", "CN") == "ann@example.com"
    assert (one_form("9", "CN"), one_form("+1wrong", "US"), one_form("app:D1", None)) == ("9", "+1wrong", "app:d1")


@pytest.mark.parametrize(
    ("detail", "windows"),
    [
        ("20:00-02:00", [(time(20), time(2))]),
        ("19:00-20:00,08:00-09:00", [(time(19), time(20)), (time(8), time(9))]),
        ("08:00-24:00", [(time(8), time(0))]),
        ("9:00 至 18:30", [(time(9), time(18, 30))]),
    ],
)
def test_agreed_hours_are_windows(detail: str, windows: list[tuple[time, time]]) -> None:
    assert [(term.opens, term.closes) for term in terms_of("agreed_hours", detail)] == windows


@pytest.mark.parametrize(
    "detail", ["", None, "evenings", "Mon-Fri 09:00-18:00", "08:00-08:00", "25:00-26:00", "09:00-10:00, late"]
)
def test_hours_that_cannot_be_read_whole_are_none(detail: str | None) -> None:
    assert terms_of("agreed_hours", detail) == []


@pytest.mark.parametrize(
    ("detail", "term"),
    [
        ("4", Term(max_count=4)),
        ("5 a day", Term(max_count=5, per="day")),
        ("每周2次", Term(max_count=2, per="week")),
        ("4次/天", Term(max_count=4, per="day")),
    ],
)
def test_an_agreed_number_is_read_with_its_period(detail: str, term: Term) -> None:
    assert terms_of("agreed_frequency", detail) == [term]


@pytest.mark.parametrize("detail", ["", None, "seldom", "4-6", "twice"])
def test_a_number_that_is_none_has_no_term(detail: str | None) -> None:
    assert terms_of("agreed_frequency", detail) == []


def test_a_dialler_means_a_place_with_summer_time_by_its_letters() -> None:
    assert (zone_name("EST"), zone_name("est5edt"), zone_name("us/eastern")) == (
        "America/New_York",
        "America/New_York",
        "US/Eastern",
    )
    assert zone_name("MST") == "America/Denver|America/Phoenix"
    assert (zone_name("GMT-5"), zone_name("America/New York"), zone_name("CST")) == ("GMT-5", "America/New York", "CST")
