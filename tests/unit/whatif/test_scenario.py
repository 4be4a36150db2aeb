"""Scenarios: what is refused, in one sentence, and that a file, a link and the object are one thing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.errors import ScenarioError
from duewatch.contract.settings import PROJECT_ROOT
from duewatch.whatif.levers import LEVERS
from duewatch.whatif.scenario import Scenario, from_address, read_scenario, scenario_of


@pytest.mark.parametrize(
    ("levers", "sentence"),
    [
        ({"cap_max": -1}, r"cap_max is -1; give a whole number from 0 to 10 \(contacts\)"),
        ({"cap_max": 2.5}, r"cap_max is 2.5; give a whole number"),
        ({"cap_max": True}, r"cap_max is true; give a whole number"),
        ({"wait_hours": 24_000}, r"wait_hours is 24000; give a whole number from 0 to 720"),
        ({"calls": 5}, r"there is no lever 'calls'; use one of cap_rule, cap_max"),
        ({"priority": "worst"}, r"priority is 'worst'; use one of as_logged"),
        ({"closed_hours": "sold"}, r"closed_hours is 'sold'; use one of lost, moved"),
        ({"M1": {"wait_hours": 5}}, r"there is no lever 'M1.wait_hours'; use M1 to M7\+ and one of cap_max, cap_days"),
        ({"M1": {"cap_max": 11}}, r"M1.cap_max is 11; give a whole number from 0 to 10"),
        ({"N1": {"cap_max": 1}}, r"there is no lever 'N1.cap_max'"),
        ({"discount": 1.5}, r"discount is 1.5; give a number from 0 to 0.95"),
        ({"promise_tolerance": float("nan")}, r"promise_tolerance is nan"),
        ({"hours_from": 20, "hours_to": 8}, r"hours_from 20 is not before hours_to 8"),
    ],
)
def test_a_lever_that_makes_no_sense_is_one_sentence(levers: dict[str, object], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence) as caught:
        scenario_of({"levers": levers}, "s.toml")
    assert caught.value.sentence.startswith("s.toml: ")
    assert caught.value.sentence.count(".") <= 4


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"lever": {}}, "there is no 'lever'; use one of title"),
        ({"from": date(2026, 2, 1), "to": date(2026, 1, 1)}, "from 2026-02-01 is after to 2026-01-01"),
        ({"from": "soon"}, "from is 'soon'; write it as 2026-10-31"),
        ({"seed": -1}, "seed is -1"),
        ({"levers": 3}, "levers is no table"),
        ({"title": "a\nb"}, "title is no plain text"),
    ],
)
def test_a_file_that_makes_no_sense_is_one_sentence(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        scenario_of(given, "s.toml")


def test_a_file_that_is_not_there_or_no_toml_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("levers = [", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not valid TOML"):
        read_scenario(tmp_path / "bad.toml")


NUMBERS = {name: lever for name, lever in LEVERS.items() if lever.kind == "integer" and not name.startswith("hours")}


@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40),
    values=st.dictionaries(st.sampled_from(sorted(NUMBERS)), st.integers(0, 10), max_size=5),
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    shares=st.dictionaries(st.sampled_from(("discount", "channel_mix")), st.floats(0, 0.95), max_size=2),
    buckets=st.dictionaries(
        st.tuples(st.sampled_from(("M0", "M3", "M7+")), st.sampled_from(("cap_max", "cap_days"))), st.integers(1, 10)
    ),
)
def test_a_scenario_survives_its_file_and_its_link(title, values, day, shares, buckets) -> None:  # type: ignore[no-untyped-def]
    levers = {name: max(int(NUMBERS[name].low), value) for name, value in values.items()} | shares
    levers |= {f"{bucket}.{name}": value for (bucket, name), value in buckets.items()}
    made = scenario_of({"title": title, "from": day, "to": day, "levers": levers}, "here")
    path_text = made.as_toml()
    import tomllib

    assert scenario_of(tomllib.loads(path_text), "here") == made
    assert from_address(made.as_address()) == made


def test_today_moves_nothing_but_what_only_tells() -> None:
    made = scenario_of({"levers": {"cap_max": 2, "cost_per_hour": 30.0, "cap_rule": "us.reg_f.call_frequency"}}, "here")
    assert made.today == Scenario(levers=(("cap_rule", "us.reg_f.call_frequency"), ("cost_per_hour", 30.0)))


def test_the_example_scenarios_load() -> None:
    files = sorted((PROJECT_ROOT / "examples" / "scenarios").glob("*.toml"))
    assert files
    for path in files:
        assert read_scenario(path).levers
