"""Caps by bucket and the whole grid against plain loops, and the short log against the re-count of the whole one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.books.published import current_book
from duewatch.compliance import policy_recount as recount
from duewatch.compliance.packs import load_packs
from duewatch.compliance.policy_recount import Limit
from duewatch.compliance.rule_kinds import Window
from duewatch.contract.scope import WHOLE_BOOK
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.whatif import caps
from duewatch.whatif.scenario import Scenario

PACKS = load_packs()
START = date(2026, 8, 1)
BUCKETS = ("M0", "M1", "M2")
LOGS = st.lists(st.tuples(st.integers(0, 3), st.integers(-12, 25), st.sampled_from(BUCKETS)), max_size=40)
LIMITS = st.tuples(st.integers(0, 4), st.integers(1, 12))


def contacts_of(log: list[tuple[int, int, str]]) -> pl.DataFrame:
    rows, seen = [], defaultdict(int)
    for debtor, day, bucket in sorted(log):
        seen[debtor] += 1
        rows.append(
            {
                "branch": "north",
                "product": "loan",
                "currency": "CNY",
                "team": "a",
                "channel": "call",
                "bucket": bucket,
                "local_date": START + timedelta(days=day),
                "place": seen[debtor],
                "debtor": debtor,
            }
        )
    schema = {
        "branch": pl.String,
        "product": pl.String,
        "currency": pl.String,
        "team": pl.String,
        "channel": pl.String,
        "bucket": pl.String,
        "local_date": pl.Date,
        "place": pl.Int64,
        "debtor": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema)


def by_loops(contacts: pl.DataFrame, limit_of: dict[str, tuple[int, int]]) -> list[tuple[bool, bool]]:
    """(past the limit as history went, stopped) of each contact of the period, one debtor at a time."""
    actual, history, let_through = [], defaultdict(list), defaultdict(list)
    for row in contacts.iter_rows(named=True):
        most, width = limit_of[row["bucket"]]
        day, before, through = row["local_date"], history[row["debtor"]], let_through[row["debtor"]]
        over = sum((day - other).days < width for other in before) >= most
        held = day >= START and sum((day - other).days < width for other in through) >= most
        before.append(day)
        if not held:
            through.append(day)
        if day >= START:
            actual.append((over, held))
    return actual


def limit(given: tuple[int, int]) -> Limit:
    return Limit(given[0], Window("local_date", given[1]))


@settings(max_examples=150, deadline=None)
@given(log=LOGS, everyone=LIMITS, m1=LIMITS, m2=LIMITS | st.none())
def test_a_cap_by_bucket_agrees_with_plain_loops(log, everyone, m1, m2) -> None:  # type: ignore[no-untyped-def]
    contacts = contacts_of(log)
    by_bucket = {"M1": m1} | ({"M2": m2} if m2 else {})
    each = recount.cap_of(PACKS, "house.daily_contacts", Settings())
    cap = caps.Cap(each, limit(everyone), tuple((name, limit(pair)) for name, pair in by_bucket.items()))
    actual = caps.mark_contacts(contacts, cap, (START, START + timedelta(days=30)))
    expected = by_loops(contacts, {bucket: by_bucket.get(bucket, everyone) for bucket in BUCKETS})
    assert list(zip(actual["is_over"].to_list(), actual["is_stopped"].to_list(), strict=True)) == expected


@settings(max_examples=25, deadline=None)
@given(log=LOGS, picks=st.lists(st.tuples(st.integers(1, 10), st.integers(1, 30)), min_size=1, max_size=6))
def test_every_limit_of_the_grid_agrees_with_plain_loops(log, picks) -> None:  # type: ignore[no-untyped-def]
    contacts = contacts_of(log)
    cells = caps.frontier(contacts, WHOLE_BOOK, (START, START + timedelta(days=30)))
    assert cells.height == 300
    told = {(row["max_count"], row["window_days"]): row for row in cells.iter_rows(named=True)}
    for pair in picks:
        expected = by_loops(contacts, dict.fromkeys(BUCKETS, pair))
        assert told[pair]["n_over"] == sum(over for over, _ in expected)
        assert told[pair]["n_stopped"] == sum(held for _, held in expected)


@given(most=st.integers(1, 10), length=st.integers(1, 30), n=st.integers(1, 10), width=st.integers(1, 30))
def test_a_cap_inside_the_wall_can_never_break_the_law(most: int, length: int, n: int, width: int) -> None:
    """The densest that a cap of n in `width` dates lets through: n contacts at once, every `width` days."""
    densest = sum(n for start in range(0, length, width))
    is_inside = n <= dict(caps.safe_under(limit((most, length))))[width]
    assert is_inside == (densest <= most)


def test_the_short_log_gives_what_the_whole_log_gives(demo_book: Path) -> None:
    book = current_book(demo_book)
    engine = DuckDBEngine(book, Settings())
    period = (date(2026, 9, 1), date(2026, 10, 31))
    scenario = Scenario(levers=(("cap_days", 7), ("cap_max", 2)))
    cap = caps.cap_of(PACKS, scenario, Settings())

    def whole(name, params):  # type: ignore[no-untyped-def]
        return engine.run(name, params, WHOLE_BOOK)

    contacts = caps.contacts_of(whole, cap, period)
    actual = caps.mark_contacts(contacts, cap, period)
    expected = recount.replay_limit(book, cap.compiled_rule, cap.limit, from_date=period[0], to_date=period[1])
    columns = ["contact_id", "account_id", "is_over", "is_stopped"]
    assert actual["is_stopped"].sum() > 0
    assert actual.select(columns).sort(columns).equals(expected.select(columns).sort(columns))
    grid = recount.over_limits(recount.grid(book, cap.compiled_rule, from_date=period[0], to_date=period[1]))
    cells = caps.frontier(contacts, WHOLE_BOOK, period).select("max_count", "window_days", "n_over")
    assert cells.sort("max_count", "window_days").equals(grid.select(cells.columns).sort("max_count", "window_days"))
    engine.close()
