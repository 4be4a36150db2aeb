"""Steps of a month, whatever the book's snapshot days: month-ends, last business days, firsts of the next month, daily.

2026: 31 Jan is a Saturday, 28 Feb a Saturday, 31 May a Sunday, 31 Oct a Saturday; the last business days are 30 Jan,
27 Feb, 29 May and 30 Oct.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.months import month_before, month_days, step_start, steps_start
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.draws import draws
from tests.support.small_books import account, engine_over, snapshot

BUSINESS = [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 29)]
ENDS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
FIRSTS = [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
DAILY = [date(2026, 1, 31) + timedelta(days=n) for n in range(121)]
"""31 January to 31 May."""


def book(folder: Path, days: Sequence[date]) -> DuckDBEngine:
    """One account, opened on 10 January; its oldest due date is 28 February."""
    rows = [snapshot(1, day, max(0, (day - date(2026, 2, 28)).days), "100.00") for day in days]
    return engine_over(folder, accounts=[account(1, opened_on=date(2026, 1, 10))], snapshots=rows)


def rows(engine: DuckDBEngine, name: str, **given: Scalar) -> list[dict[str, object]]:
    return engine.run(name, given, WHOLE_BOOK).to_dicts()


def test_a_month_back_is_the_same_day_or_the_last_for_the_last() -> None:
    assert month_before(date(2026, 11, 20), 1) == date(2026, 10, 20)
    assert month_before(date(2026, 10, 31), 1) == date(2026, 9, 30)
    assert month_before(date(2026, 2, 28), 1) == date(2026, 1, 31)
    assert month_before(date(2026, 3, 30), 1) == date(2026, 2, 28)
    assert month_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


@pytest.mark.parametrize("days", [ENDS, BUSINESS, FIRSTS])
def test_each_snapshot_of_a_monthly_book_is_a_step_from_the_one_before(tmp_path: Path, days: list[date]) -> None:
    assert month_days(days, days[-1]) == {4: days[0], 3: days[1], 2: days[2], 1: days[3], 0: days[4]}
    engine = book(tmp_path, days)
    told = rows(engine, "portfolio/month_days", from_date=days[0], to_date=days[-1])
    assert [(row["as_of"], row["previous_day"]) for row in told] == [
        (days[4], days[3]), (days[3], days[2]), (days[2], days[1]), (days[1], days[0]), (days[0], None),
    ]  # fmt: skip
    engine.close()


def test_daily_snapshots_have_steps_of_a_month(tmp_path: Path) -> None:
    assert month_days(DAILY, DAILY[-1]) == dict(zip(range(5), reversed(ENDS), strict=True))
    assert step_start(DAILY, date(2026, 4, 20)) == date(2026, 3, 20)
    assert steps_start(DAILY, date(2026, 5, 31), 2) == date(2026, 3, 31)
    assert steps_start(DAILY, date(2026, 5, 31), 9) == date(2026, 1, 31)
    assert step_start(DAILY[:10], DAILY[9]) is None, "ten days are no month"
    engine = book(tmp_path, DAILY)
    span: dict[str, Scalar] = {"from_date": DAILY[0], "to_date": DAILY[-1]}
    # due 28 Feb: 31 days past due on 31 Mar (M2), 61 on 30 Apr (M3), 92 on 31 May (M4)
    moves = [
        (row["as_of"], row["from_bucket"], row["to_bucket"]) for row in rows(engine, "portfolio/step_moves", **span)
    ]
    assert moves == [(ENDS[1], "M0", "M0"), (ENDS[2], "M0", "M2"), (ENDS[3], "M2", "M3"), (ENDS[4], "M3", "M4")]
    flows = [(row["as_of"], row["from_bucket"]) for row in rows(engine, "portfolio/net_flow_by_day", **span)]
    assert flows == [(ENDS[1], "M0"), (ENDS[2], "M0"), (ENDS[3], "M2"), (ENDS[4], "M3")]
    # three days a month apart each: Jan-Feb-Mar, Feb-Mar-Apr, Mar-Apr-May
    paths = [
        (row["before_no"], row["from_no"], row["to_state"]) for row in rows(engine, "portfolio/triple_moves", **span)
    ]
    assert paths == [(0, 0, "M2"), (0, 2, "M3"), (2, 3, "M4")]
    # M3 on 31 May lags three months, to 28 Feb
    rates = rows(engine, "portfolio/delinquency_rates", **span)
    lagged = {row["bucket"]: row["lagged_day"] for row in rates if row["as_of"] == ENDS[4]}
    assert (lagged["M1"], lagged["M3"], lagged["M4"], lagged["M5"]) == (ENDS[3], ENDS[1], ENDS[0], None)
    engine.close()


def test_a_month_without_a_snapshot_ends_and_begins_no_step(tmp_path: Path) -> None:
    days = [ENDS[0], ENDS[1], ENDS[3], ENDS[4]]
    engine = book(tmp_path, days)
    told = rows(engine, "portfolio/step_moves", from_date=days[0], to_date=days[-1])
    assert [(row["previous_day"], row["as_of"]) for row in told] == [(ENDS[0], ENDS[1]), (ENDS[3], ENDS[4])]
    assert step_start(days, ENDS[3]) == ENDS[1], "a page compares with the nearest that there is, and names it"
    engine.close()


@pytest.mark.parametrize("days", [ENDS, BUSINESS, FIRSTS, DAILY])
def test_a_vintage_is_the_same_whatever_day_closes_the_month(tmp_path: Path, days: list[date]) -> None:
    """Opened in January: 0 months on book at its close. Due 28 Feb: past 30 days at the close of March (31, 32)."""
    engine = book(tmp_path, days)
    curve = rows(engine, "portfolio/vintage", as_of=days[-1], min_bucket="M2")
    assert [(row["cohort"], row["months_on_book"], row["n_bad"], row["is_complete"]) for row in curve] == [
        (date(2026, 1, 1), 0, 0, True),
        (date(2026, 1, 1), 1, 0, True),
        (date(2026, 1, 1), 2, 1, True),
        (date(2026, 1, 1), 3, 1, True),
        (date(2026, 1, 1), 4, 1, True),
    ]
    engine.close()


def test_a_month_has_a_close_from_five_days_before_its_end_to_ten_days_after(tmp_path: Path) -> None:
    engine = book(tmp_path, [date(2026, 1, 25), date(2026, 2, 23), date(2026, 4, 10), date(2026, 5, 11)])
    told = [
        (row["month_start"], row["as_of"]) for row in rows(engine, "portfolio/month_closes", as_of=date(2026, 5, 31))
    ]
    # 25 Jan is six days early, 23 Feb five; 10 Apr is ten days late, 11 May eleven
    assert told == [(date(2026, 2, 1), date(2026, 2, 23)), (date(2026, 3, 1), date(2026, 4, 10))]
    engine.close()


@draws(12)
@given(
    offsets=st.sets(st.integers(0, 200), min_size=1, max_size=40), start=st.dates(date(2024, 1, 1), date(2026, 1, 1))
)
def test_the_rule_in_sql_is_the_rule_in_python(offsets: set[int], start: date, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    days = sorted(start + timedelta(days=offset) for offset in offsets)
    engine = book(tmp_path_factory.mktemp("drawn"), days)
    told = rows(engine, "portfolio/month_days", from_date=days[0], to_date=days[-1])
    assert {row["months_back"]: row["as_of"] for row in told} == month_days(days, days[-1])
    engine.close()
