"""Steps, ways to loss, lagged rates, stages, entry, first payments and cures agree with plain Python loops."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from duewatch.books.published import current_book
from duewatch.contract.settings import Settings
from duewatch.engines.duckdb_engine import DuckDBEngine
from duewatch.metrics.intervals import wilson
from tests.support.draws import draws
from tests.support.small_books import account, engine_over, snapshot
from tests.unit.queries import oracle
from tests.unit.queries.collection_books import ask
from tests.unit.queries.oracle import BUCKETS, Standing

RECOMPUTES = {
    "roll_to_loss": "portfolio/flow_to_loss",
    "loss_chance": "portfolio/step_moves",
    "delinquency_coincidental": "portfolio/delinquency_rates",
    "delinquency_lagged": "portfolio/delinquency_rates",
    "entry_due": "portfolio/entry_by_due_month",
    "first_payment_default": "portfolio/first_payment_default",
    "cures_held": "portfolio/cures_held",
    "stages_proxy": "portfolio/stages",
    "order_test": "portfolio/triple_moves",
    "shrunk_moves": "portfolio/step_moves",
}
"""Metric to what is called here for the number that is computed a second time."""


DAYS = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31))
AS_OF = DAYS[-1]
A_DAY = st.tuples(
    st.sampled_from([0, 0, 0, 1, 30, 31, 60, 61, 90, 91, 150, 181, 300]),
    st.decimals("0.00", "9999.99", places=2),
    st.sampled_from([None, None, None, None, "paid_off", "written_off"]),
)
LIVES = st.lists(
    st.tuples(st.sampled_from(["CNY", "USD"]), st.lists(st.none() | A_DAY, min_size=4, max_size=4)), max_size=14
)
CALM = draws(12)


def standings_of(lives: Sequence[tuple[str, list[Any]]]) -> list[Standing]:
    return [
        Standing(key, currency, day, *state)
        for key, (currency, states) in enumerate(lives)
        for day, state in zip(DAYS, states, strict=True)
        if state is not None
    ]


def book_of_lives(lives: Sequence[tuple[str, list[Any]]], folder: Path, **tables: Any) -> DuckDBEngine:
    return engine_over(
        folder,
        accounts=[account(key, currency=currency) for key, (currency, _) in enumerate(lives)],
        snapshots=[snapshot(s.account, s.day, s.days_past_due, s.balance, s.status) for s in standings_of(lives)],
        **tables,
    )


def known_days(standings: Sequence[Standing]) -> list[date]:
    return sorted({s.day for s in standings})


@CALM
@given(lives=LIVES)
def test_steps_ways_to_loss_and_lagged_rates_agree_with_plain_python(lives) -> None:  # type: ignore[no-untyped-def]
    span = {"from_date": DAYS[0], "to_date": AS_OF}
    with tempfile.TemporaryDirectory() as folder:
        engine, standings = book_of_lives(lives, Path(folder)), standings_of(lives)
        check_steps(ask(engine, "portfolio/step_moves", segment_by="all", **span), standings)
        check_triples(ask(engine, "portfolio/triple_moves", **span), standings)
        check_loss(ask(engine, "portfolio/flow_to_loss", segment_by="all", **span), standings)
        check_lagged(ask(engine, "portfolio/delinquency_rates", **span), standings)
        check_stages(ask(engine, "portfolio/stages", as_of=AS_OF), standings)
        engine.close()


def check_steps(rows: list[dict[str, Any]], standings: list[Standing]) -> None:
    got = {
        tuple(r[c] for c in ("as_of", "previous_day", "currency", "from_bucket", "to_bucket")): (
            r["n_accounts"],
            r["balance_from"],
        )
        for r in rows
    }
    wanted = {
        (end, start, *key): (move.n_accounts, move.balance_from)
        for start, end in pairwise(known_days(standings))
        for key, move in oracle.transitions(standings, start, end).items()
    }
    assert got == wanted


def check_triples(rows: list[dict[str, Any]], standings: list[Standing]) -> None:
    days = known_days(standings)
    at = {(s.account, s.day): s for s in standings}
    wanted: Counter[tuple[object, ...]] = Counter()
    for first, second, third in zip(days, days[1:], days[2:], strict=False):
        for key in {s.account for s in standings}:
            one, two, end = at.get((key, first)), at.get((key, second)), at.get((key, third))
            if one and two and one.state in BUCKETS and two.state in BUCKETS:
                wanted[
                    one.currency, BUCKETS.index(one.state), BUCKETS.index(two.state), end.state if end else "exit"
                ] += 1
    assert {(r["currency"], r["before_no"], r["from_no"], r["to_state"]): r["n_accounts"] for r in rows} == wanted
    event(f"paths: {min(sum(wanted.values()), 3)}")


def stock(standings: list[Standing], day: date, currency: str, bucket: str | None = None) -> Decimal:
    return sum(
        (
            s.balance
            for s in standings
            if s.day == day and s.currency == currency and s.state in BUCKETS and bucket in (None, s.state)
        ),
        Decimal(0),
    )


def check_loss(rows: list[dict[str, Any]], standings: list[Standing]) -> None:
    last = {(r["as_of"], r["currency"]): r for r in rows if r["to_bucket"] == "written_off"}
    wanted = {}
    at = {(s.account, s.day): s for s in standings}
    for start, end in pairwise(known_days(standings)):
        for currency in {s.currency for s in standings}:
            oldest = [s for s in standings if s.day == start and s.currency == currency and s.state == "M7+"]
            lost = sum(
                (
                    s.balance
                    for s in standings
                    if s.day == start
                    and s.currency == currency
                    and s.state in BUCKETS
                    and (e := at.get((s.account, end))) is not None
                    and e.state == "written_off"
                ),
                Decimal(0),
            )
            if oldest:
                wanted[end, currency] = (sum((s.balance for s in oldest), Decimal(0)), lost)
    assert {key: (r["balance_from"], r["balance_to"]) for key, r in last.items()} == wanted
    assert all(r["from_bucket"] == "M7+" and r["from_no"] == 7 for r in last.values())
    for row in rows:
        whole = row["balance_from"]
        assert row["rate"] == (pytest.approx(float(row["balance_to"] / whole)) if whole else None)


def check_lagged(rows: list[dict[str, Any]], standings: list[Standing]) -> None:
    held = {(s.day, s.currency) for s in standings if s.state in BUCKETS}
    assert {(r["as_of"], r["currency"], r["bucket"]) for r in rows} == {
        (*key, bucket) for key in held for bucket in BUCKETS[1:]
    }
    for row in rows:
        day, currency, k = row["as_of"], row["currency"], BUCKETS.index(row["bucket"])
        assert row["balance"] == stock(standings, day, currency, row["bucket"])
        assert row["receivables"] == stock(standings, day, currency)
        earlier = DAYS[DAYS.index(day) - k] if DAYS.index(day) >= k else None
        if earlier is None or (earlier, currency) not in held:
            assert row["lagged_day"] is None
            assert row["lagged"] is None
            continue
        base = stock(standings, earlier, currency)
        assert (row["lagged_day"], row["receivables_lagged"]) == (earlier, base)
        assert row["lagged"] == (pytest.approx(float(row["balance"] / base)) if base else None)


def check_stages(rows: list[dict[str, Any]], standings: list[Standing]) -> None:
    here = [s for s in standings if s.day == AS_OF and s.state in BUCKETS]
    wanted = {(s.currency, n): [0, Decimal(0)] for s in here for n in (1, 2, 3)}
    for s in here:
        stage = 1 if s.days_past_due < 31 else 2 if s.days_past_due < 91 else 3
        wanted[s.currency, stage][0] += 1
        wanted[s.currency, stage][1] += s.balance
    assert {(r["currency"], r["stage_no"]): [r["n_accounts"], r["balance"]] for r in rows} == wanted


AMOUNT = st.sampled_from([Decimal(text) for text in ("0.01", "50.00", "100.00", "150.00", "300.00")])
START = date(2026, 8, 20)
NEAR = st.integers(0, 71).map(lambda n: START + timedelta(days=n))
LOANS = st.lists(
    st.tuples(
        st.lists(st.tuples(NEAR, AMOUNT), max_size=4), st.lists(st.tuples(NEAR, AMOUNT, st.booleans()), max_size=5)
    ),
    min_size=1,
    max_size=6,
)


def book_of_loans(loans: Sequence[tuple[list[Any], list[Any]]], folder: Path) -> DuckDBEngine:
    return engine_over(
        folder,
        accounts=[account(key, original_amount=Decimal(1000 + key)) for key in range(len(loans))],
        instalments=[
            {"account_key": key, "due_on": due, "amount": amount, "seq": n}
            for key, (dues, _) in enumerate(loans)
            for n, (due, amount) in enumerate(dues)
        ],
        payments=[
            {
                "account_key": key,
                "payment_id": f"P{key}-{n}",
                "paid_on": on,
                "amount": amount,
                "net_amount": -amount if is_reversal else amount,
            }
            for key, (_, paid) in enumerate(loans)
            for n, (on, amount, is_reversal) in enumerate(paid)
        ],
    )


def paid_by(paid: Sequence[tuple[date, Decimal, bool]], day: date) -> Decimal:
    return sum((-amount if back else amount for on, amount, back in paid if on <= day), Decimal(0))


@CALM
@given(loans=LOANS, as_of=NEAR)
def test_entry_at_the_due_date_agrees_with_a_loop_over_due_dates(loans, as_of) -> None:  # type: ignore[no-untyped-def]
    wanted = {}
    for key, (dues, paid) in enumerate(loans):
        for due in {on for on, _ in dues}:
            before = sum(amount for on, amount in dues if on < due)
            through = sum(amount for on, amount in dues if on <= due)
            had, has = (
                max(paid_by(paid, due - timedelta(1)), Decimal(0)),
                max(paid_by(paid, due + timedelta(1)), Decimal(0)),
            )
            was_current, had_paid_ahead = had >= before, had >= through
            if due + timedelta(1) <= as_of and was_current and not had_paid_ahead:
                wanted[f"A{key}", due] = (through - had, has < through)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of_loans(loans, Path(folder))
        asked = {"from_date": START, "to_date": AS_OF, "as_of": as_of}
        rows = ask(engine, "portfolio/accounts_falling_due", **asked)
        months = ask(engine, "portfolio/entry_by_due_month", **asked)
        engine.close()
    assert {(r["account_id"], r["due_on"]): (r["due_amount"], r["is_entered"]) for r in rows} == wanted
    event(f"entered: {min(sum(entered for _, entered in wanted.values()), 2)}")
    for row in months:
        mine = [told for (_, due), told in wanted.items() if due.replace(day=1) == row["due_month"]]
        assert (row["n_due"], row["n_entered"]) == (len(mine), sum(entered for _, entered in mine))
        assert row["entered_amount"] == sum(amount for amount, entered in mine if entered)
        low, high = wilson(row["n_entered"], row["n_due"])  # type: ignore[arg-type]
        assert (row["entered_low"], row["entered_high"]) == (
            pytest.approx(low, abs=1e-9),
            pytest.approx(high, abs=1e-9),
        )
    assert sum(r["n_due"] for r in months) == len(wanted)  # type: ignore[misc]


@CALM
@given(loans=LOANS, as_of=NEAR, days=st.sampled_from([1, 7, 30]))
def test_first_payment_default_leaves_immature_loans_out_of_both_sides(loans, as_of, days) -> None:  # type: ignore[no-untyped-def]
    wanted = {}
    for key, (dues, paid) in enumerate(loans):
        if dues and (first := min(on for on, _ in dues)) + timedelta(days) <= as_of:
            due = sum(amount for on, amount in dues if on == first)
            wanted[f"A{key}"] = (first, due, paid_by(paid, first + timedelta(days)) < due)
    with tempfile.TemporaryDirectory() as folder:
        engine = book_of_loans(loans, Path(folder))
        asked = {"from_date": START, "to_date": AS_OF, "as_of": as_of, "unpaid_days": days}
        rows = ask(engine, "portfolio/first_instalments", **asked)
        months = ask(engine, "portfolio/first_payment_default", **asked)
        engine.close()
    assert {r["account_id"]: (r["first_due_on"], r["first_amount"], r["is_default"]) for r in rows} == wanted
    for row in months:
        mine = [key for key, told in wanted.items() if told[0].replace(day=1) == row["due_month"]]
        late = [key for key in mine if wanted[key][2]]
        assert (row["n_loans"], row["n_default"]) == (len(mine), len(late))
        assert row["lent_default"] == sum(Decimal(1000 + int(key[1:])) for key in late)
        month_end = (row["due_month"] + timedelta(31)).replace(day=1) - timedelta(1)  # type: ignore[operator]
        assert row["is_complete"] == (month_end + timedelta(days) <= as_of)
    event(f"default: {any(told[2] for told in wanted.values())}")


def test_a_loan_whose_first_instalment_is_not_in_the_source_is_left_out(tmp_path: Path) -> None:
    due = date(2026, 9, 1)
    engine = engine_over(
        tmp_path,
        accounts=[account(key) for key in range(3)],
        instalments=[
            {"account_key": key, "due_on": due, "amount": "10.00", "seq": seq} for key, seq in enumerate((1, 5, None))
        ],
    )
    rows = ask(engine, "portfolio/first_instalments", from_date=DAYS[0], to_date=AS_OF, as_of=AS_OF, unpaid_days=7)
    engine.close()
    assert [r["account_id"] for r in rows] == ["A0", "A2"]


STRETCHES = st.lists(st.tuples(st.integers(0, 13), st.integers(-5, 45)), max_size=8)


@CALM
@given(lives=LIVES, stretches=STRETCHES, hold=st.sampled_from([1, 30, 31]))
def test_cures_that_held_agree_with_a_loop_and_are_unknown_while_it_is_early(lives, stretches, hold) -> None:  # type: ignore[no-untyped-def]
    start, end = DAYS[1], DAYS[2]
    starts = defaultdict(list)
    for key, offset in stretches:
        starts[key].append(end + timedelta(days=offset))
    with tempfile.TemporaryDirectory() as folder:
        standings = standings_of(lives)
        engine = book_of_lives(
            lives,
            Path(folder),
            overdue_stretches=[
                {"account_key": key, "spell_no": n, "from_on": on, "to_on": None, "oldest_due_on": on}
                for key, days in starts.items()
                if key < len(lives)
                for n, on in enumerate(days)
            ],
        )
        asked = {"from_date": start, "to_date": end, "as_of": AS_OF, "hold_days": hold}
        rows = ask(engine, "portfolio/cured_accounts", **asked)
        by_bucket = ask(engine, "portfolio/cures_held", **asked)
        engine.close()
    later = {s.account: s for s in standings if s.day == end}
    is_early = end + timedelta(days=hold) > AS_OF
    wanted: dict[str, bool | None] = {}
    for s in standings:
        after = later.get(s.account)
        if s.day == start and s.is_overdue and after is not None and after.state in ("M0", "paid_off"):
            fell = any(end < on <= min(end + timedelta(days=hold), AS_OF) for on in starts[s.account])
            wanted[f"A{s.account}"] = None if is_early else not fell
    assert {r["account_id"]: r["is_held"] for r in rows} == wanted
    for row in by_bucket:
        mine = [r for r in rows if (r["currency"], r["from_bucket"]) == (row["currency"], row["bucket"])]
        assert row["n_cured"] == len(mine)
        assert row["n_held"] == (None if is_early else sum(r["is_held"] is True for r in mine))
        assert (row["share_held"] is None) == (is_early or not mine)
    event(f"early: {is_early}, cured: {min(len(wanted), 2)}")


def test_whoever_enters_begins_a_spell_on_the_next_day(demo_book: Path) -> None:
    """The query and the spells of ingest are two ways to day 1 past due."""
    engine = DuckDBEngine(current_book(demo_book), Settings())
    rows = ask(
        engine, "portfolio/accounts_falling_due", from_date=date(2026, 9, 1), to_date=date(2026, 10, 30), as_of=AS_OF
    )
    engine.close()
    import duckdb

    with duckdb.connect(str(current_book(demo_book).path), read_only=True) as con:
        spells = {
            (key, day)
            for key, day in con.execute(
                "select account_id, started_on from spells join accounts using (account_key)"
            ).fetchall()
        }
    entered = {(r["account_id"], r["due_on"] + timedelta(1)) for r in rows if r["is_entered"]}  # type: ignore[operator]
    stayed = {(r["account_id"], r["due_on"] + timedelta(1)) for r in rows if not r["is_entered"]}  # type: ignore[operator]
    assert len(entered) > 50
    assert len(stayed) > 50
    assert entered <= spells
    assert not stayed & spells
