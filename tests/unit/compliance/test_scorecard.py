"""The scorecard: what its file may say, how points add up, and when it is said that grades separate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.compliance.packs import RULES
from duewatch.compliance.scorecard import FILE, grade_accounts, load_scorecard, outcomes_by_group, separation
from duewatch.contract.errors import RuleError

DAY = date(2026, 9, 30)


def facts(**columns: object) -> pl.DataFrame:
    row = {
        "account_id": "A1",
        "currency": "CNY",
        "days_past_due": 1,
        "balance": 100,
        "n_spells": 1,
        "industry": None,
        "region": None,
    } | columns
    return pl.DataFrame([row], schema_overrides={"industry": pl.String, "region": pl.String})


@pytest.mark.parametrize(
    ("row", "points", "grade"),
    [
        ({}, 0, "low"),
        ({"days_past_due": 7}, 0, "low"),
        ({"days_past_due": 8}, 15, "low"),
        ({"days_past_due": 30}, 15, "low"),
        ({"days_past_due": 31}, 40, "medium"),
        ({"days_past_due": 91}, 60, "high"),
        ({"days_past_due": 8, "n_spells": 3}, 25, "low"),
        ({"days_past_due": 8, "n_spells": 5}, 35, "medium"),
        ({"balance": 49_999, "days_past_due": 31, "n_spells": 3}, 50, "medium"),
        ({"balance": 50_000, "days_past_due": 31, "n_spells": 3}, 60, "high"),
        ({"balance": 50_000, "currency": "USD"}, 10, "low"),
        ({"balance": 7_500, "currency": "USD"}, 10, "low"),
        ({"balance": 7_500, "currency": "CNY"}, 0, "low"),
        ({"balance": 90_000, "currency": "EUR"}, 0, "low"),
        ({"industry": "construction"}, 5, "low"),
    ],
)
def test_points_of_the_shipped_card_as_its_file_reads(row: dict[str, object], points: int, grade: str) -> None:
    scored = grade_accounts(facts(**row), load_scorecard(), DAY).row(0, named=True)
    assert (scored["points"], scored["grade"]) == (points, grade)


def written(tmp_path: Path, old: str, new: str) -> Path:
    text = (RULES / FILE).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / FILE
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("high_from = 60", "high_from = 30", r"line 10: .*more than medium_from \(30\)"),
        ('factor = "spells"', 'factor = "spell"', r"line \d+: .*days_past_due, balance, spells, industry, macro"),
        ("points = 15", 'points = "15"', r"line 16: points.points is '15'; give a whole number from -1000 to 1000"),
        ("from = 8", "from = -8", r"line 15: .*a whole number of 0 or more"),
        ("occasional_most = 1", "occasional_most = 3", r"more than occasional_most \(3\)"),
        ("look_days = 180", "look_day = 180", r"look_days is missing"),
        ('currency = "CNY"', 'currency = "yuan"', r"a text like \[A-Z\]\{3\}"),
        ("[reviews]", "[review]", r"reviews is missing"),
        ("collateral_days = 365", "collateral_days = 0", r"a whole number of 1 or more"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        load_scorecard(written(tmp_path, old, new))


def test_a_dated_value_counts_on_its_own_days(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "effective_from = 2015-01-01\nfrom = 8\npoints = 15",
        "effective_from = 2015-01-01\neffective_to = 2025-12-31\nfrom = 8\npoints = 15\n\n[[points]]\n"
        'factor = "days_past_due"\neffective_from = 2026-01-01\nfrom = 8\npoints = 33',
    )
    card = load_scorecard(path)
    row = facts(days_past_due=8)
    assert grade_accounts(row, card, date(2025, 12, 31))["points"][0] == 15
    assert grade_accounts(row, card, date(2026, 1, 1))["points"][0] == 33
    assert grade_accounts(row, card, date(2014, 1, 1))["grade"][0] is None, "no cut was in force"


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200_000), st.integers(0, 9)), min_size=1, max_size=30))
def test_more_of_a_factor_never_lowers_the_points_of_the_shipped_card(rows: list[tuple[int, int, int]]) -> None:
    card = load_scorecard()
    for days, balance, spells in rows:
        base = facts(days_past_due=days, balance=balance, n_spells=spells)
        worse = facts(days_past_due=days + 1, balance=balance + 1, n_spells=spells + 1)
        assert grade_accounts(worse, card, DAY)["points"][0] >= grade_accounts(base, card, DAY)["points"][0]


def by_grade(n_low: int, worse_low: int, n_high: int, worse_high: int) -> pl.DataFrame:
    low = [{"grade": "low", "is_worse": n < worse_low, "is_cured": False} for n in range(n_low)]
    high = [{"grade": "high", "is_worse": n < worse_high, "is_cured": False} for n in range(n_high)]
    return outcomes_by_group(pl.DataFrame(low + high), "grade")


def test_a_grade_with_fewer_than_thirty_followed_says_nothing() -> None:
    assert separation(by_grade(29, 0, 100, 90)) is None
    assert separation(by_grade(30, 0, 30, 25)) is not None


def test_grades_drawn_at_random_separate_in_about_one_of_twenty_and_real_ones_do() -> None:
    rng = np.random.default_rng(7)
    flagged = 0
    for _ in range(400):
        change = separation(by_grade(200, int(rng.binomial(200, 0.4)), 150, int(rng.binomial(150, 0.4))))
        assert change is not None
        flagged += change.is_evident
    assert 6 <= flagged <= 36
    real = separation(by_grade(200, 60, 150, 90))
    assert real is not None
    assert real.low > 0
