"""Worked examples of the trade, each through the code that shows the number: Wilson limits by three ways in, the sample
size of a test, the day after the due date, the edges of the buckets, and what a month's length does to migration.

The figures were worked out by hand or are published; none comes from this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.intervals import wilson
from duewatch.metrics.registry import EXPLORABLE
from duewatch.metrics.segments import Days, View, segments_of
from duewatch.whatif.experiment import needed_in_all
from tests.support.small_books import account, engine_over
from tests.unit.ingest.conftest import ACCOUNTS, Source

AS_OF, MADE, DUE = date(2026, 10, 31), date(2026, 10, 1), date(2026, 10, 15)
WILSON = {(8, 10): (0.490, 0.943), (80, 100): (0.711, 0.867), (800, 1000): (0.774, 0.824), (0, 20): (0.0, 0.161)}
"""Kept of matured to the 95 % limits (Wilson 1927)."""


def kept_of(n_kept: int, n: int, folder: Path) -> DuckDBEngine:
    """A book of n promises of 10 due on DUE, each of an account and debtor of its own, of which n_kept were paid."""
    return engine_over(
        folder,
        accounts=[account(key) for key in range(n)],
        promises=[
            {
                "account_key": key,
                "promise_id": f"Z{key}",
                "made_at": datetime.combine(MADE, time()),
                "made_on": MADE,
                "due_on": DUE,
                "amount": 10,
            }
            for key in range(n)
        ],
        payments=[
            {"account_key": key, "payment_id": f"P{key}", "paid_on": DUE, "amount": 10, "net_amount": 10}
            for key in range(n_kept)
        ],
    )


@pytest.mark.parametrize(("counts", "limits"), WILSON.items(), ids=str)
def test_wilsons_limits_are_those_of_the_tables(
    counts: tuple[int, int], limits: tuple[float, float], tmp_path: Path
) -> None:
    n_kept, n = counts
    days = Days(AS_OF, date(2026, 10, 1), AS_OF)
    with closing(kept_of(n_kept, n, tmp_path)) as engine:
        asked = {"as_of": AS_OF, "from_date": days.start, "to_date": days.end}
        row = engine.run("promises/kept_ratio", asked, WHOLE_BOOK).row(0, named=True)
        view = View(EXPLORABLE["kept_ratio"])
        group = segments_of(lambda name, given: engine.run(name, given, WHOLE_BOOK), view, days, Settings())
    assert (row["n_kept"], row["n_matured"]) == counts
    assert (row["share_kept_low"], row["share_kept_high"]) == pytest.approx(limits, abs=5e-4)
    assert wilson(n_kept, n) == pytest.approx(limits, abs=5e-4)
    explored = group.row(0, named=True)
    assert explored["low"] <= row["share_kept_low"] + 1e-9, (
        "Explore's are Wilson's or, where clusters ask for it, wider"
    )
    assert explored["high"] >= row["share_kept_high"] - 1e-9
    assert (explored["low"], explored["high"]) == pytest.approx(limits, abs=0.02 if n > 10 else 0.2)


def test_a_test_of_30_against_32_per_cent_needs_8394_in_each_arm() -> None:
    """Fleiss, Levin & Paik (2003), ch. 4, without continuity correction; two-sided 5 %, power 80 %. The last unit
    hangs on the digits of z, so within two of the published figures."""
    assert needed_in_all(0.30, 0.02) == pytest.approx(2 * 8394, abs=2)
    assert needed_in_all(0.30, 0.02, meant_share=0.1) == pytest.approx(46353, rel=5e-4)


DPD: dict[str, tuple[date, dict[date, str]]] = {
    "first_day": (date(2025, 1, 30), {date(2025, 1, 31): "M1", date(2025, 2, 28): "M1", date(2025, 3, 31): "M2"}),
    "second_day": (date(2025, 1, 29), {date(2025, 1, 31): "M1", date(2025, 2, 28): "M1"}),
    "third_day": (date(2025, 1, 28), {date(2025, 1, 31): "M1", date(2025, 2, 28): "M2"}),
    "on_the_day": (date(2025, 1, 31), {date(2025, 1, 31): "M0", date(2025, 2, 28): "M1"}),
    "thirty_days": (date(2025, 5, 31), {date(2025, 6, 30): "M1", date(2025, 7, 31): "M3"}),
    "ninety_days": (date(2025, 5, 2), {date(2025, 7, 31): "M3", date(2025, 8, 31): "M5"}),
}
"""Name of an account that never pays to the due date of its only instalment, and its bucket at month-ends."""


@pytest.fixture(scope="module")
def unpaid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    source = Source(tmp_path_factory.mktemp("unpaid"))
    source.write("accounts.csv", ACCOUNTS + "".join(f"{name},D{name},card,CNY,2025-01-02,100.00\n" for name in DPD))
    lines = "".join(f"{name},{due.isoformat()},100.00,1\n" for name, (due, _) in DPD.items())
    source.write("instalments.csv", "account_id,due_on,amount,seq\n" + lines)
    source.write("payments.csv", "payment_id,account_id,paid_on,amount\n")
    source.load("[source]\nobserved_until = 2025-08-31\n")
    with closing(DuckDBEngine(current_book(source.books), Settings())) as engine:
        yield engine


@pytest.mark.parametrize("name", DPD)
def test_the_day_after_the_due_date_is_day_one_and_buckets_end_on_day_thirty(name: str, unpaid: DuckDBEngine) -> None:
    due, buckets = DPD[name]
    for day, bucket in buckets.items():
        frame = unpaid.run("portfolio/accounts_on_day", {"as_of": day}, WHOLE_BOOK)
        (row,) = [row for row in frame.to_dicts() if row["account_id"] == name]
        assert (row["days_past_due"], row["bucket"]) == ((day - due) / timedelta(days=1), bucket)


def test_month_end_migration_has_artefacts_of_the_calendar(unpaid: DuckDBEngine) -> None:
    """Nobody pays anything: February keeps one and two days late in M1, and a month of 31 days carries 30 days late
    over M2 into M3."""
    moves = {
        (start, row["account_id"]): (row["from_bucket"], row["to_bucket"])
        for start, end in ((date(2025, 1, 31), date(2025, 2, 28)), (date(2025, 6, 30), date(2025, 7, 31)))
        for row in unpaid.run("portfolio/account_moves", {"from_date": start, "to_date": end}, WHOLE_BOOK).to_dicts()
    }
    assert moves[date(2025, 1, 31), "first_day"] == moves[date(2025, 1, 31), "second_day"] == ("M1", "M1")
    assert moves[date(2025, 1, 31), "third_day"] == ("M1", "M2")
    assert moves[date(2025, 6, 30), "thirty_days"] == ("M1", "M3")


def test_the_30_day_step_has_none_of_them(unpaid: DuckDBEngine) -> None:
    """Whoever does not pay is one bucket on after thirty days, from M1 to M6."""
    moves = unpaid.run("portfolio/thirty_day_moves", {"to_date": date(2025, 8, 31)}, WHOLE_BOOK)
    known = [
        (row["from_bucket"], row["to_bucket"]) for row in moves.to_dicts() if row["from_bucket"] not in ("M0", "M7+")
    ]
    assert len(known) == len(DPD) - sum(bucket == "M7+" for bucket in moves["from_bucket"].to_list())
    assert all(int(end[1]) == int(start[1]) + 1 for start, end in known)
