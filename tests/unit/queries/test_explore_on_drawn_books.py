"""Connect and right-party rates of Explore, by group, with their limits: plain Python over drawn contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.registry import EXPLORABLE
from duewatch.metrics.segments import NO_DIMENSION, Days, View, segments_of, units_of
from tests.support.floor_books import FloorBook, drawn, engine_of
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_oracle import Contact, clustered

DAYS = Days(date(2026, 9, 10), date(2026, 7, 1), date(2026, 9, 10))
"""Contacts before the period and after it are in the book."""
LEAST = 5
DIMS: dict[str, Callable[[FloorBook, Contact], str]] = {
    NO_DIMENSION: lambda book, contact: "all",
    "channel": lambda book, contact: contact.channel,
    "bucket": lambda book, contact: oracle.bucket_at(book.seen, contact.account, contact.on),
    "product": lambda book, contact: "loan",
    "team": lambda book, contact: "unknown",
}


def hit(metric: str, contact: Contact) -> bool | None:
    """Whether it got through; None where that is not known, which takes it out of both sides."""
    return contact.outcome in oracle.ANSWERED if metric == "connected_share" else oracle.is_right_party(contact)


@pytest.fixture(scope="module", params=[1, 2])
def book(request: pytest.FixtureRequest) -> FloorBook:
    return drawn(request.param)


@pytest.fixture(scope="module")
def engine(book: FloorBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = engine_of(tmp_path_factory.mktemp("explored"), book)
    yield made
    made.close()


@pytest.mark.parametrize("dims", [(NO_DIMENSION, NO_DIMENSION), ("channel", "bucket"), ("team", "product")])
@pytest.mark.parametrize("metric", ["connected_share", "right_party_share"])
def test_the_rate_of_each_group_and_its_limits_are_a_loops(
    metric: str, dims: tuple[str, str], book: FloorBook, engine: DuckDBEngine
) -> None:
    groups: dict[tuple[str, ...], list[tuple[int, bool]]] = defaultdict(list)
    for contact in book.contacts:
        got = hit(metric, contact)
        if contact.direction == "out" and DAYS.start <= contact.on <= DAYS.end and got is not None:
            place = (book.currency(contact.account), *(DIMS[dim](book, contact) for dim in dims))
            groups[place].append((book.debtor(contact.account), got))
    view, settings = View(EXPLORABLE[metric], *dims), Settings(smallest_group=LEAST)
    rows = segments_of(lambda name, given: engine.run(name, given, WHOLE_BOOK), view, DAYS, settings).to_dicts()
    assert {(row["currency"], row["group_1"], row["group_2"]) for row in rows} == set(groups)
    for row in rows:
        mine = groups[row["currency"], row["group_1"], row["group_2"]]
        hits = [got for _, got in mine]
        assert (row["n_units"], row["numerator"], row["denominator"]) == (len(mine), sum(hits), len(mine))
        assert row["n_debtors"] == len({debtor for debtor, _ in mine})
        assert row["is_few"] == (len(mine) < LEAST)
        if row["is_few"]:
            assert (row["value"], row["low"], row["high"]) == (None, None, None)
        else:
            assert row["value"] == pytest.approx(sum(hits) / len(hits))
            assert (row["low"], row["high"]) == pytest.approx(clustered(mine), abs=1e-9)
    if dims[0] == "channel":
        assert {row["is_few"] for row in rows} == {True, False}


@pytest.mark.parametrize("metric", ["connected_share", "right_party_share"])
def test_the_contacts_behind_the_rate_are_those_of_a_loop(metric: str, book: FloorBook, engine: DuckDBEngine) -> None:
    wanted = {
        contact.contact_id: int(bool(hit(metric, contact)))
        for contact in book.contacts
        if contact.direction == "out" and DAYS.start <= contact.on <= DAYS.end and hit(metric, contact) is not None
    }
    ask = lambda name, given: engine.run(name, given, WHOLE_BOOK)  # noqa: E731
    units = units_of(ask, View(EXPLORABLE[metric]), DAYS, Settings(), "all", "all")
    assert dict(units.select("unit_id", "numerator").rows()) == wanted
    assert set(units["denominator"]) == {1}


def test_without_contacts_there_is_no_rate(engine: DuckDBEngine) -> None:
    empty = Days(date(2025, 1, 31), date(2025, 1, 1), date(2025, 1, 31))
    for metric in ("connected_share", "right_party_share"):
        view = View(EXPLORABLE[metric])
        assert segments_of(lambda name, given: engine.run(name, given, WHOLE_BOOK), view, empty, Settings()).is_empty()
