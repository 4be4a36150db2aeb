"""Recovery after write-off: worked by hand, and drawn books beside a loop over accounts and payments."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.small_books import Row, account, engine_over, snapshot

RECOMPUTES = {"write_off_recovery": "ask"}
AS_OF = date(2026, 12, 31)
ENDS = [date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]


def ask(engine: DuckDBEngine, name: str, **given: Scalar) -> list[dict[str, object]]:
    return engine.run(name, {"as_of": AS_OF, **given}, WHOLE_BOOK).to_dicts()


def payment(key: int, number: int, on: date, amount: str, reverses: str | None = None) -> Row:
    sign = -1 if reverses else 1
    return {
        "account_key": key,
        "payment_id": f"P{number}",
        "paid_on": on,
        "amount": Decimal(amount),
        "net_amount": sign * Decimal(amount),
        "reverses_payment_id": reverses,
    }


def test_three_definitions_of_one_cohort_by_hand(tmp_path: Path) -> None:
    """Written off on 31 July: A1 with 1000.00 still on the book, A2 with 0.00, so the 200.00 of June.

    | days | A1 paid          | A2 paid | gross              | net of 25 %        | mean of accounts          |
    |------|------------------|---------|--------------------|--------------------|---------------------------|
    | 0    | 0                | 0       | 0                  | 0                  | 0                         |
    | 30   | 100              | 0       | 100 / 1200         | 75 / 1200          | (0.1 + 0) / 2 = 0.05      |
    | 60   | 100 - 40         | 150     | 210 / 1200 = 0.175 | 157.5 / 1200       | (0.06 + 0.75) / 2 = 0.405 |

    A payment of the day itself (31 July) is not after it. A3 was written off before the book began: left out."""
    engine = engine_over(
        tmp_path,
        accounts=[account(key) for key in (1, 2, 3)],
        snapshots=[
            snapshot(1, ENDS[0], 200, "1000.00"),
            snapshot(1, ENDS[1], 231, "1000.00", "written_off"),
            snapshot(1, ENDS[2], 262, "900.00", "written_off"),
            snapshot(2, ENDS[0], 200, "200.00"),
            snapshot(2, ENDS[1], 231, "0.00", "written_off"),
            snapshot(3, ENDS[0], 400, "500.00", "written_off"),
        ],
        payments=[
            payment(1, 1, date(2026, 7, 31), "70.00"),
            payment(1, 2, date(2026, 8, 30), "100.00"),
            payment(1, 3, date(2026, 9, 2), "40.00", "P2"),
            payment(2, 4, date(2026, 9, 29), "150.00"),
            payment(3, 5, date(2026, 9, 29), "50.00"),
        ],
    )
    rows = ask(engine, "recovery/write_off_recovery", horizon_days=60, fee_share=0.25)
    assert [row["days_since"] for row in rows] == [0, 30, 60]
    assert {(row["cohort"], row["n_accounts"], row["written_off_balance"]) for row in rows} == {
        (date(2026, 7, 1), 2, Decimal("1200.00"))
    }
    assert [row["collected"] for row in rows] == [0, 100, 210]
    assert [row["fees"] for row in rows] == [0, 25, Decimal("52.50")]
    assert [row["recovery_gross"] for row in rows] == pytest.approx([0, 100 / 1200, 0.175])
    assert [row["recovery_net"] for row in rows] == pytest.approx([0, 75 / 1200, 157.5 / 1200])
    assert [row["recovery_mean"] for row in rows] == pytest.approx([0, 0.05, 0.405])
    listed = ask(engine, "recovery/write_off_accounts", cohort=date(2026, 7, 1), days_since=60)
    assert [(row["account_id"], row["written_off_balance"], row["collected"]) for row in listed] == [
        ("A1", Decimal("1000.00"), Decimal("60.00")),
        ("A2", Decimal("200.00"), Decimal("150.00")),
    ]
    # 30 days after 31 July is 30 August: on that day all are so old, on the 29th not yet
    for day, is_complete in ((date(2026, 8, 30), True), (date(2026, 8, 29), False)):
        (row,) = ask(engine, "recovery/write_off_recovery", horizon_days=30, as_of=day)[1:]
        assert row["is_complete"] is is_complete
    engine.close()


@pytest.mark.parametrize("seed", [7, 8])
def test_drawn_books_agree_with_a_loop(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    said: dict[int, list[tuple[date, str | None, Decimal]]] = {}
    paid: list[tuple[int, int, date, Decimal, str | None]] = []
    for key in range(1, 31):
        gone = rng.choice([None, 0, 1, 2, 3])
        for place, day in enumerate(ENDS):
            is_gone = gone is not None and place >= gone
            balance = Decimal(rng.choice([0, 300])) if is_gone else Decimal(rng.randrange(1, 900))
            said.setdefault(key, []).append((day, "written_off" if is_gone else None, balance))
        for _ in range(rng.randrange(5)):
            on, amount = ENDS[0] + timedelta(days=rng.randrange(170)), Decimal(rng.randrange(1, 200))
            paid.append((key, len(paid), on, amount, None))
            if rng.random() < 0.2:
                paid.append((key, len(paid), on + timedelta(days=9), amount, f"P{len(paid) - 1}"))
    engine = engine_over(
        tmp_path,
        accounts=[account(key, currency="CNY" if key % 3 else "USD") for key in said],
        snapshots=[snapshot(key, day, 200, b, status) for key, rows in said.items() for day, status, b in rows],
        payments=[payment(key, n, on, str(amount), reverses) for key, n, on, amount, reverses in paid],
    )
    wanted: dict[tuple[object, ...], list[Decimal]] = {}
    for key, rows in said.items():
        first = next((n for n, (_, status, _) in enumerate(rows) if status), None)
        if not first:
            continue  # never written off, or before the book began
        day, _, balance = rows[first]
        balance = balance or rows[first - 1][2]
        for age in (0, 30, 60, 90, 100):
            came = sum(
                ((-a if back else a) for k, _, on, a, back in paid if k == key and day < on <= day + timedelta(age)),
                Decimal(0),
            )
            cell = ("CNY" if key % 3 else "USD", day.replace(day=1), age)
            sums = wanted.setdefault(cell, [Decimal(0), Decimal(0), Decimal(0), Decimal(0)])
            for place, value in enumerate((Decimal(1), balance, came, came / balance)):
                sums[place] += value
    rows = ask(engine, "recovery/write_off_recovery", horizon_days=100)
    assert {(row["currency"], row["cohort"], row["days_since"]) for row in rows} == set(wanted)
    assert len({row["cohort"] for row in rows}) == 3
    for row in rows:
        n, balance, came, shares = wanted[row["currency"], row["cohort"], row["days_since"]]
        assert (row["n_accounts"], row["written_off_balance"], row["collected"]) == (n, balance, came)
        assert row["recovery_gross"] == row["recovery_net"] == pytest.approx(float(came / balance))
        assert row["recovery_mean"] == pytest.approx(float(shares / n))
    engine.close()
