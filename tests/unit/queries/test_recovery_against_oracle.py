"""Recovery queries agree with plain Python on invented books, and each point opens rows that add up to it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.draws import draws
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import (
    AS_OF,
    CURRENCY,
    MONEY,
    MONTH_ENDS,
    STATES,
    ask,
    book_of,
    payments_of,
    seen_of,
)
from tests.unit.queries.collection_oracle import Paid, Seen

RECOMPUTES = {"collected": "recovery/recovery_by_period", "liquidation": "recovery/liquidation_curve"}
"""Metric to what is called here for the number that is computed a second time."""


JUNE, JULY, AUGUST, SEPTEMBER = MONTH_ENDS


@draws(30)
@given(states=STATES, money=MONEY, bucket=st.sampled_from(["M1", "M1", "M2", "M7+"]), as_of=st.sampled_from(MONTH_ENDS))
def test_curves_agree_with_plain_python(states, money, bucket, as_of) -> None:  # type: ignore[no-untyped-def]
    seen, paid = seen_of(states), payments_of(money)
    cohorts = defaultdict(list)
    for entry in oracle.entries(seen, as_of, bucket):
        cohorts[CURRENCY[entry.account], entry.day.replace(day=1)].append(entry)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), seen=seen, paid=paid)
        asked = {"as_of": as_of, "entry_bucket": bucket}
        rows = ask(engine, "recovery/liquidation_curve", horizon_days=45, **asked)
        got = {(r["currency"], r["cohort"], r["days_since_entry"]): r for r in rows}
        assert got.keys() == {(*key, days) for key in cohorts for days in (0, 10, 20, 30, 40, 45)}
        for (currency, month, days), row in got.items():
            check_point(row, cohorts[currency, month], paid, as_of, days)  # type: ignore[index, arg-type]
        for row in rows[3::6]:
            check_opens(engine, row, asked)
        engine.close()


def check_point(row: dict[str, object], entries: list[Seen], paid: list[Paid], as_of: date, days: int) -> None:
    collected = sum(oracle.liquidated(entry, paid, as_of, days) for entry in entries)
    balance = sum(entry.balance for entry in entries)
    assert (row["n_accounts"], row["entered_balance"], row["collected"]) == (len(entries), balance, collected)
    assert row["share_collected"] == pytest.approx(float(collected / balance))
    assert row["is_complete"] == all(entry.day + timedelta(days=days) <= as_of for entry in entries)


def check_opens(engine: DuckDBEngine, row: dict[str, object], asked: dict[str, object]) -> None:
    point = {"cohort": row["cohort"], "days_since_entry": row["days_since_entry"]}
    listed = [
        r for r in ask(engine, "recovery/liquidation_accounts", **point, **asked) if r["currency"] == row["currency"]
    ]
    sums = (len(listed), sum(r["entered_balance"] for r in listed), sum(r["collected"] for r in listed))  # type: ignore[misc]
    assert sums == (row["n_accounts"], row["entered_balance"], row["collected"])


@draws(30)
@given(
    states=STATES,
    money=MONEY,
    first=st.sampled_from([date(2026, 6, 1), JUNE, date(2026, 7, 1), date(2026, 7, 12), JULY]),
)
def test_recovery_by_period_agrees_with_plain_python(states, money, first) -> None:  # type: ignore[no-untyped-def]
    seen, paid = seen_of(states), payments_of(money)
    wanted = defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])
    for key, (bucket, is_new, balance, collected) in oracle.period_recovery(seen, paid, first, AS_OF).items():
        sums = wanted[CURRENCY[key], bucket]
        sums[1 if is_new else 0] += balance
        sums[2] += collected
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), seen=seen, paid=paid)
        rows = ask(engine, "recovery/recovery_by_period", from_date=first, to_date=AS_OF)
        got = {(r["currency"], r["bucket"]): [r["opening_overdue"], r["newly_overdue"], r["collected"]] for r in rows}
        assert got == wanted
        for row in rows:
            base = row["opening_overdue"] + row["newly_overdue"]  # type: ignore[operator]
            assert row["share_collected"] == pytest.approx(float(row["collected"] / base))
            listed = ask(engine, "recovery/recovery_accounts", bucket=row["bucket"], from_date=first, to_date=AS_OF)
            mine = [r for r in listed if r["currency"] == row["currency"]]
            assert (sum(r["overdue_balance"] for r in mine), sum(r["collected"] for r in mine)) == (
                base,
                row["collected"],
            )  # type: ignore[misc]
        engine.close()


def test_a_curve_counts_from_the_day_after_entry_and_stops_at_the_balance(tmp_path: Path) -> None:
    seen = [
        Seen(0, JUNE, 0, Decimal(100)),
        Seen(0, JULY, 10, Decimal(100)),
        Seen(0, AUGUST, 41, Decimal(0), "written_off"),
    ]
    paid = [
        Paid("P1", 0, JULY, Decimal(5)),
        Paid("P2", 0, date(2026, 8, 5), Decimal(60)),
        Paid("P3", 0, date(2026, 8, 15), Decimal(60)),
        Paid("R3", 0, date(2026, 8, 25), Decimal(60), "P3"),
    ]
    engine = book_of(tmp_path, seen=seen, paid=paid)
    rows = ask(engine, "recovery/liquidation_curve", as_of=SEPTEMBER, horizon_days=70, entry_bucket="M1")
    assert [r["collected"] for r in rows] == [Decimal(n) for n in (0, 60, 100, 60, 60, 60, 60, 60)]
    assert [r["is_complete"] for r in rows] == [True] * 7 + [False]
    assert {(r["cohort"], r["n_accounts"], r["entered_balance"]) for r in rows} == {(date(2026, 7, 1), 1, Decimal(100))}


def test_an_account_that_rolls_back_without_curing_does_not_enter_again(tmp_path: Path) -> None:
    days = (40, 20, 45, 50)
    engine = book_of(tmp_path, seen=[Seen(0, day, n, Decimal(100)) for day, n in zip(MONTH_ENDS, days, strict=True)])
    rows = ask(engine, "recovery/bucket_entries", as_of=AS_OF, entry_bucket="M2")
    assert [r["entered_on"] for r in rows] == [JUNE]


def test_an_account_that_cured_and_came_back_enters_twice(tmp_path: Path) -> None:
    days = (10, 0, 12, 40)
    engine = book_of(tmp_path, seen=[Seen(0, day, n, Decimal(100)) for day, n in zip(MONTH_ENDS, days, strict=True)])
    rows = ask(engine, "recovery/bucket_entries", as_of=AS_OF, entry_bucket="M1")
    assert sorted(r["entered_on"] for r in rows) == [JUNE, AUGUST]  # type: ignore[type-var]


def test_a_payment_made_before_an_account_was_overdue_is_no_recovery(tmp_path: Path) -> None:
    seen = [
        Seen(0, JUNE, 0, Decimal(500)),
        Seen(0, JULY, 10, Decimal(400)),
        Seen(1, JUNE, 20, Decimal(300)),
        Seen(1, JULY, 51, Decimal(250)),
    ]
    paid = [
        Paid("P1", 0, date(2026, 7, 21), Decimal(100)),  # on the due date itself
        Paid("P2", 0, date(2026, 7, 22), Decimal(30)),  # on day 1 past due
        Paid("P3", 1, JUNE, Decimal(7)),  # in the opening balance already
        Paid("P4", 1, date(2026, 7, 1), Decimal(50)),
    ]
    engine = book_of(tmp_path, seen=seen, paid=paid)
    rows = ask(engine, "recovery/recovery_by_period", from_date=JUNE, to_date=JULY)
    assert [(r["bucket"], r["opening_overdue"], r["newly_overdue"], r["collected"]) for r in rows] == [
        ("M1", Decimal(300), Decimal(400), Decimal(80))
    ]
