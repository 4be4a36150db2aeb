"""Days from entering a bucket to the first right-party contact: a loop over drawn stretches and contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import pytest

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import BUCKET_STARTS, Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.registry import METRICS
from duewatch.metrics.segments import Days, View, segments_of, units_of
from tests.support.floor_books import FloorBook, drawn, engine_of
from tests.unit.queries import collection_oracle as oracle

RECOMPUTES = {"days_to_right_party": "segments_of"}
DAYS = Days(date(2026, 9, 20), date(2026, 6, 10), date(2026, 9, 20))
BOUNDS = [*pairwise(BUCKET_STARTS[1:]), (BUCKET_STARTS[-1], None)]
METRIC = METRICS["days_to_right_party"]


@pytest.fixture(scope="module", params=[1, 2, 3])
def book(request: pytest.FixtureRequest) -> FloorBook:
    return drawn(request.param, n_contacts=900)


@pytest.fixture(scope="module")
def engine(book: FloorBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = engine_of(tmp_path_factory.mktemp("reached"), book)
    yield made
    made.close()


def first_contacts(book: FloorBook) -> list[tuple[int, str, int, str]]:
    """Account, bucket, days and contact of every stay in which the debtor was reached."""
    reached = []
    for stretch in book.stretches:
        for number, (start, following) in enumerate(BOUNDS, start=1):
            entered = stretch.due + timedelta(days=start)
            last = stretch.last or DAYS.end
            ended = ("written_off", "paid_off")
            day = entered
            while day <= last and book.last_said(stretch.account, day) not in ended:
                day += timedelta(days=1)
            last = min(last, day - timedelta(days=1))
            if not (stretch.first <= entered <= last and DAYS.start <= entered <= DAYS.end):
                continue
            left = min(last, DAYS.end)
            if following is not None:
                left = min(left, stretch.due + timedelta(days=following - 1))
            days = [
                (contact.on, place)
                for place, contact in enumerate(book.contacts)
                if contact.account == stretch.account
                and contact.direction == "out"
                and entered <= contact.on <= left
                and oracle.is_right_party(contact)
            ]
            if days:
                on, place = min(days)
                bucket = f"M{number}" if following else f"M{number}+"
                reached.append((stretch.account, bucket, (on - entered).days, book.contacts[place].contact_id))
    return reached


def test_each_stay_has_its_first_contact_with_the_debtor(book: FloorBook, engine: DuckDBEngine) -> None:
    rows = units_of(
        lambda name, params: engine.run(name, params, WHOLE_BOOK), View(METRIC), DAYS, Settings(), "all", "all"
    )
    answered = sorted(rows.select("bucket", "numerator", "unit_id").rows())
    assert answered == sorted((bucket, days, contact) for _, bucket, days, contact in first_contacts(book))
    assert len({bucket for bucket, _, _ in answered}) >= 2, "a book with one bucket compares too little"


def test_the_mean_of_each_bucket_and_its_limits_are_a_loops(book: FloorBook, engine: DuckDBEngine) -> None:
    by_group: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for account, bucket, days, _ in first_contacts(book):
        by_group[book.currency(account), bucket].append((book.debtor(account), days))
    settings = Settings(smallest_group=2)
    rows = segments_of(
        lambda name, params: engine.run(name, params, WHOLE_BOOK), View(METRIC, "bucket"), DAYS, settings
    )
    assert {(row["currency"], row["group_1"]) for row in rows.to_dicts()} == set(by_group)
    for row in rows.to_dicts():
        stays = by_group[row["currency"], row["group_1"]]
        assert (row["n_units"], row["numerator"]) == (len(stays), sum(days for _, days in stays))
        if len(stays) < settings.smallest_group:
            assert row["value"] is None
            continue
        mean = sum(days for _, days in stays) / len(stays)
        assert row["value"] == pytest.approx(mean)
        debtors: dict[int, float] = defaultdict(float)
        for debtor, days in stays:
            debtors[debtor] += days - mean
        n = len(debtors)
        if n > 1 and any(abs(apart) > 1e-9 for apart in debtors.values()):
            half = 1.959964 * sqrt(sum(apart**2 for apart in debtors.values()) * n / (n - 1)) / len(stays)
            assert (row["low"], row["high"]) == pytest.approx((max(0.0, mean - half), mean + half))
