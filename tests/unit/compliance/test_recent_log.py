"""Headroom reads the part of the log that may decide: it must say what the whole log says, and leave out no country."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from duewatch.books.published import Book, current_book
from duewatch.compliance import headroom
from duewatch.compliance.compiled_rules import EARLIER, Compiled
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_verdicts import rules_in_use
from duewatch.contract.settings import Settings
from duewatch.engines.planned_contacts import PlannedContactTables

DAY = date(2026, 10, 31)
ASKED = dict(zip(EARLIER, ("collapse_threads", "drop_misdirected", "consent_ends_on_conversation"), strict=True))


def caps() -> list[Compiled]:
    rules = [each for each in rules_in_use(load_packs(), (), Settings()) if headroom._has_headroom(each, DAY)]
    return [each for each in rules if each.rule.kind == "count_cap" and headroom._days_back(each)]


def told(book: Book, each: Compiled, since: date | None, earlier: Collection[str]) -> pl.DataFrame:
    with PlannedContactTables(book, Settings()) as bench:
        bench.copy_recent(since, earlier)
        found = headroom._rows(bench, each, DAY)
        return found.sort("debtor_key", "account_key", "used", "unsure", "last_on", "frees_on")


SPOILT = {
    "threads": "select 1",
    "wrong_numbers": "update contacts set outcome = 'wrong_number' where local_date < $since and account_key % 2 = 0",
    "talks": """
        insert into flags by name
        select distinct on (debtor_key) debtor_key, 'F' || debtor_key as flag_id, 'call_frequency_consent' as kind,
               timestamp '2020-01-01' as valid_from, date '2020-01-01' as valid_from_on
        from contacts where local_date < $since""",
}
"""What is done to a book so that contacts from before the window decide about some inside it."""


@pytest.mark.parametrize("what", EARLIER)
def test_a_rule_that_asks_for_earlier_contacts_gets_them(demo_book: Path, tmp_path: Path, what: str) -> None:
    """And without them it would say something else."""
    plain = next(each for each in caps() if each.rule.id == "house.daily_contacts")
    consent = {"consent_flag": "call_frequency_consent"} if what == "talks" else {}
    each = replace(plain, params={**plain.params, **consent, "channels": "", "outcomes": "", ASKED[what]: True})
    assert each.needs_earlier == {what}
    since = DAY - timedelta(days=headroom._days_back(each) or 0)
    book = replace(current_book(demo_book), path=tmp_path / "book.duckdb")
    shutil.copy(current_book(demo_book).path, book.path)
    with duckdb.connect(str(book.path)) as con:
        con.execute(SPOILT[what].replace("$since", f"date '{since}'"))
    asked = [told(book, each, day, earlier) for day, earlier in ((since, {what}), (None, ()), (since, ()))]
    assert_frame_equal(asked[0], asked[1])
    assert not asked[2].equals(asked[1])


def test_a_rule_is_left_out_only_where_neither_country_nor_currency_can_be_its_own() -> None:
    rule = next(each for each in caps() if each.rule.id == "us.reg_f.call_frequency")
    assert rule.may_concern([("|CN|", "CNY"), ("|CN|US|", "CNY")])
    assert rule.may_concern([(None, "USD")])
    assert not rule.may_concern([("|CN|", "CNY"), (None, "CNY")])
    assert not rule.may_concern([])
    house = next(each for each in caps() if each.rule.id == "house.daily_contacts")
    assert house.may_concern([(None, "CNY")])
