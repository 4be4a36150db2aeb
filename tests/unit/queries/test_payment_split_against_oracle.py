"""What money paid is split as a loop over instalments, one cent bucket at a time, splits it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import event, given
from hypothesis import strategies as st

from tests.support.draws import draws
from tests.support.small_books import account, engine_over, snapshot
from tests.unit.queries.collection_books import ask

RECOMPUTES = {"recovery_split": "recovery/split_by_state"}
"""Metric to what is called here for the number that is computed a second time."""


START, END = date(2026, 9, 1), date(2026, 9, 30)
DAY = st.integers(-40, 29).map(lambda n: START + timedelta(days=n))
DUE = st.integers(-50, 90).map(lambda n: START + timedelta(days=n))
AMOUNT = st.sampled_from([Decimal(text) for text in ("0.01", "40.00", "100.00", "100.00", "250.00")])
LOANS = st.lists(
    st.tuples(
        st.lists(st.tuples(DUE, AMOUNT), max_size=5),
        st.lists(st.tuples(DAY, AMOUNT, st.none() | st.integers(0, 50)), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=4,
)


def split(
    dues: Sequence[tuple[date, Decimal]], paid: Sequence[tuple[date, Decimal, int | None]], current_days: int
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Overdue, current, advance, unassigned: each payment in order of days fills the oldest open instalment first."""
    open_ones = [[due, amount] for due, amount in sorted(dues)]
    parts = {"overdue": Decimal(0), "current": Decimal(0), "advance": Decimal(0), "unassigned": Decimal(0)}
    good = [(on, a) for on, a, back in paid if back is None or on + timedelta(days=back) > END]
    for on, amount in sorted(good):
        left = amount
        for instalment in open_ones:
            taken = min(left, instalment[1])
            instalment[1] -= taken  # type: ignore[operator]
            left -= taken
            if taken and on >= START:
                late, soon = instalment[0] < on, instalment[0] <= on + timedelta(days=current_days)  # type: ignore[operator]
                parts["overdue" if late else "current" if soon else "advance"] += taken
        if on >= START:
            parts["advance" if dues else "unassigned"] += left
    return tuple(parts.values())  # type: ignore[return-value]


@draws(25)
@given(loans=LOANS, current_days=st.sampled_from([0, 7, 30]))
def test_the_split_agrees_with_filling_instalments_one_by_one(loans, current_days) -> None:  # type: ignore[no-untyped-def]
    opening = START - timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_over(
            Path(folder),
            accounts=[account(key) for key in range(len(loans))],
            snapshots=[snapshot(0, opening, 10, "100.00"), snapshot(1, opening, 0, "0", "written_off")][: len(loans)],
            instalments=[
                {"account_key": key, "due_on": due, "amount": amount, "seq": n}
                for key, (dues, _) in enumerate(loans)
                for n, (due, amount) in enumerate(dues)
            ],
            payments=[row for key, (_, paid) in enumerate(loans) for row in payment_rows(key, paid)],
        )
        asked = {"from_date": START, "to_date": END, "current_days": current_days}
        rows = ask(engine, "recovery/payment_split", **asked)
        totals = ask(engine, "recovery/split_by_state", **asked)
        engine.close()
    columns = ("to_overdue", "to_current", "to_advance", "unassigned")
    wanted = {f"A{key}": split(dues, paid, current_days) for key, (dues, paid) in enumerate(loans)}
    assert {r["account_id"]: tuple(r[c] for c in columns) for r in rows} == {k: v for k, v in wanted.items() if sum(v)}
    for row in rows:
        assert row["paid"] == sum(row[c] for c in columns)  # type: ignore[misc]
        assert row["state"] == {"A0": "M1", "A1": "written_off"}.get(str(row["account_id"]), "none")
    for total in totals:
        mine = [r for r in rows if r["state"] == total["state"]]
        for column in ("paid", *columns):
            assert total[column] == sum(r[column] for r in mine)  # type: ignore[misc]
        assert (total["share_overdue"] is None) == (total["paid"] == total["unassigned"])
    for place, name in enumerate(columns):
        event(f"{name}: {any(told[place] for told in wanted.values())}")


def payment_rows(key: int, paid: Sequence[tuple[date, Decimal, int | None]]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for n, (on, amount, back) in enumerate(paid):
        rows.append(
            {"account_key": key, "payment_id": f"P{key}-{n}", "paid_on": on, "amount": amount, "net_amount": amount}
        )
        if back is not None:
            rows.append(
                {
                    "account_key": key,
                    "payment_id": f"R{key}-{n}",
                    "paid_on": on + timedelta(days=back),
                    "amount": amount,
                    "net_amount": -amount,
                    "reverses_payment_id": f"P{key}-{n}",
                }
            )
    return rows
