"""A rule's query that stands planned on the bench says what it says when it is planned anew over what lies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from duewatch.books.published import current_book
from duewatch.compliance.next_allowed_contact import next_contacts
from duewatch.compliance.packs import load_packs
from duewatch.engines import Scalar
from duewatch.engines.planned_contacts import _VERDICTS, PlannedContactTables
from duewatch.engines.query_files import QueryFile


@pytest.mark.slow
def test_a_plan_made_once_says_what_a_plan_made_anew_says(demo_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over every judgement of a search for next times: rows are laid anew before each, some months ahead."""
    asked: list[str] = []
    real = PlannedContactTables.verdicts

    def both(
        bench: PlannedContactTables, query: QueryFile, params: Mapping[str, Scalar], readings: Sequence[tuple[str, ...]]
    ) -> pl.DataFrame:
        found = real(bench, query, params, readings)
        anew = bench.rows(_VERDICTS.replace("{query}", query.sql), query.bound(params))
        assert_frame_equal(found, anew, check_row_order=False)
        asked.append(query.name)
        return found

    monkeypatch.setattr(PlannedContactTables, "verdicts", both)
    book = current_book(demo_book)
    with duckdb.connect(str(book.path), read_only=True) as con:
        busiest = con.execute(
            "select account_id from contacts join accounts using (account_key) where local_date > date '2026-10-20' "
            "group by account_id, accounts.currency order by accounts.currency = 'USD' desc, "
            "count(*) desc, account_id limit 3"
        ).fetchall()
    ways = [(str(account), channel) for (account,) in busiest for channel in ("call", "letter")]
    answers = next_contacts(book, load_packs(), ways, on_day=date(2026, 10, 31))
    assert answers.height == len(ways)
    assert len(asked) > 20
    assert len(asked) > len(set(asked)), "each rule is asked more than once, so that a plan is used again"
