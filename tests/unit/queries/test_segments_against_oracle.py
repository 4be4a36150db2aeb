"""The segments of a ratio agree with plain Python, add up to the ratio's own query, and open their rows."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.draws import draws
from tests.support.small_books import account, engine_over, snapshot
from tests.unit.queries import collection_oracle, oracle
from tests.unit.queries.collection_books import AS_OF, CURRENCY, MONEY, ask, book_of, payments_of
from tests.unit.queries.oracle import BUCKETS, Standing
from tests.unit.queries.test_promises_against_oracle import DRAWN, promises_of

RECOMPUTES = {
    "rate_and_mix": "portfolio/overdue_by_segment",
    "roll_overdue": "portfolio/moves_by_segment",
    "cure_overdue": "portfolio/moves_by_segment",
}
"""Metric to what is called here for the number that is computed a second time."""


FIRST, LAST = date(2026, 9, 30), date(2026, 10, 31)
A_DAY = st.tuples(
    st.sampled_from([0, 1, 30, 31, 60, 61, 90, 91, 150, 181, 300]),
    st.decimals("0.00", "9999.99", places=2),
    st.sampled_from([None, None, None, "paid_off", "written_off"]),
)
HOLDERS = st.lists(
    st.tuples(
        st.sampled_from(["CNY", "USD"]),
        st.sampled_from(["car", "card"]),
        st.sampled_from(["east", "west", None]),
        st.none() | A_DAY,
        st.none() | A_DAY,
        st.decimals("0.00", "500.00", places=2),
    ),
    min_size=1,
    max_size=20,
)


class Held:
    """Accounts with product and branch on two days, one payment each between them."""

    def __init__(self, drawn: Iterable[tuple], folder: Path) -> None:  # type: ignore[type-arg]
        self.standings: list[Standing] = []
        self.cut: dict[str, dict[int, str | None]] = {"product": {}, "branch": {}}
        self.paid: dict[int, Decimal] = {}
        accounts = []
        for key, (currency, product, branch, first, last, paid) in enumerate(drawn):
            accounts.append(account(key, currency=currency, product=product, branch=branch))
            self.cut["product"][key], self.cut["branch"][key], self.paid[key] = product, branch, paid
            for day, state in ((FIRST, first), (LAST, last)):
                if state is not None:
                    self.standings.append(Standing(key, currency, day, *state))
        self.engine: DuckDBEngine = engine_over(
            folder,
            accounts=accounts,
            snapshots=[snapshot(s.account, s.day, s.days_past_due, s.balance, s.status) for s in self.standings],
            payments=[
                {"account_key": key, "payment_id": f"P{key}", "paid_on": LAST, "amount": paid, "net_amount": paid}
                for key, paid in self.paid.items()
            ],
        )

    def on(self, day: date) -> list[Standing]:
        return [s for s in oracle.on(self.standings, day) if s.state in BUCKETS]


def summed(pairs: Iterable[tuple[tuple[object, ...], tuple[object, ...]]]) -> dict[tuple[object, ...], list[object]]:
    """(key, amounts) pairs to key -> sums, column by column."""
    found: dict[tuple[object, ...], list[object]] = {}
    for key, amounts in pairs:
        found[key] = [old + new for old, new in zip(found.get(key, [0] * len(amounts)), amounts, strict=True)]  # type: ignore[operator]
    return found


def answered(rows: list[dict[str, object]], *columns: str) -> dict[tuple[object, ...], list[object]]:
    return {(row["currency"], row["segment"]): [row[column] for column in columns] for row in rows}


@draws(40)
@given(drawn=HOLDERS, by=st.sampled_from(["product", "branch"]))
def test_segments_agree_with_plain_python(drawn, by) -> None:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder:
        book = Held(drawn, Path(folder))
        check_stock(book, by)
        check_steps(book, by, lambda s: book.cut[by][s.account])
        check_steps(book, "bucket", lambda s: s.state)
        check_bridge(book, by)
        book.engine.close()


def check_stock(book: Held, by: str) -> None:
    wanted = summed(
        (
            (s.currency, book.cut[by][s.account]),
            (
                1,
                s.balance,
                int(s.is_overdue),
                s.balance * s.is_overdue,
                int(s.days_past_due > 90),
                s.balance * (s.days_past_due > 90),
            ),
        )
        for s in book.on(LAST)
    )
    rows = ask(book.engine, "portfolio/overdue_by_segment", segment_by=by, as_of=LAST)
    columns = ("n_accounts", "balance", "n_overdue", "overdue_balance", "n_90_plus", "balance_90_plus")
    assert answered(rows, *columns) == wanted
    event(f"segments: {len(rows)}")


def check_steps(book: Held, by: str, segment: Callable[[Standing], str | None]) -> None:
    later = {s.account: s for s in oracle.on(book.standings, LAST)}
    for bucket in ("M0", "M1", "overdue"):
        wanted = summed(
            (
                (s.currency, segment(s)),
                (1, int(is_worse(s, later.get(s.account))), int(is_cured(s, later.get(s.account)))),
            )
            for s in book.on(FIRST)
            if later and (s.state == bucket or (bucket == "overdue" and s.is_overdue))
        )
        asked = {"from_bucket": bucket, "from_date": FIRST, "to_date": LAST}
        rows = ask(book.engine, "portfolio/moves_by_segment", segment_by=by, **asked)
        assert answered(rows, "n_accounts", "n_worse", "n_cured") == wanted
        listed = ask(book.engine, "portfolio/segment_moves", **asked)
        for way in ("worse", "cured"):
            assert sum(r[f"is_{way}"] for r in listed) == sum(r[f"n_{way}"] for r in rows)  # type: ignore[misc]


def is_worse(start: Standing, end: Standing | None) -> bool:
    if end is None or end.state == "paid_off":
        return False
    return end.state == "written_off" or BUCKETS.index(end.state) > BUCKETS.index(start.state)


def is_cured(start: Standing, end: Standing | None) -> bool:
    return end is not None and (end.state == "paid_off" or (start.is_overdue and end.state == "M0"))


def check_bridge(book: Held, by: str) -> None:
    days = {"from_date": FIRST, "to_date": LAST}
    rows = ask(book.engine, "portfolio/overdue_bridge_by", segment_by=by, **days)
    if {s.day for s in book.standings} != {FIRST, LAST}:
        assert rows == []
        return
    got = {(r["currency"], r["segment"], r["component"]): r["amount"] for r in rows if r["amount"]}
    wanted: dict[tuple[object, ...], Decimal] = {}
    for segment in set(book.cut[by].values()):
        mine = [s for s in book.standings if book.cut[by][s.account] == segment]
        for (currency, component), amount in oracle.bridge(mine, book.paid, FIRST, LAST).items():
            if amount:
                wanted[currency, segment, component] = amount
    assert got == wanted
    whole = {(r["currency"], r["component"]): r["amount"] for r in ask(book.engine, "portfolio/overdue_bridge", **days)}
    sums: dict[tuple[object, object], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["currency"], row["component"]] += row["amount"]  # type: ignore[operator]
    assert sums == whole


@draws(25)
@given(drawn=DRAWN, money=MONEY)
def test_kept_promises_of_all_segments_are_those_of_the_kept_ratio(drawn, money) -> None:  # type: ignore[no-untyped-def]
    promises, paid = promises_of(drawn), payments_of(money)
    judged = collection_oracle.judged(promises, paid, AS_OF, 1, Decimal(1))
    asked = {"from_date": date(2026, 6, 1), "to_date": AS_OF, "as_of": AS_OF, "grace_days": 1, "tolerance": 1.0}
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of(Path(folder), paid=paid, promises=promises)
        rows = ask(engine, "promises/kept_by_segment", segment_by="branch", **asked)
        whole = {
            row["currency"]: [row["n_matured"], row["n_kept"]] for row in ask(engine, "promises/kept_ratio", **asked)
        }
        engine.close()
    got = {row["currency"]: [row["n_matured"], row["n_kept"]] for row in rows}
    assert got == {currency: counts for currency, counts in whole.items() if counts[0]}
    due = [p for p in promises if p.promise_id in judged and asked["from_date"] <= p.due <= AS_OF]  # type: ignore[operator]
    kept = sum(judged[p.promise_id][0] == "kept" for p in due)
    assert sum(counts[1] for counts in got.values()) == kept  # type: ignore[misc]
    event(f"kept: {min(kept, 2)}")
    assert set(got) <= set(CURRENCY.values())


@pytest.mark.parametrize("by", ["product", "branch", "bucket"])
def test_recovery_of_all_segments_is_that_of_the_period(by: str, demo_book: Path) -> None:
    from duewatch.books.published import current_book
    from duewatch.contract.settings import Settings

    engine = DuckDBEngine(current_book(demo_book), Settings())
    days = {"from_date": date(2026, 10, 1), "to_date": LAST}
    rows = ask(engine, "recovery/recovery_by_segment", segment_by=by, **days)
    listed = ask(engine, "recovery/recovery_accounts", bucket="all", **days)
    engine.close()
    wanted = summed(((r["currency"], r[by]), (1, r["overdue_balance"], r["collected"])) for r in listed)
    assert answered(rows, "n_accounts", "overdue_balance", "collected") == wanted
    assert len(rows) > 3
