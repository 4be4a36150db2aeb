"""Portfolio queries agree with plain Python on invented books, and their parts add up."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.draws import draws
from tests.support.small_books import account, engine_over, snapshot
from tests.unit.queries import oracle
from tests.unit.queries.collection_oracle import wilson
from tests.unit.queries.oracle import BUCKETS, Standing

RECOMPUTES = {
    "overdue_rate": "portfolio/rate_changes",
    "entry_rate": "portfolio/roll_and_cure",
    "roll_rate": "portfolio/roll_and_cure",
    "cure_rate": "portfolio/roll_and_cure",
    "ninety_plus_share": "portfolio/rate_changes",
    "overdue_accounts_rate": "portfolio/rate_changes",
    "overdue_bridge": "overdue_bridge",
    "about_to_cross": "portfolio/about_to_cross",
    "aging": "aging_buckets",
    "migration": "transitions",
    "vintage": "portfolio/vintage",
}
"""Metric to what is called here for the number that is computed a second time."""


FIRST, LAST = date(2026, 9, 30), date(2026, 10, 31)
DAYS = st.one_of(st.sampled_from([0, 1, 30, 31, 60, 61, 90, 91, 120, 150, 151, 180, 181]), st.integers(0, 400))
AMOUNTS = st.decimals(Decimal("0.00"), Decimal("99999.99"), places=2)
STATUSES = st.sampled_from([None, None, None, "active", "legal", "restructured", "paid_off", "written_off"])
A_DAY = st.tuples(DAYS, AMOUNTS, STATUSES)
PAYMENT = st.tuples(st.integers(-5, 45), st.decimals(Decimal("-50.00"), Decimal("500.00"), places=2))
ACCOUNTS = st.lists(
    st.tuples(st.sampled_from(["CNY", "USD"]), st.none() | A_DAY, st.none() | A_DAY, st.lists(PAYMENT, max_size=3)),
    min_size=1,
    max_size=25,
)


class Invented:
    """A book from drawn tuples: the same rows for the engine and for the oracle."""

    def __init__(self, drawn: Sequence[tuple[object, ...]], folder: Path) -> None:
        self.standings: list[Standing] = []
        self.paid: dict[int, Decimal] = {}
        accounts, payments = [], []
        for key, (currency, first, last, paid) in enumerate(drawn):
            accounts.append(account(key, currency=currency))
            for day, state in ((FIRST, first), (LAST, last)):
                if state is not None:
                    self.standings.append(Standing(key, currency, day, *state))  # type: ignore[arg-type, misc]
            for n, (offset, amount) in enumerate(paid):  # type: ignore[var-annotated, arg-type]
                on = FIRST + timedelta(days=offset)
                row = {
                    "account_key": key,
                    "payment_id": f"P{key}-{n}",
                    "paid_on": on,
                    "amount": amount,
                    "net_amount": amount,
                }
                payments.append(row)
                if FIRST < on <= LAST:
                    self.paid[key] = self.paid.get(key, Decimal(0)) + amount
        rows = [snapshot(s.account, s.day, s.days_past_due, s.balance, s.status) for s in self.standings]
        self.engine = engine_over(folder, accounts=accounts, snapshots=rows, payments=payments)

    def ask(self, name: str, **params: object) -> list[dict[str, object]]:
        return self.engine.run(f"portfolio/{name}", params, WHOLE_BOOK).to_dicts()  # type: ignore[arg-type]


@draws(40)
@given(drawn=ACCOUNTS)
def test_figures_agree_with_plain_python_on_invented_books(drawn: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Invented(drawn, Path(folder))
        check_aging(book)
        check_transitions(book)
        check_net_flow(book)
        check_bridge(book)
        check_rows_add_up(book)
        book.engine.close()


def check_aging(book: Invented) -> None:
    got = {
        (r["currency"], r["bucket"]): (r["n_accounts"], r["balance"], r["share_accounts"], r["share_balance"])
        for r in book.ask("aging_buckets", as_of=LAST)
    }
    wanted = oracle.aging(book.standings, LAST)
    assert got.keys() == wanted.keys()
    for key, (n, balance, share_n, share_b) in wanted.items():
        assert got[key][:2] == (n, balance)
        assert got[key][2:] == (pytest.approx(share_n), pytest.approx(share_b) if share_b is not None else None)


def check_transitions(book: Invented) -> None:
    rows = book.ask("transitions", from_date=FIRST, to_date=LAST)
    got = {(r["currency"], r["from_bucket"], r["to_bucket"]): r for r in rows}
    wanted = oracle.transitions(book.standings, FIRST, LAST)
    assert got.keys() == wanted.keys()
    for key, move in wanted.items():
        assert (got[key]["n_accounts"], got[key]["balance_from"]) == (move.n_accounts, move.balance_from)
        assert got[key]["share_accounts"] == pytest.approx(move.share_accounts)
        assert got[key]["share_balance"] == (None if move.share_balance is None else pytest.approx(move.share_balance))
    for start in {key[:2] for key in got}:
        assert sum(r["share_accounts"] for k, r in got.items() if k[:2] == start) == pytest.approx(1)  # type: ignore[misc]


def check_net_flow(book: Invented) -> None:
    got = {(r["currency"], r["to_bucket"]): r["rate"] for r in book.ask("net_flow", from_date=FIRST, to_date=LAST)}
    wanted = oracle.net_flow(book.standings, FIRST, LAST)
    assert got == {key: None if rate is None else pytest.approx(rate) for key, rate in wanted.items()}


def check_bridge(book: Invented) -> None:
    has_both = {s.day for s in book.standings} == {FIRST, LAST}
    got = {
        (r["currency"], r["component"]): r["amount"] for r in book.ask("overdue_bridge", from_date=FIRST, to_date=LAST)
    }
    wanted = oracle.bridge(book.standings, book.paid, FIRST, LAST) if has_both else {}
    assert {key: amount for key, amount in got.items() if amount} == {k: a for k, a in wanted.items() if a}
    for currency in {key[0] for key in got}:
        parts = [amount for (c, component), amount in got.items() if c == currency and component != "closing"]
        assert sum(parts) == got[currency, "closing"]


def check_rows_add_up(book: Invented) -> None:
    for row in book.ask("aging_buckets", as_of=LAST):
        listed = [
            r
            for r in book.ask("accounts_in_bucket", as_of=LAST, bucket=row["bucket"])
            if r["currency"] == row["currency"]
        ]
        assert (len(listed), sum(r["balance"] for r in listed)) == (row["n_accounts"], row["balance"])  # type: ignore[misc]
    for row in book.ask("transitions", from_date=FIRST, to_date=LAST):
        asked = {"from_bucket": row["from_bucket"], "to_bucket": row["to_bucket"], "from_date": FIRST, "to_date": LAST}
        listed = [r for r in book.ask("transition_accounts", **asked) if r["currency"] == row["currency"]]
        assert (len(listed), sum(r["balance_from"] for r in listed)) == (row["n_accounts"], row["balance_from"])  # type: ignore[misc]
    for row in book.ask("overdue_bridge", from_date=FIRST, to_date=LAST):
        asked = {"component": row["component"], "from_date": FIRST, "to_date": LAST}
        listed = [r for r in book.ask("bridge_accounts", **asked) if r["currency"] == row["currency"]]
        assert (len(listed), sum(r["amount"] for r in listed)) == (row["n_accounts"], row["amount"])  # type: ignore[misc]


@pytest.fixture
def counted(tmp_path: Path) -> DuckDBEngine:
    """Ten M1 accounts at the end of September: six cured, one paid off, two in M2, one still M1."""
    later = [(0, None)] * 6 + [(0, "paid_off")] + [(45, None)] * 2 + [(28, None)]
    return engine_over(
        tmp_path,
        accounts=[account(key) for key in range(10)],
        snapshots=[
            *(snapshot(key, FIRST, 10, "100.00") for key in range(10)),
            *(
                snapshot(key, LAST, days, "0.00" if status else "90.00", status)
                for key, (days, status) in enumerate(later)
            ),
        ],
    )


def test_roll_and_cure_carry_the_wilson_interval_of_a_worked_example(counted: DuckDBEngine) -> None:
    row = counted.run("portfolio/roll_and_cure", {"from_date": FIRST, "to_date": LAST}, WHOLE_BOOK).to_dicts()[0]
    assert (row["n_accounts"], row["n_cured"], row["n_worse"]) == (10, 7, 2)
    # Wilson 95 % for 2 of 10, and for 7 of 10, from the closed form worked by hand
    assert (row["worse_low"], row["worse_high"]) == (pytest.approx(0.0567, abs=1e-4), pytest.approx(0.5098, abs=1e-4))
    assert (row["cured_low"], row["cured_high"]) == (pytest.approx(0.3968, abs=1e-4), pytest.approx(0.8922, abs=1e-4))


def test_a_day_without_any_snapshot_gives_no_rows_instead_of_a_book_of_exits(counted: DuckDBEngine) -> None:
    for name in ("transitions", "net_flow", "overdue_bridge", "roll_and_cure"):
        asked = {"from_date": FIRST, "to_date": date(2026, 11, 30)}
        assert counted.run(f"portfolio/{name}", asked, WHOLE_BOOK).is_empty(), name


def test_an_empty_earlier_bucket_gives_a_null_rate_and_never_zero(counted: DuckDBEngine) -> None:
    rows = counted.run("portfolio/net_flow", {"from_date": FIRST, "to_date": LAST}, WHOLE_BOOK).to_dicts()
    rates = {row["to_bucket"]: row["rate"] for row in rows}
    assert rates == {"M1": None, "M2": pytest.approx(0.18), **dict.fromkeys(BUCKETS[3:], None)}


def test_the_bucket_boundaries_fall_where_the_contract_says(tmp_path: Path) -> None:
    days = [0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 150, 151, 180, 181]
    engine = engine_over(
        tmp_path, accounts=[account(day) for day in days], snapshots=[snapshot(day, LAST, day, "1.00") for day in days]
    )
    rows = engine.run("portfolio/accounts_in_bucket", {"as_of": LAST, "bucket": "all"}, WHOLE_BOOK).to_dicts()
    found = {row["days_past_due"]: row["bucket"] for row in rows}
    assert [found[day] for day in days] == ["M0"] + [f"M{n}" for n in (1, 2, 3, 4, 5, 6) for _ in range(2)] + ["M7+"]


def test_accounts_about_to_cross_are_those_within_the_days_asked_for(tmp_path: Path) -> None:
    days = [0, 23, 24, 30, 31, 53, 54, 181]
    engine = engine_over(
        tmp_path, accounts=[account(day) for day in days], snapshots=[snapshot(day, LAST, day, "1.00") for day in days]
    )
    rows = engine.run("portfolio/about_to_cross", {"as_of": LAST}, WHOLE_BOOK).to_dicts()
    # day 24 enters M2 (31) in 7 days, day 30 tomorrow; day 54 enters M3 (61) in 7 days
    assert {row["days_past_due"]: row["days_left"] for row in rows} == {24: 7, 30: 1, 54: 7}


def vintage(engine: DuckDBEngine, *, ever: bool, min_bucket: str = "M2") -> dict[tuple[date, int], tuple[object, ...]]:
    rows = engine.run(
        "portfolio/vintage", {"as_of": LAST, "ever": ever, "min_bucket": min_bucket}, WHOLE_BOOK
    ).to_dicts()
    return {
        (r["cohort"], r["months_on_book"]): (r["n_accounts"], r["n_bad"], r["bad_balance"], r["is_complete"])
        for r in rows
    }


def test_vintage_keeps_an_account_that_was_bad_once_only_with_ever(tmp_path: Path) -> None:
    july, august, september = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)
    opened = {1: date(2026, 7, 10), 2: date(2026, 7, 20), 3: date(2026, 6, 1)}
    standings = [
        (1, july, 0, "1000.00"),
        (1, august, 35, "900.00"),
        (1, september, 0, "500.00"),
        (1, LAST, 0, "400.00"),
        (2, july, 0, "1000.00"),
        (2, august, 0, "950.00"),
        (2, september, 5, "950.00"),
        (2, LAST, 36, "940.00"),
        (3, july, 40, "700.00"),
        (3, LAST, 200, "0.00", "written_off"),
    ]
    engine = engine_over(
        tmp_path,
        accounts=[account(key, opened_on=day) for key, day in opened.items()],
        snapshots=[snapshot(*standing) for standing in standings],  # type: ignore[arg-type]
    )
    cohort, before = date(2026, 7, 1), date(2026, 6, 1)
    ever, now = vintage(engine, ever=True), vintage(engine, ever=False)
    assert [ever[cohort, m][1] for m in range(4)] == [0, 1, 1, 2]
    assert [ever[cohort, m][2] for m in range(4)] == [
        Decimal(0),
        Decimal("900.00"),
        Decimal("900.00"),
        Decimal("1840.00"),
    ]
    assert [now[cohort, m][1] for m in range(4)] == [0, 1, 0, 1]
    # opened before the first snapshot: nobody can say it was never bad earlier, so the curve is not complete
    assert ever[before, 4] == (1, 1, Decimal("700.00"), False)
    assert now[before, 4] == (1, 1, Decimal("700.00"), True)


def test_where_no_account_moved_the_change_has_no_limits_and_a_plunge_is_evident(tmp_path: Path) -> None:
    keys = range(200)
    engine = engine_over(
        tmp_path,
        accounts=[account(key, currency="CNY" if key < 100 else "USD") for key in keys],
        snapshots=[
            *(snapshot(key, FIRST, 20 if key % 2 else 0, "100.00") for key in keys),
            *(snapshot(key, LAST, (20 if key % 2 else 0) if key < 100 else 0, "100.00") for key in keys),
        ],
    )
    rows = engine.run("portfolio/rate_changes", {"from_date": FIRST, "to_date": LAST}, WHOLE_BOOK).to_dicts()
    by = {(row["currency"], row["rate"]): row for row in rows}
    same, fell = by["CNY", "overdue_balance"], by["USD", "overdue_balance"]
    assert (same["share_to"], same["change"]) == (pytest.approx(0.5), pytest.approx(0))
    assert (same["change_low"], same["change_high"]) == (None, None), "no spread is no certainty"
    assert (same["share_low"], same["share_high"]) == pytest.approx(wilson(50, 100), abs=1e-6)
    assert (fell["share_low"], fell["share_high"]) == pytest.approx(wilson(0, 100), abs=1e-6)
    assert (fell["share_from"], fell["share_to"]) == (pytest.approx(0.5), 0)
    assert fell["change_high"] < 0
