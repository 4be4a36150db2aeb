"""Reach, coverage, rate and mix, and kept promises per contact agree with plain Python on drawn books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isclose, sqrt
from pathlib import Path

import pytest

from duewatch.engines.duckdb_engine import DuckDBEngine
from tests.support.floor_books import LAST, FloorBook, drawn, engine_of
from tests.support.small_books import account, bucket_of, engine_over, snapshot
from tests.unit.queries import collection_oracle as oracle
from tests.unit.queries.collection_books import ask
from tests.unit.queries.collection_oracle import Contact, wilson

RECOMPUTES = {
    "contact_attempts": "contacts/reach_by",
    "connect_rate": "contacts/reach_by",
    "right_party_rate": "contacts/reach_by",
    "coverage": "contacts/coverage",
    "contact_intensity": "contacts/coverage",
    "kept_per_contact": "contacts/promise_yield",
    "contact_funnel": "contacts/funnel_steps",
    "reach_by_hour": "contacts/reach_by",
    "reach_change": "contacts/reach_change",
}
"""Metric to what is called here for the number that is computed a second time."""


Rows = list[dict[str, object]]
START, END = date(2026, 7, 1), date(2026, 9, 10)
PERIOD = {"from_date": START, "to_date": END}
Z = 1.959964


@pytest.fixture(scope="module", params=[1, 2])
def book(request: pytest.FixtureRequest) -> FloorBook:
    return drawn(request.param)


@pytest.fixture(scope="module")
def engine(book: FloorBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = engine_of(tmp_path_factory.mktemp("floor"), book)
    yield made
    made.close()


def attempts(book: FloorBook, first: date = START, last: date = END, channel: str = "all") -> list[Contact]:
    return [
        c for c in book.contacts if c.direction == "out" and first <= c.on <= last and channel in ("all", c.channel)
    ]


def hour_of(book: FloorBook, contact: Contact) -> tuple[int, int | None] | None:
    """Weekday and hour; the hour is not known where the stamp is midnight exactly."""
    at = book.starts[int(contact.contact_id[1:])]
    return None if at is None else (at.isoweekday(), at.hour if at.time() != time() else None)


def limits(book: FloorBook, rows: list[Contact], hits: list[bool]) -> tuple[float, float]:
    return oracle.clustered([(book.debtor(row.account), hit) for row, hit in zip(rows, hits, strict=True)])


@pytest.mark.parametrize("by", ["all", "bucket", "channel", "hour", "weekday", "hour_of_week"])
@pytest.mark.parametrize("channel", ["all", "call"])
def test_reach_in_every_grouping_is_a_loops(book: FloorBook, engine: DuckDBEngine, by: str, channel: str) -> None:
    groups: dict[object, list[Contact]] = defaultdict(list)
    for contact in attempts(book, channel=channel):
        when = hour_of(book, contact)
        day, hour = when or (None, None)
        key = {
            "all": "all",
            "bucket": oracle.bucket_at(book.seen, contact.account, contact.on),
            "channel": contact.channel,
            "hour": hour,
            "weekday": day,
            "hour_of_week": (day, hour),
        }[by]
        groups[key].append(contact)
    rows = ask(engine, "contacts/reach_by", grouping_by=by, channel=channel, **PERIOD)
    assert len(rows) == len(groups) > 0
    for row in rows:
        key = {"hour": row["hour"], "weekday": row["isodow"], "hour_of_week": (row["isodow"], row["hour"])}.get(
            by, row["group_name"]
        )
        mine = groups[key]
        connected = [c.outcome in oracle.ANSWERED for c in mine]
        reached = [oracle.is_right_party(c) for c in mine]
        assert (row["n_attempts"], row["n_connected"]) == (len(mine), sum(connected))
        assert (row["n_right_party"], row["n_unknown"]) == (reached.count(True), reached.count(None))
        assert row["n_debtors"] == len({book.debtor(c.account) for c in mine})
        for name, hits in (("connected", connected), ("right_party", [hit is True for hit in reached])):
            low, high = limits(book, mine, hits)
            assert isclose(row[f"share_{name}"], sum(hits) / len(mine))  # type: ignore[arg-type]
            assert isclose(row[f"{name}_low"], low, abs_tol=1e-9)  # type: ignore[arg-type]
            assert isclose(row[f"{name}_high"], high, abs_tol=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("isodow", [0, 3])
@pytest.mark.parametrize("hour", [-1, 18])
@pytest.mark.parametrize("step", ["attempts", "connected", "right_party", "promises", "kept"])
def test_the_contacts_of_a_cell_are_those_of_a_loop(
    book: FloorBook, engine: DuckDBEngine, isodow: int, hour: int, step: str
) -> None:
    judged = oracle.judged(book.promises, book.paid, END, 1, Decimal(1))
    linked = defaultdict(list)
    for promise in book.promises:
        if promise.promise_id in judged:
            linked[promise.contact_id].append(judged[promise.promise_id][0])
    passes = {
        "attempts": lambda c: True,
        "connected": lambda c: c.outcome in oracle.ANSWERED,
        "right_party": lambda c: oracle.is_right_party(c) is True,
        "promises": lambda c: bool(linked[c.contact_id]),
        "kept": lambda c: "kept" in linked[c.contact_id],
    }[step]
    wanted = []
    for contact in attempts(book):
        when = hour_of(book, contact) or (None, None)
        if isodow in (0, when[0]) and hour in (-1, when[1]) and passes(contact):
            wanted.append(contact.contact_id)
    rows = ask(engine, "contacts/attempts_in_cell", bucket="all", isodow=isodow, hour=hour, step=step, **PERIOD)
    assert sorted(str(row["contact_id"]) for row in rows) == sorted(wanted)


@pytest.mark.parametrize("bucket", ["all", "M1", "M2", "written_off"])
@pytest.mark.parametrize("channel", ["all", "call"])
def test_coverage_is_counted_day_by_day(book: FloorBook, engine: DuckDBEngine, bucket: str, channel: str) -> None:
    days: dict[int, int] = defaultdict(int)
    tries: dict[int, int] = defaultdict(int)
    tried_on = [(c.account, c.on) for c in attempts(book, channel=channel)]
    day = START
    while day <= END:
        for stretch in book.stretches:
            late = (day - stretch.due).days
            is_open = stretch.first <= day and (stretch.last is None or day <= stretch.last)
            said = book.last_said(stretch.account, day)
            wanted = said == "written_off" if bucket == "written_off" else said not in ("written_off", "paid_off")
            if is_open and wanted and bucket in ("all", "written_off", bucket_of(late)):
                days[stretch.account] += 1
                tries[stretch.account] += tried_on.count((stretch.account, day))
        day += timedelta(days=1)
    listed = ask(engine, "contacts/coverage_accounts", bucket=bucket, channel=channel, **PERIOD)
    assert {(r["account_id"], r["account_days"], r["n_attempts"]) for r in listed} == {
        (f"A{key}", n, tries[key]) for key, n in days.items()
    }
    (row,) = ask(engine, "contacts/coverage", bucket=bucket, channel=channel, **PERIOD)
    touched = sum(n > 0 for n in tries.values())
    assert (row["n_overdue"], row["n_touched"]) == (len(days), touched)
    assert (row["account_days"], row["n_attempts"]) == (sum(days.values()), sum(tries.values()))
    assert (row["touched_low"], row["touched_high"]) == pytest.approx(wilson(touched, len(days)))
    assert row["per_touched"] == pytest.approx(sum(tries.values()) / touched)
    rate = sum(tries.values()) / sum(days.values())
    assert row["per_day"] == pytest.approx(rate)
    spread = sum((tries[key] - rate * n) ** 2 for key, n in days.items()) * len(days) / (len(days) - 1)
    half = Z * sqrt(spread) / sum(days.values())
    assert row["per_day_high"] == pytest.approx(rate + half)
    some = [n for n in tries.values() if n]
    mean = sum(some) / touched
    spread = sum((n - mean) ** 2 for n in some) / (touched - 1) / touched
    assert row["per_touched_high"] == pytest.approx(mean + Z * sqrt(spread))


@pytest.mark.parametrize("channel", ["all", "call"])
def test_rate_and_mix_add_up_to_the_change_and_are_those_of_a_loop(
    book: FloorBook, engine: DuckDBEngine, channel: str
) -> None:
    split = date(2026, 8, 5)
    sides = (attempts(book, START, split - timedelta(days=1), channel), attempts(book, split, END, channel))
    rows = ask(engine, "contacts/reach_change", split_on=split, channel=channel, **PERIOD)
    tally: dict[tuple[str, str], list[list[bool]]] = defaultdict(lambda: [[], []])
    for place, side in enumerate(sides):
        for c in side:
            key = (oracle.bucket_at(book.seen, c.account, c.on), c.channel)
            tally[key][place].append(oracle.is_right_party(c) is True)
    assert {(r["bucket"], r["channel"]) for r in rows} == tally.keys()
    whole = [sum(oracle.is_right_party(c) is True for c in side) / len(side) for side in sides]
    assert sum(r["rate_part"] + r["mix_part"] for r in rows) == pytest.approx(whole[1] - whole[0])  # type: ignore[operator]
    for row in rows:
        hits = tally[row["bucket"], row["channel"]]  # type: ignore[index]
        mix = [len(hits[place]) / len(sides[place]) for place in (0, 1)]
        rates = [sum(each) / len(each) if each else None for each in hits]
        assert (row["rate_before"], row["rate_after"]) == tuple(
            None if rate is None else pytest.approx(rate) for rate in rates
        )
        known = [rate for rate in rates if rate is not None]
        change = (rates[1] or 0) - (rates[0] or 0) if len(known) == 2 else 0
        assert row["rate_part"] == pytest.approx(sum(mix) / 2 * change)
        assert row["mix_part"] == pytest.approx((mix[1] - mix[0]) * sum(known) / len(known))
        assert row["rate_part_variance"] >= 0  # type: ignore[operator]


def test_every_bucket_improved_and_the_whole_fell(tmp_path: Path) -> None:
    """The published vector: M1 60 % to 50 % of attempts, rates .50 to .52 and .20 to .22: rate +2.0, mix -3.0."""
    before, after = date(2026, 7, 10), date(2026, 8, 10)
    log = []
    for day, groups in ((before, ((0, 600, 300), (1, 400, 80))), (after, ((0, 500, 260), (1, 500, 110)))):
        for key, n, k in groups:
            log += [(key, day, place < k) for place in range(n)]
    engine = engine_over(
        tmp_path,
        debtors=[{"debtor_key": key, "debtor_id": f"D{key}"} for key in range(len(log))],
        accounts=[account(0), account(1)],
        snapshots=[snapshot(0, date(2026, 6, 30), 10, "9.00"), snapshot(1, date(2026, 6, 30), 40, "9.00")],
        contacts=[
            {
                "contact_key": n,
                "account_key": key,
                "debtor_key": n,
                "contact_id": f"C{n}",
                "channel": "call",
                "direction": "out",
                "outcome": "conversation" if hit else "no_answer",
                "right_party": hit,
                "started_at": datetime.combine(day, time(9)),
                "local_date": day,
                "zone_basis": "zone",
                "time_known": True,
            }
            for n, (key, day, hit) in enumerate(log)
        ],
    )
    rows = ask(engine, "contacts/reach_change", from_date=before, to_date=after, split_on=after)
    assert [row["bucket"] for row in rows] == ["M1", "M2"]
    assert sum(row["rate_part"] for row in rows) == pytest.approx(0.020)  # type: ignore[misc]
    assert sum(row["mix_part"] for row in rows) == pytest.approx(-0.030)  # type: ignore[misc]
    # one contact a debtor: the clusters are the contacts, and the variance is the binomial one, n / (n - 1) wider
    wanted = 0.55**2 * (0.25 / 599 + 0.52 * 0.48 / 499) + 0.45**2 * (0.16 / 399 + 0.22 * 0.78 / 499)
    assert sum(row["rate_part_variance"] for row in rows) == pytest.approx(wanted)  # type: ignore[misc]
    engine.close()


@pytest.mark.parametrize("by_week", [True, False])
def test_kept_per_contact_is_promise_rate_times_kept_and_that_of_a_loop(
    book: FloorBook, engine: DuckDBEngine, by_week: bool
) -> None:
    judged = oracle.judged(book.promises, book.paid, LAST, 1, Decimal(1))
    states = defaultdict(set)
    for promise in book.promises:
        if promise.contact_id and promise.promise_id in judged:
            states[promise.contact_id].add(judged[promise.promise_id][0])
    weeks = defaultdict(list)
    for c in attempts(book):
        if oracle.is_right_party(c):
            weeks[c.on - timedelta(days=c.on.isoweekday() - 1) if by_week else START].append(c)
    rows = ask(engine, "contacts/promise_yield", as_of=LAST, by_week=by_week, **PERIOD)
    assert {row["week"] for row in rows} == weeks.keys()
    for row in rows:
        mine = weeks[row["week"]]  # type: ignore[index]
        kept = ["kept" in states[c.contact_id] for c in mine]
        promising = sum(bool(states[c.contact_id]) for c in mine)
        pending = sum("pending" in states[c.contact_id] and "kept" not in states[c.contact_id] for c in mine)
        assert (row["n_right_party"], row["n_promising"], row["n_kept"]) == (len(mine), promising, sum(kept))
        assert row["n_pending"] == pending
        if promising:
            product = row["share_promising"] * row["share_kept"]  # type: ignore[operator]
            assert product == pytest.approx(row["kept_per_contact"])
        low, high = limits(book, mine, kept)
        assert (row["kept_low"], row["kept_high"]) == pytest.approx((low, high))
        whole = not by_week or (row["week"] >= START and row["week"] + timedelta(days=6) <= END)  # type: ignore[operator]
        assert row["is_complete"] == (whole and pending == 0)


@pytest.mark.parametrize(("bucket", "channel"), [("all", "all"), ("M1", "all"), ("all", "call")])
def test_the_steps_are_the_funnel_added_up(engine: DuckDBEngine, bucket: str, channel: str) -> None:
    funnel = [
        row
        for row in ask(engine, "contacts/funnel", **PERIOD)
        if bucket in ("all", row["bucket"]) and channel in ("all", row["channel"])
    ]
    steps = ask(engine, "contacts/funnel_steps", bucket=bucket, channel=channel, **PERIOD)
    for step in steps:
        name = f"n_{step['step']}"
        assert step["n"] == sum(int(row[name] or 0) for row in funnel), name  # type: ignore[call-overload]
    by_step = {step["step"]: step for step in steps}
    if by_step["kept"]["n_undecided"]:
        assert by_step["kept"]["share_of_before"] is None
    assert by_step["connected"]["share_of_before"] == pytest.approx(
        by_step["connected"]["n"] / by_step["attempts"]["n"]  # type: ignore[operator]
    )


def test_without_stretches_coverage_is_no_row_and_not_0(tmp_path: Path) -> None:
    engine = engine_over(tmp_path, accounts=[account(1)], snapshots=[snapshot(1, START, 40, "9.00")])
    assert ask(engine, "contacts/coverage", **PERIOD) == []
    engine.close()
