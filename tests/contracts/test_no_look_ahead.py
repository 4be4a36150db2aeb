"""No look-ahead: an answer as of a day does not change with what came about after it.

The demo book is compared with a copy from which everything after the day is gone: closed accounts, payments,
contacts, promises, flags, disputes, snapshots, and the endings of what had begun. Every query that takes a day as its
last must say the same of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from duewatch.books.published import current_book
from duewatch.compliance.process_rules import load_process, process_verdicts
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file, query_names
from tests.contracts.test_queries import COMPILED
from tests.support.earlier_books import ENDED, HAPPENED, until

DAY, BEFORE, LAST_DAY = date(2026, 8, 31), date(2026, 7, 31), date(2026, 10, 31)
LAST = ("as_of", "to_date", "on_day")
"""Parameters that name the last day a query may know of; `to_date` only where there is no as_of."""
GIVEN: dict[str, object] = {
    "as_of": DAY,
    "from_date": BEFORE,
    "to_date": DAY,
    "on_day": DAY,
    "bucket": "M1",
    "from_bucket": "M1",
    "to_bucket": "M2",
    "component": "new_entry",
    "entry_bucket": "M1",
    "cohort": date(2026, 7, 1),
    "days_since_entry": 30,
    "gap": "midnight_stamp",
    "hours_from": 9,
    "hours_to": 20,
    "late_from_days": 31,
    "within_days": 30,
    "split_on": date(2026, 8, 16),
    "hold_dispute_days": 7,
    "hold_promise_days": 7,
    "group_name": "K0001",
}
JUDGED = [
    name
    for name in query_names()
    if name not in COMPILED and any(param.name in LAST for param in query_file(name).params)
]
"""All but the kinds of rule, which are asked over the whole log by the rule's own parameters (duewatch.compliance). The
law has no other exception."""
Pair = tuple[DuckDBEngine, DuckDBEngine]


@pytest.fixture(scope="module")
def engines(demo_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    book = current_book(demo_book)
    earlier = until(book, DAY, tmp_path_factory.mktemp("earlier"))
    with closing(DuckDBEngine(book, Settings())) as whole, closing(DuckDBEngine(earlier, Settings())) as cut:
        GIVEN["account_id"] = _busy_account(whole)
        yield whole, cut


def _busy_account(engine: DuckDBEngine) -> str:
    """The account with most contacts after the day, so that there is something to look ahead at."""
    with duckdb.connect(str(engine.book.path), read_only=True) as con:
        row = con.execute(
            "select account_id from contacts join accounts using (account_key) where local_date > ? "
            "group by account_id order by count(*) desc, account_id limit 1",
            [DAY],
        ).fetchone()
    assert row
    return str(row[0])


def answer(engine: DuckDBEngine, name: str) -> pl.DataFrame:
    params = {param.name: GIVEN[param.name] for param in query_file(name).params if param.name in GIVEN}
    found = engine.run(name, params, WHOLE_BOOK)  # type: ignore[arg-type]
    plain = found.with_columns(
        pl.col(column).cast(pl.List(pl.String)).list.join("|")
        for column, kind in found.schema.items()
        if isinstance(kind, pl.List)
    )
    return plain.sort(plain.columns)


def test_the_earlier_book_has_lost_something_of_every_table(engines: Pair) -> None:
    whole, cut = ({table: _n_rows(engine, table) for table in HAPPENED} for engine in engines)
    assert [table for table in HAPPENED if whole[table] == cut[table] and table != "findings"] == []
    assert all(cut.values()), "a law over empty tables would judge nothing"
    for table, column, _ in ENDED:
        assert _n_rows(engines[1], table, column) <= _n_rows(engines[0], table, column)


def _n_rows(engine: DuckDBEngine, table: str, column: str = "*") -> int:
    with duckdb.connect(str(engine.book.path), read_only=True) as con:
        row = con.execute(f"select count({column}) from {table}").fetchone()
    return int(row[0]) if row else 0


def test_enough_queries_are_judged() -> None:
    assert len(JUDGED) > 60


@pytest.mark.parametrize("name", JUDGED)
def test_what_came_later_changes_no_answer_as_of_a_day(name: str, engines: Pair) -> None:
    whole, cut = (answer(engine, name) for engine in engines)
    assert_frame_equal(whole, cut, rel_tol=1e-9, abs_tol=1e-12)


def checks_up_to_the_day(engine: DuckDBEngine, as_of: date) -> pl.DataFrame:
    """Every check of the process that counts up to DAY, judged on the later day `as_of`, as ingest judges them; without
    the detail, which tells of a breach by how much an answer came too late."""
    found = process_verdicts(
        lambda name, params: engine.run(name, params, WHOLE_BOOK),
        load_process(),
        Settings(),
        as_of=as_of,
        period=(date(2026, 1, 1), DAY),
    )
    found = found.drop("detail")
    return found.sort(found.columns)


def test_the_checks_of_a_past_month_are_what_was_decided_in_it(engines: Pair) -> None:
    """A book is judged on its last day; what counts up to DAY is what a book that ended on DAY had counted."""
    whole, cut = (checks_up_to_the_day(engine, day) for engine, day in zip(engines, (LAST_DAY, DAY), strict=True))
    assert_frame_equal(whole, cut)
    rules = whole.filter(pl.col("happened_on") > BEFORE)["rule_id"].unique()
    assert {"house.dispute_answered", "house.promise_recorded", "house.promise_quiet"} <= set(rules)
    later = checks_after_the_day(engines[0])
    assert later.height > 0, "a law over a book where nothing was decided later would judge nothing"


def checks_after_the_day(engine: DuckDBEngine) -> pl.DataFrame:
    """Disputes opened up to DAY whose answer was decided later."""
    found = engine.run("process/dispute_steps", {"as_of": LAST_DAY}, WHOLE_BOOK)
    with duckdb.connect(str(engine.book.path), read_only=True) as con:
        opened = con.execute("select dispute_id as item_id from disputes where opened_on <= ?", [DAY]).pl()
    return found.filter(pl.col("happened_on") > DAY).join(opened, on="item_id")
