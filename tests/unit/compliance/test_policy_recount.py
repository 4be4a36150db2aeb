"""Policy re-count: the grid, the breaches and the replay against plain loops and against the rule's own query."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.books.published import Book
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.compliance.rule_kinds import CountCap, Filter, Window
from duewatch.contract.errors import RuleError
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.engines.query_files import query_file
from tests.support.contact_logs import Contact, a_book, a_rule

RECOMPUTES = {
    "recount_counted": "recount.replay_limit",
    "recount_over": "recount.grid",
    "recount_stopped": "recount.stopped",
}
"""Metric to what is called here for the number that is computed a second time."""


FIRST = date(2026, 2, 20)
CALLS = Filter(channel=("call",))
UNITS = (
    Window("local_date", 1),
    Window("local_date", 7),
    Window("day"),
    Window("week"),
    Window("week", 1, "sun"),
    Window("month"),
    Window("lifetime"),
)


def a_log(seed: int, n_debtors: int = 30) -> list[Contact]:
    """Invented calls with ties of instant and of day, some of unknown outcome's kind or zone."""
    draw = np.random.default_rng(seed)
    contacts = []
    for debtor in range(1, n_debtors + 1):
        for each in range(int(draw.integers(0, 40))):
            at = datetime(2026, 2, 20, 9, tzinfo=UTC) + timedelta(hours=int(draw.integers(0, 24 * 45)))
            local = None if draw.random() < 0.05 else at
            contacts.append(
                Contact(
                    f"C{debtor:03}-{each:03}", debtor, debtor, at, local, "call", "out", "conversation", None, debtor
                )
            )
    return contacts


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return a_book(tmp_path_factory.mktemp("recount"), a_log(1))


def a_cap(max_count: int, window: Window) -> recount.Compiled:
    return a_rule("count_cap", CountCap(max_count, window, ("debt",)), CALLS)


def breaches(book: Book, cap: recount.Compiled) -> set[str]:
    """What the rule's own query, run as a rule, says."""
    engine = DuckDBEngine(book, Settings())
    found = engine.run("compliance/count_cap", cap.params, WHOLE_BOOK).filter(pl.col("verdict") == "breach")
    engine.close()
    keys = found["contact_key"].to_list()
    con = duckdb.connect(str(book.path), read_only=True)
    return {
        row[0]
        for row in con.execute("select contact_id from contacts where list_contains(?, contact_key)", [keys]).fetchall()
    }


def each_window(*windows: Window) -> list[Any]:
    """Every window with one limit, by turns, in the fast lane; with every limit in the slow one."""
    return [
        pytest.param(
            max_count,
            window,
            id=f"{max_count}-{window.unit}-{window.length}-{window.week_start}",
            marks=() if place == number % 3 else pytest.mark.slow,
        )
        for number, window in enumerate(windows)
        for place, max_count in enumerate((1, 3, 0))
    ]


@pytest.mark.parametrize(("max_count", "window"), each_window(*UNITS))
def test_contacts_past_another_limit_are_the_breaches_of_a_rule_with_that_limit(
    book: Book, window: Window, max_count: int
) -> None:
    events = recount.replay_limit(book, a_cap(7, Window("local_date", 7)), recount.Limit(max_count, window))
    assert set(events.filter("is_over")["contact_id"]) == breaches(book, a_cap(max_count, window))


def test_every_cell_of_the_grid_is_the_number_of_breaches_under_that_limit(book: Book) -> None:
    """Counted again by plain loops: of the dates of one debtor's earlier contacts, how many lie inside the window?"""
    cells = recount.over_limits(recount.grid(book, a_cap(7, Window("local_date", 7))))
    dates: dict[int, list[date]] = defaultdict(list)
    for contact in sorted(a_log(1), key=lambda c: (c.local.date() if c.local else FIRST, c.at, c.id)):
        if contact.local:
            dates[contact.debtor].append(contact.local.date())
    for row in cells.iter_rows(named=True):
        n_over = 0
        for of_debtor in dates.values():
            for place, day in enumerate(of_debtor):
                inside = [d for d in of_debtor[:place] if (day - d).days < row["window_days"]]
                n_over += len(inside) + 1 > row["max_count"]
        assert row["n_over"] == n_over, row
    assert cells.height == 300


def replay_by_hand(dates: list[date], max_count: int, width: int, begins: date) -> list[bool]:
    through: list[date] = []
    held = []
    for day in dates:
        inside = [d for d in through if (day - d).days < width]
        stop = day >= begins and len(inside) >= max_count
        held.append(stop)
        if not stop:
            through.append(day)
    return held


@given(
    logs=st.lists(st.lists(st.integers(0, 60), max_size=40), min_size=1, max_size=8),
    max_count=st.integers(0, 6),
    width=st.integers(1, 31),
    begins=st.integers(0, 60),
)
@settings(max_examples=300, deadline=None)
def test_stopped_contacts_are_those_of_a_replay_one_contact_after_the_other(
    logs: list[list[int]], max_count: int, width: int, begins: int
) -> None:
    logs = [sorted(log) for log in logs if log]
    days = np.array([day for log in logs for day in log], dtype=np.int64)
    place = np.array([n for log in logs for n in range(1, len(log) + 1)], dtype=np.int64)
    by_hand = [
        held
        for log in logs
        for held in replay_by_hand(
            [FIRST + timedelta(days=d) for d in log], max_count, width, FIRST + timedelta(begins)
        )
    ]
    found = recount.stopped(days, place, max_count, width, begins)
    assert found.tolist() == by_hand
    if begins == 0:
        assert found.sum() <= recount.counted_over(days, place, max_count, width).sum()


