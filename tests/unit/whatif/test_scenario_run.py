"""A scenario beside today on a demo book: unchanged equals today, counts equal the re-count, refusals have a reason."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest

from duewatch.books.published import current_book
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import Window
from duewatch.contract.errors import ScenarioError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.whatif.scenario import Scenario, scenario_of
from duewatch.whatif.scenario_run import run
from tests.support.commands import called

PACKS = load_packs()


def lines(book: Path, levers: dict[str, object], **others: object) -> pl.DataFrame:
    return run(current_book(book), PACKS, scenario_of({"levers": levers, **others}, "here")).frame()


def test_a_scenario_that_moves_nothing_equals_today_exactly(demo_book: Path) -> None:
    actual = lines(demo_book, {"cost_per_contact": 0.05})
    answered = actual.filter(pl.col("rung") != "refused")
    assert answered.height >= 10
    assert answered["today"].to_list() == answered["scenario"].to_list()
    assert set(answered["difference"].to_list()) == {0.0}


def test_both_numbers_of_a_cap_are_those_of_the_re_count(demo_book: Path) -> None:
    levers = {"cap_max": 2, "cap_days": 7}
    actual = lines(demo_book, levers).filter(pl.col("currency") == "CNY")
    report = run(current_book(demo_book), PACKS, scenario_of({"levers": levers}, "here"))
    each = recount.cap_of(PACKS, "house.daily_contacts", Settings())
    events = recount.replay_limit(
        current_book(demo_book),
        each,
        recount.Limit(2, Window("local_date", 7)),
        from_date=report.stamp.first_day,
        to_date=report.stamp.last_day,
    ).filter(pl.col("currency") == "CNY")
    values = dict(zip(actual["measure"], actual["scenario"], strict=True))
    assert values["breaches_counted"] == events["is_over"].sum() > 0
    assert values["contacts_stopped"] == events["is_stopped"].sum() > 0
    assert values["contacts_stopped"] < values["breaches_counted"]


def test_a_scope_sees_its_own_contacts_only(demo_book: Path) -> None:
    scope = WHOLE_BOOK.narrowed(currencies=("USD",))
    scenario = scenario_of({"levers": {"cap_max": 1, "cap_days": 30}}, "here")
    whole = run(current_book(demo_book), PACKS, scenario).frame().filter(pl.col("currency") == "USD")
    part = run(current_book(demo_book), PACKS, scenario, scope=scope).frame()
    assert part.equals(whole)


def test_what_a_log_cannot_say_is_refused_with_the_test_that_would_answer_it(demo_book: Path) -> None:
    actual = lines(demo_book, {"calls_per_day": 500, "priority": "balance", "channel_mix": 0.5, "discount": 0.2})
    refused = actual.filter((pl.col("rung") == "refused") & (pl.col("currency") == "CNY"))
    assert {"recovered_calls_per_day", "recovered_priority", "recovered_channel_mix", "discount_taken"} <= set(
        refused["measure"]
    )
    assert refused.filter(pl.col("reason") == "").is_empty()
    assert refused["scenario"].null_count() == refused.height


def test_a_discount_needs_the_chance_by_what_is_left_of_the_balance(demo_book: Path) -> None:
    """p0 / (1 - d): 0.30 at 20 % off needs 0.375."""
    actual = lines(demo_book, {"discount": 0.2}).filter(
        pl.col("measure").str.starts_with("break_even_") & (pl.col("rung") == "L1")
    )
    assert actual.height >= 3
    for row in actual.iter_rows(named=True):
        assert row["scenario"] == pytest.approx(row["today"] / 0.8)


def test_days_without_contacts_are_one_sentence(demo_book: Path) -> None:
    with pytest.raises(ScenarioError, match="the log has no contact from 2001-01-01 to 2001-02-01; choose days from"):
        run(current_book(demo_book), PACKS, scenario_of({"from": "2001-01-01", "to": "2001-02-01"}, "here"))


def test_the_command_prints_the_same_lines_as_json(demo_book: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text("[levers]\ncap_max = 1\ncap_days = 3\n", encoding="utf-8")
    words = ["whatif", str(file), "--books", str(demo_book)]
    done = called(*words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    report = run(current_book(demo_book), PACKS, Scenario(levers=(("cap_days", 3), ("cap_max", 1))))
    assert told["lines"] == report.frame().to_dicts()
    assert told["stamp"]["book_sha256"] == report.stamp.book_sha256
    file.write_text("[levers]\ncap_max = -1\n", encoding="utf-8")
    done = called(*words)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"cap_max is -1; give a whole number from 0 to 10" in done.stderr


def test_a_scenario_of_one_bucket_stops_only_there_and_in_what_counts_with_it(demo_book: Path) -> None:
    everyone = lines(demo_book, {"cap_max": 1, "cap_days": 3})
    m1_too = lines(demo_book, {"cap_max": 1, "cap_days": 3, "M1": {"cap_max": 1}})
    m1_only = lines(demo_book, {"cap_max": 10, "cap_days": 3, "M1": {"cap_max": 1}})
    held = [
        frame.filter(pl.col("measure") == "contacts_stopped")["scenario"].sum() for frame in (everyone, m1_too, m1_only)
    ]
    assert held[0] == held[1] > held[2] > 0


def test_a_bucket_the_book_has_not_is_one_sentence(demo_book: Path) -> None:
    with pytest.raises(ScenarioError, match="the book has no bucket M12; use one of M0"):
        lines(demo_book, {"M12": {"cap_max": 1}})
    with pytest.raises(ScenarioError, match=r"there is no lever 'M1.hours_from'; use M1 to M7\+ and one of cap_max"):
        lines(demo_book, {"M1": {"hours_from": 8}})


def test_the_run_off_is_told_only_where_a_lever_of_it_was_set(demo_book: Path) -> None:
    plain = lines(demo_book, {})
    moved = lines(demo_book, {"cure_times": 1.2}).filter(pl.col("measure") == "overdue_in_12_months")
    assert plain.filter(pl.col("measure") == "overdue_in_12_months").is_empty()
    assert (moved["scenario"] < moved["today"]).all()
    assert (moved["low"] <= moved["scenario"]).all()
    still = lines(demo_book, {"cure_times": 1.0}).filter(pl.col("measure").str.ends_with("_in_12_months"))
    assert set(still["difference"].to_list()) == {0.0}


def test_cure_and_roll_may_be_set_for_one_bucket(demo_book: Path) -> None:
    """Each bucket by itself moves less than all together, and a bucket's own multiplier stands before that of all."""
    overdue = pl.col("measure") == "overdue_in_12_months"
    values: list[dict[str, object]] = [
        {"cure_times": 1.3},
        {"M1": {"cure_times": 1.3}},
        {"cure_times": 1.3, "M1": {"cure_times": 1.0}},
        {"M1": {"cure_times": 1.0}},
    ]
    whole, first, rest, none = (lines(demo_book, each).filter(overdue)["difference"].to_list() for each in values)
    for of_whole, of_first, of_rest, of_none in zip(whole, first, rest, none, strict=True):
        assert of_whole < min(of_first, of_rest) < max(of_first, of_rest) < of_none == 0
    with pytest.raises(ScenarioError, match=r"there is no lever 'M0.roll_times'; use M1 to M7\+"):
        lines(demo_book, {"M0": {"roll_times": 1.2}})


def test_a_scenario_saved_by_the_command_is_listed_and_runs_again(demo_book: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('title = "one in three"\n[levers]\ncap_max = 1\ncap_days = 3\n', encoding="utf-8")
    settings = tmp_path / "duewatch.toml"
    settings.write_text(f'desk_url = "sqlite:///{tmp_path / "desk.sqlite"}"\n', encoding="utf-8")

    def told(*words: str, code: int = 0) -> subprocess.CompletedProcess[bytes]:
        done = called("whatif", *words, "--books", str(demo_book), env={"DUEWATCH_SETTINGS": str(settings)})
        assert done.returncode == code, done.stderr
        return done

    first = told(str(file), "--save", "--by", "lin")
    assert b"saved as scenario 1" in first.stderr
    (saved,) = json.loads(told("--list").stdout)
    assert (saved["scenario_id"], saved["title"], saved["author"]) == (1, "one in three", "lin")
    assert json.loads(told("--saved", "1").stdout)["lines"] == json.loads(first.stdout)["lines"]
    assert b"the desk has no scenario 7" in told("--saved", "7", code=2).stderr
