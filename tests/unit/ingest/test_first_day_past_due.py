"""The first day past due: the day after the due date, the due date itself, or later by the days of grace.

| account | due                    | paid                     | days with something unpaid at their end |
|---------|------------------------|--------------------------|------------------------------------------|
| A1      | 28 Mar, 28 Apr, 28 May | 31 Mar, 1 May, 31 May    | 28-30 Mar, 28-30 Apr, 28-30 May          |
| A2      | 20 Mar                 | never                    | 20 Mar on                                |
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from duewatch.books.published import current_book
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines import Scalar
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.ingest.build import ingest

FILES = {
    "debtors": ["debtor_id,time_zone", "D1,Asia/Shanghai", "D2,Asia/Shanghai"],
    "accounts": [
        "account_id,debtor_id,product,currency,opened_on,original_amount",
        "A1,D1,card,CNY,2026-03-01,3000",
        "A2,D2,card,CNY,2026-03-01,500",
    ],
    "instalments": [
        "account_id,due_on,amount,seq",
        "A1,2026-03-28,1000,1",
        "A1,2026-04-28,1000,2",
        "A1,2026-05-28,1000,3",
        "A2,2026-03-20,500,1",
    ],
    "payments": [
        "payment_id,account_id,paid_on,amount",
        "Y1,A1,2026-03-31,1000",
        "Y2,A1,2026-05-01,1000",
        "Y3,A1,2026-05-31,1000",
    ],
}
MAPPING = "[source]\nobserved_until = 2026-05-31\n"


@contextmanager
def asked(folder: Path, settings: Settings) -> Iterator[DuckDBEngine]:
    source = folder / "source"
    source.mkdir()
    for name, lines in FILES.items():
        (source / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = folder / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    ingest(source, books=folder / "books", mapping=mapping, settings=settings)
    engine = DuckDBEngine(current_book(folder / "books"), settings)
    yield engine
    engine.close()


def stretches(engine: DuckDBEngine, account_id: str) -> list[tuple[object, ...]]:
    """First day, last day, days past due on each."""
    frame = engine.run("accounts/account_days", {"account_id": account_id, "as_of": date(2026, 5, 31)}, WHOLE_BOOK)
    return [row[:4] for row in frame.rows() if row[4] == "daily"]


def days_past_due(engine: DuckDBEngine, as_of: date) -> dict[str, int]:
    rows = engine.run("portfolio/accounts_on_day", {"as_of": as_of}, WHOLE_BOOK)
    return dict(rows.select("account_id", "days_past_due").rows())


@pytest.mark.parametrize(
    ("settings", "a1", "a2_on_31_march"),
    [
        # day 1 is 29 March, and the payment of the 31st ends it: 2 days, three times
        (Settings(), [((3, 29), (3, 30), 1, 2), ((4, 29), (4, 30), 1, 2), ((5, 29), (5, 30), 1, 2)], 11),
        # day 1 is the 28th itself: 3 days; 20 March is day 1, so 31 March is day 12
        (
            Settings(due_date_is_day_one=True),
            [((3, 28), (3, 30), 1, 3), ((4, 28), (4, 30), 1, 3), ((5, 28), (5, 30), 1, 3)],
            12,
        ),
        # one day of grace: not past due on the 29th, on the 30th it is day 2
        (Settings(days_of_grace=1), [((3, 30), (3, 30), 2, 2), ((4, 30), (4, 30), 2, 2), ((5, 30), (5, 30), 2, 2)], 11),
        # three days of grace: paid within them, never past due
        (Settings(days_of_grace=3), [], 11),
        # both: day 1 is the 28th, and within the 29th it is forgiven; 30 March is day 3
        (
            Settings(due_date_is_day_one=True, days_of_grace=2),
            [((3, 30), (3, 30), 3, 3), ((4, 30), (4, 30), 3, 3), ((5, 30), (5, 30), 3, 3)],
            12,
        ),
        # eleven days of grace for 20 March last until 31 March
        (Settings(days_of_grace=11), [], 0),
    ],
)
def test_days_past_due_begin_where_the_settings_say(
    tmp_path: Path, settings: Settings, a1: list[tuple[tuple[int, int], tuple[int, int], int, int]], a2_on_31_march: int
) -> None:
    with asked(tmp_path, settings) as engine:
        assert stretches(engine, "A1") == [
            (date(2026, *first), date(2026, *last), on_first, on_last) for first, last, on_first, on_last in a1
        ]
        assert days_past_due(engine, date(2026, 3, 31)) == {"A1": 0, "A2": a2_on_31_march}
        # at the end of April nothing is forgiven any more: 20 March to 30 April is 41 days, 42 where it is day 1
        assert days_past_due(engine, date(2026, 4, 30))["A2"] == (42 if settings.due_date_is_day_one else 41)


def test_with_three_days_of_grace_an_instalment_paid_within_them_enters_nothing(tmp_path: Path) -> None:
    given: dict[str, Scalar] = {"from_date": date(2026, 3, 1), "to_date": date(2026, 5, 31), "as_of": date(2026, 5, 31)}
    entered = {}
    for name, settings in {"none": Settings(), "three": Settings(days_of_grace=3)}.items():
        folder = tmp_path / name
        folder.mkdir()
        with asked(folder, settings) as engine:
            falling = engine.run("portfolio/accounts_falling_due", given, WHOLE_BOOK)
            entered[name] = falling.filter(falling["is_entered"])["account_id"].to_list()
    # A1 was past due on the 29th three times; A2 on 21 March, and on 24 March still
    assert entered == {"none": ["A2", "A1", "A1", "A1"], "three": ["A2"]}


def test_stages_count_from_the_first_day_past_due(tmp_path: Path) -> None:
    """A2: 20 March is day 1, so day 30 is 18 April and day 31 the 19th; without it one day later."""
    given: dict[str, Scalar] = {"from_date": date(2026, 3, 1), "to_date": date(2026, 4, 30), "as_of": date(2026, 5, 31)}
    for name, settings, days in (
        ("next", Settings(), {"M1": 30, "M2-M3": 11}),
        ("same", Settings(due_date_is_day_one=True), {"M1": 30, "M2-M3": 12}),
    ):
        folder = tmp_path / name
        folder.mkdir()
        with asked(folder, settings) as engine:
            rows = engine.run("process/intensity_accounts", given, WHOLE_BOOK)
            told = {row["stage"]: row["account_days"] for row in rows.to_dicts() if row["account_id"] == "A2"}
            assert told == days