def test_a_stopped_contact_does_not_count_towards_the_next() -> None:
    """One allowed in two dates, a call on each of five days: four are past it, but enforcing it stops only two."""
    days, place = np.arange(5, dtype=np.int64), np.arange(1, 6, dtype=np.int64)
    assert recount.counted_over(days, place, 1, 2).tolist() == [False, True, True, True, True]
    assert recount.stopped(days, place, 1, 2, 0).tolist() == [False, True, False, True, False]


def test_contacts_before_the_period_count_as_they_were_and_are_not_stopped(book: Book) -> None:
    begins = date(2026, 3, 15)
    limit = recount.Limit(1, Window("local_date", 7))
    events = recount.replay_limit(book, a_cap(1, Window("local_date", 7)), limit, from_date=begins)
    dates: dict[int, list[date]] = defaultdict(list)
    for contact in sorted(a_log(1), key=lambda c: (c.at, c.id)):
        if contact.local:
            dates[contact.debtor].append(contact.local.date())
    by_hand = sum(sum(replay_by_hand(each, 1, 7, begins)) for each in dates.values())
    assert events["is_stopped"].sum() == by_hand
    assert events["local_date"].min() >= begins


@pytest.mark.parametrize(("max_count", "window"), each_window(*UNITS, Window("local_date", 40)))
def test_a_period_read_from_one_window_before_it_is_marked_as_in_a_reading_of_the_whole_log(
    book: Book, window: Window, max_count: int
) -> None:
    begins, ends = date(2026, 3, 15), date(2026, 3, 28)
    cap, limit = a_cap(7, Window("local_date", 7)), recount.Limit(max_count, window)
    whole = recount.replay_limit(book, cap, limit).filter(pl.col("local_date").is_between(begins, ends))
    period = recount.replay_limit(book, cap, limit, from_date=begins, to_date=ends)
    assert period.height > 0
    assert period["contact_id"].to_list() == whole["contact_id"].to_list()
    assert period["is_over"].to_list() == whole["is_over"].to_list()


@pytest.mark.parametrize("days", [1, 7, 30])
def test_the_grid_of_a_period_counts_the_contacts_past_each_limit_in_it(book: Book, days: int) -> None:
    begins, ends = date(2026, 3, 25), date(2026, 3, 31)
    cap = a_cap(7, Window("local_date", 7))
    cells = recount.over_limits(recount.grid(book, cap, from_date=begins, to_date=ends)).filter(
        pl.col("window_days") == days
    )
    for row in cells.iter_rows(named=True):
        limit = recount.Limit(row["max_count"], Window("local_date", days))
        events = recount.replay_limit(book, cap, limit).filter(pl.col("local_date").is_between(begins, ends))
        assert row["n_over"] == events["is_over"].sum(), row


def test_the_ordered_step_back_equals_the_partitioned_window_whatever_the_order_of_the_rows(
    book: Book, tmp_path: Path
) -> None:
    """The fast twin (a row N places back in one ordered array) against `lag ... over (partition by ...)`, on the
    same log written in another order."""
    shuffled = a_log(1)
    np.random.default_rng(5).shuffle(shuffled)  # type: ignore[arg-type]
    other = a_book(tmp_path, shuffled)
    cap = a_cap(2, Window("local_date", 5))
    for each in (book, other):
        events = recount.replay_limit(each, cap, recount.limit_of(cap))
        assert set(events.filter("is_over")["contact_id"]) == breaches(each, cap) == breaches(book, cap)


def test_a_signature_of_ten_gaps_stays_below_what_a_whole_number_and_a_double_hold_exactly() -> None:
    assert "35184372088832 * gap_10" in query_file("compliance/gap_counts").own_sql
    assert 30 * sum(32**n for n in range(10)) < 2**53


def test_a_limit_that_makes_no_sense_is_one_sentence() -> None:
    cap = a_cap(7, Window("local_date", 7))
    with pytest.raises(RuleError, match=r"max is -1; give 0 to 1000"):
        recount.limit_of(cap, -1)
    with pytest.raises(RuleError, match=r"days is 0; give 1 to 1000"):
        recount.limit_of(cap, 1, 0)
    with pytest.raises(RuleError, match=r"no rule that counts contacts is called 'us.reg_f.hours'"):
        recount.cap_of(load_packs(), "us.reg_f.hours", Settings())


def test_history_under_another_pack_binds_every_contact_and_its_stops_are_replayed(book: Book) -> None:
    packs = load_packs()
    found = recount.under_pack(book, packs["us.reg_f"])
    calls = found.filter(pl.col("rule_id") == "us.reg_f.call_frequency")
    cap = recount.cap_of(packs, "us.reg_f.call_frequency", Settings(), everywhere=True)
    events = recount.replay_limit(book, cap, recount.limit_of(cap))
    assert calls["n_breach"].sum() == events["is_over"].sum() > 0
    assert calls["n_stopped"].sum() == events["is_stopped"].sum()
    everybody = calls.select(pl.sum("n_breach", "n_unknown", "n_exempt", "n_ok")).sum_horizontal().item()
    assert everybody == len(a_log(1))
