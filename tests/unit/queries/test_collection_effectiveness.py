"""The collection effectiveness index gives its worked example and agrees with a loop over accounts."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from tests.support.draws import draws
from tests.support.small_books import account, engine_over
from tests.unit.queries.collection_books import ask
from tests.unit.queries.test_further_against_oracle import LOANS, START, book_of_loans, paid_by

RECOMPUTES = {"cei": "recovery/collection_effectiveness"}
"""Metric to what is called here for the number that is computed a second time."""


FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def test_the_worked_example_is_56_per_cent(tmp_path: Path) -> None:
    """6,200 at the start, 10,890 / 3 a month, 6,340 at the end, 3,590 of it current."""
    dues = ((date(2026, 8, 15), 6200), (date(2026, 9, 10), 40), (LAST, 3590))
    engine = engine_over(
        tmp_path,
        accounts=[account(1)],
        instalments=[
            {"account_key": 1, "due_on": on, "amount": amount, "seq": n} for n, (on, amount) in enumerate(dues)
        ],
        payments=[
            {"account_key": 1, "payment_id": "P", "paid_on": date(2026, 9, 20), "amount": 3490, "net_amount": 3490}
        ],
    )
    row = ask(engine, "recovery/collection_effectiveness", from_date=FIRST, to_date=LAST)[0]
    engine.close()
    told = [row[name] for name in ("opening_open", "fell_due", "closing_open", "closing_current")]
    assert told == [6200, 3630, 6340, 3590]
    assert round(row["cei"], 3) == 0.559  # type: ignore[call-overload]


@draws(10)
@given(loans=LOANS)
def test_the_index_agrees_with_a_loop_over_accounts(loans) -> None:  # type: ignore[no-untyped-def]
    day_before, wanted = FIRST - timedelta(1), {}
    assert START < FIRST
    for key, (dues, paid) in enumerate(loans):

        def still_open(until: date, by: date, dues=dues, paid=paid) -> Decimal:  # type: ignore[no-untyped-def]
            owed = sum((amount for on, amount in dues if on <= until), Decimal(0))
            return max(owed - max(paid_by(paid, by), Decimal(0)), Decimal(0))

        opening, closing = still_open(day_before, day_before), still_open(LAST, LAST)
        fell = still_open(LAST, day_before) - opening
        current = min(closing, sum((amount for on, amount in dues if on == LAST), Decimal(0)))
        if opening or fell or closing:
            wanted[f"A{key}"] = (opening, fell, closing, current, opening + fell - closing)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of_loans(loans, Path(folder))
        rows = ask(engine, "recovery/receivables_moved", from_date=FIRST, to_date=LAST)
        total = ask(engine, "recovery/collection_effectiveness", from_date=FIRST, to_date=LAST)
        engine.close()
    columns = ("opening_open", "fell_due", "closing_open", "closing_current", "collected")
    assert {r["account_id"]: tuple(r[c] for c in columns) for r in rows} == wanted
    for row in total:
        sums = [sum(told[place] for told in wanted.values()) for place in range(5)]
        assert [row[c] for c in columns] == sums
        whole = sums[0] + sums[1] - sums[3]
        assert row["cei"] == (pytest.approx(float(sums[4]) / float(whole)) if whole else None)
