"""The book under other definitions: other buckets, another write-off day, a reminder before each promise."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.books.published import current_book
from duewatch.compliance.packs import load_packs
from duewatch.compliance.scorecard import GRADES, grade_accounts, load_scorecard
from duewatch.contract.errors import ScenarioError
from duewatch.contract.settings import PROJECT_ROOT, Settings
from duewatch.reads import portfolio, process
from duewatch.whatif import grade_cuts
from duewatch.whatif.grade_cuts import cuts_today
from duewatch.whatif.other_definitions import bounds_today, bucketed
from duewatch.whatif.query_session import open_session
from duewatch.whatif.scenario import from_address, scenario_of
from duewatch.whatif.scenario_run import run

PACKS = load_packs()
ROWS = st.dictionaries(st.integers(0, 400), st.tuples(st.integers(1, 9), st.integers(0, 10_000)), max_size=30)
BOUNDS = st.lists(st.integers(1, 400), min_size=1, max_size=8, unique=True).map(sorted)


def lines(book: Path, levers: dict[str, object]) -> dict[tuple[str, str], dict[str, object]]:
    frame = run(current_book(book), PACKS, scenario_of({"levers": levers}, "here")).frame()
    return {(row["currency"], row["measure"]): row for row in frame.to_dicts()}


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, bounds=BOUNDS)
def test_buckets_are_those_of_a_loop_over_accounts(rows: dict[int, tuple[int, int]], bounds: list[int]) -> None:
    standing = pl.DataFrame(
        [{"days_past_due": day, "n_accounts": n, "balance": float(money)} for day, (n, money) in rows.items()],
        schema={"days_past_due": pl.Int64, "n_accounts": pl.Int64, "balance": pl.Float64},
    )
    expected = [[0.0, 0.0] for _ in range(len(bounds) + 2)]
    for day, (n, money) in rows.items():
        number = 0 if day == 0 else 1 + sum(day > last for last in bounds)
        expected[number][0] += n
        expected[number][1] += money
    assert [list(each) for each in bucketed(standing, bounds)] == expected


def test_todays_buckets_are_those_of_the_aging_page_and_the_same_bounds_change_nothing(demo_book: Path) -> None:
    with open_session(current_book(demo_book), Settings()) as asks:
        own = bounds_today(asks.scoped)
        day = max(portfolio.snapshot_days(asks.scoped)["as_of"].to_list())
        aged = portfolio.aging_buckets(asks.scoped, as_of=day)
    assert own == "30,60,90,120,150,180"
    told = lines(demo_book, {"bucket_bounds": own})
    for row in aged.iter_rows(named=True):
        number = row["bucket"].rstrip("+").removeprefix("M")
        line = told[row["currency"], f"bucket_accounts_M{number}"]
        assert line["today"] == line["scenario"] == row["n_accounts"]
        line = told[row["currency"], f"bucket_balance_M{number}"]
        assert line["today"] == line["scenario"] == pytest.approx(float(row["balance"]))


def test_other_buckets_hold_the_same_book_and_one_that_is_not_there_is_no_zero(demo_book: Path) -> None:
    told = lines(demo_book, {"bucket_bounds": "15, 45"})
    for measure in ("accounts", "balance"):
        mine = [told["CNY", f"bucket_{measure}_M{number}"] for number in range(8)]
        assert sum(line["today"] for line in mine) == pytest.approx(sum(line["scenario"] or 0 for line in mine))
        assert [line["scenario"] is None for line in mine] == [False] * 4 + [True] * 4
        assert mine[1]["scenario"] != mine[1]["today"]


def test_what_is_written_off_at_once_is_what_is_that_late(demo_book: Path) -> None:
    told, late = lines(demo_book, {"write_off_days": 120}), lines(demo_book, {"late_from_days": 120})
    for currency in ("CNY", "USD"):
        line = told[currency, "written_off_balance"]
        assert line["today"] == 0
        assert line["scenario"] == late[currency, "late_balance"]["scenario"] > 0  # type: ignore[operator]
    assert lines(demo_book, {"write_off_days": 0})["CNY", "written_off_balance"]["difference"] == 0


def test_a_reminder_rule_adds_reminders_costs_them_and_refuses_what_they_bring(demo_book: Path) -> None:
    told = lines(demo_book, {"remind_days": 2, "cost_per_contact": 0.5})
    share, added = told["CNY", "promises_reminded"], told["CNY", "reminders_added"]
    assert added["today"] == 0
    assert added["scenario"] > 0  # type: ignore[operator]
    assert share["scenario"] - share["today"] == pytest.approx(added["scenario"] / share["n"])  # type: ignore[operator]
    assert told["CNY", "reminder_cost"]["scenario"] == added["scenario"] * 0.5  # type: ignore[operator]
    assert told["CNY", "recovered_remind_days"]["rung"] == "refused"
    assert lines(demo_book, {"remind_days": 2})["CNY", "reminder_cost"]["rung"] == "refused"


def by_hand(facts: pl.DataFrame, medium: int, high: int) -> dict[str, list[float]]:
    """Accounts and balance of each grade, account by account, from points that the scorecard gave."""
    actual = {grade: [0.0, 0.0] for grade in GRADES}
    for row in facts.iter_rows(named=True):
        grade = "high" if row["points"] >= high else "medium" if row["points"] >= medium else "low"
        actual[grade][0] += 1
        actual[grade][1] += float(row["balance"])
    return actual


@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_other_cuts_grade_the_overdue_accounts_of_the_last_snapshot(demo_book: Path, currency: str) -> None:
    card = load_scorecard()
    with open_session(current_book(demo_book), Settings()) as asks:
        day = max(portfolio.snapshot_days(asks.scoped)["as_of"].to_list())
        facts = process.overdue_facts(asks.scoped, as_of=day, to_date=day, **card.params).filter(currency=currency)
    cut, scored = card.cut_on(day), grade_accounts(facts, card, day)
    assert cut is not None
    assert cuts_today(day) == f"{cut.medium_from},{cut.high_from}"
    expected = [by_hand(scored, cut.medium_from, cut.high_from), by_hand(scored, 16, 45)]
    told = lines(demo_book, {"grade_cuts": "16, 45"})
    assert expected[0] != expected[1]
    for grade in GRADES:
        for at, measure in enumerate(("accounts", "balance")):
            line = told[currency, f"grade_{measure}_{grade}"]
            assert [line["today"], line["scenario"]] == pytest.approx([each[grade][at] for each in expected])
            assert (line["n"], line["n_of"]) == (facts.height, "accounts")
    same = lines(demo_book, {"grade_cuts": cuts_today(day)})
    assert all(same[currency, f"grade_balance_{grade}"]["difference"] == 0 for grade in GRADES)
    assert not any(measure.startswith("grade_") for _, measure in lines(demo_book, {"cap_max": 1}))


def test_without_a_cut_in_force_today_is_empty_and_not_0(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = replace(load_scorecard(), cuts=())
    monkeypatch.setattr(grade_cuts, "load_scorecard", lambda: card)
    told = lines(demo_book, {"grade_cuts": "16,45"})
    assert told["CNY", "grade_accounts_low"]["today"] is None
    assert told["CNY", "grade_accounts_low"]["scenario"] > 0  # type: ignore[operator]


def test_an_answer_by_the_scorecard_is_stamped_with_it(demo_book: Path) -> None:
    stamps = [
        run(current_book(demo_book), PACKS, scenario_of({"levers": levers}, "here")).stamp
        for levers in ({"grade_cuts": "16,45"}, {"cap_max": 1})
    ]
    sha = hashlib.sha256((PROJECT_ROOT / "rules" / "risk_grade.toml").read_bytes()).hexdigest()
    assert dict(stamps[0].packs)["risk_grade"] == sha[:12]
    assert "risk_grade" not in dict(stamps[1].packs)


@pytest.mark.parametrize(
    "bad", ["", "30", "30,30", "60,30", "-1,5", "1,2,3", "0,1001", "3.5,6", "low,high", "3;6", 3.6]
)
def test_cuts_that_do_not_rise_are_one_sentence(bad: object) -> None:
    with pytest.raises(ScenarioError, match=r"grade_cuts is .*; give the points of the scorecard from which") as error:
        scenario_of({"levers": {"grade_cuts": bad}}, "here")
    assert error.value.sentence.count("\n") == 0


@pytest.mark.parametrize(
    "bad", ["", "30,30", "60,30", "0,30", "x", "30;60", "1,2,3,4,5,6,7,8,9,10,11,12,13", "-1", "²"]
)
def test_bounds_that_do_not_rise_are_one_sentence(bad: str) -> None:
    with pytest.raises(ScenarioError, match=r"bucket_bounds is '.*'; give the last day past due of M1") as error:
        scenario_of({"levers": {"bucket_bounds": bad}}, "here")
    assert error.value.sentence.count("\n") == 0


def test_bounds_come_back_from_a_link_as_they_went() -> None:
    levers = {"bucket_bounds": "30, 60,90", "grade_cuts": " 0,1000", "remind_days": 3}
    made = scenario_of({"levers": levers}, "here")
    assert dict(made.levers)["grade_cuts"] == "0,1000"
    assert dict(made.levers)["bucket_bounds"] == "30,60,90"
    assert from_address(made.as_address()) == made
